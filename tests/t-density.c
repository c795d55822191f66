/* Predicted densities: normalised, with the moments that their laws have, and
   equal to closed forms where there are any. */
#include <math.h>
#include <stdlib.h>

#include "numeric/judge/density.h"
#include "tests/tap.h"

enum { POINTS = 2001 };
static double x[POINTS], f[POINTS];

static void grid(double low, double high) {
  for (size_t i = 0; i < POINTS; i++)
    x[i] = low + (high - low) * (double)i / (POINTS - 1);
}

/* sum of f (x - centre)^power dx. */
static double moment(double centre, int power) {
  double sum = 0;
  for (size_t i = 0; i < POINTS; i++) sum += f[i] * pow(x[i] - centre, power);
  return sum * (x[1] - x[0]);
}

static bool near(double a, double b, double tolerance) {
  return fabs(a - b) <= tolerance;
}

/* One scale: Gamma(shape), with kurtosis 6/shape. Shape 1 is exponential. */
static void test_gamma(void) {
  for (long i = tap_iterations(20); i > 0; i--) {
    double shape = 1 + (double)tap_random_below(400) / 10;
    double scale = 0.1 + (double)tap_random_below(100) / 50, offset = 0.7;
    density_gamma_t half[2] = {{scale, shape / 3}, {scale, 2 * shape / 3}};
    double mean = offset + scale * shape, sd = scale * sqrt(shape);
    grid(offset, mean + 14 * sd);
    density_gamma_sum(f, x, POINTS, mean, half, 2, tap_seed());
    /* The step at the offset counts half, up to f(0) dx = dx / scale. */
    double slack = 2e-3 + (x[1] - x[0]) / scale;
    tap_ok(near(moment(mean, 0), 1, slack) &&
               near(moment(mean, 2) / (sd * sd), 1, 10 * slack),
           "Gamma(%g) of scale %g", shape, scale);
  }
}

/* Exponentials of rates a, b: (exp(-x/a) - exp(-x/b)) / (a - b). The average over
   4000 draws is off by a few per cent of the largest density. */
static void test_two_scales(void) {
  density_gamma_t terms[2] = {{0.3, 1}, {1, 1}};
  double worst = 0;
  grid(0, 10);
  density_gamma_sum(f, x, POINTS, 1.3, terms, 2, tap_seed());
  for (size_t i = 0; i < POINTS; i++)
    worst = fmax(worst, fabs(f[i] - (exp(-x[i]) - exp(-x[i] / 0.3)) / 0.7));
  tap_ok(worst < 0.03, "two exponentials: off by %g at most", worst);
}

/* Means of 10^14 standard deviations: on either side of the centre the curve falls without
   steps, and it is the normal law. */
static void test_large_shapes(void) {
  density_gamma_t terms[2] = {{1e-28, 1e28}, {2e-28, 1e28}};
  for (size_t number = 1; number <= 2; number++) {
    double sd = number == 1 ? 1e-14 : sqrt(5) * 1e-14, worst = 0;
    size_t steps = 0;
    grid(-4 * sd, 4 * sd);
    density_gamma_sum(f, x, POINTS, 0, terms, number, tap_seed());
    for (size_t i = 0; i < POINTS; i++) {
      worst = fmax(worst, fabs(f[i] - density_normal(x[i], 0, sd * sd)) * sd);
      steps += i > 0 && f[i] == f[i - 1] && fabs(x[i] + x[i - 1]) > 1e-3 * sd;
    }
    tap_ok(worst < (number == 1 ? 1e-9 : 0.03) && steps == 0,
           "%zu large shapes: off by %g at most, %zu steps", number, worst, steps);
  }
}

/* Two degrees of freedom: Laplace. Any: variance as given, kurtosis 6/k. */
static void test_gradient(void) {
  double worst = 0, c = sqrt(0.5);
  density_gamma_t laplace = {1, 1};
  grid(-9, 9);
  density_gradient(f, x, POINTS, &laplace, 1, 1, 0);
  for (size_t i = 0; i < POINTS; i++)
    worst = fmax(worst, fabs(f[i] - exp(-fabs(x[i]) / c) / (2 * c)));
  tap_ok(worst < 1e-6, "Laplace: off by %g at most", worst);
  static const double freedoms[] = {3, 4, 7, 16, 100, 399, 401, 5000, 300000};
  for (size_t j = 0; j < sizeof freedoms / sizeof *freedoms; j++) {
    double k = freedoms[j], sd = 0.2;
    density_gamma_t term = {0.3, k / 2};
    grid(-12 * sd, 12 * sd);
    density_gradient(f, x, POINTS, &term, 1, sd * sd, 0);
    double kurtosis = moment(0, 4) / pow(moment(0, 2), 2) - 3;
    tap_ok(near(moment(0, 0), 1, 1e-3) &&
               near(moment(0, 2) / (sd * sd), 1, 5e-3) &&
               near(kurtosis, 6 / k, 0.03),
           "variance-gamma with %g degrees of freedom: kurtosis %g", k,
           kurtosis);
  }
  density_gamma_t two[2] = {{1, 2}, {0.2, 6}};
  grid(-9, 9);
  density_gradient(f, x, POINTS, two, 2, 1, tap_seed());
  tap_ok(near(moment(0, 0), 1, 1e-2) && near(moment(0, 2), 1, 0.1),
         "a mixture has total %g, variance %g", moment(0, 0), moment(0, 2));
}

/* The same Beta law once as two levels (closed form), once with one level
   written twice (reference samples). */
static void test_claim(void) {
  static double g[POINTS];
  verify_landscape_struct a = {.law_constant = 0.25}, b = {.law_constant = 0.25};
  double two[2] = {-1, 1}, three[3] = {-1, 1, 1};
  size_t m2[2] = {3, 5}, m3[3] = {3, 2, 3};
  bool exact_a, exact_b;
  verify_landscape_add_block(&a, 2, 1, 0.5, 2, two, m2);
  verify_landscape_add_block(&b, 2, 1, 0.5, 3, three, m3);
  grid(-0.25, 0.75);
  size_t coarse = 41; /* bins of 1/40 */
  double y[41], worst = 0;
  for (size_t i = 0; i < coarse; i++) y[i] = -0.25 + (double)i / 40;
  bool ok = density_claim(f, &exact_a, x, POINTS, &a, 1) &&
            density_claim(g, &exact_b, y, coarse, &b, tap_seed());
  tap_ok(ok && exact_a && !exact_b, "closed form and reference samples");
  tap_ok(near(moment(0, 0), 1, 1e-3) && near(moment(0, 1), 0.25 + 0.5 * 0.25, 1e-3),
         "Beta law: total 1, mean 3/8");
  for (size_t i = 1; i + 1 < coarse; i++)
    worst = fmax(worst, fabs(g[i] - f[i * 50]));
  tap_ok(worst < 0.1, "histogram of reference samples: off by %g at most", worst);
  for (int which = 0; which < 2; which++) {
    verify_landscape_struct *l = which ? &b : &a;
    free(l->blocks->eigenvalues);
    free(l->blocks->multiplicities);
    free(l->blocks);
  }
  verify_landscape_struct none = {0};
  tap_ok(!density_claim(f, &exact_a, x, POINTS, &none, 1), "no law, no density");
}

int main(void) {
  tap_begin("t-density");
  test_gamma();
  test_two_scales();
  test_large_shapes();
  test_gradient();
  test_claim();
  return tap_end();
}
