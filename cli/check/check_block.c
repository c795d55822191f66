#include "cli/check/check_block.h"

#include "cli/format/json_number.h"

enum { PREC_BITS = 192 };

void block_init(block_t *b) {
  *b = (block_t){.listed = false};
  laws_block_init(b->law);
  laws_wishart_init(b->w);
}

void block_clear(block_t *b) {
  laws_block_clear(b->law);
  laws_wishart_clear(b->w);
}

static bool get_positive(fmpz_t out, const json_t *json, const char *key) {
  return cert_get_fmpz(out, json_object_get(json, key)) && fmpz_sgn(out) > 0;
}

/* Levels, moments and least eigenvalue of a listed spectrum. */
static bool read_spectrum(laws_block_t law, const json_t *spectrum) {
  size_t length = json_array_size(spectrum);
  fmpq *levels = _fmpq_vec_init((slong)length);
  fmpz *times = _fmpz_vec_init((slong)length);
  bool good = length > 0;
  for (size_t i = 0; i < length && good; i++) {
    const json_t *level = json_array_get(spectrum, i);
    good = cert_get_fmpq(levels + i, json_object_get(level, "eigenvalue")) &&
           get_positive(times + i, level, "multiplicity");
  }
  good = good &&
         laws_block_set_spectrum(law, levels, times, (slong)length) == STATUS_OK;
  _fmpq_vec_clear(levels, (slong)length);
  _fmpz_vec_clear(times, (slong)length);
  return good;
}

static bool read_moments(laws_block_t law, const fmpz_t dimension,
                         const json_t *moments) {
  static const char *const keys[] = {"mean", "central2", "central3", "central4"};
  fmpq *m = _fmpq_vec_init(4);
  bool good = true;
  for (size_t i = 0; i < 4; i++)
    good = good && cert_get_fmpq(m + i, json_object_get(moments, keys[i]));
  good = good && laws_block_set_moments(law, dimension, m, m + 1, m + 2, m + 3) ==
                     STATUS_OK;
  _fmpq_vec_clear(m, 4);
  return good;
}

/* The spectrum, or moments and perhaps the least eigenvalue. */
static bool read_levels(block_t *b, const fmpz_t dimension, const json_t *json) {
  const json_t *spectrum = json_object_get(json, "spectrum");
  fmpq_t least;
  b->listed = json_is_array(spectrum);
  if (b->listed) {
    b->least_exact = true;
    return read_spectrum(b->law, spectrum) &&
           fmpz_equal(b->law->dimension, dimension);
  }
  if (!read_moments(b->law, dimension, json_object_get(json, "moments"))) return false;
  fmpq_init(least);
  b->least_exact = cert_get_fmpq(least, json_object_get(json, "least_eigenvalue"));
  if (b->least_exact) laws_block_set_least(b->law, least);
  fmpq_clear(least);
  return true;
}

bool block_read(block_t *b, const json_t *json) {
  laws_block_struct *law = b->law;
  fmpz_t beta, dimension;
  fmpz_init(beta);
  fmpz_init(dimension);
  bool good = get_positive(beta, json, "beta") && fmpz_abs_fits_ui(beta) &&
              get_positive(dimension, json, "N") && read_levels(b, dimension, json) &&
              get_positive(law->rank, json, "rank") &&
              get_positive(law->count, json, "count") &&
              cert_get_fmpq(law->weight, json_object_get(json, "weight")) &&
              fmpq_sgn(law->weight) >= 0 &&
              cert_get_fmpq(law->radicand, json_object_get(json, "radicand")) &&
              fmpq_sgn(law->radicand) > 0;
  if (good) law->beta = fmpz_get_ui(beta);
  good = good && laws_block_is_valid(law) &&
         (!b->least_exact || laws_block_wishart(b->w, law, PREC_BITS) == STATUS_OK);
  fmpz_clear(beta);
  fmpz_clear(dimension);
  return good;
}

void block_set_degrees(block_t *b, bool bounded) {
  b->degrees_known = laws_block_wishart(b->w, b->law, PREC_BITS) == STATUS_OK &&
                     (bounded || b->w->r_is_known);
}
