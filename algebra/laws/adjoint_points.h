/* adjoint_points.h - some points of the distribution function of a loss of an observable in
   the Lie algebra, for those who read numbers and not spectra.

   Levels near the 5, 25, 50, 75 and 95 percent quantiles, constant + reach k/256 with reach
   rounded up to a power of 2, k whole, and P(l <= level) rounded to ADJOINT_POINT_UNITS-ths.

   Layer: above adjoint_cdf. */
#ifndef LIESCAPE_ADJOINT_POINTS_H
#define LIESCAPE_ADJOINT_POINTS_H

#include "algebra/laws/adjoint_law.h"

enum { ADJOINT_POINTS = 5, ADJOINT_POINT_UNITS = 1000000 };
#define ADJOINT_POINT_RADIUS "1e-6"

typedef struct {
  fmpq_t level;
  slong units; /* P(l <= level) within 1/2 + 1/100 of it */
} adjoint_point_t;

void adjoint_points_init(adjoint_point_t *points);
void adjoint_points_clear(adjoint_point_t *points);
/* Is the law small enough for adjoint_points to be asked: so and sp of at most 17 modes, su of
   at most 8 but for sums over a simplex (unitary_orbit.h), at most 4 such ideals that vary? */
bool adjoint_points_possible(const adjoint_law_t law);
/* STATUS_UNDECIDED: adjoint_cdf.h gives none, or none so sharp. */
status_t adjoint_points(adjoint_point_t *points, const adjoint_law_t law);

#endif
