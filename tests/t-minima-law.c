/* t-minima-law.c - the law of local minima against plain averages of the formula
   that stands in minima_law.h, written down again: vectors are drawn as vectors,
   made orthogonal to the gradient's direction, and weighted. */
#include <math.h>
#include <stdlib.h>

#include "numeric/machine/random.h"
#include "numeric/machine/special.h"
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

/* --- plain averages ------------------------------------------------------------

   Minima are rare, so that few of n plain draws would carry all of the weight. One
   variable is therefore not drawn but integrated over, for each draw of all others:
   |x| in the Wishart form, q in the finite one, at NODES equal steps with a random
   offset, times its density; H and g are used as they stand for each. */

enum { NODES = 32, BATCHES = 40 };

typedef struct {
  double z, w;
} weighted_t;

typedef struct {
  size_t num_draws; /* NODES levels each, one after the other */
  weighted_t *levels;
} plain_t;

/* The density of |x|, x normal in R^m. */
static double radius_density(double r, double m) {
  return exp((m - 1) * log(r) - r * r / 2 - (m / 2 - 1) * M_LN2 - lgamma(m / 2));
}

static double beta_density(double x, double a, double b) {
  return exp((a - 1) * log(x) + (b - 1) * log1p(-x) + lgamma(a + b) - lgamma(a) -
             lgamma(b));
}

static void draw_normals(double *x, int count, random_stream_t *r) {
  for (int k = 0; k < count; k++) x[k] = random_normal(r);
}

static double dot(const double *a, const double *b, int count) {
  double sum = 0;
  for (int k = 0; k < count; k++) sum += a[k] * b[k];
  return sum;
}

/* y orthogonal to direction. */
static void project_out(double *y, const double *direction, int count) {
  double along = dot(y, direction, count) / dot(direction, direction, count);
  for (int k = 0; k < count; k++) y[k] -= along * direction[k];
}

/* det(H) where H > 0, else 0: H = scale (gram - z 1 + noise g), g of diagonal 0. */
static double weight_of(double gram[MAX_P][MAX_P], double g[MAX_P][MAX_P], int p,
                        double scale, double z, double noise) {
  double h[MAX_P][MAX_P];
  int positive;
  for (int i = 0; i < p; i++)
    for (int j = 0; j < p; j++)
      h[i][j] = scale * (gram[i][j] + (i == j ? -z : noise * g[i][j]));
  return determinant(h, p, &positive);
}

static void draw_mixed(double g[MAX_P][MAX_P], int p, random_stream_t *r) {
  for (int i = 0; i < p; i++)
    for (int j = 0; j < i; j++) g[i][j] = g[j][i] = random_normal(r);
}

/* Wishart form: x of all blocks in one vector, |x| times a direction u, c x its
   image under w_b/m_b; rows y orthogonal to it. Directions of little c are drawn
   more often, where the minima are: a normal of variances v, made of unit length,
   has the density prod v^(-1/2) (sum u^2/v)^(-m/2) (D. E. Tyler 1987). */
static void draw_wishart(weighted_t *out, const minima_model_t *model,
                         random_stream_t *r) {
  int p = (int)model->num_parameters, m = 0;
  double c[MAX_M], u[MAX_M], cu[MAX_M], y[MAX_P][MAX_M], gram[MAX_P][MAX_P],
      g[MAX_P][MAX_P];
  for (size_t b = 0; b < model->num_blocks; b++)
    for (int k = 0; k < (int)model->blocks[b].freedom; k++)
      c[m++] = model->blocks[b].weight / model->blocks[b].freedom;
  draw_normals(u, m, r);
  double inverse = 0, product = 1;
  for (int k = 0; k < m; k++) {
    double v = pow(c[m - 1] / c[k], (p - 1) / 3.);
    u[k] *= sqrt(v);
    inverse += u[k] * u[k] / v;
    product *= v;
  }
  double squared = dot(u, u, m);
  double share = sqrt(product) * pow(inverse / squared, m / 2.);
  for (int k = 0; k < m; k++) cu[k] = c[k] * (u[k] /= sqrt(squared));
  double level = dot(u, cu, m), spread = dot(cu, cu, m);
  for (int i = 0; i < p; i++) {
    draw_normals(y[i], m, r);
    project_out(y[i], cu, m);
    for (int j = 0; j <= i; j++) {
      gram[i][j] = 0;
      for (int k = 0; k < m; k++) gram[i][j] += c[k] * y[i][k] * y[j][k];
      gram[j][i] = gram[i][j];
    }
  }
  draw_mixed(g, p, r);
  double step = (sqrt(m) + 7) / NODES, offset = random_uniform(r);
  for (int t = 0; t < NODES; t++) {
    double x = (t + offset) * step, z = x * x * level, s = x * x * spread;
    out[t] = (weighted_t){z, share * step * radius_density(x, m) *
                                 pow(2 * M_PI, p) * pow(2 * M_PI * s, -p / 2.) *
                                 weight_of(gram, g, p, 0.5, z, sqrt(s))};
  }
}

