/* depth_tools.h - small circuits for the tests of finite depth. */
#ifndef LIESCAPE_TESTS_DEPTH_TOOLS_H
#define LIESCAPE_TESTS_DEPTH_TOOLS_H

#include "algebra/depth/finite_depth.h"
#include "tests/ref_grid.h"
#include "tests/tap.h"

/* Adds a parameter / a rotation by num/den of it about a word like "XIZ". */
size_t tool_parameter(ansatz_t ansatz);
void tool_rotation(ansatz_t ansatz, const char *word, size_t parameter,
                   slong num, ulong den);
/* A rotation by the constant pi num/den. */
void tool_constant(ansatz_t ansatz, const char *word, slong num, ulong den);
/* Sum of words, coefficients 1. Initialises sum. */
void tool_observable(pauli_sum_t sum, size_t num_qubits, const char **words,
                     size_t num_words);
/* Is x exactly num/den? Prints it if not. */
bool tool_is(const depth_number_t x, slong num, ulong den);

/* Its middle. */
double tool_value(const depth_number_t x);

typedef enum {
  TOOL_INDEPENDENT, /* every gate its own parameter; Cliffords between */
  TOOL_SHARED,      /* parameters anywhere, integer and rational slopes */
  TOOL_EIGHTH,      /* as shared, with constants that are multiples of pi/4 */
  TOOL_ANY          /* as shared, with any constants */
} tool_kind_t;

typedef struct {
  ansatz_t ansatz;
  pauli_sum_t observable;
  stabilizer_state_t stabilizer;
  product_state_t product;
  bool use_product;
  bool noisy; /* compare with noise */
} tool_case_t;

/* 1..4 qubits, at most 5 parameters, a grid of at most 1500 points. */
void tool_random_case(tool_case_t *c, tool_kind_t kind);
/* Adds a channel and up to 12 places, or flips of measured bits, or both. */
void tool_random_noise(tool_case_t *c);
void tool_case_clear(tool_case_t *c);
depth_state_t tool_state(const tool_case_t *c);
/* Prints the circuit, the observable and the state. */
void tool_case_print(const tool_case_t *c);
typedef struct {
  long nonzero; /* cases with a variance */
  long checked; /* that check did not give up */
} tool_tally_t;

/* Mean, second moment, variance, every gradient, as certify finds them and as check does:
   equal to the grid. Sets the laws of the parameters. */
bool tool_compare(tool_case_t *c, const depth_distribution_t *laws, tool_tally_t *tally);

#endif
