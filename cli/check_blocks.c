#include "cli/check_blocks.h"

#include <stdio.h>
#include <string.h>

#include "cli/json_number.h"

enum { PREC_BITS = 192 };

void block_totals_init(block_totals_t t) {
  *t = (block_totals_struct){.readable = true, .exact = true,
                             .fourth_known = true};
  fmpq_init(t->variance);
  fmpq_init(t->wishart_variance);
  fmpq_init(t->wishart_fourth);
  fmpq_init(t->fourth);
  fmpz_init(t->threshold);
  arb_init(t->height);
}

void block_totals_clear(block_totals_t t) {
  fmpq_clear(t->variance);
  fmpq_clear(t->wishart_variance);
  fmpq_clear(t->wishart_fourth);
  fmpq_clear(t->fourth);
  fmpz_clear(t->threshold);
  arb_clear(t->height);
}

/* --- one block ----------------------------------------------------------------------- */

typedef struct {
  fmpz_t beta, N, s, count, r;
  fmpq_t weight, radicand;
  bool listed, least_exact;
  fmpq_t mean, central2, central3, central4, least, above, r_exact;
} block_t;

static void block_init(block_t *b) {
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
}

static void block_clear(block_t *b) {
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

static bool block_read(block_t *b, const json_t *json) {
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

/* above, r_exact, r from least and moments. */
static void block_finish(block_t *b) {
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

static void check_block_numbers(ledger_t *l, const block_t *b,
                                const json_t *json, const char *where) {
  static const char *const moment_keys[] = {"mean", "central2", "central3",
                                            "central4"};
  const fmpq *moments[] = {b->mean, b->central2, b->central3, b->central4};
  const json_t *list = json_object_get(json, "moments");
  char name[96];
  for (size_t i = 0; i < 4; i++) {
    snprintf(name, sizeof name, "%s.moments.%s", where, moment_keys[i]);
    const json_t *claim = json_object_get(list, moment_keys[i]);
    if (b->listed) ledger_fmpq(l, name, claim, moments[i]);
    else ledger_open(l, name, claim, "the spectrum is not listed");
  }
  snprintf(name, sizeof name, "%s.least_eigenvalue", where);
  const json_t *least = json_object_get(json, "least_eigenvalue");
  if (b->listed) ledger_fmpq(l, name, least, b->least);
  else ledger_open(l, name, least, "the spectrum is not listed");
  static const char *const keys[] = {"mean_eigenvalue", "r_exact", "r"};
  arb_t above;
  arb_init(above);
  arb_set_fmpq(above, b->radicand, PREC_BITS);
  arb_sqrt(above, above, PREC_BITS);
  arb_mul_fmpz(above, above, fmpq_numref(b->above), PREC_BITS);
  arb_div_fmpz(above, above, fmpq_denref(b->above), PREC_BITS);
  for (size_t i = 0; i < 3; i++) {
    const json_t *claim = json_object_get(json, keys[i]);
    snprintf(name, sizeof name, "%s.%s", where, keys[i]);
    if (!b->least_exact)
      ledger_open(l, name, claim, "the least eigenvalue is not exact");
    else if (i == 0 && fmpq_is_one(b->radicand))
      ledger_fmpq(l, name, claim, b->above);
    else if (i == 0)
      ledger_real(l, name, claim, above);
    else if (i == 1)
      ledger_fmpq(l, name, claim, b->r_exact);
    else
      ledger_fmpz(l, name, claim, b->r);
  }
  arb_clear(above);
}

/* --- sums ------------------------------------------------------------------------------- */

static void add_variance(block_totals_t t, const block_t *b) {
  fmpq_t term;
  fmpz_t dim, pairs;
  fmpq_init(term);
  fmpz_init(dim);
  fmpz_init(pairs);
  fmpz_sub_ui(dim, b->N, 1);
  fmpz_mul(pairs, b->N, dim);
  fmpz_mul(pairs, pairs, b->beta);
  fmpz_fdiv_q_2exp(pairs, pairs, 1);
  fmpz_add(dim, dim, pairs); /* N - 1 + beta N (N - 1)/2 */
  if (!fmpz_is_zero(dim)) {
    fmpz_sub(pairs, b->N, b->s); /* N (1 - s/N) */
    fmpq_mul(term, b->weight, b->weight);
    fmpq_mul(term, term, b->radicand);
    fmpq_mul(term, term, b->central2);
    fmpq_mul_fmpz(term, term, b->count);
    fmpq_mul_fmpz(term, term, pairs);
    fmpq_div_fmpz(term, term, b->s);
    fmpq_div_fmpz(term, term, dim);
    fmpq_add(t->variance, t->variance, term);
  }
  fmpq_clear(term);
  fmpz_clear(dim);
  fmpz_clear(pairs);
}

/* scale2 = (weight^2 R), times the square of what is scaled. */
static void add_wishart(block_totals_t t, const block_t *b) {
  fmpz_t degrees;
  fmpq_t c2, k, term;
  arb_t root;
  if (fmpq_is_zero(b->weight)) return;
  fmpz_init(degrees);
  fmpq_init(c2);
  fmpq_init(k);
  fmpq_init(term);
  arb_init(root);
  fmpz_mul(degrees, b->beta, b->r);
  fmpz_mul(degrees, degrees, b->s);
  fmpz_addmul(t->threshold, degrees, b->count);
  fmpq_mul(c2, b->weight, b->above);
  fmpq_mul(c2, c2, c2);
  fmpq_mul(c2, c2, b->radicand);
  arb_set_fmpq(root, c2, PREC_BITS);
  arb_sqrt(root, root, PREC_BITS);
  arb_addmul_fmpz(t->height, root, b->count, PREC_BITS);
  if (!fmpz_is_zero(degrees)) {
    fmpz_set(fmpq_numref(k), degrees);
    fmpq_div_2exp(k, k, 1);
    fmpq_div(term, c2, k);
    fmpq_mul_fmpz(term, term, b->count);
    fmpq_add(t->wishart_variance, t->wishart_variance, term);
    fmpq_mul(term, c2, c2);
    for (int i = 0; i < 3; i++) fmpq_div(term, term, k);
    fmpq_mul_fmpz(term, term, b->count);
    fmpz_mul_ui(fmpq_numref(term), fmpq_numref(term), 6);
    fmpq_canonicalise(term);
    fmpq_add(t->wishart_fourth, t->wishart_fourth, term);
  }
  fmpz_clear(degrees);
  fmpq_clear(c2);
  fmpq_clear(k);
  fmpq_clear(term);
  arb_clear(root);
}

/* Fourth cumulant for s = 1. */
static void add_fourth(block_totals_t t, const block_t *b) {
  fmpq_t half, p2, p4, second, fourth, rising, step;
  if (fmpq_is_zero(b->central2) || fmpq_is_zero(b->weight) ||
      fmpz_equal(b->s, b->N))
    return;
  if (!fmpz_is_one(b->s)) {
    t->fourth_known = false;
    return;
  }
  fmpq_init(half);
  fmpq_init(p2);
  fmpq_init(p4);
  fmpq_init(second);
  fmpq_init(fourth);
  fmpq_init(rising);
  fmpq_init(step);
  fmpz_set(fmpq_numref(half), b->beta);
  fmpq_div_2exp(half, half, 1); /* b */
  fmpq_mul_fmpz(p2, b->central2, b->N);
  fmpq_mul_fmpz(p4, b->central4, b->N);
  fmpq_mul(p2, p2, half); /* b p_2 */
  fmpq_mul(p4, p4, half); /* b p_4 */
  fmpq_mul_fmpz(step, half, b->N);
  fmpq_set(rising, step);
  fmpq_add_si(step, step, 1);
  fmpq_mul(rising, rising, step);
  fmpq_div(second, p2, rising); /* E[X^2] */
  for (int i = 0; i < 2; i++) {
    fmpq_add_si(step, step, 1);
    fmpq_mul(rising, rising, step);
  }
  fmpq_mul(fourth, p2, p2);
  fmpq_div_2exp(fourth, fourth, 3);
  fmpq_div_2exp(p4, p4, 2);
  fmpq_add(fourth, fourth, p4);
  fmpq_mul_si(fourth, fourth, 24);
  fmpq_div(fourth, fourth, rising); /* E[X^4] */
  fmpq_mul(second, second, second);
  fmpq_mul_si(second, second, 3);
  fmpq_sub(fourth, fourth, second);
  fmpq_mul(step, b->weight, b->weight);
  fmpq_mul(step, step, b->radicand);
  fmpq_mul(step, step, step);
  fmpq_mul(fourth, fourth, step);
  fmpq_mul_fmpz(fourth, fourth, b->count);
  fmpq_add(t->fourth, t->fourth, fourth);
  fmpq_clear(half);
  fmpq_clear(p2);
  fmpq_clear(p4);
  fmpq_clear(second);
  fmpq_clear(fourth);
  fmpq_clear(rising);
  fmpq_clear(step);
}

void check_blocks(block_totals_t t, ledger_t *l, const json_t *blocks) {
  for (size_t i = 0; i < json_array_size(blocks); i++) {
    const json_t *json = json_array_get(blocks, i);
    char where[48];
    block_t b;
    block_init(&b);
    snprintf(where, sizeof where, "wishart.blocks[%zu]", i);
    if (block_read(&b, json)) {
      block_finish(&b);
      check_block_numbers(l, &b, json, where);
      add_variance(t, &b);
      if (b.least_exact) add_wishart(t, &b);
      else t->exact = false;
      add_fourth(t, &b);
    } else {
      ledger_fails(l, where, "it is malformed, or its spectrum does not add up "
                             "to N");
      t->readable = false;
    }
    block_clear(&b);
  }
}
