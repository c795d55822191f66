#include "algebra/sums/sum_landscape.h"

#include "algebra/sums/sum_effective.h"
#include "algebra/sums/sum_jordan.h"

void sum_landscapes_init(sum_landscapes_t sums, const generator_set_t set,
                         const ansatz_t ansatz,
                         const sum_algebra_struct *algebra,
                         const closure_limits_t *limits) {
  *sums = (sum_landscapes_struct){.set = set, .ansatz = ansatz,
                                  .algebra = algebra};
  if (limits) sums->limits = *limits;
}

void sum_landscapes_clear(sum_landscapes_t sums) {
  for (size_t i = 0; i < sums->num_entries; i++) {
    pauli_sum_clear(&sums->entries[i]->observable);
    sum_moments_clear(&sums->entries[i]->moments);
    flint_free(sums->entries[i]);
  }
  flint_free(sums->entries);
}

/* Moments of the observable, averaged over what these states allow. */
static const sum_entry_struct *find_entry(
    sum_landscapes_struct *sums, size_t observable,
    const quantum_state_struct *const *states, size_t num_states) {
  pauli_sum_t o;
  pauli_sum_init(o, sums->set->num_qubits);
  sum_symmetric_observable(o, sums->set, sums->set->observables + observable,
                           states, num_states);
  for (size_t i = 0; i < sums->num_entries; i++)
    if (pauli_sum_equal(o, &sums->entries[i]->observable)) {
      pauli_sum_clear(o);
      return sums->entries[i];
    }
  sum_entry_struct *entry = flint_malloc(sizeof *entry);
  sums->entries = flint_realloc(
      sums->entries, (sums->num_entries + 1) * sizeof *sums->entries);
  sums->entries[sums->num_entries++] = entry;
  pauli_sum_init(&entry->observable, sums->set->num_qubits);
  pauli_sum_swap(&entry->observable, o);
  pauli_sum_clear(o);
  sum_moments_init(&entry->moments, sums->set, &entry->observable,
                   &sums->limits);
  return entry;
}

/* Where O is not in the algebra: blocks of the element of it with the same loss, or
   no when there is none. */
static void set_effective(landscape_struct *l, const sum_landscapes_struct *sums,
                          const pauli_sum_struct *observable,
                          const sum_moments_struct *of_o,
                          const sum_input_struct *seen,
                          const quantum_state_struct *state) {
  pauli_sum_t x;
  sum_moments_t moments;
  sum_input_t input;
  pauli_sum_init(x, observable->num_qubits);
  if (sum_effective(x, sums, observable, of_o, seen, state)) {
    sum_moments_init(moments, sums->set, x, &sums->limits);
    if (!moments->reason && !sum_input_init(input, moments, state)) {
      if (fmpq_equal(input->variance, l->variance)) {
        sum_jordan_analyse(l, sums, x, moments, input, state);
      } else {
        l->wishart_applies = ANSWER_NO;
        l->wishart_reason = reason_of(REASON_OBSERVABLE_OUTSIDE_ALGEBRA);
      }
      sum_input_clear(input);
    }
    sum_moments_clear(moments);
  }
  pauli_sum_clear(x);
}

static void set_wishart(landscape_struct *l, const sum_landscapes_struct *sums,
                        const pauli_sum_struct *observable,
                        const sum_moments_struct *moments,
                        const sum_input_struct *input,
                        const quantum_state_struct *state) {
  sum_jordan_analyse(l, sums, observable, moments, input, state);
  if (l->wishart_applies == ANSWER_UNDECIDED && fmpq_is_zero(l->variance)) {
    l->wishart_applies = ANSWER_NO;
    l->wishart_reason = reason_of(REASON_OBSERVABLE_IS_A_NUMBER);
  } else if (l->wishart_reason.code == REASON_EFFECTIVE_OBSERVABLE_UNKNOWN) {
    set_effective(l, sums, observable, moments, input, state);
  }
}

static void set_moments(landscape_struct *l, const sum_landscapes_struct *sums,
                        const sum_entry_struct *entry,
                        const quantum_state_struct *state) {
  const sum_moments_struct *moments = &entry->moments;
  sum_input_t input;
  reason_code_t reason = moments->reason;
  if (!reason) reason = sum_input_init(input, moments, state);
  l->reason = reason;
  if (!sums->algebra)
    l->wishart_reason = reason_of(REASON_STATE_NOT_STABILIZER);
  else if (reason)
    l->wishart_reason = reason_of(REASON_MOMENTS_UNKNOWN);
  if (reason) return;
  l->mean_known = l->variance_known = true;
  fmpq_set(l->mean, input->mean);
  fmpq_set(l->variance, input->variance);
  fmpq_set(l->loss->constant, l->mean);
  reason = sum_gradient(l->gradient_variance, moments, input);
  l->gradient_known = !reason;
  l->reason = reason;
  if (!landscape_is_exact(l))
    l->wishart_reason = reason_of(REASON_IRRATIONAL_BEHIND_FIXED_GATES);
  else if (sums->algebra)
    set_wishart(l, sums, &entry->observable, moments, input, state);
  sum_input_clear(input);
}

void landscape_init_sums(landscape_t landscape, sum_landscapes_t sums,
                         size_t observable, size_t state) {
  const quantum_state_struct *rho = sums->set->inputs[state].state;
  if (!rho || !sums->set->observable_known[observable]) {
    landscape_init_unknown(landscape, sums->set->num_parameters, observable,
                           state, REASON_FIXED_GATES_NOT_MOVED);
    return;
  }
  landscape_init_empty(landscape, sums->set->num_parameters, observable, state);
  landscape_set_errors(landscape, sums->set);
  set_moments(landscape, sums, find_entry(sums, observable, &rho, 1), rho);
}

reason_code_t sum_landscapes_covariance(fmpq_t covariance, sum_landscapes_t sums,
                                        size_t observable, size_t a, size_t b) {
  const quantum_state_struct *states[2] = {sums->set->inputs[a].state,
                                              sums->set->inputs[b].state};
  const sum_moments_struct *moments =
      &find_entry(sums, observable, states, 2)->moments;
  sum_input_t in[2];
  reason_code_t reason = moments->reason;
  if (!reason) reason = sum_input_init(in[0], moments, states[0]);
  if (reason) return reason;
  reason = sum_input_init(in[1], moments, states[1]);
  if (!reason) {
    sum_covariance(covariance, moments, in[0], in[1]);
    sum_input_clear(in[1]);
  }
  sum_input_clear(in[0]);
  return reason;
}

bool sum_landscapes_mean(fmpq_t mean, sum_landscapes_t sums, const pauli_sum_t x,
                         size_t state, size_t max_dimension) {
  const quantum_state_struct *rho = sums->set->inputs[state].state;
  closure_limits_t limits = sums->limits;
  sum_moments_t moments;
  sum_input_t input;
  pauli_sum_t o;
  limits.max_dimension = max_dimension;
  pauli_sum_init(o, sums->set->num_qubits);
  sum_symmetric_observable(o, sums->set, x, &rho, 1);
  sum_moments_init(moments, sums->set, o, &limits);
  bool known = !moments->reason && !sum_input_init(input, moments, rho);
  if (known) {
    fmpq_set(mean, input->mean);
    sum_input_clear(input);
  }
  sum_moments_clear(moments);
  pauli_sum_clear(o);
  return known;
}
