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

static const char *const no_gradient =
    "there are too many pairs of strings for the plain recursion, or a "
    "parameter t occurs both as t and as pi t";

static void check_list(ledger_t *l, const check_depth_t depth) {
  static const char key[] = "gradient_variance";
  size_t k = 0, length = depth->num_parameters;
  const json_t *list = ledger_take_list(l, key, length);
  char name[64];
  bool sure = true, right;
  if (!list) return;
  for (; k < length; k++) {
    bool known =
        finite_number_is_known(&right, json_array_get(list, k), depth->gradient + k);
    if (!right) break;
    sure = sure && known;
  }
  if (k == length) {
    if (sure) ledger_holds(l, key);
    else ledger_left_open(l, key, ball_reason);
    return;
  }
  char *text = depth_number_get_str(depth->gradient + k, 20);
  snprintf(name, sizeof name, "%s[%zu]", key, k);
  ledger_fails(l, name, "it is %.70s", text);
  free(text);
}

/* partly: null claims no more than not to know. */
static void check_moment(ledger_t *l, const char *key, bool partly, const check_depth_t depth,
                         const depth_number_t x) {
  if ((partly && json_is_null(json_object_get(l->left, key))) || !depth->moments_known)
    ledger_open(l, key, open_too_many_pairs);
  else ledger_depth_number(l, key, x);
}

/* low <= estimate <= high, wherever these are numbers. */
static bool intervals_are_in_order(const json_t *json) {
  const json_t *low = json_object_get(json, "low"), *high = json_object_get(json, "high");
  const json_t *estimate = json_object_get(json, "estimate"), *item;
  const char *key;
  size_t i;
  bool fine = true;
  if (json_is_number(low) && json_is_number(high) && json_is_number(estimate))
    fine = json_number_value(low) <= json_number_value(estimate) &&
           json_number_value(estimate) <= json_number_value(high);
  json_array_foreach((json_t *)json, i, item) fine = fine && intervals_are_in_order(item);
  if (json_is_object(json))
    json_object_foreach((json_t *)json, key, item)
      fine = fine && intervals_are_in_order(item);
  return fine;
}

/* mean, variance and gradient_variance, with the reason for what is null. */
static void check_numbers(ledger_t *l, const check_subject_t *s, size_t index, bool noisy) {
  check_depth_t depth;
  bool partly = ledger_said(l, "reason");
  ledger_text(l, "kind", depth_json_kind(l->left));
  if (json_object_get(l->left, "sampled")) {
    if (!intervals_are_in_order(json_object_get(l->left, "sampled")))
      ledger_fails(l, "sampled", "an estimate lies outside of its interval");
    ledger_open(l, "sampled", "sampled, not exact");
  }
  size_t pair_bytes = 4 * pauli_words(s->ansatz->num_qubits) * 8 + 64;
  size_t max_pairs = MAX_BYTES / pair_bytes;
  if (max_pairs > MAX_PAIRS) max_pairs = MAX_PAIRS;
  if (partly) max_pairs = FEW_PAIRS;
  check_depth_init(depth, s->ansatz, subject_written(s, index), subject_given(s, index), noisy,
                   max_pairs);
  check_moment(l, "mean", partly, depth, depth->mean);
  check_moment(l, "variance", partly, depth, depth->variance);
  if (partly || !depth->gradients_known)
    ledger_open(l, "gradient_variance", no_gradient);
  else check_list(l, depth);
  if (partly) ledger_reason(l, "reason");
  check_depth_clear(depth);
}

void check_finite(ledger_t *parent, const check_subject_t *s,
                  const json_t *landscape, size_t index) {
  ledger_t l;
  ledger_begin_at(&l, parent, "finite_depth");
  if (!ansatz_has_laws(s->ansatz))
    check_layers(&l, s, subject_written(s, index), subject_given(s, index),
                 json_object_get(landscape, "variance"));
  check_numbers(&l, s, index, false);
  check_depth_mean_square(&l, s, index);
  ledger_end(&l);
}

void check_noise(ledger_t *parent, const check_subject_t *s,
                 const json_t *landscape, size_t index) {
  const ansatz_struct *ansatz = s->ansatz;
  ledger_t l;
  if (!ansatz->noise->given) return; /* nobody takes one that is there */
  ledger_begin_at(&l, parent, "noise");
  char *channel = noise_spec_text(ansatz->noise);
  ledger_text(&l, "channel", channel);
  ledger_size(&l, "places", ansatz->num_places);
  free(channel);
  if (!ansatz_has_laws(ansatz))
    check_noise_layers(&l, s, subject_written(s, index), subject_given(s, index),
                       cert_at(landscape, "finite_depth.layers") != NULL);
  check_numbers(&l, s, index, true);
  check_noise_mean_square(&l, s, index);
  ledger_end(&l);
}
