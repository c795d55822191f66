/* string_gradient.h - gradient variance when the algebra is spanned by strings
   and a parameter drives a sum of them.

   Let U = V exp(-i theta H) W with V, W independent and Haar on the group,
   H = sum_a h_a P_a, every P_a a string of g. The average of
   (i[H, O']) (x) (i[H, O']), O' = V^dag O V, is a sum over pairs a, b. On the
   part P (x) P L of the twofold average (string_moments.h), the pair
   contributes only when M = P_a P_b commutes with g, hence lies in the
   radical; then i[P_b, X] = M i[P_a, X] for strings X that commute with M
   (for the others one of the two brackets vanishes), and
     E[(dl)^2] = sum_(a, b) h_a h_b 4 gradient_M[component of a],
   gradient_M of string_moments_init_shifted, M with its sign.

   Several gates of one parameter: shared_gates.h; B(P_r, Q) is the same sum with
   the pair P_r, Q in the place of P_a, P_b.

   Layer: private to algebra, above string_moments and shared_gates. */
#ifndef LIESCAPE_ALGEBRA_STRING_GRADIENT_H
#define LIESCAPE_ALGEBRA_STRING_GRADIENT_H

#include "algebra/generators/generators.h"
#include "algebra/strings/string_moments.h"

/* variance[k] = E[(dl/dtheta_k)^2] for each of set->num_parameters; moments:
   those of this observable (moved through the Cliffords) and state. One of state
   and few (2^n rho) is given, or neither, when no M but the identity is in the
   radical. Every term
   of every generator must be one of g->strings. NULL, or the reason why
   they are not known (a constant), with variance unspecified. at (or NULL) is as in
   landscape.h: numbers that several parameters share may be made once. */
reason_code_t string_gradient(fmpq *variance, size_t *at,
                              const string_moments_t moments,
                              const string_algebra_t g, const generator_set_t set,
                              const pauli_sum_t observable,
                              const stabilizer_state_struct *state,
                              const pauli_sum_struct *few);

#endif
