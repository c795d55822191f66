/* Distribution functions, quantiles, distances and gradients. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws.h"
#include "tests/laws_inputs.h"
#include "tests/ref_laws.h"
#include "tests/tap.h"

static long random_half_shape(void) {
  static const long sizes[5] = {3, 8, 40, 400, 20000};
  return 1 + (long)tap_random_below((size_t)sizes[tap_random_below(5)]);
}

/* --- the inversion against the library's incomplete functions ------------------ */

static void test_single(void) {
  bool gamma = true, beta = true;
  arb_t x, value, expected, a, b, zero;
  arb_ptr scales = _arb_vec_init(2);
  fmpq shapes[2];
  fmpq_init(shapes);
  fmpq_init(shapes + 1);
  arb_init(x);
  arb_init(value);
  arb_init(expected);
  arb_init(a);
  arb_init(b);
  arb_init(zero);
  for (long it = tap_iterations(60); it > 0; it--) {
    long p = random_half_shape(), q = random_half_shape();
    slong prec = 20 + (slong)tap_random_below(80);
    fmpq_set_si(shapes, p, 2);
    fmpq_canonicalise(shapes);
    fmpq_set_si(shapes + 1, q, 2);
    fmpq_canonicalise(shapes + 1);
    arb_set_fmpq(a, shapes, 2000);
    arb_set_fmpq(b, shapes + 1, 2000);
    /* within a few deviations of the mean */
    double mean = (double)p / 2, at;
    do at = mean + sqrt(mean) * 2 * ref_normal();
    while (at <= 0);
    if (p < 500) {
      arb_one(scales);
      arb_set_d(x, at);
      status_t status = laws_gamma_sum_cdf(value, scales, shapes, 1, x, prec);
      arb_hypgeom_gamma_lower(expected, a, x, 1, 2000);
      bool good = status == STATUS_OK && arb_overlaps(value, expected) &&
                  mag_cmp_2exp_si(arb_radref(value), 2 - prec) < 0;
      if (!good) tap_diag("gamma %ld/2 at %.17g, %ld bits", p, at, (long)prec);
      gamma = gamma && good;
    }
    double m = (double)p / (double)(p + q);
    do at = m + sqrt(m * (1 - m) / (double)(p + q)) * 2 * ref_normal();
    while (at <= 0 || at >= 1);
    arb_set_d(x, at);
    arb_neg(scales + 1, x);
    arb_add_ui(scales, scales + 1, 1, 200);
    status_t status = laws_gamma_sum_cdf(value, scales, shapes, 2, zero, prec);
    arb_hypgeom_beta_lower(expected, a, b, x, 1, 2000);
    bool good = status == STATUS_OK && arb_overlaps(value, expected) &&
                mag_cmp_2exp_si(arb_radref(value), 2 - prec) < 0;
    if (!good)
      tap_diag("beta %ld/2 %ld/2 at %.17g, %ld bits", p, q, at, (long)prec);
    beta = beta && good;
  }
  tap_ok(gamma, "inversion of one Gamma variable");
  tap_ok(beta, "inversion of a Beta variable");
  _arb_vec_clear(scales, 2);
  fmpq_clear(shapes);
  fmpq_clear(shapes + 1);
  arb_clear(x);
  arb_clear(value);
  arb_clear(expected);
  arb_clear(a);
  arb_clear(b);
  arb_clear(zero);
}

/* Exponentials of distinct scales d_i, any signs:
   P(sum <= x) = 1 - sum_{d_i > 0} exp(-x/d_i) prod_{j != i} d_i/(d_i - d_j)
   for x >= 0. */
