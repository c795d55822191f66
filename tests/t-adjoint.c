/* Laws of observables in the Lie algebra: cumulants of so(m) against Haar samples and
   low-rank identities, distribution functions of sums of uniforms, and that spectra
   from one particle say what exact moments in the module of the observable say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/adjoint_cdf.h"
#include "algebra/laws/adjoint_orbit.h"
#include "tests/ref_matrix.h"
#include "tests/tap.h"

static double uniform(void) {
  return ((double)(tap_random() >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void) {
  return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* --- so(m) ---------------------------------------------------------------------------- */

/* A Haar rotation of R^m by Gram and Schmidt, the last vector turned so that the
   determinant is 1. */
static void rotation(double *q, size_t m) {
  double det = 1, work[16 * 16];
  for (size_t j = 0; j < m; j++) {
    for (size_t i = 0; i < m; i++) q[j * m + i] = normal();
    for (size_t pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        double c = 0;
        for (size_t i = 0; i < m; i++) c += q[j * m + i] * q[k * m + i];
        for (size_t i = 0; i < m; i++) q[j * m + i] -= c * q[k * m + i];
      }
    double norm = 0;
    for (size_t i = 0; i < m; i++) norm += q[j * m + i] * q[j * m + i];
    for (size_t i = 0; i < m; i++) q[j * m + i] /= sqrt(norm);
  }
  memcpy(work, q, m * m * sizeof *q);
  for (size_t k = 0; k < m; k++) {
    size_t p = k;
    for (size_t i = k; i < m; i++)
      if (fabs(work[i * m + k]) > fabs(work[p * m + k])) p = i;
    if (p != k) det = -det;
    for (size_t j = 0; j < m; j++) {
      double t = work[k * m + j];
      work[k * m + j] = work[p * m + j];
      work[p * m + j] = t;
    }
    det *= work[k * m + k];
    for (size_t i = k + 1; i < m; i++) {
      double f = work[i * m + k] / work[k * m + k];
      for (size_t j = 0; j < m; j++) work[i * m + j] -= f * work[k * m + j];
    }
  }
  for (size_t i = 0; i < m && det < 0; i++) q[(m - 1) * m + i] *= -1;
}

/* sum_{a<b} B_ab (Q S Q^T)_ab for B, S of blocks b_k, s_k. */
static double inner(const double *q, size_t m, const double *b,
                    const double *s) {
  double value = 0;
  for (size_t k = 0; k < m / 2; k++)
    for (size_t l = 0; l < m / 2; l++) {
      const double *u = q + 2 * k * m, *v = u + m;
      value += b[k] * s[l] * (u[2 * l] * v[2 * l + 1] - u[2 * l + 1] * v[2 * l]);
    }
  return value;
}

/* p2, p4 and the Pfaffian of whole numbers. */
static fmpq *invariants(const double *b, size_t rank) {
  slong p2 = 0, p4 = 0, pf = 1;
  for (size_t k = 0; k < rank; k++) {
    slong x = (slong)b[k];
    p2 += x * x;
    p4 += x * x * x * x;
    pf *= x;
  }
  fmpq *out = _fmpq_vec_init(3);
  fmpq_set_si(out, p2, 1);
  fmpq_set_si(out + 1, p4, 1);
  fmpq_set_si(out + 2, pf, 1);
  return out;
}

static double to_double(const fmpq_t x) {
  return fmpz_get_d(fmpq_numref(x)) / fmpz_get_d(fmpq_denref(x));
}

/* From the spectra, whose sizes are |b_k| and |s_k|, the same numbers. */
static void check_balls(size_t m, const double *b, const double *s, const fmpq_t second,
                        const fmpq_t fourth) {
  slong rank = (slong)m / 2;
  int sign = 1;
  arb_ptr x = _arb_vec_init(2 * rank + 2);
  for (slong k = 0; k < rank; k++) {
    arb_set_d(x + k, fabs(b[k]));
    arb_set_d(x + rank + k, fabs(s[k]));
    sign *= (b[k] * s[k] > 0) - (b[k] * s[k] < 0);
  }
  arb_struct *two = x + 2 * rank;
  adjoint_so_cumulants_ball(two, two + 1, m, sign, x, x + rank, 128);
  tap_ok(arb_contains_fmpq(two, second) && arb_contains_fmpq(two + 1, fourth) &&
             arb_rel_accuracy_bits(two) > 100,
         "so(%zu): cumulants as balls", m);
  _arb_vec_clear(x, 2 * rank + 2);
}

