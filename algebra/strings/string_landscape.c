#include "algebra/strings/string_landscape.h"

#include "algebra/generators/square_mean.h"
#include "algebra/strings/jordan.h"
#include "algebra/strings/string_gradient.h"
#include "algebra/strings/string_product.h"
#include "algebra/strings/string_moments.h"
#include "algebra/strings/string_sparse.h"

static void set_moments(landscape_t l, const string_moments_t moments,
                        const string_algebra_t g, const generator_set_t set,
                        const pauli_sum_t o,
                        const stabilizer_state_struct *rho,
                        const pauli_sum_struct *few) {
  l->mean_known = true;
  fmpq_set(l->mean, moments->mean);
  l->variance_known = l->gradient_known = moments->variance_known;
  if (moments->variance_known) {
    fmpq_set(l->variance, moments->variance);
    reason_code_t reason =
        string_gradient(l->gradient_variance, l->gradient_at, moments, g, set, o, rho,
                        few);
    l->gradient_known = !reason;
    l->reason = reason;
  } else {
    l->reason = moments->reason;
  }
  fmpq_set(l->loss->constant, l->mean);
}

/* For a product state or one of few strings. */
static void set_other(landscape_t l, const string_algebra_t g,
                      const generator_set_t set, const pauli_sum_t o,
                      const quantum_state_t rho) {
  product_state_t product;
  string_moments_t moments;
  pauli_sum_t few;
  pauli_sum_init(few, g->num_qubits);
  product_state_init(product, g->num_qubits);
  bool closed = string_product_applies(g) && string_product_factors(product, rho);
  l->wishart_reason = reason_of(REASON_STATE_NOT_STABILIZER);
  if (closed) {
    string_product_moments(moments, g, o, product);
    set_moments(l, moments, g, set, o, NULL, NULL);
    string_moments_clear(moments);
  } else if (quantum_state_expand(few, rho, STRING_SPARSE_TERMS)) {
    string_sparse_moments(moments, g, o, few, NULL);
    set_moments(l, moments, g, set, o, NULL, few);
    string_moments_clear(moments);
  } else {
    l->reason = REASON_STATE_WITHOUT_CLOSED_FORM;
  }
  pauli_sum_clear(few);
  product_state_clear(product);
}

static void expectation(fmpq_t value, void *data, const uint64_t *string) {
  const quantum_state_struct *const *state = data;
  quantum_state_expectation(value, *state, string);
}

void landscape_set_square(landscape_t l, const string_algebra_t g,
                          const pauli_sum_t o, const quantum_state_t state) {
  const quantum_state_struct *rho = state;
  l->square_bounded = square_mean(l->mean_square, o, g->strings, g->num_strings,
                                  expectation, &rho) != STATUS_OK;
  if (l->square_bounded) square_bound(l->mean_square, o);
}

void landscape_init_strings(landscape_t l, const string_algebra_t g,
                            const generator_set_t set, const ansatz_t ansatz,
                            size_t observable, size_t state) {
  const pauli_sum_struct *o = set->observables + observable;
  const quantum_state_struct *input = set->inputs[state].state;
  (void)ansatz;
  if (!input || !set->observable_known[observable]) {
    landscape_init_unknown(l, set->num_parameters, observable, state,
                           REASON_FIXED_GATES_NOT_MOVED);
    return;
  }
  const stabilizer_state_struct *rho = quantum_state_stabilizer(input);
  landscape_init_empty(l, set->num_parameters, observable, state);
  landscape_set_errors(l, set);
  if (!rho) {
    set_other(l, g, set, o, input);
    return;
  }
  string_moments_t moments;
  string_moments_init(moments, g, o, rho);
  set_moments(l, moments, g, set, o, rho, NULL);
  if (landscape_is_exact(l)) jordan_analyse(l, g, o, rho);
  else l->wishart_reason = reason_of(REASON_IRRATIONAL_BEHIND_FIXED_GATES);
  string_moments_clear(moments);
}
