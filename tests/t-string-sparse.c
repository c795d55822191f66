/* Moments and covariances for states of few strings, by the terms of the state,
   against the module of the observable, which shares nothing with it; and, with
   generators and circuits of any kind, against stabilizer states whose whole group
   is written out as a sum. */
#include <stdlib.h>

#include "algebra/strings/string_gradient.h"
#include "algebra/strings/string_sparse.h"
#include "algebra/sums/sum_landscape.h"
#include "tests/moment_inputs.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"
#include "algebra/strings/string_landscape.h"
#include "algebra/spectrum/positive.h"

static void random_string(uint64_t *s, size_t n) {
  s[0] = tap_random_below((size_t)1 << n);
  s[1] = tap_random_below((size_t)1 << n);
}

/* The identity and strings with coefficients whose moduli add up to 1 or less. */
static void random_state(quantum_state_t out, size_t n) {
  size_t terms = 1 + tap_random_below(6);
  uint64_t s[2] = {0, 0};
  pauli_sum_t sum;
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, n);
  fmpq_one(c);
  pauli_sum_push(sum, c, s);
  for (size_t t = 0; t < terms; t++) {
    random_string(s, n);
    fmpq_set_si(c, tap_random_below(2) ? 1 : -1, terms + tap_random_below(2));
    if (s[0] | s[1]) pauli_sum_push(sum, c, s);
  }
  pauli_sum_canonicalise(sum);
  quantum_state_init(out, n);
  if (quantum_state_set_pauli(out, sum) != STATUS_OK) abort();
  pauli_sum_clear(sum);
  fmpq_clear(c);
}

/* --- against the module -------------------------------------------------------- */

static long seen_variance, seen_gradient, seen_covariance;

static void count_nonzero(const landscape_t l) {
  seen_variance += !fmpq_is_zero(l->variance);
  for (size_t k = 0; k < l->num_parameters; k++)
    seen_gradient += !fmpq_is_zero(landscape_gradient(l, k));
}

static bool covariances_agree(const string_algebra_t g,
                              const generator_set_t set, const ansatz_t ansatz,
                              sum_landscapes_t sums) {
  const pauli_sum_struct *o = set->observables;
  bool ok = true;
  fmpq_t found, expected;
  fmpq_init(found);
  fmpq_init(expected);
  for (size_t a = 0; a < ansatz->num_states && ok; a++)
    for (size_t b = 0; b < ansatz->num_states && ok; b++) {
      pauli_sum_t few;
      pauli_sum_init(few, set->num_qubits);
      if (quantum_state_expand(few, ansatz->states[a].state,
                               STRING_SPARSE_TERMS)) {
        ok = string_sparse_covariance(found, g, o, few,
                                      ansatz->states[b].state) == STATUS_OK &&
             !sum_landscapes_covariance(expected, sums, 0, a, b) &&
             fmpq_equal(found, expected);
        seen_covariance += a != b && !fmpq_is_zero(expected);
      }
      pauli_sum_clear(few);
    }
  fmpq_clear(found);
  fmpq_clear(expected);
  return ok;
}

static bool module_case(void) {
  size_t n = 1 + tap_random_below(3), count = 1 + tap_random_below(2 * n + 1);
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  sum_landscapes_t sums;
  pauli_sum_t o;
  bool ok = true;
  closure_limits_t limits = {.max_dimension = 100, .max_bytes = 1 << 28,
                             .num_threads = 1};
  ansatz_init(ansatz, ANSATZ_OPERATORS, n);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_t h;
    moment_random_sum(h, n, 1);
    ansatz_add_generator(ansatz, h);
    pauli_sum_clear(h);
  }
  ansatz->num_parameters = count;
  moment_random_sum(o, n, 1 + tap_random_below(4));
  ansatz_add_observable(ansatz, o, "o");
  for (int i = 0; i < 3; i++) {
    quantum_state_t state;
    if (i < 2) random_state(state, n);
    else moment_random_product(state, n);
    ansatz_add_state(ansatz, state, "rho");
    quantum_state_clear(state);
  }
  generator_set_init(set, ansatz);
  uint64_t *rows = generator_set_strings(set);
  string_algebra_init(g, rows, set->num_generators, n);
  flint_free(rows);
  sum_landscapes_init(sums, set, ansatz, NULL, &limits);
  for (size_t i = 0; i < 3 && ok; i++) {
    landscape_t found, expected;
    landscape_init_strings(found, g, set, ansatz, 0, i);
    landscape_init_sums(expected, sums, 0, i);
    ok = moment_landscapes_equal(found, expected);
    count_nonzero(found);
    landscape_clear(found);
    landscape_clear(expected);
  }
  ok = ok && covariances_agree(g, set, ansatz, sums);
  sum_landscapes_clear(sums);
  string_algebra_clear(g);
  generator_set_clear(set);
  pauli_sum_clear(o);
  ansatz_clear(ansatz);
  return ok;
}

