/* laws_inversion.c - P(sum d_i G_i <= x) for independent Gamma variables by
   integration of the inverse Laplace transform in balls.

   With M(z) = E exp(z Q) = prod (1 - z d_i)^(-a_i) and c inside the strip of
   convergence,
     c > 0:  P(Q > x)  =  (1/2 pi i) int_(c - i inf)^(c + i inf) M(z) e^(-zx) dz/z,
     c < 0:  P(Q <= x) = -(the same integral).
   The path is z = c + i y + kappa y^2, kappa >= 0 (for x < 0 everything is
   reflected first): straight when M falls fast enough, bent to the right,
   around the cuts [1/d_i, inf) of the positive d_i, when e^(-zx) and the
   negative d_i have to provide the decay. c is near the saddle point; any c
   in the strip gives a correct result, so it is found without rigour. */
#include <assert.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

/* A straight path may reach 2^this times the width of the integrand's bulk;
   beyond the second power the integration variable is stretched. */
enum { STRAIGHT_DOUBLINGS = 7, STRETCH_DOUBLINGS = 9 };

typedef struct {
  slong length;
  arb_ptr scale, shape; /* d_i != 0, a_i */
  arb_ptr tilted;       /* e_i = d_i / (1 - c d_i) */
  arb_t x, c, kappa;
  arb_t log_at_c; /* log M(c) - c x */
  arb_t stretch;  /* not 0: the integration variable is t, y = stretch sinh t */
} problem_t;

static void problem_init(problem_t *q, slong length) {
  q->length = 0;
  q->scale = _arb_vec_init(length);
  q->shape = _arb_vec_init(length);
  q->tilted = _arb_vec_init(length);
  arb_init(q->x);
  arb_init(q->c);
  arb_init(q->kappa);
  arb_init(q->log_at_c);
  arb_init(q->stretch);
}

static void problem_clear(problem_t *q, slong length) {
  _arb_vec_clear(q->scale, length);
  _arb_vec_clear(q->shape, length);
  _arb_vec_clear(q->tilted, length);
  arb_clear(q->x);
  arb_clear(q->c);
  arb_clear(q->kappa);
  arb_clear(q->log_at_c);
  arb_clear(q->stretch);
}

/* out = -log(1-u) - u - u^2/2 for |u| < 1/4, with as many terms of its series
   as make weight * |remainder| < 2^-prec. false: u may be too large. */
static bool log_remainder(acb_t out, const acb_t u, const arb_t weight,
                          slong prec) {
  mag_t size, error, total;
  acb_t power;
  mag_init(size);
  mag_init(error);
  mag_init(total);
  acb_get_mag(size, u);
  if (mag_cmp_2exp_si(size, -2) >= 0) {
    mag_clear(size);
    mag_clear(error);
    mag_clear(total);
    return false;
  }
  arb_get_mag(total, weight);
  mag_pow_ui(error, size, 3);
  slong terms = 3; /* remainder after u^2/2: at most |u|^terms */
  for (;; terms++) {
    mag_mul(total, total, size); /* weight |u|^(terms - 2) */
    mag_t now;
    mag_init(now);
    mag_mul(now, total, size);
    mag_mul(now, now, size);
    bool enough = mag_cmp_2exp_si(now, -prec) < 0;
    mag_clear(now);
    if (enough || terms > prec + 3) break;
    mag_mul(error, error, size);
  }
  /* Horner for sum_{3 <= j < terms} u^j / j, remainder sum_{j >= terms}
     |u|^j/j <= |u|^terms / (3 (1 - 1/4)) <= |u|^terms. */
  acb_init(power);
  acb_zero(power);
  for (slong j = terms - 1; j >= 3; j--) {
    arb_t inverse;
    arb_init(inverse);
    arb_set_si(inverse, 1);
    arb_div_si(inverse, inverse, j, prec);
    acb_add_arb(power, power, inverse, prec);
    if (j > 3) acb_mul(power, power, u, prec);
    arb_clear(inverse);
  }
  for (int i = 0; i < 3; i++) acb_mul(power, power, u, prec);
  acb_add_error_mag(power, error);
  acb_swap(out, power);
  acb_clear(power);
  mag_clear(size);
  mag_clear(error);
  mag_clear(total);
  return true;
}

