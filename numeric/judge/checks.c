/* The tests.

   mean               test of the losses' average.
   variance           test of the average of (l - claimed mean)^2.
   gradient variance  test of the average of g^2.
   All three normal tests with the skewness taken out (special_mean_p_value), as
   squares of nearly exponential variables are skew enough to matter in the tails;
   where they are very skew and that would refute, the test of mean_test.h must too.
   loss law           Kolmogorov-Smirnov: one sample against a Beta law, else two
                      samples against a reference sample of the claimed law.
   A quantity that does not vary beyond rounding is compared with the claim to
   within the rounding error of sampler_tolerance; when that is so large (single
   precision) that the claim might as well be zero, nothing is decided. */
#include "numeric/judge/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/machine/order.h"
#include "numeric/judge/law.h"
#include "numeric/judge/law_orbit.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/machine/special.h"

enum { LAW_SAMPLES_RATIO = 10, MAX_LAW_SAMPLES = 400000 };
/* Above this a p value refutes nothing, and need not be exact. */
static const double clearly = 1e-2;
/* Skewness over sqrt(N). Below this the corrected normal p value is right to a factor
   of 3 down to 1e-4 (10^5 samples each of exponential variables, squares and fourth
   powers of normal ones, products of up to 8 squared cosines, N = 400 to 3,000); it
   is too small by 30 for products of 12, N = 400, where this is always larger. */
static const double most_skew = 0.2;
/* The level at which it is told what a check notices, of one among fifty, twice; in
   standard errors. */
static const double notice_level = 1e-5, notice_errors = 4.42;
static const double max_law_operations = 3e10;
/* A claimed number may be off by that much of itself: the radius of a ball. */
static const double claim_slack = 2e-12;

void checks_note(verify_report_t report, char *text) {
  for (size_t i = 0; i < report->num_notes; i++)
    if (!strcmp(report->notes[i], text)) {
      free(text);
      return;
    }
  report->notes = memory_resize(report->notes, report->num_notes + 1,
                                sizeof *report->notes);
  report->notes[report->num_notes++] = text;
}

verify_check_t *checks_append(verify_report_t report,
                              const checks_input_t *input, size_t landscape,
                              char *name) {
  report->checks = memory_resize(report->checks, report->num_checks + 1,
                                 sizeof *report->checks);
  verify_check_t *check = report->checks + report->num_checks++;
  *check = (verify_check_t){.name = name,
                            .landscape = landscape,
                            .attempt = input->attempt,
                            .standard_error = NAN,
                            .notices = NAN};
  return check;
}

void checks_judge_mean(verify_check_t *check, double claim,
                       const checks_moments_t *y, size_t count, double tol) {
  double spread = sqrt(fmax(0, y->variance));
  check->predicted = claim;
  check->measured = y->mean;
  check->standard_error = spread / sqrt((double)count);
  tol += claim_slack * fabs(claim);
  if (!(spread > tol)) {
    check->p_value = fabs(y->mean - claim) <= 2 * tol ? 1 : 0;
    return;
  }
  /* The claim as near to the mean as rounding may have moved the values. */
  claim += fmax(-tol, fmin(tol, y->mean - claim));
  check->p_value =
      special_mean_p_value(y->mean, y->variance, y->third, count, claim);
}

void checks_judge_safely(verify_check_t *check, const checks_moments_t *y,
                         size_t count, const mean_test_t *test, double unit) {
  double spread = sqrt(fmax(0, y->variance)), n = (double)count;
  bool normal = fabs(y->third) < most_skew * spread * spread * spread * sqrt(n);
  check->notices = unit * (normal ? notice_errors * spread / sqrt(n) + test->tol
                                  : mean_test_notices(test, notice_level));
  if (!normal && check->p_value > 0 && check->p_value < clearly)
    check->p_value = fmax(check->p_value, mean_test_p_value(test));
}

