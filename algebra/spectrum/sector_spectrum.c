#include "algebra/spectrum/sector_spectrum.h"

#include <string.h>

#include <flint/fmpz_vec.h>

#include "algebra/spectrum/weight_enumerator.h"
#include "algebra/spectrum/spectrum.h"

enum {
  MAX_SIGNS = 12,       /* independent commuting strings that are enumerated */
  MAX_LEVELS = 4096,    /* listed eigenvalues */
  LEAST_BITS = 64,      /* of a certified least eigenvalue */
  MAX_SQUARE = 1 << 18  /* strings of O^2 */
};

/* Do all pairs of terms commute (anticommute)? */
static void term_relations(bool *commute, bool *anticommute,
                           const pauli_sum_t sum) {
  *commute = *anticommute = true;
  for (size_t i = 0; i < sum->length && (*commute || *anticommute); i++)
    for (size_t j = 0; j < i; j++) {
      if (pauli_anticommute(pauli_sum_string(sum, i), pauli_sum_string(sum, j),
                            sum->num_words))
        *commute = false;
      else
        *anticommute = false;
    }
}

/* --- commuting terms ---------------------------------------------------------- */

/* Term i is, up to a sign, the product of the independent strings j whose row
   has bit i; `signs` bit i: that product is -term i. Every pattern of signs of
   the independent strings occurs equally often, so the signs of the terms run
   through the words signs + (span of the rows). */
typedef struct {
  size_t length, rank, words; /* words of a row: one bit for each term */
  uint64_t *rows, *signs;
} sign_code_t;

static void flip_bit(uint64_t *row, size_t i) {
  row[i / 64] ^= UINT64_C(1) << (i % 64);
}

static bool get_bit(const uint64_t *row, size_t i) {
  return row[i / 64] >> (i % 64) & 1;
}

/* Reduced strings, what each is a product of, and the strings chosen. */
typedef struct {
  uint64_t *reduced, *factors, *strings;
  size_t *pivots;
} basis_t;

/* factors = the independent strings that multiply to the term; returns whether
   the term is a new one, which is added. */
static bool reduce_term(uint64_t *factors, sign_code_t *c, basis_t *b,
                        const uint64_t *string, size_t w) {
  size_t width = 2 * w, pivot = 0;
  uint64_t *row = b->reduced + c->rank * width;
  memcpy(row, string, width * sizeof *row);
  memset(factors, 0, c->words * sizeof *factors);
  for (size_t j = 0; j < c->rank; j++)
    if (get_bit(row, b->pivots[j])) {
      pauli_xor(row, row, b->reduced + j * width, w);
      for (size_t k = 0; k < c->words; k++)
        factors[k] ^= b->factors[j * c->words + k];
    }
  if (pauli_is_identity(row, w)) return false;
  while (!get_bit(row, pivot)) pivot++;
  b->pivots[c->rank] = pivot;
  memcpy(b->strings + c->rank * width, string, width * sizeof *row);
  flip_bit(factors, c->rank);
  memcpy(b->factors + c->rank * c->words, factors, c->words * sizeof *factors);
  memset(factors, 0, c->words * sizeof *factors);
  flip_bit(factors, c->rank++);
  return true;
}

static void sign_code_init(sign_code_t *c, const pauli_sum_t sum) {
  size_t w = sum->num_words, width = 2 * w;
  size_t most = sum->length < 64 * w ? sum->length : 64 * w;
  c->length = sum->length;
  c->rank = 0;
  c->words = (c->length + 63) / 64;
  c->rows = flint_calloc((most + 1) * c->words + 1, sizeof *c->rows);
  c->signs = flint_calloc(c->words + 1, sizeof *c->signs);
  basis_t b = {flint_malloc((most + 1) * width * sizeof *b.reduced),
               flint_malloc((most + 1) * c->words * sizeof *b.factors + 1),
               flint_malloc((most + 1) * width * sizeof *b.strings),
               flint_malloc((most + 1) * sizeof *b.pivots)};
  uint64_t *factors = flint_malloc((c->words + 1) * sizeof *factors);
  uint64_t *product = flint_malloc(width * sizeof *product);
  for (size_t i = 0; i < c->length; i++) {
    reduce_term(factors, c, &b, pauli_sum_string(sum, i), w);
    unsigned e = 0;
    memset(product, 0, width * sizeof *product);
    for (size_t j = 0; j < c->rank; j++)
      if (get_bit(factors, j)) {
        e += pauli_mul(product, product, b.strings + j * width, w);
        flip_bit(c->rows + j * c->words, i);
      }
    if (e % 4 == 2) flip_bit(c->signs, i);
  }
  flint_free(b.reduced);
  flint_free(b.factors);
  flint_free(b.strings);
  flint_free(b.pivots);
  flint_free(factors);
  flint_free(product);
}

