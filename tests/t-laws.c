/* Exact moments of the laws, against identities and sampled unitaries. */
#include <math.h>
#include <stdlib.h>

#include <flint/fmpz_vec.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_jack.h"
#include "algebra/laws/laws.h"
#include "tests/ref_laws.h"
#include "tests/tap.h"

static double to_double(const fmpq_t q) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, q, 64);
  double d = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
  arb_clear(ball);
  return d;
}

static void set_levels(laws_block_t block, const long *values, const long *den,
                       const long *multiplicities, slong length) {
  fmpq *v = _fmpq_vec_init(length);
  fmpz *m = _fmpz_vec_init(length);
  for (slong i = 0; i < length; i++) {
    fmpq_set_si(v + i, values[i], (ulong)(den ? den[i] : 1));
    fmpz_set_si(m + i, multiplicities[i]);
  }
  if (laws_block_set_spectrum(block, v, m, length) != STATUS_OK) abort();
  _fmpq_vec_clear(v, length);
  _fmpz_vec_clear(m, length);
}

/* A random block of at most max_levels levels; N returned. */
static long random_block(laws_block_t block, size_t max_levels) {
  static const ulong betas[3] = {1, 2, 4};
  slong length = 1 + (slong)tap_random_below(max_levels);
  long values[8], den[8], mult[8], n = 0;
  for (slong i = 0; i < length; i++) {
    values[i] = (long)tap_random_below(11) - 5;
    den[i] = 1 + (long)tap_random_below(3);
    mult[i] = 1 + (long)tap_random_below(3);
    n += mult[i];
  }
  block->beta = betas[tap_random_below(3)];
  set_levels(block, values, den, mult, length);
  fmpz_one(block->rank);
  return n;
}

/* --- Jack polynomials ------------------------------------------------------ */

/* p_1 = 1, p_2 = B, p_3 = B^3, p_4 = B^4 puts the coefficients of
   1111, 211, 22, 31, 4 into the digits 0, 1, 2, 3, 4 to the base B. */
static void power_sum_coefficients(fmpz *out, int degree, int index,
                                   long alpha) {
  fmpq_t value, a;
  fmpq p[5];
  fmpz_t base, rest, half;
  static const ulong exponent[5] = {0, 0, 1, 3, 4};
  fmpq_init(value);
  fmpq_init(a);
  fmpz_init_set_ui(base, 1000003);
  fmpz_init(rest);
  fmpz_init_set_ui(half, 500001);
  fmpq_set_si(a, alpha, 1);
  for (int k = 0; k < 5; k++) {
    fmpq_init(p + k);
    fmpz_pow_ui(fmpq_numref(p + k), base, exponent[k]);
  }
  jack_eval(value, degree, index, a, p);
  fmpz_set(rest, fmpq_numref(value));
  for (int k = 0; k < 5; k++) {
    fmpz_fdiv_qr(rest, out + k, rest, base);
    if (fmpz_cmp(out + k, half) > 0) {
      fmpz_sub(out + k, out + k, base);
      fmpz_add_ui(rest, rest, 1);
    }
    fmpq_clear(p + k);
  }
  fmpq_clear(value);
  fmpq_clear(a);
  fmpz_clear(base);
  fmpz_clear(rest);
  fmpz_clear(half);
}

