/* check_depth.h - for `liescape check`: exact moments of the loss of a circuit
   at its own depth, by a plain recursion on pairs of strings.

   Heisenberg picture from the last gate to the first. A rotation about G by
   the angle a turns a string Q that anticommutes with G into
       cos a Q + sin a (i G Q),   cos a = (u + 1/u)/2,  sin a = (u - 1/u)/(2i),
   u = exp(i a) = zeta^j prod_v z_v^(c_v): zeta = exp(i pi/4), one z_v for each
   parameter (and one for each fixed angle that is no multiple of pi/4). So
   a pair (Q, Q') carries one integer exponent for each z_v and a weight in
   Z[zeta] / 2^s. When the last gate of a parameter is done, only exponent 0
   survives the average over it, if it is uniform; if it is normal with the standard
   deviation s, z^e becomes exp(-(s e)^2 / 2), and the sum of (s e)^2 is carried to the
   end; if it is uniform on [-w, w], z^e becomes sin(w e)/(w e), and e is. That is all there is to E[l^2]. E[l] is the same with Q' = I. For the
   derivative with respect to a parameter the exponents e, e' of the two sides are kept
   apart while it is in use, and the weight is multiplied by -e e'.
   Noise multiplies both sides by the factors of their letters on the qubit, place by
   place, and a flip of the measured bits each string of O by (1 - 2r)^weight.
   Where parameters are few, strings one by one with all exponents are fewer than pairs:
   check_waves.h. Fixed angles are rounded where exact ones are too many: check_round.h.
   Nothing of finite_depth is used.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_DEPTH_H
#define LIESCAPE_ALGEBRA_CHECK_DEPTH_H

#include "algebra/base/depth_number.h"
#include "algebra/base/quantum_state.h"
#include "algebra/check/check_strings.h"

typedef struct {
  bool moments_known, gradients_known;
  depth_number_t mean, second_moment, variance;
  size_t num_parameters;
  depth_number_struct *gradient; /* unavailable: not computed here */
} check_depth_struct;
typedef check_depth_struct check_depth_t[1];

/* noisy: with the noise of the ansatz. max_pairs: pairs made in all; what does not fit
   is not known. */
void check_depth_init(check_depth_t out, const ansatz_t ansatz,
                      const pauli_sum_t observable,
                      const quantum_state_struct *state, bool noisy, size_t max_pairs);
void check_depth_clear(check_depth_t depth);
/* All unavailable. */
void check_depth_init_numbers(check_depth_t out, size_t num_parameters);

/* sum over the parameters of E[d_k l d_k l'], l and l' the losses of the states a and b;
   false when it does not fit. */
bool check_depth_kernel(depth_number_t kernel, const ansatz_t ansatz,
                        const pauli_sum_t observable, const quantum_state_struct *a,
                        const quantum_state_struct *b, size_t max_pairs);

/* E[Tr(rho U^dag X U)] of any operator alone; false when it does not fit. */
bool check_depth_mean(depth_number_t mean, const ansatz_t ansatz,
                      const pauli_sum_t op, const quantum_state_struct *state,
                      bool noisy, size_t max_pairs);

#endif
