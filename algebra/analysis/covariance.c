#include "algebra/analysis/covariance.h"

#include "algebra/strings/string_covariance.h"
#include "algebra/strings/string_sparse.h"

static const char *symbol_reason =
    "coefficients are irrational or hold a symbol; covariances are computed for "
    "rational ones";
static const char *kind_reason =
    "for two product states, or one and a stabilizer state, the module of the "
    "observable is too large";
static const char *count_reason =
    "counting the strings of an orbit that lie in two stabilizer groups takes "
    "an enumeration that is too large";

/* For generators that are strings; NULL, or why it is not known. */
static const char *strings_covariance(fmpq_t value, const analysis_t c,
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

const char *analysis_covariance(fmpq_t value, const analysis_t c,
                                size_t observable, size_t i, size_t j) {
  const landscape_struct *l =
      c->landscapes + observable * c->ansatz->num_states + i;
  if (i == j && l->variance_known) {
    fmpq_set(value, l->variance);
    return NULL;
  }
  if (i == j && l->reason) return l->reason;
  if (!c->has_strings)
    return c->sums ? sum_landscapes_covariance(value, c->sums, observable, i, j)
                   : symbol_reason;
  return i != j ? strings_covariance(value, c, observable, i, j) : count_reason;
}