void checks_judge_values(verify_check_t *check, double claim,
                         const checks_moments_t *y, const double *d, size_t count,
                         double least, double most, double tol) {
  mean_test_t test;
  checks_judge_mean(check, claim, y, count, tol);
  mean_test_values(&test, d, count, least, most, tol);
  checks_judge_safely(check, y, count, &test, 1);
}

void checks_resolve(verify_report_t report, const checks_input_t *in,
                    const verify_check_t *check, double tol) {
  double spread = check->standard_error * sqrt((double)in->num_samples);
  double claim = fabs(check->predicted);
  if (in->sampler->precision == PRECISION_DOUBLE || spread > tol ||
      !(claim > 0 && claim <= 2 * tol) || check->p_value == 0)
    return;
  report->undecided = true;
  checks_note(report,
              text_print("%s: not told from zero in single precision, which is "
                         "off by %.2g at most; --precision double decides it",
                         check->name, tol));
}

checks_moments_t checks_moments(const double *values, size_t count) {
  checks_moments_t m = {0, 0, 0};
  double n = (double)count;
  /* From the first value on, so that equal values have exactly their mean. */
  for (size_t i = 0; i < count; i++) m.mean += values[i] - values[0];
  m.mean = values[0] + m.mean / n;
  for (size_t i = 0; i < count; i++) {
    double d = values[i] - m.mean;
    m.variance += d * d;
    m.third += d * d * d;
  }
  m.variance /= n - 1;
  m.third /= n;
  return m;
}

/* d <- values less the claim. */
static void differences(double *d, const double *values, size_t count,
                        double claim) {
  for (size_t i = 0; i < count; i++) d[i] = values[i] - claim;
}

static void check_mean(verify_report_t report, const checks_input_t *in, size_t at,
                       char *name, double claim, double norm, double tol) {
  size_t n = in->num_samples;
  double *d = memory_get(n, sizeof *d);
  checks_moments_t y = checks_moments(in->losses[at], n);
  verify_check_t *check = checks_append(report, in, at, name);
  differences(d, in->losses[at], n, claim);
  checks_judge_values(check, claim, &y, d, n, -norm - claim, norm - claim, tol);
  checks_resolve(report, in, check, tol);
  free(d);
}

/* Squares of which the claimed variance is the mean: around the claimed mean, or
   without one half of those of the differences of pairs. Returns how many. */
static size_t make_squares(double *squares, double *largest,
                           const checks_input_t *in, size_t at, double mean) {
  const double *l = in->losses[at];
  size_t n = in->num_samples, count = isnan(mean) ? n / 2 : n;
  *largest = 0;
  for (size_t i = 0; i < count; i++) {
    double d = isnan(mean) ? (l[2 * i] - l[2 * i + 1]) * M_SQRT1_2 : l[i] - mean;
    squares[i] = d * d;
    *largest = fmax(*largest, fabs(d));
  }
  return count;
}

static void check_variance(verify_report_t report, const checks_input_t *in,
                           size_t at, const char *prefix, double mean,
                           double claim, double norm, double tol) {
  double *squares = memory_get(in->num_samples, sizeof *squares), largest;
  size_t count = make_squares(squares, &largest, in, at, mean);
  double most = isnan(mean) ? 2 * norm * norm
                            : (norm + fabs(mean)) * (norm + fabs(mean));
  checks_moments_t y = checks_moments(squares, count);
  verify_check_t *check =
      checks_append(report, in, at, text_print("%svariance", prefix));
  tol = 2 * tol * (largest + tol);
  for (size_t i = 0; i < count; i++) squares[i] -= claim;
  checks_judge_values(check, claim, &y, squares, count, -claim, most - claim, tol);
  checks_resolve(report, in, check, tol);
  free(squares);
}

/* Mean and variance of the losses of a landscape, against two claims. */
static void check_moments(verify_report_t report, const checks_input_t *in,
                          size_t at, const char *prefix, double mean,
                          double variance, double tol) {
  double norm =
      in->sampler->observables[in->claims->landscapes[at].observable].norm1;
  norm += tol;
  if (!isnan(mean))
    check_mean(report, in, at, text_print("%smean", prefix), mean, norm, tol);
  if (!isnan(variance))
    check_variance(report, in, at, prefix, mean, variance, norm, tol);
}

