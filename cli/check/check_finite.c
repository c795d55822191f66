#include "cli/check/check_finite.h"

#include <stdio.h>
#include <stdlib.h>

#include "algebra/check/check_depth.h"
#include "cli/check/check_layers.h"
#include "cli/check/check_number.h"
#include "cli/format/certificate_format.h"
#include "cli/check/check_shots.h"
#include "cli/format/json_number.h"
#include "cli/read/noise_spec.h"

/* Pairs of strings made, a few seconds, and memory for them. */
enum { MAX_PAIRS = 1 << 23, MAX_BYTES = 1 << 29, FEW_PAIRS = 1 << 10 };

static const char *const too_many =
    "there are too many pairs of strings for the plain recursion";
static const char *const no_gradient =
    "there are too many pairs of strings for the plain recursion, or a "
    "parameter t occurs both as t and as pi t";

static void check_number(ledger_t *l, const char *key, const depth_number_t x) {
  const json_t *claim = ledger_take(l, key);
  if (finite_number_is_right(claim, x)) {
    ledger_holds(l, key);
    return;
  }
  char *text = depth_number_get_str(x, 20);
  ledger_fails(l, key, "it is %.70s", text);
  free(text);
}

static void check_list(ledger_t *l, const check_depth_t depth) {
  const json_t *list = ledger_take(l, "gradient_variance");
  size_t k = 0, length = depth->num_parameters;
  char name[64];
  if (!json_is_array(list) || json_array_size(list) != length) {
    ledger_fails(l, "gradient_variance", "it is no list of %zu", length);
    return;
  }
  while (k < length &&
         finite_number_is_right(json_array_get(list, k), depth->gradient + k))
    k++;
  if (k == length) {
    ledger_holds(l, "gradient_variance");
    return;
  }
  char *text = depth_number_get_str(depth->gradient + k, 20);
  snprintf(name, sizeof name, "gradient_variance[%zu]", k);
  ledger_fails(l, name, "it is %.70s", text);
  free(text);
}

/* mean, variance and gradient_variance, with the reason for what is null. */
static void check_numbers(ledger_t *l, const check_subject_t *s, size_t index,
                          const quantum_state_struct *rho, bool noisy) {
  const ansatz_struct *ansatz = s->ansatz;
  check_depth_t depth;
  /* a reason: something is null, and no more is claimed than not to know */
  bool partly = ledger_said(l, "reason");
  ledger_text(l, "kind", depth_json_kind(l->left));
  if (json_object_get(l->left, "sampled"))
    ledger_open(l, "sampled", "sampled, not exact");
  size_t pair_bytes = 4 * pauli_words(ansatz->num_qubits) * 8 + 64;
  size_t max_pairs = MAX_BYTES / pair_bytes;
  if (max_pairs > MAX_PAIRS) max_pairs = MAX_PAIRS;
  if (partly) max_pairs = FEW_PAIRS;
  check_depth_init(depth, ansatz,
                   ansatz->observables[index / ansatz->num_states].sum, rho, noisy,
                   max_pairs);
  if (partly && json_is_null(json_object_get(l->left, "mean")))
    ledger_open(l, "mean", too_many);
  else if (depth->moments_known) check_number(l, "mean", depth->mean);
  else ledger_open(l, "mean", too_many);
  if (partly && json_is_null(json_object_get(l->left, "variance")))
    ledger_open(l, "variance", too_many);
  else if (depth->moments_known) check_number(l, "variance", depth->variance);
  else ledger_open(l, "variance", too_many);
  if (partly || !depth->gradients_known)
    ledger_open(l, "gradient_variance", no_gradient);
  else check_list(l, depth);
  if (partly) ledger_reason(l, "reason");
  check_depth_clear(depth);
}

void check_finite(ledger_t *parent, const check_subject_t *s,
                  const json_t *landscape, size_t index) {
  const ansatz_struct *ansatz = s->ansatz;
  size_t states = ansatz->num_states;
  ledger_t l;
  const quantum_state_struct *rho = ansatz->states[index % states].state;
  ledger_begin_at(&l, parent, "finite_depth");
  if (!ansatz_has_laws(ansatz))
    check_layers(&l, s, ansatz->observables[index / states].sum, rho,
                 json_object_get(landscape, "variance"));
  check_numbers(&l, s, index, rho, false);
  check_depth_mean_square(&l, s, index);
  ledger_end(&l);
}

void check_noise(ledger_t *parent, const check_subject_t *s,
                 const json_t *landscape, size_t index) {
  const ansatz_struct *ansatz = s->ansatz;
  size_t states = ansatz->num_states;
  ledger_t l;
  const quantum_state_struct *rho = ansatz->states[index % states].state;
  if (!ansatz->noise->given) return; /* nobody takes one that is there */
  ledger_begin_at(&l, parent, "noise");
  char *channel = noise_spec_text(ansatz->noise);
  ledger_text(&l, "channel", channel);
  ledger_size(&l, "places", ansatz->num_places);
  free(channel);
  if (!ansatz_has_laws(ansatz))
    check_noise_layers(&l, s, ansatz->observables[index / states].sum, rho,
                       cert_at(landscape, "finite_depth.layers") != NULL);
  check_numbers(&l, s, index, rho, true);
  check_noise_mean_square(&l, s, index);
  ledger_end(&l);
}
