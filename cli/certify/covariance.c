#include "cli/certify/covariance.h"

#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/terminal/page.h"
#include "liescape/string_covariance.h"
#include "liescape/string_sparse.h"

enum { MAX_SHOWN = 4, MAX_STATES = 64 };

static const char *symbol_reason =
    "coefficients are irrational or hold a symbol; covariances are computed for "
    "rational ones";
static const char *states_reason =
    "there are more than 64 states; ask for the covariances of fewer";
static const char *kind_reason =
    "for two product states, or one and a stabilizer state, the module of the "
    "observable is too large";
static const char *count_reason =
    "counting the strings of an orbit that lie in two stabilizer groups takes "
    "an enumeration that is too large";

/* For generators that are strings; NULL, or why it is not known. */
static const char *strings_covariance(fmpq_t value, const certification_t c,
                                      size_t observable, size_t i, size_t j) {
  const quantum_state_struct *a = c->ansatz->states[i].state;
  const quantum_state_struct *b = c->ansatz->states[j].state;
  const pauli_sum_struct *o = c->set->observables + observable;
  const char *reason = NULL;
  pauli_sum_t few;
  pauli_sum_init(few, c->set->num_qubits);
  if (quantum_state_stabilizer(a) && quantum_state_stabilizer(b)) {
    if (string_covariance(value, c->strings, o, quantum_state_stabilizer(a),
                          quantum_state_stabilizer(b)) != STATUS_OK)
      reason = count_reason;
  } else if (quantum_state_expand(few, a, STRING_SPARSE_TERMS)) {
    if (string_sparse_covariance(value, c->strings, o, few, b) != STATUS_OK)
      reason = count_reason;
  } else if (quantum_state_expand(few, b, STRING_SPARSE_TERMS)) {
    if (string_sparse_covariance(value, c->strings, o, few, a) != STATUS_OK)
      reason = count_reason;
  } else if (!c->sums ||
             sum_landscapes_covariance(value, c->sums, observable, i, j)) {
    reason = kind_reason;
  }
  pauli_sum_clear(few);
  return reason;
}

/* Entry (i, j) for i <= j, or null; *reason is set then. */
static json_t *entry_json(const certification_t c, size_t observable, size_t i,
                          size_t j, const char **reason) {
  size_t states = c->ansatz->num_states;
  const landscape_struct *l = c->landscapes + observable * states + i;
  json_t *json = NULL;
  fmpq_t value;
  if (i == j && l->variance_known) return json_fmpq(l->variance);
  fmpq_init(value);
  const char *why = NULL;
  if (!c->has_strings)
    why = i == j && l->reason ? l->reason
          : c->sums
              ? sum_landscapes_covariance(value, c->sums, observable, i, j)
              : symbol_reason;
  else
    why = i != j      ? strings_covariance(value, c, observable, i, j)
          : l->reason ? l->reason
                      : count_reason;
  if (why) *reason = why;
  else json = json_fmpq(value);
  fmpq_clear(value);
  return json ? json : json_null();
}

static json_t *matrix_json(const certification_t c, size_t observable,
                           const char **reason) {
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

json_t *covariance_json(const certification_t c) {
  const ansatz_struct *a = c->ansatz;
  if (a->num_states < 2) return NULL;
  json_t *list = json_array();
  for (size_t o = 0; o < a->num_observables; o++) {
    const char *reason = NULL;
    char *text = pauli_sum_get_str(a->observables[o].sum);
    json_t *states = json_array(), *entry;
    for (size_t i = 0; i < a->num_states; i++)
      json_array_append_new(states, json_string(a->states[i].text));
    bool many = a->num_states > MAX_STATES;
    json_t *matrix = many ? json_null() : matrix_json(c, o, &reason);
    entry = json_pack("{s:s, s:o, s:o}", "observable", text, "states", states,
                      "matrix", matrix);
    if (many || reason)
      json_object_set_new(entry, "reason",
                          json_string(many ? states_reason : reason));
    json_array_append_new(list, entry);
    free(text);
  }
  return list;
}

/* --- report -------------------------------------------------------------------- */

static void print_matrix(FILE *stream, const json_t *matrix) {
  for (size_t i = 0; i < json_array_size(matrix); i++) {
    const json_t *row = json_array_get(matrix, i);
    fprintf(stream, "%24s", "");
    for (size_t j = 0; j < json_array_size(row); j++) {
      arb_t ball;
      arb_init(ball);
      char *text = json_get_real(ball, json_array_get(row, j), 128)
                       ? arb_get_short_text(ball, 4)
                       : strdup("unknown");
      fprintf(stream, "%12s", text);
      free(text);
      arb_clear(ball);
    }
    putc('\n', stream);
  }
}

void covariance_report(FILE *stream, const json_t *covariance) {
  page_t page = page_init(stream);
  for (size_t o = 0; o < json_array_size(covariance); o++) {
    const json_t *entry = json_array_get(covariance, o);
    const json_t *states = json_object_get(entry, "states");
    size_t count = json_array_size(states);
    fprintf(stream, "\nCovariance of the losses of the %zu input states, O = ",
            count);
    page_wrap_operator(&page, json_text_at(entry, "observable", "?"), 60, 4);
    if (count > MAX_SHOWN)
      fprintf(stream, "%24s%zu x %zu, see --json\n", "", count, count);
    else
      print_matrix(stream, json_object_get(entry, "matrix"));
    const char *reason = json_text_at(entry, "reason", NULL);
    if (reason) {
      page_label(&page, "");
      page_wrap(&page, reason, 24, 24);
    }
  }
}
