#include "tests/law_distance.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/laws/adjoint_cdf.h"
#include "algebra/laws/adjoint_points.h"
#include "tests/tap.h"

double law_distance(double *samples, size_t n, size_t points, const adjoint_law_struct *law) {
  adjoint_cdf_t cdf;
  double far = 0;
  if (adjoint_cdf_init(cdf, law, 128) != STATUS_OK) return NAN;
  arb_t at, value;
  arb_init(at);
  arb_init(value);
  qsort(samples, n, sizeof *samples, tap_compare_doubles);
  size_t step = n / points ? n / points : 1;
  for (size_t i = step / 2; i < n; i += step) {
    arb_set_d(at, samples[i]);
    adjoint_cdf_value(value, cdf, at, 128);
    if (mag_get_d(arb_radref(value)) * sqrt((double)n) > 0.05) far = INFINITY;
    far = fmax(far, fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) -
                         ((double)i + 0.5) / (double)n));
  }
  arb_clear(at);
  arb_clear(value);
  adjoint_cdf_clear(cdf);
  return far * sqrt((double)n);
}

double law_distance_p_value(double t) {
  double p = 0;
  if (t < 0.2) return 1;
  for (int k = 1; k < 30; k++) p += (k % 2 ? 2 : -2) * exp(-2 * k * k * t * t);
  return p;
}

bool law_points_fit(double *samples, size_t n, const adjoint_law_struct *law) {
  static const double percent[ADJOINT_POINTS] = {5, 25, 50, 75, 95};
  adjoint_point_t points[ADJOINT_POINTS];
  adjoint_points_init(points);
  bool fit = true, given = adjoint_points(points, law) == STATUS_OK;
  qsort(samples, n, sizeof *samples, tap_compare_doubles);
  double spread = samples[n - 1] - samples[0];
  for (size_t k = 0; k < ADJOINT_POINTS && given && fit; k++) {
    double level = fmpq_get_d(points[k].level), share = (double)points[k].units / 1e6;
    size_t below = 0, near = (size_t)(percent[k] / 100 * (double)n);
    while (below < n && samples[below] <= level) below++;
    double error = sqrt(share * (1 - share) / (double)n) + 1 / (double)n;
    fit = fabs((double)below / (double)n - share) < 5.5 * error &&
          100 * share <= percent[k] && fabs(samples[near] - level) < spread / 4 &&
          !(k && fmpq_cmp(points[k - 1].level, points[k].level) >= 0);
    if (!fit)
      tap_diag("P(l <= %g) = %g, of %zu samples %zu", level, share, n, below);
  }
  adjoint_points_clear(points);
  return fit;
}

double law_deviation(const double *x, size_t n, double centre, int power, double expected) {
  double sum = 0, square = 0;
  for (size_t i = 0; i < n; i++) {
    double v = pow(x[i] - centre, power);
    sum += v;
    square += v * v;
  }
  sum /= (double)n;
  double spread = sqrt(fmax(square / (double)n - sum * sum, 0) / (double)n);
  return fabs(sum - expected) / (spread + 1e-9 * (fabs(expected) + 1));
}
