#include "algebra/generators/square_mean.h"

#include <stdlib.h>

enum { MAX_SYNDROME_BYTES = 1 << 28 };
static const uint64_t max_words = (uint64_t)1 << 31; /* of work */

typedef struct {
  const uint64_t *syndrome; /* borrowed */
  size_t words, term;
} entry_t;

static int compare_entries(const void *a, const void *b) {
  const entry_t *x = a, *y = b;
  int order = memcmp(x->syndrome, y->syndrome, x->words * sizeof(uint64_t));
  return order ? order : (x->term > y->term) - (x->term < y->term);
}

/* Adds the pairs of one group: each term with itself, and twice with later ones. */
static void add_group(fmpq_t mean, const pauli_sum_t o, const entry_t *entries,
                      size_t count, square_expectation_t expectation,
                      void *data, uint64_t *row) {
  fmpq_t value;
  fmpq_init(value);
  for (size_t i = 0; i < count; i++) {
    const fmpq *c = o->coeffs + entries[i].term;
    fmpq_addmul(mean, c, c);
    for (size_t j = i + 1; j < count; j++) {
      unsigned e = pauli_mul(row, pauli_sum_string(o, entries[i].term),
                             pauli_sum_string(o, entries[j].term),
                             o->num_words);
      if (e & 1) continue; /* they anticommute: PQ + QP = 0 */
      expectation(value, data, row);
      if (fmpq_is_zero(value)) continue;
      fmpq_mul(value, value, c);
      fmpq_mul_si(value, value, e == 2 ? -2 : 2);
      fmpq_addmul(mean, value, o->coeffs + entries[j].term);
    }
  }
  fmpq_clear(value);
}

/* One past the last entry with the syndrome of `first`. */
static size_t group_end(const entry_t *entries, size_t first, size_t length) {
  size_t end = first + 1;
  while (end < length &&
         !memcmp(entries[first].syndrome, entries[end].syndrome,
                 entries[first].words * sizeof(uint64_t)))
    end++;
  return end;
}

static uint64_t *make_syndromes(const pauli_sum_t o, const uint64_t *rows,
                                size_t num_rows, size_t words) {
  size_t w = o->num_words;
  uint64_t *out = flint_calloc(o->length * words + 1, sizeof *out);
  for (size_t t = 0; t < o->length; t++)
    for (size_t r = 0; r < num_rows; r++)
      if (pauli_anticommute(pauli_sum_string(o, t), rows + r * 2 * w, w))
        out[t * words + r / 64] |= UINT64_C(1) << (r % 64);
  return out;
}

status_t square_mean(fmpq_t mean, const pauli_sum_t o, const uint64_t *rows,
                     size_t num_rows, square_expectation_t expectation,
                     void *data) {
  size_t length = o->length, words = num_rows / 64 + 1, w = o->num_words;
  /* The pairs of a group cost an expectation each, up to n w words. */
  uint64_t pair_words = (uint64_t)(o->num_qubits + 1) * w, pairs = 0;
  if ((uint64_t)length * words * 8 > MAX_SYNDROME_BYTES ||
      (uint64_t)length * (num_rows + 1) > max_words / (w + 1))
    return STATUS_LIMIT;
  uint64_t *syndromes = make_syndromes(o, rows, num_rows, words);
  entry_t *entries = flint_malloc((length + 1) * sizeof *entries);
  for (size_t t = 0; t < length; t++)
    entries[t] = (entry_t){syndromes + t * words, words, t};
  qsort(entries, length, sizeof *entries, compare_entries);
  for (size_t i = 0, end; i < length; i = end) {
    end = group_end(entries, i, length);
    pairs += (uint64_t)(end - i) * (end - i) / 2;
  }
  status_t status = pairs > max_words / pair_words ? STATUS_LIMIT : STATUS_OK;
  if (status == STATUS_OK) {
    uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t i = 0, end; i < length; i = end) {
      end = group_end(entries, i, length);
      add_group(sum, o, entries + i, end - i, expectation, data, row);
    }
    fmpq_swap(mean, sum);
    fmpq_clear(sum);
    flint_free(row);
  }
  flint_free(entries);
  flint_free(syndromes);
  return status;
}

status_t square_expand(pauli_sum_t out, const pauli_sum_t o,
                       size_t max_pairs) {
  if (o->length && o->length > max_pairs / o->length) return STATUS_LIMIT;
  pauli_sum_t square;
  fmpq_t c;
  uint64_t *row = flint_calloc(2 * o->num_words + 1, sizeof *row);
  pauli_sum_init(square, o->num_qubits);
  fmpq_init(c);
  for (size_t i = 0; i < o->length; i++)
    for (size_t j = i; j < o->length; j++) {
      unsigned e = pauli_mul(row, pauli_sum_string(o, i),
                             pauli_sum_string(o, j), o->num_words);
      if (e & 1) continue;
      fmpq_mul(c, o->coeffs + i, o->coeffs + j);
      if (i != j) fmpq_mul_si(c, c, e == 2 ? -2 : 2);
      pauli_sum_push(square, c, row);
    }
  pauli_sum_canonicalise(square);
  pauli_sum_swap(out, square);
  pauli_sum_clear(square);
  fmpq_clear(c);
  flint_free(row);
  return STATUS_OK;
}

bool square_is_scalar(fmpq_t scalar, const pauli_sum_t square) {
  if (square->length > 1 ||
      (square->length &&
       !pauli_is_identity(pauli_sum_string(square, 0), square->num_words)))
    return false;
  if (square->length) fmpq_set(scalar, square->coeffs);
  else fmpq_zero(scalar);
  return true;
}

void square_bound(fmpq_t bound, const pauli_sum_t o) {
  fmpq_t c, sum;
  fmpq_init(c);
  fmpq_init(sum);
  for (size_t t = 0; t < o->length; t++) {
    fmpq_abs(c, o->coeffs + t);
    fmpq_add(sum, sum, c);
  }
  fmpq_mul(bound, sum, sum);
  fmpq_clear(c);
  fmpq_clear(sum);
}
