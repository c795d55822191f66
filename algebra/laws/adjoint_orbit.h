/* adjoint_orbit.h - the characteristic function of a loss on one orbit of so(m).

   phi(t) = E exp(i t l), l = sum_{a<b} B_ab (Q S Q^T)_ab, Q Haar on SO(m), N = floor(m/2),
   u_k = b_k^2 and v_k = s_k^2 of the spectra. Harish-Chandra's formula (Amer. J. Math.
   79, 1957, theorem 2), with Vandermonde determinants in u and v divided out as divided
   differences, so that equal and vanishing eigenvalues need no limit: for h_j the
   complete homogeneous symmetric polynomials,
     D(w) = det_(p,q = 0..N-1) sum_n (-t^2)^(n-p) (w_n/w_p) h_(n-p)(u_0..u_p) h_(n-q)(v_0..v_q),
     m = 2N+1:  phi = D(1/(2n+1)!),
     m = 2N:    phi = D(1/(2n)!) + o (i t)^N prod b_k s_k D(1/(2n+1)!) prod 1/(2k+1),
   o the orientation.

   Beyond, |phi(t)| <= M (T/t)^d for t >= T: within clusters of equal eigenvalues
   divided differences are means of derivatives (Hermite, Genocchi), those of
   exp(i t b s) are bounded term by term, and a determinant by the permanent of the
   bounds.

   Layer: above status only. */
#ifndef LIESCAPE_ADJOINT_ORBIT_H
#define LIESCAPE_ADJOINT_ORBIT_H

#include "algebra/base/flint_compat.h"
#include <stdbool.h>

typedef struct {
  ulong modes; /* m >= 5 */
  slong rank;  /* N */
  int orientation;
  arb_struct *b, *s;       /* ascending, >= 0 */
  arb_struct *tail_coeffs; /* of the bound; NULL: there is none */
  slong tail_power;        /* d >= 1 */
} adjoint_orbit_t;

/* From N numbers each, in any order. */
void adjoint_orbit_init(adjoint_orbit_t *orbit, ulong modes, const arb_struct *b,
                        const arb_struct *s, int orientation, slong prec_bits);
void adjoint_orbit_clear(adjoint_orbit_t *orbit);

/* A ball of radius at most 2^(-prec_bits) unless the spectra are not known better. */
void adjoint_orbit_characteristic(acb_t phi, const adjoint_orbit_t *orbit,
                                  const arb_t t, slong prec_bits);

/* M for T = t > 0; false when there is no bound that decays. Ranks up to
   ADJOINT_TAIL_RANK. */
enum { ADJOINT_TAIL_RANK = 8 };
bool adjoint_orbit_tail(mag_t bound, const adjoint_orbit_t *orbit, const arb_t t);

#endif