/* Finite form: psi = sqrt(q) u + sqrt(1-q) v on the sphere of R^D, u and v of unit
   length in the two eigenspaces; derivatives orthogonal to both, for any q. */
static void draw_finite(weighted_t *out, const minima_model_t *model,
                        random_stream_t *r) {
  int p = (int)model->num_parameters, m = (int)model->blocks[0].freedom;
  int d = (int)model->dimension;
  double u[MAX_M] = {0}, v[MAX_M] = {0}, y[MAX_P][MAX_M], upper[MAX_P][MAX_P],
         lower[MAX_P][MAX_P], g[MAX_P][MAX_P];
  double c = exp(lgamma((d - 1) / 2.) - lgamma((d - 2) / 2.)) / sqrt(M_PI);
  draw_normals(u, m, r);
  draw_normals(v + m, d - m, r);
  for (int i = 0; i < p; i++) {
    draw_normals(y[i], d, r);
    project_out(y[i], u, d);
    project_out(y[i], v, d);
    double length = sqrt(dot(y[i], y[i], d));
    for (int k = 0; k < d; k++) y[i][k] /= 2 * length;
    for (int j = 0; j <= i; j++) {
      upper[i][j] = upper[j][i] = dot(y[i], y[j], m);
      lower[i][j] = lower[j][i] = dot(y[i] + m, y[j] + m, d - m);
    }
  }
  draw_mixed(g, p, r);
  double offset = random_uniform(r);
  for (int t = 0; t < NODES; t++) {
    double q = (t + offset) / NODES, gram[MAX_P][MAX_P];
    for (int i = 0; i < p; i++)
      for (int j = 0; j < p; j++)
        gram[i][j] = (1 - q) * upper[i][j] - q * lower[i][j];
    out[t] = (weighted_t){q * d / m,
                          beta_density(q, m / 2., (d - m) / 2.) / NODES *
                              pow(2 * M_PI * c / sqrt(q * (1 - q)), p) *
                              weight_of(gram, g, p, 2, 0, sqrt(q * (1 - q) / d) / 4)};
  }
}

/* Exact form: whole gates J = W* J0 W, W Haar over F = R, C, H by Gram and Schmidt, and
   the second derivatives of <psi|O|psi> as they are defined. The gradient vanishes when
   e0, the direction of psi outside O, is orthogonal to J e1: it is drawn so, with the
   density of what is given up, and W takes the coordinate vector to it. */

enum { MAX_N = 8 };

typedef struct {
  double x[4];
} q_t;

typedef struct {
  q_t at[MAX_N][MAX_N]; /* rows */
} matrix_t;

static q_t q_product(q_t a, q_t b) {
  static const int signs[4][4] = {
      {1, 1, 1, 1}, {1, -1, 1, -1}, {1, -1, -1, 1}, {1, 1, -1, -1}};
  q_t c = {{0}};
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) c.x[i ^ j] += signs[i][j] * a.x[i] * b.x[j];
  return c;
}

static q_t q_star(q_t a) { return (q_t){{a.x[0], -a.x[1], -a.x[2], -a.x[3]}}; }

