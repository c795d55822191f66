/* string_trellis.h - counts tuples of an affine space that a test allows, entry by
   entry. Private.

   A tuple has J entries of `width` words. The tuples start + (sums of rows) with every
   entry j allowed are counted entry after entry: the rows are brought into the form in
   which no two begin, and no two end, at the same bit (the minimal span form of
   trellises of linear codes, Kschischang and Sorokine 1995), and at each entry only
   the rows that have begun and not ended matter. A few such rows at a time,
   whatever their number, as in a GHZ state, take no time.

   Layer: algebra, below string_section. */
#ifndef LIESCAPE_ALGEBRA_STRING_TRELLIS_H
#define LIESCAPE_ALGEBRA_STRING_TRELLIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <flint/fmpz.h>

#include "algebra/base/status.h"

typedef bool (*trellis_allows_t)(const void *data, size_t entry,
                                 const uint64_t *value);
/* rows are independent. STATUS_LIMIT: too many rows at a time. */
status_t string_trellis_count(fmpz_t count, const uint64_t *rows,
                              size_t num_rows, const uint64_t *start,
                              size_t num_entries, size_t width,
                              trellis_allows_t allows, const void *data);

#endif
