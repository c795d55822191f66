/* check_square.h - for `liescape check`: E[Tr(rho U^dag O^2 U)], O^2 written out.

   Every product of two terms of O that commute is a string; it averages to itself if
   it commutes with every generator (or every gate), to 0 otherwise.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_CHECK_SQUARE_H
#define LIESCAPE_CHECK_SQUARE_H

#include "algebra/check/check_strings.h"

/* out (initialised) = a b, whose anti-Hermitian part cancels: a is a polynomial in b.
   False when that are more than *budget pairs of terms, from which they are taken. */
bool check_product(pauli_sum_t out, const pauli_sum_t a, const pauli_sum_t b,
                   size_t *budget);
/* out (initialised) = O^2; false when it has more than max_pairs pairs of terms. */
bool check_square(pauli_sum_t out, const pauli_sum_t observable,
                  size_t max_pairs);
/* bound = (sum of the coefficients' absolute values)^2. */
void check_square_bound(fmpq_t bound, const pauli_sum_t observable);
/* The sum of those terms of x that commute with every generator string, on rho. */
void check_fixed_mean(fmpq_t mean, const pauli_sum_t x,
                      const check_generators_t g, const quantum_state_t state);
/* Likewise with every gate of the circuit, x moved through its Clifford gates. */
void check_gates_mean(fmpq_t mean, const pauli_sum_t x,
                      const check_generators_t g, const quantum_state_t state);

#endif
