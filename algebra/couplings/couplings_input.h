/* couplings_input.h - generators whose coefficients are polynomials in one symbol:
   H_j(x) = sum_k x^k H_jk. Layer: algebra, above pauli_sum. */
#ifndef LIESCAPE_COUPLINGS_INPUT_H
#define LIESCAPE_COUPLINGS_INPUT_H

#include "algebra/base/pauli_sum.h"

/* parts[j * (degree + 1) + k] = H_jk. */
typedef struct {
  size_t num_qubits, num_generators, degree;
  const pauli_sum_struct *parts;
} couplings_input_t;

/* H_j at a value. */
void couplings_evaluate(pauli_sum_t out, const couplings_input_t *input,
                        size_t j, const fmpq_t value);

#endif
