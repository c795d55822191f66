#include "algebra/analysis/covariance.h"

#include "algebra/base/flint_compat.h"
#include "algebra/strings/string_covariance.h"
#include "algebra/strings/string_product.h"
#include "algebra/strings/string_sparse.h"

enum { MAX_STATES = 64 };

/* Of product states, whatever the number of qubits; false: not of this kind. */
static bool product_covariance(fmpq_t value, const analysis_t c,
                               const pauli_sum_t o, const quantum_state_t a,
                               const quantum_state_t b) {
  product_state_t x, y;
  product_state_init(x, c->set->num_qubits);
  product_state_init(y, c->set->num_qubits);
  bool ok = string_product_applies(c->strings) &&
            string_product_factors(x, a) && string_product_factors(y, b);
  if (ok) string_product_covariance(value, c->strings, o, x, y);
  product_state_clear(x);
  product_state_clear(y);
  return ok;
}

/* For generators that are strings; REASON_NONE, or why it is not known. */
static reason_code_t strings_covariance(fmpq_t value, const analysis_t c,
                                        size_t observable, size_t i, size_t j) {
  const quantum_state_struct *a = c->set->inputs[i].state;
  const quantum_state_struct *b = c->set->inputs[j].state;
  const pauli_sum_struct *o = c->set->observables + observable;
  reason_code_t reason = REASON_NONE;
  pauli_sum_t few;
  pauli_sum_init(few, c->set->num_qubits);
  if (product_covariance(value, c, o, a, b)) {
    pauli_sum_clear(few);
    return REASON_NONE;
  }
  if (quantum_state_stabilizer(a) && quantum_state_stabilizer(b)) {
    if (string_covariance(value, c->strings, o, quantum_state_stabilizer(a),
                          quantum_state_stabilizer(b)) != STATUS_OK)
      reason = REASON_COVARIANCE_COUNT_TOO_LARGE;
  } else if (quantum_state_expand(few, a, STRING_SPARSE_TERMS)) {
    if (string_sparse_covariance(value, c->strings, o, few, b) != STATUS_OK)
      reason = REASON_COVARIANCE_COUNT_TOO_LARGE;
  } else if (quantum_state_expand(few, b, STRING_SPARSE_TERMS)) {
    if (string_sparse_covariance(value, c->strings, o, few, a) != STATUS_OK)
      reason = REASON_COVARIANCE_COUNT_TOO_LARGE;
  } else if (!c->sums ||
             sum_landscapes_covariance(value, c->sums, observable, i, j)) {
    reason = REASON_COVARIANCE_MODULE_TOO_LARGE;
  }
  pauli_sum_clear(few);
  return reason;
}

reason_code_t analysis_covariance(fmpq_t value, const analysis_t c,
                                  size_t observable, size_t i, size_t j) {
  const landscape_struct *l =
      c->landscapes + observable * c->ansatz->num_states + i;
  if (!c->set->inputs[i].state || !c->set->inputs[j].state ||
      !c->set->observable_known[observable])
    return REASON_FIXED_GATES_NOT_MOVED;
  if (!fmpq_is_zero(c->set->inputs[i].error) ||
      !fmpq_is_zero(c->set->inputs[j].error) ||
      !fmpq_is_zero(c->set->observable_errors + observable))
    return REASON_COVARIANCE_IRRATIONAL;
  if (i == j && l->variance_known) {
    fmpq_set(value, l->variance);
    return REASON_NONE;
  }
  if (i == j && l->reason) return l->reason;
  if (c->sector_sums && !sector_landscapes_covariance(value, c->sector_sums,
                                                      observable, i, j))
    return REASON_NONE;
  if (!c->has_strings)
    return c->sums ? sum_landscapes_covariance(value, c->sums, observable, i, j)
                   : REASON_COVARIANCE_NEEDS_NUMBERS;
  return i != j ? strings_covariance(value, c, observable, i, j) : REASON_COVARIANCE_COUNT_TOO_LARGE;
}

void covariances_init(covariances_t out, const analysis_t c) {
  size_t observables = c->ansatz->num_observables, n = c->ansatz->num_states;
  *out = (covariances_struct){.num_observables = observables, .num_states = n};
  if (n < 2 || n > MAX_STATES || !observables) return;
  out->values = _fmpq_vec_init((slong)(observables * n * n));
  out->reasons = flint_calloc(observables * n * n, sizeof *out->reasons);
  for (size_t o = 0; o < observables; o++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = i; j < n; j++) {
        size_t above = (o * n + i) * n + j, below = (o * n + j) * n + i;
        reason_code_t reason = analysis_covariance(out->values + above, c, o, i, j);
        out->reasons[above] = out->reasons[below] = reason;
        if (i != j) fmpq_set(out->values + below, out->values + above);
      }
}

void covariances_clear(covariances_t c) {
  if (c->values)
    _fmpq_vec_clear(c->values, (slong)(c->num_observables * c->num_states *
                                       c->num_states));
  flint_free(c->reasons);
}
