/* The tests.

   mean               z test of the losses' average with their own variance.
   variance           z test of the average of (l - mean)^2 N/(N-1).
   gradient variance  z test of the average of g^2.
   All three with the skewness taken out (special_mean_p_value), as squares of
   nearly exponential variables are skew enough to matter in the tails. Where a
   few samples make up the average, a bound for bounded variables instead.
   loss law           Kolmogorov-Smirnov: one sample against a Beta law, else two
                      samples against a reference sample of the claimed law.
   A quantity that does not vary beyond rounding is compared with the claim to
   within the rounding error of sampler_tolerance; when that is so large (single
   precision) that the claim might as well be zero, nothing is decided. */
#include "numeric/judge/checks.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/law.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/machine/special.h"

#define OWN_DEPTH "own depth: "
enum { LAW_SAMPLES_RATIO = 10, MAX_LAW_SAMPLES = 400000 };
/* A mean of which one value has this share, and is as many times the mean, is made
   up of few: squares of normal variables hardly ever reach that. */
static const double large_share = 0.02, many_times = 20;
static const double max_law_operations = 3e10;

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
                            .standard_error = NAN};
  return check;
}

void checks_judge_mean(verify_check_t *check, double claim,
                       const checks_moments_t *y, size_t count, double tol) {
  double spread = sqrt(fmax(0, y->variance));
  check->predicted = claim;
  check->measured = y->mean;
  check->standard_error = spread / sqrt((double)count);
  tol += 4 * DBL_EPSILON * fabs(claim);
  if (!(spread > tol)) {
    check->p_value = fabs(y->mean - claim) <= 2 * tol ? 1 : 0;
    return;
  }
  /* The claim as near to the mean as rounding may have moved the values. */
  claim += fmax(-tol, fmin(tol, y->mean - claim));
  check->p_value =
      special_mean_p_value(y->mean, y->variance, y->third, count, claim);
}

static double relative_entropy(double a, double b) {
  double out = a > 0 ? a * log(a / b) : 0;
  return a < 1 ? out + (1 - a) * log((1 - a) / (1 - b)) : out;
}

