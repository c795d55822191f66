/* mean_test: hardly ever small for a true mean, however heavy the tail of the law; small
   for a mean that is off by some more than the standard errors of a normal test;
   blocks of sums say the same as values. */
#include <math.h>
#include <stdlib.h>

#include "numeric/judge/mean_test.h"
#include "tests/tap.h"

enum { MOST = 3000 };

static double uniform(void) { return (double)(tap_random() >> 11) * 0x1p-53; }

typedef double (*law_t)(void);

static double exponential(void) { return -log(1 - uniform()); }
/* Of mean 2^-12, a twentieth of the samples making up most of it. */
static double product(void) {
  double y = 1;
  for (int i = 0; i < 12; i++) {
    double c = cos(2 * M_PI * uniform());
    y *= c * c;
  }
  return y;
}
static double rare(void) { return uniform() < 1e-3 ? 1 : 0; }

static double test_once(law_t law, size_t n, double claim, double most,
                        double *notices) {
  double *d = malloc(n * sizeof *d);
  mean_test_t test;
  for (size_t i = 0; i < n; i++) d[i] = law() - claim;
  double p = mean_test_values(&test, d, n, -claim, most - claim, 0);
  if (notices) *notices = mean_test_notices(&test, 1e-5);
  free(d);
  return p;
}

static void test_honest(const char *name, law_t law, double mean, double most) {
  long runs = tap_iterations(1000), small = 0;
  for (long r = 0; r < runs; r++)
    small += test_once(law, 400, mean, most, NULL) < 1e-2;
  /* At most one in a hundred: 5 standard deviations above. */
  double expected = 0.01 * (double)runs;
  tap_ok((double)small < expected + 5 * sqrt(expected),
         "%s, 400 samples: %ld of %ld below 0.01", name, small, runs);
}

static void test_power(const char *name, law_t law, double mean, double most) {
  for (int side = -1; side <= 1; side += 2) {
    double notices;
    test_once(law, MOST, mean, most, &notices);
    int noticed = 0;
    for (int r = 0; r < 20; r++)
      noticed += test_once(law, MOST, mean + side * 1.5 * notices, most, NULL) < 1e-5;
    tap_ok(noticed >= 12 && notices < mean, "%s: %d of 20 notice %+.2g of %.2g", name,
           noticed, side * 1.5 * notices, mean);
  }
}

int main(void) {
  tap_begin("t-mean-test");
  test_honest("exponential", exponential, 1, 100);
  test_honest("product of 12 squared cosines", product, ldexp(1, -12), 1);
  test_honest("one in 1000", rare, 1e-3, 1);
  test_power("exponential", exponential, 1, 100);
  return tap_end();
}
