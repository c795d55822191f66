/* Spectra of Pauli sums against Jacobi rotations of dense matrices. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/spectrum/spectrum.h"
#include "tests/tap.h"

static double mid(const arb_t x) {
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

static double to_double(const fmpq_t q) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, q, 64);
  double d = mid(ball);
  arb_clear(ball);
  return d;
}

/* --- reference: floating point, letters multiplied out ------------------------ */

/* Entry (r, c) of the string as a complex number. */
static void entry(double *re, double *im, const uint64_t *p, size_t w,
                  size_t n, size_t r, size_t c) {
  double x = 1, y = 0;
  for (size_t q = 0; q < n; q++) {
    unsigned a = r >> q & 1, b = c >> q & 1, letter = pauli_get(p, w, q);
    double t = x;
    if (letter == 0 || letter == 2) {
      if (a != b) x = y = 0;
      else if (letter == 2 && a) x = -x, y = -y;
    } else if (a == b) {
      x = y = 0;
    } else if (letter == 3) { /* Y = [[0, -i], [i, 0]] */
      x = a ? -y : y;
      y = a ? t : -t;
    }
  }
  *re = x;
  *im = y;
}

/* All eigenvalues, ascending, each twice (real embedding). 2 * 2^n of them. */
static void eigenvalues(double *values, const pauli_sum_t sum) {
  size_t n = sum->num_qubits, half = (size_t)1 << n, d = 2 * half;
  double *m = calloc(d * d, sizeof *m);
  for (size_t t = 0; t < sum->length; t++)
    for (size_t r = 0; r < half; r++)
      for (size_t c = 0; c < half; c++) {
        double re, im, v = to_double(sum->coeffs + t);
        entry(&re, &im, pauli_sum_string(sum, t), sum->num_words, n, r, c);
        m[r * d + c] += v * re;
        m[(r + half) * d + c + half] += v * re;
        m[(r + half) * d + c] += v * im;
        m[r * d + c + half] -= v * im;
      }
  for (int sweep = 0; sweep < 30; sweep++) {
    double off = 0;
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < i; j++) {
        double a = m[i * d + j];
        off += a * a;
        if (a * a < 1e-28) continue;
        double theta = (m[i * d + i] - m[j * d + j]) / (2 * a);
        double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + hypot(theta, 1));
        double c = 1 / hypot(t, 1), s = t * c;
        for (size_t k = 0; k < d; k++) {
          double x = m[k * d + i], y = m[k * d + j];
          m[k * d + i] = c * x + s * y;
          m[k * d + j] = c * y - s * x;
        }
        for (size_t k = 0; k < d; k++) {
          double x = m[i * d + k], y = m[j * d + k];
          m[i * d + k] = c * x + s * y;
          m[j * d + k] = c * y - s * x;
        }
      }
    if (off < 1e-24) break;
  }
  for (size_t i = 0; i < d; i++) values[i] = m[i * d + i];
  for (size_t i = 1; i < d; i++)
    for (size_t j = i; j && values[j] < values[j - 1]; j--) {
      double x = values[j];
      values[j] = values[j - 1];
      values[j - 1] = x;
    }
  free(m);
}

static void random_sum(pauli_sum_t sum, size_t terms, bool only_z) {
  size_t w = sum->num_words;
  uint64_t *p = calloc(2 * w, sizeof *p);
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_zero(sum);
  for (size_t t = 0; t < terms; t++) {
    for (size_t q = 0; q < sum->num_qubits; q++)
      pauli_set(p, w, q, (unsigned)tap_random_below(2) * 2 |
                             (only_z ? 0 : (unsigned)tap_random_below(2)));
    fmpq_set_si(c, (long)tap_random_below(13) - 6, 1 + tap_random_below(3));
    fmpq_canonicalise(c);
    pauli_sum_push(sum, c, p);
  }
  pauli_sum_canonicalise(sum);
  free(p);
  fmpq_clear(c);
}