static void check_haar(size_t m) {
  double b[8], s[8], q[16 * 16];
  size_t rank = m / 2;
  for (size_t k = 0; k < rank; k++) {
    b[k] = (double)tap_random_below(4);
    s[k] = (double)tap_random_below(3) + 1;
  }
  b[0] += 1;
  if (m == 8 && tap_random_below(2)) s[0] = -s[0];
  fmpq *bi = invariants(b, rank), *si = invariants(s, rank);
  fmpq_t second, fourth;
  fmpq_init(second);
  fmpq_init(fourth);
  adjoint_so_cumulants(second, fourth, m, bi, si);
  check_balls(m, b, s, second, fourth);
  double v = to_double(second), want = to_double(fourth) + 3 * v * v;
  long n = tap_iterations(60000);
  double m2 = 0, m4 = 0, m8 = 0;
  for (long i = 0; i < n; i++) {
    rotation(q, m);
    double x = inner(q, m, b, s);
    m2 += x * x;
    m4 += x * x * x * x;
    m8 += pow(x, 8);
  }
  m2 /= (double)n;
  m4 /= (double)n;
  m8 /= (double)n;
  double e2 = sqrt((m4 - m2 * m2) / (double)n);
  double e4 = sqrt((m8 - m4 * m4) / (double)n);
  tap_ok(fabs(m2 - v) < 5 * e2 && fabs(m4 - want) < 5 * e4,
         "so(%zu): E l^2 = %.5g (%.5g +- %.2g), E l^4 = %.5g (%.5g +- %.2g)", m, v,
         m2, e2, want, m4, e4);
  _fmpq_vec_clear(bi, 3);
  _fmpq_vec_clear(si, 3);
  fmpq_clear(second);
  fmpq_clear(fourth);
}

/* B = e_0 ^ e_1 and S a complex structure: a coordinate of the unit sphere of
   R^(m-1), with excess kurtosis -6 / (m + 1). */
static void check_sphere(size_t m) {
  double b[32] = {1}, s[32];
  for (size_t k = 0; k < m / 2; k++) s[k] = 1;
  fmpq *bi = invariants(b, m / 2), *si = invariants(s, m / 2);
  fmpq_t second, fourth, want;
  fmpq_init(second);
  fmpq_init(fourth);
  fmpq_init(want);
  adjoint_so_cumulants(second, fourth, m, bi, si);
  fmpq_div(fourth, fourth, second);
  fmpq_div(fourth, fourth, second);
  fmpq_set_si(want, -6, m + 1);
  char *text = fmpq_get_str(NULL, 10, fourth);
  tap_ok(fmpq_equal(fourth, want), "so(%zu): a plane against a complex structure, "
         "kurtosis %s", m, text);
  flint_free(text);
  _fmpq_vec_clear(bi, 3);
  _fmpq_vec_clear(si, 3);
  fmpq_clear(second);
  fmpq_clear(fourth);
  fmpq_clear(want);
}

/* so(6) = su(4), observable and state of rank one up to a multiple of 1: the weight
   of a random vector on a line, with density 3 (1 - x)^2. Both are complex
   structures of R^6: l = 3 - 4 (1 - x) for orientations alike. */
static void check_su4(void) {
  double b[3] = {1, 1, 1};
  fmpq *bi = invariants(b, 3);
  fmpq_t second, fourth, want2, want4;
  fmpq_init(second);
  fmpq_init(fourth);
  fmpq_init(want2);
  fmpq_init(want4);
  adjoint_so_cumulants(second, fourth, 6, bi, bi);
  /* x ~ Beta(1, 3): variance 3/80, times 4^2 */
  fmpq_set_si(want2, 3, 5);
  fmpq_set_si(want4, 0, 1);
  /* E (x - 1/4)^4 = sum binom(4, k) (-1/4)^(4-k) E x^k, E x^k = 3! k! / (k + 3)! */
  static const slong binomial[] = {1, 4, 6, 4, 1};
  fmpq_t term;
  fmpq_init(term);
  for (slong k = 0; k <= 4; k++) {
    slong num = 6, den = 1;
    for (slong j = 1; j <= k; j++) num *= j;
    for (slong j = 1; j <= k + 3; j++) den *= j;
    slong power = 1;
    for (slong j = k; j < 4; j++) power *= -4;
    fmpq_set_si(term, num * binomial[k] * 256, 1);
    fmpz_set_si(fmpq_denref(term), den);
    fmpq_canonicalise(term);
    fmpz_t p;
    fmpz_init_set_si(p, power);
    fmpq_div_fmpz(term, term, p);
    fmpz_clear(p);
    fmpq_add(want4, want4, term);
  }
  fmpq_set_si(term, -27, 25); /* -3 variance^2 */
  fmpq_add(want4, want4, term);
  char *text = fmpq_get_str(NULL, 10, fourth);
  tap_ok(fmpq_equal(second, want2) && fmpq_equal(fourth, want4),
         "so(6) = su(4): projectors of rank one, fourth cumulant %s", text);
  flint_free(text);
  _fmpq_vec_clear(bi, 3);
  fmpq_clear(second);
  fmpq_clear(fourth);
  fmpq_clear(want2);
  fmpq_clear(want4);
  fmpq_clear(term);
}

