/* Numbers found by hash, with hashes that collide on purpose; rows; known hashes of
   bytes. */
#include <string.h>

#include "algebra/base/row_table.h"
#include "tests/tap.h"

enum { COUNT = 5000 };

/* Things are the numbers themselves; hashes take few values, or differ only in bits
   that do not count. */
static void test_table(const char *name, uint64_t mask, unsigned shift) {
  hash_table_t table;
  bool ok = true;
  hash_table_init(table);
  for (size_t i = 0; i < COUNT; i++) {
    uint64_t hash = (i * UINT64_C(0x9e3779b97f4a7c15) & mask) << shift;
    hash_table_put(table, hash, i);
    ok = ok && 2 * table->length <= table->num_slots;
  }
  for (size_t i = 0; i < 2 * COUNT && ok; i++) {
    uint64_t hash = (i * UINT64_C(0x9e3779b97f4a7c15) & mask) << shift;
    size_t found = 0;
    for (size_t probe = 0, k;
         (k = hash_table_next(table, hash, &probe)) != SIZE_MAX;)
      found += k == i;
    ok = found == (i < COUNT);
  }
  tap_ok(ok, "%s: each number is found once, others not", name);
  hash_table_clear(table);
}

static void test_rows(size_t width) {
  enum { ROWS = 3000 };
  static uint64_t rows[3 * ROWS];
  static size_t numbers[ROWS];
  row_table_t table;
  size_t distinct = 0;
  bool ok = true;
  row_table_init(table, width);
  for (size_t i = 0; i < ROWS && ok; i++) {
    uint64_t *row = rows + i * width;
    for (size_t k = 0; k < width; k++)
      row[k] = tap_random_below(2) << (tap_random_below(2) ? 40 : 3 * k);
    if (tap_random_below(2)) row[width - 1] = tap_random_below(100);
    size_t first = 0;
    while (memcmp(rows + first * width, row, width * sizeof *row)) first++;
    ok = row_table_find(table, row) == (first < i ? numbers[first] : SIZE_MAX);
    bool is_new;
    if (i % 2) {
      uint64_t hash = row_table_expect(table, row);
      row_table_expect_row(table, hash);
      numbers[i] = row_table_add_hashed(table, row, hash, &is_new);
    } else {
      numbers[i] = row_table_add(table, row, &is_new);
    }
    ok = ok && is_new == (first == i) &&
         numbers[i] == (is_new ? distinct : numbers[first]) &&
         !memcmp(row_table_row(table, numbers[i]), row, width * sizeof *row);
    distinct += is_new;
  }
  tap_ok(ok && table->length == distinct, "rows of %zu words, %zu distinct", width,
         distinct);
  row_table_clear(table);
}

int main(void) {
  tap_begin("t-hash");
  test_table("hashes that spread", UINT64_MAX, 0);
  test_table("eight hashes", 7, 0);
  test_table("one hash", 0, 0);
  test_table("neighbouring slots", 1023, 6);
  test_table("wrapping around", 31, 27);
  for (size_t width = 1; width <= 3; width++) test_rows(width);
  tap_ok(hash_bytes(HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325) &&
         hash_bytes(HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c) &&
         hash_bytes(hash_bytes(HASH_START, "foo", 3), "bar", 3) ==
             UINT64_C(0x85944171f73967e8),
         "FNV-1a as its authors have it");
  return tap_end();
}
