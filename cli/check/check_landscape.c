#include "cli/check/check_landscape.h"

#include <stdio.h>

#include "cli/check/check_adjoint.h"
#include "cli/check/check_class.h"
#include "algebra/check/check_inputs.h"
#include "cli/check/check_finite.h"
#include "cli/check/check_initialisation.h"
#include "cli/check/check_number.h"
#include "cli/check/check_outlook.h"
#include "cli/check/check_sampled.h"
#include "cli/check/check_shots.h"
#include "cli/format/certificate_format.h"
#include "cli/format/verdict_json.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/recent_json.h"

/* --- exact moments ------------------------------------------------------------------- */

/* Does every entry say the number, times pi^2 where in_pi? Those that are the same object
   are read once. Returns the first that does not, length when all do. */
static size_t first_wrong(const json_t *list, const fmpq *actual, const bool *in_pi,
                          size_t length) {
  recent_json_t recent = {{NULL}, 0};
  fmpq_t numbers[RECENT_JSON];
  size_t k = 0;
  for (size_t i = 0; i < RECENT_JSON; i++) fmpq_init(numbers[i]);
  for (bool right = true, is_new; k < length; k++) {
    const json_t *entry = json_array_get(list, k);
    size_t at = recent_json_place(&recent, entry, &is_new);
    bool with_pi = cert_is_with_pi(entry);
    if (is_new) right = cert_get_rational_part(numbers[at], entry, with_pi);
    if (right && with_pi != in_pi[k]) right = !with_pi && fmpq_is_zero(numbers[at]);
    if (!right || !fmpq_equal(numbers[at], actual + k)) break;
  }
  for (size_t i = 0; i < RECENT_JSON; i++) fmpq_clear(numbers[i]);
  return k;
}

static void check_gradient_list(ledger_t *l, const fmpq *actual, const bool *in_pi,
                                size_t length) {
  const json_t *list = ledger_take_list(l, "gradient_variance", length);
  if (!list) return;
  size_t k = first_wrong(list, actual, in_pi, length);
  if (k < length) {
    char name[64], *text = fmpq_get_str(NULL, 10, actual + k);
    snprintf(name, sizeof name, "gradient_variance[%zu]", k);
    ledger_fails(l, name, "it is %.60s%s", text, in_pi[k] ? "*pi^2" : "");
    flint_free(text);
  } else {
    ledger_holds(l, "gradient_variance");
  }
}

/* What fixed gates turn by irrational numbers, entry by entry. */
static void check_near_gradient(ledger_t *l, const fmpq *actual, const bool *in_pi,
                                size_t length, const fmpq_t error) {
  const json_t *list = json_object_get(l->left, "gradient_variance");
  answer_t answer = ANSWER_YES;
  size_t k = 0;
  if (!json_is_array(list) || json_array_size(list) != length) {
    ledger_take(l, "gradient_variance");
    ledger_fails(l, "gradient_variance", "it is no list of %zu", length);
    return;
  }
  for (; k < length && answer != ANSWER_NO; k++) {
    answer_t one = near_number(json_array_get(list, k), actual + k, error, in_pi[k]);
    if (one != ANSWER_YES) answer = one;
  }
  if (answer == ANSWER_UNDECIDED) {
    ledger_open(l, "gradient_variance", near_reason);
    return;
  }
  ledger_take(l, "gradient_variance");
  if (answer == ANSWER_YES) ledger_holds(l, "gradient_variance");
  else ledger_fails(l, "gradient_variance", "entry %zu is another number", k - 1);
}

