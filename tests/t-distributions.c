/* Distribution functions against Arb, published tables and simulation; random
   variates and loss laws against their exact moments and against samples drawn
   another way. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "numeric/judge/law.h"
#include "numeric/machine/random.h"
#include "numeric/machine/special.h"
#include "tests/tap.h"

static double uniform(void) { return (double)(tap_random() >> 11) * 0x1p-53; }

static double beta_by_arb(double x, double a, double b) {
  arb_t r, s, t, u;
  arb_init(r);
  arb_init(s);
  arb_init(t);
  arb_init(u);
  arb_set_d(s, a);
  arb_set_d(t, b);
  arb_set_d(u, x);
  slong prec = 300;
  do { /* terms cancel where a and b are large */
    arb_hypgeom_beta_lower(r, s, t, u, 1, prec);
    prec *= 2;
  } while (prec < 20000 && !(mag_cmp_2exp_si(arb_radref(r), -60) < 0));
  double value = arf_get_d(arb_midref(r), ARF_RND_NEAR);
  arb_clear(r);
  arb_clear(s);
  arb_clear(t);
  arb_clear(u);
  return value;
}

static void test_beta(void) {
  double worst = 0;
  for (long t = 0; t < tap_iterations(400); t++) {
    double a = ldexp(1 + (double)tap_random_below(40), -1);
    double b = ldexp(1 + (double)tap_random_below(40), -1);
    if (tap_random_below(5) == 0) a *= 50;
    if (tap_random_below(5) == 0) b *= 50;
    double x = tap_random_below(2) ? uniform() : a / (a + b);
    worst = fmax(worst, fabs(special_beta_cdf(x, a, b) - beta_by_arb(x, a, b)));
  }
  /* exp of a sum of terms up to 1e3 in size, each to a few units. */
  tap_ok(worst < 2e-12, "incomplete beta against Arb: %.2g", worst);
  tap_ok(special_beta_cdf(0, 2, 3) == 0 && special_beta_cdf(1, 2, 3) == 1 &&
             special_beta_cdf(-1, 2, 3) == 0 && special_beta_cdf(2, 2, 3) == 1,
         "incomplete beta at and beyond the ends");
}

static double gamma_by_arb(double x, double a) {
  arb_t r, s, t;
  arb_init(r);
  arb_init(s);
  arb_init(t);
  arb_set_d(s, a);
  arb_set_d(t, x);
  arb_hypgeom_gamma_lower(r, s, t, 1, 3000);
  double value = arf_get_d(arb_midref(r), ARF_RND_NEAR);
  arb_clear(r);
  arb_clear(s);
  arb_clear(t);
  return value;
}

static void test_gamma(void) {
  double worst = 0;
  for (long t = 0; t < tap_iterations(400); t++) {
    double a = ldexp(1 + (double)tap_random_below(40), -1);
    if (tap_random_below(5) == 0) a *= 50;
    double x = a * (tap_random_below(2) ? 3 * uniform() : 1 + uniform() / sqrt(a));
    worst = fmax(worst, fabs(special_gamma_cdf(x, a) - gamma_by_arb(x, a)));
  }
  tap_ok(worst < 2e-12, "incomplete gamma against Arb: %.2g", worst);
  tap_ok(special_gamma_cdf(0, 2) == 0 && special_gamma_cdf(-1, 2) == 0 &&
             special_gamma_cdf(1e4, 2) == 1,
         "incomplete gamma at and beyond the ends");
}

/* L. H. Miller (1956), Table of percentage points of Kolmogorov statistics:
   P(D_n >= d) = alpha, two-sided, five digits of d. */
