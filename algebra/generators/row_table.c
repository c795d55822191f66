#include "algebra/generators/row_table.h"

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

static uint32_t hash_of(const row_table_t table, const uint64_t *row) {
  uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
  for (size_t i = 0; i < table->width; i++) {
    h = (h ^ row[i]) * UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 32;
  }
  return (uint32_t)h;
}

/* Its slot, or the empty one where it belongs. Rows are looked at only where
   the hash agrees. */
static size_t slot_of(const row_table_t table, const uint64_t *row,
                      uint32_t hash) {
  size_t mask = table->num_slots - 1, slot = hash & mask;
  for (uint64_t entry; (entry = table->slots[slot]) != 0;
       slot = (slot + 1) & mask) {
    if (entry >> 32 != hash) continue;
    const uint64_t *other = row_table_row(table, (uint32_t)entry - 1);
    size_t i = 0;
    while (i < table->width && other[i] == row[i]) i++;
    if (i == table->width) break;
  }
  return slot;
}

static void grow_slots(row_table_t table) {
  size_t old_num = table->num_slots, mask = 2 * old_num - 1;
  uint64_t *old = table->slots;
  table->num_slots *= 2;
  table->slots = flint_calloc(table->num_slots, sizeof *table->slots);
  for (size_t k = 0; k < old_num; k++) {
    if (!old[k]) continue;
    size_t slot = (size_t)(old[k] >> 32) & mask;
    while (table->slots[slot]) slot = (slot + 1) & mask;
    table->slots[slot] = old[k];
  }
  flint_free(old);
}

size_t row_table_add(row_table_t table, const uint64_t *row, bool *is_new) {
  uint32_t hash = hash_of(table, row);
  size_t slot = slot_of(table, row, hash);
  *is_new = table->slots[slot] == 0;
  if (!*is_new) return (uint32_t)table->slots[slot] - 1;
  size_t number = table->num_rows++;
  if (number == table->alloc_rows) {
    table->alloc_rows = number ? 2 * number : 64;
    table->rows = flint_realloc(
        table->rows, table->alloc_rows * table->width * sizeof *row + 1);
  }
  memcpy(table->rows + number * table->width, row, table->width * sizeof *row);
  table->slots[slot] = (uint64_t)hash << 32 | (number + 1);
  if (2 * table->num_rows > table->num_slots) grow_slots(table);
  return number;
}

size_t row_table_find(const row_table_t table, const uint64_t *row) {
  uint64_t entry = table->slots[slot_of(table, row, hash_of(table, row))];
  return entry ? (uint32_t)entry - 1 : SIZE_MAX;
}
