#include "algebra/generators/f2_span.h"

#include <flint/flint.h>

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

static void fit_dim(f2_span_t span, size_t dim) {
  if (dim <= span->alloc) return;
  size_t alloc = span->alloc * 2 > dim ? span->alloc * 2 : dim + 7;
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
  size_t w = span->num_words, width = 2 * w, row_words = 2 * width;
  size_t most = span->dim + num_strings, num_rows = 0;
  uint64_t *rows = flint_calloc((most + 1) * row_words, sizeof *rows);
  size_t *pivots = flint_malloc((most + 1) * sizeof *pivots);
  for (size_t i = 0; i < most; i++) {
    uint64_t *row = rows + num_rows * row_words;
    bool second = i >= span->dim;
    const uint64_t *string =
        second ? strings + (i - span->dim) * width
                   : f2_span_row(span, i);
    memset(row, 0, row_words * sizeof *row);
    memcpy(row, string, width * sizeof *row);
    if (second) memcpy(row + width, string, width * sizeof *row);
    for (size_t j = 0; second && j < num_rows; j++)
      if (row[pivots[j] / 64] >> (pivots[j] % 64) & 1)
        for (size_t k = 0; k < row_words; k++)
          row[k] ^= rows[j * row_words + k];
    size_t pivot = 0;
    while (pivot < 64 * width && !(row[pivot / 64] >> (pivot % 64) & 1))
      pivot++;
    if (pivot == 64 * width)
      f2_span_insert(out, row + width, 0); /* in both */
    else
      pivots[num_rows++] = pivot;
  }
  flint_free(rows);
  flint_free(pivots);
}

void commutation_table_init(commutation_table_t table, size_t num_qubits) {
  *table = (commutation_table_struct){.num_qubits = num_qubits};
}

void commutation_table_clear(commutation_table_t table) {
  flint_free(table->columns);
  commutation_table_init(table, table->num_qubits);
}

static void widen(commutation_table_t table) {
  size_t columns = 2 * table->num_qubits;
  size_t stride = table->stride ? 2 * table->stride : 2;
  uint64_t *wider = flint_calloc(columns * stride, sizeof *wider);
  for (size_t j = 0; j < columns && table->stride; j++)
    memcpy(wider + j * stride, table->columns + j * table->stride,
           table->stride * sizeof *wider);
  flint_free(table->columns);
  table->columns = wider;
  table->stride = stride;
}

void commutation_table_append(commutation_table_t table,
                              const uint64_t *string) {
  size_t w = pauli_words(table->num_qubits), at = table->length;
  if (at == 64 * table->stride) widen(table);
  for (size_t half = 0; half < 2; half++)
    for (size_t i = 0; i < w; i++)
      for (uint64_t left = string[half * w + i]; left; left &= left - 1) {
        size_t qubit = 64 * i + (size_t)__builtin_ctzll(left);
        table->columns[(2 * qubit + half) * table->stride + at / 64] |=
            UINT64_C(1) << (at % 64);
      }
  table->length++;
}

void commutation_table_query(uint64_t *bits, const commutation_table_t table,
                             const uint64_t *p) {
  size_t w = pauli_words(table->num_qubits);
  size_t words = commutation_table_words(table);
  if (!words) return;
  memset(bits, 0, words * sizeof *bits);
  for (size_t half = 0; half < 2; half++)
    for (size_t i = 0; i < w; i++)
      for (uint64_t left = p[half * w + i]; left; left &= left - 1) {
        size_t qubit = 64 * i + (size_t)__builtin_ctzll(left);
        /* an x bit of p meets the z bits of the strings, and vice versa */
        const uint64_t *column =
            table->columns + (2 * qubit + 1 - half) * table->stride;
        for (size_t j = 0; j < words; j++) bits[j] ^= column[j];
      }
}
