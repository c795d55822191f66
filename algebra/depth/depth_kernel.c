/* Mean neural tangent kernels at finite depth; see finite_depth.h. */
#include "algebra/depth/finite_depth.h"

/* sum += x: exact while all numbers have the same power of pi. */
static void add_number(depth_number_t sum, const depth_number_t x, slong prec) {
  arb_t a, b;
  if (x->kind == DEPTH_EXACT && fmpq_is_zero(x->rational) && fmpq_is_zero(x->sqrt2))
    return;
  bool empty = sum->kind == DEPTH_EXACT && fmpq_is_zero(sum->rational) &&
               fmpq_is_zero(sum->sqrt2);
  if (empty) {
    depth_number_set(sum, x);
  } else if (sum->kind == DEPTH_EXACT && x->kind == DEPTH_EXACT &&
             sum->pi_power == x->pi_power) {
    fmpq_add(sum->rational, sum->rational, x->rational);
    fmpq_add(sum->sqrt2, sum->sqrt2, x->sqrt2);
  } else {
    arb_init(a);
    arb_init(b);
    depth_number_get_arb(a, sum, prec);
    depth_number_get_arb(b, x, prec);
    arb_add(sum->ball, a, b, prec);
    sum->kind = DEPTH_BALL;
    arb_clear(a);
    arb_clear(b);
  }
}

reason_code_t finite_depth_kernel(depth_number_t out, const ansatz_t ansatz,
                                  const pauli_sum_t observable, depth_state_t a,
                                  depth_state_t b, const depth_distribution_t *laws,
                                  const depth_limits_t *limits) {
  finite_depth_t r;
  depth_limits_t own = *limits;
  own.other = &b;
  own.gradients = true;
  finite_depth_init(r);
  finite_depth_exact(r, ansatz, observable, a, laws, &own);
  reason_code_t reason = r->reason;
  out->kind = DEPTH_EXACT;
  for (size_t k = 0; k < r->num_parameters && !reason; k++) {
    if (r->gradient[k].kind == DEPTH_UNAVAILABLE) reason = REASON_DEPTH_GRADIENT_LIMIT;
    else add_number(out, r->gradient + k, limits->prec_bits);
  }
  if (reason) out->kind = DEPTH_UNAVAILABLE;
  finite_depth_clear(r);
  return reason;
}
