/* t-matrix-hessian.c - the exact law of minima of any blocks, against all minima of losses
   made of dense random unitary matrices.

   LIESCAPE_TEST_MULTIPLIER=10 or more: thousands of losses, four parameters. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/torus_minima.h"
#include "numeric/machine/random.h"
#include "numeric/sample/curvature_law.h"
#include "numeric/sample/matrix_hessian.h"
#include "numeric/sample/minima_law.h"
#include "tests/tap.h"

enum { SIZE = 32, MAX_MATRICES = 3, MAX_LEVELS = 5 };

/* --- dense matrices: of quaternions as complex ones of twice the size --------------------- */

typedef struct {
  size_t n; /* complex */
  double complex x[SIZE][SIZE]; /* x[column] */
} dense_t;

static size_t width_of(size_t beta) { return beta == 4 ? 2 : 1; }

/* One column over F, of independent normals; w complex columns. */
static void draw_column(double complex (*v)[SIZE], size_t beta, size_t size,
                        random_stream_t *r) {
  for (size_t i = 0; i < size; i++) {
    double complex a = random_normal(r), b = 0;
    if (beta > 1) a += I * random_normal(r);
    if (beta == 4) b = random_normal(r) + I * random_normal(r);
    size_t w = width_of(beta);
    v[0][w * i] = a;
    if (beta < 4) continue;
    v[0][2 * i + 1] = -conj(b);
    v[1][2 * i] = b;
    v[1][2 * i + 1] = conj(a);
  }
}

static double complex inner(const double complex *u, const double complex *v, size_t n) {
  double complex sum = 0;
  for (size_t i = 0; i < n; i++) sum += conj(u[i]) * v[i];
  return sum;
}

static void draw_unitary(dense_t *u, size_t beta, size_t size, random_stream_t *r) {
  size_t w = width_of(beta);
  u->n = size * w;
  for (size_t c = 0; c < size; c++) {
    draw_column(u->x + c * w, beta, size, r);
    for (size_t k = 0; k < w; k++) {
      double complex *v = u->x[c * w + k];
      for (size_t pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < c * w + k; j++) {
          double complex z = inner(u->x[j], v, u->n);
          for (size_t i = 0; i < u->n; i++) v[i] -= z * u->x[j][i];
        }
      double norm = sqrt(creal(inner(v, v, u->n)));
      for (size_t i = 0; i < u->n; i++) v[i] /= norm;
    }
  }
}

/* v <- exp(theta J/2) v, then U. */
static void turn(double complex *v, const dense_t *u, size_t beta, double theta) {
  double complex old[SIZE], turned[SIZE];
  double c = cos(theta / 2), s = sin(theta / 2);
  for (size_t i = 0; i < u->n; i++) {
    double complex image = beta == 1 ? (i % 2 ? v[i - 1] : -v[i + 1])
                                     : (i % 2 ? -I : I) * v[i];
    turned[i] = c * v[i] + s * image;
  }
  memset(old, 0, sizeof old);
  for (size_t j = 0; j < u->n; j++)
    for (size_t i = 0; i < u->n; i++) old[i] += u->x[j][i] * turned[j];
  memcpy(v, old, u->n * sizeof *v);
}

/* --- losses --------------------------------------------------------------------------- */

static double level_of(const minima_matrix_t *m, size_t i) {
  size_t at = 0;
  while (i >= m->multiplicities[at]) i -= m->multiplicities[at++];
  return m->levels[at];
}

/* Gates of other groups leave the block alone. */
static double block_loss(const minima_matrix_t *m, const dense_t *u, const double *angles,
                         const minima_model_t *model) {
  size_t w = width_of(m->beta);
  double sum = 0;
  for (size_t c = 0; c < m->rank; c++) {
    double complex v[SIZE];
    memcpy(v, u[0].x[c * w], sizeof v);
    for (size_t k = 0; k < model->num_parameters; k++)
      if (!model->groups || model->groups[k] == m->group)
        turn(v, u + k + 1, m->beta, angles[k]);
    for (size_t i = 0; i < u->n; i++)
      sum += level_of(m, i / w) * creal(v[i] * conj(v[i]));
  }
  return m->weight / (double)m->rank * sum;
}

