#include "numeric/judge/mean_test.h"

#include <float.h>
#include <math.h>

enum { BLOCK = 64, BEFORE = 32 };
static const double wanted = 5, ruin = 0.9, beyond_seen = 3, beyond_mean = 40;

void mean_test_init(mean_test_t *t, size_t total, double least, double most,
                    double seen, double mean, double tol) {
  double far = fmax(beyond_seen * seen, beyond_mean * fabs(mean)) + tol;
  *t = (mean_test_t){.total = total,
                     .least = fmax(least, -far),
                     .most = fmin(most, far),
                     .tol = tol};
}

static double share(const mean_test_t *t, double sigma, double worst) {
  double most = worst > 0 ? ruin / worst : INFINITY;
  return fmin(most, wanted / (sigma * sqrt((double)t->total)));
}

/* k of the header for x >= least. */
static double fourth(double least) {
  if (!(least < -1e-2)) return 0.25 * (1 + 0.02);
  double x = least;
  return fmax(0.25, (x - x * x / 2 + x * x * x / 3 - log1p(x)) / (x * x * x * x));
}

/* Of log(1 + lambda D) summed over a block, at least. */
static double gain(double lambda, const mean_block_t *b) {
  double low = lambda * b->least, high = lambda * b->most;
  double largest = fmax(fabs(low), fabs(high));
  double x2 = lambda * lambda * b->sum2;
  x2 += 16 * DBL_EPSILON * (double)b->count * largest * largest;
  return lambda * b->sum - x2 / 2 + lambda * lambda * lambda * b->sum3 / 3 -
         fourth(low) * largest * largest * x2;
}

/* sign (D) - tol. */
static mean_block_t seen_from(const mean_block_t *b, double sign, double tol) {
  double n = (double)b->count, s = sign * b->sum, s3 = sign * b->sum3;
  mean_block_t out = {.count = b->count, .sum = s - n * tol};
  out.sum2 = fmax(0, b->sum2 - 2 * tol * s + n * tol * tol);
  out.sum3 = s3 - 3 * tol * b->sum2 + 3 * tol * tol * s - n * tol * tol * tol;
  out.least = (sign > 0 ? b->least : -b->most) - tol;
  out.most = (sign > 0 ? b->most : -b->least) - tol;
  return out;
}

static double deviation(const mean_test_t *t) {
  double mean = t->sum / t->count;
  return sqrt(fmax(0, t->sum2 / t->count - mean * mean));
}

void mean_test_add(mean_test_t *t, const mean_block_t *b) {
  double sigma = t->count >= BEFORE ? deviation(t) : 0;
  for (int side = 0; side < 2 && sigma > 0; side++) {
    double sign = side ? -1 : 1;
    mean_block_t d = seen_from(b, sign, t->tol);
    /* What was seen is part of what can be seen, whatever the bounds say. */
    double worst = fmax(side ? t->most : -t->least, -(d.least + t->tol)) + t->tol;
    t->gain[side] += gain(share(t, sigma, worst), &d);
  }
  t->count += (double)b->count;
  t->sum += b->sum;
  t->sum2 += b->sum2;
  double high = fmax(t->gain[0], t->gain[1]), low = fmin(t->gain[0], t->gain[1]);
  t->best = fmax(t->best, high + log1p(exp(low - high)) - log(2));
}

double mean_test_p_value(const mean_test_t *t) { return exp(-t->best); }

double mean_test_values(mean_test_t *t, const double *d, size_t count,
                        double least, double most, double tol) {
  double seen = 0, mean = 0;
  for (size_t i = 0; i < count; i++) {
    seen = fmax(seen, fabs(d[i]));
    mean += d[i] / (double)count;
  }
  mean_test_init(t, count, least, most, seen, mean, tol);
  for (size_t first = 0; first < count; first += BLOCK) {
    mean_block_t b = {.least = d[first], .most = d[first]};
    for (size_t i = first; i < count && i < first + BLOCK; i++) {
      b.count++;
      b.sum += d[i];
      b.sum2 += d[i] * d[i];
      b.sum3 += d[i] * d[i] * d[i];
      b.least = fmin(b.least, d[i]);
      b.most = fmax(b.most, d[i]);
    }
    mean_test_add(t, &b);
  }
  return mean_test_p_value(t);
}

double mean_test_notices(const mean_test_t *t, double level) {
  double sigma = deviation(t), n = (double)t->total, out = 0;
  if (!(sigma > 0)) return 2 * t->tol;
  for (int side = 0; side < 2; side++) {
    double worst = (side ? t->most : -t->least) + t->tol;
    double lambda = share(t, sigma, worst);
    double need = log(2 / level) + lambda * lambda * n * sigma * sigma / 2;
    out = fmax(out, need / (lambda * n));
  }
  return out + t->tol;
}