static void sign_code_clear(sign_code_t *c) {
  flint_free(c->rows);
  flint_free(c->signs);
}

/* Few independent signs: all of them, whatever the coefficients. */
static status_t enumerate_signs(laws_block_t block, const pauli_sum_t sum,
                                const fmpz_t dimension, const sign_code_t *c) {
  size_t patterns = (size_t)1 << c->rank;
  fmpq *values = flint_calloc(patterns, sizeof *values);
  fmpz *counts = flint_calloc(patterns, sizeof *counts);
  status_t status = STATUS_OK;
  for (size_t p = 0; p < patterns; p++) {
    fmpq_init(values + p);
    for (size_t i = 0; i < c->length; i++) {
      bool minus = get_bit(c->signs, i);
      for (size_t j = 0; j < c->rank; j++)
        minus ^= (p >> j & 1) && get_bit(c->rows + j * c->words, i);
      if (minus) fmpq_sub(values + p, values + p, sum->coeffs + i);
      else fmpq_add(values + p, values + p, sum->coeffs + i);
    }
    fmpz_fdiv_q_2exp(counts + p, dimension, c->rank);
  }
  status = laws_block_set_spectrum(block, values, counts, (slong)patterns);
  for (size_t p = 0; p < patterns; p++) {
    fmpq_clear(values + p);
    fmpz_clear(counts + p);
  }
  flint_free(values);
  flint_free(counts);
  return status;
}

/* O = total - 2 scale (sum of unit[i] over the terms of sign -), after the
   signs of the coefficients have been moved into the offset of the words. */
typedef struct {
  fmpq_t total, scale;
  fmpz *unit;
  fmpz_t sum;
  uint64_t *offset;
} energy_t;

static void energy_init(energy_t *e, const pauli_sum_t sum,
                        const sign_code_t *c) {
  fmpz_t divisor;
  fmpz_init(divisor);
  fmpq_init(e->total);
  fmpq_init(e->scale);
  fmpz_init(e->sum);
  e->unit = _fmpz_vec_init((slong)c->length);
  e->offset = flint_malloc((c->words + 1) * sizeof *e->offset);
  memcpy(e->offset, c->signs, c->words * sizeof *e->offset);
  for (size_t i = 0; i < c->length; i++)
    fmpz_lcm(fmpq_denref(e->scale), fmpq_denref(e->scale),
             fmpq_denref(sum->coeffs + i));
  for (size_t i = 0; i < c->length; i++) {
    fmpz *u = e->unit + i;
    fmpz_divexact(u, fmpq_denref(e->scale), fmpq_denref(sum->coeffs + i));
    fmpz_mul(u, u, fmpq_numref(sum->coeffs + i));
    if (fmpz_sgn(u) < 0) flip_bit(e->offset, i);
    fmpz_abs(u, u);
    fmpz_gcd(divisor, divisor, u);
  }
  for (size_t i = 0; i < c->length; i++) {
    fmpz_divexact(e->unit + i, e->unit + i, divisor);
    fmpz_add(e->sum, e->sum, e->unit + i);
  }
  fmpz_set(fmpq_numref(e->scale), divisor);
  fmpq_canonicalise(e->scale);
  fmpq_mul_fmpz(e->total, e->scale, e->sum);
  fmpz_clear(divisor);
}

static void energy_clear(energy_t *e, const sign_code_t *c) {
  fmpq_clear(e->total);
  fmpq_clear(e->scale);
  fmpz_clear(e->sum);
  _fmpz_vec_clear(e->unit, (slong)c->length);
  flint_free(e->offset);
}

/* value = total - 2 scale weight. */
static void energy_at(fmpq_t value, const energy_t *e, const fmpz_t weight) {
  fmpq_mul_fmpz(value, e->scale, weight);
  fmpq_mul_2exp(value, value, 1);
  fmpq_sub(value, e->total, value);
}

/* Commensurable coefficients: the weight distribution of the words. */
static status_t set_distribution(laws_block_t block, const energy_t *e,
                                 const sign_code_t *c,
                                 const fmpz_t dimension) {
  if (fmpz_cmp_ui(e->sum, MAX_LEVELS) >= 0) return STATUS_LIMIT;
  size_t most = fmpz_get_ui(e->sum), rank;
  size_t *unit = flint_malloc((c->length + 1) * sizeof *unit);
  fmpq *values = flint_calloc(most + 1, sizeof *values);
  fmpz *counts = flint_calloc(most + 1, sizeof *counts);
  fmpz_poly_t distribution;
  fmpz_t weight;
  fmpz_poly_init(distribution);
  fmpz_init(weight);
  for (size_t i = 0; i < c->length; i++) unit[i] = fmpz_get_ui(e->unit + i);
  for (size_t i = 0; i <= most; i++) fmpq_init(values + i);
  status_t status = weight_enumerator_distribution(
      distribution, &rank, c->rows, c->rank, c->length, e->offset, unit, most);
  if (status == STATUS_OK) {
    for (size_t i = 0; i <= most; i++) {
      fmpz_poly_get_coeff_fmpz(counts + i, distribution, (slong)i);
      fmpz_mul(counts + i, counts + i, dimension);
      fmpz_fdiv_q_2exp(counts + i, counts + i, c->rank);
      fmpz_set_ui(weight, i);
      energy_at(values + i, e, weight);
    }
    status = laws_block_set_spectrum(block, values, counts, (slong)most + 1);
  }
  for (size_t i = 0; i <= most; i++) {
    fmpq_clear(values + i);
    fmpz_clear(counts + i);
  }
  flint_free(unit);
  flint_free(values);
  flint_free(counts);
  fmpz_poly_clear(distribution);
  fmpz_clear(weight);
  return status;
}

