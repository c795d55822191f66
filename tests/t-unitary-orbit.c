/* Characteristic functions on orbits of u(m) and sp(N) against Haar samples and closed
   forms. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "algebra/laws/adjoint_orbit.h"
#include "algebra/laws/unitary_orbit.h"
#include "tests/tap.h"

enum { MOST = 6 };

static double gaussian(void) {
  double u = (double)(tap_random() >> 11) / 9007199254740992.0 + 1e-17;
  double v = (double)(tap_random() >> 11) / 9007199254740992.0;
  return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static void project_out(double complex *x, const double complex *y, size_t n) {
  double complex c = 0;
  for (size_t i = 0; i < n; i++) c += conj(y[i]) * x[i];
  for (size_t i = 0; i < n; i++) x[i] -= c * y[i];
}

/* (alpha, beta) -> (-conj beta, conj alpha) for every quaternion. */
static void partner(double complex *out, const double complex *x, size_t n) {
  for (size_t i = 0; i < n; i += 2) {
    out[i] = -conj(x[i + 1]);
    out[i + 1] = conj(x[i]);
  }
}

/* Rows, each orthogonal to those before, for quaternions to their partners too. */
static void haar(double complex (*u)[2 * MOST], size_t rows, size_t n, bool quaternions) {
  double complex other[2 * MOST];
  for (size_t j = 0; j < rows; j++) {
    double norm = 0;
    for (size_t i = 0; i < n; i++) u[j][i] = gaussian() + I * gaussian();
    for (int pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        project_out(u[j], u[k], n);
        partner(other, u[k], n);
        if (quaternions) project_out(u[j], other, n);
      }
    for (size_t i = 0; i < n; i++) norm += creal(u[j][i] * conj(u[j][i]));
    for (size_t i = 0; i < n; i++) u[j][i] /= sqrt(norm);
  }
}

/* Tr(A U B U^dag), or half of it in C^(2N). */
static double loss(const double *a, const double *b, size_t m, bool quaternions) {
  double complex u[MOST][2 * MOST];
  double sum = 0;
  haar(u, m, quaternions ? 2 * m : m, quaternions);
  for (size_t j = 0; j < m; j++)
    for (size_t k = 0; k < m; k++) {
      const double complex *x = u[j] + (quaternions ? 2 * k : k);
      double share = creal(x[0] * conj(x[0]));
      if (quaternions) share -= creal(x[1] * conj(x[1]));
      sum += a[j] * b[k] * share;
    }
  return sum;
}

static void compute(double complex *out, double *radius, const double *a, const double *b,
                    size_t m, bool quaternions, double t) {
  arb_struct *x = _arb_vec_init((slong)m), *y = _arb_vec_init((slong)m);
  arb_t time;
  acb_t phi;
  mag_t most;
  arb_init(time);
  acb_init(phi);
  mag_init(most);
  arb_set_d(time, t);
  for (size_t k = 0; k < m; k++) {
    arb_set_d(x + k, a[k]);
    arb_set_d(y + k, b[k]);
  }
  if (quaternions) {
    adjoint_orbit_t orbit;
    adjoint_orbit_init(&orbit, 2 * m + 1, x, y, 0, 128);
    adjoint_orbit_characteristic(phi, &orbit, time, 40);
    adjoint_orbit_clear(&orbit);
  } else {
    unitary_orbit_characteristic(phi, x, y, (slong)m, time, 40);
  }
  mag_max(most, arb_radref(acb_realref(phi)), arb_radref(acb_imagref(phi)));
  *radius = mag_get_d(most);
  *out = arf_get_d(arb_midref(acb_realref(phi)), ARF_RND_NEAR) +
         I * arf_get_d(arb_midref(acb_imagref(phi)), ARF_RND_NEAR);
  _arb_vec_clear(x, (slong)m);
  _arb_vec_clear(y, (slong)m);
  arb_clear(time);
  acb_clear(phi);
  mag_clear(most);
}

/* Several times; six standard errors of cos and sin. */
static void check(const char *name, const double *a, const double *b, size_t m,
                  bool quaternions) {
  static const double times[] = {0.3, 1, -2.5, 6};
  size_t count = (size_t)tap_iterations(20000);
  if (count < 200) count = 200;
  double *l = malloc(count * sizeof *l), worst = 0, wide = 0;
  for (size_t i = 0; i < count; i++) l[i] = loss(a, b, m, quaternions);
  for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
    double complex phi, mean = 0;
    double radius;
    compute(&phi, &radius, a, b, m, quaternions, times[k]);
    for (size_t i = 0; i < count; i++) mean += cexp(I * times[k] * l[i]) / (double)count;
    worst = fmax(worst, cabs(mean - phi) * sqrt((double)count));
    wide = fmax(wide, radius);
  }
  tap_ok(worst < 6 && wide < 1e-10, "%s: %zu samples, off by %.2f, radius %.1e", name, count,
         worst, wide);
  free(l);
}

static void check_closed_forms(void) {
  static const double pair[] = {1, -1}, one[] = {1.5};
  bool good = true;
  for (double t = -9.75; t < 10; t += 0.5) {
    double complex phi;
    double radius;
    compute(&phi, &radius, pair, pair, 2, false, t);
    good = good && radius < 1e-11 && cabs(phi - sin(2 * t) / (2 * t)) < 1e-10;
    compute(&phi, &radius, one, one, 1, false, t);
    good = good && cabs(phi - cexp(2.25 * I * t)) < 1e-10;
    compute(&phi, &radius, one, one, 1, true, t);
    good = good && cabs(phi - sin(2.25 * t) / (2.25 * t)) < 1e-10;
  }
  tap_ok(good, "u(1), u(2) and sp(1) in closed form");
}

int main(void) {
  tap_begin("t-unitary-orbit");
  check_closed_forms();
  check("u(3)", (double[]){2, 0.5, -1}, (double[]){1, 0.25, -2}, 3, false);
  check("u(3), a pure state", (double[]){1, 0, 0}, (double[]){1, 1, -1}, 3, false);
  check("u(4), projectors", (double[]){1, 1, 0, 0}, (double[]){1, 1, -1, -1}, 4, false);
  check("u(5)", (double[]){1, 1, 1, 0, -2}, (double[]){0.5, 0.5, 0, -1, -1}, 5, false);
  check("sp(2)", (double[]){1, 0.5}, (double[]){2, 1}, 2, true);
  check("sp(2), one number", (double[]){1, 0}, (double[]){1, 1}, 2, true);
  check("sp(3)", (double[]){1, 1, 0.5}, (double[]){1.5, 0, 0}, 3, true);
  return tap_end();
}
