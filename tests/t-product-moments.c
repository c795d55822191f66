/* Moments of the deep circuit for product states: the closed form for algebras
   of all strings against the module of the observable, which shares nothing
   with it; and against stabilizer states written as product states. */
#include <stdlib.h>

#include "algebra/sums/sum_landscape.h"
#include "tests/moment_inputs.h"
#include "tests/tap.h"
#include "algebra/strings/string_landscape.h"

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
    moment_random_sum(h, n, 1);
    ansatz_add_generator(ansatz, h);
    pauli_sum_clear(h);
  }
  ansatz->num_parameters = count;
  moment_random_sum(o, n, 1 + tap_random_below(3));
  moment_random_product(state, n);
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
      *ok = *ok && moment_landscapes_equal(closed, module);
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
