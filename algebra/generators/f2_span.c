#include "algebra/generators/f2_span.h"

#include <flint/flint.h>

#include "algebra/generators/f2_echelon.h"

/* Spans of this dimension find their pivots by position: sparse rows meet few. */
enum { INDEXED_DIM = 64 };

void f2_span_init(f2_span_t span, size_t num_words) {
  *span = (f2_span_struct){.num_words = num_words};
}

void f2_span_clear(f2_span_t span) {
  flint_free(span->rows);
  flint_free(span->pivots);
  flint_free(span->values);
  flint_free(span->pivot_bits);
  flint_free(span->pivot_rows);
  f2_span_init(span, span->num_words);
}

/* Enters the rows from `first` on; first = 0 makes the index. */
static void index_pivots(f2_span_t span, size_t first) {
  size_t width = 2 * span->num_words;
  if (!first) {
    span->pivot_bits = flint_calloc(width, sizeof *span->pivot_bits);
    span->pivot_rows = flint_malloc(64 * width * sizeof *span->pivot_rows);
  }
  for (size_t i = first; i < span->dim; i++) {
    uint32_t pivot = span->pivots[i];
    span->pivot_bits[pivot / 64] |= UINT64_C(1) << (pivot % 64);
    span->pivot_rows[pivot] = (uint32_t)i;
  }
}

/* Of ten thousand qubits there are as many components of two rows, each of 2.5 KB:
   the first eight rows come one by one. */
static void fit_dim(f2_span_t span, size_t dim) {
  if (dim <= span->alloc) return;
  size_t alloc = dim > 8 && span->alloc * 2 > dim ? span->alloc * 2 : dim;
  span->rows = flint_realloc(
      span->rows, alloc * 2 * span->num_words * sizeof *span->rows);
  span->pivots = flint_realloc(span->pivots, alloc * sizeof *span->pivots);
  span->values = flint_realloc(span->values, alloc);
  span->alloc = alloc;
}

void f2_span_set(f2_span_t out, const f2_span_t in) {
  if (out == in) return;
  f2_span_clear(out);
  out->num_words = in->num_words;
  if (!in->dim) return;
  fit_dim(out, in->dim);
  memcpy(out->rows, in->rows,
         in->dim * 2 * in->num_words * sizeof *in->rows);
  memcpy(out->pivots, in->pivots, in->dim * sizeof *in->pivots);
  memcpy(out->values, in->values, in->dim);
  out->dim = in->dim;
  if (in->pivot_bits) index_pivots(out, 0);
}

/* Pivots are lowest bits: one pass upwards. The rows that add up are those of
   the pass in the order of insertion, being independent. */
static void reduce_upwards(const f2_span_t span, uint64_t *row,
                           uint8_t *value) {
  size_t w = span->num_words, width = 2 * w;
  for (size_t at = 0; at < width; at++)
    for (uint64_t hit; (hit = row[at] & span->pivot_bits[at]);) {
      uint32_t i =
          span->pivot_rows[64 * at + (size_t)__builtin_ctzll(hit)];
      const uint64_t *b = f2_span_row(span, i);
      if (value)
        *value ^= span->values[i] ^ (uint8_t)pauli_anticommute(row, b, w);
      for (size_t j = at; j < width; j++) row[j] ^= b[j];
    }
}

bool f2_span_reduce(const f2_span_t span, uint64_t *row, uint8_t *value) {
  size_t w = span->num_words, width = 2 * w;
  if (span->pivot_bits) {
    reduce_upwards(span, row, value);
    return pauli_is_identity(row, w);
  }
  for (size_t i = 0; i < span->dim; i++) {
    uint32_t pivot = span->pivots[i];
    if (!(row[pivot / 64] >> (pivot % 64) & 1)) continue;
    const uint64_t *b = span->rows + i * width;
    if (value)
      *value ^= span->values[i] ^ (uint8_t)pauli_anticommute(row, b, w);
    for (size_t j = 0; j < width; j++) row[j] ^= b[j];
  }
  return pauli_is_identity(row, w);
}

void f2_span_set_whole(f2_span_t span, size_t num_qubits) {
  size_t width = 2 * span->num_words;
  f2_span_clear(span);
  uint64_t *row = flint_calloc(width + 1, sizeof *row);
  for (size_t i = 0; i < 2 * num_qubits; i++) {
    uint64_t *word = row + i / 128 + i % 2 * span->num_words;
    *word = UINT64_C(1) << (i / 2 % 64);
    f2_span_insert(span, row, 0);
    *word = 0;
  }
  flint_free(row);
}

span_insert_t f2_span_insert(f2_span_t span, const uint64_t *string,
                             uint8_t value) {
  size_t width = 2 * span->num_words;
  fit_dim(span, span->dim + 1);
  uint64_t *row = span->rows + span->dim * width;
  memmove(row, string, width * sizeof *row);
  if (f2_span_reduce(span, row, &value))
    return value ? SPAN_CONFLICT : SPAN_CONSISTENT;
  size_t i = 0;
  while (!row[i]) i++;
  span->pivots[span->dim] = (uint32_t)(64 * i) + (uint32_t)__builtin_ctzll(row[i]);
  span->values[span->dim] = value;
  span->dim++;
  if (span->pivot_bits) index_pivots(span, span->dim - 1);
  else if (span->dim == INDEXED_DIM) index_pivots(span, 0);
  return SPAN_NEW;
}

bool f2_span_contains(const f2_span_t span, const uint64_t *string) {
  size_t bytes = 2 * span->num_words * sizeof *string;
  uint64_t *row = flint_malloc(bytes);
  memcpy(row, string, bytes);
  bool inside = f2_span_reduce(span, row, NULL);
  flint_free(row);
  return inside;
}

void f2_span_intersect(f2_span_t out, const f2_span_t span,
                       const uint64_t *strings, size_t num_strings) {
  size_t width = 2 * span->num_words;
  f2_echelon_t both; /* a string, then the sum of the given ones in it */
  f2_echelon_init(both, width, 2 * width);
  uint64_t *row = flint_malloc((2 * width + 1) * sizeof *row);
  for (size_t i = 0; i < span->dim; i++) {
    memcpy(row, f2_span_row(span, i), width * sizeof *row);
    memset(row + width, 0, width * sizeof *row);
    f2_echelon_add(both, row);
  }
  for (size_t i = num_strings; i-- > 0;) {
    memcpy(row, strings + i * width, width * sizeof *row);
    memcpy(row + width, row, width * sizeof *row);
    if (!f2_echelon_add(both, row)) f2_span_insert(out, row + width, 0);
  }
  flint_free(row);
  f2_echelon_clear(both);
}
