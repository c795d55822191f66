/* The law of the loss against sampled losses (Kolmogorov and Smirnov): a Haar
   random real, complex or quaternionic unit vector u gives
   l = sum_i o_i |u_i|^2. The law at finite N must pass for every rank; its
   Wishart form must pass for r << N and fail for r = N/2, where it doubles the
   variance. Nothing of the library is used to sample. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws.h"
#include "tests/tap.h"

/* --- sampling ------------------------------------------------------------------ */

static double uniform(void) {
  return ((double)(tap_random() >> 11) + 0.5) * 0x1p-53;
}

/* Normal variables in pairs (Marsaglia's polar method). */
static double normal(void) {
  static double spare;
  static bool has_spare;
  if (has_spare) {
    has_spare = false;
    return spare;
  }
  double x, y, s;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    s = x * x + y * y;
  } while (s >= 1 || s == 0);
  double factor = sqrt(-2 * log(s) / s);
  spare = y * factor;
  has_spare = true;
  return x * factor;
}

/* Sum of the squares of so many normal variables; two of them make an
   exponential variable, minus twice the logarithm of a uniform one. */
static double sum_of_squares(size_t count) {
  double sum = 0, product = 1;
  for (size_t i = 0; i + 1 < count; i += 2) {
    product *= uniform();
    if (product < 1e-200) {
      sum -= 2 * log(product);
      product = 1;
    }
  }
  sum -= 2 * log(product);
  double last = count % 2 ? normal() : 0;
  return sum + last * last;
}

/* values[i] of the i-th coordinate, which has beta real components; 0 beyond
   rank. */
static double sample_loss(const double *values, size_t n, size_t rank,
                          unsigned beta) {
  double sum = 0, norm = 0;
  if (n > 64) norm = sum_of_squares((n - rank) * beta);
  for (size_t i = 0; i < (n > 64 ? rank : n); i++) {
    double square = 0;
    for (unsigned k = 0; k < beta; k++) {
      double x = normal();
      square += x * x;
    }
    norm += square;
    sum += values[i] * square;
  }
  return sum / norm;
}

/* --- the test --------------------------------------------------------------------- */

enum { GRID = 200 };

typedef status_t (*cdf_t)(arb_t, const laws_loss_t, const arb_t, slong);

/* Largest difference to the empirical distribution of sorted samples, on GRID
   of their quantiles: at most the Kolmogorov-Smirnov statistic, so that its
   p-values are upper bounds. NAN when the law is not decided. */
static double distance(const double *samples, size_t count, cdf_t cdf,
                       const laws_loss_t loss) {
  double worst = 0;
  arb_t x, p;
  arb_init(x);
  arb_init(p);
  for (size_t k = 1; k < GRID; k++) {
    size_t at = k * count / GRID; /* samples[0..at] are <= samples[at] */
    arb_set_d(x, samples[at]);
    if (cdf(p, loss, x, 40) != STATUS_OK) {
      worst = NAN;
      break;
    }
    double value = arf_get_d(arb_midref(p), ARF_RND_NEAR);
    worst = fmax(worst, fabs((double)(at + 1) / (double)count - value));
  }
  arb_clear(x);
  arb_clear(p);
  return worst;
}

/* P(sqrt(count) D > t) of Kolmogorov's law, with Stephens' correction. */
static double p_value(double distance, size_t count) {
  double root = sqrt((double)count), sum = 0;
  double t = distance * (root + 0.12 + 0.11 / root);
  if (t < 0.2) return 1;
  for (int k = 1; k < 100; k++)
    sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * t * t);
  return sum;
}

typedef struct {
  unsigned beta;
  size_t n, r;       /* a projector of rank r, or */
  bool is_spread;    /* eigenvalues 0 (n - r times), 1, ..., r */
  bool wishart_fits; /* else it must fail, when is_tested */
  bool wishart_is_tested;
} trial_t;

static void make_loss(laws_loss_t loss, double *values, const trial_t *t) {
  laws_block_t block;
  fmpq *levels = flint_calloc(t->n, sizeof *levels);
  fmpz *ones = flint_calloc(t->n, sizeof *ones);
  laws_block_init(block);
  laws_loss_init(loss);
  for (size_t i = 0; i < t->n; i++) {
    long value = i >= t->r ? 0 : t->is_spread ? (long)i + 1 : 1;
    fmpq_init(levels + i);
    fmpq_set_si(levels + i, value, 1);
    fmpz_one(ones + i);
    values[i] = (double)value;
  }
  block->beta = t->beta;
  if (laws_block_set_spectrum(block, levels, ones, (slong)t->n) != STATUS_OK ||
      laws_loss_append(loss, block) != STATUS_OK)
    abort();
  for (size_t i = 0; i < t->n; i++) {
    fmpq_clear(levels + i);
    fmpz_clear(ones + i);
  }
  flint_free(levels);
  flint_free(ones);
  laws_block_clear(block);
}

static void run_trial(const trial_t *t, size_t count) {
  laws_loss_t loss;
  double *values = malloc(t->n * sizeof *values);
  double *samples = malloc(count * sizeof *samples);
  make_loss(loss, values, t);
  for (size_t i = 0; i < count; i++)
    samples[i] = sample_loss(values, t->n, t->r, t->beta);
  qsort(samples, count, sizeof *samples, tap_compare_doubles);
  double finite = distance(samples, count, laws_finite_cdf, loss);
  double p = p_value(finite, count);
  char what[128];
  snprintf(what, sizeof what, "beta %u, N %zu, %s %zu, %zu samples", t->beta,
           t->n, t->is_spread ? "eigenvalues 0 and 1 to" : "rank", t->r, count);
  /* 21 trials: all pass with probability above 0.9979 */
  tap_ok(p > 1e-4, "%s: the law at finite N stands, distance %.4f, p >= %.3g",
         what, finite, p);
  if (t->wishart_is_tested) {
    double wishart = distance(samples, count, laws_wishart_cdf, loss);
    p = p_value(wishart, count);
    tap_ok(t->wishart_fits ? p > 1e-4 : p < 1e-9,
           "%s: its Wishart form %s, distance %.4f, p %.3g", what,
           t->wishart_fits ? "stands" : "falls", wishart, p);
  }
  laws_loss_clear(loss);
  free(values);
  free(samples);
}

int main(void) {
  tap_begin("t-ks");
  size_t count = (size_t)tap_iterations(100000);
  for (unsigned beta = 1; beta <= 4; beta *= 2) {
    for (size_t r = 1; r <= 8; r *= 2) {
      trial_t t = {.beta = beta, .n = 16, .r = r};
      t.wishart_is_tested = r == 8;
      run_trial(&t, count);
    }
    trial_t spread = {.beta = beta, .n = 6, .r = 4, .is_spread = true};
    run_trial(&spread, count);
    /* beta N = 1024 real components: the distance is of order 1/(beta N) */
    trial_t large = {.beta = beta,
                     .n = 1024 / beta,
                     .r = 1,
                     .wishart_fits = true,
                     .wishart_is_tested = true};
    run_trial(&large, count);
  }
  return tap_end();
}