/* --- tests ------------------------------------------------------------------------ */

static void test_random(void) {
  bool dense = true, interval = true, moments = true, unfrustrated = true;
  bool narrow = true;
  long hits = 0;
  double values[32];
  arb_t least;
  fmpq_t mean, m2, m3, m4;
  arb_init(least);
  fmpq_init(mean);
  fmpq_init(m2);
  fmpq_init(m3);
  fmpq_init(m4);
  for (long it = tap_iterations(120); it > 0; it--) {
    size_t n = 1 + tap_random_below(4), d = (size_t)2 << n;
    pauli_sum_t sum;
    pauli_sum_init(sum, n);
    random_sum(sum, tap_random_below(9), it % 5 == 0);
    eigenvalues(values, sum);
    char *text = pauli_sum_get_str(sum);
    double scale = 1 + fabs(values[0]) + fabs(values[d - 1]);
    if (spectrum_least_dense(least, sum, 6, 30) != STATUS_OK ||
        fabs(mid(least) - values[0]) > 1e-7 * scale) {
      tap_diag("dense: %s: %.12f, not %.12f", text, values[0], mid(least));
      dense = false;
    }
    if (mag_cmp_2exp_si(arb_radref(least), -22) > 0) narrow = false;
    spectrum_least_interval(least, sum, 60);
    double radius = mag_get_d(arb_radref(least)) + 1e-9 * scale;
    if (fabs(mid(least) - values[0]) > radius) {
      tap_diag("interval: %s: %.12f outside %.12f +- %.3g", text, values[0],
               mid(least), radius);
      interval = false;
    }
    if (spectrum_least_unfrustrated(mean, sum)) {
      hits++;
      if (fabs(to_double(mean) - values[0]) > 1e-9 * scale) {
        tap_diag("unfrustrated: %s: %.12f", text, values[0]);
        unfrustrated = false;
      }
    }
    double power[5] = {0}, average = 0;
    for (size_t i = 0; i < d; i++) average += values[i] / (double)d;
    for (size_t i = 0; i < d; i++)
      for (int k = 2; k <= 4; k++)
        power[k] += pow(values[i] - average, k) / (double)d;
    moments = moments &&
              spectrum_moments(mean, m2, m3, m4, sum, 1000) == STATUS_OK &&
              fabs(to_double(mean) - average) < 1e-9 * scale &&
              fabs(to_double(m2) - power[2]) < 1e-9 * pow(scale, 2) &&
              fabs(to_double(m3) - power[3]) < 1e-9 * pow(scale, 3) &&
              fabs(to_double(m4) - power[4]) < 1e-9 * pow(scale, 4);
    free(text);
    pauli_sum_clear(sum);
  }
  tap_ok(dense, "certified least eigenvalue of random sums");
  tap_ok(narrow, "its ball is narrow");
  tap_ok(interval, "the interval for the least eigenvalue contains it");
  tap_ok(unfrustrated, "least eigenvalue of %ld unfrustrated sums", hits);
  tap_occurred(hits > 0, "some sums were unfrustrated");
  tap_ok(moments, "moments of random sums");
  arb_clear(least);
  fmpq_clear(mean);
  fmpq_clear(m2);
  fmpq_clear(m3);
  fmpq_clear(m4);
}

/* Open critical transverse-field Ising chain -sum ZZ - sum X:
   E_0 = 1 - 1/sin(pi / (4n + 2)). */