/* M(z) e^(-zx) / z * (dz/dy) / i at z = c + i y + kappa y^2. The linear and
   quadratic parts of sum -a_i log(1 - e_i zeta), zeta = z - c, are added up
   before zeta enters: for huge shapes they cancel against x zeta. */
static int integrand(acb_ptr out, const acb_t variable, void *param,
                     slong order, slong prec) {
  const problem_t *q = param;
  acb_t y, jacobian, z, zeta, u, part, sum;
  arb_t linear, quadratic, term;
  acb_init(y);
  acb_init(jacobian);
  acb_init(z);
  acb_init(zeta);
  acb_init(u);
  acb_init(part);
  acb_init(sum);
  arb_init(linear);
  arb_init(quadratic);
  arb_init(term);
  if (arb_is_zero(q->stretch)) {
    acb_set(y, variable);
    acb_one(jacobian);
  } else {
    acb_sinh_cosh(y, jacobian, variable, prec);
    acb_mul_arb(y, y, q->stretch, prec);
    acb_mul_arb(jacobian, jacobian, q->stretch, prec);
  }
  acb_mul(zeta, y, y, prec);
  acb_mul_arb(zeta, zeta, q->kappa, prec);
  acb_mul_onei(part, y);
  acb_add(zeta, zeta, part, prec);
  acb_add_arb(z, zeta, q->c, prec);
  arb_neg(linear, q->x);
  for (slong i = 0; i < q->length; i++) {
    acb_mul_arb(u, zeta, q->tilted + i, prec);
    if (log_remainder(part, u, q->shape + i, prec)) {
      arb_mul(term, q->shape + i, q->tilted + i, prec);
      arb_add(linear, linear, term, prec);
      arb_addmul(quadratic, term, q->tilted + i, prec);
    } else {
      acb_sub_ui(u, u, 1, prec);
      acb_neg(u, u);
      acb_log_analytic(part, u, order != 0, prec);
      acb_neg(part, part);
    }
    acb_mul_arb(part, part, q->shape + i, prec);
    acb_add(sum, sum, part, prec);
  }
  arb_mul_2exp_si(quadratic, quadratic, -1);
  acb_mul_arb(part, zeta, quadratic, prec);
  acb_add_arb(part, part, linear, prec);
  acb_mul(part, part, zeta, prec);
  acb_add(sum, sum, part, prec);
  acb_add_arb(sum, sum, q->log_at_c, prec);
  acb_exp(sum, sum, prec);
  acb_div(sum, sum, z, prec);
  acb_mul_arb(part, y, q->kappa, prec);
  acb_mul_onei(part, part);
  acb_mul_2exp_si(part, part, 1);
  acb_sub_ui(part, part, 1, prec);
  acb_neg(part, part);
  acb_mul(sum, sum, jacobian, prec);
  acb_mul(out, sum, part, prec);
  acb_clear(y);
  acb_clear(jacobian);
  acb_clear(z);
  acb_clear(zeta);
  acb_clear(u);
  acb_clear(part);
  acb_clear(sum);
  arb_clear(linear);
  arb_clear(quadratic);
  arb_clear(term);
  return 0;
}

/* Bound on (1/pi) int_y^inf |integrand|. Straight path: with
   t_i = y^2 e_i^2 / (1 + y^2 e_i^2) and T = sum a_i t_i,
     |M(z) e^(-zx)| <= M(c) e^(-cx) prod (1 + y^2 e_i^2)^(-a_i/2) (y'/y)^-T
   at y' >= y, and |z| >= y'. Bent path, v = kappa y^2: |1 - e zeta| is at
   least e y for e > 0 and 1 - e v for e < 0, and |e^(-zeta x)| = e^(-vx). */
