#include "algebra/strings/string_covariance.h"

#include <assert.h>
#include <string.h>

#include "algebra/strings/string_counts.h"

/* --- the sum of two stabilizer groups, signs dropped ------------------------------ */

/* Reduced rows [s | a]: s in A + B, a the part of it that is taken from A. */
typedef struct {
  size_t num_words, num_rows;
  uint64_t *rows;
  size_t *pivots;
} pencil_t;

/* Reduces row; returns whether its first half is then zero. */
static bool pencil_reduce(uint64_t *row, const pencil_t *p) {
  size_t width = 2 * p->num_words;
  for (size_t j = 0; j < p->num_rows; j++)
    if (row[p->pivots[j] / 64] >> (p->pivots[j] % 64) & 1)
      for (size_t k = 0; k < 2 * width; k++) row[k] ^= p->rows[2 * j * width + k];
  return pauli_is_identity(row, p->num_words);
}

static void pencil_clear(pencil_t *p) {
  flint_free(p->rows);
  flint_free(p->pivots);
}

/* Adds the strings of A meet B to `common`, a freshly initialised state (whose
   signs mean nothing). */
static void pencil_init(pencil_t *p, stabilizer_state_t common,
                        const stabilizer_state_t a,
                        const stabilizer_state_t b) {
  size_t width = 2 * a->num_words, most = a->rank + b->rank;
  *p = (pencil_t){.num_words = a->num_words};
  p->rows = flint_calloc((most + 1) * 2 * width + 1, sizeof *p->rows);
  p->pivots = flint_malloc((most + 1) * sizeof *p->pivots);
  for (size_t i = 0; i < most; i++) {
    uint64_t *row = p->rows + p->num_rows * 2 * width;
    const uint64_t *string = i < a->rank
                                 ? stabilizer_state_string(a, i)
                                 : stabilizer_state_string(b, i - a->rank);
    memset(row, 0, 2 * width * sizeof *row);
    memcpy(row, string, width * sizeof *row);
    if (i < a->rank) memcpy(row + width, string, width * sizeof *row);
    if (pencil_reduce(row, p)) {
      status_t status = stabilizer_state_add(common, row + width, false);
      assert(status == STATUS_OK);
      (void)status;
      continue;
    }
    size_t pivot = 0;
    while (!(row[pivot / 64] >> (pivot % 64) & 1)) pivot++;
    p->pivots[p->num_rows++] = pivot;
  }
}

/* --- counting in cosets of T -------------------------------------------------------- */

/* sum over t in T with a0 t in the orbit of a_t b_t, over |C|: the ratios of
   `plus` less those of `minus`, per orbit (twice those of plus when a0 is in
   T and the character is not trivial). */
typedef struct {
  uint64_t *a0;   /* reduced modulo T; the identity: T itself */
  bool has_minus; /* else plus alone */
  bool doubled;
  stabilizer_state_t plus_group, minus_group;
  string_counts_t plus, minus;
} coset_t;

typedef struct {
  const string_algebra_struct *g;
  const pauli_sum_struct *observable;
  stabilizer_echelon_t a, b;
  pencil_t pencil;
  stabilizer_state_t kernel; /* T_0: the kernel of the character on T */
  bool has_flip;
  uint64_t *flip;     /* in T, not in T_0 */
  f2_span_t common;   /* T */
  size_t num_cosets;
  coset_t *cosets;
} work_t;

static int character(const work_t *work, const uint64_t *t) {
  return stabilizer_echelon_expectation(work->a, t) *
         stabilizer_echelon_expectation(work->b, t);
}

/* T_0 out of T: the first generator of character -1 is multiplied into the
   others. */
static void split_common(work_t *work, const stabilizer_state_t common) {
  size_t w = work->g->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  for (size_t j = 0; j < common->rank; j++) {
    const uint64_t *t = stabilizer_state_string(common, j);
    f2_span_insert(work->common, t, 0);
    if (character(work, t) > 0) {
      stabilizer_state_add(work->kernel, t, false);
    } else if (!work->has_flip) {
      work->has_flip = true;
      memcpy(work->flip, t, 2 * w * sizeof *row);
    } else {
      pauli_xor(row, t, work->flip, w);
      stabilizer_state_add(work->kernel, row, false);
    }
  }
  flint_free(row);
}