/* g^2 - claim, chunk by chunk. column: of the first of the sums of a chunk. */
static void test_squares(mean_test_t *test, const checks_input_t *in, size_t column,
                         double claim, double bound, double tol) {
  size_t row = sampler_sums_row(in->sampler), chunk = in->sampler->chunk;
  size_t chunks = sampler_chunks(in->sampler, in->num_samples);
  const double *all = in->gradients + column;
  double mean = all[0] / (double)in->num_samples - claim;
  double seen = fmax(fabs(claim), fabs(all[3] * all[3] - claim));
  mean_test_init(test, in->num_samples, -claim, bound - claim, seen, mean, tol);
  for (size_t c = 0; c < chunks; c++) {
    const double *s = in->chunk_sums + c * row + column;
    size_t count = c + 1 < chunks ? chunk : in->num_samples - c * chunk;
    double n = (double)count, a = claim;
    mean_block_t b = {.count = count,
                      .sum = s[0] - n * a,
                      .sum2 = s[1] - 2 * a * s[0] + n * a * a,
                      .sum3 = s[2] - 3 * a * s[1] + 3 * a * a * s[0] - n * a * a * a,
                      .least = -a,
                      .most = s[3] * s[3] - a};
    mean_test_add(test, &b);
  }
}

static void check_gradients(verify_report_t report, const checks_input_t *in,
                            size_t at, const char *prefix, const double *claims,
                            double tol) {
  const ansatz_struct *ansatz = in->ansatz;
  size_t observable = in->claims->landscapes[at].observable;
  double n = (double)in->num_samples;
  for (size_t k = 0; k < in->claims->num_parameters; k++) {
    if (isnan(claims[k])) continue;
    /* In a list of operators parameter k drives generator k mod G. */
    size_t source = ansatz->kind == ANSATZ_OPERATORS
                        ? k % ansatz->num_generators
                        : k;
    size_t column =
        SAMPLER_SUMS * (at * in->sampler->program->num_parameters + source);
    const double *sums = in->gradients + column;
    double m1 = sums[0] / n, m2 = sums[1] / n, m3 = sums[2] / n;
    checks_moments_t y = {m1, fmax(0, m2 - m1 * m1) * n / (n - 1),
                          m3 - 3 * m2 * m1 + 2 * m1 * m1 * m1};
    double scale = sampler_slope_bound(in->sampler, source);
    double each = 2 * tol * scale;
    double bound = scale * in->sampler->observables[observable].norm1;
    const char *name = ansatz->parameters ? ansatz->parameters[k].name : NULL;
    char *text = name ? text_print("%sgradient variance %s", prefix, name)
                      : text_print("%sgradient variance %zu", prefix, k);
    verify_check_t *check = checks_append(report, in, at, text);
    each *= sums[3] + each;
    checks_judge_mean(check, claims[k], &y, in->num_samples, each);
    mean_test_t test;
    test_squares(&test, in, column, claims[k], bound * bound, each);
    checks_judge_safely(check, &y, in->num_samples, &test, 1);
    checks_resolve(report, in, check, each);
  }
}

static void check_constant_law(verify_report_t report, const checks_input_t *in,
                               size_t at, double value, double tol) {
  double far = 0;
  for (size_t i = 0; i < in->num_samples; i++)
    far = fmax(far, fabs(in->losses[at][i] - value));
  verify_check_t *check =
      checks_append(report, in, at, text_print("loss law (constant)"));
  check->measured = far;
  check->p_value = far <= 2 * tol + claim_slack * fabs(value) ? 1 : 0;
}

/* The distance that is noticed: 2 exp(-2 n d^2) is the level (P. Massart 1990). */
double checks_distance_noticed(double n) {
  return sqrt(log(2 / notice_level) / (2 * n));
}

