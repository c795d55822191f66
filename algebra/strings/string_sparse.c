#include "algebra/strings/string_sparse.h"

#include <assert.h>
#include <string.h>

#include "algebra/strings/string_counts.h"

/* The group {I, R} of one term of the state, and the orbits that meet it. */
typedef struct {
  size_t term;
  stabilizer_state_t group;
  string_counts_t counts;
} member_t;

typedef struct {
  size_t num_words;
  const pauli_sum_struct *observable, *few;
  const quantum_state_struct *other; /* b; NULL: the state of few strings */
  const uint64_t *shift; /* M; NULL for the identity */
  string_keys_t keys;
  stabilizer_state_t mixed;
  string_counts_t orbits; /* which terms share an orbit, and its action */
  size_t num_members;
  member_t *members;
  uint64_t *row; /* three strings */
} work_t;

static void work_init(work_t *work, const string_algebra_t g,
                      const pauli_sum_struct *observable,
                      const pauli_sum_struct *few,
                      const quantum_state_struct *other,
                      const uint64_t *shift) {
  size_t w = observable->num_words;
  *work = (work_t){.num_words = w, .observable = observable, .few = few,
                   .other = other, .shift = shift};
  string_keys_init(work->keys, g, observable);
  stabilizer_state_init(work->mixed, g->num_qubits);
  string_counts_init(work->orbits, g, observable, work->mixed);
  work->members = flint_malloc((few->length + 1) * sizeof *work->members);
  for (size_t t = 0; t < few->length; t++) {
    const uint64_t *r = pauli_sum_string(few, t);
    if (pauli_is_identity(r, w)) continue;
    member_t *m = work->members + work->num_members++;
    m->term = t;
    stabilizer_state_init(m->group, g->num_qubits);
    stabilizer_state_add(m->group, r, false);
    string_counts_init(m->counts, g, observable, m->group);
  }
  work->row = flint_malloc((6 * w + 1) * sizeof *work->row);
}

static void work_clear(work_t *work) {
  for (size_t k = 0; k < work->num_members; k++) {
    string_counts_clear(work->members[k].counts);
    stabilizer_state_clear(work->members[k].group);
  }
  flint_free(work->members);
  flint_free(work->row);
  string_counts_clear(work->orbits);
  stabilizer_state_clear(work->mixed);
  string_keys_clear(work->keys);
}

/* sum += o_P o_P' conj(phi_P) sum over R of r_R Tr(b R M L) / |C(P)|. */
static status_t add_pair(fmpq_t sum, work_t *work, size_t term, size_t other) {
  const pauli_sum_struct *o = work->observable;
  size_t w = work->num_words, orbit = work->orbits->orbit_of[term];
  const uint64_t *p = pauli_sum_string(o, term);
  uint64_t *l = work->row, *ml = l + 2 * w, *product = ml + 2 * w;
  status_t status = STATUS_OK;
  unsigned e = 0;
  if (work->shift && pauli_anticommute(p, work->shift, w)) return STATUS_OK;
  pauli_xor(l, p, pauli_sum_string(o, other), w);
  unsigned phi = pauli_mul(product, p, l, w);
  memcpy(ml, l, 2 * w * sizeof *l);
  if (work->shift) e = pauli_mul(ml, work->shift, l, w);
  fmpq_t x, share;
  fmpq_init(x);
  fmpq_init(share);
  for (size_t k = 0; k < work->num_members && status == STATUS_OK; k++) {
    const member_t *m = work->members + k;
    const orbit_entry_t *entry = m->counts->orbits + orbit;
    status = entry->status;
    if (status != STATUS_OK || fmpq_is_zero(entry->ratio)) continue;
    unsigned turn =
        (pauli_mul(product, pauli_sum_string(work->few, m->term), ml, w) + e +
         4 - phi) % 4;
    assert(turn % 2 == 0); /* R and P commute alike with L, and both with M */
    if (work->other)
      quantum_state_expectation(x, work->other, product);
    else
      pauli_sum_coefficient(x, work->few, product);
    fmpq_mul(x, x, work->few->coeffs + m->term);
    fmpq_mul(x, x, entry->ratio);
    if (turn == 2) fmpq_neg(x, x);
    fmpq_add(share, share, x);
  }
  fmpq_mul(share, share, o->coeffs + term);
  fmpq_addmul(sum, share, o->coeffs + other);
  fmpq_clear(x);
  fmpq_clear(share);
  return status;
}

/* The sum over P' for the term P = order[i] of the keys first..last-1. */
static status_t add_terms(fmpq_t share, work_t *work, size_t i, size_t first,
                          size_t last) {
  const size_t *order = work->keys->order;
  status_t status = STATUS_OK;
  fmpq_zero(share);
  for (size_t j = first; j < last && status == STATUS_OK; j++)
    status = add_pair(share, work, order[i], order[j]);
  return status;
}

void string_sparse_moments(string_moments_t moments, const string_algebra_t g,
                           const pauli_sum_t observable, const pauli_sum_t few,
                           const uint64_t *shift) {
  work_t work;
  fmpq_t share;
  size_t last;
  string_moments_init_zero(moments, g);
  work_init(&work, g, observable, few, NULL, shift);
  fmpq_init(share);
  for (size_t first = 0; first < observable->length; first = last) {
    last = string_keys_end(work.keys, first);
    for (size_t i = first; i < last; i++) {
      size_t term = work.keys->order[i];
      size_t orbit = work.orbits->orbit_of[term];
      if (orbit == SIZE_MAX) {
        pauli_sum_coefficient(share, few, pauli_sum_string(observable, term));
        fmpq_addmul(moments->mean, observable->coeffs + term, share);
      } else if (add_terms(share, &work, i, first, last) == STATUS_OK) {
        string_moments_add(moments, work.orbits->orbits[orbit].action, share);
      } else {
        moments->variance_known = false;
      }
    }
  }
  if (!moments->variance_known)
    moments->reason = REASON_ORBIT_MEMORY_LIMIT;
  fmpq_clear(share);
  work_clear(&work);
}

status_t string_sparse_covariance(fmpq_t covariance, const string_algebra_t g,
                                  const pauli_sum_t observable,
                                  const pauli_sum_t few,
                                  const quantum_state_t other) {
  work_t work;
  fmpq_t sum, share;
  size_t last;
  status_t status = STATUS_OK;
  work_init(&work, g, observable, few, other, NULL);
  fmpq_init(sum);
  fmpq_init(share);
  for (size_t first = 0; first < observable->length; first = last) {
    last = string_keys_end(work.keys, first);
    for (size_t i = first; i < last && status == STATUS_OK; i++) {
      if (work.orbits->orbit_of[work.keys->order[i]] == SIZE_MAX) continue;
      status = add_terms(share, &work, i, first, last);
      fmpq_add(sum, sum, share);
    }
  }
  if (status == STATUS_OK) fmpq_set(covariance, sum);
  fmpq_clear(sum);
  fmpq_clear(share);
  work_clear(&work);
  return status;
}