static void copy_state(stabilizer_state_t out, const stabilizer_state_t in) {
  stabilizer_state_init(out, in->num_qubits);
  for (size_t j = 0; j < in->rank; j++)
    stabilizer_state_add(out, stabilizer_state_string(in, j), false);
}

/* A freshly made entry for the coset a0 T. */
static void coset_init(coset_t *c, const work_t *work, const uint64_t *a0) {
  size_t w = work->g->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  bool inside = pauli_is_identity(a0, w);
  c->a0 = flint_malloc((2 * w + 1) * sizeof *c->a0);
  memcpy(c->a0, a0, 2 * w * sizeof *a0);
  copy_state(c->plus_group, work->kernel);
  copy_state(c->minus_group, work->kernel);
  c->doubled = inside && work->has_flip;
  c->has_minus = !inside || work->has_flip;
  if (inside) {
    /* T_0 - (T - T_0) = 2 T_0 - T */
    if (work->has_flip)
      stabilizer_state_add(c->minus_group, work->flip, false);
  } else {
    /* a0 T_0 = <a0, T_0> - T_0, and the same for a0 flip T_0 */
    stabilizer_state_add(c->plus_group, a0, false);
    if (work->has_flip) {
      pauli_xor(row, a0, work->flip, w);
      stabilizer_state_add(c->minus_group, row, false);
    }
  }
  string_counts_init(c->plus, work->g, work->observable, c->plus_group);
  if (c->has_minus)
    string_counts_init(c->minus, work->g, work->observable, c->minus_group);
  flint_free(row);
}

static void coset_clear(coset_t *c) {
  string_counts_clear(c->plus);
  if (c->has_minus) string_counts_clear(c->minus);
  stabilizer_state_clear(c->plus_group);
  stabilizer_state_clear(c->minus_group);
  flint_free(c->a0);
}

static const coset_t *find_coset(work_t *work, const uint64_t *a0) {
  size_t w = work->g->num_words;
  for (size_t i = 0; i < work->num_cosets; i++)
    if (!memcmp(work->cosets[i].a0, a0, 2 * w * sizeof *a0))
      return work->cosets + i;
  work->cosets = flint_realloc(work->cosets, (work->num_cosets + 1) *
                                                 sizeof *work->cosets);
  coset_init(work->cosets + work->num_cosets, work, a0);
  return work->cosets + work->num_cosets++;
}

static status_t coset_ratio(fmpq_t ratio, const coset_t *c, size_t term) {
  const orbit_entry_t *plus = c->plus->orbits + c->plus->orbit_of[term];
  if (plus->status != STATUS_OK) return plus->status;
  fmpq_set(ratio, plus->ratio);
  if (c->doubled) fmpq_mul_2exp(ratio, ratio, 1);
  if (!c->has_minus) return STATUS_OK;
  const orbit_entry_t *minus = c->minus->orbits + c->minus->orbit_of[term];
  if (minus->status == STATUS_OK) fmpq_sub(ratio, ratio, minus->ratio);
  return minus->status;
}

/* --- one pair of terms ------------------------------------------------------------------ */

/* 0, or the sign of conj(phi_P) a_{a0} b_{b0} phi_{a0}, where P L = phi_P P'
   and L = [P + P']; a0 reduced modulo T, scratch of 6w words. */
static int pair_sign(uint64_t *a0, work_t *work, const uint64_t *p,
                     const uint64_t *q, uint64_t *scratch) {
  size_t w = work->g->num_words, width = 2 * w;
  uint64_t *l = scratch, *row = scratch + width;
  pauli_xor(l, p, q, w);
  memcpy(row, l, width * sizeof *row);
  memset(row + width, 0, width * sizeof *row);
  if (!pencil_reduce(row, &work->pencil)) return 0;
  memcpy(a0, row + width, width * sizeof *a0);
  for (size_t j = 0; j < work->common->dim; j++) {
    uint32_t pivot = work->common->pivots[j];
    if (a0[pivot / 64] >> (pivot % 64) & 1)
      pauli_xor(a0, a0, f2_span_row(work->common, j), w);
  }
  unsigned e = pauli_mul(row, p, l, w);       /* phi_P */
  unsigned f = pauli_mul(row, a0, l, w);      /* phi_{a0}; row = b0 */
  int value = stabilizer_echelon_expectation(work->a, a0) *
              stabilizer_echelon_expectation(work->b, row);
  unsigned turn = (f + 4 - e) % 4;
  /* both commute with L or neither does when a0 T meets the orbit; otherwise
     the sum over the orbit is empty */
  if (turn % 2) return 0;
  return turn == 2 ? -value : value;
}

