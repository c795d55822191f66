/* string_sparse.h - second moments for an input state given by few strings.

   With rho = 2^-n sum_R r_R R, any state b (or sum of strings), and the notation of
   string_moments.h, P L = phi_P P':
     sum over terms P that are not fixed, and terms P' that differ from P by such
     an L, of  o_P o_P' conj(phi_P) / |C(P)|  sum over R in C(P) of
     r_R Tr(b R L),
   which is Cov(l_rho, l_b), and the variance for b = rho. The sum over the orbit
   is one over the terms of rho, so its length does not matter: R is in C(P) just
   if C(P) meets the group {I, R}, which string_section_measure counts. The
   gradients follow as there, with Tr(b R M L).

   Layer: algebra, above string_counts, beside string_moments. */
#ifndef LIESCAPE_STRING_SPARSE_H
#define LIESCAPE_STRING_SPARSE_H

#include "algebra/base/quantum_state.h"
#include "algebra/strings/string_moments.h"

/* Few enough for quantum_state_expand. */
enum { STRING_SPARSE_TERMS = 1024 };

/* What string_moments_init_shifted gives, for rho = few / 2^n. */
void string_sparse_moments(string_moments_t moments, const string_algebra_t g,
                           const pauli_sum_t observable, const pauli_sum_t few,
                           const uint64_t *shift);
/* The first state is few / 2^n. STATUS_LIMIT, and no change, when an orbit cannot
   be measured. */
status_t string_sparse_covariance(fmpq_t covariance, const string_algebra_t g,
                                  const pauli_sum_t observable,
                                  const pauli_sum_t few,
                                  const quantum_state_t other);

#endif