static void test_jack_orthogonality(void) {
  /* z_mu and len(mu) for the digits, by degree */
  static const long z[5][5] = {
      {0}, {1}, {2, 2}, {6, 2, 0, 3}, {24, 4, 8, 3, 4}};
  static const int len[5][5] = {{0}, {1}, {2, 1}, {3, 2, 0, 1}, {4, 3, 2, 2, 1}};
  bool ok = true, traces = true;
  fmpz *a = _fmpz_vec_init(5), *b = _fmpz_vec_init(5);
  fmpz_t sum, t;
  fmpq_t norm, alpha_q, share, total[5];
  fmpz_init(sum);
  fmpz_init(t);
  fmpq_init(norm);
  fmpq_init(alpha_q);
  fmpq_init(share);
  for (int k = 0; k < 5; k++) fmpq_init(total[k]);
  for (int degree = 1; degree <= 4; degree++)
    for (long alpha = 1; alpha <= 5; alpha++) {
      fmpq_set_si(alpha_q, alpha, 1);
      for (int k = 0; k < 5; k++) fmpq_zero(total[k]);
      for (int i = 0; i < jack_num_partitions(degree); i++) {
        power_sum_coefficients(a, degree, i, alpha);
        for (int j = 0; j < jack_num_partitions(degree); j++) {
          power_sum_coefficients(b, degree, j, alpha);
          fmpz_zero(sum);
          for (int k = 0; k < 5; k++) {
            if (z[degree][k] == 0) {
              ok = ok && fmpz_is_zero(a + k);
              continue;
            }
            fmpz_set_si(t, alpha);
            fmpz_pow_ui(t, t, (ulong)len[degree][k]);
            fmpz_mul_si(t, t, z[degree][k]);
            fmpz_mul(t, t, a + k);
            fmpz_addmul(sum, t, b + k);
          }
          jack_norm(norm, degree, i, alpha_q);
          if (i == j)
            ok = ok && fmpz_is_one(fmpq_denref(norm)) &&
                 fmpz_equal(sum, fmpq_numref(norm));
          else
            ok = ok && fmpz_is_zero(sum);
        }
        for (int k = 0; k < 5; k++) {
          jack_norm(norm, degree, i, alpha_q);
          fmpq_set_fmpz(share, a + k);
          fmpq_div(share, share, norm);
          fmpq_add(total[k], total[k], share);
        }
      }
      /* sum alpha^k k!/norm J = p_1^k */
      for (int k = 0; k < 5; k++) {
        for (int i = 1; i <= degree; i++) {
          fmpq_mul(total[k], total[k], alpha_q);
          fmpq_mul_si(total[k], total[k], i);
        }
        traces = traces && (k == 0 ? fmpq_is_one(total[k])
                                   : fmpq_is_zero(total[k]));
      }
    }
  tap_ok(ok, "Jack polynomials of degree 1 to 4 are orthogonal with the hook "
             "norms, alpha = 1..5");
  tap_ok(traces, "their weighted sum is the power of the trace");
  for (int k = 0; k < 5; k++) fmpq_clear(total[k]);
  _fmpz_vec_clear(a, 5);
  _fmpz_vec_clear(b, 5);
  fmpz_clear(sum);
  fmpz_clear(t);
  fmpq_clear(norm);
  fmpq_clear(alpha_q);
  fmpq_clear(share);
}

/* J_lambda of fewer variables than rows vanishes (triangularity), and its
   value at ones is the product formula. */
static void test_jack_values(void) {
  bool vanish = true, ones = true;
  fmpq_t value, alpha, expected, power;
  fmpz_t n;
  fmpq p[5];
  fmpq_init(value);
  fmpq_init(alpha);
  fmpq_init(expected);
  fmpq_init(power);
  fmpz_init(n);
  for (int k = 0; k < 5; k++) fmpq_init(p + k);
  for (long it = tap_iterations(200); it > 0; it--) {
    int degree = 1 + (int)tap_random_below(4);
    int index = (int)tap_random_below((size_t)jack_num_partitions(degree));
    int rows = 0;
    while (jack_partition(degree, index)[rows]) rows++;
    fmpq_set_si(alpha, 1 + (long)tap_random_below(9),
                1 + tap_random_below(4));
    for (int k = 0; k < 5; k++) fmpq_zero(p + k);
    for (int i = 1; i < rows; i++) {
      long x = (long)tap_random_below(19) - 9;
      for (int k = 1; k < 5; k++) {
        fmpq_set_si(power, x, 1);
        fmpq_pow_si(power, power, k);
        fmpq_add(p + k, p + k, power);
      }
    }
    jack_eval(value, degree, index, alpha, p);
    vanish = vanish && (rows == 1 || fmpq_is_zero(value));
    fmpz_set_ui(n, tap_random_below(7));
    for (int k = 0; k < 5; k++) fmpq_set_fmpz(p + k, n);
    jack_eval(value, degree, index, alpha, p);
    jack_eval_ones(expected, degree, index, alpha, n);
    ones = ones && fmpq_equal(value, expected);
  }
  tap_ok(vanish, "Jack polynomials vanish with fewer variables than rows");
  tap_ok(ones, "Jack polynomials at ones");
  fmpq_clear(value);
  fmpq_clear(alpha);
  fmpq_clear(expected);
  fmpq_clear(power);
  fmpz_clear(n);
  for (int k = 0; k < 5; k++) fmpq_clear(p + k);
}