static void draw_loss(torus_function_t *f, const minima_model_t *model, random_stream_t *r) {
  static dense_t u[TORUS_MAX + 1];
  double losses[TORUS_TERMS] = {0}, angles[TORUS_MAX];
  size_t p = model->num_parameters, terms = 1;
  for (size_t k = 0; k < p; k++) terms *= 3;
  for (size_t b = 0; b < model->num_matrices; b++) {
    const minima_matrix_t *m = model->matrices + b;
    for (size_t k = 0; k <= p; k++) draw_unitary(u + k, m->beta, m->size, r);
    for (size_t i = 0; i < terms; i++) {
      size_t rest = i;
      for (size_t k = p; k-- > 0; rest /= 3) angles[k] = 2 * M_PI / 3 * (double)(rest % 3);
      losses[i] += block_loss(m, u, angles, model);
    }
  }
  torus_interpolate(f, p, losses);
}

/* Least loss of all blocks, and how far the mean is above it. */
static double least_of(double *unit, const minima_model_t *model) {
  double least = 0, mean = 0;
  for (size_t b = 0; b < model->num_matrices; b++) {
    const minima_matrix_t *m = model->matrices + b;
    double scale = m->weight / (double)m->rank;
    for (size_t i = 0; i < m->size; i++) {
      mean += m->weight * level_of(m, i) / (double)m->size;
      if (i < m->rank) least += scale * level_of(m, scale > 0 ? i : m->size - 1 - i);
    }
  }
  *unit = mean - least;
  return least;
}

/* --- cases -------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  size_t num_matrices;
  struct {
    size_t beta, size, rank;
    double weight;
    size_t num_levels;
    double levels[MAX_LEVELS];
    size_t multiplicities[MAX_LEVELS];
    size_t group;
  } of[MAX_MATRICES];
  bool in_groups; /* gates alternate between groups 0 and 1 */
} case_t;

static const case_t cases[] = {
    {"su(4), Z0 + Z1", 1, {{2, 4, 1, 1, 3, {-2, 0, 2}, {1, 2, 1}, 0}}, false},
    {"su(8), Z0 + Z1 + Z2", 1, {{2, 8, 1, 1, 4, {-3, -1, 1, 3}, {1, 3, 3, 1}, 0}}, false},
    {"so(8), four levels", 1, {{1, 8, 1, 1, 4, {-1, 0, 1, 2}, {1, 3, 3, 1}, 0}}, false},
    {"sp(4), three levels", 1, {{4, 4, 1, 2, 3, {-2, 0, 1}, {1, 1, 2}, 0}}, false},
    {"su(8), Z0 + Z1 + Z2, rank 2", 1, {{2, 8, 2, 1, 4, {-3, -1, 1, 3}, {1, 3, 3, 1}, 0}},
     false},
    {"su(8), two levels, rank 2", 1, {{2, 8, 2, 1, 2, {-1, 1}, {4, 4}, 0}}, false},
    {"su(8), rank 1 projector seen by rank 3", 1, {{2, 8, 3, 1, 2, {0, 1}, {1, 7}, 0}}, false},
    {"so(16), rank 2", 1, {{1, 16, 2, 1, 3, {-1, 0, 3}, {4, 8, 4}, 0}}, false},
    {"sp(4), rank 3, weight -1", 1, {{4, 4, 3, -1, 3, {-2, 0, 1}, {1, 1, 2}, 0}}, false},
    {"two blocks", 2,
     {{2, 4, 1, 0.5, 2, {-1, 1}, {2, 2}, 0}, {2, 4, 1, 0.5, 2, {-1, 1}, {2, 2}, 0}}, false},
    {"two qubits with gates on both", 2,
     {{2, 2, 1, 1, 2, {-1, 1}, {1, 1}, 0}, {2, 2, 1, 0.7, 2, {-1, 1}, {1, 1}, 0}}, false},
    {"two qubits with gates of their own", 2,
     {{2, 2, 1, 1, 2, {-1, 1}, {1, 1}, 0}, {2, 2, 1, 0.7, 2, {-1, 1}, {1, 1}, 1}}, true},
    {"a qubit and su(4)", 2,
     {{2, 2, 1, 1, 2, {-1, 1}, {1, 1}, 0}, {2, 4, 1, 1, 3, {-2, 0, 2}, {1, 2, 1}, 0}}, false},
    {"three blocks, each of its kind", 3,
     {{2, 4, 1, 0.3, 3, {-1, 0, 2}, {1, 2, 1}, 0},
      {1, 6, 1, 0.7, 4, {-1, 1, 2, 3}, {1, 3, 1, 1}, 0},
      {4, 2, 1, 0.5, 2, {-1, 1}, {1, 1}, 0}}, false},
    {"two blocks of rank 2", 2,
     {{2, 6, 2, 1, 3, {-1, 0, 2}, {1, 4, 1}, 0}, {4, 5, 2, 0.7, 2, {-1, 1}, {1, 4}, 0}}, false}};

