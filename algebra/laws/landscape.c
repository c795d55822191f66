#include "algebra/laws/landscape.h"

#include <string.h>

void landscape_init_empty(landscape_t l, size_t num_parameters,
                          size_t observable, size_t state) {
  memset(l, 0, sizeof *l);
  l->observable = observable;
  l->state = state;
  l->num_parameters = num_parameters;
  fmpq_init(l->mean);
  fmpq_init(l->variance);
  fmpq_init(l->mean_error);
  fmpq_init(l->variance_error);
  fmpq_init(l->gradient_error);
  fmpq_init(l->mean_square);
  l->gradient_variance =
      flint_calloc(num_parameters + 1, sizeof *l->gradient_variance);
  l->gradient_in_pi =
      flint_calloc(num_parameters + 1, sizeof *l->gradient_in_pi);
  l->gradient_at = flint_malloc((num_parameters + 1) * sizeof *l->gradient_at);
  for (size_t k = 0; k < num_parameters; k++) {
    fmpq_init(l->gradient_variance + k);
    l->gradient_at[k] = k;
  }
  laws_loss_init(l->loss);
  l->wishart_applies = ANSWER_UNDECIDED;
}

static void clear_blocks(landscape_t l) {
  for (size_t i = 0; i < l->num_blocks; i++) {
    fmpz_clear(l->blocks[i].index);
    laws_block_clear(l->blocks[i].law);
  }
  l->num_blocks = 0;
}

void landscape_drop_blocks(landscape_t l) {
  clear_blocks(l);
  laws_loss_clear(l->loss);
  laws_loss_init(l->loss);
  fmpq_set(l->loss->constant, l->mean);
}

void landscape_clear(landscape_t l) {
  for (size_t k = 0; k < l->num_parameters; k++)
    fmpq_clear(l->gradient_variance + k);
  flint_free(l->gradient_variance);
  flint_free(l->gradient_in_pi);
  flint_free(l->gradient_at);
  clear_blocks(l);
  flint_free(l->blocks);
  laws_loss_clear(l->loss);
  fmpq_clear(l->mean);
  fmpq_clear(l->variance);
  fmpq_clear(l->mean_square);
  fmpq_clear(l->mean_error);
  fmpq_clear(l->variance_error);
  fmpq_clear(l->gradient_error);
}

static void add_norm(fmpq_t out, const pauli_sum_t sum) {
  fmpq_t t;
  fmpq_init(t);
  for (size_t i = 0; i < sum->length; i++) {
    fmpq_abs(t, sum->coeffs + i);
    fmpq_add(out, out, t);
  }
  fmpq_clear(t);
}

/* A bound of the norm of the generator of any parameter. */
static void greatest_norm(fmpq_t out, const generator_set_t set) {
  fmpq_t h, t;
  fmpq_init(h);
  fmpq_init(t);
  fmpq_zero(out);
  for (size_t u = 0; u < set->num_uses; u++) {
    const generator_use_struct *use = set->uses + u;
    if (u && use->parameter != use[-1].parameter) fmpq_zero(h);
    fmpq_zero(t);
    add_norm(t, set->generators + use->generator);
    fmpq_mul(t, t, use->scale);
    fmpq_abs(t, t);
    fmpq_mul_si(t, t, (use->root > 1 ? 3 : 1) * (use->times_pi ? 4 : 1));
    fmpq_add(h, h, t);
    if (fmpq_cmp(h, out) > 0) fmpq_set(out, h);
  }
  fmpq_clear(h);
  fmpq_clear(t);
}

/* l is linear in O and rho, |l| <= B = |O| and |dl| <= 2 h B for a generator of norm
   h. With |l - l'| <= d = |O - O'| + |O| |rho - rho'|: the mean is off by d at most,
   E[l^2] and (E l)^2 by 2 B d each, E[(dl)^2] by 2 (2 h B) (2 h d). */
void landscape_set_errors(landscape_t l, const generator_set_t set) {
  fmpq_t norm, h;
  bool *mixed = flint_malloc((l->num_parameters + 1) * sizeof *mixed);
  if (l->num_parameters == set->num_parameters)
    generator_set_units(l->gradient_in_pi, mixed, set);
  flint_free(mixed);
  fmpq_init(norm);
  fmpq_init(h);
  add_norm(norm, set->observables + l->observable);
  fmpq_mul(l->mean_error, norm, set->inputs[l->state].error);
  fmpq_add(l->mean_error, l->mean_error,
           set->observable_errors + l->observable);
  fmpq_add(norm, norm, set->observable_errors + l->observable);
  fmpq_mul(l->variance_error, norm, l->mean_error);
  fmpq_mul_2exp(l->variance_error, l->variance_error, 2);
  if (!fmpq_is_zero(l->variance_error)) greatest_norm(h, set);
  fmpq_mul(l->gradient_error, l->variance_error, h);
  fmpq_mul(l->gradient_error, l->gradient_error, h);
  fmpq_mul_2exp(l->gradient_error, l->gradient_error, 1);
  fmpq_clear(norm);
  fmpq_clear(h);
}

bool landscape_has_pi(const landscape_t l) {
  for (size_t k = 0; k < l->num_parameters; k++)
    if (l->gradient_in_pi[k] && !fmpq_is_zero(landscape_gradient(l, k))) return true;
  return false;
}

void landscape_init_unknown(landscape_t l, size_t num_parameters,
                            size_t observable, size_t state,
                            reason_code_t reason) {
  landscape_init_empty(l, num_parameters, observable, state);
  l->reason = reason;
  l->wishart_reason = reason_of(reason);
}
