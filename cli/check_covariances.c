#include "cli/check_covariances.h"

#include <stdio.h>
#include <stdlib.h>

#include "algebra/check_covariance.h"
#include "cli/check_page.h"

/* The first wrong entry is named; entries that are not claimed, or cannot be
   listed, are counted in *open. */
static bool check_row(ledger_t *l, const ansatz_t ansatz,
                      const check_generators_t g, size_t observable,
                      const json_t *row, size_t i, size_t max_elements,
                      size_t *open) {
  bool good = true;
  fmpq_t value;
  fmpq_init(value);
  for (size_t j = 0; j < ansatz->num_states && good; j++) {
    char name[64];
    const json_t *claim = json_array_get(row, j);
    if (json_is_null(claim)) continue;
    if (!check_covariance(value, g, g->observables + observable,
                          ansatz->states[i].state, ansatz->states[j].state,
                          max_elements)) {
      ++*open;
      continue;
    }
    size_t failed = l->result->num_failed, held = l->result->num_held;
    bool quiet = l->result->quiet;
    snprintf(name, sizeof name, "matrix[%zu][%zu]", i, j);
    l->result->quiet = true;
    ledger_fmpq(l, name, claim, value);
    l->result->quiet = quiet;
    l->result->num_held = held;
    good = l->result->num_failed == failed;
  }
  fmpq_clear(value);
  return good;
}

static void check_matrix(ledger_t *l, const ansatz_t ansatz,
                         const check_generators_t g, const json_t *matrix,
                         size_t observable, size_t max_elements) {
  size_t open = 0;
  if (json_is_null(matrix)) return;
  if (g->reason) {
    ledger_open(l, "matrix", matrix, g->reason);
    return;
  }
  bool shaped = json_array_size(matrix) == ansatz->num_states;
  for (size_t i = 0; i < ansatz->num_states && shaped; i++)
    shaped = json_array_size(json_array_get(matrix, i)) == ansatz->num_states;
  if (!shaped) {
    ledger_fails(l, "matrix", "it is not %zu by %zu", ansatz->num_states,
                 ansatz->num_states);
    return;
  }
  for (size_t i = 0; i < ansatz->num_states; i++)
    if (!check_row(l, ansatz, g, observable, json_array_get(matrix, i), i,
                   max_elements, &open))
      return;
  if (open)
    ledger_open(l, "matrix", matrix,
                "an orbit is too long to be listed string by string");
  else
    ledger_holds(l, "matrix");
}

void check_covariances(check_result_t *result, const ansatz_t ansatz,
                       const check_generators_t g, const json_t *certificate,
                       size_t max_elements) {
  const json_t *list = json_object_get(certificate, "covariance");
  ledger_t ledger = {.result = result};
  size_t expected = ansatz->num_states > 1 ? ansatz->num_observables : 0;
  if (json_array_size(list) != expected) {
    ledger_fails(&ledger, "covariance",
                 "there are %zu matrices, one for each observable", expected);
    return;
  }
  for (size_t o = 0; o < expected; o++) {
    const json_t *entry = json_array_get(list, o);
    const json_t *states = json_object_get(entry, "states");
    char *text = pauli_sum_get_str(ansatz->observables[o].sum), name[64];
    snprintf(ledger.where, sizeof ledger.where, "covariance[%zu].", o);
    ledger_text(&ledger, "observable", json_object_get(entry, "observable"),
                text);
    free(text);
    if (json_array_size(states) != ansatz->num_states)
      ledger_fails(&ledger, "states", "there are %zu", ansatz->num_states);
    for (size_t i = 0; i < ansatz->num_states; i++) {
      snprintf(name, sizeof name, "states[%zu]", i);
      ledger_text(&ledger, name, json_array_get(states, i),
                  ansatz->states[i].text);
    }
    check_matrix(&ledger, ansatz, g, json_object_get(entry, "matrix"), o,
                 max_elements);
  }
}
