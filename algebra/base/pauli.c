#include "algebra/base/pauli.h"

#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/hash.h"
#include "algebra/base/text.h"

size_t pauli_weight(const uint64_t *p, size_t w) {
  size_t weight = 0;
  for (size_t i = 0; i < w; i++)
    weight += (size_t)__builtin_popcountll(p[i] | p[w + i]);
  return weight;
}

unsigned pauli_mul(uint64_t *r, const uint64_t *p, const uint64_t *q,
                   size_t w) {
  /* Each qubit on which the letters anticommute brings i or -i. The sum of
     these modulo 4 is kept for 64 qubits at a time in two bits: ones counts
     the qubits modulo 2, twos carries, and -i = i + 2. */
  uint64_t ones = 0, twos = 0;
  unsigned e = 0;
  for (size_t i = 0; i < w; i++) {
    uint64_t px = p[i], pz = p[w + i], qx = q[i], qz = q[w + i];
    uint64_t rx = px ^ qx, rz = pz ^ qz, xz = px & qz;
    uint64_t anti = xz ^ (pz & qx);
    twos ^= (ones ^ rx ^ rz ^ xz) & anti;
    ones ^= anti;
    r[i] = rx;
    r[w + i] = rz;
  }
  if (ones) e = (unsigned)__builtin_popcountll(ones);
  return (e + 2u * (unsigned)__builtin_parityll(twos)) & 3u;
}

int pauli_cmp(const uint64_t *p, const uint64_t *q, size_t w) {
  static const int rank[4] = {3, 0, 2, 1}; /* I, X, Z, Y by letter code */
  for (size_t i = 0; i < w; i++) {
    uint64_t differ = (p[i] ^ q[i]) | (p[w + i] ^ q[w + i]);
    if (differ) {
      size_t qubit = 64 * i + (size_t)__builtin_ctzll(differ);
      return rank[pauli_get(p, w, qubit)] - rank[pauli_get(q, w, qubit)];
    }
  }
  return 0;
}

uint64_t pauli_hash(const uint64_t *p, size_t w) {
  return hash_words(p, 2 * w);
}

char *pauli_get_str(const uint64_t *p, size_t num_qubits) {
  size_t w = pauli_words(num_qubits);
  size_t room = pauli_weight(p, w) * 24 + 2, used = 0;
  char *text = memory_must(malloc(room));
  for (size_t j = 0; j < num_qubits; j++) {
    unsigned letter = pauli_get(p, w, j);
    if (letter)
      used += (size_t)snprintf(text + used, room - used, "%s%c%zu",
                               used ? " " : "", "IXZY"[letter], j);
  }
  if (!used) strcpy(text, "I");
  return text;
}
