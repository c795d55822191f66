/* t-minima-law.c - the law of local minima against plain averages of the formula
   that stands in minima_law.h, written down again without shortcuts: vectors are
   drawn as vectors, made orthogonal to the gradient's direction, and weighted. */
#include <math.h>
#include <stdlib.h>

#include "numeric/machine/random.h"
#include "numeric/sample/curvature_law.h"
#include "numeric/sample/minima_law.h"
#include "tests/tap.h"

enum { MAX_P = 6, MAX_M = 64 };

/* Determinant by elimination; *positive: all pivots are. */
static double determinant(double h[MAX_P][MAX_P], int p, int *positive) {
  double det = 1;
  *positive = 1;
  for (int k = 0; k < p; k++) {
    if (!(h[k][k] > 0)) *positive = 0;
    if (!*positive) return 0;
    det *= h[k][k];
    for (int i = k + 1; i < p; i++) {
      double f = h[i][k] / h[k][k];
      for (int j = k; j < p; j++) h[i][j] -= f * h[k][j];
    }
  }
  return det;
}

typedef struct {
  double number, error, median, effective; /* effective sample size */
} plain_t;

typedef struct {
  double z, w;
} weighted_t;

static int compare_levels(const void *a, const void *b) {
  double x = ((const weighted_t *)a)->z, y = ((const weighted_t *)b)->z;
  return (x > y) - (x < y);
}

static plain_t summarise(weighted_t *s, size_t n) {
  double sum = 0, squares = 0, part = 0;
  size_t i;
  for (i = 0; i < n; i++) {
    sum += s[i].w;
    squares += s[i].w * s[i].w;
  }
  qsort(s, n, sizeof *s, compare_levels);
  for (i = 0; i < n && part < sum / 2; i++) part += s[i].w;
  double mean = sum / (double)n;
  return (plain_t){mean, sqrt((squares / (double)n - mean * mean) / (double)n),
                   s[i ? i - 1 : 0].z, sum * sum / squares};
}

/* Wishart form: x of all blocks in one vector, u its image under w_b/m_b. */
static plain_t plain_wishart(const minima_model_t *model, size_t n,
                             uint64_t seed) {
  int p = (int)model->num_parameters, m = 0;
  double c[MAX_M];
  for (size_t b = 0; b < model->num_blocks; b++)
    for (int k = 0; k < (int)model->blocks[b].freedom; k++)
      c[m++] = model->blocks[b].weight / model->blocks[b].freedom;
  weighted_t *s = malloc(n * sizeof *s);
  for (size_t t = 0; t < n; t++) {
    double x[MAX_M], y[MAX_P][MAX_M], h[MAX_P][MAX_P], z = 0, spread = 0;
    int positive;
    random_stream_t r;
    random_stream_init(&r, seed, 77, t);
    for (int k = 0; k < m; k++) {
      x[k] = random_normal(&r);
      z += c[k] * x[k] * x[k];
      spread += c[k] * c[k] * x[k] * x[k];
    }
    for (int i = 0; i < p; i++) {
      double along = 0;
      for (int k = 0; k < m; k++) {
        y[i][k] = random_normal(&r);
        along += y[i][k] * c[k] * x[k];
      }
      for (int k = 0; k < m; k++) y[i][k] -= along / spread * c[k] * x[k];
    }
    for (int i = 0; i < p; i++)
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? -z : sqrt(spread) * random_normal(&r);
        for (int k = 0; k < m; k++) sum += c[k] * y[i][k] * y[j][k];
        h[i][j] = h[j][i] = sum / 2;
      }
    double det = determinant(h, p, &positive);
    s[t] = (weighted_t){z, det * pow(2 * M_PI, p) *
                               pow(2 * M_PI * spread, -p / 2.)};
  }
  plain_t out = summarise(s, n);
  free(s);
  return out;
}

