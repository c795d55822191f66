#include "cli/check/check_covariances.h"

#include <stdio.h>

#include "algebra/check/check_covariance.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/format/json_number.h"

enum { MAX_STATES = 64 };

typedef struct {
  bool null; /* an entry is not claimed */
  bool open; /* an entry is claimed, and too large to be counted here */
} entries_t;

/* False after a message about entry (i, j). */
static bool check_entry(ledger_t *l, const check_subject_t *s,
                        size_t observable, size_t i, size_t j,
                        const json_t *claim, entries_t *entries) {
  fmpq_t value, said;
  bool good = true;
  if (json_is_null(claim)) {
    entries->null = true;
    const check_input_struct *inputs = s->generators->inputs;
    bool exact = fmpq_is_zero(inputs[i].error) && fmpq_is_zero(inputs[j].error) &&
                 fmpq_is_zero(s->generators->observable_errors + observable);
    if (!exact) return true; /* null is all that may be said */
    entries->open = entries->open ||
                    !quantum_state_stabilizer(subject_state(s, i)) ||
                    !quantum_state_stabilizer(subject_state(s, j));
    return true;
  }
  fmpq_init(value);
  fmpq_init(said);
  if (!check_covariance(value, s->generators,
                        s->generators->observables + observable,
                        subject_state(s, i), subject_state(s, j),
                        s->max_elements)) {
    entries->open = true;
  } else if (!cert_get_fmpq(said, claim) || !fmpq_equal(said, value)) {
    char name[64], *text = fmpq_get_str(NULL, 10, value);
    snprintf(name, sizeof name, "matrix[%zu][%zu]", i, j);
    ledger_fails(l, name, "it is %.60s", text);
    flint_free(text);
    good = false;
  }
  fmpq_clear(value);
  fmpq_clear(said);
  return good;
}

/* Null entries are there if, and only if, the reason says why. */
static void check_matrix(ledger_t *l, const check_subject_t *s,
                         size_t observable) {
  size_t n = s->ansatz->num_states;
  const json_t *matrix = ledger_take(l, "matrix");
  entries_t entries = {false, false};
  if (!subject_is_square(matrix, n)) {
    ledger_fails(l, "matrix", "it is not %zu by %zu", n, n);
    return;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      if (!check_entry(l, s, observable, i, j,
                       json_array_get(json_array_get(matrix, i), j), &entries))
        return;
  if (entries.open) ledger_left_open(l, "matrix", open_long_orbit);
  else ledger_holds(l, "matrix");
  if (entries.null) ledger_reason(l, "reason");
}

static void check_one(ledger_t *l, const check_subject_t *s,
                      size_t observable) {
  subject_take_inputs(l, s, observable);
  if (s->ansatz->num_states > MAX_STATES) {
    ledger_null(l, "matrix");
    ledger_code(l, "reason", REASON_TOO_MANY_STATES);
  } else if (subject_unknown(s, observable)) {
    ledger_open(l, "matrix", subject_unknown(s, observable));
    if (json_object_get(l->left, "reason")) ledger_reason(l, "reason");
  } else if (s->generators->reason && !s->ansatz->symbol) {
    check_sum_matrix(l, s, observable);
  } else if (s->generators->reason) {
    ledger_open(l, "matrix", s->generators->reason);
    if (ledger_said(l, "reason")) ledger_reason(l, "reason");
  } else {
    check_matrix(l, s, observable);
  }
}

void check_covariances(ledger_t *parent, const check_subject_t *s) {
  const json_t *list = ledger_take(parent, "covariance");
  size_t expected = s->ansatz->num_states > 1 ? s->ansatz->num_observables : 0;
  if (s->ansatz->num_states < 2 && !list) return;
  if (json_array_size(list) != expected) {
    ledger_fails(parent, "covariance",
                 "there are %zu matrices, one for each observable", expected);
    return;
  }
  for (size_t o = 0; o < expected; o++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, o),
                 "%scovariance[%zu].", parent->where, o);
    check_one(&l, s, o);
    ledger_end(&l);
  }
}