/* --- moments ---------------------------------------------------------------- */

static void test_dirichlet(void) {
  bool raw = true, errors = true;
  laws_block_t block;
  fmpq_t a, b;
  laws_block_init(block);
  fmpq_init(a);
  fmpq_init(b);
  for (long it = tap_iterations(300); it > 0; it--) {
    random_block(block, 5);
    for (int order = 0; order <= 4; order++) {
      raw = raw && laws_block_raw_moment(a, block, order) == STATUS_OK &&
            laws_block_dirichlet_moment(b, block, (ulong)order) == STATUS_OK &&
            fmpq_equal(a, b);
    }
  }
  /* spin factors: N = 2, beta = m - 1; x of a unit vector has E x^2 = 1/m,
     E x^4 = 3/(m(m+2)) */
  for (long m = 2; m < 12; m++) {
    long values[2] = {-1, 1}, mult[2] = {1, 1};
    block->beta = (ulong)m - 1;
    fmpz_one(block->rank);
    set_levels(block, values, NULL, mult, 2);
    laws_block_raw_moment(a, block, 2);
    fmpq_set_si(b, 1, (ulong)m);
    raw = raw && fmpq_equal(a, b);
    laws_block_raw_moment(a, block, 4);
    fmpq_set_si(b, 3, (ulong)(m * (m + 2)));
    fmpq_canonicalise(b);
    raw = raw && fmpq_equal(a, b);
  }
  tap_ok(raw, "Jack moments equal Dirichlet moments for s = 1");
  errors = laws_block_raw_moment(a, block, 5) == STATUS_BAD_INPUT &&
           laws_block_raw_moment(a, block, -1) == STATUS_BAD_INPUT;
  fmpz_set_ui(block->rank, 2);
  errors = errors &&
           laws_block_dirichlet_moment(a, block, 2) == STATUS_BAD_INPUT;
  tap_ok(errors, "moments refuse what they cannot give");
  laws_block_clear(block);
  fmpq_clear(a);
  fmpq_clear(b);
}

/* Tr(P) = s and its complement N - s have opposite fluctuations; for two
   projectors the ranks r and s may be exchanged. */
static void test_complement(void) {
  bool complement = true, exchange = true;
  laws_block_t block;
  laws_moments_t m1, m2;
  fmpq_t left, right;
  laws_block_init(block);
  laws_moments_init(m1);
  laws_moments_init(m2);
  fmpq_init(left);
  fmpq_init(right);
  for (long it = tap_iterations(200); it > 0; it--) {
    long n;
    do n = random_block(block, 4);
    while (n < 2);
    long s = 1 + (long)tap_random_below((size_t)n - 1);
    const fmpq *a[3] = {m1->variance, m1->third, m1->fourth};
    const fmpq *b[3] = {m2->variance, m2->third, m2->fourth};
    fmpz_set_si(block->rank, s);
    laws_block_moments(m1, block);
    fmpz_set_si(block->rank, n - s);
    laws_block_moments(m2, block);
    for (int k = 0; k < 3; k++) {
      fmpq_set_si(left, s, 1);
      fmpq_pow_si(left, left, k + 2);
      fmpq_mul(left, left, a[k]);
      fmpq_set_si(right, s - n, 1);
      fmpq_pow_si(right, right, k + 2);
      fmpq_mul(right, right, b[k]);
      complement = complement && fmpq_equal(left, right);
    }
    long r = 1 + (long)tap_random_below((size_t)n - 1);
    for (int swap = 0; swap < 2; swap++) {
      long values[2] = {0, 1}, mult[2] = {n - (swap ? s : r), swap ? s : r};
      set_levels(block, values, NULL, mult, 2);
      fmpz_set_si(block->rank, swap ? r : s);
      for (int k = 1; k <= 4; k++) {
        fmpq *out = swap ? right : left;
        laws_block_raw_moment(out, block, k);
        for (int i = 0; i < k; i++)
          fmpq_mul_fmpz(out, out, block->rank);
        if (!swap) fmpq_set(k == 1   ? m1->mean
                            : k == 2 ? m1->variance
                            : k == 3 ? m1->third
                                     : m1->fourth, left);
        else
          exchange = exchange &&
                     fmpq_equal(right, k == 1   ? m1->mean
                                       : k == 2 ? m1->variance
                                       : k == 3 ? m1->third
                                                : m1->fourth);
      }
    }
  }
  tap_ok(complement, "rank s and rank N - s fluctuate oppositely");
  tap_ok(exchange, "two projectors: ranks exchange");
  laws_block_clear(block);
  laws_moments_clear(m1);
  laws_moments_clear(m2);
  fmpq_clear(left);
  fmpq_clear(right);
}

