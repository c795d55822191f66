/* Moments of the deep circuit for product states, and covariances of two: the closed
   form for algebras of all strings on qubits of their own against the module of the observable, which shares nothing
   with it; and against stabilizer states written as product states. */
#include <string.h>

#include "algebra/strings/string_product.h"
#include "algebra/strings/string_landscape.h"
#include "algebra/sums/sum_landscape.h"
#include "tests/moment_inputs.h"
#include "tests/tap.h"

/* One string, often on one side of the cut only; the last qubit is often idle. */
static void random_generator(pauli_sum_t h, size_t n, size_t cut, size_t busy) {
  uint64_t row[2], side = (UINT64_C(1) << cut) - 1;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  moment_random_sum(h, n, 1);
  memcpy(row, pauli_sum_string(h, 0), sizeof row);
  if (tap_random_below(2)) side = ~side;
  side &= (UINT64_C(1) << busy) - 1;
  row[0] &= side;
  row[1] &= side;
  if (!(row[0] | row[1])) row[0] = side & -side;
  pauli_sum_zero(h);
  pauli_sum_push(h, one, row);
  fmpq_clear(one);
}

/* Covariance with another product state. */
static bool covariances_agree(const string_algebra_t g, const ansatz_t ansatz,
                              const generator_set_t set,
                              const closure_limits_t *limits) {
  product_state_t a, b;
  sum_landscapes_t sums;
  fmpq_t x, y;
  fmpq_init(x);
  fmpq_init(y);
  product_state_init(a, set->num_qubits);
  product_state_init(b, set->num_qubits);
  sum_landscapes_init(sums, set, ansatz, NULL, limits);
  bool ok = string_product_factors(a, ansatz->states[0].state) &&
            string_product_factors(b, ansatz->states[1].state) &&
            !sum_landscapes_covariance(y, sums, 0, 0, 1);
  if (ok) {
    string_product_covariance(x, g, set->observables, a, b);
    ok = fmpq_equal(x, y);
    if (!ok) tap_diag("covariance %g, expected %g", fmpq_get_d(x), fmpq_get_d(y));
  }
  sum_landscapes_clear(sums);
  product_state_clear(a);
  product_state_clear(b);
  fmpq_clear(x);
  fmpq_clear(y);
  return ok;
}

/* Returns whether the closed form applied. */
static bool run_case(bool *ok, long *by_form, long *several) {
  size_t n = 2 + tap_random_below(2), count = 2 * n + tap_random_below(4);
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  landscape_t closed, module;
  sum_landscapes_t sums;
  pauli_sum_t o;
  quantum_state_t state, other;
  bool local = tap_random_below(2);
  size_t cut = 1 + tap_random_below(n - 1), busy = n - (n > 2 && tap_random_below(2));
  closure_limits_t limits = {.max_dimension = 100, .max_bytes = 1 << 28,
                             .num_threads = 1};
  ansatz_init(ansatz, ANSATZ_OPERATORS, n);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_t h;
    if (local) {
      random_generator(h, n, cut, busy);
    } else {
      moment_random_sum(h, n, 1);
    }
    ansatz_add_generator(ansatz, h);
    pauli_sum_clear(h);
  }
  ansatz->num_parameters = count;
  moment_random_sum(o, n, 1 + tap_random_below(3));
  moment_random_product(state, n);
  ansatz_add_observable(ansatz, o, "o");
  ansatz_add_state(ansatz, state, "rho");
  moment_random_product(other, n);
  ansatz_add_state(ansatz, other, "sigma");
  generator_set_init(set, ansatz);
  bool applies = set->single_strings &&
                 !quantum_state_stabilizer(ansatz->states[0].state);
  if (applies) {
    uint64_t *rows = generator_set_strings(set);
    string_algebra_init(g, rows, set->num_generators, n);
    flint_free(rows);
    landscape_init_strings(closed, g, set, ansatz, 0, 0);
    applies = closed->variance_known && string_product_applies(g);
    if (applies) {
      sum_landscapes_init(sums, set, ansatz, NULL, &limits);
      landscape_init_sums(module, sums, 0, 0);
      *ok = *ok && moment_landscapes_equal(closed, module);
      *ok = covariances_agree(g, ansatz, set, &limits) && *ok;
      *several += g->num_components > 1;
      *by_form += g->components[0].q_consistent;
      landscape_clear(module);
      sum_landscapes_clear(sums);
    }
    landscape_clear(closed);
    string_algebra_clear(g);
  }
  generator_set_clear(set);
  quantum_state_clear(state);
  quantum_state_clear(other);
  pauli_sum_clear(o);
  ansatz_clear(ansatz);
  return applies;
}

int main(void) {
  bool ok = true;
  long applied = 0, by_form = 0, several = 0;
  tap_begin("t-product-moments");
  for (long i = 0; i < tap_iterations(400) && ok; i++)
    applied += run_case(&ok, &by_form, &several);
  tap_ok(ok, "closed form and module agree");
  tap_diag("several components: %ld", several);
  tap_occurred(several > 5 && applied > 20 && by_form > 3 && by_form < applied,
               "it applied %ld times, %ld of them with a quadratic form",
               applied, by_form);
  return tap_end();
}