static void test_exponentials(void) {
  bool ok = true;
  enum { MOST = 5 };
  arb_ptr scales = _arb_vec_init(MOST);
  fmpq *shapes = _fmpq_vec_init(MOST);
  arb_t x, value, expected, term;
  arb_init(x);
  arb_init(value);
  arb_init(expected);
  arb_init(term);
  for (slong i = 0; i < MOST; i++) fmpq_one(shapes + i);
  for (long it = tap_iterations(60); it > 0; it--) {
    slong n = 2 + (slong)tap_random_below(MOST - 1);
    long d[MOST];
    for (slong i = 0; i < n; i++) {
      bool again = true;
      while (again) {
        d[i] = (long)tap_random_below(41) - 20;
        again = d[i] == 0;
        for (slong j = 0; j < i; j++) again = again || d[i] == d[j];
      }
      arb_set_si(scales + i, d[i]);
    }
    arb_set_si(x, (long)tap_random_below(50));
    arb_mul_2exp_si(x, x, -1);
    arb_one(expected);
    for (slong i = 0; i < n; i++) {
      if (d[i] < 0) continue;
      arb_div_si(term, x, -d[i], 300);
      arb_exp(term, term, 300);
      for (slong j = 0; j < n; j++)
        if (j != i) {
          arb_mul_si(term, term, d[i], 300);
          arb_div_si(term, term, d[i] - d[j], 300);
        }
      arb_sub(expected, expected, term, 300);
    }
    bool good = laws_gamma_sum_cdf(value, scales, shapes, n, x, 60) ==
                    STATUS_OK &&
                arb_overlaps(value, expected) &&
                mag_cmp_2exp_si(arb_radref(value), -57) < 0;
    if (!good) {
      tap_diag("exponentials at %g:", laws_mid(x));
      for (slong i = 0; i < n; i++) tap_diag("  scale %ld", d[i]);
    }
    /* reflected */
    for (slong i = 0; i < n; i++) arb_neg(scales + i, scales + i);
    arb_neg(x, x);
    arb_sub_ui(expected, expected, 1, 300);
    arb_neg(expected, expected);
    good = good && laws_gamma_sum_cdf(value, scales, shapes, n, x, 60) ==
                       STATUS_OK &&
           arb_overlaps(value, expected);
    ok = ok && good;
  }
  tap_ok(ok, "sums and differences of exponentials");
  _arb_vec_clear(scales, MOST);
  _fmpq_vec_clear(shapes, MOST);
  arb_clear(x);
  arb_clear(value);
  arb_clear(expected);
  arb_clear(term);
}

/* Z ~ Beta(1, N-1): P(Z <= u) = 1 - (1-u)^(N-1), N = 2^1000. */
static void test_huge(void) {
  laws_block_t block;
  laws_loss_t loss;
  fmpq *v = _fmpq_vec_init(2);
  fmpz *m = _fmpz_vec_init(2);
  arb_t x, value, expected;
  fmpq_t q;
  laws_block_init(block);
  laws_loss_init(loss);
  arb_init(x);
  arb_init(value);
  arb_init(expected);
  fmpq_init(q);
  fmpz_one(m);
  fmpz_mul_2exp(m, m, 1000);
  fmpz_sub_ui(m, m, 1);
  fmpz_one(m + 1);
  fmpq_one(v + 1);
  laws_block_set_spectrum(block, v, m, 2);
  laws_loss_append(loss, block);
  arb_set_si(x, 3);
  arb_mul_2exp_si(x, x, -1001);
  bool ok = laws_finite_cdf(value, loss, x, 60) == STATUS_OK;
  arb_neg(expected, x);
  arb_log1p(expected, expected, 3000);
  arb_mul_fmpz(expected, expected, m, 3000);
  arb_expm1(expected, expected, 3000);
  arb_neg(expected, expected);
  tap_ok(ok && arb_overlaps(value, expected) &&
             mag_cmp_2exp_si(arb_radref(value), -55) < 0,
         "N = 2^1000, rank 1: distribution function %.15f", laws_mid(value));
  fmpq_set_si(q, 3, 7);
  ok = laws_finite_quantile(x, loss, q, 40) == STATUS_OK;
  arb_neg(expected, x);
  arb_log1p(expected, expected, 3000);
  arb_mul_fmpz(expected, expected, m, 3000);
  arb_expm1(expected, expected, 3000);
  arb_neg(expected, expected);
  tap_ok(ok && arb_contains_fmpq(expected, q) &&
             mag_cmp_2exp_si(arb_radref(expected), -30) < 0,
         "N = 2^1000, rank 1: quantile");
  laws_block_clear(block);
  laws_loss_clear(loss);
  _fmpq_vec_clear(v, 2);
  _fmpz_vec_clear(m, 2);
  arb_clear(x);
  arb_clear(value);
  arb_clear(expected);
  fmpq_clear(q);
}

/* --- against samples -------------------------------------------------------------- */

/* sqrt(n) times the Kolmogorov distance of the samples, seen on a grid of
   quantiles of the samples, to the law. Never more than the full statistic. */
