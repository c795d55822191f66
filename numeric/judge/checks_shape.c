/* Tests of what a loss looks like beyond mean and variance.

   covariance           of the average of (l_i - m_i)(l_j - m_j), with the claimed
                        means; the losses of all input states come from one
                        circuit.
   excess kurtosis      of the average of x^4 - 2 c V x^2, see below,
   degrees of freedom   the r of verify_freedom_struct: of the average of x^2,
   all three as averages are tested elsewhere (checks.c), whatever the law.
   distance to a normal law, or to the Wishart form   sup |F_n - Phi| of the samples. A
                        bound B is refuted by the excess D - B > 0, which is at most
                        sup |F_n - F|: Kolmogorov-Smirnov. */
#include <math.h>
#include <stdlib.h>

#include "numeric/machine/order.h"
#include "algebra/base/text.h"
#include "numeric/judge/checks.h"
#include "numeric/judge/law.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/special.h"

/* Losses less the claimed mean, or NULL when there is none or they do not vary. */
static double *centred(const checks_input_t *in, size_t at, double tol) {
  double mean = in->claims->landscapes[at].mean;
  size_t n = in->num_samples;
  if (isnan(mean)) return NULL;
  double *d = memory_get(n, sizeof *d), sum2 = 0;
  for (size_t i = 0; i < n; i++) {
    d[i] = in->losses[at][i] - mean;
    sum2 += d[i] * d[i];
  }
  if (sum2 > 4 * tol * tol * (double)n) return d;
  free(d);
  return NULL;
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

static double loss_norm(const checks_input_t *in, size_t at) {
  return in->sampler->observables[in->claims->landscapes[at].observable].norm1;
}

/* With x = l - mean and c = kurtosis + 3 a true claim says E[x^4 - 2 c V x^2] =
   - c V^2, which varies no more than m_4/m_2^2 does. A change of c by e changes
   E[x^4] - c V^2 by e V^2. */
static void check_kurtosis(verify_report_t report, const checks_input_t *in,
                           size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  size_t n = in->num_samples;
  double V = claim->variance, c = claim->excess_kurtosis + 3;
  if (isnan(c) || !(V > 4 * tol * tol)) return;
  double *d = centred(in, at, tol);
  if (!d) return;
  double m2 = average_power(d, n, 2), m4 = average_power(d, n, 4), most = 0;
  double reach = loss_norm(in, at) + fabs(claim->mean) + tol;
  for (size_t i = 0; i < n; i++) {
    double y = d[i] * d[i];
    most = fmax(most, fabs(d[i]));
    d[i] = y * (y - 2 * c * V) + c * V * V;
  }
  checks_moments_t moments = checks_moments(d, n);
  verify_check_t *check =
      checks_append(report, in, at, text_print("excess kurtosis"));
  /* Rounding of x^4 and of 2 c V x^2. */
  double round = 4 * tol * (most + tol) * ((most + tol) * (most + tol) + fabs(c) * V);
  mean_test_t test;
  double far = reach * reach;
  mean_test_values(&test, d, n, c * V * V - c * c * V * V,
                   fmax(far * (far - 2 * c * V), 0) + c * V * V, round);
  checks_judge_mean(check, 0, &moments, n, round);
  checks_judge_safely(check, &moments, n, &test, 1 / (V * V));
  checks_resolve(report, in, check, round);
  check->predicted = claim->excess_kurtosis;
  check->measured = m4 / (m2 * m2) - 3;
  check->standard_error /= V * V;
  free(d);
}

/* A claimed r says that the variance is share (mean - least)^2 / factor, with share =
   dimension/r - 1: tested as such, with the claimed mean. */
static void check_freedom(verify_report_t report, const checks_input_t *in,
                          size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  const verify_freedom_struct *f = &claim->freedom;
  size_t n = in->num_samples;
  double offset = f->offset != 0 ? f->offset : claim->mean - claim->least;
  if (isnan(f->r) || isnan(offset) || !(f->rank < f->dimension)) return;
  double factor = f->copies * (f->dimension - 1) *
                  (1 + f->beta * f->dimension / 2) /
                  (f->dimension / f->rank - 1);
  double said = (f->dimension / f->r - 1) * offset * offset / factor;
  double *d = centred(in, at, tol);
  if (!d) return;
  double share = factor * average_power(d, n, 2) / (offset * offset);
  if (offset > tol && share > 0) {
    double most = 0, reach = loss_norm(in, at) + fabs(claim->mean) + tol;
    for (size_t i = 0; i < n; i++) {
      most = fmax(most, fabs(d[i]));
      d[i] = d[i] * d[i] - said;
    }
    checks_moments_t moments = checks_moments(d, n);
    verify_check_t *check =
        checks_append(report, in, at, text_print("degrees of freedom"));
    double r = f->dimension / (1 + share), round = 2 * tol * (most + tol);
    double unit = r / (1 + share) * factor / (offset * offset); /* |dr/dV| */
    mean_test_t test;
    mean_test_values(&test, d, n, -said, reach * reach - said, round);
    checks_judge_mean(check, 0, &moments, n, round);
    checks_judge_safely(check, &moments, n, &test, unit);
    checks_resolve(report, in, check, round);
    check->predicted = f->r;
    check->measured = r;
    check->standard_error *= unit;
  }
  free(d);
}

/* Of the values of a distribution function at the samples, which are sorted here. */
static void judge_distance(verify_report_t report, const checks_input_t *in, size_t at,
                           const char *from, double bound, double *cdf) {
  size_t n = in->num_samples;
  qsort(cdf, n, sizeof *cdf, order_doubles);
  verify_check_t *check = checks_append(
      report, in, at, text_print("distance to %s, at most", from));
  check->predicted = bound;
  check->measured = special_ks_distance(cdf, n);
  double excess = check->measured - bound;
  check->p_value = excess > 0 ? special_ks_p_value(excess, n) : 1;
  /* Nothing but a bound below what was measured is noticed. */
  check->notices = bound - check->measured + checks_distance_noticed((double)n);
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
  judge_distance(report, in, at, "normal", claim->normal_distance, cdf);
  free(cdf);
}

/* One block of two levels, rank 1: low + (mean - low) Gamma(alpha, scale 1/alpha) for
   low + (high - low) Beta(alpha, beta). */
static void check_form(verify_report_t report, const checks_input_t *in, size_t at) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  law_beta_t law;
  size_t n = in->num_samples;
  if (isnan(claim->wishart_distance) || !law_is_beta(&law, claim)) return;
  double scale = (law.high - law.low) / (law.alpha + law.beta);
  double *cdf = memory_get(n, sizeof *cdf);
  for (size_t i = 0; i < n; i++)
    cdf[i] = special_gamma_cdf((in->losses[at][i] - law.low) / scale, law.alpha);
  judge_distance(report, in, at, "the Wishart form", claim->wishart_distance, cdf);
  free(cdf);
}

