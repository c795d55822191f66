/* check_su2.h - for `liescape check`: the law of an observable in an algebra of sums of
   strings whose simple ideals are all su(2).

   With P_k the projection on ideal k, for the inner product in which strings are
   orthonormal, a loss is a constant plus sum_k |P_k O| |P_k rho| u_k, u_k uniform on
   [-1, 1], rho the vector of the numbers Tr(rho P). T a random endomorphism of [g, g], t_k
   its eigenvalues, modulo a random prime:
     h(O, T^i O) = sum_k t_k^i |P_k O|^2,  tr T^i = 3 sum_k t_k^i
   give a polynomial q with q(t_k) = |P_k O|^2, and one for rho; so all
     M_ij = sum_k b_k^(2i) s_k^(2j),  b_k = c_k |P_k O|,  s_k = |P_k rho| / c_k,
   rational numbers. Found modulo several primes they are made again as fractions and
   must lie in the balls that follow from the claims. c_k is such that [P_k O, x] = 2 b_k x
   for some x: with e a random element, sum_k t_k^i c_k^2 |P_k e|^2 is -1/2 of the trace of
   T^i ad(e)^2, ad(e) x = i[x, e]/2.

   Layer: algebra, above check_sum_structure. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SU2_H
#define LIESCAPE_ALGEBRA_CHECK_SU2_H

#include "algebra/base/flint_compat.h"
#include "algebra/base/quantum_state.h"
#include "algebra/base/status.h"
#include "algebra/check/check_strings.h"

/* Are b and s, length of them each, the numbers of the ideals? UNDECIDED: there are other
   ideals, it is too large, or numbers have too many digits. */
answer_t check_su2_spectra(const arb_struct *b, const arb_struct *s, size_t length,
                           const check_generators_t generators,
                           const pauli_sum_t observable, const quantum_state_t state);

#endif