static double kolmogorov(const laws_loss_t loss, bool wishart, double *samples,
                         size_t count) {
  arb_t x, value;
  double worst = 0;
  arb_init(x);
  arb_init(value);
  qsort(samples, count, sizeof *samples, tap_compare_doubles);
  for (size_t i = 0; i < 40; i++) {
    size_t at = (2 * i + 1) * count / 80;
    arb_set_d(x, samples[at]);
    status_t status = wishart ? laws_wishart_cdf(value, loss, x, 30)
                              : laws_finite_cdf(value, loss, x, 30);
    if (status != STATUS_OK) return 1e9;
    double d = fabs(laws_mid(value) - ((double)at + 0.5) / (double)count);
    if (d > worst) worst = d;
  }
  arb_clear(x);
  arb_clear(value);
  return worst * sqrt((double)count);
}

static void test_sampled_finite(void) {
  static const struct {
    ulong beta; slong length; long levels[3], mult[3], s, weight;
  } cases[] = {{1, 2, {0, 1, 0}, {1, 1, 0}, 1, 2},
               {1, 3, {-1, 0, 2}, {1, 2, 1}, 1, -3},
               {2, 3, {-3, 1, 2}, {2, 1, 2}, 1, 1},
               {4, 3, {0, 1, 5}, {1, 1, 1}, 1, 2},
               {2, 3, {0, 1, 5}, {2, 1, 1}, 3, 2},
               {1, 2, {0, 2, 0}, {1, 5, 0}, 3, -2},
               {4, 2, {-1, 2, 0}, {4, 1, 0}, 2, 2},
               {2, 2, {-1, 1, 0}, {4, 4, 0}, 1, 2}};
  size_t count = 20000;
  double *samples = malloc(count * sizeof *samples);
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    laws_loss_t loss;
    double eigenvalues[16];
    size_t n = 0;
    laws_loss_init(loss);
    laws_one_block(loss, cases[c].beta, cases[c].levels, cases[c].mult,
              cases[c].length, cases[c].s, cases[c].weight);
    for (slong i = 0; i < cases[c].length; i++)
      for (long k = 0; k < cases[c].mult[i]; k++)
        eigenvalues[n++] = (double)cases[c].levels[i];
    for (size_t i = 0; i < count; i++)
      samples[i] = (double)cases[c].weight / 2 *
                   ref_haar_sample((int)cases[c].beta, n, (size_t)cases[c].s,
                                   eigenvalues);
    double ks = kolmogorov(loss, false, samples, count);
    /* P(statistic > 2.7) = 2 exp(-2 2.7^2) < 1e-6 */
    tap_ok(ks < 2.7, "finite law, beta %lu N %zu s %ld: KS statistic %.2f",
           cases[c].beta, n, cases[c].s, ks);
    laws_loss_clear(loss);
  }
  free(samples);
}

static void test_sampled_wishart(void) {
  size_t count = 20000;
  double *samples = malloc(count * sizeof *samples);
  laws_loss_t loss;
  laws_loss_init(loss);
  /* levels -1 (N - r) and 1 (r): obar = 2r/N above the least level -1 */
  const long levels[2] = {-1, 1}, m1[2] = {6, 2}, m2[2] = {3, 1};
  laws_one_block(loss, 1, levels, m1, 2, 1, 2);  /* k = 2, obar = 1/2 */
  laws_one_block(loss, 2, levels, m2, 2, 1, -2); /* k = 2, obar = 1/2 */
  laws_one_block(loss, 4, levels, m1, 2, 2, 1);  /* k = 16 */
  fmpz_set_ui(loss->blocks[0].count, 3);
  fmpq_set_si(loss->constant, 5, 1);
  for (size_t i = 0; i < count; i++) {
    double l = 5 - 3.0 + 1 - 0.5;
    l += 0.5 * (2.0 / 2) * ref_gamma_half(6);
    l -= 0.5 * (2.0 / 2) * ref_gamma_half(2);
    l += 0.25 * (2.0 / 16) * ref_gamma_half(16);
    samples[i] = l;
  }
  double ks = kolmogorov(loss, true, samples, count);
  tap_ok(ks < 2.7, "Wishart form of three kinds of blocks: KS statistic %.2f",
         ks);
  arb_t x, value;
  fmpq_t q;
  arb_init(x);
  arb_init(value);
  fmpq_init(q);
  bool ok = true;
  for (long k = 1; k < 8; k++) {
    fmpq_set_si(q, k, 8);
    fmpq_canonicalise(q);
    ok = ok && laws_wishart_quantile(x, loss, q, 30) == STATUS_OK &&
         laws_wishart_cdf(value, loss, x, 40) == STATUS_OK &&
         arb_contains_fmpq(value, q) &&
         mag_cmp_2exp_si(arb_radref(value), -25) < 0;
  }
  fmpq_one(q);
  ok = ok && laws_wishart_quantile(x, loss, q, 30) == STATUS_BAD_INPUT &&
       laws_finite_cdf(value, loss, x, 30) == STATUS_UNDECIDED;
  tap_ok(ok, "quantiles of that law; several blocks at finite N: undecided");
  laws_loss_clear(loss);
  free(samples);
  arb_clear(x);
  arb_clear(value);
  fmpq_clear(q);
}

