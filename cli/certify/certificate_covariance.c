#include "cli/certify/certificate_covariance.h"

#include "cli/certify/kernel_analysis.h"
#include "cli/format/certificate_format.h"
#include "cli/format/eigenvalues_json.h"
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
    json_t *matrix = c->values ? matrix_json(c, o, &reason) : json_null();
    json_t *entry = json_pack("{s:o, s:o, s:o}", "observable",
                              observable_json(a->observables[o].sum), "states",
                              states_json(a), "matrix", matrix);
    cert_set_code(entry, "reason", reason);
    json_array_append_new(list, entry);
  }
  return list;
}

/* --- the kernel ------------------------------------------------------------------ */

static void set_matrix(json_t *out, const char *key, const char *eigenvalues_key,
                       const char *reason_key, json_t *rows, reason_code_t reason) {
  json_object_set_new(out, eigenvalues_key,
                      reason ? json_null() : eigenvalues_json(rows));
  if (reason) {
    json_decref(rows);
    rows = json_null();
    cert_set_code(out, reason_key, reason);
  }
  json_object_set_new(out, key, rows);
}

json_t *kernel_analysis_json(const kernel_analysis_t kernel, const ansatz_t ansatz) {
  size_t n = kernel->num_states;
  if (!kernel->present) return NULL;
  json_t *out = json_object(), *deep = json_array(), *depth = json_array();
  json_object_set_new(out, "observable", observable_json(ansatz->observables[0].sum));
  for (size_t i = 0; i < n; i++) {
    json_t *deep_row = json_array(), *depth_row = json_array();
    for (size_t j = 0; j < n; j++) {
      json_array_append_new(deep_row, cert_fmpq(kernel->deep + i * n + j));
      json_array_append_new(depth_row, depth_number_json(kernel->depth + i * n + j));
    }
    json_array_append_new(deep, deep_row);
    json_array_append_new(depth, depth_row);
  }
  json_object_set_new(out, "states", states_json(ansatz));
  set_matrix(out, "deep", "deep_eigenvalues", "deep_reason", deep, kernel->deep_reason);
  set_matrix(out, "finite_depth", "finite_depth_eigenvalues", "finite_depth_reason",
             depth, kernel->depth_reason);
  return out;
}