static void test_kolmogorov(void) {
  static const struct {
    size_t n;
    double alpha, d;
  } table[] = {{5, .01, .66853},  {10, .05, .40925}, {10, .01, .48893},
               {20, .05, .29408}, {20, .01, .35241}, {50, .01, .22604},
               {100, .05, .13403}, {100, .01, .16081}};
  double worst = 0;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    worst = fmax(worst, fabs(special_ks_p_value(table[i].d, table[i].n) /
                                 table[i].alpha - 1));
  /* The table's digits, and the square of p left out by the upper bound. */
  tap_ok(worst < 2e-3, "Kolmogorov-Smirnov table: relative %.2g", worst);
  double d = 1.95 / sqrt(20000), limit = special_ks2_p_value(d, 20000, 1 << 30);
  tap_ok(fabs(special_ks_p_value(d, 20000) / limit - 1) < 0.02,
         "exact and limiting probability at n = 20000: %.4g, %.4g",
         special_ks_p_value(d, 20000), limit);
  double a[3] = {0, 1, 2}, b[4] = {0.5, 0.5, 3, 4}, cdf[2] = {0.5, 0.6};
  /* 1e-9 further apart than rounding, and not. */
  static const double near[4] = {1 + 1e-9, 1 + 1e-9, 2 + 1e-9, 3 - 1e-9};
  static const double whole[4] = {1, 1, 2, 3};
  tap_ok(special_ks2_distance(near, 4, whole, 4, 2e-9) == 0 &&
             special_ks2_distance(near, 4, whole, 4, 5e-10) == 0.5 &&
             special_ks2_distance(whole, 4, near, 4, 2e-9) == 0,
         "two samples that rounding tells apart");
  tap_ok(fabs(special_ks2_distance(a, 3, b, 4, 0) - 0.5) < 1e-15 &&
             fabs(special_ks_distance(cdf, 2) - 0.5) < 1e-15,
         "distances of small samples");
}

/* Under the null hypothesis p is uniform; Y is the square of an exponential
   variable minus its mean, as skew as squared losses get. */
static void test_mean_p_value(void) {
  enum { RUNS = 2000, COUNT = 2000 };
  double *p = calloc(RUNS, sizeof *p);
  size_t extreme = 0;
  for (size_t r = 0; r < RUNS; r++) {
    random_stream_t s;
    random_stream_init(&s, tap_seed(), 500, r);
    double m1 = 0, m2 = 0, m3 = 0;
    for (size_t i = 0; i < COUNT; i++) {
      double e = -log(random_uniform(&s)) - 1, y = e * e;
      m1 += y;
      m2 += y * y;
      m3 += y * y * y;
    }
    m1 /= COUNT;
    m2 /= COUNT;
    m3 /= COUNT;
    double v = m2 - m1 * m1;
    p[r] = special_mean_p_value(m1, v, m3 - 3 * m2 * m1 + 2 * m1 * m1 * m1,
                                COUNT, 1);
    extreme += p[r] < 1e-3;
  }
  qsort(p, RUNS, sizeof *p, tap_compare_doubles);
  double d = special_ks_distance(p, RUNS);
  /* 2 expected below 1e-3; Poisson: more than 11 has probability 1e-6. */
  tap_ok(special_ks_p_value(d, RUNS) > 1e-5 && extreme <= 11,
         "p values of skew means are uniform: D = %.3g, %zu below 1e-3", d,
         extreme);
  tap_ok(special_mean_p_value(1, 0, 0, 10, 1) == 1 &&
             special_mean_p_value(1, 0, 0, 10, 2) == 0,
         "a mean without variance is compared exactly");
  free(p);
}

static void test_holm(void) {
  double p[4] = {0.04, 0.001, 0.02, 0.012};
  bool holds[4];
  special_holm(holds, p, 4, 0.05);
  bool first = !holds[1] && !holds[3] && !holds[2] && !holds[0];
  p[2] = 0.03;
  special_holm(holds, p, 4, 0.05);
  tap_ok(first && !holds[1] && !holds[3] && holds[2] && holds[0], "Holm");
}

/* --- laws ---------------------------------------------------------------------- */

typedef struct {
  double beta;
  size_t rank, groups;
  double values[4];
  size_t counts[4];
} law_case_t;

