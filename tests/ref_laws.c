#include "tests/ref_laws.h"

#include <math.h>
#include <stdlib.h>

#include "tests/tap.h"

double ref_normal(void) {
  double u = ((double)(tap_random() >> 11) + 0.5) * 0x1p-53;
  double v = (double)(tap_random() >> 11) * 0x1p-53;
  return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

double ref_gamma_half(long twice_shape) {
  double sum = 0;
  for (long i = 0; i < twice_shape; i++) {
    double x = ref_normal();
    sum += x * x / 2;
  }
  return sum;
}

/* conj(a) b for quaternions 1, i, j, k */
void ref_conj_mul(double *out, const double *a, const double *b) {
  out[0] += a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  out[1] += a[0] * b[1] - a[1] * b[0] - a[2] * b[3] + a[3] * b[2];
  out[2] += a[0] * b[2] - a[2] * b[0] - a[3] * b[1] + a[1] * b[3];
  out[3] += a[0] * b[3] - a[3] * b[0] - a[1] * b[2] + a[2] * b[1];
}

/* out -= a b */
static void mul_sub(double *out, const double *a, const double *b) {
  out[0] -= a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3];
  out[1] -= a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2];
  out[2] -= a[0] * b[2] + a[2] * b[0] + a[3] * b[1] - a[1] * b[3];
  out[3] -= a[0] * b[3] + a[3] * b[0] + a[1] * b[2] - a[2] * b[1];
}

double ref_haar_sample(int beta, size_t n, size_t s,
                       const double *eigenvalues) {
  double *v = calloc(s * n * 4, sizeof *v);
  double total = 0;
  for (size_t c = 0; c < s; c++) {
    double *x = v + c * n * 4;
    for (size_t i = 0; i < n; i++)
      for (int k = 0; k < beta; k++) x[4 * i + (size_t)k] = ref_normal();
    for (size_t d = 0; d < c; d++) {
      const double *y = v + d * n * 4;
      double product[4] = {0, 0, 0, 0};
      for (size_t i = 0; i < n; i++) ref_conj_mul(product, y + 4 * i, x + 4 * i);
      for (size_t i = 0; i < n; i++) mul_sub(x + 4 * i, y + 4 * i, product);
    }
    double norm = 0, value = 0;
    for (size_t i = 0; i < 4 * n; i++) norm += x[i] * x[i];
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < 4; k++)
        value += eigenvalues[i] * x[4 * i + k] * x[4 * i + k] / norm;
    norm = sqrt(norm);
    for (size_t i = 0; i < 4 * n; i++) x[i] /= norm;
    total += value;
  }
  free(v);
  return total / (double)s;
}

void ref_sample_moments(ref_moments_t *m, const double *samples,
                        size_t count) {
  double n = (double)count, power[9] = {0};
  m->mean = 0;
  for (size_t i = 0; i < count; i++) m->mean += samples[i] / n;
  for (size_t i = 0; i < count; i++) {
    double d = samples[i] - m->mean, p = 1;
    for (int k = 1; k <= 8; k++) power[k] += (p *= d) / n;
  }
  m->variance = power[2];
  m->third = power[3];
  m->fourth = power[4];
  /* delta method, terms from the estimated mean included */
  m->mean_error = sqrt(power[2] / n);
  m->variance_error = sqrt((power[4] - power[2] * power[2]) / n);
  m->third_error = sqrt((power[6] - power[3] * power[3] +
                         9 * power[2] * power[2] * power[2] -
                         6 * power[2] * power[4]) / n);
  m->fourth_error = sqrt((power[8] - power[4] * power[4] +
                          16 * power[2] * power[3] * power[3] -
                          8 * power[3] * power[5]) / n);
}
