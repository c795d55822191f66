#include "algebra/laws/adjoint_confluent.h"

#include <stdbool.h>

void adjoint_chain_rule(arb_struct *r, slong p, slong q, slong odd, slong prec) {
  _arb_vec_zero(r, p + q + 2);
  arb_one(r + 1 - odd);
  for (slong step = 0; step < p + q; step++) {
    slong order = step < p ? step : step - p;
    for (slong i = p + q + 1; i >= 0; i--) {
      arb_mul_si(r + i, r + i, i - 1 - 2 * order, prec);
      if (i) arb_add(r + i, r + i, r + i - 1, prec);
      arb_mul_2exp_si(r + i, r + i, -1);
      arb_div_ui(r + i, r + i, (ulong)order + 1, prec);
    }
  }
}

/* --- one entry --------------------------------------------------------------------------- */

/* x^n, n of any sign. */
static void power(arb_t out, const arb_t x, slong n, slong prec) {
  arb_pow_ui(out, x, (ulong)(n < 0 ? -n : n), prec);
  if (n < 0) arb_inv(out, out, prec);
}

/* b, s > 0; phase = exp(i t b s). */
static void smooth_entry(arb_t out, const arb_t b, const arb_t s, const arb_t t,
                         const acb_t phase, slong p, slong q, slong odd, slong prec) {
  arb_struct *r = _arb_vec_init(p + q + 2);
  arb_t x, term, factor;
  arb_init(x);
  arb_init(term);
  arb_init(factor);
  adjoint_chain_rule(r, p, q, odd, prec);
  arb_mul(x, b, s, prec);
  arb_mul(x, x, t, prec);
  power(factor, x, -odd, prec);
  arb_zero(out);
  for (slong i = -odd; i <= p + q - odd; i++) {
    /* i^turn exp(i x): the real part, of odd ones the imaginary part */
    slong turn = (i + odd) % 4;
    bool real = (turn + odd) % 2 == 0;
    const arb_struct *part = real ? acb_realref(phase) : acb_imagref(phase);
    arb_mul(term, r + i + 1, factor, prec);
    arb_mul(term, term, part, prec);
    if (odd ? turn == 2 || turn == 3 : turn == 1 || turn == 2) arb_neg(term, term);
    arb_add(out, out, term, prec);
    arb_mul(factor, factor, x, prec);
  }
  power(factor, b, -2 * p, prec);
  arb_mul(out, out, factor, prec);
  power(factor, s, -2 * q, prec);
  arb_mul(out, out, factor, prec);
  arb_clear(x);
  arb_clear(term);
  arb_clear(factor);
  _arb_vec_clear(r, p + q + 2);
}

/* Where u = 0, which came p times before: (-t^2)^p C(p, q) v^(p - q)/(2p + odd)!. */
static void zero_entry(arb_t out, const arb_t s, const arb_t t, slong p, slong q,
                       slong odd, slong prec) {
  arb_t factor;
  arb_zero(out);
  if (q > p) return;
  arb_init(factor);
  arb_pow_ui(out, s, 2 * (ulong)(p - q), prec);
  arb_bin_uiui(factor, (ulong)p, (ulong)q, prec);
  arb_mul(out, out, factor, prec);
  arb_pow_ui(factor, t, 2 * (ulong)p, prec);
  arb_mul(out, out, factor, prec);
  arb_fac_ui(factor, 2 * (ulong)p + (ulong)odd, prec);
  arb_div(out, out, factor, prec);
  if (p % 2) arb_neg(out, out);
  arb_clear(factor);
}

/* --- the determinant -------------------------------------------------------------------- */

/* How often the same number came before the i-th. */
static slong order_of(const arb_struct *x, slong i) {
  slong order = 0;
  while (order < i && arb_equal(x + i - order - 1, x + i)) order++;
  return order;
}

static void set_entries(arb_mat_t m, const arb_struct *b, const arb_struct *s,
                        const arb_t t, slong odd, slong prec) {
  slong rank = arb_mat_nrows(m);
  acb_t phase;
  arb_t x;
  acb_init(phase);
  arb_init(x);
  for (slong i = 0; i < rank; i++)
    for (slong j = 0; j < rank; j++) {
      slong p = order_of(b, i), q = order_of(s, j);
      arb_struct *entry = arb_mat_entry(m, i, j);
      if (arb_is_zero(b + i)) {
        zero_entry(entry, s + j, t, p, q, odd, prec);
      } else if (arb_is_zero(s + j)) {
        zero_entry(entry, b + i, t, q, p, odd, prec);
      } else {
        if (!q) {
          arb_mul(x, b + i, s + j, prec);
          arb_mul(x, x, t, prec);
          arb_sin_cos(acb_imagref(phase), acb_realref(phase), x, prec);
        }
        smooth_entry(entry, b + i, s + j, t, phase, p, q, odd, prec);
      }
    }
  acb_clear(phase);
  arb_clear(x);
}

/* scale *= the squares' differences of unequal numbers */
static void multiply_differences(arb_t scale, const arb_struct *x, slong rank, slong prec) {
  arb_t a, b;
  arb_init(a);
  arb_init(b);
  for (slong i = 0; i < rank; i++)
    for (slong j = 0; j < i; j++) {
      if (arb_equal(x + i, x + j)) continue;
      arb_sub(a, x + i, x + j, prec);
      arb_add(b, x + i, x + j, prec);
      arb_mul(scale, scale, a, prec);
      arb_mul(scale, scale, b, prec);
    }
  arb_clear(a);
  arb_clear(b);
}

void adjoint_confluent(arb_t d, const arb_struct *b, const arb_struct *s, slong rank,
                       const arb_t t, ulong odd, slong prec) {
  arb_t scale, factor;
  arb_mat_t m;
  arb_init(scale);
  arb_init(factor);
  arb_mat_init(m, rank, rank);
  set_entries(m, b, s, t, (slong)odd, prec);
  arb_mat_det(d, m, prec);
  arb_pow_ui(scale, t, (ulong)(rank * (rank - 1)), prec);
  multiply_differences(scale, b, rank, prec);
  multiply_differences(scale, s, rank, prec);
  arb_div(d, d, scale, prec);
  for (slong k = 0; k < rank; k++) {
    arb_fac_ui(factor, 2 * (ulong)k + odd, prec);
    arb_mul(d, d, factor, prec);
  }
  if (rank % 4 >= 2) arb_neg(d, d); /* N(N-1)/2 is odd */
  arb_clear(scale);
  arb_clear(factor);
  arb_mat_clear(m);
}
