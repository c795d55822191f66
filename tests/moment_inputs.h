/* moment_inputs.h - inputs for the tests of moments beyond stabilizer states, and
   comparison of two landscapes. */
#ifndef LIESCAPE_TESTS_MOMENT_INPUTS_H
#define LIESCAPE_TESTS_MOMENT_INPUTS_H

#include "algebra/laws/landscape.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

/* Initialises sum: a few random strings on n <= 64 qubits, neither empty nor, with
   one term, the identity. */
void moment_random_sum(pauli_sum_t sum, size_t n, size_t terms);
/* Initialises out: a product state with random rational Bloch vectors. */
void moment_random_product(quantum_state_t out, size_t n);
/* Are mean, variance and gradients of both known, and equal? */
bool moment_landscapes_equal(const landscape_t a, const landscape_t b);

#endif
