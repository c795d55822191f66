/* equivariant_moments.h - exact moments of the loss for permutation-equivariant generators
   with independent full sectors (equivariant.h).

   If every permutation fixes O, the loss depends on the average of rho alone, and if
   every permutation fixes rho, on the average of O. Then, on V_m, with r_kl = f_m times
   the part of rho's average and X_kl that of O's,
     l = sum_m sum_kl Tr(r_kl U_l^dag X_lk U_k),
   over the parts k, l of V_m, and the formulas of sector_moments.h hold with all
   multiplicities 1 (coherences are within one V_m only).

   Layer: private to algebra, above equivariant and sector_moments (the type of the
   results). */
#ifndef LIESCAPE_ALGEBRA_EQUIVARIANT_MOMENTS_H
#define LIESCAPE_ALGEBRA_EQUIVARIANT_MOMENTS_H

#include "algebra/sectors/equivariant.h"
#include "algebra/sectors/sector_moments.h"

/* Fills m as sector_moments_init does; groups are the sectors, with powers. With a reason
   there is nothing to clear. */
reason_code_t equivariant_moments_init(sector_moments_struct *m,
                                       const equivariant_struct *e,
                                       const closure_limits_t *limits,
                                       const pauli_sum_struct *observable,
                                       const quantum_state_struct *a,
                                       const quantum_state_struct *b,
                                       const pauli_sum_struct *generators,
                                       size_t num_generators);
/* mean = E[Tr(rho U^dag A U)]; false when neither A nor rho is symmetric. */
bool equivariant_mean(fmpq_t mean, const equivariant_struct *e,
                      const pauli_sum_struct *a, const quantum_state_struct *rho);

#endif
