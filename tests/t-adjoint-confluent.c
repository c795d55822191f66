/* t-adjoint-confluent - Harish-Chandra's determinants of so(m) from values and derivatives
   against their power series, summed plainly here: random spectra with zeros, repeated and
   close numbers. */
#include "algebra/base/flint_compat.h"
#include "algebra/laws/adjoint_confluent.h"
#include "tests/tap.h"

enum { MOST_RANK = 5, TERMS = 150, BITS = 1024 };

/* h_n of the squares of the first count numbers, by dropping the last or keeping it. */
static void complete(arb_t out, const arb_struct *x, slong count, slong n) {
  arb_struct *h = _arb_vec_init(n + 1);
  arb_t square;
  arb_init(square);
  arb_one(h);
  for (slong k = 0; k < count; k++) {
    arb_sqr(square, x + k, BITS);
    for (slong j = 1; j <= n; j++) arb_addmul(h + j, square, h + j - 1, BITS);
  }
  arb_set(out, h + n);
  _arb_vec_clear(h, n + 1);
  arb_clear(square);
}

/* sum_n (-t^2)^(n-p) (2p+odd)!/(2n+odd)! h_(n-p)(u_0..u_p) h_(n-q)(v_0..v_q) */
static void series_entry(arb_t out, const arb_struct *b, const arb_struct *s,
                         const arb_t t, ulong odd, slong p, slong q) {
  arb_t term, factor;
  arb_init(term);
  arb_init(factor);
  arb_zero(out);
  for (slong n = p > q ? p : q; n < TERMS; n++) {
    complete(term, b, p + 1, n - p);
    complete(factor, s, q + 1, n - q);
    arb_mul(term, term, factor, BITS);
    arb_pow_ui(factor, t, 2 * (ulong)(n - p), BITS);
    arb_mul(term, term, factor, BITS);
    arb_fac_ui(factor, 2 * (ulong)p + odd, BITS);
    arb_mul(term, term, factor, BITS);
    arb_fac_ui(factor, 2 * (ulong)n + odd, BITS);
    arb_div(term, term, factor, BITS);
    if ((n - p) % 2) arb_sub(out, out, term, BITS);
    else arb_add(out, out, term, BITS);
  }
  arb_clear(term);
  arb_clear(factor);
}

static void series(arb_t out, const arb_struct *b, const arb_struct *s, slong rank,
                   const arb_t t, ulong odd) {
  arb_mat_t m;
  arb_mat_init(m, rank, rank);
  for (slong p = 0; p < rank; p++)
    for (slong q = 0; q < rank; q++)
      series_entry(arb_mat_entry(m, p, q), b, s, t, odd, p, q);
  arb_mat_det(out, m, BITS);
  arb_mat_clear(m);
}

/* In ascending order: steps of 0 (repeated), 2^(-20) (close) and up to 1/2. */
static void random_spectrum(arb_struct *x, slong rank) {
  arb_t step;
  arb_init(step);
  for (slong k = 0; k < rank; k++) {
    size_t kind = tap_random_below(4);
    if (kind == 0) arb_zero(step);
    else arb_set_si(step, kind == 1 ? 1 : 1 + (slong)tap_random_below(32));
    arb_mul_2exp_si(step, step, kind == 1 ? -20 : -6);
    if (k) arb_add(x + k, x + k - 1, step, BITS);
    else arb_set(x, step);
  }
  arb_clear(step);
}

static bool agree(slong rank, ulong odd) {
  arb_struct *b = _arb_vec_init(rank), *s = _arb_vec_init(rank);
  arb_t t, direct, sum;
  arb_init(t);
  arb_init(direct);
  arb_init(sum);
  random_spectrum(b, rank);
  random_spectrum(s, rank);
  arb_set_si(t, 1 + (slong)tap_random_below(200));
  arb_mul_2exp_si(t, t, -4);
  if (tap_random_below(2)) arb_neg(t, t);
  series(sum, b, s, rank, t, odd);
  adjoint_confluent(direct, b, s, rank, t, odd, 2 * BITS);
  bool small = mag_cmp_2exp_si(arb_radref(direct), -40) < 0;
  arb_sub(sum, sum, direct, BITS);
  bool same = mag_cmp_2exp_si(arb_radref(sum), -40) < 0 &&
              arf_cmpabs_2exp_si(arb_midref(sum), -40) < 0;
  if (!small || !same)
    tap_diag("rank %ld, odd %lu, t %g: off by %g, radius %g", (long)rank, (unsigned long)odd,
             arf_get_d(arb_midref(t), ARF_RND_NEAR),
             arf_get_d(arb_midref(sum), ARF_RND_NEAR), mag_get_d(arb_radref(direct)));
  arb_clear(t);
  arb_clear(direct);
  arb_clear(sum);
  _arb_vec_clear(b, rank);
  _arb_vec_clear(s, rank);
  return small && same;
}

int main(void) {
  tap_begin("t-adjoint-confluent");
  for (ulong odd = 0; odd < 2; odd++)
    for (slong rank = 1; rank <= MOST_RANK; rank++) {
      size_t fine = 0, count = (size_t)tap_iterations(8);
      for (size_t i = 0; i < count; i++) fine += agree(rank, odd);
      tap_ok(fine == count, "rank %ld, odd %lu: %zu of %zu as the series", (long)rank,
             (unsigned long)odd, fine, count);
    }
  return tap_end();
}