/* beta = 2, by the Weingarten function of degree 2:
   E[X^2] = [p1^2 (s^2 N^2 - s N) + p2 (s N^2 - s^2 N)] / (s^2 N^2 (N^2-1)). */
static void test_weingarten(void) {
  bool ok = true;
  laws_block_t block;
  fmpq_t moment, expected;
  laws_block_init(block);
  fmpq_init(moment);
  fmpq_init(expected);
  for (long it = tap_iterations(100); it > 0; it--) {
    long values[3], mult[3], n = 0, p1 = 0, p2 = 0;
    for (int i = 0; i < 3; i++) {
      values[i] = (long)tap_random_below(9) - 4;
      mult[i] = 1 + (long)tap_random_below(3);
      n += mult[i];
      p1 += values[i] * mult[i];
      p2 += values[i] * values[i] * mult[i];
    }
    long s = 1 + (long)tap_random_below((size_t)n);
    block->beta = 2;
    set_levels(block, values, NULL, mult, 3);
    fmpz_set_si(block->rank, s);
    laws_block_raw_moment(moment, block, 2);
    fmpq_set_si(expected,
                p1 * p1 * (s * s * n * n - s * n) +
                    p2 * (s * n * n - s * s * n),
                (ulong)(s * s * n * n * (n * n - 1)));
    fmpq_canonicalise(expected);
    ok = ok && fmpq_equal(moment, expected);
  }
  tap_ok(ok, "second moment for beta = 2 by Weingarten");
  laws_block_clear(block);
  fmpq_clear(moment);
  fmpq_clear(expected);
}

static void test_sampled(void) {
  static const struct { ulong beta; long n, s, r; } cases[] = {
      {1, 2, 1, 1}, {1, 5, 2, 2}, {2, 4, 2, 1}, {2, 5, 3, 2}, {4, 3, 2, 1},
      {4, 4, 2, 2}, {1, 3, 2, 1}, {4, 2, 1, 1}, {2, 6, 4, 3}, {1, 8, 3, 4}};
  size_t count = 20000;
  double *samples = malloc(count * sizeof *samples);
  laws_block_t block;
  laws_moments_t m;
  laws_block_init(block);
  laws_moments_init(m);
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    long n = cases[c].n;
    long values[4] = {0, 3, -1, 2}, mult[4] = {n - cases[c].r, cases[c].r};
    double eigenvalues[16];
    /* a third level where there is room */
    slong length = 2;
    if (mult[0] > 1) {
      mult[0]--;
      mult[2] = 1;
      length = 3;
    }
    size_t at = 0;
    for (slong i = 0; i < length; i++)
      for (long k = 0; k < mult[i]; k++) eigenvalues[at++] = (double)values[i];
    block->beta = cases[c].beta;
    set_levels(block, values, NULL, mult, length);
    fmpz_set_si(block->rank, cases[c].s);
    laws_block_moments(m, block);
    for (size_t i = 0; i < count; i++)
      samples[i] = ref_haar_sample((int)block->beta, (size_t)n,
                                   (size_t)cases[c].s, eigenvalues);
    ref_moments_t ref;
    ref_sample_moments(&ref, samples, count);
    double off[4] = {
        (to_double(m->mean) - ref.mean) / ref.mean_error,
        (to_double(m->variance) - ref.variance) / ref.variance_error,
        (to_double(m->third) - ref.third) / ref.third_error,
        (to_double(m->fourth) - ref.fourth) / ref.fourth_error};
    bool ok = true;
    for (int k = 0; k < 4; k++) ok = ok && fabs(off[k]) < 6;
    tap_ok(ok, "sampled moments, beta %lu N %ld s %ld: off by %.1f %.1f %.1f "
               "%.1f sigma", block->beta, n, cases[c].s, off[0], off[1],
           off[2], off[3]);
  }
  free(samples);
  laws_block_clear(block);
  laws_moments_clear(m);
}

