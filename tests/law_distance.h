/* law_distance.h - samples of a loss against its law (adjoint_cdf.h), by Kolmogorov and
   Smirnov. */
#ifndef LIESCAPE_TESTS_LAW_DISTANCE_H
#define LIESCAPE_TESTS_LAW_DISTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "algebra/laws/adjoint_law.h"

/* sqrt(n) D at `points` of the samples, which are sorted. NAN: there is no distribution
   function; infinite: it is not known to 1/20 of the scatter of D, 1/sqrt(n). */
double law_distance(double *samples, size_t n, size_t points, const adjoint_law_struct *law);
/* P(sqrt(n) D > t), Kolmogorov's limit. */
double law_distance_p_value(double t);

/* Are the points of adjoint_points.h, where there are any, near their quantiles, ascending,
   and the shares of the samples at most at their levels within 5.5 standard errors? Sorts. */
bool law_points_fit(double *samples, size_t n, const adjoint_law_struct *law);

/* How many standard errors the mean of (x - centre)^power is off the one expected. */
double law_deviation(const double *x, size_t n, double centre, int power, double expected);

#endif
