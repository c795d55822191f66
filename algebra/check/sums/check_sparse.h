/* check_sparse.h - for `liescape check`: combinations of the generators as sparse
   matrices modulo the prime of check_prime.h, on parts of the computational basis.

   A rotation of every qubit (none; X <-> Z, Y -> -Y; Y -> Z -> -Y) is chosen so that the
   basis falls into most blocks: classes of basis states joined by elements of a random
   combination of the generators that are not 0. Such an element vanishes, but for a
   chance of 2^-60, iff it does for every generator.

   Where every permutation of the qubits fixes every generator, the space is the sum of one
   copy of each module of spin J instead (check_spins.h): a block for each, the largest first,
   which stands for `copies` of them. States are those on Sym^n, the first block, where
   operators are averaged over all permutations.

   Layer: algebra, above check_spins. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SPARSE_H
#define LIESCAPE_ALGEBRA_CHECK_SPARSE_H

#include "algebra/check/sums/check_spins.h"

enum { CHECK_SPARSE_QUBITS = 16 };

/* c |a><a + mask|, times -1 when z and a + mask have an odd number of common bits. */
typedef struct {
  uint32_t mask, z;
  size_t sum; /* which generator */
  mp_limb_t c;
} check_term_t;

typedef struct {
  check_prime_t *p;
  size_t size, num_terms; /* 2^n; terms sorted by mask */
  check_term_t *terms;
  bool symmetric; /* every generator is a symmetric matrix */
  int rotation;
  size_t num_blocks;
  size_t *start;    /* of the blocks in states, num_blocks + 1 */
  uint32_t *states, *local; /* local: place of a state in its block */
  uint64_t *copies;         /* per block; NULL: one, of basis states. Then: */
  size_t num_types;
  check_type_t *types;
} check_sparse_struct;
typedef check_sparse_struct check_sparse_t[1];

/* p: at most CHECK_SPARSE_QUBITS qubits, or check_spins_are_fixed. */
void check_sparse_init(check_sparse_t s, check_prime_t *p);
void check_sparse_clear(check_sparse_t s);
/* The string after the rotation of every qubit; true when the sign changes. */
bool check_sparse_rotate(check_mask_t *out, const check_sparse_t s,
                         const uint64_t *string);

/* By rows, on one block. */
typedef struct {
  size_t dim;
  uint64_t *start;
  uint32_t *col;
  mp_limb_t *val;
} check_rows_t;

/* sum_j c[j] H_j on the block; transposed when asked. */
void check_rows_init(check_rows_t *m, const check_sparse_t s, size_t block,
                     const mp_limb_t *c, bool transposed);
/* A sum on the span of some states, cut off there. place[a]: that of state a among them, or
   SIZE_MAX. False, with nothing to clear: a denominator is a multiple of the prime. */
bool check_rows_of_sum(check_rows_t *m, const check_sparse_t s,
                       const pauli_sum_struct *sum, const uint32_t *states, size_t size,
                       const size_t *place);
void check_rows_clear(check_rows_t *m);
/* out = m v; distinct. Takes what it costs off p->work_left. */
void check_rows_apply(mp_limb_t *out, const check_rows_t *m, const mp_limb_t *v,
                      check_prime_t *p);

#endif
