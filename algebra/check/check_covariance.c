/* check_covariance.c - the covariance of the losses of two states, by listing
   orbits; see check_covariance.h. */
#include "algebra/check/check_covariance.h"

/* A state, ready to be asked for many strings. */
typedef struct {
  const quantum_state_struct *state;
  stabilizer_echelon_t echelon; /* of a stabilizer state */
} view_t;

static void view_init(view_t *view, const quantum_state_t state) {
  view->state = state;
  if (quantum_state_stabilizer(state))
    stabilizer_echelon_init(view->echelon, quantum_state_stabilizer(state));
}

static void view_clear(view_t *view) {
  if (quantum_state_stabilizer(view->state))
    stabilizer_echelon_clear(view->echelon);
}

static void view_get(fmpq_t out, const view_t *view, const uint64_t *string) {
  if (quantum_state_stabilizer(view->state))
    fmpq_set_si(out, stabilizer_echelon_expectation(view->echelon, string), 1);
  else
    quantum_state_expectation(out, view->state, string);
}

/* Real part of sum over Q of a_Q b_[Q + L] i^(phase of Q L - turn), |C| = the
   length of the list. */
static void sum_over_orbit(fmpq_t sum, const row_table_t orbit,
                           const uint64_t *l, unsigned turn, const view_t *a,
                           const view_t *b, size_t w) {
  uint64_t *moved = flint_malloc((2 * w + 1) * sizeof *moved);
  fmpq_t x, y;
  fmpq_init(x);
  fmpq_init(y);
  fmpq_zero(sum);
  for (size_t i = 0; i < orbit->length; i++) {
    const uint64_t *q = row_table_row(orbit, i);
    view_get(x, a, q);
    if (fmpq_is_zero(x)) continue;
    unsigned phase = (pauli_mul(moved, q, l, w) + 4 - turn) % 4;
    if (phase % 2) continue;
    view_get(y, b, moved);
    if (phase == 0) fmpq_addmul(sum, x, y);
    else fmpq_submul(sum, x, y);
  }
  fmpq_clear(x);
  fmpq_clear(y);
  flint_free(moved);
}

/* All pairs (P, P') with P the given term. */
static bool add_term(fmpq_t out, const check_generators_t g,
                     const pauli_sum_t o, size_t term,
                     const view_t *a, const view_t *b, size_t max_elements) {
  size_t w = g->num_words;
  const uint64_t *p = pauli_sum_string(o, term);
  if (check_is_fixed(p, g)) return true;
  row_table_t orbit;
  fmpq_t share, length;
  uint64_t *l = flint_malloc((4 * w + 1) * sizeof *l);
  row_table_init(orbit, 2 * w);
  fmpq_init(share);
  fmpq_init(length);
  bool ok = check_list_orbit(orbit, p, g, max_elements);
  for (size_t other = 0; other < o->length && ok; other++) {
    pauli_xor(l, p, pauli_sum_string(o, other), w);
    if (!check_is_fixed(l, g)) continue;
    unsigned turn = pauli_mul(l + 2 * w, p, l, w); /* P L = i^turn P' */
    sum_over_orbit(share, orbit, l, turn, a, b, w);
    fmpq_set_si(length, (slong)orbit->length, 1);
    fmpq_div(share, share, length);
    fmpq_mul(share, share, o->coeffs + term);
    fmpq_mul(share, share, o->coeffs + other);
    fmpq_add(out, out, share);
  }
  row_table_clear(orbit);
  fmpq_clear(share);
  fmpq_clear(length);
  flint_free(l);
  return ok;
}

bool check_covariance(fmpq_t covariance, const check_generators_t g,
                      const pauli_sum_t observable,
                      const quantum_state_t a, const quantum_state_t b,
                      size_t max_elements) {
  view_t view_a, view_b;
  bool ok = true;
  view_init(&view_a, a);
  view_init(&view_b, b);
  fmpq_zero(covariance);
  for (size_t t = 0; t < observable->length && ok; t++)
    ok = add_term(covariance, g, observable, t, &view_a, &view_b,
                  max_elements);
  view_clear(&view_a);
  view_clear(&view_b);
  return ok;
}