/* a += c b */
static void q_add(q_t *a, double c, q_t b) {
  for (int k = 0; k < 4; k++) a->x[k] += c * b.x[k];
}

/* <a|b> of vectors, scalars on the right. */
static q_t q_inner(const q_t *a, const q_t *b, int n) {
  q_t sum = {{0}};
  for (int k = 0; k < n; k++) q_add(&sum, 1, q_product(q_star(a[k]), b[k]));
  return sum;
}

static void draw_vector(q_t *v, int n, int beta, random_stream_t *r) {
  for (int k = 0; k < n; k++) {
    v[k] = (q_t){{0}};
    draw_normals(v[k].x, beta, r);
  }
}

/* v orthogonal to the vector w of unit length. */
static void q_project(q_t *v, const q_t *w, int n) {
  q_t along = q_inner(w, v, n);
  for (int k = 0; k < n; k++) q_add(v + k, -1, q_product(w[k], along));
}

static double q_normalise(q_t *v, int n) {
  double length = sqrt(q_inner(v, v, n).x[0]);
  for (int k = 0; k < n; k++)
    for (int i = 0; i < 4; i++) v[k].x[i] /= length;
  return length;
}

/* Vectors from the one numbered `from` on: a Haar completion of those before. */
static void complete(matrix_t *vectors, int from, int n, int beta, random_stream_t *r) {
  for (int i = from; i < n; i++) {
    draw_vector(vectors->at[i], n, beta, r);
    for (int twice = 0; twice < 2; twice++)
      for (int j = 0; j < i; j++) q_project(vectors->at[i], vectors->at[j], n);
    q_normalise(vectors->at[i], n);
  }
}

/* out = J v, J = sum over the vectors W_k of J0's: pairs turned, or i and -i, or i. */
static void act(q_t *out, const matrix_t *w, const q_t *v, int n, int beta) {
  q_t c[MAX_N], d[MAX_N];
  for (int k = 0; k < n; k++) c[k] = q_inner(w->at[k], v, n);
  for (int k = 0; k < n; k++) {
    q_t unit = {{0, k % 2 && beta == 2 ? -1 : 1}};
    d[k] = beta > 1 ? q_product(unit, c[k]) : c[k ^ 1];
    if (beta == 1 && k % 2 == 0) d[k].x[0] *= -1;
  }
  for (int k = 0; k < n; k++) {
    out[k] = (q_t){{0}};
    for (int i = 0; i < n; i++) q_add(out + k, 1, q_product(w->at[i][k], d[i]));
  }
}

/* A gate at which the gradient vanishes, and what it weighs. */
static double draw_gate(matrix_t *w, int n, int beta, random_stream_t *r) {
  matrix_t v, frame = {{{{{0}}}}};
  q_t image[MAX_N], *e1 = frame.at[0], *e0 = frame.at[1];
  complete(&v, 0, n, beta, r);
  e1[0].x[0] = 1;
  act(image, &v, e1, n, beta);
  q_project(image, e1, n);
  double length = q_normalise(image, n);
  draw_vector(e0, n, beta, r);
  q_project(e0, e1, n);
  double along = q_inner(image, e0, n).x[0];
  for (int k = 0; k < n; k++) q_add(e0 + k, -along, image[k]);
  q_normalise(e0, n);
  complete(&frame, 2, n, beta, r);
  /* Into the frame: e1 and e0 become the first and the last coordinate vector. */
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++) {
      int to = k == 1 ? n - 1 : k == n - 1 ? 1 : k;
      w->at[i][to] = q_inner(frame.at[k], v.at[i], n);
    }
  double d = beta * (n - 1);
  return exp(lgamma(d / 2) - lgamma((d - 1) / 2)) / sqrt(M_PI) / length;
}

static double upper_product(const q_t *a, const q_t *b, int rank) {
  return q_inner(a, b, rank).x[0];
}

