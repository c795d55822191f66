/* depth_independent.h - second moments when every rotation that a string can
   meet has an angle of its own, uniform over a full period. Private.

   E[l^2] = sum over P, P' of o_P o_P' E[Tr(rho P(theta)) Tr(rho P'(theta))]:
   only pairs whose L = PP' commutes with every rotation live, and a pair with
   string P walks as P does. So the sum is, for each L, one walk of the
   strings P with weights o_P o_{PL} and final values rho_Q rho_{QL}; and it is
   linear in P, so that the observable is done in portions.

   Layer: algebra, above depth_walk, depth_value, depth_cone. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_INDEPENDENT_H
#define LIESCAPE_ALGEBRA_DEPTH_INDEPENDENT_H

#include "algebra/depth/depth_cone.h"
#include "algebra/depth/depth_value.h"

/* second = E[l^2]; gate_gradient[g] (NULL, or one per gate of the frame) =
   E[(dl/dangle_g)^2]. *num_strings, *num_gates: the cost. STATUS_LIMIT: outputs
   unchanged but *too_much, which says what did not fit: the digits, DEPTH_EXACT_BITS in
   all, or the strings and their averages, whatever the time, of this circuit with any
   noise; STATUS_UNDECIDED: second is set but the gradients did not fit. */
enum { DEPTH_EXACT_BITS = 1 << 24 };
typedef enum { DEPTH_NOTHING, DEPTH_DIGITS, DEPTH_STRINGS } depth_too_much_t;
status_t depth_independent_moments(fmpq_t second, fmpq *gate_gradient,
                                   depth_too_much_t *too_much,
                                   size_t *num_strings, size_t *num_gates,
                                   const depth_frame_t frame,
                                   depth_value_t value,
                                   const pauli_sum_t observable,
                                   const depth_limits_t *limits);

/* The same with the noise of the frame, if it has any, in balls (second and gate_gradient are
   initialised to 0): second and each gradient times *denominator are integers;
   *denominator is 0 when it has more than max_bits bits. */
status_t depth_independent_noisy(arb_t second, arb_ptr gate_gradient,
                                 fmpz_t denominator, ulong max_bits,
                                 size_t *num_strings, size_t *num_gates,
                                 const depth_frame_t frame, depth_value_t value,
                                 const pauli_sum_t observable, slong prec_bits,
                                 const depth_limits_t *limits);

#endif