static void test_constants(void) {
  laws_loss_t loss;
  arb_t x, value;
  fmpq_t q;
  laws_loss_init(loss);
  arb_init(x);
  arb_init(value);
  fmpq_init(q);
  fmpq_set_si(q, 1, 2);
  fmpq_set_si(loss->constant, 1, 1);
  const long levels[1] = {3}, mult[1] = {4};
  laws_one_block(loss, 2, levels, mult, 1, 1, 2);
  arb_set_ui(x, 4);
  bool ok = laws_finite_cdf(value, loss, x, 30) == STATUS_OK &&
            arb_is_one(value) &&
            laws_wishart_cdf(value, loss, x, 30) == STATUS_OK &&
            arb_is_one(value);
  arb_set_d(x, 3.99);
  ok = ok && laws_finite_cdf(value, loss, x, 30) == STATUS_OK &&
       arb_is_zero(value) &&
       laws_finite_quantile(value, loss, q, 30) == STATUS_OK &&
       arb_equal_si(value, 4) &&
       laws_distance(value, loss, 20, 100) == STATUS_OK && arb_is_zero(value);
  arb_indeterminate(x);
  ok = ok && laws_finite_cdf(value, loss, x, 30) == STATUS_UNDECIDED &&
       laws_wishart_cdf(value, loss, x, 30) == STATUS_UNDECIDED;
  tap_ok(ok, "a constant loss");
  laws_loss_clear(loss);
  arb_clear(x);
  arb_clear(value);
  fmpq_clear(q);
}

/* --- distance --------------------------------------------------------------------- */

static void test_distance(void) {
  arb_t distance, bound, expected, x, f, g;
  arb_init(distance);
  arb_init(bound);
  arb_init(expected);
  arb_init(x);
  arb_init(f);
  arb_init(g);
  {
    /* N = 2, r = 1, beta = 2: u against 1 - exp(-2u): (1 - log 2)/2 */
    laws_loss_t loss;
    laws_loss_init(loss);
    const long levels[2] = {0, 1}, mult[2] = {1, 1};
    laws_one_block(loss, 2, levels, mult, 2, 1, 2);
    arb_const_log2(expected, 100);
    arb_sub_ui(expected, expected, 1, 100);
    arb_mul_2exp_si(expected, expected, -1);
    arb_neg(expected, expected);
    bool ok = laws_distance(distance, loss, 40, 100) == STATUS_OK &&
              arb_overlaps(distance, expected) &&
              mag_cmp_2exp_si(arb_radref(distance), -35) < 0;
    tap_ok(ok, "distance of the uniform law to its Wishart form: %.12f",
           laws_mid(distance));
    laws_loss_clear(loss);
  }
  bool inside = true, ordered = true;
  for (long it = tap_iterations(12); it > 0; it--) {
    static const ulong betas[3] = {1, 2, 4};
    laws_loss_t loss;
    laws_loss_init(loss);
    long levels[3] = {0, 1, 3}, mult[3];
    mult[0] = 2 + (long)tap_random_below(60);
    mult[1] = 1 + (long)tap_random_below(3);
    mult[2] = 1;
    slong length = it % 4 == 0 ? 3 : 2;
    laws_one_block(loss, betas[tap_random_below(3)], levels, mult, length, 1, 2);
    bool got = laws_distance(distance, loss, 12, 60) == STATUS_OK;
    inside = inside && got;
    arb_get_ubound_arf(arb_midref(bound), distance, 53);
    mag_zero(arb_radref(bound));
    double seen = 0, n = (double)(mult[0] + mult[1]);
    for (int i = 1; i < 60; i++) {
      arb_set_d(x, (double)i / 20 * (double)mult[1] / n);
      if (laws_finite_cdf(f, loss, x, 40) != STATUS_OK ||
          laws_wishart_cdf(g, loss, x, 40) != STATUS_OK)
        inside = false;
      arb_sub(f, f, g, 60);
      arb_abs(f, f);
      if (arb_gt(f, bound)) inside = false;
      if (laws_mid(f) > seen) seen = laws_mid(f);
    }
    if (length == 2) inside = inside && seen > 0.8 * laws_mid(distance);
    if (laws_distance_bound(bound, loss, 60) == STATUS_OK)
      ordered = ordered && arb_le(distance, bound);
    else
      ordered = ordered && (length == 3 || n < 5);
    laws_loss_clear(loss);
  }
  tap_ok(inside, "distances enclose what a grid sees");
  tap_ok(ordered, "the analytic bound is above the distance");
  arb_clear(distance);
  arb_clear(bound);
  arb_clear(expected);
  arb_clear(x);
  arb_clear(f);
  arb_clear(g);
}

