/* f2_echelon.h - elimination over F_2 of rows that carry something along.

   A row is key_words words that are eliminated, then further words that take part in
   every addition: which combination it is, or the element that belongs to the key. A
   pivot is found by its position, so a reduction costs as many additions as it has
   pivots to clear and sparse rows meet few, however many rows there are. Private to
   algebra/. */
#ifndef LIESCAPE_F2_ECHELON_H
#define LIESCAPE_F2_ECHELON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pivots are the lowest bits of the rows, all different. Of two rows with one pivot the
   one with fewer bits in its key is kept, so that later sums stay short. */
typedef struct {
  size_t key_words, row_words;
  size_t num_rows, alloc;
  uint64_t *rows;       /* num_rows rows of row_words words */
  uint64_t *pivot_bits; /* key_words words: the bits that are pivots */
  uint32_t *pivot_rows; /* of which row */
  uint32_t *weights;    /* of the keys */
} f2_echelon_struct;
typedef f2_echelon_struct f2_echelon_t[1];

void f2_echelon_init(f2_echelon_t e, size_t key_words, size_t row_words);
void f2_echelon_clear(f2_echelon_t e);
static inline const uint64_t *f2_echelon_row(const f2_echelon_struct *e, size_t i) {
  return e->rows + i * e->row_words;
}
/* Adds rows to `row` until its key has none of their pivots; whether the key is then
   zero. */
bool f2_echelon_reduce(const f2_echelon_t e, uint64_t *row);
/* Reduces `row` and keeps what is left when the key is not zero: whether there is one
   more row. Else `row` carries a dependency. */
bool f2_echelon_add(f2_echelon_t e, uint64_t *row);

#endif