static void model_of(minima_model_t *model, minima_matrix_t *matrices, size_t *groups,
                     const case_t *c, size_t p) {
  for (size_t b = 0; b < c->num_matrices; b++)
    matrices[b] = (minima_matrix_t){c->of[b].beta, c->of[b].size, c->of[b].rank,
                                    c->of[b].weight, c->of[b].num_levels, c->of[b].levels,
                                    c->of[b].multiplicities, c->of[b].group};
  for (size_t k = 0; k < p; k++) groups[k] = c->in_groups ? k % 2 : 0;
  *model = (minima_model_t){.num_parameters = p, .num_matrices = c->num_matrices,
                            .matrices = matrices, .groups = c->in_groups ? groups : NULL};
}

/* Two gates on one qubit. */
static bool is_merged(const minima_model_t *model) {
  size_t count = 0;
  for (size_t k = 0; k < model->num_parameters; k++)
    count += model->groups && !model->groups[k];
  return count > 1;
}

/* How many errors the share of the minima below the level is off what is claimed. */
static double share_off(double *share, const double *levels, const size_t *counts,
                        size_t num_losses, double level, double error, double claimed) {
  double total = 0, below = 0, squares = 0;
  size_t at = 0, near = 0;
  for (size_t i = 0; i < num_losses; i++) total += (double)counts[i];
  for (size_t i = 0; i < num_losses; i++) {
    double here = 0;
    for (size_t k = 0; k < counts[i]; k++, at++) {
      here += levels[at] < level;
      near += fabs(levels[at] - level) < error;
    }
    below += here;
    squares += pow(here - claimed * (double)counts[i], 2);
  }
  *share = below / total;
  return (*share - claimed) / hypot(sqrt(squares) / total, (double)near / 2 / total);
}

