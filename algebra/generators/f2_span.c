#include "algebra/generators/f2_span.h"

#include <assert.h>
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

void commutation_table_init(commutation_table_t table, size_t num_qubits) {
  *table = (commutation_table_struct){.num_qubits = num_qubits};
}

void commutation_table_clear(commutation_table_t table) {
  flint_free(table->columns);
  flint_free(table->support);
  flint_free(table->before);
  commutation_table_init(table, table->num_qubits);
}

/* Bit i of word j and bit j of word i change places (H. S. Warren, Hacker's Delight,
   7-3). */
static void transpose(uint64_t block[64]) {
  uint64_t mask = UINT64_C(0x00000000ffffffff);
  for (unsigned j = 32; j; j >>= 1, mask ^= mask << j)
    for (unsigned k = 0; k < 64; k = (k + j + 1) & ~j) {
      uint64_t t = (block[k] >> j ^ block[k + j]) & mask;
      block[k] ^= t << j;
      block[k + j] ^= t;
    }
}

static void find_support(commutation_table_t table, const uint64_t *strings,
                         size_t count) {
  size_t w = pauli_words(table->num_qubits), columns = 0;
  table->support = flint_calloc(w + 1, sizeof *table->support);
  table->before = flint_malloc((w + 1) * sizeof *table->before);
  for (size_t i = 0; i < 2 * w * count; i++) table->support[i % w] |= strings[i];
  for (size_t i = 0; i < w; i++) {
    table->before[i] = (uint32_t)columns;
    columns += (size_t)__builtin_popcountll(table->support[i]);
  }
  table->stride = (count + 63) / 64;
  table->columns = flint_calloc(2 * columns * table->stride + 1,
                                sizeof *table->columns);
}

void commutation_table_init_strings(commutation_table_t table, size_t num_qubits,
                                    const uint64_t *strings, size_t count) {
  size_t w = pauli_words(num_qubits), width = 2 * w;
  commutation_table_init(table, num_qubits);
  if (!count || !w) return;
  find_support(table, strings, count);
  table->length = count;
  for (size_t first = 0; first < count; first += 64)
    for (size_t i = 0; i < width; i++) {
      uint64_t block[64] = {0}, any = 0;
      for (size_t k = 0; k < 64 && first + k < count; k++)
        any |= block[k] = strings[(first + k) * width + i];
      if (!any) continue;
      transpose(block);
      uint64_t *column =
          table->columns + first / 64 + (i >= w) * table->stride +
          2 * table->before[i % w] * table->stride;
      for (uint64_t left = table->support[i % w]; left; left &= left - 1) {
        *column = block[__builtin_ctzll(left)];
        column += 2 * table->stride;
      }
    }
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
  assert(!table->support);
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
    for (size_t i = 0; i < w; i++) {
      uint64_t left = p[half * w + i];
      if (table->support) left &= table->support[i];
      for (; left; left &= left - 1) {
        size_t at = 64 * i + (size_t)__builtin_ctzll(left);
        if (table->support) /* the lowest bit has `left ^ (left - 1)` up to it */
          at = table->before[i] +
               (size_t)__builtin_popcountll(table->support[i] &
                                            (left ^ (left - 1)) >> 1);
        /* an x bit of p meets the z bits of the strings, and vice versa */
        const uint64_t *column =
            table->columns + (2 * at + 1 - half) * table->stride;
        for (size_t j = 0; j < words; j++) bits[j] ^= column[j];
      }
    }
}