static void draw_exact(weighted_t *out, const minima_model_t *model,
                       random_stream_t *r) {
  int p = (int)model->num_parameters, beta = model->beta;
  int n = (int)model->dimension / beta, rank = (int)model->blocks[0].freedom / beta;
  matrix_t gates[MAX_P];
  double m = model->blocks[0].freedom, d = model->dimension, density = 1;
  for (int i = 0; i < p; i++) density *= draw_gate(gates + i, n, beta, r);
  double offset = random_uniform(r);
  for (int t = 0; t < NODES; t++) {
    double q = (t + offset) / NODES, h[MAX_P][MAX_P];
    q_t psi[MAX_N] = {{{0}}}, first[MAX_P][MAX_N], second[MAX_N];
    psi[0].x[0] = sqrt(q);
    psi[n - 1].x[0] = sqrt(1 - q);
    for (int i = 0; i < p; i++) act(first[i], gates + i, psi, n, beta);
    for (int i = 0; i < p; i++)
      for (int j = i; j < p; j++) {
        act(second, gates + j, first[i], n, beta);
        h[i][j] = h[j][i] = (upper_product(psi, second, rank) +
                             upper_product(first[i], first[j], rank)) / 2;
      }
    int positive;
    out[t] = (weighted_t){q * d / m, beta_density(q, m / 2, (d - m) / 2) / NODES *
                                         density * pow(4 * M_PI * M_PI / (q * (1 - q)), p / 2.) *
                                         determinant(h, p, &positive)};
  }
}

static void plain_init(plain_t *plain, const minima_model_t *model, size_t n) {
  *plain = (plain_t){n, malloc(n * NODES * sizeof(weighted_t))};
  for (size_t t = 0; t < n; t++) {
    random_stream_t r;
    random_stream_init(&r, tap_seed(), 77, t);
    weighted_t *levels = plain->levels + t * NODES;
    if (model->beta) draw_exact(levels, model, &r);
    else if (model->dimension > 0) draw_finite(levels, model, &r);
    else draw_wishart(levels, model, &r);
  }
}

/* Weight of the levels below z, divided by the number of draws, of a batch. */
static double weight_below(const plain_t *plain, size_t batch, double z) {
  size_t n = plain->num_draws / BATCHES * NODES;
  double sum = 0;
  for (size_t i = batch * n; i < (batch + 1) * n; i++)
    if (plain->levels[i].z < z) sum += plain->levels[i].w;
  return sum / (double)n * NODES;
}

/* The number of minima, or their share below z, with its error: from independent
   batches, for the share by the residuals of a ratio. */
static estimate_t plain_number(const plain_t *plain) {
  double sum = 0, squares = 0, n = BATCHES;
  for (size_t b = 0; b < BATCHES; b++) {
    double w = weight_below(plain, b, INFINITY);
    sum += w;
    squares += w * w;
  }
  return (estimate_t){sum / n, sqrt((squares / n - sum * sum / n / n) / (n - 1))};
}

static estimate_t plain_share(const plain_t *plain, double z) {
  double below[BATCHES], all[BATCHES], part = 0, sum = 0, error = 0, n = BATCHES;
  for (size_t b = 0; b < BATCHES; b++) {
    part += below[b] = weight_below(plain, b, z);
    sum += all[b] = weight_below(plain, b, INFINITY);
  }
  for (size_t b = 0; b < BATCHES; b++)
    error += pow((below[b] - part / sum * all[b]) / sum, 2);
  return (estimate_t){part / sum, sqrt(error * n / (n - 1))};
}

/* --- comparisons -----------------------------------------------------------------

   An error is that of num independent runs or batches, so that (a - b)/error follows
   Student's law, with the degrees of freedom of B. L. Welch (1947) for two errors.
   All comparisons together are wrong by chance once in 10,000 seeds. */

enum { COMPARISONS = 50, RUNS = 32, FEW_RUNS = 12 };

static bool agree(estimate_t a, size_t num_a, estimate_t b, size_t num_b) {
  double x = a.error * a.error, y = b.error * b.error;
  double freedom = (x + y) * (x + y) / (x * x / ((double)num_a - 1) +
                                        y * y / ((double)num_b - 1));
  double t2 = (a.value - b.value) * (a.value - b.value) / (x + y);
  return special_beta_cdf(freedom / (freedom + t2), freedom / 2, 0.5) >
         1e-4 / COMPARISONS;
}

