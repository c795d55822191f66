/* sector_space.h - sums of Pauli strings as sparse matrices modulo a prime, on parts
   of the computational basis that the generators do not leave.

   Frame. One Clifford on every qubit (none, X <-> Z, or Y <-> Z), the one that
   splits the basis into most blocks; qubit permutations stay permutations of basis
   states. Basis state s has qubit j at bit j, and
     [x,z] |s> = i^(x.z) (-1)^(z.s) |s + x>   (pauli.h).

   Blocks: classes of basis states joined by matrix elements of generators that are
   not 0 (exact, so that the projector on a block commutes with all of them: every
   charge that is diagonal, known or not).

   Modulo p = 1 (mod 4) below 2^31, i is a root of -1. The reduction is that of
   matrices over Z[i] at a prime ideal, so ranks can only drop.

   Layer: private to algebra, above symmetry. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_SPACE_H
#define LIESCAPE_ALGEBRA_SECTOR_SPACE_H

#include "algebra/base/flint_compat.h"
#include "algebra/base/stream.h"
#include "algebra/closure/closure.h"

enum { SECTOR_MAX_QUBITS = 18 };

typedef enum { FRAME_Z, FRAME_X, FRAME_Y } sector_frame_t;

typedef struct {
  size_t num_qubits, size; /* 2^n */
  sector_frame_t frame;
  size_t num_generators;
  pauli_sum_struct *generators; /* in the frame, primitive integer */
  size_t num_blocks;
  uint32_t *block_of, *local_of; /* per basis state */
  size_t *block_start;           /* num_blocks + 1 offsets into states */
  uint32_t *states;
  bool symmetric; /* every generator is a real matrix */
  bool imaginary; /* every generator is i times one, so an antisymmetric one */
} sector_space_struct;

/* generators: not zero. At most SECTOR_MAX_QUBITS qubits. */
void sector_space_init(sector_space_struct *space, size_t num_qubits,
                       const pauli_sum_struct *const *generators, size_t count);
void sector_space_clear(sector_space_struct *space);
/* Are the generators real matrices up to a factor common to all of them? */
static inline bool sector_space_is_real(const sector_space_struct *space) {
  return space->symmetric || space->imaginary;
}

/* out = the operator in the frame; aliasing allowed. */
void sector_frame_apply(pauli_sum_struct *out, const pauli_sum_struct *a,
                        sector_frame_t frame);
/* The same of one string: true when the sign changes. */
bool sector_frame_string(uint64_t *string, size_t num_words,
                         sector_frame_t frame);

/* A sparse matrix by rows, modulo a prime below 2^31. */
typedef struct {
  size_t dim;
  nmod_t mod;
  uint64_t *start;
  uint32_t *col, *val;
} sector_matrix_struct;

typedef struct {
  nmod_t mod;
  mp_limb_t root; /* root^2 = -1 */
} sector_prime_struct;
void sector_prime_init(sector_prime_struct *prime, size_t index);

/* sum_j c[j] a[j] on the block (SIZE_MAX: on everything), transposed when asked. */
void sector_matrix_init(sector_matrix_struct *m, const sector_space_struct *space,
                        size_t block, const pauli_sum_struct *a,
                        const mp_limb_t *c, size_t count, bool transposed,
                        const sector_prime_struct *prime);
void sector_matrix_clear(sector_matrix_struct *m);
/* y = m x; distinct. */
void sector_matrix_apply(uint32_t *y, const sector_matrix_struct *m,
                         const uint32_t *x);

/* Residues below 2^31. */
static inline uint32_t residue_add(uint32_t a, uint32_t b, nmod_t mod) {
  return (uint32_t)nmod_add(a, b, mod);
}
static inline uint32_t residue_sub(uint32_t a, uint32_t b, nmod_t mod) {
  return (uint32_t)nmod_sub(a, b, mod);
}
static inline uint32_t residue_mul(mp_limb_t a, mp_limb_t b, nmod_t mod) {
  return (uint32_t)nmod_mul(a, b, mod);
}
/* out (on the whole space) = v on the block, 0 elsewhere. */
void sector_space_embed(uint32_t *out, const sector_space_struct *space,
                        size_t block, const uint32_t *v);
/* y += c x. */
void residues_addmul(uint32_t *y, const uint32_t *x, mp_limb_t c, size_t length,
                     nmod_t mod);
mp_limb_t residues_dot(const uint32_t *x, const uint32_t *y, size_t length,
                       nmod_t mod);
bool residues_are_zero(const uint32_t *x, size_t length);
void residues_random(uint32_t *x, size_t length, nmod_t mod, uint64_t *state);

#endif
