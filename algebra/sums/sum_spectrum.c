/* From power sums to a spectrum; see sum_jordan.h. */
#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>

#include "algebra/base/flint_compat.h"
#include "algebra/sums/sum_jordan.h"
#if __FLINT_RELEASE >= 30000
#include <flint/acb.h>
#include <flint/arb_fmpz_poly.h>
#else
#include <acb.h>
#include <arb_fmpz_poly.h>
#endif

enum { MAX_DEGREE = 80, PREC_BITS = 128 };

/* prod (t - o_i), by Newton's identities: k e_k = sum (-1)^(i-1) e_(k-i) p_i. */
static void characteristic(fmpz_poly_t out, const fmpq *power, size_t d) {
  fmpq *e = flint_malloc((d + 1) * sizeof *e);
  fmpq_poly_t poly;
  fmpq_t c;
  fmpq_init(c);
  fmpq_poly_init(poly);
  fmpq_init(e);
  fmpq_one(e);
  for (size_t k = 1; k <= d; k++) {
    fmpq_init(e + k);
    for (size_t i = 1; i <= k; i++) {
      fmpq_mul(c, e + k - i, power + i);
      if (i % 2) fmpq_add(e + k, e + k, c);
      else fmpq_sub(e + k, e + k, c);
    }
    fmpz_mul_ui(fmpq_denref(e + k), fmpq_denref(e + k), k);
    fmpq_canonicalise(e + k);
  }
  for (size_t k = 0; k <= d; k++) {
    fmpq_set(c, e + k);
    if (k % 2) fmpq_neg(c, c);
    fmpq_poly_set_coeff_fmpq(poly, (slong)(d - k), c);
  }
  fmpq_poly_get_numerator(out, poly);
  for (size_t k = 0; k <= d; k++) fmpq_clear(e + k);
  flint_free(e);
  fmpq_poly_clear(poly);
  fmpq_clear(c);
}

/* The least of the roots, all of which are real. */
static void least_root(arb_t least, const fmpz_poly_factor_t factors) {
  bool any = false;
  for (slong k = 0; k < factors->num; k++) {
    slong degree = fmpz_poly_degree(factors->p + k);
    acb_ptr roots = _acb_vec_init(degree);
    arb_fmpz_poly_complex_roots(roots, factors->p + k, 0, PREC_BITS);
    for (slong i = 0; i < degree; i++) {
      if (any) arb_min(least, least, acb_realref(roots + i), PREC_BITS);
      else arb_set(least, acb_realref(roots + i));
      any = true;
    }
    _acb_vec_clear(roots, degree);
  }
}

static void set_moments(laws_block_t law, const fmpq *power, size_t d,
                        const arb_t least) {
  fmpz_t dimension;
  fmpq_t m[5];
  fmpz_init_set_ui(dimension, d);
  for (size_t k = 1; k < 5; k++) {
    fmpq_init(m[k]);
    fmpq_div_fmpz(m[k], power + k, dimension);
  }
  if (laws_block_set_moments(law, dimension, m[1], m[2], m[3], m[4]) !=
      STATUS_OK)
    flint_abort(); /* moments of real numbers */
  laws_block_set_least_ball(law, least);
  for (size_t k = 1; k < 5; k++) fmpq_clear(m[k]);
  fmpz_clear(dimension);
}

static void set_levels(laws_block_t law, const fmpz_poly_factor_t factors) {
  fmpq *values = flint_malloc((size_t)(factors->num + 1) * sizeof *values);
  fmpz *counts = flint_malloc((size_t)(factors->num + 1) * sizeof *counts);
  for (slong k = 0; k < factors->num; k++) {
    fmpq_init(values + k);
    fmpz_init_set_ui(counts + k, (ulong)factors->exp[k]);
    fmpz_poly_get_coeff_fmpz(fmpq_numref(values + k), factors->p + k, 0);
    fmpz_poly_get_coeff_fmpz(fmpq_denref(values + k), factors->p + k, 1);
    fmpq_neg(values + k, values + k);
    fmpq_canonicalise(values + k);
  }
  if (laws_block_set_spectrum(law, values, counts, factors->num) != STATUS_OK)
    flint_abort();
  for (slong k = 0; k < factors->num; k++) {
    fmpq_clear(values + k);
    fmpz_clear(counts + k);
  }
  flint_free(values);
  flint_free(counts);
}

bool sum_spectrum(laws_block_t law, const fmpq *power, size_t d) {
  fmpz_poly_t poly;
  fmpz_poly_factor_t factors;
  bool split = true;
  if (d > MAX_DEGREE) return false;
  fmpz_poly_init(poly);
  fmpz_poly_factor_init(factors);
  characteristic(poly, power, d);
  fmpz_poly_factor(factors, poly);
  for (slong k = 0; k < factors->num; k++)
    split = split && fmpz_poly_degree(factors->p + k) == 1;
  if (split) {
    set_levels(law, factors);
  } else {
    arb_t least;
    arb_init(least);
    least_root(least, factors);
    set_moments(law, power, d, least);
    arb_clear(least);
  }
  fmpz_poly_clear(poly);
  fmpz_poly_factor_clear(factors);
  return true;
}

/* --- the least root of a large polynomial ----------------------------------------------- */

enum { ROOT_BITS = 96, MAX_STEPS = 2000 };

/* out = f at a / 2^bits times 2^(bits deg): an integer polynomial in 2^bits t. */
static void scale_roots(fmpz_poly_t out, const fmpz_poly_t f, ulong bits) {
  slong d = fmpz_poly_degree(f);
  fmpz_t c;
  fmpz_init(c);
  fmpz_poly_zero(out);
  for (slong k = 0; k <= d; k++) {
    fmpz_poly_get_coeff_fmpz(c, f, k);
    fmpz_mul_2exp(c, c, bits * (ulong)(d - k));
    fmpz_poly_set_coeff_fmpz(out, k, c);
  }
  fmpz_clear(c);
}

