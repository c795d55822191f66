#include "numeric/judge/torus_minima.h"

#include <math.h>
#include <string.h>

enum { MOST_DESCENTS = 20000, MOST_STEPS = 300, LEAST_DESCENTS = 20 };
static const double unseen_share = 0.005;
/* Two ends nearer than this are one; below that curvature a minimum counts as flat. */
static const double distance_of_two = 1e-4, flatness = 1e-9;

/* --- the function ---------------------------------------------------------------- */

void torus_interpolate(torus_function_t *f, size_t p, const double *values) {
  size_t terms = 1;
  for (size_t k = 0; k < p; k++) terms *= 3;
  *f = (torus_function_t){.p = p};
  memcpy(f->coeffs, values, terms * sizeof *values);
  for (size_t stride = 1; stride < terms; stride *= 3)
    for (size_t i = 0; i < terms; i++) {
      if (i / stride % 3) continue;
      double *at = f->coeffs + i;
      double x = at[0], y = at[stride], z = at[2 * stride];
      at[0] = (x + y + z) / 3;
      at[stride] = (2 * x - y - z) / 3;
      at[2 * stride] = (y - z) / sqrt(3);
    }
}

/* (1, cos a, sin a) of every angle, and its first and second derivative. */
typedef double basis_t[TORUS_MAX][3][3];

static void set_basis(basis_t basis, size_t p, const double *angles) {
  for (size_t k = 0; k < p; k++) {
    double c = cos(angles[k]), s = sin(angles[k]);
    double rows[3][3] = {{1, c, s}, {0, -s, c}, {0, -c, -s}};
    memcpy(basis[k], rows, sizeof rows);
  }
}

/* The sum with order[k]-th derivatives. */
static double contract(const torus_function_t *f, basis_t basis,
                       const int *order) {
  double buffer[TORUS_TERMS];
  const double *from = f->coeffs;
  size_t count = 1;
  for (size_t k = 0; k < f->p; k++) count *= 3;
  for (size_t k = f->p; k-- > 0;) {
    const double *e = basis[k][order[k]];
    count /= 3;
    for (size_t i = 0; i < count; i++)
      buffer[i] = from[3 * i] * e[0] + from[3 * i + 1] * e[1] + from[3 * i + 2] * e[2];
    from = buffer;
  }
  return from[0];
}

double torus_value(const torus_function_t *f, const double *angles) {
  basis_t basis;
  int order[TORUS_MAX] = {0};
  set_basis(basis, f->p, angles);
  return contract(f, basis, order);
}

typedef struct {
  double value, slope[TORUS_MAX], hessian[TORUS_MAX][TORUS_MAX];
} jet_t;

static void set_jet(jet_t *jet, const torus_function_t *f, const double *angles) {
  basis_t basis;
  int order[TORUS_MAX] = {0};
  set_basis(basis, f->p, angles);
  jet->value = contract(f, basis, order);
  for (size_t i = 0; i < f->p; i++) {
    order[i]++;
    jet->slope[i] = contract(f, basis, order);
    for (size_t j = 0; j <= i; j++) {
      order[j]++;
      jet->hessian[i][j] = jet->hessian[j][i] = contract(f, basis, order);
      order[j]--;
    }
    order[i]--;
  }
}

/* --- one descent ------------------------------------------------------------------- */

/* (H + shift) step = -slope by Cholesky; false unless H + shift > 0. */
static bool solve(double *step, const jet_t *jet, size_t p, double shift) {
  double l[TORUS_MAX][TORUS_MAX];
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = jet->hessian[i][j] + (i == j ? shift : 0);
      for (size_t k = 0; k < j; k++) sum -= l[i][k] * l[j][k];
      if (i == j && !(sum > 0)) return false;
      l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
    }
  for (size_t i = 0; i < p; i++) {
    step[i] = -jet->slope[i];
    for (size_t k = 0; k < i; k++) step[i] -= l[i][k] * step[k];
    step[i] /= l[i][i];
  }
  for (size_t i = p; i-- > 0;) {
    for (size_t k = i + 1; k < p; k++) step[i] -= l[k][i] * step[k];
    step[i] /= l[i][i];
  }
  return true;
}

