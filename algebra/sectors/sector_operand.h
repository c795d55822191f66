/* sector_operand.h - observables and states in the frame of a space, as matrices modulo
   a prime p with i a root of -1.

   Layer: private to algebra, above sector_space and quantum_state. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_OPERAND_H
#define LIESCAPE_ALGEBRA_SECTOR_OPERAND_H

#include "algebra/sectors/sector_space.h"
#include "algebra/base/quantum_state.h"

typedef struct {
  fmpz_t den;    /* entries times den are Gaussian integers */
  fmpq_t bound;  /* of the operator norm */
  pauli_sum_t sum; /* in the frame, times den; unless ket is used */
  bool pure;     /* a product or stabilizer state given by a vector */
  const quantum_state_struct *state;
  sector_frame_t frame;
} sector_source_struct;

/* An operator or a state as a matrix over Z[i], by a common denominator, modulo a
   prime. */
typedef struct {
  size_t num_masks;
  uint32_t *masks;  /* entries (s + x, s), s any basis state, x a mask */
  uint32_t *slot;   /* per x: number of its mask + 1, or 0 */
  mp_limb_t *value; /* [mask * size + s] */
  mp_limb_t *ket, *bra; /* instead: a pure state, unnormalised */
  size_t *start;        /* instead (sector_orbits.h): row r has value[i] at col[i], ascending, */
  uint32_t *col;        /* start[r] <= i < start[r + 1] */
} sector_operand_struct;

void sector_source_operator(sector_source_struct *out, const pauli_sum_struct *a,
                            sector_frame_t frame);
/* False when the state has no short description. */
bool sector_source_state(sector_source_struct *out,
                         const quantum_state_struct *state,
                         sector_frame_t frame);
/* blocks[b] = true for blocks on which the state is not 0 (or might not be). */
void sector_source_blocks(bool *blocks, const sector_source_struct *source,
                          const sector_space_struct *space);
void sector_source_clear(sector_source_struct *out);
void sector_operand_init(sector_operand_struct *out,
                         const sector_source_struct *source, size_t size,
                         nmod_t mod, mp_limb_t root);
void sector_operand_clear(sector_operand_struct *out);

/* Not of a pure state: entries of a row, some of them 0; entry number i of row r. */
static inline size_t sector_operand_row_length(const sector_operand_struct *a, size_t r) {
  return a->start ? a->start[r + 1] - a->start[r] : a->num_masks;
}
static inline mp_limb_t sector_operand_in_row(size_t *col, const sector_operand_struct *a,
                                              size_t r, size_t i, size_t size) {
  if (a->start) {
    *col = a->col[a->start[r] + i];
    return a->value[a->start[r] + i];
  }
  *col = r ^ a->masks[i];
  return a->value[i * size + *col];
}
/* Entry (r, c). */
mp_limb_t sector_operand_entry(const sector_operand_struct *a, size_t r, size_t c, size_t size);

#endif
