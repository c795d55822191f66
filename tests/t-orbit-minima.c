/* Levels of local minima on orbits of so(m), against all minima of random circuits with
   one or two parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/random.h"
#include "numeric/sample/orbit_minima.h"
#include "tests/minima_grid.h"
#include "tests/tap.h"

enum { M = 6 };

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

static double loss(const void *circuit, const double *theta) {
  const circuit_t *c = circuit;
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

static void check(const double *b, const double *s, int orientation, size_t p,
                  size_t runs) {
  orbit_minima_model_t model = {M, b, s, orientation, p};
  minima_law_options_t options = {.seed = 1, .max_operations = 6e8};
  minima_law_t law;
  circuit_t c = {.p = p};
  double *levels = malloc(runs * MINIMA_GRID_MOST * sizeof *levels), found[MINIMA_GRID_MOST];
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
    size_t more = minima_grid_find(found, loss, &c, p);
    for (size_t i = 0; i < more && count < runs * MINIMA_GRID_MOST; i++)
      levels[count++] = (found[i] - least) / -least;
  }
  bool ok = orbit_minima_law(&law, &model, &options) == STATUS_OK;
  double worst = ok ? minima_grid_distance(levels, count, &law) : INFINITY;
  tap_ok(worst < 4, "%zu parameters, orientation %d: %zu minima, off by %.1f", p, orientation,
         count, worst);
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
