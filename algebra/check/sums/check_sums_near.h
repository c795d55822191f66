/* check_sums_near.h - for `liescape check`: moments of sums of strings as numbers.

   Behind fixed gates states and observables are multiples of 2^-CHECK_CIRCLE_BITS, and
   claims are balls around irrational numbers: no residues. The moments are rational
   functions of what generates, times these multiples, so that their residues modulo many
   primes give them (rational reconstruction; P. S. Wang 1981), one more prime having the
   last word. Layer: algebra, above check_sums. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SUMS_NEAR_H
#define LIESCAPE_ALGEBRA_CHECK_SUMS_NEAR_H

#include "algebra/check/sums/check_sums.h"

typedef struct {
  bool covered;       /* and the gradients are known */
  size_t num_parameters;
  fmpq *values;       /* E[l], E[l^2], E[(dl/dtheta_k)^2] ... */
  fmpq_t error;       /* of the state, in trace norm, by rounding here */
} check_near_struct;
typedef check_near_struct check_near_t[1];

/* num_parameters: 0, or all of those of the generators. False, with nothing to clear, when
   `work` operations are too few. */
bool check_near_init(check_near_t near, const check_generators_t generators,
                     const pauli_sum_t observable, const quantum_state_t state,
                     size_t num_parameters, int64_t work);
void check_near_clear(check_near_t near);

#endif
