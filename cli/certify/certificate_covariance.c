#include "cli/certify/certificate_covariance.h"

#include <stdlib.h>

#include "algebra/analysis/covariance.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

enum { MAX_STATES = 64 };

/* Entry (i, j) for i <= j, or null; *reason is set then. */
static json_t *entry_json(const analysis_t c, size_t observable, size_t i,
                          size_t j, reason_code_t *reason) {
  fmpq_t value;
  fmpq_init(value);
  reason_code_t why = analysis_covariance(value, c, observable, i, j);
  json_t *json = why ? json_null() : json_fmpq(value);
  if (why) *reason = why;
  fmpq_clear(value);
  return json;
}

static json_t *matrix_json(const analysis_t c, size_t observable,
                           reason_code_t *reason) {
  size_t states = c->ansatz->num_states;
  json_t *rows = json_array();
  for (size_t i = 0; i < states; i++) {
    json_t *row = json_array();
    for (size_t j = 0; j < states; j++)
      json_array_append_new(
          row, j < i ? json_incref(json_array_get(json_array_get(rows, j), i))
                     : entry_json(c, observable, i, j, reason));
    json_array_append_new(rows, row);
  }
  return rows;
}

json_t *certificate_covariance(const analysis_t c) {
  const ansatz_struct *a = c->ansatz;
  if (a->num_states < 2) return NULL;
  json_t *list = json_array();
  for (size_t o = 0; o < a->num_observables; o++) {
    reason_code_t reason = REASON_NONE;
    char *text = pauli_sum_get_str(a->observables[o].sum);
    json_t *states = json_array(), *entry;
    for (size_t i = 0; i < a->num_states; i++)
      json_array_append_new(states, json_string(a->states[i].text));
    bool many = a->num_states > MAX_STATES;
    json_t *matrix = many ? json_null() : matrix_json(c, o, &reason);
    entry = json_pack("{s:s, s:o, s:o}", "observable", text, "states", states,
                      "matrix", matrix);
    json_set_code(entry, "reason", many ? REASON_TOO_MANY_STATES : reason);
    json_array_append_new(list, entry);
    free(text);
  }
  return list;
}
