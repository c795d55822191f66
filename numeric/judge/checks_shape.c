/* Tests of what a loss looks like beyond mean and variance.

   covariance           z test of the average of (l_i - m_i)(l_j - m_j) N/(N-1);
                        the losses of all input states come from one circuit.
   excess kurtosis      m_4 / m_2^2 - 3,
   degrees of freedom   the r of verify_freedom_struct,
   both smooth functions of averages: z test by the delta method, each sample
   counting with its first-order influence, skewness taken out as elsewhere.
   distance to a normal law   sup |F_n - Phi| of the samples. A bound B is
                        refuted by the excess D - B > 0, which is at most
                        sup |F_n - F|: Kolmogorov-Smirnov. */
#include <math.h>
#include <stdlib.h>

#include "numeric/judge/checks.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/special.h"

/* Below this the estimates of fourth moments are too far from normal. */
enum { LEAST_FOURTH = 1000 };

static double *centred(double *mean, const checks_input_t *in, size_t at) {
  size_t n = in->num_samples;
  double *d = memory_get(n, sizeof *d), sum = 0;
  for (size_t i = 0; i < n; i++) sum += in->losses[at][i];
  *mean = sum / (double)n;
  for (size_t i = 0; i < n; i++) d[i] = in->losses[at][i] - *mean;
  return d;
}

static double average_power(const double *d, size_t n, int power) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double x = d[i];
    for (int k = 1; k < power; k++) x *= d[i];
    sum += x;
  }
  return sum / (double)n;
}

static void check_kurtosis(verify_report_t report, const checks_input_t *in,
                           size_t at, double tol) {
  size_t n = in->num_samples;
  double claim = in->claims->landscapes[at].excess_kurtosis, mean;
  if (isnan(claim) || n < LEAST_FOURTH) return;
  double *d = centred(&mean, in, at);
  double m2 = average_power(d, n, 2), m3 = average_power(d, n, 3),
         m4 = average_power(d, n, 4);
  if (m2 > 4 * tol * tol) {
    double kurtosis = m4 / (m2 * m2) - 3;
    for (size_t i = 0; i < n; i++) {
      double x = d[i], y = x * x;
      d[i] = kurtosis + (y * y - m4 - 4 * m3 * x) / (m2 * m2) -
             2 * m4 * (y - m2) / (m2 * m2 * m2);
    }
    checks_moments_t influence = checks_moments(d, n);
    verify_check_t *check =
        checks_append(report, in, at, memory_print("excess kurtosis"));
    tol *= 64 / sqrt(m2) * (kurtosis + 4);
    checks_judge_mean(check, claim, &influence, n, tol);
    checks_resolve(report, in, check, tol);
  }
  free(d);
}

static void check_freedom(verify_report_t report, const checks_input_t *in,
                          size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  const verify_freedom_struct *f = &claim->freedom;
  size_t n = in->num_samples;
  double mean;
  if (isnan(f->r) || isnan(claim->least) || !(f->rank < f->dimension)) return;
  double *d = centred(&mean, in, at);
  double offset = mean - claim->least;
  double variance =
      average_power(d, n, 2) * (double)n / ((double)n - 1);
  double factor = f->copies * (f->dimension - 1) *
                  (1 + f->beta * f->dimension / 2) /
                  (f->dimension / f->rank - 1);
  double share = factor * variance / (offset * offset);
  if (variance > 4 * tol * tol && offset > tol) {
    double r = f->dimension / (1 + share), slope = -r / (1 + share);
    for (size_t i = 0; i < n; i++)
      d[i] = r + slope * share *
                     ((d[i] * d[i] - variance) / variance - 2 * d[i] / offset);
    checks_moments_t influence = checks_moments(d, n);
    verify_check_t *check =
        checks_append(report, in, at, memory_print("degrees of freedom"));
    tol *= 16 * r / fmin(offset, sqrt(variance));
    checks_judge_mean(check, f->r, &influence, n, tol);
    checks_resolve(report, in, check, tol);
  }
  free(d);
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void check_normality(verify_report_t report, const checks_input_t *in,
                            size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  size_t n = in->num_samples;
  if (isnan(claim->normal_distance) || isnan(claim->mean) ||
      !(claim->normal_variance > 4 * tol * tol))
    return;
  double *cdf = memory_get(n, sizeof *cdf);
  for (size_t i = 0; i < n; i++)
    cdf[i] = erfc((claim->mean - in->losses[at][i]) /
                  sqrt(2 * claim->normal_variance)) / 2;
  qsort(cdf, n, sizeof *cdf, compare_doubles);
  verify_check_t *check = checks_append(
      report, in, at, memory_print("distance to normal, at most"));
  check->predicted = claim->normal_distance;
  check->measured = special_ks_distance(cdf, n);
  double excess = check->measured - check->predicted;
  check->p_value = excess > 0 ? special_ks_p_value(excess, n) : 1;
  free(cdf);
}

void checks_shape(verify_report_t report, const checks_input_t *in, size_t at,
                  double tol) {
  check_kurtosis(report, in, at, tol);
  check_freedom(report, in, at, tol);
  check_normality(report, in, at, tol);
}

/* --- several inputs ------------------------------------------------------------ */

static void check_covariance(verify_report_t report, const checks_input_t *in,
                             size_t a, size_t b, double claim) {
  size_t n = in->num_samples;
  const verify_landscape_struct *l = in->claims->landscapes;
  double mean, largest = 0;
  double *d = centred(&mean, in, a), *e = centred(&mean, in, b);
  for (size_t i = 0; i < n; i++) {
    largest = fmax(largest, fmax(fabs(d[i]), fabs(e[i])));
    d[i] *= e[i] * (double)n / ((double)n - 1);
  }
  checks_moments_t product = checks_moments(d, n);
  double tol =
      in->tolerance * in->sampler->observables[l[a].observable].norm1;
  verify_check_t *check = checks_append(
      report, in, a,
      memory_print("covariance with %s", in->ansatz->states[l[b].state].text));
  tol *= 4 * (largest + tol);
  checks_judge_mean(check, claim, &product, n, tol);
  checks_resolve(report, in, check, tol);
  free(d);
  free(e);
}

void checks_covariances(verify_report_t report, const checks_input_t *in) {
  const verify_claims_struct *c = in->claims;
  for (size_t a = 0; a < c->num_landscapes; a++)
    for (size_t b = a + 1; b < c->num_landscapes; b++) {
      const verify_landscape_struct *l = c->landscapes + a, *m = c->landscapes + b;
      if (l->observable != m->observable || checks_left_out(in, a)) continue;
      double claim = c->covariances[(l->observable * c->num_states + l->state) *
                                        c->num_states + m->state];
      if (!isnan(claim)) check_covariance(report, in, a, b, claim);
    }
}
