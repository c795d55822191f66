/* laws_wishart.c - the Wishart form: parameters, moments, gradient moments,
   Gaussian-process bound and local minima. */
#include <assert.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

void laws_block_scale(arb_t scale, const laws_block_struct *block,
                      slong prec_bits) {
  fmpq_t root;
  fmpq_init(root);
  if (laws_fmpq_sqrt(root, block->radicand)) {
    fmpq_mul(root, root, block->weight);
    arb_set_fmpq(scale, root, prec_bits);
  } else {
    /* sqrt of the square, one rounding: |weight| may have any size */
    fmpq_mul(root, block->weight, block->weight);
    fmpq_mul(root, root, block->radicand);
    arb_set_fmpq(scale, root, prec_bits);
    arb_sqrt(scale, scale, prec_bits);
    if (fmpq_sgn(block->weight) < 0) arb_neg(scale, scale);
  }
  fmpq_clear(root);
}

void laws_wishart_init(laws_wishart_t w) {
  w->is_exact = w->r_is_known = false;
  fmpq_init(w->mean_eigenvalue);
  fmpq_init(w->r_exact);
  fmpz_init(w->r);
  fmpz_init(w->r_low);
  fmpz_init(w->r_high);
  arb_init(w->mean_eigenvalue_ball);
  arb_init(w->r_ball);
}

void laws_wishart_clear(laws_wishart_t w) {
  fmpq_clear(w->mean_eigenvalue);
  fmpq_clear(w->r_exact);
  fmpz_clear(w->r);
  fmpz_clear(w->r_low);
  fmpz_clear(w->r_high);
  arb_clear(w->mean_eigenvalue_ball);
  arb_clear(w->r_ball);
}

/* With v the variance of the eigenvalues and d = mean - least:
   r_exact = N d^2 / (v + d^2), increasing in d. */
static void exact_parameters(laws_wishart_struct *w,
                             const laws_block_struct *block) {
  fmpq_t square;
  fmpq_init(square);
  fmpq_sub(w->mean_eigenvalue, block->mean, block->least);
  fmpq_mul(square, w->mean_eigenvalue, w->mean_eigenvalue);
  fmpq_add(w->r_exact, square, block->central2);
  if (fmpq_is_zero(w->r_exact)) {
    fmpz_zero(w->r);
  } else {
    fmpq_div(w->r_exact, square, w->r_exact);
    fmpq_mul_fmpz(w->r_exact, w->r_exact, block->dimension);
    fmpz_cdiv_q(w->r, fmpq_numref(w->r_exact), fmpq_denref(w->r_exact));
  }
  fmpz_set(w->r_low, w->r);
  fmpz_set(w->r_high, w->r);
  fmpq_clear(square);
}

static void ceil_of_bound(fmpz_t out, const arb_t ball, bool upper) {
  arf_t bound;
  arf_init(bound);
  if (upper) arb_get_ubound_arf(bound, ball, ARF_PREC_EXACT);
  else arb_get_lbound_arf(bound, ball, ARF_PREC_EXACT);
  arf_ceil(bound, bound);
  arf_get_fmpz(out, bound, ARF_RND_CEIL);
  arf_clear(bound);
}

static status_t ball_parameters(laws_wishart_struct *w,
                                const laws_block_struct *block, slong prec) {
  arb_t d, t;
  status_t status = STATUS_UNDECIDED;
  arb_init(d);
  arb_init(t);
  arb_set_fmpq(d, block->mean, prec);
  arb_sub(d, d, block->least_ball, prec);
  if (!arb_is_finite(d) || !arb_is_positive(d)) goto done;
  arb_set_fmpq(t, block->central2, prec);
  arb_div(t, t, d, prec);
  arb_div(t, t, d, prec);
  arb_add_ui(t, t, 1, prec);
  arb_set_fmpz(w->r_ball, block->dimension);
  arb_div(w->r_ball, w->r_ball, t, prec);
  ceil_of_bound(w->r_low, w->r_ball, false);
  ceil_of_bound(w->r_high, w->r_ball, true);
  if (fmpz_sgn(w->r_low) <= 0) fmpz_one(w->r_low);
  if (fmpz_cmp(w->r_high, block->dimension) > 0)
    fmpz_set(w->r_high, block->dimension);
  w->is_exact = false;
  w->r_is_known = fmpz_equal(w->r_low, w->r_high);
  fmpz_set(w->r, w->r_low);
  arb_set_fmpq(t, block->radicand, prec);
  arb_sqrt(t, t, prec);
  arb_mul(w->mean_eigenvalue_ball, d, t, prec);
  status = STATUS_OK;
done:
  arb_clear(d);
  arb_clear(t);
  return status;
}

