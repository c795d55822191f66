/* pauli.h - Pauli strings as vectors of F_2^(2n). THE encoding of the project.

   A string on n qubits is 2w words of 64 bits, w = pauli_words(n):
     words 0..w-1   the x bits, words w..2w-1   the z bits,
   qubit j at bit j % 64 of word j / 64; unused high bits are zero.
   Letters (x,z): I = (0,0), X = (1,0), Y = (1,1), Z = (0,1).
   Such a string stands for the Hermitian operator that is the tensor product
   of its letters, sign +1:  [x,z] = i^(x.z) X^x Z^z  with qubit 0 first.
   In text, dense words have qubit 0 leftmost, and indexed terms read "X0 Y3".

   Two strings anticommute iff omega(p,q) = x.z' + z.x' = 1 (mod 2). A product
   is p q = i^e [p + q] with e from pauli_mul.

   Layer: base; every other module uses this encoding and no other. */
#ifndef LIESCAPE_PAULI_H
#define LIESCAPE_PAULI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Words for the x part (and again for the z part) of num_qubits qubits. */
static inline size_t pauli_words(size_t num_qubits) {
  return (num_qubits + 63) / 64;
}

/* Letter code of one qubit: bit 0 is x, bit 1 is z: 0 I, 1 X, 2 Z, 3 Y. */
static inline unsigned pauli_get(const uint64_t *p, size_t w, size_t qubit) {
  return (unsigned)(p[qubit / 64] >> (qubit % 64) & 1) |
         (unsigned)(p[w + qubit / 64] >> (qubit % 64) & 1) << 1;
}

static inline void pauli_set(uint64_t *p, size_t w, size_t qubit,
                             unsigned letter) {
  uint64_t bit = UINT64_C(1) << (qubit % 64);
  uint64_t *x = p + qubit / 64, *z = p + w + qubit / 64;
  *x = (letter & 1) ? (*x | bit) : (*x & ~bit);
  *z = (letter & 2) ? (*z | bit) : (*z & ~bit);
}

static inline bool pauli_is_identity(const uint64_t *p, size_t w) {
  for (size_t i = 0; i < 2 * w; i++)
    if (p[i]) return false;
  return true;
}

static inline bool pauli_equal(const uint64_t *p, const uint64_t *q, size_t w) {
  return memcmp(p, q, 2 * w * sizeof *p) == 0;
}

/* r = p + q as vectors (the product without its phase). Aliasing allowed. */
static inline void pauli_xor(uint64_t *r, const uint64_t *p, const uint64_t *q,
                             size_t w) {
  for (size_t i = 0; i < 2 * w; i++) r[i] = p[i] ^ q[i];
}

/* omega(p,q): true iff the strings anticommute. */
static inline bool pauli_anticommute(const uint64_t *p, const uint64_t *q,
                                     size_t w) {
  uint64_t acc = 0;
  for (size_t i = 0; i < w; i++) acc ^= (p[i] & q[w + i]) ^ (p[w + i] & q[i]);
  return __builtin_parityll(acc);
}

/* Number of qubits on which p is not the identity. */
size_t pauli_weight(const uint64_t *p, size_t w);

/* r = [p + q]; returns e in 0..3 with  p q = i^e r.  e is even iff p and q
   commute. Aliasing allowed. Cost O(w). */
unsigned pauli_mul(uint64_t *r, const uint64_t *p, const uint64_t *q, size_t w);

/* Total order used wherever a canonical order is needed: compares the letters
   of qubit 0, then of qubit 1, ... in the order X < Y < Z < I, so that terms
   print in reading order (X0 before X1, X0 X1 before X0). <0, 0, >0. */
int pauli_cmp(const uint64_t *p, const uint64_t *q, size_t w);

/* A 64-bit hash (not cryptographic). */
uint64_t pauli_hash(const uint64_t *p, size_t w);

/* Indexed text, "X0 Y3", or "I" for the identity. The caller frees it with
   free(). NULL when memory is short. */
char *pauli_get_str(const uint64_t *p, size_t num_qubits);

#endif
