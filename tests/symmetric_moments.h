/* symmetric_moments.h - moments on sectors against those from the module of the
   observable (sum_moments), an independent method, exactly.

   Layer: tests. */
#ifndef LIESCAPE_TESTS_SYMMETRIC_MOMENTS_H
#define LIESCAPE_TESTS_SYMMETRIC_MOMENTS_H

#include "algebra/generators/generators.h"
#include "algebra/sectors/sector_moments.h"
#include "tests/symmetric_inputs.h"

/* Every generator of the set with a parameter of its own, and one observable. */
void symmetric_generators(generator_set_t g, const symmetric_set_struct *set,
                          const pauli_sum_t o);
/* A product of states drawn from the list of Bloch vectors (x, y, z)/d; all: the same on
   every qubit. out is initialised. */
void symmetric_product(quantum_state_struct *out, const slong (*bloch)[4], size_t length,
                       bool all);
/* A stabilizer state of that rank at least, random strings added to s. */
void symmetric_stabilizers(stabilizer_state_t s, size_t rank);
/* False, with a message, when they differ. */
bool symmetric_near(const char *what, const fmpq_t got, const fmpq_t expected);
/* Means, covariance, and gradients when a is b; true too when the module is too large,
   else *compared grows. */
bool symmetric_moments_agree(const sector_moments_struct *m, const generator_set_t g,
                             const pauli_sum_t o, const quantum_state_struct *a,
                             const quantum_state_struct *b, long *compared);
/* Tr O^2 and Tr O^3 of the whole space, string by string, added to out[2] and out[3]. */
void symmetric_traces(fmpq out[4], const pauli_sum_t o);

#endif