/* Whether an estimate allows for a value known to within the tolerance. */
static bool allows(estimate_t a, size_t num_a, double value, double tolerance) {
  double off = fmax(fabs(a.value - value) - tolerance, 0);
  return off == 0 || agree((estimate_t){off, a.error}, num_a,
                           (estimate_t){0, 0}, num_a);
}

/* An error from few draws that happened to miss the tail is too small: at least what
   the deviation of one draw, found over many seeds, makes of it. */
static void widen(estimate_t *x, double deviation, const plain_t *plain) {
  x->error = fmax(x->error, deviation / sqrt((double)plain->num_draws));
}

typedef struct {
  double number, share; /* of one draw: relative to the number; of the share */
} deviation_t;

static void compare(const minima_model_t *model, const char *name,
                    deviation_t deviation) {
  minima_law_t law = {.num_samples = 0};
  minima_law_options_t options = {.seed = tap_seed(),
                                  .num_threads = 2,
                                  .num_runs = RUNS,
                                  .num_particles = model->beta ? 150 : 400};
  plain_t plain;
  long batch = tap_iterations(model->beta ? 25 : 50);
  plain_init(&plain, model, (size_t)batch * BATCHES);
  status_t status = minima_law(&law, model, &options);
  estimate_t number = plain_number(&plain), median = law.quantiles[1];
  estimate_t share = plain_share(&plain, median.value);
  widen(&number, deviation.number * law.number.value, &plain);
  widen(&share, deviation.share, &plain);
  /* the law's error of the median as one of the share */
  estimate_t half = {
      0.5, (plain_share(&plain, median.value + median.error).value -
            plain_share(&plain, median.value - median.error).value) / 2};
  tap_ok(status == STATUS_OK && agree(law.number, RUNS, number, BATCHES),
         "%s, p = %zu: number %.3f +- %.3f (plain %.3f +- %.3f)", name,
         model->num_parameters, law.number.value, law.number.error,
         number.value, number.error);
  tap_ok(status == STATUS_OK && agree(half, RUNS, share, BATCHES),
         "below its median %.4f +- %.4f are %.4f +- %.4f", median.value,
         median.error, share.value, share.error);
  free(plain.levels);
}

static void test_against_plain(void) {
  static const deviation_t deviations[4][3] = {
      {{1.1, 0.24}, {0.9, 0.19}, {1.7, 0.5}},
      {{1.7, 0.4}, {1.4, 0.3}, {2.3, 0.55}},
      {{2.4, 0.6}, {1.8, 0.43}, {3, 0.7}},
      {{3, 0.78}, {2.4, 0.57}, {3.4, 0.78}}};
  for (size_t p = 1; p <= 4; p++) {
    const deviation_t *d = deviations[p - 1];
    compare(&(minima_model_t){p, 1, (minima_block_t[]){{1, 16}}, 0, 0, 0, NULL, NULL},
            "one block of 16", d[0]);
    compare(&(minima_model_t){p, 1, (minima_block_t[]){{1, 16}}, 32, 0, 0, NULL, NULL},
            "16 of 32", d[1]);
    compare(&(minima_model_t){p, 2, (minima_block_t[]){{0.7, 5}, {0.3, 12}}, 0, 0, 0, NULL,
                              NULL},
            "two blocks", d[2]);
  }
}

static void test_exact(void) {
  static const deviation_t two = {1.5, 0.35}, three = {2.5, 0.6};
  compare(&(minima_model_t){2, 1, (minima_block_t[]){{1, 4}}, 8, 1, 0, NULL, NULL},
          "SO(8), r = 4", two);
  compare(&(minima_model_t){3, 1, (minima_block_t[]){{1, 4}}, 16, 2, 0, NULL, NULL},
          "SU(8), r = 2", three);
  compare(&(minima_model_t){3, 1, (minima_block_t[]){{1, 8}}, 16, 4, 0, NULL, NULL},
          "Sp(4), r = 2", three);
}