static void compare(const case_t *c, size_t p, size_t num_losses) {
  minima_model_t model;
  minima_matrix_t matrices[MAX_MATRICES];
  size_t groups[TORUS_MAX], num_levels = 0, left_out = 0;
  minima_law_t law;
  minima_law_options_t options = {.seed = tap_seed(), .num_threads = 2, .num_runs = 16,
                                  .num_particles = num_losses / 2, .max_operations = 4e10};
  random_stream_t random;
  double unit, sum = 0, squares = 0, n = (double)num_losses, shares[3], off[3];
  model_of(&model, matrices, groups, c, p);
  if (is_merged(&model)) {
    tap_ok(minima_law(&law, &model, &options) == STATUS_BAD_INPUT,
           "%s, p = %zu: the least loss is reached on manifolds", c->name, p);
    return;
  }
  if (minima_law(&law, &model, &options) != STATUS_OK) {
    tap_ok(false, "%s, p = %zu: sampled", c->name, p);
    return;
  }
  double *levels = calloc(num_losses * TORUS_MINIMA, sizeof *levels);
  size_t *counts = calloc(num_losses, sizeof *counts);
  double least = least_of(&unit, &model);
  random_stream_init(&random, tap_seed(), 17 + p, (uint64_t)(c - cases));
  for (size_t i = 0; i < num_losses; i++) {
    torus_function_t f;
    torus_minima_t found;
    draw_loss(&f, &model, &random);
    torus_find_minima(&found, &f, &random);
    left_out += !found.complete;
    counts[i] = found.count;
    for (size_t k = 0; k < found.count; k++)
      levels[num_levels++] = (found.values[k] - least) / unit;
    sum += (double)found.count;
    squares += (double)(found.count * found.count);
  }
  double number = sum / n, error = sqrt((squares / n - number * number) / (n - 1));
  bool good = left_out * 100 <= num_losses &&
              fabs(number - law.number.value) <= 4.5 * hypot(error, law.number.error);
  for (size_t q = 0; q < 3; q++) {
    off[q] = share_off(shares + q, levels, counts, num_losses, law.quantiles[q].value,
                       law.quantiles[q].error, minima_law_quantiles[q]);
    good = good && fabs(off[q]) <= 4.5;
  }
  tap_ok(good, "%s, p = %zu: %.3f +- %.3f minima, law %.3f +- %.3f (%+.1f); below the "
         "quantiles %.3f (%+.1f), %.3f (%+.1f), %.3f (%+.1f)", c->name, p, number, error,
         law.number.value, law.number.error,
         (number - law.number.value) / hypot(error, law.number.error), shares[0], off[0],
         shares[1], off[1], shares[2], off[2]);
  free(levels);
  free(counts);
}

/* --- other forms of the law ------------------------------------------------------------------ */

/* Two levels seen by one vector: against haar_hessian.h. */
static void test_two_levels(void) {
  static const size_t sizes[][3] = {{1, 16, 5}, {2, 8, 4}, {4, 4, 1}};
  for (size_t i = 0; i < 3; i++) {
    size_t beta = sizes[i][0], n = sizes[i][1], r = sizes[i][2], multiplicities[2] = {n - r, r};
    double levels[2] = {0, 1};
    minima_block_t block = {1, (double)(beta * r)};
    minima_matrix_t matrix = {beta, n, 1, 3, 2, levels, multiplicities, 0};
    minima_model_t models[2] = {{.num_parameters = 3, .num_blocks = 1, .blocks = &block,
                                 .dimension = (double)(beta * n), .beta = (int)beta},
                                {.num_parameters = 3, .num_matrices = 1, .matrices = &matrix}};
    minima_law_t laws[2];
    bool ok = true;
    for (size_t k = 0; k < 2; k++) {
      minima_law_options_t options = {.seed = tap_seed() + k, .num_threads = 2, .num_runs = 16,
                                      .num_particles = 200};
      ok = ok && minima_law(laws + k, models + k, &options) == STATUS_OK;
    }
    double off = (laws[0].number.value - laws[1].number.value) /
                 hypot(laws[0].number.error, laws[1].number.error);
    double low = (laws[0].quantiles[1].value - laws[1].quantiles[1].value) /
                 hypot(laws[0].quantiles[1].error, laws[1].quantiles[1].error);
    tap_ok(ok && fabs(off) < 4.5 && fabs(low) < 4.5,
           "beta %zu, N %zu, r %zu: %.3f +- %.3f minima, %.3f +- %.3f by matrices; medians "
           "%.4f, %.4f (%+.1f)", beta, n, r, laws[0].number.value, laws[0].number.error,
           laws[1].number.value, laws[1].number.error, laws[0].quantiles[1].value,
           laws[1].quantiles[1].value, low);
  }
}

/* Second derivatives at 0, in the unit. */
static void hessian_at(double h[2][2], const torus_function_t *f, double unit) {
  for (int i = 0; i < 2; i++) {
    double at[2] = {0, 0}, there[2] = {0, 0};
    there[i] = M_PI;
    h[i][i] = (torus_value(f, there) - torus_value(f, at)) / 2 / unit;
  }
  h[0][1] = 0;
  for (int k = 0; k < 4; k++) {
    double sign = k % 2 == k / 2 ? 1 : -1;
    double at[2] = {k % 2 ? M_PI / 2 : -M_PI / 2, k / 2 ? M_PI / 2 : -M_PI / 2};
    h[0][1] += sign * torus_value(f, at) / 4 / unit;
  }
}

