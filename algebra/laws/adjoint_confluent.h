/* adjoint_confluent.h - Harish-Chandra's determinants of so(m) from values and derivatives.

   With u_k = b_k^2, v_k = s_k^2 and f(u, v) = cos(t sqrt(u v)) (odd = 0) or
   sin(t sqrt(u v))/(t sqrt(u v)) (odd = 1) the determinant D of adjoint_orbit.h is
     D = det(E) prod_p (2p + odd)! / ((-t^2)^(N(N-1)/2) Delta(u) Delta(v)),
   where the row of an eigenvalue that came p times before holds d_u^p f/p!, a column
   likewise, and Delta has the differences of unequal eigenvalues only (confluent
   Vandermonde determinants). N^2 sines and one determinant: what it costs does not grow
   with t, other than the series; what cancels at small t and between close eigenvalues is
   a matter of working precision.

   Layer: above FLINT only. */
#ifndef LIESCAPE_ADJOINT_CONFLUENT_H
#define LIESCAPE_ADJOINT_CONFLUENT_H

#include "algebra/base/flint_compat.h"

/* r[i + 1], i = -1 .. p + q: of f = exp(i x) x^(-odd), x = t b s,
     d_u^p d_v^q f/(p! q!) = exp(i x) sum_i r_i i^(i + odd) t^i b^(i - 2p) s^(i - 2q);
   p + q + 2 numbers. */
void adjoint_chain_rule(arb_struct *r, slong p, slong q, slong odd, slong prec_bits);

/* D, for exact t that is not 0 and exact numbers b, s >= 0 in ascending order; a ball of
   any radius. */
void adjoint_confluent(arb_t d, const arb_struct *b, const arb_struct *s, slong rank,
                       const arb_t t, ulong odd, slong prec_bits);

#endif