static const law_case_t cases[] = {
    {1, 1, 2, {-1, 1}, {2, 2}},         {2, 1, 2, {0, 1}, {7, 1}},
    {4, 1, 3, {-1, 0, 2}, {1, 2, 1}},   {7, 1, 2, {-1, 1}, {1, 1}},
    {1, 2, 2, {-1, 1}, {3, 3}},         {2, 2, 3, {-1, 0, 1}, {1, 1, 3}},
    {4, 2, 2, {-1, 1}, {2, 2}},         {2, 4, 2, {-1, 1}, {8, 8}},
    {1, 4, 3, {0, 1, 5}, {2, 4, 3}},    {4, 3, 2, {1, 2}, {1, 4}},
    {2, 5, 2, {0, 1}, {3, 3}},          {4, 1, 2, {0, 1}, {5, 1}}};

static void set_law(verify_landscape_struct *l, const law_case_t *c) {
  *l = (verify_landscape_struct){.law_constant = 0.25};
  verify_landscape_add_block(l, c->beta, c->rank, 1.5, c->groups, c->values,
                             c->counts);
}

static void clear_law(verify_landscape_struct *l) {
  for (size_t b = 0; b < l->num_blocks; b++) {
    free(l->blocks[b].eigenvalues);
    free(l->blocks[b].multiplicities);
  }
  free(l->blocks);
}

/* Mean: weight times the mean eigenvalue. Variance: weight^2 sum_i o'_i^2
   (1/s - 1/N) / ((N - 1)(beta N/2 + 1)), o' traceless: the Hermitian traceless
   matrices over the field are an irreducible module of that dimension. */
static bool moments_agree(const law_case_t *c, const double *x, size_t count) {
  double n = 0, mean = 0, square = 0, m1 = 0, m2 = 0, m3 = 0;
  for (size_t g = 0; g < c->groups; g++) {
    n += (double)c->counts[g];
    mean += c->values[g] * (double)c->counts[g];
  }
  mean /= n;
  for (size_t g = 0; g < c->groups; g++)
    square += pow(c->values[g] - mean, 2) * (double)c->counts[g];
  double exact = 2.25 * square * (1 / (double)c->rank - 1 / n) /
                 ((n - 1) * (c->beta * n / 2 + 1));
  mean = 0.25 + 1.5 * mean;
  double k = (double)count;
  for (size_t i = 0; i < count; i++) m1 += x[i] / k;
  for (size_t i = 0; i < count; i++) m3 += pow(x[i] - m1, 3) / k;
  for (size_t i = 0; i < count; i++) m2 += (x[i] - m1) * (x[i] - m1) / k;
  double p = special_mean_p_value(m1, m2, m3, count, mean);
  double v1 = 0, v2 = 0, v3 = 0;
  for (size_t i = 0; i < count; i++) {
    double y = (x[i] - mean) * (x[i] - mean);
    v1 += y / k;
    v2 += y * y / k;
    v3 += y * y * y / k;
  }
  double q = special_mean_p_value(v1, v2 - v1 * v1,
                                  v3 - 3 * v2 * v1 + 2 * v1 * v1 * v1, count,
                                  exact);
  if (p < 1e-5 || q < 1e-5)
    tap_diag("beta %g rank %zu: mean %g (%g, p %.2g), variance %g (%g, p %.2g)",
             c->beta, c->rank, m1, mean, p, v1, exact, q);
  return p >= 1e-5 && q >= 1e-5;
}

/* The same law with every eigenvalue on its own: whole Gaussian frames instead
   of triangles. */
static bool frames_agree(const law_case_t *c, double *x, size_t count) {
  double values[64], *y = calloc(count, sizeof *y);
  size_t ones[64], n = 0;
  for (size_t g = 0; g < c->groups; g++)
    for (size_t i = 0; i < c->counts[g]; i++) {
      values[n] = c->values[g];
      ones[n++] = 1;
    }
  verify_landscape_struct l = {.law_constant = 0.25};
  verify_landscape_add_block(&l, c->beta, c->rank, 1.5, n, values, ones);
  law_sample(y, count, &l, tap_seed() + 1, 901, 1);
  qsort(x, count, sizeof *x, tap_compare_doubles);
  qsort(y, count, sizeof *y, tap_compare_doubles);
  double p = special_ks2_p_value(special_ks2_distance(x, count, y, count, 0), count,
                                 count);
  if (p < 1e-5) tap_diag("beta %g rank %zu: p = %.2g", c->beta, c->rank, p);
  clear_law(&l);
  free(y);
  return p >= 1e-5;
}

