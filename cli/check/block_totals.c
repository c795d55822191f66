#include "cli/check/block_totals.h"

#include "cli/format/json_number.h"

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

/* Levels that add up to N, or moments and what is said of the least eigenvalue. */
static bool set_levels(laws_block_t law, const block_t *b, const json_t *spectrum) {
  size_t length = json_array_size(spectrum);
  if (!b->listed) {
    if (laws_block_set_moments(law, b->N, b->mean, b->central2, b->central3,
                               b->central4) != STATUS_OK)
      return false;
    if (b->least_exact) laws_block_set_least(law, b->least);
    else if (b->least_proved) laws_block_set_least_ball(law, b->least_ball);
    return true;
  }
  fmpq *levels = _fmpq_vec_init((slong)length);
  fmpz *times = _fmpz_vec_init((slong)length);
  bool good = true;
  for (size_t i = 0; i < length && good; i++) {
    const json_t *level = json_array_get(spectrum, i);
    good = json_get_fmpq(levels + i, json_object_get(level, "eigenvalue")) &&
           json_get_fmpz(times + i, json_object_get(level, "multiplicity"));
  }
  good = good &&
         laws_block_set_spectrum(law, levels, times, (slong)length) == STATUS_OK;
  _fmpq_vec_clear(levels, (slong)length);
  _fmpz_vec_clear(times, (slong)length);
  return good;
}

bool block_totals_add(block_totals_t t, const block_t *b, const json_t *json) {
  laws_block_t law;
  laws_block_init(law);
  bool good = fmpz_abs_fits_ui(b->beta) &&
              set_levels(law, b, json_object_get(json, "spectrum"));
  if (good) {
    law->beta = fmpz_get_ui(b->beta);
    fmpz_set(law->rank, b->s);
    fmpz_set(law->count, b->count);
    fmpq_set(law->weight, b->weight);
    fmpq_set(law->radicand, b->radicand);
    good = laws_loss_append(t->loss, law) == STATUS_OK;
  }
  if (!b->least_exact && !fmpz_equal(b->s, b->N) && !b->degrees_known)
    t->degrees_known = false;
  laws_block_clear(law);
  return good;
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
