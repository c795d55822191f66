/* unitary_orbit.h - the characteristic function of a loss on an orbit of u(m).

   phi(t) = E exp(i t Tr(A U B U^dag)), U Haar on U(m), a_k and b_k the eigenvalues of the
   Hermitian A and B. By Harish-Chandra (Amer. J. Math. 79, 1957), Itzykson and Zuber (J. Math.
   Phys. 21, 1980) it is det(exp(i t a_j b_k)) over Vandermonde determinants; these divided
   out as divided differences, equal eigenvalues need no limit: with h_j the complete
   homogeneous symmetric polynomials
     phi = det_(p,q = 0..m-1) sum_(n >= p, q) (i t)^(n-p) (p!/n!) h_(n-p)(a_0..a_p)
           h_(n-q)(b_0..b_q).

   sp(N) in the basis where +-b_k, +-s_k are the eigenvalues has the Weyl group of so(2N+1),
   and roots that differ from its roots by factors: the same function,
   adjoint_orbit_characteristic of 2N+1 modes, of l = sum b_k s_k at U = 1.

   Layer: above status only. */
#ifndef LIESCAPE_UNITARY_ORBIT_H
#define LIESCAPE_UNITARY_ORBIT_H

#include "algebra/base/flint_compat.h"

/* m numbers each, in any order, m <= 64. A ball of radius at most 2^(-prec_bits), unless
   the numbers are not known better or t is so large that it takes too many digits. */
void unitary_orbit_characteristic(acb_t phi, const arb_struct *a, const arb_struct *b,
                                  slong m, const arb_t t, slong prec_bits);

#endif