static void test_laws(void) {
  size_t count = (size_t)tap_iterations(20000);
  double *x = calloc(count, sizeof *x);
  bool moments = true, frames = true, betas = true;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    verify_landscape_struct l;
    law_beta_t law;
    set_law(&l, cases + i);
    law_sample(x, count, &l, tap_seed(), 900, 2);
    moments = moments_agree(cases + i, x, count) && moments;
    if (cases[i].beta != 7) frames = frames_agree(cases + i, x, count) && frames;
    if (law_is_beta(&law, &l)) {
      for (size_t k = 0; k < count; k++)
        x[k] = special_beta_cdf((x[k] - law.low) / (law.high - law.low),
                                law.alpha, law.beta);
      qsort(x, count, sizeof *x, tap_compare_doubles);
      betas = betas &&
              special_ks_p_value(special_ks_distance(x, count), count) > 1e-5;
    }
    clear_law(&l);
  }
  tap_ok(moments, "mean and variance of sampled laws");
  tap_ok(frames, "sampled laws against whole Gaussian frames");
  tap_ok(betas, "sampled laws against Beta distributions");
  free(x);
}

static void test_law_errors(void) {
  verify_landscape_struct l;
  char *message = NULL;
  double value;
  size_t refused = 0;
  for (int k = 0; k < 6; k++) {
    set_law(&l, cases + 1);
    verify_block_struct *b = l.blocks;
    switch (k) {
      case 0: b->rank = 0; break;
      case 1: b->rank = 9; break;
      case 2: b->dimension = 7; break;
      case 3: b->beta = 0; break;
      case 4: b->eigenvalues[0] = NAN; break;
      default: b->beta = 3, b->rank = 2; break;
    }
    if (law_check(&l, &message) == STATUS_BAD_INPUT && message) refused++;
    free(message);
    message = NULL;
    clear_law(&l);
  }
  tap_ok(refused == 6, "laws that make no sense are refused");
  set_law(&l, cases + 1);
  bool random = !law_is_constant(&value, &l);
  l.blocks->rank = 8;
  tap_ok(random && law_is_constant(&value, &l) &&
             fabs(value - (0.25 + 1.5 / 8)) < 1e-15,
         "a block of full rank is a constant");
  clear_law(&l);
}

static void test_random(void) {
  double a[7], b[3];
  random_uniforms(a, 7, 1, 2, 3, 4);
  random_uniforms(b, 3, 1, 2, 3, 4);
  bool same = !memcmp(a, b, sizeof b);
  random_uniforms(b, 3, 1, 2, 3, 5);
  tap_ok(same && a[0] != b[0], "a number depends on its coordinates only");
  /* Gamma(k/2) against the chi-square of k normals, by KS. */
  enum { COUNT = 20000 };
  double *x = calloc(COUNT, sizeof *x), *y = calloc(COUNT, sizeof *y);
  bool ok = true;
  for (int k = 1; k <= 5; k++) {
    for (size_t i = 0; i < COUNT; i++) {
      random_stream_t s;
      random_stream_init(&s, tap_seed(), 600 + (uint64_t)k, i);
      x[i] = random_gamma(&s, k / 2.0);
      y[i] = 0;
      for (int j = 0; j < k; j++) y[i] += pow(random_normal(&s), 2) / 2;
    }
    qsort(x, COUNT, sizeof *x, tap_compare_doubles);
    qsort(y, COUNT, sizeof *y, tap_compare_doubles);
    ok = ok && special_ks2_p_value(special_ks2_distance(x, COUNT, y, COUNT, 0),
                                   COUNT, COUNT) > 1e-5;
  }
  tap_ok(ok, "Gamma variates against sums of squares");
  free(x);
  free(y);
}

int main(void) {
  tap_begin("t-distributions");
  test_beta();
  test_gamma();
  test_kolmogorov();
  test_mean_p_value();
  test_holm();
  test_random();
  test_laws();
  test_law_errors();
  return tap_end();
}
