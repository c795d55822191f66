#include "algebra/analysis/outlook.h"

#include <stdlib.h>

#include "algebra/base/order.h"

enum { PREC_BITS = 128 };

/* Shots from the gradient variances: the median (the smaller of the two middle
   ones) of those that are not zero. */
static void set_shots(outlook_t out, const landscape_t landscape) {
  const fmpq **list = flint_malloc((landscape->num_parameters + 1) *
                                   sizeof *list);
  size_t count = 0;
  if (landscape_has_pi(landscape)) {
    flint_free(list);
    return;
  }
  /* an approximation may be 0 or not; one that is exactly 0 stands for 0 */
  for (size_t k = 0; k < landscape->num_parameters; k++)
    if (!fmpq_is_zero(landscape_gradient(landscape, k)) &&
        fmpq_cmp(landscape_gradient(landscape, k), landscape->gradient_error) <= 0) {
      flint_free(list);
      return;
    }
  for (size_t k = 0; k < landscape->num_parameters; k++)
    if (!fmpq_is_zero(landscape_gradient(landscape, k)))
      list[count++] = landscape_gradient(landscape, k);
  out->shots_known = true;
  out->num_moving = count;
  if (count) {
    qsort(list, count, sizeof *list, order_rationals);
    fmpq_inv(out->shots_typical, list[(count - 1) / 2]);
  }
  flint_free(list);
}

/* --- laws of the blocks ---------------------------------- */

/* Mean and variance by the blocks against those by the orbits. */
static bool agrees(const laws_moments_t moments, const landscape_t landscape) {
  if (landscape->variance_known &&
      !fmpq_equal(moments->variance, landscape->variance))
    return false;
  return !landscape->mean_known || !moments->mean_is_rational ||
         fmpq_equal(moments->mean, landscape->mean);
}

static void set_minima(outlook_t out, const laws_loss_t loss,
                       size_t num_parameters) {
  fmpz_t parameters;
  fmpz_init_set_ui(parameters, num_parameters);
  status_t status =
      laws_local_minima(out->minima, loss, parameters, PREC_BITS);
  out->minima_known = status == STATUS_OK;
  out->minima_bounded = status == STATUS_LIMIT;
  if (out->minima_known) {
    fmpz_sub(out->parameters_missing, out->minima->threshold, parameters);
    if (fmpz_sgn(out->parameters_missing) < 0)
      fmpz_zero(out->parameters_missing);
  }
  fmpz_clear(parameters);
}

void outlook_set_loss(outlook_t out, const laws_loss_t loss, size_t num_parameters) {
  laws_finite_moments(out->finite, loss);
  out->finite_known = true;
  out->wishart_known = laws_wishart_moments(out->wishart, loss) == STATUS_OK;
  out->ratio_known =
      laws_variance_ratio(out->variance_ratio, loss) == STATUS_OK;
  out->tv_known = out->wishart_known && out->wishart->has_kurtosis &&
                  laws_tv_bound(out->tv_bound, out->wishart->excess_kurtosis,
                                PREC_BITS) == STATUS_OK;
  out->distance_known =
      laws_distance_bound(out->distance_bound, loss, PREC_BITS) == STATUS_OK;
  set_minima(out, loss, num_parameters);
}

static void set_laws(outlook_t out, const landscape_t landscape) {
  laws_finite_moments(out->finite, landscape->loss);
  out->disagrees = !agrees(out->finite, landscape);
  if (!out->disagrees)
    outlook_set_loss(out, landscape->loss, landscape->num_parameters);
}

void outlook_init_empty(outlook_t out) {
  *out = (outlook_struct){0};
  fmpq_init(out->shots_typical);
  laws_moments_init(out->finite);
  laws_moments_init(out->wishart);
  fmpq_init(out->variance_ratio);
  arb_init(out->tv_bound);
  arb_init(out->distance_bound);
  laws_minima_init(out->minima);
  fmpz_init(out->parameters_missing);
}

void outlook_init(outlook_t out, const landscape_t landscape) {
  outlook_init_empty(out);
  if (landscape->gradient_known) set_shots(out, landscape);
  if (landscape->wishart_applies == ANSWER_YES) set_laws(out, landscape);
}

void outlook_clear(outlook_t out) {
  fmpq_clear(out->shots_typical);
  laws_moments_clear(out->finite);
  laws_moments_clear(out->wishart);
  fmpq_clear(out->variance_ratio);
  arb_clear(out->tv_bound);
  arb_clear(out->distance_bound);
  laws_minima_clear(out->minima);
  fmpz_clear(out->parameters_missing);
}
