/* sum_projectors.h - the projectors on the sectors of an algebra of sums, as
   operators. Layer: private to algebra, above sum_sectors. */
#ifndef LIESCAPE_ALGEBRA_SUM_PROJECTORS_H
#define LIESCAPE_ALGEBRA_SUM_PROJECTORS_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/structure.h"

struct sum_sectors; /* sum_sectors.h */

/* A projector on `degree` isotypic sectors, alike and conjugate over Q. */
typedef struct {
  size_t entry; /* of sectors[] */
  size_t degree;
  pauli_sum_t projector;
} sum_projector_struct;

typedef struct {
  /* dim [g, g] is the sum over all sectors of dim su(d), so(d) or sp(d/2), by
     the field: [g, g] is the direct sum of these, each acting on its own. */
  bool saturated;
  size_t length; /* 0 when they are not known or have more than max_terms */
  sum_projector_struct *list;
} sum_projectors_struct;
typedef sum_projectors_struct sum_projectors_t[1];

void sum_projectors_init(sum_projectors_t projectors);
void sum_projectors_clear(sum_projectors_t projectors);

/* The projectors on the sectors that were found, as operators; none when one is
   longer than max_terms. */
void sum_projectors_set(sum_projectors_struct *projectors, const structure_t out,
                        const struct sum_sectors *s, size_t max_terms);

#endif
