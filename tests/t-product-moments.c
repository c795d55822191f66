/* Moments of the deep circuit for product states: the closed form for algebras
   of all strings against the module of the observable, which shares nothing
   with it; and against stabilizer states written as product states. */
#include <stdlib.h>

#include "liescape/landscape.h"
#include "liescape/sum_landscape.h"
#include "tests/depth_tools.h"

/* x^2 + y^2 + z^2 <= 1 */
static const slong vectors[6][4] = {{3, 0, 4, 5}, {2, -1, 2, 3}, {1, 1, -1, 2},
                                    {0, 0, 1, 1}, {0, 0, 0, 1}, {-2, 3, 6, 7}};

static void random_state(quantum_state_t out, size_t n) {
  product_state_t p;
  fmpq_t v[3];
  product_state_init(p, n);
  for (int c = 0; c < 3; c++) fmpq_init(v[c]);
  for (size_t q = 0; q < n; q++) {
    const slong *row = vectors[tap_random_below(6)];
    for (int c = 0; c < 3; c++) fmpq_set_si(v[c], row[c], (ulong)row[3]);
    product_state_set_bloch(p, q, v[0], v[1], v[2]);
  }
  quantum_state_init(out, n);
  quantum_state_set_product(out, p);
  for (int c = 0; c < 3; c++) fmpq_clear(v[c]);
  product_state_clear(p);
}

static void random_sum(pauli_sum_t sum, size_t n, size_t terms) {
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, n);
  while (pauli_sum_is_zero(sum)) {
    for (size_t t = 0; t < terms; t++) {
      uint64_t s[2] = {tap_random_below((size_t)1 << n),
                       tap_random_below((size_t)1 << n)};
      if (terms == 1 && !(s[0] | s[1])) continue;
      fmpq_set_si(c, (slong)tap_random_below(5) - 2, 1 + tap_random_below(2));
      pauli_sum_push(sum, c, s);
    }
    pauli_sum_canonicalise(sum);
  }
  fmpq_clear(c);
}

static bool equal(const landscape_t a, const landscape_t b) {
  bool ok = a->mean_known && b->mean_known && fmpq_equal(a->mean, b->mean) &&
            a->variance_known && b->variance_known &&
            fmpq_equal(a->variance, b->variance) && a->gradient_known &&
            b->gradient_known;
  for (size_t k = 0; ok && k < a->num_parameters; k++)
    ok = fmpq_equal(a->gradient_variance + k, b->gradient_variance + k);
  return ok;
}

/* Returns whether the closed form applied. */
static bool run_case(bool *ok, long *by_form) {
  size_t n = 2 + tap_random_below(2), count = 2 * n + tap_random_below(4);
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  landscape_t closed, module;
  sum_landscapes_t sums;
  pauli_sum_t o;
  quantum_state_t state;
  closure_limits_t limits = {.max_dimension = 100, .max_bytes = 1 << 28,
                             .num_threads = 1};
  ansatz_init(ansatz, ANSATZ_OPERATORS, n);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_t h;
    random_sum(h, n, 1);
    ansatz_add_generator(ansatz, h);
    pauli_sum_clear(h);
  }
  ansatz->num_parameters = count;
  random_sum(o, n, 1 + tap_random_below(3));
  random_state(state, n);
  ansatz_add_observable(ansatz, o, "o");
  ansatz_add_state(ansatz, state, "rho");
  generator_set_init(set, ansatz);
  bool applies = set->single_strings &&
                 !quantum_state_stabilizer(ansatz->states[0].state);
  if (applies) {
    uint64_t *rows = generator_set_strings(set);
    string_algebra_init(g, rows, set->num_generators, n);
    flint_free(rows);
    landscape_init_strings(closed, g, set, ansatz, 0, 0);
    applies = closed->variance_known;
    if (applies) {
      sum_landscapes_init(sums, set, ansatz, NULL, &limits);
      landscape_init_sums(module, sums, 0, 0);
      *ok = *ok && equal(closed, module);
      *by_form += g->components[0].q_consistent;
      landscape_clear(module);
      sum_landscapes_clear(sums);
    }
    landscape_clear(closed);
    string_algebra_clear(g);
  }
  generator_set_clear(set);
  quantum_state_clear(state);
  pauli_sum_clear(o);
  ansatz_clear(ansatz);
  return applies;
}

int main(void) {
  bool ok = true;
  long applied = 0, by_form = 0;
  tap_begin("t-product-moments");
  for (long i = 0;
       (i < tap_iterations(400) || ((applied <= 20 || by_form <= 3) && i < 400)) && ok;
       i++)
    applied += run_case(&ok, &by_form);
  tap_ok(ok, "closed form and module agree");
  tap_ok(applied > 20 && by_form > 3 && by_form < applied,
         "it applied %ld times, %ld of them with a quadratic form", applied,
         by_form);
  return tap_end();
}
