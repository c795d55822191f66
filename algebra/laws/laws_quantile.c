/* laws_quantile.c - quantiles: certified brackets of monotone functions. */
#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

typedef status_t (*cdf_function)(arb_t cdf, const laws_loss_t loss,
                                 const arb_t x, slong prec_bits);

typedef struct {
  cdf_function cdf;
  const laws_loss_struct *loss;
  slong cdf_prec, prec;
  arb_t q;
  arb_t low, high;             /* exact, cdf(low) < q < cdf(high) */
  arb_t low_excess, high_excess; /* about cdf - q there */
} bracket_t;

/* -1, 1: cdf(x) - q has that sign for certain; 0: undecided. */
static int probe(arb_t excess, const bracket_t *b, const arb_t x) {
  if (b->cdf(excess, b->loss, x, b->cdf_prec) != STATUS_OK) return 0;
  arb_sub(excess, excess, b->q, b->cdf_prec);
  if (arb_is_positive(excess)) return 1;
  return arb_is_negative(excess) ? -1 : 0;
}

/* center -+ spread 2^j until the quantile is inside. */
static bool enclose(bracket_t *b, const arb_t center, const arb_t spread) {
  for (int side = -1; side <= 1; side += 2) {
    arb_struct *end = side < 0 ? b->low : b->high;
    arb_struct *excess = side < 0 ? b->low_excess : b->high_excess;
    bool found = false;
    for (slong j = 0; j < 12 && !found; j++) {
      arb_mul_2exp_si(end, spread, j);
      arb_mul_si(end, end, side, b->prec);
      arb_add(end, end, center, b->prec);
      mag_zero(arb_radref(end));
      found = probe(excess, b, end) == side;
    }
    if (!found) return false;
  }
  return true;
}

/* Next point: regula falsi with one bisection in three, kept half a tolerance
   away from the ends so that the last steps close the bracket. */
static void propose(arb_t x, const bracket_t *b, const arb_t tolerance,
                    int step) {
  arb_t width, t;
  arb_init(width);
  arb_init(t);
  arb_sub(width, b->high, b->low, b->prec);
  if (step % 3 == 2) {
    arb_mul_2exp_si(x, width, -1);
  } else {
    arb_sub(t, b->high_excess, b->low_excess, b->prec);
    arb_div(t, b->low_excess, t, b->prec);
    arb_neg(t, t);
    arb_mul(x, width, t, b->prec);
  }
  mag_zero(arb_radref(x));
  arb_mul_2exp_si(t, tolerance, -1);
  if (!arb_is_finite(x) || arb_lt(x, t)) arb_set(x, t);
  arb_sub(width, width, t, b->prec);
  if (arb_gt(x, width)) arb_set(x, width);
  arb_add(x, x, b->low, b->prec);
  mag_zero(arb_radref(x));
  arb_clear(width);
  arb_clear(t);
}

static void narrow(bracket_t *b, const arb_t tolerance) {
  arb_t x, excess, width;
  arb_init(x);
  arb_init(excess);
  arb_init(width);
  int last = 0;
  for (int step = 0; step < 400; step++) {
    arb_sub(width, b->high, b->low, b->prec);
    if (arb_le(width, tolerance)) break;
    propose(x, b, tolerance, step);
    int sign = probe(excess, b, x);
    if (sign == 0) {
      /* q is in the ball: close in from both sides, then give up */
      arb_mul_2exp_si(width, tolerance, -2);
      for (int side = -1; side <= 1; side += 2) {
        arb_t y;
        arb_init(y);
        arb_mul_si(y, width, side, b->prec);
        arb_add(y, y, x, b->prec);
        mag_zero(arb_radref(y));
        if (arb_gt(y, b->low) && arb_lt(y, b->high) &&
            probe(excess, b, y) == side)
          arb_set(side < 0 ? b->low : b->high, y);
        arb_clear(y);
      }
      break;
    }
    arb_set(sign < 0 ? b->low : b->high, x);
    arb_set(sign < 0 ? b->low_excess : b->high_excess, excess);
    if (sign == last) { /* Illinois: halve the value at the end that stays */
      arb_struct *stale = sign < 0 ? b->high_excess : b->low_excess;
      arb_mul_2exp_si(stale, stale, -1);
    }
    last = sign;
  }
  arb_clear(x);
  arb_clear(excess);
  arb_clear(width);
}

