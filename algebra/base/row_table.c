#include "algebra/base/row_table.h"

#include <flint/flint.h>
#include <string.h>

void row_table_init(row_table_t table, size_t width) {
  *table = (row_table_struct){.width = width};
  hash_table_init(table->numbers);
}

void row_table_clear(row_table_t table) {
  flint_free(table->rows);
  hash_table_clear(table->numbers);
  *table = (row_table_struct){0};
}

static size_t find(const row_table_t table, const uint64_t *row,
                   uint64_t hash) {
  for (size_t probe = 0, k;
       (k = hash_table_next(table->numbers, hash, &probe)) != SIZE_MAX;) {
    const uint64_t *other = row_table_row(table, k);
    size_t i = 0;
    while (i < table->width && other[i] == row[i]) i++;
    if (i == table->width) return k;
  }
  return SIZE_MAX;
}

/* 4 KB, from two rows to 64: there may be thousands of tables of a few wide rows. */
static size_t first_alloc(size_t width) {
  size_t rows = 512 / (width + 1);
  return rows < 2 ? 2 : rows < 64 ? rows : 64;
}

uint64_t row_table_expect(const row_table_t table, const uint64_t *row) {
  uint64_t hash = hash_words(row, table->width);
  hash_table_expect(table->numbers, hash);
  return hash;
}

void row_table_expect_row(const row_table_t table, uint64_t hash) {
  size_t probe = 0, number = hash_table_next(table->numbers, hash, &probe);
  if (number != SIZE_MAX) __builtin_prefetch(row_table_row(table, number));
}

size_t row_table_add(row_table_t table, const uint64_t *row, bool *is_new) {
  return row_table_add_hashed(table, row, hash_words(row, table->width), is_new);
}

size_t row_table_add_hashed(row_table_t table, const uint64_t *row, uint64_t hash,
                            bool *is_new) {
  size_t number = find(table, row, hash);
  if (is_new) *is_new = number == SIZE_MAX;
  if (number != SIZE_MAX) return number;
  number = table->length++;
  if (number == table->alloc) {
    table->alloc = number ? 2 * number : first_alloc(table->width);
    table->rows = flint_realloc(
        table->rows, table->alloc * table->width * sizeof *row + 1);
  }
  memcpy(table->rows + number * table->width, row, table->width * sizeof *row);
  hash_table_put(table->numbers, hash, number);
  return number;
}

size_t row_table_find(const row_table_t table, const uint64_t *row) {
  return find(table, row, hash_words(row, table->width));
}
