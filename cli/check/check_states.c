/* The member "expressibility", by check_moments, check_sums and check_depth on the
   observables of algebra/base/state_probes.h. */

#include "algebra/base/state_probes.h"
#include "algebra/check/check_depth.h"
#include "algebra/check/sums/check_sums.h"
#include "cli/check/check_number.h"
#include "cli/check/check_operators.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"

enum { MAX_TERMS = 4096, MAX_PAIRS = 1 << 17 };
/* For one observable; 10^9 take a second or two. */
static const int64_t most_work = 300000000;

static const char *const not_counted = "the strings are too many for the plain ways";
static const char *const moved = "fixed gates turn the state or an observable";

/* Of one observable: is this E[l], E[l^2]? UNDECIDED: not known here. */
typedef struct {
  const check_subject_t *subject;
  ansatz_t probe;       /* X_0 Y_0 Z_0 X_1 ..., and rho last if it is known */
  check_generators_t g; /* with rho as it is, not moved: see state_probes.h */
  check_components_t components;
  bool has_components, has_projector, moved;
  pauli_sum_t projector;
  ansatz_t pairs; /* when has_projector and a circuit */
} probes_t;

static void probes_init(probes_t *p, const check_subject_t *s, size_t state,
                        const uint8_t *split, const uint8_t *freed) {
  *p = (probes_t){.subject = s};
  size_t n = s->ansatz->num_qubits;
  pauli_sum_init(p->projector, n);
  p->has_projector = state_projector(p->projector, s->ansatz->states[state].state,
                                     MAX_TERMS) == REASON_NONE;
  state_probe_locals(p->probe, s->ansatz, state);
  if (p->has_projector) ansatz_add_observable(p->probe, p->projector, "rho");
  if (p->has_projector) state_probe_pairs(p->pairs, s->ansatz, state, p->projector);
  check_generators_init_fixed(p->g, p->probe, split, freed);
  p->moved = p->g->unseen != NULL;
  for (size_t k = 0; k < 3 * n && !p->moved; k++)
    p->moved = p->g->inputs[0].turned || p->g->observable_turned[k];
  if (p->has_projector) pauli_sum_set(p->g->observables + 3 * n, p->projector);
  if (p->moved || p->g->reason) return;
  p->has_components = true;
  check_components_init(p->components, p->g, NULL, 0, s->max_elements);
}

static void probes_clear(probes_t *p) {
  if (p->has_components) check_components_clear(p->components);
  if (p->has_projector) ansatz_clear(p->pairs);
  check_generators_clear(p->g);
  ansatz_clear(p->probe);
  pauli_sum_clear(p->projector);
}

/* --- one observable ------------------------------------------------------------------- */

/* mean: NULL when it is not claimed. */
static answer_t is_right_strings(probes_t *p, size_t k, const fmpq *mean,
                                 const fmpq_t square) {
  fmpq_t first, second;
  fmpq_init(first);
  fmpq_init(second);
  answer_t answer = ANSWER_UNDECIDED;
  if (check_any_moments(first, second, NULL, p->components, p->g->observables + k,
                        p->probe->states[0].state, p->subject->max_elements)) {
    fmpq_addmul(second, first, first);
    answer = (!mean || fmpq_equal(first, mean)) && fmpq_equal(second, square)
                 ? ANSWER_YES : ANSWER_NO;
  }
  fmpq_clear(first);
  fmpq_clear(second);
  return answer;
}

static answer_t is_right_sums(probes_t *p, size_t k, const fmpq *mean,
                              const fmpq_t square) {
  check_sums_t sums;
  if (!check_sums_init(sums, p->g, p->g->observables + k, most_work))
    return ANSWER_UNDECIDED;
  const quantum_state_struct *rho = p->probe->states[0].state;
  bool right = (!mean || check_sums_mean(sums, rho, mean)) &&
               check_sums_second(sums, rho, square);
  check_sums_clear(sums);
  return right ? ANSWER_YES : ANSWER_NO;
}

static answer_t is_right_own(const ansatz_t ansatz, size_t k, const fmpq *mean,
                             const fmpq_t square) {
  const quantum_state_struct *rho = ansatz->states[0].state;
  check_depth_t depth;
  if (ansatz_has_laws(ansatz)) return ANSWER_UNDECIDED;
  check_depth_init(depth, ansatz, ansatz->observables[k].sum, rho, false, MAX_PAIRS);
  answer_t answer = ANSWER_UNDECIDED;
  if (depth->moments_known)
    answer = (!mean || (depth_number_is_rational(depth->mean) &&
                        fmpq_equal(depth->mean->rational, mean))) &&
                     depth_number_is_rational(depth->second_moment) &&
                     fmpq_equal(depth->second_moment->rational, square)
                 ? ANSWER_YES : ANSWER_NO;
  check_depth_clear(depth);
  return answer;
}

static answer_t is_right(probes_t *p, bool own, size_t k, const fmpq *mean,
                         const fmpq_t square) {
  bool pairs = k == 3 * p->probe->num_qubits;
  if (own && pairs) return is_right_own(p->pairs, 0, mean, square);
  if (own) return is_right_own(p->probe, k, mean, square);
  if (p->moved) return ANSWER_UNDECIDED;
  return p->has_components ? is_right_strings(p, k, mean, square)
                           : is_right_sums(p, k, mean, square);
}

