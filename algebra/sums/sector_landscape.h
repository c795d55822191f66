/* sector_landscape.h - landscapes and covariances from moments on sectors, with
   Wishart blocks.

   With independent sectors that each carry their own su(d_k), the Wishart class needs
     - O without a part between sectors;
     - on every sector that the state populates, O = X_k (x) 1 (it lies in the associative
       algebra of the generators), or a number;
     - the reduced state rho_k = Tr_E a multiple of a projector of rank s: s = 1 iff
       Tr rho_k^2 = (Tr rho_k)^2, s = d_k iff it is (Tr rho_k)^2 / d_k, and for pure
       input states, whose Tr rho_k^3 is known too, iff p_1 p_3 = p_2^2.
   Where so(d) acts, O and rho are to be even under the transpose of its form: real symmetric
   matrices in the right basis (beta = 1). The spectrum of X_k is listed when O is diagonal in the frame, or comes from its power
   sums; of a large sector only four moments are given.

   Layer: private to algebra, above sectors and sum_jordan. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_LANDSCAPE_H
#define LIESCAPE_ALGEBRA_SECTOR_LANDSCAPE_H

#include "algebra/generators/generators.h"
#include "algebra/sectors/equivariant_moments.h"
#include "algebra/laws/landscape.h"

typedef struct {
  const generator_set_struct *set;
  const structure_struct *structure;
  const sectors_struct *sectors; /* or NULL: */
  const equivariant_struct *equivariant;
  const closure_limits_t *limits;
} sector_landscapes_struct;

/* Keeps the pointers; one of s and e is NULL. */
void sector_landscapes_init(sector_landscapes_struct *l, const sectors_struct *s,
                            const equivariant_struct *e,
                            const generator_set_struct *set,
                            const structure_struct *structure,
                            const closure_limits_t *limits);

void landscape_init_sectors(landscape_t landscape,
                            const sector_landscapes_struct *l,
                            size_t observable, size_t state);
/* Why it is not known, if it is not. */
reason_code_t sector_landscapes_covariance(fmpq_t covariance,
                                         const sector_landscapes_struct *l,
                                         size_t observable, size_t a, size_t b);

#endif