status_t laws_block_wishart(laws_wishart_t wishart, const laws_block_t block,
                            slong prec_bits) {
  assert(laws_block_is_valid(block));
  if (block->least_kind == LAWS_LEAST_UNKNOWN) return STATUS_UNDECIDED;
  slong prec = prec_bits + 32 + (slong)fmpz_bits(block->dimension);
  if (block->least_kind == LAWS_LEAST_BALL &&
      !fmpq_is_zero(block->central2))
    return ball_parameters(wishart, block, prec);
  fmpq_t deviation;
  fmpq_init(deviation);
  fmpq_sub(deviation, block->mean, block->least);
  bool possible = fmpq_is_zero(block->central2) || fmpq_sgn(deviation) > 0;
  fmpq_clear(deviation);
  if (!possible) return STATUS_BAD_INPUT;
  if (fmpq_is_zero(block->central2)) {
    fmpq_zero(wishart->mean_eigenvalue);
    fmpq_zero(wishart->r_exact);
    fmpz_zero(wishart->r);
    fmpz_zero(wishart->r_low);
    fmpz_zero(wishart->r_high);
  } else {
    exact_parameters(wishart, block);
  }
  wishart->is_exact = wishart->r_is_known = true;
  arb_set_fmpq(wishart->r_ball, wishart->r_exact, prec);
  arb_set_fmpq(wishart->mean_eigenvalue_ball, block->radicand, prec);
  arb_sqrt(wishart->mean_eigenvalue_ball, wishart->mean_eigenvalue_ball, prec);
  arb_t d;
  arb_init(d);
  arb_set_fmpq(d, wishart->mean_eigenvalue, prec);
  arb_mul(wishart->mean_eigenvalue_ball, wishart->mean_eigenvalue_ball, d,
          prec);
  arb_clear(d);
  return STATUS_OK;
}

/* beta r s */
void laws_real_degrees(fmpz_t degrees, const laws_wishart_struct *w,
                       const laws_block_struct *block) {
  fmpz_mul(degrees, w->r, block->rank);
  fmpz_mul_ui(degrees, degrees, block->beta);
}

/* unit[1..4] of the Wishart form (gradient: of its derivative). A sum of k
   terms; Gamma(k/2, scale 2/k) has cumulants 1, 2/k, 8/k^2, 48/k^3; the mean
   of k products of two independent normals has 0, 1/k, 0, 6/k^3. */
static void wishart_unit(fmpq *unit, const laws_wishart_struct *w,
                         const laws_block_struct *block, bool gradient) {
  fmpz_t degrees;
  fmpz_init(degrees);
  for (int j = 1; j <= 4; j++) fmpq_zero(unit + j);
  if (!gradient) fmpq_set(unit + 1, block->mean);
  if (!fmpz_is_zero(w->r) && !laws_block_is_constant(block)) {
    static const long gamma[5] = {0, 0, 2, 8, 48}, product[5] = {0, 0, 1, 0, 6};
    laws_real_degrees(degrees, w, block);
    for (int j = 2; j <= 4; j++) {
      fmpq_pow_si(unit + j, w->mean_eigenvalue, j);
      fmpq_mul_si(unit + j, unit + j, gradient ? product[j] : gamma[j]);
      for (int i = 1; i < j; i++)
        fmpq_div_fmpz(unit + j, unit + j, degrees);
    }
  }
  fmpz_clear(degrees);
}

static status_t asymptotic_moments(laws_moments_struct *moments,
                                   const laws_loss_struct *loss,
                                   bool gradient) {
  status_t status = STATUS_OK;
  laws_moments_t result;
  laws_wishart_t w;
  fmpq unit[5];
  laws_moments_init(result);
  laws_wishart_init(w);
  for (int j = 0; j < 5; j++) fmpq_init(unit + j);
  laws_moments_zero(result);
  if (!gradient) fmpq_set(result->mean, loss->constant);
  for (slong i = 0; i < loss->length && status == STATUS_OK; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (fmpq_is_zero(block->weight)) continue;
    bool constant = laws_block_is_constant(block);
    if (!constant) status = laws_block_wishart(w, block, 32);
    if (status == STATUS_OK && !constant && !w->is_exact) status = STATUS_UNDECIDED;
    if (status != STATUS_OK) break;
    wishart_unit(unit, w, block, gradient);
    laws_moments_add(result, block, unit);
  }
  if (status == STATUS_OK) {
    laws_moments_finish(result);
    laws_moments_struct swap = *moments;
    *moments = *result;
    *result = swap;
  }
  for (int j = 0; j < 5; j++) fmpq_clear(unit + j);
  laws_wishart_clear(w);
  laws_moments_clear(result);
  return status;
}

status_t laws_wishart_moments(laws_moments_t moments, const laws_loss_t loss) {
  return asymptotic_moments(moments, loss, false);
}

status_t laws_gradient_moments(laws_moments_t moments,
                               const laws_loss_t loss) {
  return asymptotic_moments(moments, loss, true);
}

status_t laws_variance_ratio(fmpq_t ratio, const laws_loss_t loss) {
  laws_moments_t finite, wishart;
  laws_moments_init(finite);
  laws_moments_init(wishart);
  laws_finite_moments(finite, loss);
  status_t status = laws_wishart_moments(wishart, loss);
  if (status == STATUS_OK && fmpq_is_zero(finite->variance))
    status = STATUS_UNDECIDED;
  if (status == STATUS_OK)
    fmpq_div(ratio, wishart->variance, finite->variance);
  laws_moments_clear(finite);
  laws_moments_clear(wishart);
  return status;
}
