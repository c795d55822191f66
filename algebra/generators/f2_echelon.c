#include "algebra/generators/f2_echelon.h"

#include <flint/flint.h>
#include <string.h>

void f2_echelon_init(f2_echelon_t e, size_t key_words, size_t row_words) {
  *e = (f2_echelon_struct){.key_words = key_words, .row_words = row_words};
  e->pivot_bits = flint_calloc(key_words + 1, sizeof *e->pivot_bits);
  e->pivot_rows = flint_malloc((64 * key_words + 1) * sizeof *e->pivot_rows);
}

void f2_echelon_clear(f2_echelon_t e) {
  flint_free(e->rows);
  flint_free(e->pivot_bits);
  flint_free(e->pivot_rows);
  flint_free(e->weights);
}

bool f2_echelon_reduce(const f2_echelon_t e, uint64_t *row) {
  for (size_t at = 0; at < e->key_words; at++)
    /* a row added changes no bit below its pivot */
    for (uint64_t hit; (hit = row[at] & e->pivot_bits[at]);) {
      uint32_t i = e->pivot_rows[64 * at + (size_t)__builtin_ctzll(hit)];
      const uint64_t *b = f2_echelon_row(e, i);
      for (size_t j = at; j < e->row_words; j++) row[j] ^= b[j];
    }
  for (size_t at = 0; at < e->key_words; at++)
    if (row[at]) return false;
  return true;
}

static uint32_t weight_from(const f2_echelon_struct *e, const uint64_t *row,
                            size_t at) {
  uint32_t weight = 0;
  for (; at < e->key_words; at++)
    weight += (uint32_t)__builtin_popcountll(row[at]);
  return weight;
}

/* row += row i, which is exchanged for it when that is the lighter one. */
static void add_or_swap(f2_echelon_struct *e, uint64_t *row, uint32_t i, size_t at) {
  uint64_t *b = e->rows + i * e->row_words;
  uint32_t weight = weight_from(e, row, at);
  if (weight >= e->weights[i]) {
    for (size_t j = at; j < e->row_words; j++) row[j] ^= b[j];
    return;
  }
  e->weights[i] = weight;
  for (size_t j = at; j < e->row_words; j++) {
    uint64_t sum = row[j] ^ b[j];
    b[j] = row[j];
    row[j] = sum;
  }
}

static void append(f2_echelon_struct *e, const uint64_t *row, size_t pivot) {
  if (e->num_rows == e->alloc) {
    e->alloc += e->alloc / 2 + 4;
    e->rows = flint_realloc(e->rows, e->alloc * e->row_words * sizeof *row);
    e->weights = flint_realloc(e->weights, e->alloc * sizeof *e->weights);
  }
  memcpy(e->rows + e->num_rows * e->row_words, row, e->row_words * sizeof *row);
  e->weights[e->num_rows] = weight_from(e, row, pivot / 64);
  e->pivot_bits[pivot / 64] |= UINT64_C(1) << (pivot % 64);
  e->pivot_rows[pivot] = (uint32_t)e->num_rows++;
}

bool f2_echelon_add(f2_echelon_t e, uint64_t *row) {
  for (size_t at = 0; at < e->key_words; at++)
    while (row[at]) {
      size_t bit = (size_t)__builtin_ctzll(row[at]);
      if (!(e->pivot_bits[at] >> bit & 1)) {
        append(e, row, 64 * at + bit);
        return true;
      }
      add_or_swap(e, row, e->pivot_rows[64 * at + bit], at);
    }
  return false;
}
