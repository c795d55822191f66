#include "algebra/analysis/growth_fit.h"

#include <stdbool.h>

#include "algebra/base/flint_compat.h"

enum { PREC = 192, MAX_COLUMNS = 3, MIN_LENGTH = 6 };

typedef enum { COLUMN_ONE, COLUMN_N, COLUMN_LOG, COLUMN_INVERSE, COLUMNS } column_t;

typedef struct {
  slong length;
  arb_ptr columns[COLUMNS]; /* 1, n, log n, 1/n */
  arb_ptr values;           /* log|v| */
} data_t;

static void dot(arb_t out, arb_srcptr a, arb_srcptr b, slong length) {
  arb_zero(out);
  for (slong i = 0; i < length; i++) arb_addmul(out, a + i, b + i, PREC);
}

/* Squared residual of the least-squares combination of these columns, and the
   coefficient of the second; false when the precision does not do. */
static bool least_squares(arb_t residual, arb_t second, const data_t *d,
                          const column_t *columns, slong count) {
  arb_mat_t normal, right, solution;
  arb_t t;
  arb_mat_init(normal, count, count);
  arb_mat_init(right, count, 1);
  arb_mat_init(solution, count, 1);
  arb_init(t);
  for (slong i = 0; i < count; i++) {
    for (slong j = 0; j < count; j++)
      dot(arb_mat_entry(normal, i, j), d->columns[columns[i]],
          d->columns[columns[j]], d->length);
    dot(arb_mat_entry(right, i, 0), d->columns[columns[i]], d->values,
        d->length);
  }
  bool solved = arb_mat_solve(solution, normal, right, PREC);
  arb_zero(residual);
  for (slong k = 0; k < d->length && solved; k++) {
    arb_set(t, d->values + k);
    for (slong i = 0; i < count; i++)
      arb_submul(t, arb_mat_entry(solution, i, 0), d->columns[columns[i]] + k,
                 PREC);
    arb_addmul(residual, t, t, PREC);
  }
  if (solved) arb_set(second, arb_mat_entry(solution, 1, 0));
  arb_clear(t);
  arb_mat_clear(normal);
  arb_mat_clear(right);
  arb_mat_clear(solution);
  return solved;
}

static bool is_quarter(const arb_t a, const arb_t b) {
  arb_t four;
  arb_init(four);
  arb_mul_2exp_si(four, a, 2);
  bool below = arb_lt(four, b);
  arb_clear(four);
  return below;
}

static int guess(bool *is_exponential, const data_t *d) {
  static const column_t exponential[] = {COLUMN_ONE, COLUMN_N, COLUMN_LOG};
  static const column_t power[] = {COLUMN_ONE, COLUMN_LOG, COLUMN_INVERSE};
  int sign = 0;
  arb_t rate, degree, unused, r[4];
  arb_init(rate);
  arb_init(degree);
  arb_init(unused);
  for (int i = 0; i < 4; i++) arb_init(r[i]);
  bool ok = least_squares(r[0], rate, d, exponential, 2) &&
            least_squares(r[1], degree, d, power, 2) &&
            least_squares(r[2], unused, d, exponential, 3) &&
            least_squares(r[3], unused, d, power, 3);
  bool refined = ok && is_quarter(r[2], r[3]);
  if (refined && is_quarter(r[0], r[1]) && arb_is_nonzero(rate))
    sign = arb_is_positive(rate) ? 1 : -1;
  else if (ok && !refined && is_quarter(r[1], r[0]) && arb_is_nonzero(degree))
    sign = arb_is_positive(degree) ? 1 : -1;
  *is_exponential = refined;
  arb_clear(rate);
  arb_clear(degree);
  arb_clear(unused);
  for (int i = 0; i < 4; i++) arb_clear(r[i]);
  return sign;
}

int growth_fit(bool *exponential, const slong *sizes, const fmpq *values,
               slong length) {
  data_t d = {.length = length};
  if (length < MIN_LENGTH) return 0;
  for (slong i = 0; i < length; i++)
    if (fmpq_is_zero(values + i)) return 0;
  for (int c = 0; c < COLUMNS; c++) d.columns[c] = _arb_vec_init(length);
  d.values = _arb_vec_init(length);
  for (slong i = 0; i < length; i++) {
    arb_one(d.columns[COLUMN_ONE] + i);
    arb_set_si(d.columns[COLUMN_N] + i, sizes[i]);
    arb_log_ui(d.columns[COLUMN_LOG] + i, (ulong)sizes[i], PREC);
    arb_ui_div(d.columns[COLUMN_INVERSE] + i, 1, d.columns[COLUMN_N] + i, PREC);
    arb_set_fmpq(d.values + i, values + i, PREC);
    arb_abs(d.values + i, d.values + i);
    arb_log(d.values + i, d.values + i, PREC);
  }
  int sign = guess(exponential, &d);
  for (int c = 0; c < COLUMNS; c++) _arb_vec_clear(d.columns[c], length);
  _arb_vec_clear(d.values, length);
  return sign;
}
