#include "cli/check/check_shots.h"

#include "algebra/check/check_depth.h"
#include "algebra/check/check_inputs.h"
#include "algebra/check/check_square.h"
#include "algebra/check/sums/check_sums_near.h"
#include "cli/check/check_number.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/format/json_number.h"

enum { MAX_SQUARE = 4000000, MAX_SUMS_SQUARE = 10000, MAX_MADE = 1 << 21 };
static const int64_t max_work = 1000000000;

static const char key[] = "mean_square";
static const char bounded[] = "mean_square_bounded";
static const char *const too_many =
    "the square of the observable has too many terms, or they reach too many "
    "strings";

/* error: NULL, or a bound of what the value is off by. */
static void take_value(ledger_t *l, const fmpq_t value, const fmpq *error) {
  if (error) ledger_near(l, key, value, error);
  else ledger_fmpq(l, key, value);
}

/* The upper bound, and that it is one. */
static void take_bound(ledger_t *l, const pauli_sum_t o, const fmpq *error) {
  fmpq_t bound;
  fmpq_init(bound);
  check_square_bound(bound, o);
  take_value(l, bound, error);
  ledger_bool(l, bounded, true);
  fmpq_clear(bound);
}

/* Takes both members where nothing has to be averaged: O^2 a multiple of the
   identity, or too many terms and no more claimed than the bound. */
static bool take_simple(ledger_t *l, const pauli_sum_t o, pauli_sum_t square,
                        size_t max_pairs, bool may_be_bounded, const fmpq *error) {
  bool expanded = check_square(square, o, max_pairs);
  bool scalar = expanded && square->length <= 1 &&
                (!square->length ||
                 pauli_is_identity(pauli_sum_string(square, 0), o->num_words));
  if (scalar) {
    fmpq_t zero;
    fmpq_init(zero);
    take_value(l, square->length ? square->coeffs : zero, error);
    ledger_bool(l, bounded, false);
    fmpq_clear(zero);
    return true;
  }
  if (json_is_true(json_object_get(l->left, bounded)) &&
      (!expanded || may_be_bounded)) {
    take_bound(l, o, error);
    return true;
  }
  ledger_bool(l, bounded, false);
  if (!expanded) ledger_open(l, key, too_many);
  return !expanded;
}

/* The same for a ball. */
static void check_near_square(ledger_t *l, const check_subject_t *s,
                              const pauli_sum_t square, size_t index) {
  size_t states = s->ansatz->num_states;
  check_near_t near;
  fmpq_t error, none;
  if (!check_near_init(near, s->generators, square, subject_state(s, index % states),
                       0, max_work)) {
    ledger_open(l, key, too_many);
    return;
  }
  fmpq_init(error);
  fmpq_init(none);
  check_inputs_errors(none, error, none, s->generators, index / states, index % states,
                      near->error);
  ledger_near(l, key, near->values, error);
  fmpq_clear(error);
  fmpq_clear(none);
  check_near_clear(near);
}

/* Sums of strings: modulo a random prime. */
static void check_sums_square(ledger_t *l, const check_subject_t *s,
                              const pauli_sum_t square, size_t index) {
  size_t state = index % s->ansatz->num_states;
  const quantum_state_struct *rho = subject_state(s, state);
  if (subject_is_turned(s, index) && json_is_object(json_object_get(l->left, key))) {
    check_near_square(l, s, square, index);
    return;
  }
  check_pure_struct *pure = check_sums_get_pure(s, state);
  fmpq_t claim;
  check_sums_t sums;
  mp_limb_t value;
  fmpq_init(claim);
  if (!cert_get_fmpq(claim, json_object_get(l->left, key))) {
    ledger_judge(l, key, false, "it is no exact number");
  } else if (pure && check_pure_mean(&value, pure, square)) {
    ledger_judge(l, key, check_is_residue(claim, value, pure->d->p->mod),
                 "it is another number, modulo a random prime");
  } else if (!check_sums_init_mean(sums, s->generators, square, max_work)) {
    ledger_open(l, key, too_many);
  } else {
    ledger_judge(l, key, check_sums_mean(sums, rho, claim),
                 "it is another number, modulo a random prime");
    check_sums_clear(sums);
  }
  fmpq_clear(claim);
}