/* --- members -------------------------------------------------------------------------- */

static const char *why_open(const probes_t *p, bool own) {
  return !own && p->moved ? moved : not_counted;
}

static void check_potentials(ledger_t *l, probes_t *p, bool own) {
  static const char first_key[] = "frame_potential_1", second_key[] = "frame_potential_2";
  const json_t *first = ledger_take(l, first_key), *second = ledger_take(l, second_key);
  fmpq_t mean, square;
  if (json_is_null(first) && json_is_null(second) && ledger_said(l, "reason")) {
    ledger_no_claim(l, second_key);
    ledger_reason(l, "reason");
    return;
  }
  fmpq_init(mean);
  fmpq_init(square);
  if (!p->has_projector || !cert_get_fmpq(mean, first) || !cert_get_fmpq(square, second)) {
    ledger_fails(l, second_key, "it is no exact number");
  } else {
    answer_t answer = is_right(p, own, 3 * p->probe->num_qubits, mean, square);
    if (answer == ANSWER_YES) {
      ledger_holds(l, first_key);
      ledger_holds(l, second_key);
    } else if (answer == ANSWER_NO) {
      ledger_fails(l, second_key, "one of the two is another number");
    } else {
      ledger_left_open(l, second_key, why_open(p, own));
    }
  }
  fmpq_clear(mean);
  fmpq_clear(square);
}

/* Settles "local_squares"; squares are what is claimed. False when it does not hold. */
static bool check_squares(fmpq *squares, ledger_t *l, probes_t *p, bool own) {
  static const char key[] = "local_squares";
  size_t count = 3 * p->probe->num_qubits;
  const json_t *list = ledger_take_list(l, key, count);
  answer_t all = ANSWER_YES;
  if (!list) return false;
  for (size_t k = 0; k < count; k++) {
    if (!cert_get_fmpq(squares + k, json_array_get(list, k))) {
      ledger_fails(l, key, "entry %zu is no exact number", k);
      return false;
    }
    answer_t answer = is_right(p, own, k, NULL, squares + k);
    if (answer == ANSWER_NO) {
      ledger_fails(l, key, "entry %zu is another number", k);
      return false;
    }
    if (answer == ANSWER_UNDECIDED) all = ANSWER_UNDECIDED;
    if (all == ANSWER_UNDECIDED) break;
  }
  if (all == ANSWER_YES) ledger_holds(l, key);
  else ledger_left_open(l, key, why_open(p, own));
  for (size_t k = 0; k < count; k++)
    if (!cert_get_fmpq(squares + k, json_array_get(list, k))) return false;
  return true;
}

static void check_entanglement(ledger_t *l, probes_t *p, bool own) {
  static const char key[] = "entanglement";
  size_t n = p->probe->num_qubits;
  if (json_is_null(json_object_get(l->left, key)) && ledger_said(l, "entanglement_reason")) {
    ledger_take(l, key);
    ledger_no_claim(l, key);
    ledger_null(l, "local_squares");
    ledger_reason(l, "entanglement_reason");
    return;
  }
  fmpq *squares = _fmpq_vec_init(3 * (slong)n + 1);
  fmpq_t q;
  fmpq_init(q);
  if (check_squares(squares, l, p, own)) {
    state_entanglement(q, squares, n);
    ledger_follows(l, key, cert_fmpq(q));
  } else {
    ledger_open(l, key, "the squares that it follows from do not hold");
  }
  _fmpq_vec_clear(squares, 3 * (slong)n + 1);
  fmpq_clear(q);
}

static void check_one(ledger_t *l, const check_subject_t *s, size_t state,
                      const uint8_t *split, const uint8_t *freed) {
  probes_t p;
  ledger_t haar;
  ledger_text(l, "state", s->ansatz->states[state].text);
  ledger_begin_at(&haar, l, "haar");
  ledger_members(&haar, haar_json(s->ansatz->num_qubits), false);
  ledger_end(&haar);
  if (s->ansatz->symbol || s->ansatz->num_roots) {
    ledger_open_rest(l, "a generator holds a symbol or a root");
    return;
  }
  probes_init(&p, s, state, split, freed);
  check_potentials(l, &p, false);
  check_entanglement(l, &p, false);
  if (s->ansatz->kind == ANSATZ_OPERATORS) {
    ledger_null(l, "finite_depth");
    ledger_code(l, "finite_depth_reason", REASON_NO_DEPTH);
  } else {
    ledger_t own;
    ledger_begin_at(&own, l, "finite_depth");
    check_potentials(&own, &p, true);
    check_entanglement(&own, &p, true);
    ledger_end(&own);
  }
  probes_clear(&p);
}

void check_states(ledger_t *parent, const check_subject_t *s, const uint8_t *split,
                  const uint8_t *freed) {
  if (!json_object_get(parent->left, "expressibility")) return;
  const json_t *list = ledger_take(parent, "expressibility");
  if (json_array_size(list) != s->ansatz->num_states) {
    ledger_fails(parent, "expressibility", "there are %zu, one for each state",
                 s->ansatz->num_states);
    return;
  }
  for (size_t i = 0; i < s->ansatz->num_states; i++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, i), "%sexpressibility[%zu].",
                 parent->where, i);
    check_one(&l, s, i, split, freed);
    ledger_end(&l);
  }
}