/* --- gradients ----------------------------------------------------------------------- */

static void test_gradient_law(void) {
  bool laplace = true, integral = true;
  arb_t x, value, expected;
  arb_init(x);
  arb_init(value);
  arb_init(expected);
  for (long k = 1; k <= 6; k++) {
    laws_loss_t loss;
    laws_loss_init(loss);
    /* beta r = k, N = 8k: obar = 1/8, c = (1/8)/k; weight k gives c = 1/8 */
    const long levels[2] = {0, 1}, mult[2] = {7 * k, k};
    laws_one_block(loss, 1, levels, mult, 2, 1, 2 * k);
    if (k == 2) {
      arb_set_d(x, -0.25);
      laplace = laws_gradient_cdf(value, loss, x, 60) == STATUS_OK;
      arb_set_si(expected, -2);
      arb_exp(expected, expected, 100);
      arb_mul_2exp_si(expected, expected, -1);
      laplace = laplace && arb_overlaps(value, expected) &&
                laws_gradient_density(value, loss, x, 60) == STATUS_OK;
      arb_mul_2exp_si(expected, expected, 3);
      laplace = laplace && arb_overlaps(value, expected);
    }
    /* Simpson over [0.05, 0.55], 200 pieces: the error is (h^4/180) times the
       growth of f''', below 1e-6 for these scales */
    double sum = 0;
    int pieces = 200;
    for (int i = 0; i <= pieces; i++) {
      arb_set_d(x, 0.05 + 0.5 * i / pieces);
      if (laws_gradient_density(value, loss, x, 50) != STATUS_OK)
        integral = false;
      sum += laws_mid(value) * (i == 0 || i == pieces ? 1 : i % 2 ? 4 : 2);
    }
    sum *= 0.5 / pieces / 3;
    arb_set_d(x, 0.55);
    laws_gradient_cdf(value, loss, x, 50);
    arb_set_d(x, 0.05);
    laws_gradient_cdf(expected, loss, x, 50);
    arb_sub(value, value, expected, 60);
    if (fabs(laws_mid(value) - sum) > 2e-6) {
      tap_diag("k = %ld: %.9f, by density %.9f", k, laws_mid(value), sum);
      integral = false;
    }
    arb_zero(x);
    integral = integral &&
               laws_gradient_cdf(value, loss, x, 40) == STATUS_OK &&
               fabs(laws_mid(value) - 0.5) < 1e-10 &&
               laws_gradient_density(value, loss, x, 40) == STATUS_OK;
    if (k == 1) integral = integral && !arb_is_finite(value);
    if (k == 3) /* Gamma(1) / (2 sqrt(pi) Gamma(3/2) c) = 1/(pi c) */
      integral = integral && fabs(laws_mid(value) - 8 / 3.14159265358979) < 1e-9;
    laws_loss_clear(loss);
  }
  tap_ok(laplace, "two degrees of freedom: the Laplace law");
  tap_ok(integral, "the gradient density integrates to its function");
  arb_clear(x);
  arb_clear(value);
  arb_clear(expected);
}

