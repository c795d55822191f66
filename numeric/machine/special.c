#include "numeric/machine/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"

double special_normal_two_sided(double t) { return erfc(fabs(t) * M_SQRT1_2); }

/* Continued fraction for x < (a+1)/(a+b+2). */
static double beta_fraction(double x, double a, double b) {
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (fabs(d) < tiny) d = tiny;
  d = 1 / d;
  double h = d;
  for (int m = 1; m < 100000; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    if (fabs(d) < tiny) d = tiny;
    if (fabs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    if (fabs(d) < tiny) d = tiny;
    if (fabs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    if (fabs(d * c - 1) < DBL_EPSILON) break;
  }
  return h;
}

/* lgamma is not reentrant (signgam); the values needed are positive. */
static double log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

double special_beta_cdf(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
                     a * log(x) + b * log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

/* sum_n x^n / ((a + 1) ... (a + n)) */
static double gamma_series(double x, double a) {
  double term = 1, sum = 1;
  for (int n = 1; n < 100000 && term > DBL_EPSILON * sum / 4; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/* 1/(x + 1 - a - 1 (1 - a)/(x + 3 - a - 2 (2 - a)/(x + 5 - a - ...))) */
static double gamma_fraction(double x, double a) {
  double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / b, h = d;
  for (int n = 1; n < 100000; n++) {
    double e = -n * (n - a);
    b += 2;
    d = 1 / (e * d + b);
    c = b + e / c;
    h *= c * d;
    if (fabs(c * d - 1) < DBL_EPSILON) break;
  }
  return h;
}

double special_gamma_cdf(double x, double a) {
  if (!(x > 0)) return 0;
  double front = exp(a * log(x) - x - log_gamma(a));
  return x < a + 1 ? front / a * gamma_series(x, a)
                   : 1 - front * gamma_fraction(x, a);
}

double special_ks_distance(const double *sorted_cdf, size_t count) {
  double d = 0, n = (double)count;
  for (size_t i = 0; i < count; i++) {
    d = fmax(d, ((double)i + 1) / n - sorted_cdf[i]);
    d = fmax(d, sorted_cdf[i] - (double)i / n);
  }
  return d;
}

double special_ks_p_value(double d, size_t count) {
  double n = (double)count, sum = 0;
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  /* d sum_j C(n,j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j), 0 <= j <= n (1-d). */
  for (size_t j = 0; j <= count; j++) {
    double k = (double)j, rest = 1 - d - k / n;
    if (rest < 0 || (rest == 0 && j < count)) break;
    double term = log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1) +
                  (k - 1) * log(d + k / n);
    if (j < count) term += (n - k) * log(rest);
    sum += exp(term);
  }
  return fmin(1, 2 * d * sum);
}

/* sup_t of F_a(t) - F_b(t + tol), or of F_b(t) - F_a(t + tol) when swapped. */
static double excess(const double *a, size_t n, const double *b, size_t m,
                     double tol) {
  double d = 0;
  for (size_t i = 0, j = 0; i < n;) {
    double t = a[i];
    while (i < n && a[i] <= t) i++;
    while (j < m && b[j] <= t + tol) j++;
    d = fmax(d, (double)i / (double)n - (double)j / (double)m);
  }
  return d;
}

double special_ks2_distance(const double *a, size_t n, const double *b,
                            size_t m, double tol) {
  return fmax(excess(a, n, b, m, tol), excess(b, m, a, n, tol));
}

double special_ks2_p_value(double d, size_t n, size_t m) {
  double s = sqrt((double)n * (double)m / ((double)n + (double)m));
  double t = (s + 0.12 + 0.11 / s) * d, sum = 0;
  if (t < 0.2) return 1;
  for (int k = 1; k < 200; k++) {
    double term = exp(-2.0 * k * k * t * t);
    sum += k % 2 ? term : -term;
    if (term < DBL_MIN) break;
  }
  return fmin(1, fmax(0, 2 * sum));
}

double special_mean_p_value(double mean, double variance, double third,
                            size_t count, double mu) {
  double n = (double)count;
  if (!(variance > 0)) return mean == mu ? 1 : 0;
  double sd = sqrt(variance), t = sqrt(n) * (mean - mu) / sd;
  double skew = third / (sd * sd * sd), a = skew / sqrt(n);
  double g = t + a * t * t / 3 + a * a * t * t * t / 27 + a / 6;
  return special_normal_two_sided(g);
}

typedef struct {
  double p;
  size_t at;
} ranked_t;

static int compare_ranked(const void *a, const void *b) {
  const ranked_t *x = a, *y = b;
  if (x->p != y->p) return x->p < y->p ? -1 : 1;
  return x->at < y->at ? -1 : 1;
}

void special_holm(bool *holds, const double *p, size_t count, double alpha) {
  ranked_t *order = memory_get(count, sizeof *order);
  for (size_t i = 0; i < count; i++) order[i] = (ranked_t){p[i], i};
  qsort(order, count, sizeof *order, compare_ranked);
  bool rejecting = true;
  for (size_t i = 0; i < count; i++) {
    rejecting = rejecting && order[i].p <= alpha / (double)(count - i);
    holds[order[i].at] = !rejecting;
  }
  free(order);
}