/* Adds the share of the terms P and P'. */
static status_t add_pair(fmpq_t sum, work_t *work, size_t term, size_t other,
                         uint64_t *scratch) {
  const pauli_sum_struct *o = work->observable;
  uint64_t *a0 = scratch;
  int sign = pair_sign(a0, work, pauli_sum_string(o, term),
                       pauli_sum_string(o, other),
                       scratch + 2 * work->g->num_words);
  if (!sign) return STATUS_OK;
  fmpq_t share;
  fmpq_init(share);
  status_t status = coset_ratio(share, find_coset(work, a0), term);
  if (status == STATUS_OK) {
    fmpq_mul(share, share, o->coeffs + term);
    fmpq_mul(share, share, o->coeffs + other);
    if (sign > 0) fmpq_add(sum, sum, share);
    else fmpq_sub(sum, sum, share);
  }
  fmpq_clear(share);
  return status;
}

/* --- all ----------------------------------------------------------------------------------- */

static void work_init(work_t *work, const string_algebra_t g,
                      const pauli_sum_t observable,
                      const stabilizer_state_t a,
                      const stabilizer_state_t b) {
  stabilizer_state_t common;
  memset(work, 0, sizeof *work);
  work->g = g;
  work->observable = observable;
  stabilizer_echelon_init(work->a, a);
  stabilizer_echelon_init(work->b, b);
  stabilizer_state_init(common, g->num_qubits);
  stabilizer_state_init(work->kernel, g->num_qubits);
  f2_span_init(work->common, g->num_words);
  work->flip = flint_calloc(2 * g->num_words + 1, sizeof *work->flip);
  pencil_init(&work->pencil, common, a, b);
  split_common(work, common);
  stabilizer_state_clear(common);
}

static void work_clear(work_t *work) {
  for (size_t i = 0; i < work->num_cosets; i++) coset_clear(work->cosets + i);
  flint_free(work->cosets);
  flint_free(work->flip);
  f2_span_clear(work->common);
  pencil_clear(&work->pencil);
  stabilizer_state_clear(work->kernel);
  stabilizer_echelon_clear(work->a);
  stabilizer_echelon_clear(work->b);
}

status_t string_covariance(fmpq_t covariance, const string_algebra_t g,
                           const pauli_sum_t observable,
                           const stabilizer_state_t a,
                           const stabilizer_state_t b) {
  work_t work;
  string_keys_t keys;
  fmpq_t sum;
  status_t status = STATUS_OK;
  size_t length = observable->length, first = 0, last;
  work_init(&work, g, observable, a, b);
  string_keys_init(keys, g, observable);
  fmpq_init(sum);
  uint64_t *scratch = flint_malloc(8 * g->num_words * sizeof *scratch + 1);
  uint64_t *identity = flint_calloc(2 * g->num_words + 1, sizeof *identity);
  const size_t *orbit_of = length ? find_coset(&work, identity)->plus->orbit_of
                                  : NULL;
  for (; first < length && status == STATUS_OK; first = last) {
    last = string_keys_end(keys, first);
    for (size_t i = first; i < last && status == STATUS_OK; i++)
      for (size_t j = first; j < last && status == STATUS_OK; j++)
        if (orbit_of[keys->order[i]] != SIZE_MAX)
          status = add_pair(sum, &work, keys->order[i], keys->order[j],
                            scratch);
  }
  if (status == STATUS_OK) fmpq_set(covariance, sum);
  flint_free(scratch);
  flint_free(identity);
  fmpq_clear(sum);
  string_keys_clear(keys);
  work_clear(&work);
  return status;
}
