/* Levels of local minima on orbits of so(m), against all minima of random circuits with
   one or two parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/random.h"
#include "numeric/sample/orbit_minima.h"
#include "tests/tap.h"

enum { M = 6, GRID = 48 };

static double gaussian(void) {
  double u = (double)(tap_random() >> 11) / 9007199254740992.0 + 1e-17;
  double v = (double)(tap_random() >> 11) / 9007199254740992.0;
  return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static void haar(double (*q)[M]) {
  for (int i = 0; i < M; i++) {
    for (int j = 0; j < M; j++) q[i][j] = gaussian();
    for (int pass = 0; pass < 2; pass++)
      for (int k = 0; k < i; k++) {
        double c = 0;
        for (int j = 0; j < M; j++) c += q[i][j] * q[k][j];
        for (int j = 0; j < M; j++) q[i][j] -= c * q[k][j];
      }
    double norm = 0;
    for (int j = 0; j < M; j++) norm += q[i][j] * q[i][j];
    for (int j = 0; j < M; j++) q[i][j] /= sqrt(norm);
  }
  /* In SO(m): the last row is turned by the sign of the determinant. */
  double a[M][M], det = 1;
  memcpy(a, q, sizeof a);
  for (int k = 0; k < M; k++) {
    int pivot = k;
    for (int i = k; i < M; i++)
      if (fabs(a[i][k]) > fabs(a[pivot][k])) pivot = i;
    if (pivot != k) det = -det;
    for (int j = 0; j < M; j++) {
      double t = a[k][j];
      a[k][j] = a[pivot][j];
      a[pivot][j] = t;
    }
    if (a[k][k] < 0) det = -det;
    for (int i = k + 1; i < M; i++)
      for (int j = M; j-- > k;) a[i][j] -= a[i][k] / a[k][k] * a[k][j];
  }
  if (det < 0)
    for (int j = 0; j < M; j++) q[M - 1][j] = -q[M - 1][j];
}

/* s <- q s q^T */
static void conjugate(double (*s)[M], double (*q)[M]) {
  double t[M][M] = {{0}};
  for (int i = 0; i < M; i++)
    for (int j = 0; j < M; j++)
      for (int k = 0; k < M; k++) t[i][j] += q[i][k] * s[k][j];
  for (int i = 0; i < M; i++)
    for (int j = 0; j < M; j++) {
      s[i][j] = 0;
      for (int k = 0; k < M; k++) s[i][j] += t[i][k] * q[j][k];
    }
}

static void turn(double (*q)[M], double angle) {
  memset(q, 0, M * sizeof *q);
  for (int i = 0; i < M; i++) q[i][i] = 1;
  q[0][0] = q[1][1] = cos(angle);
  q[0][1] = -sin(angle);
  q[1][0] = sin(angle);
}

typedef struct {
  double b[M][M], s[M][M];
  double between[3][M][M];
  size_t p;
} circuit_t;

static double loss(const circuit_t *c, const double *theta) {
  double s[M][M], q[M][M], sum = 0;
  circuit_t copy = *c;
  memcpy(s, c->s, sizeof s);
  conjugate(s, copy.between[0]);
  for (size_t k = 0; k < c->p; k++) {
    turn(q, theta[k]);
    conjugate(s, q);
    conjugate(s, copy.between[k + 1]);
  }
  for (int i = 0; i < M; i++)
    for (int j = 0; j < i; j++) sum += c->b[i][j] * s[i][j];
  return sum;
}

/* Pattern search down to 1e-7. */
static double refine(const circuit_t *c, double *theta, double value) {
  for (double step = M_PI / GRID; step > 1e-7;) {
    bool better = false;
    for (size_t k = 0; k < c->p; k++)
      for (int sign = -1; sign <= 1; sign += 2) {
        theta[k] += sign * step;
        double next = loss(c, theta);
        if (next < value) {
          value = next;
          better = true;
        } else {
          theta[k] -= sign * step;
        }
      }
    if (!better) step /= 2;
  }
  return value;
}

