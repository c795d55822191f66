/* check_waves.h - for `liescape check`: moments of a loss from all of its waves,
       l = Re sum_e C_e prod_v z_v^(e_v),  z_v as in check_depth.h,
   e up to its sign; strings go through the circuit one by one, every exponent kept to the
   end. So many for few parameters as strings times exponents, where pairs of strings are
   their square. For angles that are uniform over a period
       E[l] = Re C_0,  E[l^2] = (Re C_0)^2 + sum_(e /= 0) |C_e|^2 / 2,
       E[(dl/dtheta_v)^2] = sum_e (e_v / den_v)^2 |C_e|^2 / 2.

   Layer: algebra, above check_run. */
#ifndef LIESCAPE_ALGEBRA_CHECK_WAVES_H
#define LIESCAPE_ALGEBRA_CHECK_WAVES_H

#include "algebra/check/check_run.h"

/* Mean, second moment, gradients (one for each parameter, set to 0 before); c keeps all
   exponents, and its fixed angles are rounded where there are any. False: it does not fit,
   or not all angles are uniform. */
bool check_waves(depth_number_t mean, depth_number_t second, depth_number_struct *gradient,
                 const pairs_circuit_t *c, const pauli_sum_t observable,
                 const pairs_input_t *input, size_t budget);
/* E[d l d l'] of two states, for each parameter. */
bool check_waves_kernel(depth_number_struct *gradient, const pairs_circuit_t *c,
                        const pauli_sum_t observable, const pairs_input_t *first,
                        const pairs_input_t *second, size_t budget);

#endif