static double beta_cdf(const law_beta_t *law, double loss) {
  return special_beta_cdf((loss - law->low) / (law->high - law->low), law->alpha,
                          law->beta);
}

/* Of a sample the value of the distribution function that is nearest to its rank within
   what rounding may have done. */
static double nearest_to_rank(double low, double high, size_t index, size_t count) {
  return fmax(low, fmin(high, ((double)index + 0.5) / (double)count));
}

static void check_beta_law(verify_report_t report, const checks_input_t *in,
                           size_t at, const law_beta_t *law, double tol) {
  size_t n = in->num_samples;
  double *cdf = memory_get(n, sizeof *cdf);
  memcpy(cdf, in->losses[at], n * sizeof *cdf);
  qsort(cdf, n, sizeof *cdf, order_doubles);
  for (size_t i = 0; i < n; i++)
    cdf[i] = nearest_to_rank(beta_cdf(law, cdf[i] - tol), beta_cdf(law, cdf[i] + tol),
                             i, n);
  verify_check_t *check = checks_append(
      report, in, at,
      text_print("loss law (Beta(%g, %g) on [%g, %g], Kolmogorov-Smirnov)",
                 law->alpha, law->beta, law->low, law->high));
  check->measured = special_ks_distance(cdf, n);
  check->p_value = special_ks_p_value(check->measured, n);
  check->notices = checks_distance_noticed((double)n);
  free(cdf);
}

static void check_uniforms_law(verify_report_t report, const checks_input_t *in,
                               size_t at, const law_uniforms_t *law, double tol) {
  size_t n = in->num_samples;
  double *cdf = memory_get(n, sizeof *cdf);
  memcpy(cdf, in->losses[at], n * sizeof *cdf);
  qsort(cdf, n, sizeof *cdf, order_doubles);
  for (size_t i = 0; i < n; i++)
    cdf[i] = nearest_to_rank(law_uniforms_cdf(law, cdf[i] - tol),
                             law_uniforms_cdf(law, cdf[i] + tol), i, n);
  verify_check_t *check = checks_append(
      report, in, at,
      text_print("loss law (sum of %zu uniform variables, Kolmogorov-Smirnov)",
                 law->count));
  check->measured = special_ks_distance(cdf, n);
  check->p_value = special_ks_p_value(check->measured, n);
  check->notices = checks_distance_noticed((double)n);
  free(cdf);
}

static void check_sampled_law(verify_report_t report, const checks_input_t *in,
                              size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  size_t n = in->num_samples, m = LAW_SAMPLES_RATIO * n;
  double room = max_law_operations / law_cost(claim);
  if (m > MAX_LAW_SAMPLES) m = MAX_LAW_SAMPLES;
  if (m < n) m = n;
  if (room < (double)m) m = (size_t)room;
  if (m < 1000) {
    checks_note(report, text_print("landscape %zu: the loss law is not tested: "
                                   "%.2g operations for one reference sample",
                                   at, law_cost(claim)));
    return;
  }
  double *reference = memory_get(m, sizeof *reference);
  double *losses = memory_get(n, sizeof *losses);
  law_sample(reference, m, claim, in->seed,
             RANDOM_LAW + ((in->attempt + 1) << 8) + ((uint64_t)at << 16),
             in->sampler->num_threads);
  memcpy(losses, in->losses[at], n * sizeof *losses);
  qsort(reference, m, sizeof *reference, order_doubles);
  qsort(losses, n, sizeof *losses, order_doubles);
  verify_check_t *check =
      checks_append(report, in, at,
             text_print("loss law (Kolmogorov-Smirnov, %zu reference samples)",
                        m));
  check->measured = special_ks2_distance(losses, n, reference, m, tol);
  check->p_value = special_ks2_p_value(check->measured, n, m);
  check->notices = checks_distance_noticed((double)n * (double)m / (double)(n + m));
  free(reference);
  free(losses);
}

