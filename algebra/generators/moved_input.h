/* moved_input.h - states and observables through fixed rotations. Private to algebra/.

   rho -> F rho F^dag for leading gates, O -> F^dag O F for the others. Cosines and
   sines of the angles are irrational mostly. What comes out is rational all the
   same: exact where it can be, else an approximation with a bound of its distance
   (trace norm for states, operator norm for observables), far below what any
   number that depends on it continuously would show. */
#ifndef LIESCAPE_ALGEBRA_MOVED_INPUT_H
#define LIESCAPE_ALGEBRA_MOVED_INPUT_H

#include "algebra/generators/fixed_gates.h"
#include "algebra/base/quantum_state.h"

/* out (initialised) = in after the gates, in time order: a product state where it is
   one, else a sum of few strings. False, and out unchanged, when they are many. */
bool moved_state(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                 const fixed_gates_t gates, const size_t *entries, size_t count);
/* sum = F^dag sum F, F the product of the gates, in time order. False, and sum
   unchanged, when it has too many terms. */
bool moved_observable(pauli_sum_t sum, fmpq_t error, const fixed_gates_t gates,
                      const size_t *entries, size_t count);

#endif
