/* f2_span.h - subspaces of F_2^(2n) spanned by Pauli strings, with a
   quadratic form.

   Layer: above pauli. Private to algebra/ in spirit; installed because
   string_algebra.h contains its types. */
#ifndef LIESCAPE_F2_SPAN_H
#define LIESCAPE_F2_SPAN_H

#include "algebra/base/commutation_table.h"

/* Rows in echelon form: bit pivot[i] is the lowest of row i, which is zero at
   the pivots of all earlier rows. value[i] is the quadratic form q of the row, where
   q(a + b) = q(a) + q(b) + omega(a,b); it means something only if the caller
   inserts values of one form. */
typedef struct {
  size_t num_words; /* w */
  size_t dim;
  size_t alloc;
  uint64_t *rows; /* dim rows of 2w words */
  uint32_t *pivots;
  uint8_t *values;
  /* Of a large span, else NULL: which bits are pivots, and of which row. */
  uint64_t *pivot_bits;
  uint32_t *pivot_rows;
} f2_span_struct;
typedef f2_span_struct f2_span_t[1];

typedef enum {
  SPAN_NEW,        /* independent: the span grew */
  SPAN_CONSISTENT, /* dependent, and q agrees */
  SPAN_CONFLICT    /* dependent, and q disagrees */
} span_insert_t;

void f2_span_init(f2_span_t span, size_t num_words);
void f2_span_clear(f2_span_t span);
void f2_span_set(f2_span_t out, const f2_span_t in);
static inline const uint64_t *f2_span_row(const f2_span_struct *span,
                                          size_t i) {
  return span->rows + i * 2 * span->num_words;
}
/* Reduces row in place; *value (may be NULL) goes from q(row) to q(remainder).
   Returns whether the remainder is zero. O(w) for each row that is added, at
   most O(dim w). */
bool f2_span_reduce(const f2_span_t span, uint64_t *row, uint8_t *value);
span_insert_t f2_span_insert(f2_span_t span, const uint64_t *string,
                             uint8_t value);
/* All strings of the qubits, spanned by X0, Z0, X1, Z1, ...; values 0. */
void f2_span_set_whole(f2_span_t span, size_t num_qubits);
bool f2_span_contains(const f2_span_t span, const uint64_t *string);
/* Adds to out (another one) the strings that lie both in the span and in that of
   the given ones, which are independent; values 0. The last ones come first: along a
   chain of qubits their pivots are the last, and sums stay short. */
void f2_span_intersect(f2_span_t out, const f2_span_t span,
                       const uint64_t *strings, size_t num_strings);

#endif
