/* depth_series.h - moments of a loss written as a Fourier series. Private.

   When all gates are tied together, by shared parameters and by what does not
   commute, they are one block (depth_blocks.h), and the loss itself is
       l(theta) = sum over f of  L_f e^(i f.theta),
       L_f = sum over terms P of o_P  sum over S of  c_P(S, f) Tr(rho S),
   with the expansions of depth_expand. So, Phi the characteristic function of the
   angles and omega_k(f) the coefficient of theta_k in f.theta,
       E[l] = sum L_f Phi(f),   E[l^2] = sum L_f conj(L_g) Phi(f - g),
       E[(dl/dtheta_k)^2] = the same with omega_k(f) omega_k(g):
   pairs of frequencies, not of strings and frequencies.

   Layer: algebra, above depth_average and depth_value. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_SERIES_H
#define LIESCAPE_ALGEBRA_DEPTH_SERIES_H

#include "algebra/depth/depth_average.h"
#include "algebra/depth/depth_value.h"

/* Does all of it form one block? */
bool depth_series_applies(const circuit_angles_t *angles);
/* As depth_pairs_moment; *num_strings becomes the number of strings met if that is
   larger. STATUS_LIMIT, outputs unchanged: too many terms or
   frequencies. */
status_t depth_series_moment(real_t total, real_struct *gradient,
                             size_t *num_strings,
                             const circuit_angles_t *angles, depth_value_t value,
                             const pauli_sum_t sum, unsigned power,
                             const depth_limits_t *limits);

#endif