static void test_ising(void) {
  size_t n = 6;
  pauli_sum_t sum;
  uint64_t p[2];
  fmpq_t c;
  arb_t least, expected;
  fmpq_init(c);
  arb_init(least);
  arb_init(expected);
  fmpq_set_si(c, -1, 1);
  pauli_sum_init(sum, n);
  for (size_t q = 0; q < n; q++) {
    p[0] = p[1] = 0;
    pauli_set(p, 1, q, 1);
    pauli_sum_push(sum, c, p);
    if (q + 1 == n) continue;
    p[0] = p[1] = 0;
    pauli_set(p, 1, q, 2);
    pauli_set(p, 1, q + 1, 2);
    pauli_sum_push(sum, c, p);
  }
  pauli_sum_canonicalise(sum);
  arb_set_si(expected, 4 * (slong)n + 2);
  arb_inv(expected, expected, 100);
  arb_sin_pi(expected, expected, 100);
  arb_inv(expected, expected, 100);
  arb_sub_ui(expected, expected, 1, 100);
  arb_neg(expected, expected);
  bool ok = spectrum_least_dense(least, sum, 6, 50) == STATUS_OK &&
            arb_overlaps(least, expected) &&
            mag_cmp_2exp_si(arb_radref(least), -40) < 0;
  tap_ok(ok, "transverse-field Ising chain of six: %.12f", mid(least));
  ok = spectrum_least_dense(least, sum, 5, 50) == STATUS_LIMIT;
  fmpq_t m[4];
  for (int k = 0; k < 4; k++) fmpq_init(m[k]);
  ok = ok && spectrum_moments(m[0], m[1], m[2], m[3], sum, 3) == STATUS_LIMIT;
  for (int k = 0; k < 4; k++) fmpq_clear(m[k]);
  tap_ok(ok, "budgets are kept");
  pauli_sum_clear(sum);
  fmpq_clear(c);
  arb_clear(least);
  arb_clear(expected);
}

/* Z0 + Z1 + Z0 Z1: eigenvalues 3, -1, -1, -1; both bounds are -1. And a ring
   of 2000 qubits, which no dense method reaches. */
static void test_special(void) {
  pauli_sum_t sum;
  uint64_t *p = calloc(64, sizeof *p);
  fmpq_t c, least_exact;
  arb_t least;
  fmpq_init(c);
  fmpq_init(least_exact);
  arb_init(least);
  fmpq_one(c);
  pauli_sum_init(sum, 2);
  for (unsigned mask = 1; mask < 4; mask++) {
    p[0] = 0;
    p[1] = mask;
    pauli_sum_push(sum, c, p);
  }
  pauli_sum_canonicalise(sum);
  spectrum_least_interval(least, sum, 60);
  arb_t upper;
  arb_init(upper);
  arb_get_ubound_arf(arb_midref(upper), least, 60);
  bool ok = fabs(mid(upper) + 1) < 1e-7 &&
            !spectrum_least_unfrustrated(least_exact, sum);
  arb_clear(upper);
  pauli_sum_clear(sum);
  size_t n = 2000, w = pauli_words(n);
  pauli_sum_init(sum, n);
  uint64_t *row = calloc(2 * w, sizeof *row);
  fmpq_set_si(c, 1, 3);
  for (size_t q = 0; q < n; q++) {
    memset(row, 0, 2 * w * sizeof *row);
    pauli_set(row, w, q, 2);
    pauli_set(row, w, (q + 1) % n, 2);
    pauli_sum_push(sum, c, row);
  }
  pauli_sum_canonicalise(sum);
  fmpq_set_si(c, -2000, 3);
  fmpq_canonicalise(c);
  ok = ok && spectrum_least_unfrustrated(least_exact, sum) &&
       fmpq_equal(c, least_exact);
  tap_ok(ok, "a triangle of signs, a ring of 2000 qubits");
  pauli_sum_clear(sum);
  free(p);
  free(row);
  fmpq_clear(c);
  fmpq_clear(least_exact);
  arb_clear(least);
}