/* All roots of g are greater than a: the coefficients of g(a + t) alternate (Descartes). */
static bool is_below(const fmpz_poly_t g, const fmpz_t a) {
  slong d = fmpz_poly_degree(g);
  bool alternate = true;
  fmpz_poly_t h;
  fmpz_poly_init(h);
  fmpz_poly_taylor_shift(h, g, a);
  for (slong k = 0; k < d && alternate; k++)
    alternate = fmpz_sgn(fmpz_poly_get_coeff_ptr(h, k)) *
                    fmpz_sgn(fmpz_poly_get_coeff_ptr(h, k + 1)) < 0;
  fmpz_poly_clear(h);
  return alternate;
}

/* Laguerre's method from the left, which stays there: x -= d f / (f' - s), s^2 =
   (d - 1)((d - 1) f'^2 - d f f''), f' < 0 < f when d is even. Midpoints only: the result
   is checked. */
static void approach(arb_t x, const fmpz_poly_t f, slong prec) {
  slong d = fmpz_poly_degree(f);
  fmpz_poly_t df, ddf;
  arb_t v[3], s, step;
  for (int k = 0; k < 3; k++) arb_init(v[k]);
  arb_init(s);
  arb_init(step);
  fmpz_poly_init(df);
  fmpz_poly_init(ddf);
  fmpz_poly_derivative(df, f);
  fmpz_poly_derivative(ddf, df);
  for (int i = 0; i < MAX_STEPS; i++) {
    arb_fmpz_poly_evaluate_arb(v[0], f, x, prec);
    arb_fmpz_poly_evaluate_arb(v[1], df, x, prec);
    arb_fmpz_poly_evaluate_arb(v[2], ddf, x, prec);
    for (int k = 0; k < 3; k++) mag_zero(arb_radref(v[k]));
    if (arf_is_zero(arb_midref(v[0])) || arf_is_zero(arb_midref(v[1]))) break;
    arb_mul(s, v[1], v[1], prec);
    arb_mul_si(s, s, d - 1, prec);
    arb_mul(step, v[0], v[2], prec);
    arb_mul_si(step, step, d, prec);
    arb_sub(s, s, step, prec);
    arb_mul_si(s, s, d - 1, prec);
    mag_zero(arb_radref(s));
    if (arf_sgn(arb_midref(s)) < 0) arb_zero(s);
    arb_sqrt(s, s, prec);
    if (arf_sgn(arb_midref(v[1])) > 0) arb_add(s, v[1], s, prec);
    else arb_sub(s, v[1], s, prec);
    arb_mul_si(step, v[0], d, prec);
    arb_div(step, step, s, prec);
    mag_zero(arb_radref(step));
    arb_sub(x, x, step, prec);
    mag_zero(arb_radref(x));
    if (arf_cmpabs_2exp_si(arb_midref(step), -ROOT_BITS - 8) < 0) break;
  }
  for (int k = 0; k < 3; k++) arb_clear(v[k]);
  arb_clear(s);
  arb_clear(step);
  fmpz_poly_clear(df);
  fmpz_poly_clear(ddf);
}

static void set_interval(arb_t out, const fmpz_t low, const fmpz_t high) {
  arf_t a, b;
  arf_init(a);
  arf_init(b);
  arf_set_fmpz(a, low);
  arf_set_fmpz(b, high);
  arb_set_interval_arf(out, a, b, 4 * PREC_BITS);
  arf_clear(a);
  arf_clear(b);
}

bool sum_least_root(arb_t least, const fmpz_poly_t f) {
  slong d = fmpz_poly_degree(f);
  if (d < 1) return false;
  fmpz_poly_t g;
  fmpz_t start, low, high, a, b;
  arb_t x;
  fmpz_init(start);
  fmpz_init(low);
  fmpz_init(high);
  fmpz_init(a);
  fmpz_init(b);
  arb_init(x);
  fmpz_poly_init(g);
  /* roots^2 add up to f_(d-1)^2 - 2 f_(d-2) */
  fmpz_poly_get_coeff_fmpz(a, f, d - 1);
  fmpz_mul(start, a, a);
  if (d > 1) fmpz_poly_get_coeff_fmpz(b, f, d - 2);
  fmpz_submul_ui(start, b, 2);
  bool ok = fmpz_sgn(start) >= 0;
  if (ok) {
    fmpz_sqrt(start, start);
    fmpz_add_ui(start, start, 2);
    fmpz_neg(start, start);
    arb_set_fmpz(x, start);
    approach(x, f, (slong)fmpz_poly_max_bits(f) * (fmpz_poly_max_bits(f) < 0 ? -1 : 1) +
                       4 * d + 2 * ROOT_BITS);
    arb_mul_2exp_si(x, x, ROOT_BITS);
    arf_get_fmpz(low, arb_midref(x), ARF_RND_FLOOR);
    fmpz_add_ui(high, low, 256);
    fmpz_sub_ui(low, low, 256);
    scale_roots(g, f, ROOT_BITS);
    fmpz_poly_evaluate_fmpz(a, g, low);
    fmpz_poly_evaluate_fmpz(b, g, high);
    ok = fmpz_sgn(a) * fmpz_sgn(b) < 0 && is_below(g, low);
    set_interval(least, low, high);
    arb_mul_2exp_si(least, least, -ROOT_BITS);
  }
  fmpz_clear(start);
  fmpz_clear(low);
  fmpz_clear(high);
  fmpz_clear(a);
  fmpz_clear(b);
  arb_clear(x);
  fmpz_poly_clear(g);
  return ok;
}
