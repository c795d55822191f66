#include "tests/ref_matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t dim(int n) { return (size_t)1 << n; }

/* P |col> = value |row>; returns row. */
static size_t column(ref_entry_t *value, int n, unsigned p, size_t col) {
  size_t row = col;
  *value = 1;
  for (int j = 0; j < n; j++) {
    unsigned x = p >> j & 1, z = p >> (n + j) & 1, bit = col >> j & 1;
    if (x) row ^= (size_t)1 << j;
    if (x && z)
      *value *= bit ? -I : I; /* Y|0> = i|1>, Y|1> = -i|0> */
    else if (z && bit)
      *value *= -1;
  }
  return row;
}

void ref_matrix_add_string(ref_entry_t *out, int n, ref_entry_t c,
                           unsigned p) {
  for (size_t col = 0; col < dim(n); col++) {
    ref_entry_t value;
    size_t row = column(&value, n, p, col);
    out[row * dim(n) + col] += c * value;
  }
}

void ref_matrix_zero(ref_entry_t *out, int n) {
  memset(out, 0, dim(n) * dim(n) * sizeof *out);
}

void ref_matrix_identity(ref_entry_t *out, int n) {
  ref_matrix_zero(out, n);
  for (size_t i = 0; i < dim(n); i++) out[i * dim(n) + i] = 1;
}

void ref_matrix_mul(ref_entry_t *out, int n, const ref_entry_t *a,
                    const ref_entry_t *b) {
  size_t d = dim(n);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      ref_entry_t sum = 0;
      for (size_t k = 0; k < d; k++) sum += a[i * d + k] * b[k * d + j];
      out[i * d + j] = sum;
    }
}

void ref_matrix_adjoint(ref_entry_t *out, int n, const ref_entry_t *a) {
  size_t d = dim(n);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) out[j * d + i] = conj(a[i * d + j]);
}

double ref_matrix_distance(int n, const ref_entry_t *a, const ref_entry_t *b) {
  double worst = 0;
  for (size_t i = 0; i < dim(n) * dim(n); i++)
    worst = fmax(worst, cabs(a[i] - b[i]));
  return worst;
}

ref_entry_t ref_matrix_trace(int n, const ref_entry_t *a) {
  ref_entry_t sum = 0;
  for (size_t i = 0; i < dim(n); i++) sum += a[i * dim(n) + i];
  return sum;
}

void ref_matrix_rotate_left(ref_entry_t *u, int n, double angle, unsigned p) {
  size_t d = dim(n);
  ref_entry_t *old = malloc(d * d * sizeof *old);
  memcpy(old, u, d * d * sizeof *old);
  for (size_t i = 0; i < d * d; i++) u[i] *= cos(angle);
  for (size_t k = 0; k < d; k++) {
    ref_entry_t value;
    size_t row = column(&value, n, p, k);
    for (size_t j = 0; j < d; j++)
      u[row * d + j] += -I * sin(angle) * value * old[k * d + j];
  }
  free(old);
}

void ref_matrix_rotate_right(ref_entry_t *u, int n, double angle, unsigned p) {
  size_t d = dim(n);
  ref_entry_t *old = malloc(d * d * sizeof *old);
  memcpy(old, u, d * d * sizeof *old);
  for (size_t i = 0; i < d * d; i++) u[i] *= cos(angle);
  for (size_t col = 0; col < d; col++) {
    ref_entry_t value;
    size_t row = column(&value, n, p, col);
    for (size_t i = 0; i < d; i++)
      u[i * d + col] += -I * sin(angle) * value * old[i * d + row];
  }
  free(old);
}

/* Columns p, q of x by [c, s; -conj(s), c]. */
static void mix_columns(ref_entry_t *x, size_t d, size_t p, size_t q, double c,
                        ref_entry_t s) {
  for (size_t i = 0; i < d; i++) {
    ref_entry_t a = x[i * d + p], b = x[i * d + q];
    x[i * d + p] = c * a - conj(s) * b;
    x[i * d + q] = s * a + c * b;
  }
}

void ref_matrix_eigenvalues(double *values, ref_entry_t *vectors,
                            ref_entry_t *a, size_t d) {
  ref_entry_t *v = calloc(d * d, sizeof *v);
  for (size_t i = 0; i < d; i++) v[i * d + i] = 1;
  for (int sweep = 0; sweep < 60; sweep++) {
    double off = 0, all = 0;
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++) {
        double square = creal(a[i * d + j] * conj(a[i * d + j]));
        all += square;
        if (i != j) off += square;
      }
    if (off <= 1e-30 * all) break;
    for (size_t p = 0; p < d; p++)
      for (size_t q = p + 1; q < d; q++) {
        ref_entry_t apq = a[p * d + q];
        double size = cabs(apq);
        if (size == 0) continue;
        double theta = (creal(a[q * d + q]) - creal(a[p * d + p])) / (2 * size);
        double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + hypot(theta, 1));
        double c = 1 / hypot(t, 1);
        ref_entry_t s = t * c * apq / size;
        mix_columns(a, d, p, q, c, s);
        for (size_t j = 0; j < d; j++) { /* rows by the adjoint */
          ref_entry_t x = a[p * d + j], y = a[q * d + j];
          a[p * d + j] = c * x - s * y;
          a[q * d + j] = conj(s) * x + c * y;
        }
        mix_columns(v, d, p, q, c, s);
      }
  }
  for (size_t i = 0; i < d; i++) values[i] = creal(a[i * d + i]);
  for (size_t i = 0; i < d; i++)
    for (size_t j = i + 1; j < d; j++)
      if (values[j] < values[i]) {
        double t = values[i];
        values[i] = values[j];
        values[j] = t;
        for (size_t k = 0; k < d; k++) {
          ref_entry_t x = v[k * d + i];
          v[k * d + i] = v[k * d + j];
          v[k * d + j] = x;
        }
      }
  if (vectors) memcpy(vectors, v, d * d * sizeof *v);
  free(v);
}

size_t ref_matrix_rank(double *m, size_t rows, size_t columns, double least) {
  size_t rank = 0;
  for (size_t column = 0; column < columns && rank < rows; column++) {
    size_t best = rank;
    for (size_t r = rank; r < rows; r++)
      if (fabs(m[r * columns + column]) > fabs(m[best * columns + column])) best = r;
    if (fabs(m[best * columns + column]) < least) continue;
    for (size_t c = 0; c < columns; c++) {
      double swap = m[best * columns + c];
      m[best * columns + c] = m[rank * columns + c];
      m[rank * columns + c] = swap;
    }
    for (size_t r = rank + 1; r < rows; r++) {
      double f = m[r * columns + column] / m[rank * columns + column];
      for (size_t c = 0; c < columns; c++)
        m[r * columns + c] -= f * m[rank * columns + c];
    }
    rank++;
  }
  return rank;
}