/* Listed spectra: commuting, anticommuting, spin factor. */
static void test_listed(void) {
  bool commuting = true;
  laws_block_t a, b;
  fmpz_t dimension;
  fmpq *c = _fmpq_vec_init(8);
  laws_block_init(a);
  laws_block_init(b);
  fmpz_init(dimension);
  for (long it = tap_iterations(40); it > 0; it--) {
    slong length = 1 + (slong)tap_random_below(5);
    size_t n = (size_t)length;
    double values[64], least = 0;
    pauli_sum_t sum;
    uint64_t p[2] = {0, 0};
    pauli_sum_init(sum, n);
    for (slong i = 0; i < length; i++) {
      fmpq_set_si(c + i, (long)tap_random_below(7) + 1,
                  1 + tap_random_below(2));
      fmpq_canonicalise(c + i);
      p[1] = (UINT64_C(2) << i) - 1; /* Z0 .. Zi: independent */
      pauli_sum_push(sum, c + i, p);
      least -= to_double(c + i);
    }
    pauli_sum_canonicalise(sum);
    eigenvalues(values, sum);
    fmpz_one(dimension);
    fmpz_mul_2exp(dimension, dimension, (ulong)length);
    commuting =
        commuting &&
        spectrum_commuting(a, dimension, c, length, 64) == STATUS_OK &&
        spectrum_commuting(b, dimension, c, length, 1) == STATUS_OK &&
        a->num_levels > 1 && b->num_levels == 0 &&
        fmpq_equal(a->central2, b->central2) && fmpq_is_zero(a->central3) &&
        fmpq_equal(a->central4, b->central4) &&
        fmpq_equal(a->least, b->least) &&
        fabs(to_double(a->least) - least) < 1e-9;
    size_t at = 0;
    for (slong i = 0; i < a->num_levels; i++)
      for (long k = 0; k < 2 * fmpz_get_si(a->multiplicities + i); k++)
        commuting = commuting &&
                    fabs(to_double(a->levels + i) - values[at++]) < 1e-9;
    pauli_sum_clear(sum);
  }
  tap_ok(commuting, "spectra of commuting terms, listed and by moments");
  fmpq_set_si(c, 1, 1);
  fmpq_set_si(c + 1, 1, 1);
  fmpz_set_ui(dimension, 8);
  bool ok = spectrum_anticommuting(a, dimension, c, 2) == STATUS_OK &&
            fmpq_cmp_si(a->radicand, 2) == 0 && a->num_levels == 2 &&
            fmpq_cmp_si(a->least, -1) == 0;
  laws_wishart_t wishart;
  laws_wishart_init(wishart);
  ok = ok && laws_block_wishart(wishart, a, 60) == STATUS_OK &&
       fmpz_equal_si(wishart->r, 4) &&
       fabs(mid(wishart->mean_eigenvalue_ball) - sqrt(2)) < 1e-15;
  fmpz_set_ui(dimension, 7);
  ok = ok && spectrum_anticommuting(a, dimension, c, 2) == STATUS_BAD_INPUT &&
       spectrum_commuting(a, dimension, c, 2, 9) == STATUS_BAD_INPUT;
  fmpq_set_si(c, 4, 1);
  fmpq_set_si(c + 1, 1, 4);
  ok = ok && spectrum_spin_factor(a, 7, c, c + 1) == STATUS_OK &&
       a->beta == 6 && fmpz_equal_si(a->dimension, 2);
  laws_moments_t m;
  laws_moments_init(m);
  laws_block_moments(m, a); /* |o|^2 |v|^2 / m */
  ok = ok && fmpq_is_zero(m->mean);
  fmpq_set_si(c + 2, 1, 7);
  ok = ok && fmpq_equal(m->variance, c + 2) &&
       spectrum_spin_factor(a, 1, c, c + 1) == STATUS_BAD_INPUT;
  tap_ok(ok, "anticommuting terms and spin factors");
  laws_moments_clear(m);
  laws_wishart_clear(wishart);
  laws_block_clear(a);
  laws_block_clear(b);
  fmpz_clear(dimension);
  _fmpq_vec_clear(c, 8);
}

int main(void) {
  tap_begin("t-spectrum");
  test_random();
  test_ising();
  test_special();
  test_listed();
  return tap_end();
}