/* All minima of circuits with Haar-random unitaries between the gates were
   enumerated, and descents run: medians to agree with, up to 4% for what is sampled
   there and for the finite N of the circuits. */
static void test_measured(void) {
  static const struct {
    size_t p;
    double m, median;
  } cases[] = {{8, 16, 0.092}, {12, 16, 0.019}, {16, 64, 0.234}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    minima_law_t law;
    minima_law_options_t options = {
        .seed = tap_seed(), .num_threads = 2, .num_runs = FEW_RUNS,
        .num_particles = 60, .max_operations = 1e11};
    minima_model_t model = {cases[i].p, 1,
                            (minima_block_t[]){{1, cases[i].m}}, 0, 0, 0, NULL, NULL};
    status_t status = minima_law(&law, &model, &options);
    tap_ok(status == STATUS_OK && allows(law.quantiles[1], FEW_RUNS, cases[i].median,
                                         0.04 * cases[i].median),
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
  minima_model_t model = {3, 1, (minima_block_t[]){{1, 8}}, 0, 0, 0, NULL, NULL};
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
  tap_ok(minima_law(&law, &(minima_model_t){4, 1, &block, 0, 0, 0, NULL, NULL}, &options) ==
             STATUS_BAD_INPUT &&
         minima_law(&law, &(minima_model_t){0, 1, &block, 0, 0, 0, NULL, NULL}, &options) ==
             STATUS_BAD_INPUT &&
         minima_law(&law, &(minima_model_t){2, 1, &block, 4, 0, 0, NULL, NULL}, &options) ==
             STATUS_BAD_INPUT,
     "no isolated minima from p = m on; no such models");
  tap_ok(minima_law(&law, &(minima_model_t){2, 1, &block, 0, 0, 0, NULL, NULL}, &stopped) ==
             STATUS_LIMIT &&
         minima_law(&law,
                    &(minima_model_t){200, 1, (minima_block_t[]){{1, 1000}}, 0, 0, 0, NULL,
                                      NULL},
                    &options) == STATUS_LIMIT,
     "stopped, or too much to do");
}

/* At a random point: the trace is p/2 (sum of Gram terms less z), 0 on average, and
   in the limit of many degrees of freedom the index is p/2. */
static void test_curvature(void) {
  curvature_law_t law;
  status_t status;
  minima_law_options_t options = {.seed = tap_seed()};
  minima_model_t few = {6, 1, (minima_block_t[]){{1, 12}}, 0, 0, 0, NULL, NULL};
  minima_model_t many = {12, 1, (minima_block_t[]){{1, 4000}}, 0, 0, 0, NULL, NULL};
  minima_model_t half = {6, 1, (minima_block_t[]){{1, 16}}, 32, 0, 0, NULL, NULL};
  status = curvature_law(&law, &few, &options);
  tap_ok(status == STATUS_OK &&
         allows(law.mean, law.num_samples, 0, 0) &&
         law.negative_share.value > 0.5,
     "few degrees of freedom: mean %.4f +- %.4f, share of negative directions "
     "%.3f", law.mean.value, law.mean.error, law.negative_share.value);
  status = curvature_law(&law, &many, &options);
  tap_ok(status == STATUS_OK &&
         allows(law.negative_share, law.num_samples, 0.5, 0.02),
     "many: share of negative directions %.3f", law.negative_share.value);
  status = curvature_law(&law, &half, &options);
  tap_ok(status == STATUS_OK &&
         allows(law.mean, law.num_samples, 0, 0) &&
         allows(law.negative_share, law.num_samples, 0.5, 0),
     "a Pauli string: as many directions down as up, %.3f +- %.3f",
     law.negative_share.value, law.negative_share.error);
}

int main(void) {
  tap_begin("t-minima-law");
  test_edge();
  test_against_plain();
  test_exact();
  test_measured();
  test_repeats();
  test_errors();
  test_curvature();
  return tap_end();
}