static double norm(const double *x, size_t p) {
  double sum = 0;
  for (size_t i = 0; i < p; i++) sum += x[i] * x[i];
  return sqrt(sum);
}

/* The best last angle: a + b cos + c sin is least opposite to (b, c). */
static void settle_last(const torus_function_t *f, double *angles) {
  double values[3], *last = angles + f->p - 1;
  for (int i = 0; i < 3; i++) {
    *last = 2 * M_PI / 3 * i;
    values[i] = torus_value(f, angles);
  }
  *last = atan2(values[2] - values[1], (values[1] + values[2] - 2 * values[0]) / sqrt(3));
}

/* Down to where nothing is gained; false where the end is not a minimum of
   positive curvature. */
static bool descend(double *angles, double *value, const torus_function_t *f,
                    double scale) {
  jet_t jet, next;
  double step[TORUS_MAX], moved[TORUS_MAX], shift = 0;
  size_t p = f->p;
  set_jet(&jet, f, angles);
  for (int t = 0; t < MOST_STEPS; t++) {
    if (norm(jet.slope, p) < 1e-11 * scale) break;
    if (!solve(step, &jet, p, shift) || norm(step, p) > 1) {
      shift = fmax(2 * shift, 0.05 * scale);
      continue;
    }
    for (size_t i = 0; i < p; i++) moved[i] = angles[i] + step[i];
    set_jet(&next, f, moved);
    if (!(next.value <= jet.value + 1e-14 * scale)) {
      shift = fmax(4 * shift, 0.05 * scale);
      continue;
    }
    memcpy(angles, moved, p * sizeof *angles);
    jet = next;
    shift = shift > 0.01 * scale ? shift / 4 : 0;
  }
  *value = jet.value;
  /* A positive H less the threshold: no step is looked for. */
  return norm(jet.slope, p) < 1e-7 * scale && solve(step, &jet, p, -flatness * scale);
}

/* --- all of them ---------------------------------------------------------------------- */

static double wrapped(double angle) {
  double turns = angle / (2 * M_PI);
  return 2 * M_PI * (turns - floor(turns));
}

static bool is_known(const torus_minima_t *found, size_t p, const double *angles) {
  for (size_t m = 0; m < found->count; m++) {
    double far = 0;
    for (size_t k = 0; k < p; k++)
      far = fmax(far, fabs(remainder(angles[k] - found->angles[m][k], 2 * M_PI)));
    if (far < distance_of_two) return true;
  }
  return false;
}

/* Are few enough expected to be unseen? */
static bool is_enough(double w, double n) {
  return n >= LEAST_DESCENTS && n > w + 2 &&
         w * (n - 1) / (n - w - 2) - w <= unseen_share * w;
}

void torus_find_minima(torus_minima_t *out, const torus_function_t *f,
                       random_stream_t *random) {
  double scale = 0, angles[TORUS_MAX], value;
  for (size_t i = 1; i < TORUS_TERMS; i++) scale += fabs(f->coeffs[i]);
  *out = (torus_minima_t){.count = 0};
  if (!(scale > 0)) return;
  out->complete = true;
  while (!is_enough((double)out->count, (double)out->num_descents)) {
    if (out->num_descents++ == MOST_DESCENTS) break;
    for (size_t k = 0; k < f->p; k++) angles[k] = 2 * M_PI * random_uniform(random);
    settle_last(f, angles);
    if (!descend(angles, &value, f, scale)) {
      out->complete = false;
      return;
    }
    if (is_known(out, f->p, angles)) continue;
    if (out->count == TORUS_MINIMA) break;
    out->values[out->count] = value;
    for (size_t k = 0; k < f->p; k++)
      out->angles[out->count][k] = wrapped(angles[k]);
    out->count++;
  }
  out->complete = is_enough((double)out->count, (double)out->num_descents);
}