/* --- sums of uniforms ----------------------------------------------------------------- */

static void set_widths(adjoint_law_t law, const double *w, size_t count) {
  adjoint_law_init(law);
  adjoint_family_struct *f = adjoint_law_append(law, ORBIT_SO, 3, count);
  fmpq_set_si(f->second, 1, 1); /* not 0 */
  for (size_t k = 0; k < count; k++) {
    arb_set_d(f->observable + k, w[k]);
    arb_one(f->state + k);
  }
}

/* P(l <= x) anew for each x. */
static status_t cdf_at(arb_t value, const adjoint_law_t law, const arb_t x, slong prec) {
  adjoint_cdf_t cdf;
  status_t status = adjoint_cdf_init(cdf, law, prec);
  if (status != STATUS_OK) return status;
  adjoint_cdf_value(value, cdf, x, prec);
  adjoint_cdf_clear(cdf);
  return STATUS_OK;
}

/* By the recursion F_n(x) = integral of F_(n-1) over a window, on a grid: simply
   samples here, and the moments of the law. */
static void check_uniforms(size_t count) {
  double w[40], reach = 0;
  for (size_t k = 0; k < count; k++) reach += w[k] = 0.1 + uniform();
  adjoint_law_t law;
  set_widths(law, w, count);
  long n = tap_iterations(20000);
  double x = reach * (2 * uniform() - 1) / sqrt((double)count);
  long below = 0;
  for (long i = 0; i < n; i++) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += w[k] * (2 * uniform() - 1);
    below += sum <= x;
  }
  arb_t cdf, at, other;
  arb_init(cdf);
  arb_init(at);
  arb_init(other);
  arb_set_d(at, x);
  bool ok = cdf_at(cdf, law, at, 128) == STATUS_OK;
  double p = arf_get_d(arb_midref(cdf), ARF_RND_NEAR);
  double seen = (double)below / (double)n;
  ok = ok && fabs(p - seen) < 5 * sqrt(0.25 / (double)n) &&
       arb_rel_accuracy_bits(cdf) > 20;
  arb_neg(at, at);
  ok = ok && cdf_at(other, law, at, 128) == STATUS_OK;
  arb_add(other, other, cdf, 128); /* F(x) + F(-x) = 1 */
  ok = ok && arb_contains_si(other, 1);
  tap_ok(ok, "sum of %zu uniforms: F(%.4g) = %.6f, seen %.4f", count, x, p, seen);
  arb_clear(cdf);
  arb_clear(at);
  arb_clear(other);
  adjoint_law_clear(law);
}

/* Series and polynomial, one with a thirteenth width that is nothing much. */
static void check_series(void) {
  double w[13];
  for (size_t k = 0; k < 12; k++) w[k] = 0.5 + uniform();
  w[12] = 1e-9;
  adjoint_law_t few, many;
  set_widths(few, w, 12);
  set_widths(many, w, 13);
  arb_t a, b, x;
  arb_init(a);
  arb_init(b);
  arb_init(x);
  bool ok = true;
  for (int i = 0; i < 5; i++) {
    arb_set_d(x, 6 * uniform() - 3);
    ok = ok && cdf_at(a, few, x, 192) == STATUS_OK &&
         cdf_at(b, many, x, 192) == STATUS_OK;
    arb_sub(a, a, b, 192);
    arb_abs(a, a);
    ok = ok && arf_cmpabs_d(arb_midref(a), 1e-12) < 0 &&
         mag_cmp_2exp_si(arb_radref(a), -40) < 0;
  }
  tap_ok(ok, "the series and the piecewise polynomial agree");
  arb_clear(a);
  arb_clear(b);
  arb_clear(x);
  adjoint_law_clear(few);
  adjoint_law_clear(many);
}

