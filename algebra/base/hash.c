#include "algebra/base/hash.h"

#include <flint/flint.h>

void hash_table_init(hash_table_t table) {
  *table = (hash_table_struct){.num_slots = 64};
  table->slots = flint_calloc(table->num_slots, sizeof *table->slots);
}

void hash_table_clear(hash_table_t table) {
  flint_free(table->slots);
  *table = (hash_table_struct){0};
}

static void place(hash_table_t table, uint64_t entry) {
  size_t mask = table->num_slots - 1, at = (size_t)(entry >> 32) & mask;
  while (table->slots[at]) at = (at + 1) & mask;
  table->slots[at] = entry;
}

void hash_table_put(hash_table_t table, uint64_t hash, size_t number) {
  if (2 * ++table->length > table->num_slots) {
    size_t old_num = table->num_slots;
    uint64_t *old = table->slots;
    table->num_slots *= 2;
    table->slots = flint_calloc(table->num_slots, sizeof *table->slots);
    for (size_t k = 0; k < old_num; k++)
      if (old[k]) place(table, old[k]);
    flint_free(old);
  }
  place(table, hash << 32 | (number + 1));
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
  return hash;
}
