/* depth_laws.h - second moments when every rotation that a string can meet has an
   angle of its own, drawn by a law symmetric around zero. Private.

   With E[sin a] = 0, phi = E[cos a] and c = E[cos^2 a], s = E[sin^2 a] = 1 - c, a
   rotation about G takes a pair (Q, Q') of which
     none anticommutes with G  to itself,
     one does                  to phi (Q, Q'): damped, and not moved,
     both do                   to c (Q, Q') + s (iGQ, iGQ').
   L = QQ' never changes, and says which of the first or last two, and of the
   second, apply; in the basis [Q] (x) [Q]L there are no signs. So each L = PP' of
   two terms of O is a walk on the strings of depth_walk.h, with weights c and s
   instead of 1/2, in balls. E[(dl/da)^2] has s (Q, Q') + c (iGQ, iGQ') at that
   gate, and nothing unless both anticommute. An angle uniform over a period has
   phi = 0 and c = 1/2, whatever constant is added to it.

   Layer: algebra, above depth_walk, depth_value, depth_cone. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_LAWS_H
#define LIESCAPE_ALGEBRA_DEPTH_LAWS_H

#include "algebra/depth/depth_cone.h"
#include "algebra/depth/depth_value.h"

/* Does it apply to gates whose angles share no parameter: is each angle of the
   cone without a constant, or does a parameter of it run over a period? Not when
   the observable has too many terms. laws: one per parameter. */
bool depth_laws_apply(const ansatz_t ansatz, const depth_frame_t frame,
                      const depth_cone_t cone, const pauli_sum_t observable,
                      const depth_distribution_t *laws);
/* mean = E[l], second = E[l^2] (initialised); gradient: NULL, or one ball per
   parameter, E[(dl/dtheta_k)^2]. STATUS_LIMIT with nothing set; STATUS_UNDECIDED:
   the gradients did not fit. */
status_t depth_laws_moments(arb_t mean, arb_t second, arb_ptr gradient,
                            size_t *num_strings, size_t *num_gates,
                            const ansatz_t ansatz, const depth_frame_t frame,
                            const depth_cone_t cone, depth_value_t value,
                            const pauli_sum_t observable,
                            const depth_distribution_t *laws,
                            const depth_limits_t *limits);

#endif
