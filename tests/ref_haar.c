#include "tests/ref_haar.h"

#include <stdlib.h>
#include <string.h>

#include "tests/ref_strings.h"

static unsigned index_of(const uint64_t *p, size_t n) {
  return (unsigned)(p[0] | p[1] << n);
}

void ref_haar_vector(double *v, const pauli_sum_struct *sum) {
  size_t n = sum->num_qubits;
  memset(v, 0, ((size_t)1 << 2 * n) * sizeof *v);
  for (size_t t = 0; t < sum->length; t++)
    v[index_of(pauli_sum_string(sum, t), n)] =
        fmpz_get_d(fmpq_numref(sum->coeffs + t)) /
        fmpz_get_d(fmpq_denref(sum->coeffs + t));
}

void ref_haar_init(ref_haar_t *ref, const pauli_sum_struct *generators,
                   size_t count, size_t n) {
  size_t dim = (size_t)1 << 2 * n;
  ref->dim = dim;
  ref->count = count;
  ref->k = malloc((count + 1) * sizeof *ref->k);
  double *h = malloc(dim * sizeof *h);
  for (size_t j = 0; j < count; j++) {
    double *k = ref->k[j] = calloc(dim * dim, sizeof *k);
    ref_haar_vector(h, generators + j);
    for (unsigned p = 0; p < dim; p++)
      for (unsigned q = 0; h[p] != 0 && q < dim; q++)
        if (ref_anticommute((int)n, p, q)) {
          /* i (P Q - Q P) = 2 i i^e [p + q] */
          unsigned e = ref_mul_phase((int)n, p, q) % 4;
          k[(p ^ q) * dim + q] += h[p] * (e == 1 ? -2 : 2);
        }
  }
  free(h);
}

void ref_haar_clear(ref_haar_t *ref) {
  for (size_t j = 0; j < ref->count; j++) free(ref->k[j]);
  free(ref->k);
}

/* out += a x, and out += x a^T. */
static void left(double *out, const double *a, const double *x, size_t dim) {
  for (size_t i = 0; i < dim; i++)
    for (size_t k = 0; k < dim; k++)
      if (a[i * dim + k] != 0)
        for (size_t j = 0; j < dim; j++)
          out[i * dim + j] += a[i * dim + k] * x[k * dim + j];
}
static void right(double *out, const double *a, const double *x, size_t dim) {
  for (size_t j = 0; j < dim; j++)
    for (size_t k = 0; k < dim; k++)
      if (a[j * dim + k] != 0)
        for (size_t i = 0; i < dim; i++)
          out[i * dim + j] += a[j * dim + k] * x[i * dim + k];
}

void ref_haar_act(double *x, const ref_haar_t *ref, const double *a,
                  const double *b) {
  size_t dim = ref->dim, bytes = dim * dim * sizeof(double);
  double *y = malloc(bytes);
  if (a) {
    memset(y, 0, bytes);
    left(y, a, x, dim);
    memcpy(x, y, bytes);
  }
  if (b) {
    memset(y, 0, bytes);
    right(y, b, x, dim);
    memcpy(x, y, bytes);
  }
  free(y);
}

/* out = -sum_j L_j^2 x; on vectors when wide is false. */
static void apply(double *out, const ref_haar_t *ref, const double *x,
                  bool wide) {
  size_t dim = ref->dim, size = wide ? dim * dim : dim;
  double *y = malloc(2 * size * sizeof *y), *z = y + size;
  memset(out, 0, size * sizeof *out);
  for (size_t j = 0; j < ref->count; j++) {
    const double *from = x;
    for (int twice = 0; twice < 2; twice++) {
      double *to = twice ? z : y;
      memset(to, 0, size * sizeof *to);
      if (wide) {
        left(to, ref->k[j], from, dim);
        right(to, ref->k[j], from, dim);
      } else
        for (size_t i = 0; i < dim; i++)
          for (size_t k = 0; k < dim; k++)
            to[i] += ref->k[j][i * dim + k] * from[k];
      from = to;
    }
    for (size_t i = 0; i < size; i++) out[i] -= z[i];
  }
  free(y);
}

static double inner(const double *a, const double *b, size_t size) {
  double sum = 0;
  for (size_t i = 0; i < size; i++) sum += a[i] * b[i];
  return sum;
}

/* x -= A^+ A x. */
static void project(double *x, const ref_haar_t *ref, bool wide) {
  size_t size = wide ? ref->dim * ref->dim : ref->dim;
  double *r = malloc(3 * size * sizeof *r), *p = r + size, *ap = p + size;
  apply(r, ref, x, wide);
  memcpy(p, r, size * sizeof *p);
  double rr = inner(r, r, size), start = rr;
  for (int step = 0; step < 4000 && rr > 1e-26 * (start + 1e-300); step++) {
    apply(ap, ref, p, wide);
    double alpha = rr / inner(p, ap, size);
    for (size_t i = 0; i < size; i++) {
      x[i] -= alpha * p[i];
      r[i] -= alpha * ap[i];
    }
    double next = inner(r, r, size);
    for (size_t i = 0; i < size; i++) p[i] = r[i] + next / rr * p[i];
    rr = next;
  }
  free(r);
}

void ref_haar_project(double *x, const ref_haar_t *ref) {
  project(x, ref, true);
}
void ref_haar_fix(double *v, const ref_haar_t *ref) { project(v, ref, false); }