static void tail_bound(arb_t bound, const problem_t *q, const arb_t y,
                       slong prec) {
  bool bent = !arb_is_zero(q->kappa);
  arb_t t, v, exponent, decay;
  arb_init(t);
  arb_init(v);
  arb_init(exponent);
  arb_init(decay);
  arb_mul(v, y, y, prec);
  if (bent) arb_mul(v, v, q->kappa, prec);
  arb_set(exponent, q->log_at_c);
  for (slong i = 0; i < q->length; i++) {
    const arb_struct *e = q->tilted + i;
    if (!bent) {
      arb_mul(t, e, e, prec);
      arb_mul(t, t, v, prec); /* y^2 e^2 */
      arb_log1p(bound, t, prec);
      arb_mul_2exp_si(bound, bound, -1);
      arb_submul(exponent, bound, q->shape + i, prec);
      arb_add_ui(bound, t, 1, prec);
      arb_div(t, t, bound, prec);
      arb_addmul(decay, t, q->shape + i, prec);
    } else if (arb_is_positive(e)) {
      arb_mul(t, e, y, prec);
      arb_log(t, t, prec);
      arb_submul(exponent, t, q->shape + i, prec);
      arb_add(decay, decay, q->shape + i, prec);
    } else {
      arb_mul(t, e, v, prec);
      arb_neg(t, t);
      arb_log1p(bound, t, prec);
      arb_submul(exponent, bound, q->shape + i, prec);
      arb_add_ui(bound, t, 1, prec);
      arb_div(t, t, bound, prec);
      arb_mul_2exp_si(t, t, 1);
      arb_addmul(decay, t, q->shape + i, prec);
    }
  }
  arb_inv(t, decay, prec);
  if (bent) {
    arb_mul(t, v, q->x, prec);
    arb_sub(exponent, exponent, t, prec);
    arb_mul_2exp_si(t, t, 1);
    arb_add(decay, decay, t, prec);
    arb_sub_ui(t, decay, 1, prec);
    if (!arb_is_positive(t)) {
      arb_pos_inf(bound);
      goto done;
    }
    arb_mul(v, q->kappa, y, prec);
    arb_mul_2exp_si(v, v, 1);
    arb_div(t, v, t, prec); /* 2 kappa y / (decay - 1) */
    arb_inv(v, decay, prec);
    arb_add(t, t, v, prec);
  }
  arb_exp(bound, exponent, prec);
  arb_mul(bound, bound, t, prec);
  arb_const_pi(t, prec);
  arb_div(bound, bound, t, prec);
done:
  arb_clear(t);
  arb_clear(v);
  arb_clear(exponent);
  arb_clear(decay);
}

/* Sign of the derivative of log M(c) - c x - log|c|, without rigour. */
static int slope_sign(const problem_t *q, const arb_t c, slong prec) {
  arb_t sum, term;
  arb_init(sum);
  arb_init(term);
  arb_neg(sum, q->x);
  arb_inv(term, c, prec);
  arb_sub(sum, sum, term, prec);
  for (slong i = 0; i < q->length; i++) {
    arb_mul(term, q->scale + i, c, prec);
    arb_sub_ui(term, term, 1, prec);
    arb_neg(term, term);
    arb_div(term, q->scale + i, term, prec);
    arb_addmul(sum, term, q->shape + i, prec);
  }
  int sign = arf_sgn(arb_midref(sum));
  arb_clear(sum);
  arb_clear(term);
  return sign;
}

/* c: about the minimum of log M(c) - c x - log|c| on its side of 0; limit is
   the end of the strip on that side (0: none), unit a first guess > 0. */