static status_t quantile(arb_t out, cdf_function cdf,
                         const laws_loss_struct *loss, const fmpq_t q,
                         const arb_t center, const arb_t spread,
                         slong prec_bits) {
  status_t status = STATUS_UNDECIDED;
  bracket_t b;
  arb_t tolerance, at, scale;
  b.cdf = cdf;
  b.loss = loss;
  b.cdf_prec = prec_bits + 32 + 2 * (slong)fmpz_bits(fmpq_denref(q));
  arb_init(b.q);
  arb_init(b.low);
  arb_init(b.high);
  arb_init(b.low_excess);
  arb_init(b.high_excess);
  arb_init(tolerance);
  arb_init(at);
  arb_init(scale);
  arb_set_fmpq(b.q, q, b.cdf_prec + 32);
  arb_get_mid_arb(at, center);
  arb_get_mid_arb(scale, spread);
  b.prec = prec_bits + 64;
  if (!arb_is_zero(at)) {
    slong gap = arf_abs_bound_lt_2exp_si(arb_midref(at)) -
                arf_abs_bound_lt_2exp_si(arb_midref(scale));
    if (gap > 0) b.prec += gap;
  }
  if (enclose(&b, at, scale)) {
    arb_mul_2exp_si(tolerance, scale, -prec_bits);
    narrow(&b, tolerance);
    arb_union(out, b.low, b.high, b.prec);
    status = STATUS_OK;
  }
  arb_clear(b.q);
  arb_clear(b.low);
  arb_clear(b.high);
  arb_clear(b.low_excess);
  arb_clear(b.high_excess);
  arb_clear(tolerance);
  arb_clear(at);
  arb_clear(scale);
  return status;
}

static bool strictly_between(const fmpq_t q) {
  return fmpq_sgn(q) > 0 && fmpq_cmp_si(q, 1) < 0;
}

status_t laws_finite_quantile(arb_t out, const laws_loss_t loss,
                              const fmpq_t q, slong prec_bits) {
  if (!strictly_between(q)) return STATUS_BAD_INPUT;
  slong prec = prec_bits + 64 + 2 * laws_loss_bits(loss);
  laws_moments_t moments;
  arb_t center, spread, scale;
  laws_moments_init(moments);
  arb_init(center);
  arb_init(spread);
  arb_init(scale);
  laws_finite_moments(moments, loss);
  arb_set_fmpq(center, loss->constant, prec);
  for (slong i = 0; i < loss->length; i++) {
    laws_block_scale(scale, loss->blocks + i, prec);
    arb_mul_fmpz(scale, scale, loss->blocks[i].count, prec);
    arb_set_fmpq(spread, loss->blocks[i].mean, prec);
    arb_addmul(center, scale, spread, prec);
  }
  status_t status = STATUS_OK;
  if (fmpq_is_zero(moments->variance)) {
    arb_set_round(out, center, prec_bits);
  } else {
    arb_set_fmpq(spread, moments->variance, prec);
    arb_sqrt(spread, spread, prec);
    status = quantile(out, laws_finite_cdf, loss, q, center, spread,
                      prec_bits);
  }
  laws_moments_clear(moments);
  arb_clear(center);
  arb_clear(spread);
  arb_clear(scale);
  return status;
}

status_t laws_wishart_quantile(arb_t out, const laws_loss_t loss,
                               const fmpq_t q, slong prec_bits) {
  if (!strictly_between(q)) return STATUS_BAD_INPUT;
  slong prec = prec_bits + 64 + 2 * laws_loss_bits(loss);
  laws_gamma_form_t form;
  arb_t center, spread, term, shape;
  laws_gamma_form_init(&form);
  arb_init(center);
  arb_init(spread);
  arb_init(term);
  arb_init(shape);
  status_t status = laws_gamma_form(&form, loss, false, prec);
  if (status != STATUS_OK) goto done;
  arb_set(center, form.offset);
  for (slong i = 0; i < form.length; i++) {
    arb_set_fmpq(shape, form.shapes + i, prec);
    arb_mul(term, shape, form.scales + i, prec);
    arb_add(center, center, term, prec);
    arb_addmul(spread, term, form.scales + i, prec);
  }
  if (form.length == 0) {
    arb_set_round(out, center, prec_bits);
  } else {
    arb_sqrt(spread, spread, prec);
    status = quantile(out, laws_wishart_cdf, loss, q, center, spread,
                      prec_bits);
  }
done:
  laws_gamma_form_clear(&form);
  arb_clear(center);
  arb_clear(spread);
  arb_clear(term);
  arb_clear(shape);
  return status;
}
