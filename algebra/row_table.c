#include "row_table.h"

#include <flint/flint.h>
#include <string.h>

void row_table_init(row_table_t table, size_t width) {
  *table = (row_table_struct){.width = width, .num_slots = 64};
  table->slots = flint_calloc(table->num_slots, sizeof *table->slots);
}

void row_table_clear(row_table_t table) {
  flint_free(table->rows);
  flint_free(table->slots);
  *table = (row_table_struct){0};
}

static size_t slot_of(const row_table_t table, const uint64_t *row) {
  uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
  size_t mask = table->num_slots - 1, bytes = table->width * sizeof *row;
  for (size_t i = 0; i < table->width; i++) {
    h = (h ^ row[i]) * UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 32;
  }
  size_t slot = (size_t)h & mask;
  while (table->slots[slot] &&
         memcmp(row_table_row(table, table->slots[slot] - 1), row, bytes))
    slot = (slot + 1) & mask;
  return slot;
}

static void grow_slots(row_table_t table) {
  table->num_slots *= 2;
  flint_free(table->slots);
  table->slots = flint_calloc(table->num_slots, sizeof *table->slots);
  for (size_t k = 0; k < table->num_rows; k++)
    table->slots[slot_of(table, row_table_row(table, k))] = (uint32_t)k + 1;
}

size_t row_table_add(row_table_t table, const uint64_t *row, bool *is_new) {
  size_t slot = slot_of(table, row);
  *is_new = table->slots[slot] == 0;
  if (!*is_new) return table->slots[slot] - 1;
  size_t number = table->num_rows++;
  if (number == table->alloc_rows) {
    table->alloc_rows = number ? 2 * number : 64;
    table->rows = flint_realloc(
        table->rows, table->alloc_rows * table->width * sizeof *row + 1);
  }
  memcpy(table->rows + number * table->width, row, table->width * sizeof *row);
  table->slots[slot] = (uint32_t)number + 1;
  if (2 * table->num_rows > table->num_slots) grow_slots(table);
  return number;
}

size_t row_table_find(const row_table_t table, const uint64_t *row) {
  uint32_t entry = table->slots[slot_of(table, row)];
  return entry ? entry - 1 : SIZE_MAX;
}
