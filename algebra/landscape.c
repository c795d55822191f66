#include "liescape/landscape.h"

#include <stdlib.h>

#include "algebra/jordan.h"
#include "algebra/string_gradient.h"
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
    "moments of the deep circuit are computed for stabilizer states; this "
    "input state is none";

void landscape_init_strings(landscape_t l, const string_algebra_t g,
                            const generator_set_t set, const ansatz_t ansatz,
                            size_t observable, size_t state) {
  const pauli_sum_struct *o = set->observables + observable;
  const stabilizer_state_struct *rho =
      quantum_state_stabilizer(ansatz->states[state].state);
  if (!rho) {
    landscape_init_unknown(l, set->num_parameters, observable, state,
                           no_stabilizer);
    return;
  }
  landscape_init_empty(l, set->num_parameters, observable, state);
  string_moments_t moments;
  string_moments_init(moments, g, o, rho);
  l->mean_known = true;
  fmpq_set(l->mean, moments->mean);
  l->variance_known = l->gradient_known = moments->variance_known;
  if (moments->variance_known) {
    fmpq_set(l->variance, moments->variance);
    const char *reason =
        string_gradient(l->gradient_variance, moments, g, set, o, rho);
    l->gradient_known = !reason;
    if (reason) l->reason = strdup(reason);
  } else
    l->reason = strdup(moments->reason);
  fmpq_set(l->loss->constant, l->mean);
  jordan_analyse(l, g, o, rho);
  string_moments_clear(moments);
}