static void choose_abscissa(problem_t *q, int side, const arb_t limit,
                            const arb_t unit, slong prec) {
  arb_t low, high, mid;
  arb_init(low);
  arb_init(high);
  arb_init(mid);
  bool bounded = !arb_is_zero(limit);
  arb_abs(high, limit);
  if (!bounded || arb_gt(high, unit)) arb_set(high, unit);
  else arb_mul_2exp_si(high, high, -1);
  arb_set(low, high);
  /* In |c| the slope is negative at 0 and positive at the end. */
  for (int i = 0; i < 4000; i++) {
    arb_mul_si(mid, low, side, prec);
    if (slope_sign(q, mid, prec) * side < 0) break;
    arb_set(high, low);
    arb_mul_2exp_si(low, low, -1);
  }
  for (int i = 0; i < 4000; i++) {
    arb_mul_si(mid, high, side, prec);
    if (slope_sign(q, mid, prec) * side > 0) break;
    arb_set(low, high);
    if (!bounded) {
      arb_mul_2exp_si(high, high, 1);
    } else {
      arb_abs(mid, limit);
      arb_mul_2exp_si(high, high, 1);
      if (!arb_lt(high, mid)) {
        arb_add(high, low, mid, prec);
        arb_mul_2exp_si(high, high, -1);
      }
    }
    arf_set(arb_midref(high), arb_midref(high));
    mag_zero(arb_radref(high));
  }
  for (int i = 0; i < 12; i++) {
    arb_add(mid, low, high, prec);
    arb_mul_2exp_si(mid, mid, -1);
    mag_zero(arb_radref(mid));
    arb_mul_si(q->c, mid, side, prec);
    arb_set(slope_sign(q, q->c, prec) * side < 0 ? low : high, mid);
  }
  arb_mul_si(q->c, mid, side, prec);
  arb_set_round(q->c, q->c, 64); /* any value in the strip will do */
  mag_zero(arb_radref(q->c));
  arb_clear(low);
  arb_clear(high);
  arb_clear(mid);
}

/* tilted and log_at_c for the present c. false: c not provably in the strip */
static bool tilt(problem_t *q, slong prec) {
  arb_t t;
  arb_init(t);
  bool inside = true;
  arb_mul(q->log_at_c, q->c, q->x, prec);
  arb_neg(q->log_at_c, q->log_at_c);
  for (slong i = 0; i < q->length && inside; i++) {
    arb_mul(t, q->c, q->scale + i, prec);
    arb_sub_ui(t, t, 1, prec);
    arb_neg(t, t);
    inside = arb_is_positive(t);
    arb_div(q->tilted + i, q->scale + i, t, prec);
    arb_log(t, t, prec);
    arb_submul(q->log_at_c, t, q->shape + i, prec);
  }
  arb_clear(t);
  return inside;
}

/* The first y = width 2^j whose tail is below 2^-goal; j, or -1. */
static slong find_end(arb_t y, const problem_t *q, const arb_t width,
                      slong goal, slong prec) {
  arb_t bound, tolerance;
  slong j, found = -1;
  arb_init(bound);
  arb_init(tolerance);
  arb_one(tolerance);
  arb_mul_2exp_si(tolerance, tolerance, -goal);
  for (j = 0; j < 40 * goal + 200 && found < 0; j++) {
    arb_mul_2exp_si(y, width, j);
    tail_bound(bound, q, y, prec);
    if (arb_lt(bound, tolerance)) found = j;
  }
  arb_clear(bound);
  arb_clear(tolerance);
  return found;
}

