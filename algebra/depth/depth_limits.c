#include "algebra/depth/depth_limits.h"

void depth_limits_default(depth_limits_t *limits) {
  *limits = (depth_limits_t){.max_strings = (size_t)1 << 24,
                             .max_bytes = (size_t)1 << 31,
                             .prec_bits = 128,
                             .gradients = true};
}

void depth_characteristic(arb_t out, const depth_distribution_t *law, const arb_t x,
                          slong prec) {
  if (law->law == ANGLE_FULL_PERIOD) { /* x is a frequency that occurs */
    arb_zero(out);
    return;
  }
  arb_t width;
  arb_init(width);
  arb_set_fmpq(width, law->width, prec);
  arb_mul(out, width, x, prec);
  arb_clear(width);
  if (law->times_pi) {
    arb_t pi;
    arb_init(pi);
    arb_const_pi(pi, prec);
    arb_mul(out, out, pi, prec);
    arb_clear(pi);
  }
  if (law->law == ANGLE_INTERVAL) {
    arb_sinc(out, out, prec);
  } else {
    arb_mul(out, out, out, prec);
    arb_mul_2exp_si(out, out, -1);
    arb_neg(out, out);
    arb_exp(out, out, prec);
  }
}