/* error: of entries that are irrational; NULL: all are exact. */
static void check_gradient(ledger_t *l, const check_subject_t *s,
                           const fmpq *per_string, size_t index, const fmpq *error) {
  size_t p = s->generators->num_parameters;
  fmpq *gradient = _fmpq_vec_init((slong)p + 1);
  bool rational, *in_pi = flint_calloc(p + 1, sizeof *in_pi);
  if (!check_gradients(gradient, in_pi, &rational, s->components, per_string,
                       subject_observable(s, index), subject_state(s, index),
                       s->max_elements)) {
    ledger_open(l, "gradient_variance", open_long_orbit);
  } else if (rational && error) {
    check_near_gradient(l, gradient, in_pi, p, error);
  } else if (rational) {
    check_gradient_list(l, gradient, in_pi, p);
  } else {
    ledger_null(l, "gradient_variance");
    ledger_code(l, "reason", REASON_PARAMETER_IN_UNITS_OF_PI);
  }
  _fmpq_vec_clear(gradient, (slong)p + 1);
  flint_free(in_pi);
}

/* What is known of the moments, and how well. */
typedef struct {
  fmpq_t mean, variance;
  fmpq_t mean_error, error, gradient_error;
  fmpq *gradient; /* of each string */
  bool counted, turned;
} moments_t;

static void moments_init(moments_t *m, const check_subject_t *s, size_t index) {
  const check_generators_struct *g = s->generators;
  size_t states = s->ansatz->num_states;
  fmpq_init(m->mean);
  fmpq_init(m->variance);
  fmpq_init(m->mean_error);
  fmpq_init(m->error);
  fmpq_init(m->gradient_error);
  m->gradient = _fmpq_vec_init((slong)g->strings->length + 1);
  m->turned = subject_is_turned(s, index);
  check_inputs_errors(m->mean_error, m->error, m->gradient_error, g, index / states,
                      index % states, NULL);
  m->counted = check_any_moments(m->mean, m->variance, m->gradient, s->components,
                                 g->observables + index / states,
                                 subject_state(s, index % states), s->max_elements);
}

static void moments_clear(moments_t *m, const check_subject_t *s) {
  _fmpq_vec_clear(m->gradient, (slong)s->generators->strings->length + 1);
  fmpq_clear(m->mean);
  fmpq_clear(m->variance);
  fmpq_clear(m->mean_error);
  fmpq_clear(m->error);
  fmpq_clear(m->gradient_error);
}

static void take_value(ledger_t *l, const char *key, const moments_t *m,
                       const fmpq_t value, const fmpq_t error) {
  if (m->turned) ledger_near(l, key, value, error);
  else ledger_fmpq(l, key, value);
}

static void check_moments_of(ledger_t *l, const check_subject_t *s,
                             size_t index) {
  const check_generators_struct *g = s->generators;
  bool stabilizer = quantum_state_stabilizer(subject_state(s, index));
  reason_code_t said = ledger_said(l, "reason");
  bool gave_up = said && (said == REASON_ORBIT_COUNT_TOO_LARGE ||
                          (!stabilizer &&
                           json_is_null(json_object_get(l->left, "variance"))));
  bool no_mean = gave_up && json_is_null(json_object_get(l->left, "mean"));
  moments_t m;
  moments_init(&m, s, index);
  if (no_mean && !stabilizer) ledger_null(l, "mean");
  else take_value(l, "mean", &m, m.mean, m.mean_error);
  if (gave_up) {
    ledger_nulls(l, "variance gradient_variance");
    ledger_reason(l, "reason");
  } else if (m.counted) {
    take_value(l, "variance", &m, m.variance, m.error);
    if ((!stabilizer || g->num_split) && said &&
        json_is_null(json_object_get(l->left, "gradient_variance"))) {
      ledger_open(l, "gradient_variance", open_no_claim);
      ledger_reason(l, "reason");
    } else {
      check_gradient(l, s, m.gradient, index, m.turned ? m.gradient_error : NULL);
    }
  } else {
    ledger_opens(l, "variance gradient_variance", open_long_orbit);
  }
  moments_clear(&m, s);
}

/* --- all of it --------------------------------------------------------------------------- */

