#include "algebra/strings/string_moments.h"

#include <assert.h>

#include "algebra/strings/string_counts.h"

typedef struct {
  string_counts_t counts;
  string_keys_t keys;
  stabilizer_echelon_t echelon;
  const uint64_t *shift; /* M; NULL for the identity */
} work_t;

/* tr(rho M [row]), M the shift, which commutes with it; row is overwritten. */
static int shifted_expectation(const work_t *work, uint64_t *row) {
  unsigned e = 0;
  if (work->shift)
    e = pauli_mul(row, work->shift, row, work->counts->observable->num_words);
  assert(e % 2 == 0);
  int value = stabilizer_echelon_expectation(work->echelon, row);
  return e == 2 ? -value : value;
}

/* weight = sum over the terms P' with P L = phi P' of o_P o_P' phi rho_ML; zero
   when the shift M anticommutes with P. */
static void term_weight(fmpq_t weight, work_t *work, size_t first, size_t last,
                        size_t term, uint64_t *row) {
  const pauli_sum_struct *o = work->counts->observable;
  size_t w = o->num_words;
  const uint64_t *p = pauli_sum_string(o, term);
  fmpq_zero(weight);
  if (work->shift && pauli_anticommute(p, work->shift, w)) return;
  for (size_t i = first; i < last; i++) {
    size_t other = work->keys->order[i];
    const uint64_t *q = pauli_sum_string(o, other);
    /* P L = phi Q with L = [P + Q]; rho_L = 0 unless P, Q commute, else P and
       L would have to be in the stabilizer group together */
    if (pauli_anticommute(p, q, w)) continue;
    pauli_xor(row, p, q, w);
    bool negative = pauli_mul(row, p, row, w) == 2;
    pauli_xor(row, p, q, w);
    int value = shifted_expectation(work, row);
    if (!value) continue;
    if (negative) value = -value;
    if (value > 0)
      fmpq_addmul(weight, o->coeffs + term, o->coeffs + other);
    else
      fmpq_submul(weight, o->coeffs + term, o->coeffs + other);
  }
}

static void add_fixed(string_moments_t moments, work_t *work, size_t term) {
  const pauli_sum_struct *o = work->counts->observable;
  int value = stabilizer_echelon_expectation(work->echelon,
                                             pauli_sum_string(o, term));
  if (value > 0)
    fmpq_add(moments->mean, moments->mean, o->coeffs + term);
  else if (value < 0)
    fmpq_sub(moments->mean, moments->mean, o->coeffs + term);
}

/* Adds the share of one term; false when its orbit could not be counted. */
static bool add_moving(string_moments_t moments, const orbit_entry_t *orbit,
                       const fmpq_t weight) {
  if (fmpq_is_zero(weight)) return true;
  if (orbit->status != STATUS_OK) return false;
  fmpq_t share;
  fmpq_init(share);
  fmpq_mul(share, weight, orbit->ratio);
  string_moments_add(moments, orbit->action, share);
  fmpq_clear(share);
  return true;
}

void string_moments_add(string_moments_t moments, const string_action_t action,
                        const fmpq_t share) {
  fmpq_add(moments->variance, moments->variance, share);
  for (size_t i = 0; i < action->num_active; i++)
    fmpq_addmul(moments->gradient + action->active[i].component, share,
                action->active[i].anticommuting);
}

void string_moments_init_zero(string_moments_t moments,
                              const string_algebra_t g) {
  fmpq_init(moments->mean);
  fmpq_init(moments->variance);
  moments->variance_known = true;
  moments->reason = REASON_NONE;
  moments->num_components = g->num_components;
  moments->gradient =
      flint_calloc(g->num_components + 1, sizeof *moments->gradient);
  for (size_t i = 0; i < g->num_components; i++)
    fmpq_init(moments->gradient + i);
}

void string_moments_init(string_moments_t moments, const string_algebra_t g,
                         const pauli_sum_t observable,
                         const stabilizer_state_t state) {
  string_moments_init_shifted(moments, g, observable, state, NULL);
}

void string_moments_init_shifted(string_moments_t moments,
                                 const string_algebra_t g,
                                 const pauli_sum_t observable,
                                 const stabilizer_state_t state,
                                 const uint64_t *shift) {
  work_t work = {.shift = shift};
  string_moments_init_zero(moments, g);
  string_counts_init(work.counts, g, observable, state);
  string_keys_init(work.keys, g, observable);
  stabilizer_echelon_init(work.echelon, state);
  fmpq_t weight;
  fmpq_init(weight);
  uint64_t *row = flint_malloc(2 * g->num_words * sizeof *row);
  size_t length = observable->length, first = 0;
  while (first < length) {
    size_t last = string_keys_end(work.keys, first);
    for (size_t i = first; i < last; i++) {
      size_t term = work.keys->order[i], orbit = work.counts->orbit_of[term];
      if (orbit == SIZE_MAX) {
        add_fixed(moments, &work, term);
        continue;
      }
      term_weight(weight, &work, first, last, term, row);
      if (!add_moving(moments, work.counts->orbits + orbit, weight))
        moments->variance_known = false;
    }
    first = last;
  }
  if (!moments->variance_known)
    moments->reason = REASON_ORBIT_COUNT_TOO_LARGE;
  fmpq_clear(weight);
  flint_free(row);
  string_counts_clear(work.counts);
  string_keys_clear(work.keys);
  stabilizer_echelon_clear(work.echelon);
}

void string_moments_clear(string_moments_t moments) {
  for (size_t i = 0; i < moments->num_components; i++)
    fmpq_clear(moments->gradient + i);
  flint_free(moments->gradient);
  fmpq_clear(moments->mean);
  fmpq_clear(moments->variance);
}