/* N = 256, r = 2, beta = 2, in units of the mean offset: Beta(2, 254) has
   variance (N - r)/(r (N + 1)) = 127/257 and excess kurtosis
   6 [(a-b)^2 (a+b+1) - ab(a+b+2)] / [ab(a+b+2)(a+b+3)]. */
static void test_wishart_figures(void) {
  laws_block_t block;
  laws_loss_t loss;
  laws_moments_t finite, wishart;
  laws_wishart_t w;
  fmpq_t ratio, expected;
  long values[2] = {0, 1}, mult[2] = {254, 2};
  laws_block_init(block);
  laws_loss_init(loss);
  laws_moments_init(finite);
  laws_moments_init(wishart);
  laws_wishart_init(w);
  fmpq_init(ratio);
  fmpq_init(expected);
  block->beta = 2;
  set_levels(block, values, NULL, mult, 2);
  fmpq_set_si(block->weight, 128, 1); /* 1/obar */
  laws_loss_append(loss, block);
  laws_finite_moments(finite, loss);
  fmpq_set_si(ratio, 127, 257);
  long p = 2, q = 254;
  fmpq_set_si(expected,
              6 * ((p - q) * (p - q) * (p + q + 1) - p * q * (p + q + 2)),
              (ulong)(p * q * (p + q + 2) * (p + q + 3)));
  fmpq_canonicalise(expected);
  tap_ok(fmpq_equal(finite->variance, ratio) &&
             fmpq_equal(finite->excess_kurtosis, expected),
         "N = 256, r = 2: variance %.4f, kurtosis %.4f",
         to_double(finite->variance), to_double(finite->excess_kurtosis));
  bool ok = laws_wishart_moments(wishart, loss) == STATUS_OK &&
            fmpq_equal(finite->mean, wishart->mean);
  fmpq_set_si(expected, 1, 2);
  ok = ok && fmpq_equal(wishart->variance, expected);
  fmpq_set_si(expected, 3, 1);
  ok = ok && fmpq_equal(wishart->excess_kurtosis, expected);
  ok = ok && laws_gradient_moments(wishart, loss) == STATUS_OK;
  fmpq_set_si(expected, 1, 4);
  ok = ok && fmpq_equal(wishart->variance, expected);
  fmpq_set_si(expected, 3, 2);
  ok = ok && fmpq_equal(wishart->excess_kurtosis, expected);
  tap_ok(ok, "its Wishart form and gradient");

  /* a Pauli string at N = 2^1000: ratio of variances 2 (N+1)/N */
  fmpz_t half;
  fmpz *m = _fmpz_vec_init(2);
  fmpq *v = _fmpq_vec_init(2);
  fmpz_init(half);
  fmpz_one(half);
  fmpz_mul_2exp(half, half, 999);
  fmpz_set(m, half);
  fmpz_set(m + 1, half);
  fmpq_set_si(v, 1, 1);
  fmpq_set_si(v + 1, -1, 1);
  ok = laws_block_set_spectrum(block, v, m, 2) == STATUS_OK &&
       laws_block_wishart(w, block, 64) == STATUS_OK && w->is_exact &&
       fmpz_equal(w->r, half);
  laws_loss_clear(loss);
  laws_loss_init(loss);
  laws_loss_append(loss, block);
  ok = ok && laws_variance_ratio(ratio, loss) == STATUS_OK;
  fmpq_set_fmpz(expected, block->dimension);
  fmpq_inv(expected, expected);
  fmpq_add_si(expected, expected, 1);
  fmpq_mul_si(expected, expected, 2);
  ok = ok && fmpq_equal(ratio, expected);
  tap_ok(ok, "a Pauli string at N = 2^1000: r = N/2, ratio 2 (N + 1)/N");
  _fmpz_vec_clear(m, 2);
  _fmpq_vec_clear(v, 2);
  fmpz_clear(half);
  laws_block_clear(block);
  laws_loss_clear(loss);
  laws_moments_clear(finite);
  laws_moments_clear(wishart);
  laws_wishart_clear(w);
  fmpq_clear(ratio);
  fmpq_clear(expected);
}

int main(void) {
  tap_begin("t-laws");
  test_jack_orthogonality();
  test_jack_values();
  test_dirichlet();
  test_complement();
  test_weingarten();
  test_sampled();
  test_wishart_figures();
  return tap_end();
}