static void check_strings_landscape(ledger_t *l, const check_subject_t *s,
                                    const json_t *json, size_t index) {
  block_totals_t totals;
  block_totals_init(totals, s->ansatz->num_parameters);
  check_moments_of(l, s, index);
  bool applies = check_wishart_member(totals, l, s, index, json);
  if (totals->readable)
    check_outlook(l, applies ? totals : NULL, json, true);
  block_totals_clear(totals);
}

/* Nothing is claimed but not to know. */
static void check_symbol_landscape(ledger_t *l) {
  ledger_nulls(l, "mean variance gradient_variance");
  ledger_reason(l, "reason");
  check_wishart_unknown(l);
  check_outlook(l, NULL, NULL, false);
}

static void check_other_landscape(ledger_t *l, const char *reason) {
  static const char *const keys[] = {"mean", "variance", "gradient_variance",
                                     "reason", "reason_code", "wishart",
                                     "gaussian_process",
                                     "minima"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (json_object_get(l->left, keys[i])) ledger_open(l, keys[i], reason);
}

static void check_sums_landscape(ledger_t *l, const check_subject_t *s,
                                 const json_t *json, size_t index,
                                 const json_t *sectors) {
  const check_sum_structure_struct *counted = s->counted;
  block_totals_t totals;
  bool applies;
  block_totals_init(totals, s->ansatz->num_parameters);
  check_sum_moments(l, s, index);
  if (counted && counted->is_strings && s->as_strings) {
    check_subject_t strings = *s; /* certified as one of strings */
    strings.components = counted->components;
    applies = check_wishart_member(totals, l, &strings, index, json);
  } else {
    applies = check_sum_wishart_member(totals, l, s, index, json, sectors);
  }
  if (!applies || totals->readable)
    check_outlook(l, applies ? totals : NULL, json, false);
  block_totals_clear(totals);
}

static void check_one(ledger_t *l, const check_subject_t *s,
                      const json_t *json, size_t index, const json_t *sectors) {
  size_t states = s->ansatz->num_states;
  ledger_json(l, "observable", observable_json(subject_written(s, index)));
  ledger_text(l, "state", s->ansatz->states[index % states].text);
  const char *moved = check_generators_unknown(s->generators, index / states,
                                               index % states);
  if (moved)
    check_other_landscape(l, moved);
  else if (s->ansatz->symbol) {
    check_symbol_landscape(l);
  } else if (s->generators->reason)
    check_sums_landscape(l, s, json, index, sectors);
  else check_strings_landscape(l, s, json, index);
  if (moved) {
    ledger_opens(l, "adjoint traps_on_group mean_square mean_square_bounded", moved);
  } else {
    check_adjoint(l, s, index, json);
    check_mean_square(l, s, index);
  }
  check_sampled_curvature(l);
  /* Follows from the rest, by the rule itself. */
  ledger_follows(l, "verdict", verdict_json(s->certificate, json));
  if (s->ansatz->kind == ANSATZ_OPERATORS) {
    ledger_null(l, "finite_depth");
    ledger_code(l, "finite_depth_reason", REASON_NO_DEPTH);
  } else {
    check_finite(l, s, json, index);
    check_noise(l, s, json, index);
    check_initialisation(l, s, s->certificate, index);
  }
}

void check_landscapes(ledger_t *parent, const check_subject_t *s,
                      const json_t *sectors) {
  const json_t *list = ledger_take(parent, "landscapes");
  size_t count = s->ansatz->num_observables * s->ansatz->num_states;
  if (json_array_size(list) != count || !json_is_array(list)) {
    ledger_fails(parent, "landscapes",
                 "there are %zu, one for each observable and state", count);
    return;
  }
  for (size_t j = 0; j < count; j++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, j),
                 "%slandscapes[%zu].", parent->where, j);
    check_one(&l, s, json_array_get(list, j), j, sectors);
    ledger_end(&l);
  }
}
