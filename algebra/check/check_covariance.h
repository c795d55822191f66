/* check_covariance.h - for `liescape check`: the covariance of the losses of
   two states of any kind, by listing the orbit of every term,
     sum over terms P that move and terms P' with P L = phi_P P', L commuting
     with every generator, of
       o_P o_P' (1/|C|) sum over Q in C of a_Q b_[QL] phi_Q conj(phi_P),
   Q L = phi_Q [QL]. Nothing of string_covariance is used.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_COVARIANCE_H
#define LIESCAPE_ALGEBRA_CHECK_COVARIANCE_H

#include "algebra/check/check_strings.h"

/* observable: moved through the Cliffords. False when an orbit is longer than
   max_elements. */
bool check_covariance(fmpq_t covariance, const check_generators_t g,
                      const pauli_sum_t observable,
                      const quantum_state_t a, const quantum_state_t b,
                      size_t max_elements);

#endif
