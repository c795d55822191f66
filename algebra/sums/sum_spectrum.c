/* From power sums to a spectrum; see sum_jordan.h. */
#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <stdlib.h>

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