static void test_curvature(const case_t *c, size_t num_losses) {
  minima_model_t model;
  minima_matrix_t matrices[MAX_MATRICES];
  size_t groups[TORUS_MAX], below[3] = {0}, negative = 0;
  curvature_law_t law;
  minima_law_options_t options = {.seed = tap_seed()};
  random_stream_t random;
  double unit;
  model_of(&model, matrices, groups, c, 2);
  bool ok = curvature_law(&law, &model, &options) == STATUS_OK;
  least_of(&unit, &model);
  random_stream_init(&random, tap_seed(), 16, (uint64_t)(c - cases));
  for (size_t i = 0; i < num_losses && ok; i++) {
    torus_function_t f;
    double h[2][2];
    draw_loss(&f, &model, &random);
    hessian_at(h, &f, unit);
    double mean = (h[0][0] + h[1][1]) / 2, way = hypot((h[0][0] - h[1][1]) / 2, h[0][1]);
    for (int k = -1; k <= 1; k += 2) {
      double value = mean + k * way;
      negative += value < 0;
      for (size_t q = 0; q < 3; q++) below[q] += value < law.quantiles[q].value;
    }
  }
  /* Two eigenvalues of a matrix count as one; 2000 matrices of the law. */
  double n = (double)num_losses, error = 0.5 * sqrt(1 / n + 1. / 1000);
  for (size_t q = 0; q < 3; q++)
    ok = ok && fabs((double)below[q] / 2 / n - minima_law_quantiles[q]) < 4.5 * error;
  ok = ok && fabs((double)negative / 2 / n - law.negative_share.value) < 4.5 * error;
  tap_ok(ok, "%s: Hessians at random points, below the quantiles %.3f, %.3f, %.3f; below 0 "
         "%.3f (%.3f)", c->name, (double)below[0] / 2 / n, (double)below[1] / 2 / n,
         (double)below[2] / 2 / n, (double)negative / 2 / n, law.negative_share.value);
}

/* What is not covered. */
static void test_limits(void) {
  static const double levels[3] = {-2, 0, 2};
  static const size_t small[3] = {1, 2, 1}, odd[3] = {1, 3, 1}, large[3] = {2, 4, 2};
  const minima_matrix_t not_these[] = {
      {2, 4, 2, 1, 3, levels, small, 0},  /* d = 2 */
      {1, 8, 2, 1, 3, levels, large, 0},  /* the Pfaffian shows */
      {2, 5, 1, 1, 3, levels, odd, 0},    /* no balanced string */
      {2, 8, 1, 1, 3, levels, small, 0},  /* levels of another size */
      {2, 8, 1, 1, 3, levels, large, 1},  /* no gate acts */
      {3, 8, 1, 1, 3, levels, large, 0}}; /* no such field */
  minima_law_options_t options = {.seed = 1};
  minima_law_t law;
  bool refused = true;
  for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++) {
    minima_model_t model = {.num_parameters = 1, .num_matrices = 1, .matrices = not_these + i};
    refused = refused && minima_law(&law, &model, &options) == STATUS_BAD_INPUT;
  }
  tap_ok(refused, "what is not covered is refused");
  minima_matrix_t m = {2, 4, 1, 1, 3, levels, small, 0};
  minima_matrix_t mixed = {2, 8, 3, -1, 3, levels, large, 0};
  tap_ok(matrix_hessian_freedom(&m) == 6 && matrix_hessian_freedom(&mixed) == 24,
         "codimension of the states of least loss: %g, %g", matrix_hessian_freedom(&m),
         matrix_hessian_freedom(&mixed));
}

int main(void) {
  tap_begin("t-matrix-hessian");
  bool is_long = tap_iterations(1) >= 10;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t p = 1; p <= (is_long ? 4 : 3); p++)
      compare(cases + i, p, is_long ? 2000 : 150);
    test_curvature(cases + i, is_long ? 5000 : 1000);
  }
  test_two_levels();
  test_limits();
  return tap_end();
}
