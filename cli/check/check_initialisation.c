#include "cli/check/check_initialisation.h"

#include <string.h>

#include "algebra/check/check_depth.h"
#include "cli/check/check_number.h"
#include "cli/check/check_shots.h"
#include "cli/format/initialisation_json.h"
#include "cli/format/json_number.h"

/* Pairs of strings made for one width; some tenths of a second. */
enum { MAX_PAIRS = 1 << 20, PREC_BITS = 256, NUM_WIDTHS = 8 };

/* The ansatz with normal laws; what it points to but its parameters is borrowed. */
static void with_width(ansatz_struct *out, const ansatz_struct *ansatz,
                       const fmpq_t width) {
  *out = *ansatz;
  out->parameters = flint_malloc((out->num_parameters + 1) * sizeof *out->parameters);
  for (size_t k = 0; k < out->num_parameters; k++) {
    parameter_struct *p = out->parameters + k;
    *p = (parameter_struct){.name = ansatz->parameters[k].name, .law = ANGLE_NORMAL};
    fmpq_init(p->width);
    fmpq_set(p->width, width);
  }
}

static void clear_width(ansatz_struct *ansatz) {
  for (size_t k = 0; k < ansatz->num_parameters; k++)
    fmpq_clear(ansatz->parameters[k].width);
  flint_free(ansatz->parameters);
}

static void check_number(ledger_t *l, const char *key, bool known,
                         const depth_number_t x) {
  if (!known || json_is_null(json_object_get(l->left, key)))
    ledger_open(l, key, open_too_many_pairs);
  else ledger_depth_number(l, key, x);
}

/* mean, variance, median; *fits: try, and whether it did. */
static void check_numbers(ledger_t *l, bool *fits, const check_subject_t *s, size_t index) {
  const ansatz_struct *a = s->ansatz;
  check_depth_t depth;
  depth_number_t median;
  depth_number_init(median);
  check_depth_init(depth, a, subject_written(s, index), subject_given(s, index),
                   a->noise->given, *fits ? MAX_PAIRS : 0);
  *fits = *fits && depth->moments_known;
  bool gradients = *fits && depth->gradients_known &&
                   median_is_known(depth->gradient, depth->num_parameters);
  if (gradients)
    depth_number_set_median(median, depth->gradient, depth->num_parameters, PREC_BITS);
  check_number(l, "mean", *fits, depth->mean);
  check_number(l, "variance", *fits, depth->variance);
  check_number(l, "median_gradient_variance", gradients, median);
  depth_number_clear(median);
  check_depth_clear(depth);
}

static void check_row(ledger_t *parent, bool *fits, const check_subject_t *s, size_t index,
                      size_t row, const json_t *claims, const json_t *again) {
  ansatz_struct changed;
  check_subject_t subject = *s;
  ledger_t l;
  fmpq_t width;
  fmpq_init(width);
  fmpq_set_si(width, 1L << row, 64); /* 1/64 ... 2 */
  ledger_begin(&l, parent->result, claims, "%swidths[%zu].", parent->where, row);
  with_width(&changed, s->ansatz, width);
  subject.ansatz = &changed;
  ledger_fmpq(&l, "width", width);
  if (ledger_said(&l, "reason")) ledger_reason(&l, "reason");
  check_numbers(&l, fits, &subject, index);
  if (s->ansatz->noise->given) check_noise_mean_square(&l, &subject, index);
  else check_depth_mean_square(&l, &subject, index);
  ledger_follows(&l, "shots",
                 json_incref(json_object_get(again, "shots")));
  ledger_follows(&l, "gradients", json_incref(json_object_get(again, "gradients")));
  ledger_end(&l);
  clear_width(&changed);
  fmpq_clear(width);
}

/* Does the certificate say that it holds them? */
static bool is_asked(const json_t *certificate) {
  const json_t *list = json_object_get(certificate, "additions"), *item;
  size_t i;
  json_array_foreach((json_t *)list, i, item)
    if (json_is_string(item) && !strcmp(json_string_value(item), "widths")) return true;
  return false;
}

void check_initialisation(ledger_t *parent, const check_subject_t *s,
                          const json_t *certificate, size_t index) {
  static const char key[] = "initialisation";
  const json_t *claim = json_object_get(parent->left, key);
  bool fits = true;
  ledger_t l;
  if (!claim) {
    if (is_asked(certificate)) ledger_fails(parent, key, "it is missing");
    return;
  }
  json_t *again = json_deep_copy(claim);
  initialisation_judge(again, certificate);
  ledger_begin_at(&l, parent, key);
  ledger_text(&l, "law", "normal");
  ledger_bool(&l, "noisy", s->ansatz->noise->given);
  const json_t *rows = ledger_take(&l, "widths"), *expected = json_object_get(again, "widths");
  if (json_array_size(rows) != NUM_WIDTHS)
    ledger_fails(&l, "widths", "there are %d", NUM_WIDTHS);
  for (size_t i = 0; i < NUM_WIDTHS && json_array_size(rows) == NUM_WIDTHS; i++)
    check_row(&l, &fits, s, index, i, json_array_get(rows, i), json_array_get(expected, i));
  ledger_follows(&l, "best", json_incref(json_object_get(again, "best")));
  ledger_end(&l);
  json_decref(again);
}
