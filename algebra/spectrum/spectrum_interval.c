/* spectrum_interval.c - bounds on the least eigenvalue of any Pauli sum. */
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/spectrum/spectrum.h"

enum { MAX_GROUPED = 4096, MAX_SQUARED = 256, MAX_SQUARE_TERMS = 1 << 16 };

/* The terms but the identity, by falling |coefficient|. */
typedef struct {
  const uint64_t *string;
  const fmpq *coeff;
  size_t index;
} term_t;

typedef struct {
  term_t *term;
  size_t length, num_words;
  fmpq_t identity;
} terms_t;

static int by_size(const void *a, const void *b) {
  const term_t *s = a, *t = b;
  fmpq_t x, y;
  fmpq_init(x);
  fmpq_init(y);
  fmpq_abs(x, s->coeff);
  fmpq_abs(y, t->coeff);
  int order = -fmpq_cmp(x, y);
  fmpq_clear(x);
  fmpq_clear(y);
  return order ? order : (s->index > t->index) - (s->index < t->index);
}

static void terms_init(terms_t *t, const pauli_sum_struct *sum) {
  t->num_words = sum->num_words;
  t->length = 0;
  t->term = flint_malloc((sum->length + 1) * sizeof *t->term);
  fmpq_init(t->identity);
  for (size_t i = 0; i < sum->length; i++) {
    const uint64_t *string = pauli_sum_string(sum, i);
    if (pauli_is_identity(string, sum->num_words)) {
      fmpq_set(t->identity, sum->coeffs + i);
      continue;
    }
    t->term[t->length].string = string;
    t->term[t->length].coeff = sum->coeffs + i;
    t->term[t->length].index = i;
    t->length++;
  }
  qsort(t->term, t->length, sizeof *t->term, by_size);
}

static void terms_clear(terms_t *t) {
  flint_free(t->term);
  fmpq_clear(t->identity);
}

/* Puts every term into the first set all of whose members anticommute with it:
   the sum over such a set has eigenvalues +-sqrt(sum c^2). Returns the sum of
   these roots, by which the least eigenvalue is below the identity's
   coefficient at most. */
static void clique_bound(arb_t total, const terms_t *t, slong prec) {
  size_t *set = flint_malloc((t->length + 1) * sizeof *set), sets = 0;
  arb_t root;
  arb_init(root);
  for (size_t i = 0; i < t->length; i++) {
    size_t chosen = sets;
    if (t->length <= MAX_GROUPED) {
      bool *clash = flint_calloc(sets + 1, sizeof *clash);
      for (size_t j = 0; j < i; j++)
        if (!pauli_anticommute(t->term[i].string, t->term[j].string,
                               t->num_words))
          clash[set[j]] = true;
      for (size_t k = 0; k < sets && chosen == sets; k++)
        if (!clash[k]) chosen = k;
      flint_free(clash);
    }
    set[i] = chosen;
    if (chosen == sets) sets++;
  }
  arb_zero(total);
  fmpq *sums = _fmpq_vec_init((slong)sets + 1);
  for (size_t i = 0; i < t->length; i++)
    fmpq_addmul(sums + set[i], t->term[i].coeff, t->term[i].coeff);
  for (size_t k = 0; k < sets; k++) {
    arb_set_fmpq(root, sums + k, prec);
    arb_sqrt(root, root, prec);
    arb_add(total, total, root, prec);
  }
  _fmpq_vec_clear(sums, (slong)sets + 1);
  flint_free(set);
  arb_clear(root);
}

/* Energy (without the identity) of a state stabilized by a group chosen term
   by term, the largest first: a term that commutes with the group and is not
   in it joins with the sign that lowers the energy; one in it counts with the
   sign it has there; one that anticommutes with a member has expectation 0.
   Rows are kept reduced; (-1)^sign times the row has expectation +1. */
