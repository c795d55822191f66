#include <math.h>

#include "numeric/sample/paths.h"

/* Kullback-Leibler divergence of coins with heads p, q in [0, 1]. */
static double divergence(double p, double q) {
  double sum = 0;
  if (p > 0) sum += q > 0 ? p * log(p / q) : INFINITY;
  if (p < 1) sum += q < 1 ? (1 - p) * (log1p(-p) - log1p(-q)) : INFINITY;
  return sum;
}

/* The end of the q beyond p, towards `end`, with divergence(p, q) <= level. */
static double invert(double p, double end, double level) {
  double inside = p, outside = end;
  if (divergence(p, end) <= level) return end;
  for (int i = 0; i < 200 && inside != outside; i++) {
    double mid = inside + (outside - inside) / 2;
    if (mid == inside || mid == outside) break;
    if (divergence(p, mid) <= level) inside = mid;
    else outside = mid;
  }
  return outside;
}

void path_interval(path_number_t *out, double mean, double sample_variance,
                   double n, double range, double confidence) {
  double error = (1 - confidence) / 4; /* two sides, two bounds */
  double p = fmin(1, mean / range), level = log(1 / error) / n;
  double bernstein =
      n > 1 ? sqrt(2 * sample_variance * log(2 / error) / n) +
                  7 * range * log(2 / error) / (3 * (n - 1))
            : INFINITY;
  out->estimate = mean;
  out->standard_error = n > 1 ? sqrt(sample_variance / n) : INFINITY;
  out->low = fmax(fmax(0, mean - bernstein), range * invert(p, 0, level));
  out->high = fmin(fmin(range, mean + bernstein), range * invert(p, 1, level));
}
