#include "liescape/landscape.h"

#include <stdlib.h>

#include "algebra/jordan.h"
#include "algebra/string_gradient.h"
#include "algebra/string_product.h"
#include "liescape/string_moments.h"

void landscape_init_empty(landscape_t l, size_t num_parameters,
                          size_t observable, size_t state) {
  memset(l, 0, sizeof *l);
  l->observable = observable;
  l->state = state;
  l->num_parameters = num_parameters;
  fmpq_init(l->mean);
  fmpq_init(l->variance);
  l->gradient_variance =
      flint_calloc(num_parameters + 1, sizeof *l->gradient_variance);
  for (size_t k = 0; k < num_parameters; k++)
    fmpq_init(l->gradient_variance + k);
  laws_loss_init(l->loss);
  l->wishart_applies = ANSWER_UNDECIDED;
}

void landscape_clear(landscape_t l) {
  for (size_t k = 0; k < l->num_parameters; k++)
    fmpq_clear(l->gradient_variance + k);
  flint_free(l->gradient_variance);
  for (size_t i = 0; i < l->num_blocks; i++) {
    fmpz_clear(l->blocks[i].index);
    laws_block_clear(l->blocks[i].law);
  }
  flint_free(l->blocks);
  laws_loss_clear(l->loss);
  fmpq_clear(l->mean);
  fmpq_clear(l->variance);
  free(l->reason);
  free(l->wishart_reason);
}

void landscape_init_unknown(landscape_t l, size_t num_parameters,
                            size_t observable, size_t state,
                            const char *reason) {
  landscape_init_empty(l, num_parameters, observable, state);
  l->reason = strdup(reason);
  l->wishart_reason = strdup(reason);
}

static const char no_stabilizer[] =
    "for a product state the moments of the deep circuit are computed when the "
    "algebra is one of all strings, or in the module of the observable when "
    "that is small enough";

/* rho: NULL for a product state in closed form. */
static void set_moments(landscape_t l, const string_moments_t moments,
                        const string_algebra_t g, const generator_set_t set,
                        const pauli_sum_t o,
                        const stabilizer_state_struct *rho) {
  l->mean_known = true;
  fmpq_set(l->mean, moments->mean);
  l->variance_known = l->gradient_known = moments->variance_known;
  if (moments->variance_known) {
    fmpq_set(l->variance, moments->variance);
    const char *reason =
        string_gradient(l->gradient_variance, moments, g, set, o, rho);
    l->gradient_known = !reason;
    if (reason) l->reason = strdup(reason);
  } else {
    l->reason = strdup(moments->reason);
  }
  fmpq_set(l->loss->constant, l->mean);
}

static void set_product(landscape_t l, const string_algebra_t g,
                        const generator_set_t set, const pauli_sum_t o,
                        const product_state_struct *rho) {
  string_moments_t moments;
  l->wishart_reason = strdup("the input state is no stabilizer state");
  if (!rho || !string_product_applies(g)) {
    l->reason = strdup(no_stabilizer);
    return;
  }
  string_product_moments(moments, g, o, rho);
  set_moments(l, moments, g, set, o, NULL);
  string_moments_clear(moments);
}

void landscape_init_strings(landscape_t l, const string_algebra_t g,
                            const generator_set_t set, const ansatz_t ansatz,
                            size_t observable, size_t state) {
  const pauli_sum_struct *o = set->observables + observable;
  const quantum_state_struct *input = ansatz->states[state].state;
  const stabilizer_state_struct *rho = quantum_state_stabilizer(input);
  landscape_init_empty(l, set->num_parameters, observable, state);
  if (!rho) {
    set_product(l, g, set, o, quantum_state_product(input));
    return;
  }
  string_moments_t moments;
  string_moments_init(moments, g, o, rho);
  set_moments(l, moments, g, set, o, rho);
  jordan_analyse(l, g, o, rho);
  string_moments_clear(moments);
}