/* --- Harish-Chandra ------------------------------------------------------------------- */

static void set_orbit(adjoint_law_t law, size_t m, const double *b, const double *s,
                      int orientation) {
  adjoint_law_init(law);
  adjoint_family_struct *f = adjoint_law_append(law, ORBIT_SO, m, 1);
  fmpq_set_si(f->second, 1, 1); /* not 0 */
  for (size_t k = 0; k < m / 2; k++) {
    arb_set_d(f->observable + k, fabs(b[k]));
    arb_set_d(f->state + k, fabs(s[k]));
  }
  f->orientation = orientation;
}

static int order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* sqrt(n) D of samples by Haar rotations at 100 of them; beyond 2.7 once in a million. */
static void check_orbit_law(size_t m, const double *b, const double *s, int orientation) {
  adjoint_law_t law;
  adjoint_cdf_t cdf;
  size_t n = (size_t)tap_iterations(4000);
  double *x = malloc(n * sizeof *x), q[16 * 16], far = 0;
  set_orbit(law, m, b, s, orientation);
  bool ok = adjoint_cdf_init(cdf, law, 128) == STATUS_OK;
  for (size_t i = 0; i < n; i++) {
    rotation(q, m);
    x[i] = inner(q, m, b, s);
  }
  qsort(x, n, sizeof *x, order);
  arb_t at, value;
  arb_init(at);
  arb_init(value);
  size_t step = n < 100 ? 1 : n / 100;
  for (size_t i = step / 2; ok && i < n; i += step) {
    arb_set_d(at, x[i]);
    adjoint_cdf_value(value, cdf, at, 128);
    ok = mag_cmp_2exp_si(arb_radref(value), -16) < 0;
    far = fmax(far, fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) -
                         ((double)i + 0.5) / (double)n));
  }
  tap_ok(ok && far * sqrt((double)n) < 2.7, "so(%zu): law by Harish-Chandra, %ld terms, "
         "sqrt(n) D = %.2f", m, ok ? (long)cdf->num_terms : 0, far * sqrt((double)n));
  if (ok) adjoint_cdf_clear(cdf);
  arb_clear(at);
  arb_clear(value);
  adjoint_law_clear(law);
  free(x);
}

/* Pure Gaussian states and one mode: (1 + l)/2 ~ Beta(N-1, N-1), m = 2N. */
static void check_beta(void) {
  double b[4] = {1}, s[4] = {1, 1, 1, 1};
  adjoint_law_t law;
  arb_t x, value, a;
  set_orbit(law, 8, b, s, 0);
  arb_init(x);
  arb_init(value);
  arb_init(a);
  adjoint_cdf_t cdf;
  bool ok = adjoint_cdf_init(cdf, law, 128) == STATUS_OK;
  for (int i = -3; i <= 3 && ok; i++) {
    arb_set_d(x, 0.3 * i);
    adjoint_cdf_value(value, cdf, x, 128);
    arb_add_si(x, x, 1, 128);
    arb_mul_2exp_si(x, x, -1);
    arb_set_si(a, 3);
    arb_hypgeom_beta_lower(a, a, a, x, 1, 128);
    ok = ok && arb_overlaps(a, value) && mag_cmp_2exp_si(arb_radref(value), -20) < 0;
  }
  if (cdf->num_terms) adjoint_cdf_clear(cdf);
  tap_ok(ok, "one mode of a pure Gaussian state: a Beta law");
  arb_clear(x);
  arb_clear(value);
  arb_clear(a);
  adjoint_law_clear(law);
}

/* The rank of the second derivatives at the global minimum, where B and S are blocks
   and S is paired against B: along e_a e_b^T - e_b e_a^T, by finite matrices. */