void check_mean_square(ledger_t *l, const check_subject_t *s, size_t index) {
  const pauli_sum_struct *o = subject_observable(s, index);
  bool sums = s->generators->reason != NULL || s->ansatz->symbol;
  pauli_sum_t square;
  fmpq_t mean, error, none;
  pauli_sum_init(square, o->num_qubits);
  fmpq_init(mean);
  fmpq_init(error);
  fmpq_init(none);
  size_t states = s->ansatz->num_states;
  check_inputs_errors(none, error, none, s->generators, index / states, index % states,
                      NULL);
  const fmpq *off_by = subject_is_turned(s, index) ? error : NULL;
  if (take_simple(l, o, square, sums ? MAX_SUMS_SQUARE : MAX_SQUARE, sums, off_by)) {
    /* done */
  } else if (s->ansatz->symbol) {
    ledger_judge(l, key, false, "with a symbol or a root no more than a bound is known");
  } else if (sums) {
    check_sums_square(l, s, square, index);
  } else {
    check_fixed_mean(mean, square, s->generators, subject_state(s, index));
    take_value(l, mean, off_by);
  }
  fmpq_clear(mean);
  fmpq_clear(error);
  fmpq_clear(none);
  pauli_sum_clear(square);
}

/* --- at the circuit's own depth ----------------------------------------------------- */

static bool has_other_fixed_gates(const ansatz_t ansatz) {
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const angle_struct *angle = ansatz->rotations[i].angle;
    unsigned turns;
    if (angle_is_constant(angle) && !angle_is_clifford(&turns, angle)) return true;
  }
  return false;
}

/* No fixed gate that is no Clifford gate, and no parameter in two gates. */
static bool angles_are_independent(const check_generators_struct *g,
                                   const ansatz_t ansatz) {
  bool independent = !ansatz_has_laws(ansatz) && !has_other_fixed_gates(ansatz);
  uint8_t *used = flint_calloc(g->num_parameters + 1, 1);
  for (size_t k = 0; k < g->num_gates; k++) {
    const angle_struct *angle = g->gates[k].angle;
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t p = angle->terms[t].parameter;
      bool same = t && angle->terms[t - 1].parameter == p;
      if (used[p] && !same) independent = false;
      used[p] = 1;
    }
  }
  flint_free(used);
  return independent;
}

static void check_recursion(ledger_t *l, const check_subject_t *s,
                            const pauli_sum_t square, size_t index, bool noisy) {
  depth_number_t mean;
  depth_number_init(mean);
  if (check_depth_mean(mean, s->ansatz, square, subject_given(s, index), noisy, MAX_MADE))
    ledger_depth_number(l, key, mean);
  else ledger_open(l, key, too_many);
  depth_number_clear(mean);
}

void check_depth_mean_square(ledger_t *l, const check_subject_t *s,
                             size_t index) {
  bool plain = angles_are_independent(s->generators, s->ansatz);
  /* Moved through the Clifford gates, or as it is. */
  const pauli_sum_struct *o = plain ? subject_observable(s, index)
                                    : subject_written(s, index);
  pauli_sum_t square;
  pauli_sum_init(square, o->num_qubits);
  if (take_simple(l, o, square, plain ? MAX_SQUARE : MAX_SUMS_SQUARE, !plain, NULL)) {
    /* done */
  } else if (!plain) {
    check_recursion(l, s, square, index, false);
  } else {
    fmpq_t mean;
    fmpq_init(mean);
    check_gates_mean(mean, square, s->generators, subject_given(s, index));
    ledger_fmpq(l, key, mean);
    fmpq_clear(mean);
  }
  pauli_sum_clear(square);
}

void check_noise_mean_square(ledger_t *l, const check_subject_t *s, size_t index) {
  const pauli_sum_struct *o = subject_written(s, index);
  pauli_sum_t square;
  pauli_sum_init(square, o->num_qubits);
  /* A product that is the identity is measured without noise. */
  if (!take_simple(l, o, square, MAX_SUMS_SQUARE, true, NULL))
    check_recursion(l, s, square, index, true);
  pauli_sum_clear(square);
}
