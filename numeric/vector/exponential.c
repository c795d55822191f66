/* exp(-i t H) for sums of strings that do not commute: see statevector.h. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"
#include "numeric/vector/statevector.h"

/* Least K with  sum_{k > K} 2 |J_k(t)| < 2^-60  for |t| <= reach, from
   |J_k(t)| <= (t/2)^k / k! and the geometric bound on the rest. */
static int last_term(double reach) {
  double log_term = 0, half = reach / 2;
  for (int k = 1;; k++) {
    log_term += log(half) - log(k);
    double ratio = half / (k + 1);
    if (ratio < 0.5 && log_term + log(4) < -60 * log(2)) return k;
  }
}

/* J_0(x) .. J_last(x) by J. C. P. Miller's backward recurrence
   J_(k-1) = (2k/x) J_k - J_(k+1), normalised by J_0 + 2 (J_2 + J_4 + ...) = 1. */
static void bessel(double *j, size_t stride, int last, double x) {
  if (fabs(x) < 1e-8) { /* J_k(x) = (x/2)^k / k! to relative 1e-16 */
    double term = 1;
    for (int k = 0; k <= last; k++) {
      j[(size_t)k * stride] = term;
      term *= x / (2 * (k + 1));
    }
    return;
  }
  double above = 0, here = 1e-300, sum = 0;
  for (int k = last + 20 + (last & 1); k > 0; k--) {
    double below = 2 * k / x * here - above;
    above = here;
    here = below;
    if (k - 1 <= last) j[(size_t)(k - 1) * stride] = here;
    if (k % 2) sum += k == 1 ? here : 2 * here;
    if (fabs(here) > 1e200) {
      here *= 1e-200;
      above *= 1e-200;
      sum *= 1e-200;
      for (int i = k - 1; i <= last; i++) j[(size_t)i * stride] *= 1e-200;
    }
  }
  for (int k = 0; k <= last; k++) j[(size_t)k * stride] /= sum;
}

/* v += factor_k w in lane k. */
static void accumulate(statevector_t *v, const double *re, const double *im,
                       const statevector_t *w) {
  statevector_add_string(v, 0, 0, re, im, w);
}

/* next = (2/R) H now - before, in place of before. */
static void recur(statevector_t *before, const statevector_t *now,
                  const double_sum_t *sum) {
  double f[STATEVECTOR_LANES], zero[STATEVECTOR_LANES] = {0};
  size_t size = ((size_t)2 * now->lanes) << now->num_qubits;
  for (size_t i = 0; i < size; i++) before->amps[i] = -before->amps[i];
  for (size_t j = 0; j < sum->length; j++) {
    for (size_t k = 0; k < now->lanes; k++)
      f[k] = 2 * sum->coeffs[j] / sum->norm1;
    statevector_add_string(before, sum->x[j], sum->z[j], f, zero, now);
  }
}

void statevector_exponential(statevector_t *v, const double_sum_t *sum,
                             const double *angles, statevector_t work[3]) {
  size_t lanes = v->lanes;
  double reach = 0, re[STATEVECTOR_LANES], im[STATEVECTOR_LANES];
  assert(v->precision == PRECISION_DOUBLE);
  for (size_t k = 0; k < lanes; k++)
    reach = fmax(reach, fabs(angles[k]) * sum->norm1);
  if (reach == 0) return;
  int last = last_term(reach);
  double *table = memory_get(((size_t)last + 1) * lanes, sizeof *table);
  for (size_t k = 0; k < lanes; k++)
    bessel(table + k, lanes, last, angles[k] * sum->norm1);
  /* T_0 = v, T_1 = H v / R. */
  statevector_t *now = work, *before = work + 1, *result = work + 2;
  statevector_apply_sum(now, sum, v);
  size_t size = (2 * lanes) << v->num_qubits;
  for (size_t i = 0; i < size; i++) now->amps[i] /= sum->norm1;
  statevector_copy(before, v);
  statevector_zero(result);
  for (int k = 0; k <= last; k++) {
    /* 2 (-i)^k J_k(t R) for the term of degree k. */
    for (size_t lane = 0; lane < lanes; lane++) {
      double j = (k ? 2 : 1) * table[(size_t)k * lanes + lane];
      re[lane] = k % 4 == 0 ? j : k % 4 == 2 ? -j : 0;
      im[lane] = k % 4 == 3 ? j : k % 4 == 1 ? -j : 0;
    }
    accumulate(result, re, im, k ? now : before);
    if (k == 0) continue;
    recur(before, now, sum);
    statevector_t *t = before;
    before = now;
    now = t;
  }
  statevector_copy(v, result);
  free(table);
}