/* Finite form: psi on the sphere of R^D, derivatives as vectors there. */
static plain_t plain_finite(const minima_model_t *model, size_t n,
                            uint64_t seed) {
  int p = (int)model->num_parameters, m = (int)model->blocks[0].freedom;
  int d = (int)model->dimension;
  double c = exp(lgamma((d - 1) / 2.) - lgamma((d - 2) / 2.)) / sqrt(M_PI);
  weighted_t *s = malloc(n * sizeof *s);
  for (size_t t = 0; t < n; t++) {
    double psi[MAX_M], e[MAX_M], y[MAX_P][MAX_M], h[MAX_P][MAX_P], norm = 0,
           q = 0;
    int positive;
    random_stream_t r;
    random_stream_init(&r, seed, 78, t);
    for (int k = 0; k < d; k++) {
      psi[k] = random_normal(&r);
      norm += psi[k] * psi[k];
    }
    for (int k = 0; k < d; k++) psi[k] /= sqrt(norm);
    for (int k = 0; k < m; k++) q += psi[k] * psi[k];
    for (int k = 0; k < d; k++)
      e[k] = ((k < m) - q) * psi[k] / sqrt(q * (1 - q));
    for (int i = 0; i < p; i++) {
      double a = 0, b = 0, length = 0;
      for (int k = 0; k < d; k++) {
        y[i][k] = random_normal(&r);
        a += y[i][k] * psi[k];
        b += y[i][k] * e[k];
      }
      for (int k = 0; k < d; k++) {
        y[i][k] -= a * psi[k] + b * e[k];
        length += y[i][k] * y[i][k];
      }
      for (int k = 0; k < d; k++) y[i][k] /= 2 * sqrt(length);
    }
    for (int i = 0; i < p; i++)
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? 0
                            : sqrt(q * (1 - q) / d) * random_normal(&r) / 2;
        for (int k = 0; k < d; k++)
          sum += 2 * ((k < m) - q) * y[i][k] * y[j][k];
        h[i][j] = h[j][i] = sum;
      }
    double det = determinant(h, p, &positive);
    s[t] = (weighted_t){q * d / m,
                        det * pow(2 * M_PI * c / sqrt(q * (1 - q)), p)};
  }
  plain_t out = summarise(s, n);
  free(s);
  return out;
}

static void compare(const minima_model_t *model, const char *name) {
  minima_law_t law;
  minima_law_options_t options = {.seed = tap_seed(),
                                  .num_threads = 2,
                                  .num_particles = 800};
  size_t n = (size_t)tap_iterations(40000);
  plain_t plain = model->dimension > 0 ? plain_finite(model, n, tap_seed())
                                       : plain_wishart(model, n, tap_seed());
  status_t status = minima_law(&law, model, &options);
  double error = hypot(plain.error, law.number.error);
  tap_ok(status == STATUS_OK && fabs(law.number.value - plain.number) < 5 * error &&
         fabs(law.quantiles[1].value - plain.median) <
             2 * plain.median / sqrt(plain.effective) +
                 5 * law.quantiles[1].error,
     "%s, p = %zu: number %.3f +- %.3f (plain %.3f +- %.3f), median %.4f (%.4f)",
     name, model->num_parameters, law.number.value, law.number.error,
     plain.number, plain.error, law.quantiles[1].value, plain.median);
}

static void test_against_plain(void) {
  for (size_t p = 1; p <= 4; p++) {
    compare(&(minima_model_t){p, 1, (minima_block_t[]){{1, 16}}, 0},
            "one block of 16");
    compare(&(minima_model_t){p, 1, (minima_block_t[]){{1, 16}}, 32},
            "16 of 32");
    compare(&(minima_model_t){p, 2, (minima_block_t[]){{0.7, 5}, {0.3, 12}}, 0},
            "two blocks");
  }
}

/* All minima of circuits with Haar-random unitaries between the gates were
   enumerated, and descents run: numbers and medians to agree with. */
static void test_measured(void) {
  static const struct {
    size_t p;
    double m, median;
  } cases[] = {{8, 16, 0.092}, {12, 16, 0.019}, {16, 64, 0.234}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    minima_law_t law;
    minima_law_options_t options = {.seed = tap_seed(), .num_threads = 2};
    minima_model_t model = {cases[i].p, 1,
                            (minima_block_t[]){{1, cases[i].m}}, 0};
    status_t status = minima_law(&law, &model, &options);
    tap_ok(status == STATUS_OK &&
           fabs(law.quantiles[1].value - cases[i].median) <
               0.0015 + 4 * law.quantiles[1].error,
       "p = %zu of m = %g: median %.4f +- %.4f (%.3f)", cases[i].p, cases[i].m,
       law.quantiles[1].value, law.quantiles[1].error, cases[i].median);
  }
}

