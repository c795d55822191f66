/* string_inputs.h - random stabilizer states and observables for the tests of
   what is computed from strings, kept in the encoding of ref_strings.h. */
#ifndef LIESCAPE_TESTS_STRING_INPUTS_H
#define LIESCAPE_TESTS_STRING_INPUTS_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/state.h"
#include "tests/ref_strings.h"

typedef struct {
  int num_qubits;
  int rank;
  unsigned strings[REF_MAX_QUBITS];
  bool negative[REF_MAX_QUBITS];
  int8_t *expectation; /* Tr(rho P) for all 4^n strings, by multiplication */
} test_state_t;

enum { TEST_MAX_TERMS = 8 };
typedef struct {
  int num_qubits, num_terms;
  unsigned strings[TEST_MAX_TERMS]; /* distinct */
  long num[TEST_MAX_TERMS], den[TEST_MAX_TERMS];
} test_sum_t;

/* zero, ghz, and random pure or mixed ones, often with a symmetry of the
   generators among the stabilizers. */
void test_state_init_random(test_state_t *s, int num_qubits,
                            const unsigned *generators, size_t count);
void test_state_clear(test_state_t *s);
/* Initialises state. */
void test_state_export(stabilizer_state_t state, const test_state_t *s);

/* Terms that are likely to matter: near the stabilizer group, and differing by
   strings that commute with the generators. */
void test_sum_random(test_sum_t *sum, const test_state_t *state,
                     const unsigned *generators, size_t count);
/* Initialises out. */
void test_sum_export(pauli_sum_t out, const test_sum_t *sum);

/* TAP comment lines: operator file with observable and state. */
void test_print_inputs(const test_sum_t *sum, const test_state_t *state,
                       const unsigned *generators, size_t count);

#endif