/* The probability on q->c's side: P(Q > x) if c > 0, else P(Q <= x). */
static status_t integrate(arb_t probability, problem_t *q, slong goal,
                          slong prec) {
  status_t status = STATUS_UNDECIDED;
  arb_t width, end, bound;
  acb_t zero, stop, value;
  mag_t tolerance;
  acb_calc_integrate_opt_t options;
  arb_init(width);
  arb_init(end);
  arb_init(bound);
  acb_init(zero);
  acb_init(stop);
  acb_init(value);
  mag_init(tolerance);
  if (!tilt(q, prec)) goto done;
  /* Width of the Gaussian part: 1 / sqrt(sum a e^2). */
  arb_zero(width);
  for (slong i = 0; i < q->length; i++) {
    arb_mul(bound, q->tilted + i, q->tilted + i, prec);
    arb_addmul(width, bound, q->shape + i, prec);
  }
  arb_rsqrt(width, width, prec);
  arb_set_round(width, width, 32);
  mag_zero(arb_radref(width));
  arb_zero(q->kappa);
  slong doublings = find_end(end, q, width, goal + 2, prec);
  if (doublings < 0 || doublings > STRAIGHT_DOUBLINGS) {
    /* kappa ~ force / (4 (1 + positive shapes)), force of e^(-zx) and of the
       negative d_i. */
    arb_set(q->kappa, q->x);
    arb_one(bound);
    for (slong i = 0; i < q->length; i++)
      if (arb_is_positive(q->scale + i)) {
        arb_add(bound, bound, q->shape + i, prec);
      } else {
        arb_submul(q->kappa, q->shape + i, q->scale + i, prec);
      }
    arb_div(q->kappa, q->kappa, bound, prec);
    arb_mul_2exp_si(q->kappa, q->kappa, -2);
    arb_set_round(q->kappa, q->kappa, 32);
    mag_zero(arb_radref(q->kappa));
    arb_t bent_end;
    arb_init(bent_end);
    slong bent_doublings = -1;
    if (arb_is_positive(q->kappa))
      bent_doublings = find_end(bent_end, q, width, goal + 2, prec);
    /* Far out the bent path hugs the cuts: no good for slow decay. */
    if (bent_doublings >= 0 &&
        (doublings < 0 || bent_doublings <= STRETCH_DOUBLINGS)) {
      arb_set(end, bent_end);
      doublings = bent_doublings;
    } else {
      arb_zero(q->kappa);
    }
    arb_clear(bent_end);
    if (doublings < 0) goto done;
    if (doublings > STRETCH_DOUBLINGS) arb_set(q->stretch, width);
  }
  acb_set_arb(stop, end);
  if (!arb_is_zero(q->stretch)) {
    /* t is whatever ball asinh gives; the tail starts at sinh of its middle */
    arb_div(bound, end, q->stretch, prec);
    arb_asinh(bound, bound, prec);
    mag_zero(arb_radref(bound));
    acb_set_arb(stop, bound);
    arb_sinh(bound, bound, prec);
    arb_mul(end, bound, q->stretch, prec);
  }
  mag_set_ui_2exp_si(tolerance, 1, -goal - 2);
  acb_calc_integrate_opt_init(options);
  options->eval_limit = 40 * goal + 40000;
  options->depth_limit = 4 * goal + 400;
  acb_calc_integrate(value, integrand, q, zero, stop, goal, tolerance, options,
                     prec);
  arb_const_pi(width, prec);
  arb_div(probability, acb_realref(value), width, prec);
  if (arb_is_negative(q->c)) arb_neg(probability, probability);
  tail_bound(bound, q, end, prec);
  arb_add_error(probability, bound);
  if (arb_is_finite(probability)) status = STATUS_OK;
done:
  arb_clear(width);
  arb_clear(end);
  arb_clear(bound);
  acb_clear(zero);
  acb_clear(stop);
  acb_clear(value);
  mag_clear(tolerance);
  return status;
}

void laws_clip_probability(arb_t p) {
  arb_t unit;
  arb_init(unit);
  arb_unit_interval(unit);
  if (!arb_is_finite(p)) arb_set(p, unit);
  arb_t clipped;
  arb_init(clipped);
  if (!arb_contains(unit, p)) {
    /* keep balls that are inside; cut the others */
    if (arb_intersection(clipped, p, unit, 2 * MAG_BITS + 64))
      if (mag_cmp(arb_radref(clipped), arb_radref(p)) < 0)
        arb_set(p, clipped);
  }
  arb_clear(clipped);
  arb_clear(unit);
}

/* x exact; the scales of q are set, no zeros, and x > 0 or x = 0. */
static status_t solve(arb_t cdf, problem_t *q, slong goal, slong prec) {
  arb_t mean, deviation, limit, t, greatest, smallest;
  status_t status;
  arb_init(mean);
  arb_init(deviation);
  arb_init(limit);
  arb_init(t);
  arb_init(greatest);
  arb_init(smallest);
  for (slong i = 0; i < q->length; i++) {
    arb_mul(t, q->scale + i, q->shape + i, prec);
    arb_add(mean, mean, t, prec);
    arb_addmul(deviation, t, q->scale + i, prec);
    if (arb_gt(q->scale + i, greatest)) arb_set(greatest, q->scale + i);
    if (arb_lt(q->scale + i, smallest)) arb_set(smallest, q->scale + i);
  }
  arb_sub(mean, mean, q->x, prec);
  int side = arf_sgn(arb_midref(mean)) > 0 ? -1 : 1;
  arb_set(t, side > 0 ? greatest : smallest);
  if (!arb_is_zero(t)) arb_inv(limit, t, prec);
  mag_zero(arb_radref(limit));
  arb_rsqrt(deviation, deviation, prec);
  mag_zero(arb_radref(deviation));
  choose_abscissa(q, side, limit, deviation, prec);
  status = integrate(cdf, q, goal, prec);
  if (status == STATUS_OK && side > 0) {
    arb_sub_ui(cdf, cdf, 1, prec);
    arb_neg(cdf, cdf);
  }
  arb_clear(mean);
  arb_clear(deviation);
  arb_clear(limit);
  arb_clear(t);
  arb_clear(greatest);
  arb_clear(smallest);
  return status;
}