void checks_shape(verify_report_t report, const checks_input_t *in, size_t at,
                  double tol) {
  check_kurtosis(report, in, at, tol);
  check_freedom(report, in, at, tol);
  check_normality(report, in, at, tol);
  check_form(report, in, at);
}

/* --- several inputs ------------------------------------------------------------ */

/* Or, without one, that of the samples. */
static double claimed_mean(const checks_input_t *in, size_t at) {
  double mean = in->claims->landscapes[at].mean;
  return isnan(mean) ? checks_moments(in->losses[at], in->num_samples).mean : mean;
}

static void check_covariance(verify_report_t report, const checks_input_t *in,
                             size_t a, size_t b, double claim) {
  size_t n = in->num_samples;
  const verify_landscape_struct *l = in->claims->landscapes;
  double largest = 0, norm = loss_norm(in, a);
  double mean_a = claimed_mean(in, a), mean_b = claimed_mean(in, b);
  double tol = in->tolerance * norm;
  double *d = memory_get(n, sizeof *d);
  for (size_t i = 0; i < n; i++) {
    double x = in->losses[a][i] - mean_a, y = in->losses[b][i] - mean_b;
    largest = fmax(largest, fmax(fabs(x), fabs(y)));
    d[i] = x * y;
  }
  checks_moments_t product = checks_moments(d, n);
  verify_check_t *check = checks_append(
      report, in, a,
      text_print("covariance with %s", in->ansatz->states[l[b].state].text));
  tol *= 4 * (largest + tol);
  double most = (norm + fabs(mean_a) + tol) * (norm + fabs(mean_b) + tol);
  for (size_t i = 0; i < n; i++) d[i] -= claim;
  checks_judge_values(check, claim, &product, d, n, -most - claim, most - claim, tol);
  checks_resolve(report, in, check, tol);
  free(d);
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
