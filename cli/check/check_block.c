#include "cli/check/check_block.h"

#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"

void block_init(block_t *b) {
  memset(b, 0, sizeof *b);
  fmpz_init(b->beta);
  fmpz_init(b->N);
  fmpz_init(b->s);
  fmpz_init(b->count);
  fmpz_init(b->r);
  fmpq_init(b->weight);
  fmpq_init(b->radicand);
  fmpq_init(b->mean);
  fmpq_init(b->central2);
  fmpq_init(b->central3);
  fmpq_init(b->central4);
  fmpq_init(b->least);
  fmpq_init(b->above);
  fmpq_init(b->r_exact);
  arb_init(b->least_ball);
  arb_init(b->above_ball);
  arb_init(b->r_ball);
}

void block_clear(block_t *b) {
  fmpz_clear(b->beta);
  fmpz_clear(b->N);
  fmpz_clear(b->s);
  fmpz_clear(b->count);
  fmpz_clear(b->r);
  fmpq_clear(b->weight);
  fmpq_clear(b->radicand);
  fmpq_clear(b->mean);
  fmpq_clear(b->central2);
  fmpq_clear(b->central3);
  fmpq_clear(b->central4);
  fmpq_clear(b->least);
  fmpq_clear(b->above);
  fmpq_clear(b->r_exact);
  arb_clear(b->least_ball);
  arb_clear(b->above_ball);
  arb_clear(b->r_ball);
}

static bool get_positive(fmpz_t out, const json_t *json, const char *key) {
  return json_get_fmpz(out, json_object_get(json, key)) && fmpz_sgn(out) > 0;
}

static bool read_level(fmpq_t value, fmpz_t times, const json_t *level) {
  return json_get_fmpq(value, json_object_get(level, "eigenvalue")) &&
         get_positive(times, level, "multiplicity");
}

/* Sum over the levels of m (o - shift)^power, divided by N. */
static void level_moment(fmpq_t out, const json_t *spectrum, const fmpq_t shift,
                         int power, const fmpz_t N) {
  fmpq_t value, term;
  fmpz_t times;
  fmpq_init(value);
  fmpq_init(term);
  fmpz_init(times);
  fmpq_zero(out);
  for (size_t i = 0; i < json_array_size(spectrum); i++) {
    read_level(value, times, json_array_get(spectrum, i));
    fmpq_sub(value, value, shift);
    fmpq_pow_si(term, value, power);
    fmpq_mul_fmpz(term, term, times);
    fmpq_add(out, out, term);
  }
  fmpq_div_fmpz(out, out, N);
  fmpq_clear(value);
  fmpq_clear(term);
  fmpz_clear(times);
}

/* Moments and least eigenvalue of a listed spectrum; false if it is malformed
   or does not add up to N. */
static bool read_spectrum(block_t *b, const json_t *spectrum) {
  fmpq_t value;
  fmpz_t times, total;
  fmpq_init(value);
  fmpz_init(times);
  fmpz_init(total);
  bool ok = json_array_size(spectrum) > 0;
  for (size_t i = 0; i < json_array_size(spectrum) && ok; i++) {
    ok = read_level(value, times, json_array_get(spectrum, i));
    fmpz_add(total, total, times);
    if (i == 0 || fmpq_cmp(value, b->least) < 0) fmpq_set(b->least, value);
  }
  ok = ok && fmpz_equal(total, b->N);
  if (ok) {
    fmpq_zero(value);
    level_moment(b->mean, spectrum, value, 1, b->N);
    level_moment(b->central2, spectrum, b->mean, 2, b->N);
    level_moment(b->central3, spectrum, b->mean, 3, b->N);
    level_moment(b->central4, spectrum, b->mean, 4, b->N);
  }
  fmpq_clear(value);
  fmpz_clear(times);
  fmpz_clear(total);
  return ok;
}

static bool read_moments(block_t *b, const json_t *moments) {
  return json_get_fmpq(b->mean, json_object_get(moments, "mean")) &&
         json_get_fmpq(b->central2, json_object_get(moments, "central2")) &&
         json_get_fmpq(b->central3, json_object_get(moments, "central3")) &&
         json_get_fmpq(b->central4, json_object_get(moments, "central4"));
}

bool block_read(block_t *b, const json_t *json) {
  const json_t *spectrum = json_object_get(json, "spectrum");
  if (!get_positive(b->beta, json, "beta") || !get_positive(b->N, json, "N") ||
      !get_positive(b->s, json, "rank") ||
      !get_positive(b->count, json, "count") || fmpz_cmp(b->s, b->N) > 0 ||
      !json_get_fmpq(b->weight, json_object_get(json, "weight")) ||
      fmpq_sgn(b->weight) < 0 ||
      !json_get_fmpq(b->radicand, json_object_get(json, "radicand")) ||
      fmpq_sgn(b->radicand) <= 0)
    return false;
  b->listed = json_is_array(spectrum);
  if (b->listed) {
    b->least_exact = true;
    return read_spectrum(b, spectrum);
  }
  b->least_exact =
      json_get_fmpq(b->least, json_object_get(json, "least_eigenvalue"));
  return read_moments(b, json_object_get(json, "moments"));
}

void block_finish(block_t *b) {
  fmpq_t square, sum;
  fmpq_init(square);
  fmpq_init(sum);
  fmpq_sub(b->above, b->mean, b->least);
  fmpq_mul(square, b->above, b->above);
  fmpq_add(sum, square, b->central2);
  if (!fmpq_is_zero(sum)) {
    fmpq_div(square, square, sum);
    fmpq_mul_fmpz(b->r_exact, square, b->N);
  }
  fmpz_cdiv_q(b->r, fmpq_numref(b->r_exact), fmpq_denref(b->r_exact));
  fmpq_clear(square);
  fmpq_clear(sum);
}

void block_height(arb_t out, const block_t *b) {
  arb_set_fmpq(out, b->radicand, BLOCK_PREC_BITS);
  arb_sqrt(out, out, BLOCK_PREC_BITS);
  arb_mul_fmpz(out, out, fmpq_numref(b->above), BLOCK_PREC_BITS);
  arb_div_fmpz(out, out, fmpq_denref(b->above), BLOCK_PREC_BITS);
}

void block_set_degrees(block_t *b) {
  arb_t square, sum;
  arb_init(square);
  arb_init(sum);
  arb_set_fmpq(b->above_ball, b->mean, BLOCK_PREC_BITS);
  arb_sub(b->above_ball, b->above_ball, b->least_ball, BLOCK_PREC_BITS);
  arb_mul(square, b->above_ball, b->above_ball, BLOCK_PREC_BITS);
  arb_set_fmpq(sum, b->central2, BLOCK_PREC_BITS);
  arb_add(sum, sum, square, BLOCK_PREC_BITS);
  arb_div(b->r_ball, square, sum, BLOCK_PREC_BITS);
  arb_mul_fmpz(b->r_ball, b->r_ball, b->N, BLOCK_PREC_BITS);
  arb_ceil(sum, b->r_ball, BLOCK_PREC_BITS);
  b->degrees_known = arb_get_unique_fmpz(b->r, sum);
  arb_clear(square);
  arb_clear(sum);
}