/* laws_gamma_sum_cdf for an exact x. */
static status_t cdf_at_point(arb_t cdf, const arb_struct *scales,
                             const fmpq *shapes, slong length, const arf_t x,
                             slong prec_bits) {
  problem_t q;
  status_t status = STATUS_OK;
  slong prec = 64;
  int reflect = arf_sgn(x) < 0;
  fmpq_t positive, negative;
  fmpq_init(positive);
  fmpq_init(negative);
  problem_init(&q, length);
  for (slong i = 0; i < length; i++) {
    assert(fmpq_sgn(shapes + i) > 0);
    slong bits = (slong)fmpz_bits(fmpq_numref(shapes + i));
    if (bits + 64 > prec) prec = bits + 64;
    if (arb_is_positive(scales + i))
      fmpq_add(positive, positive, shapes + i);
    else if (arb_is_negative(scales + i))
      fmpq_add(negative, negative, shapes + i);
    else if (!arb_is_zero(scales + i))
      status = STATUS_UNDECIDED;
  }
  if (status != STATUS_OK) goto done;
  if (arf_is_zero(x)) reflect = fmpq_cmp(positive, negative) > 0;
  prec += prec_bits + 32;
  if (fmpq_is_zero(positive) && arf_sgn(x) >= 0) {
    arb_one(cdf);
    goto done;
  }
  if (fmpq_is_zero(negative) && arf_sgn(x) <= 0) {
    arb_zero(cdf);
    goto done;
  }
  for (slong i = 0; i < length; i++) {
    if (arb_is_zero(scales + i)) continue;
    arb_set_fmpq(q.shape + q.length, shapes + i, prec);
    arb_set(q.scale + q.length, scales + i);
    if (reflect) arb_neg(q.scale + q.length, q.scale + q.length);
    q.length++;
  }
  arb_set_arf(q.x, x);
  if (reflect) arb_neg(q.x, q.x);
  arb_t value;
  arb_init(value);
  status = solve(value, &q, prec_bits, prec);
  if (status == STATUS_OK) {
    if (reflect) {
      arb_sub_ui(value, value, 1, prec);
      arb_neg(value, value);
    }
    laws_clip_probability(value);
    if (mag_cmp_2exp_si(arb_radref(value), -5) > 0)
      status = STATUS_UNDECIDED;
    else
      arb_set_round(cdf, value, prec_bits + 32);
  }
  arb_clear(value);
done:
  problem_clear(&q, length);
  fmpq_clear(positive);
  fmpq_clear(negative);
  return status;
}

status_t laws_gamma_sum_cdf(arb_t cdf, const arb_struct *scales,
                            const fmpq *shapes, slong length, const arb_t x,
                            slong prec_bits) {
  arf_t low, high;
  arb_t first, second;
  arf_init(low);
  arf_init(high);
  arb_init(first);
  arb_init(second);
  status_t status = STATUS_UNDECIDED;
  if (!arb_is_finite(x)) goto done;
  if (arb_is_exact(x)) {
    status = cdf_at_point(first, scales, shapes, length, arb_midref(x),
                          prec_bits);
  } else {
    /* the function is monotone */
    arb_get_lbound_arf(low, x, ARF_PREC_EXACT);
    arb_get_ubound_arf(high, x, ARF_PREC_EXACT);
    status = cdf_at_point(first, scales, shapes, length, low, prec_bits);
    if (status == STATUS_OK)
      status = cdf_at_point(second, scales, shapes, length, high, prec_bits);
    if (status == STATUS_OK) arb_union(first, first, second, prec_bits + 32);
  }
  if (status == STATUS_OK) arb_swap(cdf, first);
done:
  arf_clear(low);
  arf_clear(high);
  arb_clear(first);
  arb_clear(second);
  return status;
}
