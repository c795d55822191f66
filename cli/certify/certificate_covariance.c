#include "cli/certify/certificate_covariance.h"

#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

/* The matrix of an observable; *reason: of the last entry that is not known. */
static json_t *matrix_json(const covariances_t c, size_t observable,
                           reason_code_t *reason) {
  size_t n = c->num_states, at = observable * n * n;
  json_t *rows = json_array();
  for (size_t i = 0; i < n; i++) {
    json_t *row = json_array();
    for (size_t j = 0; j < n; j++, at++) {
      if (c->reasons[at]) *reason = c->reasons[at];
      json_array_append_new(row, c->reasons[at] ? json_null()
                                                : cert_fmpq(c->values + at));
    }
    json_array_append_new(rows, row);
  }
  return rows;
}

json_t *certificate_covariance(const ansatz_t a, const covariances_t c) {
  if (a->num_states < 2) return NULL;
  json_t *list = json_array();
  for (size_t o = 0; o < a->num_observables; o++) {
    reason_code_t reason = c->values ? REASON_NONE : REASON_TOO_MANY_STATES;
    char *text = pauli_sum_get_str(a->observables[o].sum);
    json_t *states = json_array(), *entry;
    for (size_t i = 0; i < a->num_states; i++)
      json_array_append_new(states, json_string(a->states[i].text));
    json_t *matrix = c->values ? matrix_json(c, o, &reason) : json_null();
    entry = json_pack("{s:s, s:o, s:o}", "observable", text, "states", states,
                      "matrix", matrix);
    cert_set_code(entry, "reason", reason);
    json_array_append_new(list, entry);
    free(text);
  }
  return list;
}
