/* sector_orbits.h - what is left of the space for states that symmetries fix.

   G: monomial matrices g with entries 0, 1, -1 that commute with the generators, with
   g phi = phi for the pure states phi at hand: the operators of sector_symmetry and products
   of two of them, divided by the eigenvalue that phi has. P, the average over the group
   they generate, is in the commutant B, P phi = phi, and P commutes with A, so that with S
   the blocks where states are, nothing but P 1_S H counts: the same A on multiplicity spaces
   P 1_S E_k, the commutant P 1_S B 1_S P, and P O P in the place of O.
   An orbit o of basis states has a vector u_o = sum_(s in o) sign(s) |s>, fixed by G, or
   none (signs that contradict each other), and these are a basis of P 1_S H. In it, with
   W = diag(|o|),
     P T P  is  W^-1 u^T T u,   adjoints are  W^-1 c^T W,
   integer matrices when T is one, multiplied by `multiple` = lcm of the |o|.

   Layer: private to algebra, above sectors, sector_operand and sector_sparse. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_ORBITS_H
#define LIESCAPE_ALGEBRA_SECTOR_ORBITS_H

#include "algebra/sectors/sector_operand.h"
#include "algebra/sectors/sector_sparse.h"
#include "algebra/sectors/sectors.h"

#define SECTOR_NO_ORBIT UINT32_MAX

typedef struct {
  sector_space_struct space; /* orbits as its states: size and blocks, nothing else */
  size_t num_states;         /* 2^n */
  uint32_t *orbit_of;        /* per basis state */
  bool *minus;               /* sign(s) = -1 */
  size_t *start;             /* members of orbit k: start[k] .. start[k + 1] - 1, ascending; */
  uint32_t *members;         /* the first has sign 1 */
  slong *weight;             /* |o| */
  slong multiple;
} sector_orbits_struct;

static inline uint32_t sector_orbits_first(const sector_orbits_struct *o, size_t k) {
  return o->members[o->start[k]];
}
/* Of the states in these blocks, where the two states are. False, with nothing to clear: the
   states are not pure stabilizer states, or no symmetries fix them. */
bool sector_orbits_init(sector_orbits_struct *o, const sectors_struct *s, const bool *blocks,
                        const sector_source_struct *states);
void sector_orbits_clear(sector_orbits_struct *o);
/* The block of orbits where the states of this block are; SIZE_MAX: no orbit. */
size_t sector_orbits_block(const sector_orbits_struct *o, const sectors_struct *s,
                           size_t block);

/* The matrix of P 1_S on E_k, of row vectors, modulo the prime of s. */
void sector_orbits_action(nmod_mat_t out, const sector_orbits_struct *o,
                          const sectors_struct *s, const sector_found_struct *f);
/* u on the orbits whose states are in the block. */
void sector_orbits_start(sector_sparse_struct *out, const sector_orbits_struct *o,
                         const sectors_struct *s, size_t block);
/* out (empty) = factor W^-1 u^T a, a with states as rows and orbits as columns; modulo mod,
   out = *factor P a. False when an entry is too large. */
bool sector_orbits_fold(sector_sparse_struct *out, mp_limb_t *factor,
                        const sector_orbits_struct *o, const sector_sparse_struct *a,
                        nmod_t mod);
/* a: multiplied by the least integer (which is returned; 0: too large) that makes W^-1 a^T W
   an integer matrix. */
ulong sector_orbits_clear_adjoint(sector_sparse_struct *a, const sector_orbits_struct *o);

/* Makes the entries of P O P, too, integers by the common denominator. */
void sector_orbits_scale_source(sector_source_struct *source, const sector_orbits_struct *o);
/* Does a commute with P 1_S? False, too, for coefficients that are too long. */
bool sector_orbits_keep(const sector_orbits_struct *o, const sector_source_struct *source);
/* a := P a P in the basis of the u_o. */
void sector_orbits_operand(sector_operand_struct *a, const sector_orbits_struct *o, nmod_t mod);

#endif