bool checks_left_out(const checks_input_t *in, size_t at) {
  const bool *left_out = in->sampler->left_out;
  return left_out && left_out[in->claims->landscapes[at].observable];
}

static double loss_tolerance(const checks_input_t *in, size_t at) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  return in->tolerance * in->sampler->observables[claim->observable].norm1;
}

static void check_law(verify_report_t report, const checks_input_t *in,
                      size_t at, double tol) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  double value;
  law_beta_t law;
  law_uniforms_t uniforms;
  if (law_is_constant(&value, claim)) {
    check_constant_law(report, in, at, value, tol);
  } else if (law_is_beta(&law, claim)) {
    check_beta_law(report, in, at, &law, tol);
  } else if (law_uniforms_init(&uniforms, claim)) {
    check_uniforms_law(report, in, at, &uniforms, tol);
    law_uniforms_clear(&uniforms);
  } else {
    check_sampled_law(report, in, at, tol);
  }
}

void checks_run(verify_report_t report, const checks_input_t *in) {
  for (size_t at = 0; at < in->claims->num_landscapes; at++) {
    const verify_landscape_struct *claim = in->claims->landscapes + at;
    double tol = loss_tolerance(in, at);
    if (checks_left_out(in, at)) {
      checks_note(report,
                  text_print("landscape %zu is not sampled: the observable "
                             "reaches too many strings, and state vectors do "
                             "not fit in the memory", at));
      continue;
    }
    check_moments(report, in, at, "", claim->mean, claim->variance, tol);
    if (in->gradients)
      check_gradients(report, in, at, "", claim->gradient_variance, tol);
    if (claim->has_law) check_law(report, in, at, tol);
    checks_shape(report, in, at, tol);
    checks_gradient_law(report, in, at);
  }
  checks_covariances(report, in);
}

void checks_run_depth(verify_report_t report, const checks_input_t *in) {
  for (size_t at = 0; at < in->claims->num_landscapes; at++) {
    const verify_landscape_struct *claim = in->claims->landscapes + at;
    double tol = loss_tolerance(in, at);
    if (checks_left_out(in, at)) continue;
    check_moments(report, in, at, CHECKS_OWN_DEPTH, claim->depth_mean,
                  claim->depth_variance, tol);
    if (in->gradients && claim->depth_gradient)
      check_gradients(report, in, at, CHECKS_OWN_DEPTH, claim->depth_gradient, tol);
  }
}

void checks_run_squares(verify_report_t report, const checks_input_t *in, bool own) {
  for (size_t at = 0; at < in->claims->num_landscapes; at++) {
    const verify_landscape_struct *claim = in->claims->landscapes + at;
    double said = own ? claim->depth_square : claim->mean_square;
    double tol = loss_tolerance(in, at);
    double norm = in->sampler->observables[claim->observable].norm1 + tol;
    if (isnan(said) || checks_left_out(in, at)) continue;
    check_mean(report, in, at,
               text_print("%smean of the square", own ? CHECKS_OWN_DEPTH : ""), said, norm,
               tol);
  }
}

bool checks_is_own_depth(const verify_check_t *check) {
  return !strncmp(check->name, CHECKS_OWN_DEPTH, strlen(CHECKS_OWN_DEPTH)) ||
         !strncmp(check->name, CHECKS_NOISY, strlen(CHECKS_NOISY));
}

bool checks_judge(verify_report_t report, size_t first, double alpha) {
  size_t count = report->num_checks - first;
  bool *holds = memory_get(count, sizeof *holds), all = true;
  double *p = memory_get(count, sizeof *p);
  for (size_t i = 0; i < count; i++) p[i] = report->checks[first + i].p_value;
  special_holm(holds, p, count, alpha);
  for (size_t i = 0; i < count; i++) {
    report->checks[first + i].holds = holds[i];
    all = all && holds[i];
  }
  free(holds);
  free(p);
  return all;
}
