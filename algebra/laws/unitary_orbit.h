/* unitary_orbit.h - the characteristic function of a loss on an orbit of u(m).

   phi(t) = E exp(i t Tr(A U B U^dag)), U Haar on U(m), a_k and b_k the eigenvalues of the
   Hermitian A and B. By Harish-Chandra (Amer. J. Math. 79, 1957), Itzykson and Zuber (J. Math.
   Phys. 21, 1980) it is
     prod_(k < m) k! det(exp(i t a_j b_k)) / ((i t)^(m(m-1)/2) Delta(a) Delta(b)).
   Within clusters of equal numbers rows and columns become derivatives by a and b over p! q!,
   and only differences between clusters stay in the denominator. Spectra are taken at the
   middles of their balls, exact numbers, so that clusters are known; what that changes is
   added: at most |t| (sum |da| max |b| + sum |db| max |a|). Digits are added until those
   lost in the determinant do not matter.

   sp(N) in the basis where +-b_k, +-s_k are the eigenvalues has the Weyl group of so(2N+1),
   and roots that differ from its roots by factors: the same function,
   adjoint_orbit_characteristic of 2N+1 modes, of l = sum b_k s_k at U = 1.

   Beyond, |phi(t)| <= M (T/t)^d for t >= T: within clusters of overlapping eigenvalues
   divided differences are means of derivatives (Hermite, Genocchi), those of exp(i t a b)
   are bounded term by term, a determinant by the permanent of the bounds. It decays as it
   should only where the largest cluster of each side is exactly 0: shift them.

   Where a_1, .., a_m are c times one 1 and else 0, l = c sum b_k w_k, w uniform on the
   simplex: P(sum b_k w_k > x) = [b_1, .., b_m] (y - x)_+^(m-1), a divided difference (H. B.
   Curry and I. J. Schoenberg, J. Anal. Math. 17, 1966), by derivatives where b_k are the
   same ball.

   Layer: above status only. */
#ifndef LIESCAPE_UNITARY_ORBIT_H
#define LIESCAPE_UNITARY_ORBIT_H

#include <stdbool.h>

#include "algebra/base/flint_compat.h"

/* m numbers each, in any order, m <= 64. A ball of radius at most 2^(-prec_bits), unless
   the numbers are not known better or t is so large that it takes too many digits. */
void unitary_orbit_characteristic(acb_t phi, const arb_struct *a, const arb_struct *b,
                                  slong m, const arb_t t, slong prec_bits);

/* l less its mean Tr A Tr B / m. */
typedef struct {
  slong size;        /* m */
  arb_struct *a, *b; /* ascending */
  arb_t mean;
  mag_ptr tail_coeffs; /* of the bound, of t^(k - m(m-1)/2); NULL: there is none */
  slong tail_power;    /* d >= 1 */
} unitary_orbit_t;

enum { UNITARY_TAIL_SIZE = 12 }; /* the largest m that has a bound */

void unitary_orbit_init(unitary_orbit_t *orbit, const arb_struct *a, const arb_struct *b,
                        slong m, slong prec_bits);
void unitary_orbit_clear(unitary_orbit_t *orbit);
/* M for T = t > 0; there must be a bound. */
void unitary_orbit_tail(mag_t bound, const unitary_orbit_t *orbit, const arb_t t);
/* Where l - mean lies: low <= high. */
void unitary_orbit_range(arb_t low, arb_t high, const unitary_orbit_t *orbit, slong prec_bits);

/* Is one side c times (1, 0, .., 0) up to a shift, equal numbers the same ball? Then
   factors are the numbers c b_k of the sum, ascending. m > 1. */
bool unitary_orbit_is_simplex(arb_struct *factors, const unitary_orbit_t *orbit,
                              slong prec_bits);
/* P(sum b_k w_k <= x); b ascending. */
void unitary_simplex_cdf(arb_t value, const arb_struct *b, slong m, const arb_t x,
                         slong prec_bits);

#endif