void checks_judge_bounded(verify_check_t *check, double claim,
                          const checks_moments_t *y, size_t count, double tol,
                          double largest, double bound) {
  double n = (double)count;
  checks_judge_mean(check, claim, y, count, tol);
  bool few = largest > fmax(large_share * n, many_times) * y->mean;
  if (!few || check->p_value == 1 || !(y->variance > 0)) return;
  /* Rounding must not make it worse. */
  double mean = y->mean + (y->mean < claim ? tol : -tol);
  mean = fmin(fmax(0, mean), bound);
  if (!(claim > 0 && claim < bound)) {
    check->p_value = claim > bound || (claim <= 0 && mean > tol) ? 0 : 1;
    return;
  }
  double p = 2 * exp(-n * relative_entropy(mean / bound, claim / bound));
  check->p_value = fmax(check->p_value, fmin(1, p));
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
              memory_print("%s: not told from zero in single precision, which is "
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

/* Mean and variance of the losses of a landscape, against two claims. */
static void check_moments(verify_report_t report, const checks_input_t *in,
                          size_t at, const char *prefix, double mean,
                          double variance, double tol) {
  size_t n = in->num_samples;
  const double *l = in->losses[at];
  checks_moments_t first = checks_moments(l, n);
  if (!isnan(mean)) {
    verify_check_t *check =
        checks_append(report, in, at, memory_print("%smean", prefix));
    checks_judge_mean(check, mean, &first, n, tol);
    checks_resolve(report, in, check, tol);
  }
  if (isnan(variance)) return;
  double *squares = memory_get(n, sizeof *squares), largest = 0;
  double scale = 1 + 1 / ((double)n - 1);
  for (size_t i = 0; i < n; i++) {
    double d = l[i] - first.mean;
    squares[i] = d * d;
    largest = fmax(largest, fabs(d));
  }
  checks_moments_t second = checks_moments(squares, n);
  double norm =
      in->sampler->observables[in->claims->landscapes[at].observable].norm1;
  second.mean *= scale;
  verify_check_t *check =
      checks_append(report, in, at, memory_print("%svariance", prefix));
  tol = 2 * tol * (largest + tol);
  checks_judge_bounded(check, variance, &second, n, tol, largest * largest,
                       4 * norm * norm);
  checks_resolve(report, in, check, tol);
  free(squares);
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
    const double *sums =
        in->gradients + 4 * (at * in->sampler->program->num_parameters + source);
    double m1 = sums[0] / n, m2 = sums[1] / n, m3 = sums[2] / n;
    checks_moments_t y = {m1, fmax(0, m2 - m1 * m1) * n / (n - 1),
                          m3 - 3 * m2 * m1 + 2 * m1 * m1 * m1};
    double scale = sampler_slope_bound(in->sampler, source);
    double each = 2 * tol * scale;
    double bound = scale * in->sampler->observables[observable].norm1;
    const char *name = ansatz->parameters ? ansatz->parameters[k].name : NULL;
    char *text = name ? memory_print("%sgradient variance %s", prefix, name)
                      : memory_print("%sgradient variance %zu", prefix, k);
    verify_check_t *check = checks_append(report, in, at, text);
    each *= sums[3] + each;
    checks_judge_bounded(check, claims[k], &y, in->num_samples, each,
                         sums[3] * sums[3], bound * bound);
    checks_resolve(report, in, check, each);
  }
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void check_constant_law(verify_report_t report, const checks_input_t *in,
                               size_t at, double value, double tol) {
  double far = 0;
  for (size_t i = 0; i < in->num_samples; i++)
    far = fmax(far, fabs(in->losses[at][i] - value));
  verify_check_t *check =
      checks_append(report, in, at, memory_print("loss law (constant)"));
  check->measured = far;
  check->p_value = far <= 2 * tol + 4 * DBL_EPSILON * fabs(value) ? 1 : 0;
}

static void check_beta_law(verify_report_t report, const checks_input_t *in,
                           size_t at, const law_beta_t *law) {
  size_t n = in->num_samples;
  double *cdf = memory_get(n, sizeof *cdf);
  for (size_t i = 0; i < n; i++)
    cdf[i] = special_beta_cdf((in->losses[at][i] - law->low) /
                                  (law->high - law->low),
                              law->alpha, law->beta);
  qsort(cdf, n, sizeof *cdf, compare_doubles);
  verify_check_t *check = checks_append(
      report, in, at,
      memory_print("loss law (Beta(%g, %g) on [%g, %g], Kolmogorov-Smirnov)",
                   law->alpha, law->beta, law->low, law->high));
  check->measured = special_ks_distance(cdf, n);
  check->p_value = special_ks_p_value(check->measured, n);
  free(cdf);
}

static void check_sampled_law(verify_report_t report, const checks_input_t *in,
                              size_t at) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  size_t n = in->num_samples, m = LAW_SAMPLES_RATIO * n;
  double room = max_law_operations / law_cost(claim);
  if (m > MAX_LAW_SAMPLES) m = MAX_LAW_SAMPLES;
  if (m < n) m = n;
  if (room < (double)m) m = (size_t)room;
  if (m < 1000) {
    checks_note(report, memory_print("landscape %zu: the loss law is not tested: "
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
  qsort(reference, m, sizeof *reference, compare_doubles);
  qsort(losses, n, sizeof *losses, compare_doubles);
  verify_check_t *check =
      checks_append(report, in, at,
             memory_print("loss law (Kolmogorov-Smirnov, %zu reference samples)",
                          m));
  check->measured = special_ks2_distance(losses, n, reference, m);
  check->p_value = special_ks2_p_value(check->measured, n, m);
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
  if (law_is_constant(&value, claim))
    check_constant_law(report, in, at, value, tol);
  else if (law_is_beta(&law, claim))
    check_beta_law(report, in, at, &law);
  else
    check_sampled_law(report, in, at);
}

void checks_run(verify_report_t report, const checks_input_t *in) {
  for (size_t at = 0; at < in->claims->num_landscapes; at++) {
    const verify_landscape_struct *claim = in->claims->landscapes + at;
    double tol = loss_tolerance(in, at);
    if (checks_left_out(in, at)) {
      checks_note(report,
                  memory_print("landscape %zu is not sampled: the observable "
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
    check_moments(report, in, at, OWN_DEPTH, claim->depth_mean,
                  claim->depth_variance, tol);
    if (in->gradients && claim->depth_gradient)
      check_gradients(report, in, at, OWN_DEPTH, claim->depth_gradient, tol);
  }
}

bool checks_is_own_depth(const verify_check_t *check) {
  return !strncmp(check->name, OWN_DEPTH, strlen(OWN_DEPTH));
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