/* Values of all minima, as cells of a grid below their neighbours. */
static size_t all_minima(double *found, const circuit_t *c, double unit) {
  static double grid[GRID][GRID];
  int rows = c->p > 1 ? GRID : 1;
  size_t count = 0;
  double theta[2];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < GRID; j++) {
      theta[0] = unit * j;
      theta[1] = unit * i;
      grid[i][j] = loss(c, theta);
    }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < GRID; j++) {
      bool least = true;
      for (int a = -1; a <= 1; a++)
        for (int b = -1; b <= 1; b++) {
          if (rows == 1 && a) continue;
          double other = grid[(i + a + rows) % rows][(j + b + GRID) % GRID];
          if ((a || b) && other < grid[i][j]) least = false;
        }
      if (!least) continue;
      theta[0] = unit * j;
      theta[1] = unit * i;
      found[count++] = refine(c, theta, grid[i][j]);
    }
  return count;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void check(const double *b, const double *s, int orientation, size_t p,
                  size_t runs) {
  orbit_minima_model_t model = {M, b, s, orientation, p};
  minima_law_options_t options = {.seed = 1, .max_operations = 6e8};
  minima_law_t law;
  circuit_t c = {.p = p};
  double *levels = malloc(runs * 64 * sizeof *levels), found[GRID * GRID];
  size_t count = 0;
  bool flip = orientation && (orientation < 0) != (M / 2 % 2 == 1);
  double least = 0;
  for (int k = 0; k < M / 2; k++) {
    double at = k + 1 == M / 2 && flip ? s[k] : -s[k];
    c.b[2 * k][2 * k + 1] = b[k];
    c.b[2 * k + 1][2 * k] = -b[k];
    c.s[2 * k][2 * k + 1] = at;
    c.s[2 * k + 1][2 * k] = -at;
    least += b[k] * at;
  }
  for (size_t r = 0; r < runs; r++) {
    for (size_t k = 0; k <= p; k++) haar(c.between[k]);
    size_t more = all_minima(found, &c, 2 * M_PI / GRID);
    for (size_t i = 0; i < more && count < runs * 64; i++)
      levels[count++] = (found[i] - least) / -least;
  }
  qsort(levels, count, sizeof *levels, compare);
  bool ok = orbit_minima_law(&law, &model, &options) == STATUS_OK;
  /* Share of the minima below each quantile of the law: binomial, and the law's error. */
  double worst = 0;
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES && ok; j++) {
    double q = minima_law_quantiles[j], near[3], at = law.quantiles[j].value;
    for (int e = -1; e <= 1; e++) {
      size_t below = 0;
      while (below < count && levels[below] < at + e * law.quantiles[j].error) below++;
      near[e + 1] = (double)below / (double)count;
    }
    double error = sqrt(2 * q * (1 - q) / (double)count + pow((near[2] - near[0]) / 2, 2));
    worst = fmax(worst, fabs(near[1] - q) / error);
  }
  if (!tap_ok(ok && worst < 4, "%zu parameters, orientation %d: %zu minima, off by %.1f",
              p, orientation, count, worst))
    for (size_t j = 0; j < MINIMA_LAW_QUANTILES && ok; j++)
      tap_diag("%g: %.4f +- %.4f, found %.4f", minima_law_quantiles[j],
               law.quantiles[j].value, law.quantiles[j].error,
               levels[(size_t)(minima_law_quantiles[j] * (double)count)]);
  free(levels);
}

int main(void) {
  static const double one[] = {1, 0, 0}, full[] = {1, 1, 1}, mixed[] = {3, 2, 1};
  tap_begin("t-orbit-minima");
  size_t runs = (size_t)tap_iterations(300);
  if (runs < 30) runs = 30;
  check(one, full, 0, 1, 4 * runs);
  check(mixed, full, 1, 1, 4 * runs);
  check(one, full, 0, 2, runs);
  check(mixed, full, 1, 2, runs);
  check(mixed, mixed, -1, 2, runs);
  return tap_end();
}
