/* gaussian_orbit.h - products of Majorana operators on pure Gaussian states.

   g = so(m) on m = 2k modes, spanned by i gamma_a gamma_b / 2, rho with Tr(rho i gamma_a
   gamma_b) = J_ab, J J^T = 1: a pure Gaussian state, J a complex structure of R^m, and
   its orbit all those of one orientation. O = c gamma_W up to a phase, w = |W| even: by
   Wick's theorem l = +-c Pf(A), A the part of J on W. Such a loss has no local minima but
   global ones. For A in the form A e_a = s e_b on pairs (a, b) of W, J e_a = s e_b +
   sqrt(1 - s^2) f, f orthogonal to W:
     some s < 1, the others not 0: turning in the plane of e_b and f changes A_ab alone,
       at the rate sqrt(1 - s^2): Pf(A) is not stationary;
     two s = 0 or more: turning in the planes of two such pairs by t and u makes Pf(A)
       proportional to t u (1 + small), of either sign, and 0 is no minimum;
     all s = 1: Pf(A) = +-1, greatest or least.
   In the last case J is a complex structure on W and one on the rest: among all of the
   orbit that is a set of codimension w (m - w) / 2. Both signs occur, as the rest has
   two modes or more.

   Layer: above fermion_frame. */
#ifndef LIESCAPE_GAUSSIAN_ORBIT_H
#define LIESCAPE_GAUSSIAN_ORBIT_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"
#include "algebra/strings/fermion_frame.h"

/* Of an algebra that is spanned by strings. Is it of this kind? Then *codimension is
   that of the global minima. */
bool gaussian_orbit_find(size_t *codimension, const fermion_frame_t frame,
                         const pauli_sum_t observable, const quantum_state_t state);

#endif