/* --- against stabilizer states ------------------------------------------------------ */

/* All strings of the group with their signs. */
static void write_out(pauli_sum_t out, const stabilizer_state_t rho, size_t n) {
  fmpq_t c;
  fmpq_init(c);
  for (uint64_t x = 0; x < UINT64_C(1) << n; x++)
    for (uint64_t z = 0; z < UINT64_C(1) << n; z++) {
      uint64_t s[2] = {x, z};
      int value = stabilizer_state_expectation(rho, s);
      fmpq_set_si(c, value, 1);
      if (value) pauli_sum_push(out, c, s);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
}

static long seen_shifted;

/* A circuit of few parameters, so that they are split or drive sums of strings
   whose products are central. */
static bool group_case(void) {
  size_t n = 2 + tap_random_below(2), count = 3 + tap_random_below(4);
  unsigned strings[8];
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  test_state_t state;
  test_sum_t sum;
  stabilizer_state_t rho;
  pauli_sum_t o, few;
  string_moments_t a, b;
  bool ok = true;
  ansatz_init(ansatz, ANSATZ_CIRCUIT, n);
  for (size_t k = 0; k < 2; k++) ansatz_add_parameter(ansatz, "t", false);
  uint64_t *rows = flint_malloc((2 * count + 1) * sizeof *rows);
  for (size_t j = 0; j < count; j++) {
    angle_t angle;
    fmpq_t one;
    uint64_t s[2];
    do random_string(s, n);
    while (!(s[0] | s[1]));
    strings[j] = (unsigned)(s[0] | s[1] << n);
    fmpq_init(one);
    fmpq_set_si(one, 1 + (slong)tap_random_below(2), 1);
    angle_init(angle);
    angle_add_term(angle, tap_random_below(2), false, one);
    ansatz_add_rotation(ansatz, s, angle, 1);
    memcpy(rows + 2 * j, s, sizeof s);
    angle_clear(angle);
    fmpq_clear(one);
  }
  test_state_init_random(&state, (int)n, strings, count);
  test_sum_random(&sum, &state, strings, count);
  test_state_export(rho, &state);
  test_sum_export(o, &sum);
  ansatz_add_observable(ansatz, o, "o");
  generator_set_init(set, ansatz);
  /* the algebra of all strings that occur, whatever the generators */
  string_algebra_init(g, rows, count, n);
  pauli_sum_init(few, n);
  write_out(few, rho, n);
  string_moments_init(a, g, o, rho);
  string_sparse_moments(b, g, o, few, NULL);
  ok = a->variance_known && b->variance_known && fmpq_equal(a->mean, b->mean) &&
       fmpq_equal(a->variance, b->variance);
  for (size_t c = 0; c < g->num_components && ok; c++)
    ok = fmpq_equal(a->gradient + c, b->gradient + c);
  fmpq x[2], y[2];
  for (int k = 0; k < 2; k++) fmpq_init(x + k), fmpq_init(y + k);
  if (ok) {
    reason_code_t s = string_gradient(x, NULL, a, g, set, o, rho, NULL);
    reason_code_t t = string_gradient(y, NULL, b, g, set, o, NULL, few);
    ok = !s == !t;
    for (int k = 0; k < 2 && !s && ok; k++) {
      ok = fmpq_equal(x + k, y + k);
      seen_shifted += !set->single_strings && !fmpq_is_zero(x + k);
    }
  }
  if (!ok) test_print_inputs(&sum, &state, strings, count);
  for (int k = 0; k < 2; k++) fmpq_clear(x + k), fmpq_clear(y + k);
  string_moments_clear(a);
  string_moments_clear(b);
  pauli_sum_clear(few);
  string_algebra_clear(g);
  generator_set_clear(set);
  test_state_clear(&state);
  stabilizer_state_clear(rho);
  pauli_sum_clear(o);
  flint_free(rows);
  ansatz_clear(ansatz);
  return ok;
}

int main(void) {
  bool ok = true;
  tap_begin("t-string-sparse");
  for (long i = 0; i < tap_iterations(300) && ok; i++)
    ok = module_case();
  tap_ok(ok, "module of the observable: variance, gradients and covariances");
  tap_occurred(seen_variance > 20 && seen_gradient > 20 && seen_covariance > 5,
               "%ld, %ld, %ld of them are not 0", seen_variance, seen_gradient,
               seen_covariance);
  for (long i = 0; i < tap_iterations(2000) && ok; i++)
    ok = group_case();
  tap_ok(ok, "stabilizer groups written out");
  tap_occurred(seen_shifted > 10, "%ld gradients of parameters that drive sums "
               "of strings", seen_shifted);
  return tap_end();
}