static size_t bends(size_t m, const double *b, const double *s) {
  double big[16][16] = {{0}}, small[16][16] = {{0}};
  for (size_t k = 0; k < m / 2; k++) {
    big[2 * k][2 * k + 1] = b[k];
    big[2 * k + 1][2 * k] = -b[k];
    small[2 * k][2 * k + 1] = s[k];
    small[2 * k + 1][2 * k] = -s[k];
  }
  /* Hessian h(X, Y) = -tr([X, B] [Y, S]), of so(m) in the basis above; its rank by
     elimination. */
  size_t d = m * (m - 1) / 2, n = 0;
  double *h = calloc(d * d, sizeof *h), *cb = calloc(d * m * m, sizeof *cb),
         *cs = calloc(d * m * m, sizeof *cs);
  for (size_t i = 0; i < m; i++)
    for (size_t j = i + 1; j < m; j++, n++)
      for (size_t k = 0; k < m; k++) {
        /* [X, B] = X B - B X for X = e_i e_j^T - e_j e_i^T */
        cb[n * m * m + i * m + k] += big[j][k];
        cb[n * m * m + j * m + k] -= big[i][k];
        cb[n * m * m + k * m + j] -= big[k][i];
        cb[n * m * m + k * m + i] += big[k][j];
        cs[n * m * m + i * m + k] += small[j][k];
        cs[n * m * m + j * m + k] -= small[i][k];
        cs[n * m * m + k * m + j] -= small[k][i];
        cs[n * m * m + k * m + i] += small[k][j];
      }
  for (size_t x = 0; x < d; x++)
    for (size_t y = 0; y < d; y++)
      for (size_t k = 0; k < m * m; k++)
        h[x * d + y] += cb[x * m * m + k] * cs[y * m * m + k];
  size_t rank = ref_matrix_rank(h, d, d, 1e-9);
  free(h);
  free(cb);
  free(cs);
  return rank;
}

static void check_codimension(void) {
  long runs = tap_iterations(60), good = 0;
  for (long t = 0; t < runs; t++) {
    size_t m = 5 + tap_random() % 5, rank = m / 2, zeros = 0;
    double b[8], s[8], paired[8];
    for (size_t k = 0; k < rank; k++) {
      b[k] = (double)(tap_random() % 3);
      s[k] = (double)(tap_random() % 3);
    }
    for (size_t i = 0; i < rank; i++) /* descending */
      for (size_t j = i + 1; j < rank; j++) {
        double x = b[i], y = s[i];
        if (b[j] > x) b[i] = b[j], b[j] = x;
        if (s[j] > y) s[i] = s[j], s[j] = y;
      }
    for (size_t k = 0; k < rank; k++) zeros += b[k] == 0 || s[k] == 0;
    int turn = m % 2 || zeros ? 0 : tap_random() % 2 ? 1 : -1;
    /* Least l = sum b_k x_k over signs whose product is that of the orientation. */
    for (size_t k = 0; k < rank; k++) paired[k] = -s[k];
    if (turn && (rank % 2 ? -turn : turn) < 0) paired[rank - 1] = s[rank - 1];
    adjoint_law_t law;
    set_orbit(law, m, b, s, turn);
    if (b[0] == 0 || s[0] == 0) fmpq_zero(law->families->second);
    size_t found = adjoint_law_codimension(law), expected = bends(m, b, paired);
    good += found == expected;
    if (found != expected)
      tap_diag("so(%zu), orientation %d: %zu, second derivatives %zu", m, turn, found,
               expected);
    adjoint_law_clear(law);
  }
  tap_ok(good == runs, "codimensions of %ld sets of global minima", runs);
}

int main(void) {
  tap_begin("t-adjoint");
  for (size_t m = 5; m <= 10; m++) check_haar(m);
  check_haar(8);
  check_haar(3);
  for (size_t m = 6; m <= 30; m += 4) check_sphere(m);
  check_su4();
  for (size_t count = 1; count <= 7; count++) check_uniforms(count);
  check_uniforms(13);
  check_uniforms(29);
  check_series();
  check_orbit_law(5, (double[]){1, 0.4}, (double[]){1, 0.7}, 0);
  check_orbit_law(6, (double[]){1, 0.5, 0.3}, (double[]){1, 0.8, 0.3}, 1);
  check_orbit_law(6, (double[]){1, 0.5, -0.3}, (double[]){1, 0.8, 0.3}, -1);
  check_orbit_law(7, (double[]){1, 0.5, 0.5}, (double[]){1, 1, 1}, 0);
  check_orbit_law(8, (double[]){1, 0.5, 0.3, 0.2}, (double[]){1, 1, 1, 1}, 1);
  check_orbit_law(8, (double[]){1, 1, 0, 0}, (double[]){1, 1, 1, 1}, 0);
  check_beta();
  check_codimension();
  return tap_end();
}