static void test_edge(void) {
  tap_ok(fabs(minima_law_edge(0.25) - 0.1362) < 5e-5 &&
         fabs(minima_law_edge(0.5) - 0.0284) < 5e-5 &&
         fabs(minima_law_edge(0.75) - 0.0028) < 5e-5 &&
         minima_law_edge(1) == 0 && minima_law_edge(0) == 1,
     "edge in the limit");
}

static void test_repeats(void) {
  minima_law_t a, b;
  minima_model_t model = {3, 1, (minima_block_t[]){{1, 8}}, 0};
  minima_law_options_t one = {.seed = 5, .num_threads = 1, .num_particles = 200},
                       two = {.seed = 5, .num_threads = 2, .num_particles = 200};
  tap_ok(minima_law(&a, &model, &one) == STATUS_OK &&
         minima_law(&b, &model, &two) == STATUS_OK &&
         a.number.value == b.number.value &&
         a.quantiles[0].value == b.quantiles[0].value,
     "one seed, one result, whatever the number of threads");
}

static bool stop(void *data) {
  (void)data;
  return true;
}

static void test_errors(void) {
  minima_law_t law;
  minima_law_options_t options = {.seed = 1}, stopped = {.abort = stop};
  minima_block_t block = {1, 4};
  tap_ok(minima_law(&law, &(minima_model_t){4, 1, &block, 0}, &options) ==
             STATUS_BAD_INPUT &&
         minima_law(&law, &(minima_model_t){0, 1, &block, 0}, &options) ==
             STATUS_BAD_INPUT &&
         minima_law(&law, &(minima_model_t){2, 1, &block, 4}, &options) ==
             STATUS_BAD_INPUT,
     "no isolated minima from p = m on; no such models");
  tap_ok(minima_law(&law, &(minima_model_t){2, 1, &block, 0}, &stopped) ==
             STATUS_LIMIT &&
         minima_law(&law,
                    &(minima_model_t){200, 1, (minima_block_t[]){{1, 1000}}, 0},
                    &options) == STATUS_LIMIT,
     "stopped, or too much to do");
}

/* At a random point: the trace is p/2 (sum of Gram terms less z), 0 on average, and
   in the limit of many degrees of freedom the index is p/2. */
static void test_curvature(void) {
  curvature_law_t law;
  status_t status;
  minima_law_options_t options = {.seed = tap_seed()};
  minima_model_t few = {6, 1, (minima_block_t[]){{1, 12}}, 0};
  minima_model_t many = {12, 1, (minima_block_t[]){{1, 4000}}, 0};
  minima_model_t half = {6, 1, (minima_block_t[]){{1, 16}}, 32};
  status = curvature_law(&law, &few, &options);
  tap_ok(status == STATUS_OK &&
         fabs(law.mean.value) < 5 * law.mean.error &&
         law.negative_share.value > 0.5,
     "few degrees of freedom: mean %.4f +- %.4f, share of negative directions "
     "%.3f", law.mean.value, law.mean.error, law.negative_share.value);
  status = curvature_law(&law, &many, &options);
  tap_ok(status == STATUS_OK &&
         fabs(law.negative_share.value - 0.5) <
             0.02 + 5 * law.negative_share.error,
     "many: share of negative directions %.3f", law.negative_share.value);
  status = curvature_law(&law, &half, &options);
  tap_ok(status == STATUS_OK &&
         fabs(law.mean.value) < 5 * law.mean.error &&
         fabs(law.negative_share.value - 0.5) < 5 * law.negative_share.error,
     "a Pauli string: as many directions down as up, %.3f +- %.3f",
     law.negative_share.value, law.negative_share.error);
}

int main(void) {
  tap_begin("t-minima-law");
  test_edge();
  test_against_plain();
  test_measured();
  test_repeats();
  test_errors();
  test_curvature();
  return tap_end();
}