/* --- the least eigenvalue ------------------------------------------------------- */

/* Commuting terms, by the longest path through the trellis of the words. */
static bool least_of_words(fmpq_t least, const energy_t *e,
                           const sign_code_t *c) {
  fmpz *cost = _fmpz_vec_init((slong)c->length);
  fmpz_t weight;
  fmpz_init(weight);
  _fmpz_vec_neg(cost, e->unit, (slong)c->length);
  bool found = weight_enumerator_least(weight, c->rows, c->rank, c->length,
                                       e->offset, cost) == STATUS_OK;
  if (found) {
    fmpz_neg(weight, weight);
    energy_at(least, e, weight);
  }
  fmpz_clear(weight);
  _fmpz_vec_clear(cost, (slong)c->length);
  return found;
}

/* Any terms: attained by a stabilizer state, or a ball from a dense matrix, or
   from bounds that cost next to nothing. */
static void set_least(laws_block_t block, const pauli_sum_t sum,
                      size_t max_dense_qubits) {
  fmpq_t exact;
  arb_t ball;
  fmpq_init(exact);
  arb_init(ball);
  if (spectrum_least_unfrustrated(exact, sum))
    laws_block_set_least(block, exact);
  else {
    if (spectrum_least_dense(ball, sum, max_dense_qubits, LEAST_BITS) !=
        STATUS_OK)
      spectrum_least_interval(ball, sum, LEAST_BITS);
    laws_block_set_least_ball(block, ball);
  }
  fmpq_clear(exact);
  arb_clear(ball);
}

/* --- all --------------------------------------------------------------------------- */

/* Exact moments; the least eigenvalue stays unknown. */
static status_t set_moments(laws_block_t block, const pauli_sum_t sum,
                            const fmpz_t dimension) {
  fmpq_t mean, m2, m3, m4;
  fmpq_init(mean);
  fmpq_init(m2);
  fmpq_init(m3);
  fmpq_init(m4);
  status_t status = spectrum_moments(mean, m2, m3, m4, sum, MAX_SQUARE);
  if (status == STATUS_OK)
    status = laws_block_set_moments(block, dimension, mean, m2, m3, m4);
  fmpq_clear(mean);
  fmpq_clear(m2);
  fmpq_clear(m3);
  fmpq_clear(m4);
  return status;
}

static status_t set_commuting(laws_block_t block, const pauli_sum_t sum,
                              const fmpz_t dimension,
                              size_t max_dense_qubits) {
  sign_code_t code;
  energy_t energy;
  fmpq_t least;
  status_t status = STATUS_LIMIT;
  sign_code_init(&code, sum);
  energy_init(&energy, sum, &code);
  fmpq_init(least);
  if (code.rank <= MAX_SIGNS)
    status = enumerate_signs(block, sum, dimension, &code);
  else if (code.rank == code.length)
    status = spectrum_commuting(block, dimension, sum->coeffs,
                                (slong)sum->length, MAX_LEVELS);
  else
    status = set_distribution(block, &energy, &code, dimension);
  if (status != STATUS_OK) {
    status = set_moments(block, sum, dimension);
    if (status == STATUS_OK && least_of_words(least, &energy, &code))
      laws_block_set_least(block, least);
    else if (status == STATUS_OK)
      set_least(block, sum, max_dense_qubits);
  }
  fmpq_clear(least);
  energy_clear(&energy, &code);
  sign_code_clear(&code);
  return status;
}

status_t sector_spectrum(laws_block_t block, const pauli_sum_t sum,
                         const fmpz_t dimension, size_t max_dense_qubits) {
  bool commute, anticommute;
  term_relations(&commute, &anticommute, sum);
  if (sum->length > 1 && anticommute)
    return spectrum_anticommuting(block, dimension, sum->coeffs,
                                  (slong)sum->length);
  if (commute) return set_commuting(block, sum, dimension, max_dense_qubits);
  status_t status = set_moments(block, sum, dimension);
  if (status == STATUS_OK) set_least(block, sum, max_dense_qubits);
  return status;
}
