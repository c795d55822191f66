/* weight_enumerator.h - how many words of a coset of a binary code have a
   given weight. Private to algebra/. */
#ifndef LIESCAPE_WEIGHT_ENUMERATOR_H
#define LIESCAPE_WEIGHT_ENUMERATOR_H

#include <flint/fmpz.h>
#include <flint/fmpz_poly.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/status.h"

/* count = #{ u in the span of the rows : |offset + u| = weight }, *rank = the
   dimension of the span. Rows of (length+63)/64 words. A set bit i counts
   unit[i] towards the weight (1 when unit is NULL). The code is split into
   its indecomposable parts, each counted along a trellis in minimal-span form
   (Kschischang and Sorokine 1995). STATUS_LIMIT, count untouched, when a
   trellis would have more than 2^16 states. */
status_t weight_enumerator_count(fmpz_t count, size_t *rank,
                                 const uint64_t *rows, size_t num_rows,
                                 size_t length, const uint64_t *offset,
                                 const size_t *unit, size_t weight);

/* distribution = sum over the words offset + u of x^weight, up to
   x^max_weight. Statuses as above. */
status_t weight_enumerator_distribution(fmpz_poly_t distribution, size_t *rank,
                                        const uint64_t *rows, size_t num_rows,
                                        size_t length, const uint64_t *offset,
                                        const size_t *unit, size_t max_weight);

/* The least of the sums of unit[i], of any sign, over the set bits i of
   offset + u. Statuses as above. */
status_t weight_enumerator_least(fmpz_t least, const uint64_t *rows,
                                 size_t num_rows, size_t length,
                                 const uint64_t *offset, const fmpz *unit);

#endif
