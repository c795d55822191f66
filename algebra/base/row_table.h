/* row_table.h - distinct rows of 64-bit words with numbers 0, 1, 2, ...
   Private. Rows stay. Layer: base. */
#ifndef LIESCAPE_ALGEBRA_ROW_TABLE_H
#define LIESCAPE_ALGEBRA_ROW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/hash.h"

typedef struct {
  size_t width; /* words of a row */
  size_t length, alloc;
  uint64_t *rows;
  hash_table_t numbers;
} row_table_struct;
typedef row_table_struct row_table_t[1];

void row_table_init(row_table_t table, size_t width);
void row_table_clear(row_table_t table);
static inline const uint64_t *row_table_row(const row_table_struct *table,
                                            size_t number) {
  return table->rows + number * table->width;
}
/* Number of the row, which is added if it is new (is_new may be NULL). At most 2^32 - 2
   rows. */
size_t row_table_add(row_table_t table, const uint64_t *row, bool *is_new);
/* The same in three steps, with other rows between them, so that memory is waited for
   together: first the hash of each row, then what it leads to, then the number. */
uint64_t row_table_expect(const row_table_t table, const uint64_t *row);
void row_table_expect_row(const row_table_t table, uint64_t hash);
size_t row_table_add_hashed(row_table_t table, const uint64_t *row, uint64_t hash,
                            bool *is_new);
/* SIZE_MAX when the row is not there. */
size_t row_table_find(const row_table_t table, const uint64_t *row);

#endif
