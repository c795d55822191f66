#include "cli/certify/outlook.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/format/json_number.h"

enum { PREC_BITS = 128 };

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* Shots from the gradient variances: the median (the smaller of the two middle
   ones) and the worst of those that are not zero. */
static void set_shots(outlook_t out, const landscape_t landscape) {
  const fmpq **list = flint_malloc((landscape->num_parameters + 1) *
                                   sizeof *list);
  size_t count = 0;
  for (size_t k = 0; k < landscape->num_parameters; k++)
    if (!fmpq_is_zero(landscape->gradient_variance + k))
      list[count++] = landscape->gradient_variance + k;
  out->shots_known = true;
  out->num_moving = count;
  if (count) {
    qsort(list, count, sizeof *list, compare_fmpq);
    fmpq_inv(out->shots_typical, list[(count - 1) / 2]);
    fmpq_inv(out->shots_worst, list[0]);
  }
  flint_free(list);
}

/* --- laws of the blocks -------------------------------------------------------- */

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

static void set_laws(outlook_t out, const landscape_t landscape) {
  const laws_loss_struct *loss = landscape->loss;
  laws_finite_moments(out->finite, loss);
  out->finite_known = agrees(out->finite, landscape);
  out->disagrees = !out->finite_known;
  if (out->disagrees) return;
  out->wishart_known = laws_wishart_moments(out->wishart, loss) == STATUS_OK;
  out->ratio_known =
      laws_variance_ratio(out->variance_ratio, loss) == STATUS_OK;
  out->tv_known = out->wishart_known && out->wishart->has_kurtosis &&
                  laws_tv_bound(out->tv_bound, out->wishart->excess_kurtosis,
                                PREC_BITS) == STATUS_OK;
  out->distance_known =
      laws_distance_bound(out->distance_bound, loss, PREC_BITS) == STATUS_OK;
  set_minima(out, loss, landscape->num_parameters);
}

/* --- verdict ---------------------------------------------------------------------- */

static void set_because(outlook_t out, answer_t answer, const char *format,
                        ...) __attribute__((format(printf, 3, 4)));
static void set_because(outlook_t out, answer_t answer, const char *format,
                        ...) {
  va_list args;
  va_start(args, format);
  free(out->because);
  if (vasprintf(&out->because, format, args) < 0) flint_abort();
  va_end(args);
  out->trainable = answer;
}

/* Is (1 - sqrt gamma)^2 <= max_trap? */
static answer_t traps_are_low(const outlook_t out, const options_t options) {
  if (!out->minima_known && !out->minima_bounded) return ANSWER_UNDECIDED;
  if (out->minima->edge_is_exact)
    return fmpq_cmp(out->minima->edge_exact, options->max_trap) <= 0
               ? ANSWER_YES
               : ANSWER_NO;
  arb_t threshold;
  arb_init(threshold);
  arb_set_fmpq(threshold, options->max_trap, PREC_BITS);
  answer_t answer = arb_le(out->minima->edge, threshold)   ? ANSWER_YES
                    : arb_gt(out->minima->edge, threshold) ? ANSWER_NO
                                                           : ANSWER_UNDECIDED;
  arb_clear(threshold);
  return answer;
}

static char *short_text(const fmpq_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, value, PREC_BITS);
  char *text = arb_get_short_text(ball, 3);
  arb_clear(ball);
  return text;
}

static void explain_traps(outlook_t out, const options_t options,
                          const char *shots) {
  answer_t low = traps_are_low(out, options);
  fmpq_t missing;
  char *edge = arb_get_short_text(out->minima->edge, 3), *short_missing;
  fmpq_init(missing);
  fmpq_set_fmpz(missing, out->parameters_missing);
  short_missing = short_text(missing);
  if (fmpz_is_zero(out->parameters_missing))
    set_because(out, low,
                "a gradient component takes about %s shots, and there are "
                "enough parameters (p >= p*) for local minima to be as low as "
                "the global one", shots);
  else
    set_because(out, low,
                "a gradient component takes about %s shots; local minima "
                "gather %s of the mean loss above the global one, %s "
                "parameters short of the threshold p* above which they merge",
                shots, edge, short_missing);
  fmpq_clear(missing);
  free(edge);
  free(short_missing);
}

/* "12", or "1.07e+301"; the caller frees it. */
static char *whole_text(const fmpz_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpz(ball, value);
  char *text = arb_get_short_text(ball, 3);
  arb_clear(ball);
  return text;
}

/* The threshold p* is known as an interval. */
static void explain_bounds(outlook_t out, const options_t options,
                           const char *shots) {
  char *low = whole_text(out->minima->threshold_low);
  char *high = whole_text(out->minima->threshold_high);
  set_because(out, traps_are_low(out, options),
              "a gradient component takes about %s shots; the threshold p* "
              "above which local minima merge lies between %s and %s parameters",
              shots, low, high);
  free(low);
  free(high);
}

static void set_verdict(outlook_t out, const landscape_t landscape,
                        const options_t options) {
  if (!out->shots_known) {
    set_because(out, ANSWER_UNDECIDED, "the gradient variances are not known");
    return;
  }
  if (out->num_moving == 0) {
    set_because(out, ANSWER_NO,
                "no parameter moves the loss: its gradient vanishes everywhere");
    return;
  }
  char *shots = short_text(out->shots_typical);
  char *most = short_text(options->max_shots);
  if (fmpq_cmp(out->shots_typical, options->max_shots) > 0)
    set_because(out, ANSWER_NO,
                "a typical gradient component takes about %s shots to resolve, "
                "more than %s", shots, most);
  else if (out->minima_known)
    explain_traps(out, options, shots);
  else if (out->minima_bounded)
    explain_bounds(out, options, shots);
  else
    set_because(out, ANSWER_UNDECIDED,
                "a gradient component takes about %s shots, but nothing is "
                "known of local minima%s", shots,
                landscape->wishart_applies == ANSWER_YES
                    ? ": the degrees of freedom are not exact"
                    : " outside the Wishart class");
  free(shots);
  free(most);
}

void outlook_init(outlook_t out, const landscape_t landscape,
                  const options_t options) {
  *out = (outlook_struct){0};
  fmpq_init(out->shots_typical);
  fmpq_init(out->shots_worst);
  laws_moments_init(out->finite);
  laws_moments_init(out->wishart);
  fmpq_init(out->variance_ratio);
  arb_init(out->tv_bound);
  arb_init(out->distance_bound);
  laws_minima_init(out->minima);
  fmpz_init(out->parameters_missing);
  if (landscape->gradient_known) set_shots(out, landscape);
  if (landscape->wishart_applies == ANSWER_YES) set_laws(out, landscape);
  set_verdict(out, landscape, options);
}

void outlook_clear(outlook_t out) {
  fmpq_clear(out->shots_typical);
  fmpq_clear(out->shots_worst);
  laws_moments_clear(out->finite);
  laws_moments_clear(out->wishart);
  fmpq_clear(out->variance_ratio);
  arb_clear(out->tv_bound);
  arb_clear(out->distance_bound);
  laws_minima_clear(out->minima);
  fmpz_clear(out->parameters_missing);
  free(out->because);
}