static void stabilizer_energy(fmpq_t energy, const terms_t *t) {
  size_t w = t->num_words, width = 2 * w, rank = 0;
  size_t limit = t->length < 64 * w ? t->length : 64 * w;
  uint64_t *rows = flint_malloc((limit + 1) * width * sizeof *rows);
  uint64_t *row = flint_malloc((width + 1) * sizeof *row);
  size_t *pivot = flint_malloc((limit + 1) * sizeof *pivot);
  bool *sign = flint_malloc(limit + 1);
  fmpq_zero(energy);
  for (size_t i = 0; i < t->length; i++) {
    const term_t *term = t->term + i;
    bool commutes = true, flip = false;
    for (size_t j = 0; j < rank && commutes; j++)
      commutes = !pauli_anticommute(term->string, rows + j * width, w);
    if (!commutes) continue;
    memcpy(row, term->string, width * sizeof *row);
    for (size_t j = 0; j < rank; j++)
      if (row[pivot[j] / 64] >> (pivot[j] % 64) & 1)
        flip ^= sign[j] ^ (pauli_mul(row, row, rows + j * width, w) == 2);
    bool up; /* the expectation is +1 */
    if (pauli_is_identity(row, w)) {
      up = !flip;
    } else {
      up = fmpq_sgn(term->coeff) < 0;
      size_t bit = 0;
      while (!(row[bit / 64] >> (bit % 64) & 1)) bit++;
      pivot[rank] = bit;
      sign[rank] = flip ^ !up;
      memcpy(rows + rank * width, row, width * sizeof *row);
      rank++;
    }
    if (up) fmpq_add(energy, energy, term->coeff);
    else fmpq_sub(energy, energy, term->coeff);
  }
  flint_free(rows);
  flint_free(row);
  flint_free(pivot);
  flint_free(sign);
}

/* The two-point bound: least <= mean - (sqrt(m3^2 + 4 m2^3) - m3) / (2 m2). */
static bool moment_bound(arb_t bound, const pauli_sum_struct *sum, slong prec) {
  fmpq_t mean, m2, m3, m4;
  bool known = false;
  fmpq_init(mean);
  fmpq_init(m2);
  fmpq_init(m3);
  fmpq_init(m4);
  if (sum->length <= MAX_SQUARED &&
      spectrum_moments(mean, m2, m3, m4, sum, MAX_SQUARE_TERMS) == STATUS_OK &&
      !fmpq_is_zero(m2)) {
    arb_t t;
    arb_init(t);
    fmpq_pow_si(m4, m2, 3);
    fmpq_mul_2exp(m4, m4, 2);
    fmpq_addmul(m4, m3, m3);
    arb_set_fmpq(bound, m4, prec);
    arb_sqrt(bound, bound, prec);
    arb_set_fmpq(t, m3, prec);
    arb_sub(bound, bound, t, prec);
    arb_set_fmpq(t, m2, prec);
    arb_div(bound, bound, t, prec);
    arb_mul_2exp_si(bound, bound, -1);
    arb_set_fmpq(t, mean, prec);
    arb_sub(bound, t, bound, prec);
    arb_clear(t);
    known = true;
  }
  fmpq_clear(mean);
  fmpq_clear(m2);
  fmpq_clear(m3);
  fmpq_clear(m4);
  return known;
}

void spectrum_least_interval(arb_t least, const pauli_sum_t sum,
                             slong prec_bits) {
  slong prec = prec_bits + 32;
  terms_t terms;
  fmpq_t energy;
  arb_t low, high, t;
  terms_init(&terms, sum);
  fmpq_init(energy);
  arb_init(low);
  arb_init(high);
  arb_init(t);
  clique_bound(low, &terms, prec);
  arb_set_fmpq(t, terms.identity, prec);
  arb_sub(low, t, low, prec);
  stabilizer_energy(energy, &terms);
  fmpq_add(energy, energy, terms.identity);
  arb_set_fmpq(high, energy, prec);
  if (moment_bound(t, sum, prec)) arb_min(high, high, t, prec);
  arb_union(least, low, high, prec);
  terms_clear(&terms);
  fmpq_clear(energy);
  arb_clear(low);
  arb_clear(high);
  arb_clear(t);
}

bool spectrum_least_unfrustrated(fmpq_t least, const pauli_sum_t sum) {
  terms_t terms;
  fmpq_t energy, floor, size;
  terms_init(&terms, sum);
  fmpq_init(energy);
  fmpq_init(floor);
  fmpq_init(size);
  stabilizer_energy(energy, &terms);
  for (size_t i = 0; i < terms.length; i++) {
    fmpq_abs(size, terms.term[i].coeff);
    fmpq_sub(floor, floor, size);
  }
  bool attained = fmpq_equal(energy, floor);
  if (attained) fmpq_add(least, floor, terms.identity);
  terms_clear(&terms);
  fmpq_clear(energy);
  fmpq_clear(floor);
  fmpq_clear(size);
  return attained;
}
