#include "cli/check/block_totals.h"

enum { PREC_BITS = 128 };

void block_totals_init(block_totals_t t) {
  *t = (block_totals_struct){.readable = true, .degrees_known = true};
  laws_loss_init(t->loss);
  laws_moments_init(t->finite);
  laws_moments_init(t->wishart);
  fmpz_init(t->threshold);
}

void block_totals_clear(block_totals_t t) {
  laws_loss_clear(t->loss);
  laws_moments_clear(t->finite);
  laws_moments_clear(t->wishart);
  fmpz_clear(t->threshold);
}

bool block_totals_add(block_totals_t t, const block_t *b) {
  if (!b->least_exact && !b->degrees_known && !fmpz_equal(b->law->rank, b->law->dimension))
    t->degrees_known = false;
  return laws_loss_append(t->loss, b->law) == STATUS_OK;
}

void block_totals_finish(block_totals_t t) {
  laws_minima_t minima;
  laws_finite_moments(t->finite, t->loss);
  t->wishart_known = laws_wishart_moments(t->wishart, t->loss) == STATUS_OK;
  laws_minima_init(minima);
  block_totals_minima(minima, t, 0);
  fmpz_set(t->threshold, minima->threshold);
  laws_minima_clear(minima);
}

void block_totals_minima(laws_minima_t minima, const block_totals_t t,
                         size_t num_parameters) {
  fmpz_t parameters;
  fmpz_init_set_ui(parameters, num_parameters);
  status_t status = laws_local_minima(minima, t->loss, parameters, PREC_BITS);
  if (status != STATUS_OK) fmpz_zero(minima->threshold);
  fmpz_clear(parameters);
}
