#include "algebra/analysis/kernel.h"

#include <stdlib.h>

#include "algebra/base/flint_compat.h"

/* out = 2^n rho; false: more than KERNEL_STRINGS strings. */
static bool expand(pauli_sum_t out, const quantum_state_t state) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  return s ? stabilizer_state_expand(out, s, KERNEL_STRINGS)
           : quantum_state_expand(out, state, KERNEL_STRINGS);
}

/* Adds the state half way between two to the ansatz. */
static bool add_middle(ansatz_t mixed, const quantum_state_t a, const quantum_state_t b) {
  pauli_sum_t x, y;
  quantum_state_t middle;
  fmpq_t half, one;
  size_t n = a->num_qubits;
  pauli_sum_init(x, n);
  pauli_sum_init(y, n);
  fmpq_init(half);
  fmpq_init(one);
  fmpq_one(one);
  fmpq_set_si(half, 1, 2);
  bool fits = expand(x, a) && expand(y, b);
  if (fits) {
    pauli_sum_addmul(x, x, one, y);
    pauli_sum_scalar_mul(x, x, half);
    fits = x->length <= KERNEL_STRINGS;
  }
  if (fits) {
    quantum_state_init(middle, n);
    quantum_state_set_positive(middle, x);
    ansatz_add_state(mixed, middle, "");
    quantum_state_clear(middle);
  }
  pauli_sum_clear(x);
  pauli_sum_clear(y);
  fmpq_clear(half);
  fmpq_clear(one);
  return fits;
}

/* The sum of the gradient variances. */
static reason_code_t total(fmpq_t out, const landscape_struct *l) {
  fmpq_zero(out);
  if (!l->gradient_known || !landscape_is_exact(l))
    return l->reason ? l->reason : REASON_COVARIANCE_IRRATIONAL;
  if (landscape_has_pi(l)) return REASON_PARAMETER_IN_UNITS_OF_PI;
  for (size_t k = 0; k < l->num_parameters; k++)
    fmpq_add(out, out, landscape_gradient(l, k));
  return REASON_NONE;
}

/* 2 middle - (K_ii + K_jj)/2. */
static void set_entry(fmpq *entries, size_t n, size_t i, size_t j, const fmpq_t middle) {
  fmpq *out = entries + i * n + j;
  fmpq_add(out, entries + i * n + i, entries + j * n + j);
  fmpq_div_2exp(out, out, 1);
  fmpq_neg(out, out);
  fmpq_add(out, out, middle);
  fmpq_add(out, out, middle);
  fmpq_set(entries + j * n + i, out);
}

static reason_code_t find_middles(fmpq *entries, const analysis_t a,
                                  const ansatz_struct *mixed) {
  size_t n = a->ansatz->num_states, at = 0;
  analysis_t found;
  fmpq_t middle;
  reason_code_t reason = REASON_NONE;
  fmpq_init(middle);
  analysis_init(found, mixed, &a->limits);
  for (size_t i = 0; i < n && !reason; i++)
    for (size_t j = i + 1; j < n && !reason; j++) {
      reason = total(middle, found->landscapes + at++);
      if (!reason) set_entry(entries, n, i, j, middle);
    }
  analysis_clear(found);
  fmpq_clear(middle);
  return reason;
}

reason_code_t analysis_kernel(fmpq *entries, const analysis_t a, size_t observable) {
  size_t n = a->ansatz->num_states;
  reason_code_t reason = REASON_NONE;
  ansatz_struct mixed = *a->ansatz; /* with other states, and one observable */
  mixed.num_observables = 1;
  mixed.observables = a->ansatz->observables + observable;
  mixed.num_states = 0;
  mixed.states = NULL;
  for (size_t i = 0; i < n && !reason; i++)
    reason = total(entries + i * n + i, a->landscapes + observable * n + i);
  for (size_t i = 0; i < n && !reason; i++)
    for (size_t j = i + 1; j < n && !reason; j++)
      if (!add_middle(&mixed, a->ansatz->states[i].state, a->ansatz->states[j].state))
        reason = REASON_KERNEL_STATES_TOO_LONG;
  if (!reason && n > 1) reason = find_middles(entries, a, &mixed);
  for (size_t i = 0; i < mixed.num_states; i++) {
    quantum_state_clear(mixed.states[i].state);
    free(mixed.states[i].text);
  }
  flint_free(mixed.states);
  return reason;
}