/* O = |u><u|, u and v Haar vectors, K^2 = -1 in the Lie algebra:
   d/dtheta |<u, exp(K theta/2) v>|^2 = Re(conj(<u,v>) <u, K v>). */
static double gradient_sample(int beta, size_t n) {
  double *u = calloc(4 * n, sizeof *u), *v = calloc(4 * n, sizeof *v);
  double *kv = calloc(4 * n, sizeof *kv), norm_u = 0, norm_v = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < (size_t)beta; c++) {
      u[4 * i + c] = ref_normal();
      v[4 * i + c] = ref_normal();
      norm_u += u[4 * i + c] * u[4 * i + c];
      norm_v += v[4 * i + c] * v[4 * i + c];
    }
  for (size_t i = 0; i < n; i++) {
    if (beta == 1) { /* rotation of the planes (2j, 2j+1) */
      kv[4 * i] = i % 2 ? -v[4 * (i - 1)] : v[4 * (i + 1)];
      continue;
    }
    double sign = beta == 2 && 2 * i >= n ? -1 : 1; /* i on the left */
    kv[4 * i] = -sign * v[4 * i + 1];
    kv[4 * i + 1] = sign * v[4 * i];
    kv[4 * i + 2] = -sign * v[4 * i + 3];
    kv[4 * i + 3] = sign * v[4 * i + 2];
  }
  double a[4] = {0}, b[4] = {0}, sum = 0;
  for (size_t i = 0; i < n; i++) {
    ref_conj_mul(a, u + 4 * i, v + 4 * i);
    ref_conj_mul(b, u + 4 * i, kv + 4 * i);
  }
  for (int c = 0; c < 4; c++) sum += a[c] * b[c];
  free(u);
  free(v);
  free(kv);
  return sum / norm_u / norm_v;
}

static void test_gradient_moment(void) {
  fmpq_t moment, expected;
  fmpq_init(moment);
  fmpq_init(expected);
  for (int beta = 1; beta <= 4; beta *= 2) {
    long n = 2 * (1 + (long)tap_random_below(3));
    laws_loss_t loss;
    laws_loss_init(loss);
    const long levels[2] = {0, 1}, mult[2] = {n - 1, 1};
    laws_one_block(loss, (ulong)beta, levels, mult, 2, 1, 2);
    status_t status = laws_gradient_second_moment(moment, loss);
    double sum = 0, square = 0, count = 40000;
    for (int i = 0; i < (int)count; i++) {
      double g = gradient_sample(beta, (size_t)n);
      sum += g * g / count;
      square += g * g * g * g / count;
    }
    double off = (laws_rational(moment) - sum) / sqrt((square - sum * sum) / count);
    tap_ok(status == STATUS_OK && fabs(off) < 5.5,
           "gradient second moment, beta %d N %ld: off by %.1f sigma", beta, n,
           off);
    laws_loss_clear(loss);
  }
  /* large N: the Wishart form's variance; N odd: refused */
  laws_loss_t loss;
  laws_moments_t asymptotic;
  laws_loss_init(loss);
  laws_moments_init(asymptotic);
  const long levels[2] = {0, 1}, mult[2] = {1048568, 8};
  laws_one_block(loss, 4, levels, mult, 2, 1, 2);
  bool ok = laws_gradient_second_moment(moment, loss) == STATUS_OK &&
            laws_gradient_moments(asymptotic, loss) == STATUS_OK &&
            fabs(laws_rational(moment) / laws_rational(asymptotic->variance) - 1) <
                2e-5;
  const long odd[2] = {2, 1};
  laws_one_block(loss, 2, levels, odd, 2, 1, 2);
  ok = ok && laws_gradient_second_moment(moment, loss) == STATUS_BAD_INPUT;
  tap_ok(ok, "gradient second moment: large N, odd N");
  laws_loss_clear(loss);
  laws_moments_clear(asymptotic);
  fmpq_clear(moment);
  fmpq_clear(expected);
}

int main(void) {
  tap_begin("t-laws-cdf");
  test_single();
  test_exponentials();
  test_huge();
  test_sampled_finite();
  test_sampled_wishart();
  test_constants();
  test_distance();
  test_gradient_law();
  test_gradient_moment();
  return tap_end();
}
