#include "numeric/judge/kernel_checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/machine/memory.h"

static double entry(const verify_claims_struct *c, const double *matrix, size_t p,
                    size_t q) {
  return matrix[c->landscapes[p].state * c->num_states + c->landscapes[q].state];
}

bool kernel_claimed(const verify_claims_struct *claims, const double *matrix) {
  size_t n = claims->num_states;
  bool any = false;
  for (size_t i = 0; matrix && i < n * n; i++) any = any || !isnan(matrix[i]);
  return any;
}

void kernel_products_init(slope_products_t *out, const ansatz_t ansatz,
                          const verify_claims_struct *claims, const double *matrix) {
  const verify_landscape_struct *l = claims->landscapes;
  slope_products_init(out, ansatz->num_parameters);
  /* In a list of operators parameter k drives generator k mod G. */
  for (size_t k = 0; k < ansatz->num_parameters; k++)
    out->weights[ansatz->kind == ANSATZ_OPERATORS ? k % ansatz->num_generators : k] += 1;
  if (!kernel_claimed(claims, matrix)) return;
  for (size_t p = 0; p < claims->num_landscapes; p++)
    for (size_t q = p; q < claims->num_landscapes; q++)
      if (l[p].observable == 0 && l[q].observable == 0 &&
          !isnan(entry(claims, matrix, p, q)))
        slope_products_add(out, p, q);
}

/* How far rounding may move a value of couple i, and the greatest that there can be. */
static double tolerance(double *most, const checks_input_t *in, slope_couple_t couple) {
  size_t parameters = in->sampler->program->num_parameters;
  double norm = in->sampler->observables[0].norm1, sum = 0;
  const double *p = in->gradients + SAMPLER_SUMS * couple.p * parameters;
  const double *q = in->gradients + SAMPLER_SUMS * couple.q * parameters;
  *most = 0;
  for (size_t k = 0; k < parameters; k++) {
    double weight = in->products->weights[k];
    double bound = sampler_slope_bound(in->sampler, k) * norm;
    double each = 2 * in->tolerance * bound;
    size_t largest = SAMPLER_SUMS * k + SAMPLER_SUMS - 1;
    sum += weight * each * (p[largest] + q[largest] + each);
    *most += weight * (bound + each) * (bound + each);
  }
  return sum;
}

static void check_couple(verify_report_t report, const checks_input_t *in, size_t i,
                         double claim, const char *prefix) {
  slope_couple_t couple = in->products->couples[i];
  const input_state_struct *state =
      in->ansatz->states + in->claims->landscapes[couple.q].state;
  size_t n = in->num_samples;
  double most, tol = tolerance(&most, in, couple), *d = memory_get(n, sizeof *d);
  memcpy(d, in->products->values[i], n * sizeof *d);
  checks_moments_t y = checks_moments(d, n);
  verify_check_t *check = checks_append(
      report, in, couple.p, text_print("%skernel with %s", prefix, state->text));
  for (size_t s = 0; s < n; s++) d[s] -= claim;
  checks_judge_values(check, claim, &y, d, n, -most - claim, most - claim, tol);
  checks_resolve(report, in, check, tol);
  free(d);
}

void kernel_checks(verify_report_t report, const checks_input_t *in,
                   const double *matrix, const char *prefix) {
  for (size_t i = 0; in->gradients && in->products && i < in->products->count; i++) {
    slope_couple_t couple = in->products->couples[i];
    if (!checks_left_out(in, couple.p))
      check_couple(report, in, i, entry(in->claims, matrix, couple.p, couple.q), prefix);
  }
}
