#include "algebra/sector_spectrum.h"

#include "liescape/f2_span.h"
#include "liescape/spectrum.h"

enum {
  MAX_SIGNS = 12,       /* independent commuting strings that are enumerated */
  MAX_LEVELS = 4096,    /* listed eigenvalues */
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

/* Commuting terms: bit j of masks[i] says that independent term j is a factor
   of term i, and signs[i] the sign of that product. Returns the number of
   independent terms, or MAX_SIGNS + 1 when there are more. */
static size_t factor_terms(uint64_t *masks, uint8_t *signs,
                           const pauli_sum_t sum) {
  size_t w = sum->num_words, width = 2 * w, rank = 0;
  uint64_t *rows = flint_malloc(MAX_SIGNS * width * sizeof *rows);
  uint64_t *strings = flint_malloc(MAX_SIGNS * width * sizeof *strings);
  uint64_t *row = flint_malloc(width * sizeof *row);
  size_t pivots[MAX_SIGNS];
  uint64_t row_masks[MAX_SIGNS];
  for (size_t i = 0; i < sum->length; i++) {
    uint64_t mask = 0;
    memcpy(row, pauli_sum_string(sum, i), width * sizeof *row);
    for (size_t j = 0; j < rank; j++)
      if (row[pivots[j] / 64] >> (pivots[j] % 64) & 1) {
        pauli_xor(row, row, rows + j * width, w);
        mask ^= row_masks[j];
      }
    if (!pauli_is_identity(row, w)) {
      if (rank == MAX_SIGNS) {
        rank++;
        break;
      }
      size_t pivot = 0;
      while (!(row[pivot / 64] >> (pivot % 64) & 1)) pivot++;
      pivots[rank] = pivot;
      memcpy(rows + rank * width, row, width * sizeof *row);
      memcpy(strings + rank * width, pauli_sum_string(sum, i),
             width * sizeof *row);
      row_masks[rank] = mask ^ UINT64_C(1) << rank;
      mask = UINT64_C(1) << rank++;
    }
    masks[i] = mask;
    unsigned e = 0;
    memset(row, 0, width * sizeof *row);
    for (size_t j = 0; j < rank; j++)
      if (mask >> j & 1) e += pauli_mul(row, row, strings + j * width, w);
    signs[i] = e % 4 == 2; /* product of the factors = -+ term i */
  }
  flint_free(rows);
  flint_free(strings);
  flint_free(row);
  return rank;
}

/* Every pattern of signs of the independent terms occurs equally often. */
static status_t enumerate_signs(laws_block_t block, const pauli_sum_t sum,
                                const fmpz_t dimension, const uint64_t *masks,
                                const uint8_t *signs, size_t rank) {
  size_t patterns = (size_t)1 << rank;
  fmpq *values = flint_calloc(patterns, sizeof *values);
  fmpz *counts = flint_calloc(patterns, sizeof *counts);
  status_t status = STATUS_OK;
  for (size_t p = 0; p < patterns; p++) {
    fmpq_init(values + p);
    for (size_t i = 0; i < sum->length; i++)
      if ((bool)__builtin_parityll(masks[i] & p) != (bool)signs[i])
        fmpq_sub(values + p, values + p, sum->coeffs + i);
      else
        fmpq_add(values + p, values + p, sum->coeffs + i);
    fmpz_fdiv_q_2exp(counts + p, dimension, rank);
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

static bool are_independent(const pauli_sum_t sum) {
  f2_span_t span;
  bool independent = true;
  f2_span_init(span, sum->num_words);
  for (size_t i = 0; i < sum->length && independent; i++)
    independent =
        f2_span_insert(span, pauli_sum_string(sum, i), 0) == SPAN_NEW;
  f2_span_clear(span);
  return independent;
}

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

status_t sector_spectrum(laws_block_t block, const pauli_sum_t sum,
                         const fmpz_t dimension) {
  bool commute, anticommute;
  term_relations(&commute, &anticommute, sum);
  if (sum->length > 1 && anticommute)
    return spectrum_anticommuting(block, dimension, sum->coeffs,
                                  (slong)sum->length);
  if (commute) {
    uint64_t *masks = flint_malloc(sum->length * sizeof *masks);
    uint8_t *signs = flint_malloc(sum->length);
    size_t rank = factor_terms(masks, signs, sum);
    status_t status = STATUS_LIMIT;
    if (rank <= MAX_SIGNS)
      status = enumerate_signs(block, sum, dimension, masks, signs, rank);
    else if (are_independent(sum))
      status = spectrum_commuting(block, dimension, sum->coeffs,
                                  (slong)sum->length, MAX_LEVELS);
    flint_free(masks);
    flint_free(signs);
    if (status == STATUS_OK) return status;
  }
  return set_moments(block, sum, dimension);
}
