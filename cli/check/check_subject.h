/* check_subject.h - what a certificate is about, as check sees it. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUBJECT_H
#define LIESCAPE_CLI_CHECK_SUBJECT_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/ledger.h"

typedef struct {
  const json_t *certificate; /* as given */
  const ansatz_struct *ansatz;
  const check_generators_struct *generators;
  const check_components_struct *components; /* when generators are strings */
  const check_sum_structure_struct *counted; /* when they are sums, without symbol */
  bool as_strings; /* sums, of which the certificate speaks as of strings: the
                      algebra is spanned by these */
  struct check_sums_cache *sums; /* check_sum_landscape.h */
  size_t max_elements; /* of one orbit */
  bool thresholds_known;
  fmpq_t max_shots, max_trap;
} check_subject_t;

/* Of landscape `index`: its state, and behind the leading fixed gates (NULL: not known);
   its observable as written, and as the generators are seen, behind the others. */
static inline const quantum_state_struct *subject_given(const check_subject_t *s,
                                                        size_t index) {
  return s->ansatz->states[index % s->ansatz->num_states].state;
}
static inline const quantum_state_struct *subject_state(const check_subject_t *s,
                                                        size_t index) {
  return s->generators->inputs[index % s->ansatz->num_states].state;
}
static inline const pauli_sum_struct *subject_written(const check_subject_t *s,
                                                      size_t index) {
  return s->ansatz->observables[index / s->ansatz->num_states].sum;
}
static inline const pauli_sum_struct *subject_observable(const check_subject_t *s,
                                                         size_t index) {
  return s->generators->observables + index / s->ansatz->num_states;
}
/* Are they known exactly, behind fixed gates? */
static inline bool subject_is_exact(const check_subject_t *s, size_t index) {
  size_t states = s->ansatz->num_states;
  return fmpq_is_zero(s->generators->inputs[index % states].error) &&
         fmpq_is_zero(s->generators->observable_errors + index / states);
}
/* Do fixed gates turn any of them? */
static inline bool subject_is_turned(const check_subject_t *s, size_t index) {
  size_t states = s->ansatz->num_states;
  return s->generators->inputs[index % states].turned ||
         s->generators->observable_turned[index / states];
}

/* Why an observable or a state is not known, behind fixed gates; NULL mostly. */
const char *subject_unknown(const check_subject_t *s, size_t observable);
/* The members "observable" and "states" of what is about all states. */
void subject_take_inputs(ledger_t *l, const check_subject_t *s, size_t observable);
/* Is it a list of n lists of n? */
bool subject_is_square(const json_t *matrix, size_t n);

/* Why something stays open. */
extern const char open_long_orbit[], open_no_claim[], open_too_many_pairs[],
    open_interval_only[];

#endif
