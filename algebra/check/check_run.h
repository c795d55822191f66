/* check_run.h - for `liescape check`: one run of pairs of strings through a circuit, from the
   observable to the input state, and numbers made of its tables; see check_depth.h.

   Layer: algebra, above check_pairs. */
#ifndef LIESCAPE_ALGEBRA_CHECK_RUN_H
#define LIESCAPE_ALGEBRA_CHECK_RUN_H

#include "algebra/base/depth_number.h"
#include "algebra/base/quantum_state.h"
#include "algebra/check/check_pairs.h"

typedef struct {
  const pairs_circuit_t *c;
  size_t length;  /* steps; tables 0 .. length */
  size_t *gates;  /* of step s, from tables[s] to tables[s + 1] */
  pairs_table_t *tables;
  zeta_t **values; /* per table; filled by run_backwards */
  ulong *scales;   /* of them: over 2^scale, 0 at the end */
  fmpz *errors;    /* of them, each at most; see check_round.h */
  pairs_images_t images;
  size_t *budget;
  fmpz_t unit; /* initial weights are over this, and values later on */
  fmpz_t one;  /* a value of 1, at the end */
} pairs_run_t;

void pairs_run_init(pairs_run_t *r, const pairs_circuit_t *c, size_t *budget);
void pairs_run_clear(pairs_run_t *r);
/* Pairs of terms in the first table, or terms with the identity. */
void pairs_run_start(pairs_run_t *r, const pauli_sum_t o, bool pairs);

/* Through all gates; false when the budget is spent. */
bool pairs_run_forward(pairs_run_t *r);

/* Tr(rho .) of strings. */
typedef struct {
  const quantum_state_struct *state;
  bool stabilizer;
  stabilizer_echelon_t echelon;
} pairs_input_t;

void pairs_input_init(pairs_input_t *in, const quantum_state_struct *state);
void pairs_input_clear(pairs_input_t *in);
/* Tr(rho Q) Tr(rho Q') of every row of the last table; with another state, over both
   orders, and the weights over twice the unit. Whole numbers, over a larger unit. */
void pairs_run_end(pairs_run_t *r, const pairs_input_t *input, const pairs_input_t *other);
/* Real part of total / (unit 2^scale): w_0 + (w_1 - w_3)/sqrt 2. */
void pairs_set_number(depth_number_t out, const zeta_t *total,
                       const fmpz_t unit, ulong scale);
/* A ball where that total is off by error. */
void pairs_add_error(depth_number_t out, const fmpz_t error, const fmpz_t unit, ulong scale);
/* unit noise_unit^(2 places). */
void pairs_set_unit(fmpz_t out, const pairs_run_t *r, const fmpz_t unit, ulong places);
/* The rows of t with weight -e e', e' of the other side, and no tracked exponent. */
void pairs_square_exponents(pairs_table_t *out, const pairs_run_t *r, const pairs_table_t *t);
/* out, which is initialised here, = in. */
void pairs_table_copy(pairs_table_t *out, const pairs_run_t *r, const pairs_table_t *in);
/* Of weights of t times values of table `at` of the run. */
static inline ulong pairs_scale(const pairs_run_t *r, const pairs_table_t *t, size_t at) {
  return t->scale + r->scales[at];
}
/* Is the value of a row known at the end only? */
bool pairs_to_the_end(const pairs_circuit_t *c);
/* total += weight value over the rows of t, which are folded, values those of the rows of
   `of`; rows without weight need not be there: ways of a gate that cancel are left out.
   False: one with a weight is not. */
bool pairs_sum_values(zeta_t *total, const pairs_table_t *t, const pairs_table_t *of,
                      const zeta_t *values);
/* error = of that total, with the values of table `at` of the run. */
void pairs_sum_error(fmpz_t error, const pairs_run_t *r, const pairs_table_t *t, size_t at);
/* second - mean^2. */
void pairs_set_variance(depth_number_t v, const depth_number_struct *m,
                        const depth_number_struct *q);
/* Each letter that is measured is flipped with probability r. */
void pairs_flip_letters(pauli_sum_t out, const pauli_sum_t op, const ansatz_t ansatz,
                         bool noisy);

#endif
