#include "cli/check/block_totals.h"

#include "cli/format/json_number.h"

void block_totals_init(block_totals_t t) {
  *t = (block_totals_struct){.readable = true, .exact = true,
                             .degrees_known = true, .fourth_known = true,
                             .distance_known = true, .height_known = true};
  fmpq_init(t->variance);
  fmpq_init(t->wishart_variance);
  fmpq_init(t->wishart_fourth);
  fmpq_init(t->fourth);
  fmpz_init(t->threshold);
  arb_init(t->height);
  arb_init(t->distance);
}

void block_totals_clear(block_totals_t t) {
  fmpq_clear(t->variance);
  fmpq_clear(t->wishart_variance);
  fmpq_clear(t->wishart_fourth);
  fmpq_clear(t->fourth);
  fmpz_clear(t->threshold);
  arb_clear(t->height);
  arb_clear(t->distance);
}

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
  bool moves = !fmpz_equal(b->s, b->N); /* else the block is a constant */
  fmpq_mul(c2, b->weight, b->reach);
  fmpq_mul(c2, c2, c2);
  fmpq_mul(c2, c2, b->radicand);
  arb_set_fmpq(root, c2, BLOCK_PREC_BITS);
  arb_sqrt(root, root, BLOCK_PREC_BITS);
  if (moves) {
    fmpz_addmul(t->threshold, degrees, b->count);
    arb_addmul_fmpz(t->height, root, b->count, BLOCK_PREC_BITS);
    if (!b->listed && !fmpz_is_one(b->s)) t->height_known = false;
  }
  fmpq_mul(c2, b->weight, b->above);
  fmpq_mul(c2, c2, c2);
  fmpq_mul(c2, c2, b->radicand);
  if (moves && !fmpz_is_zero(degrees)) {
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

/* Threshold and height of a block whose least eigenvalue is a ball. */
static void add_degrees(block_totals_t t, const block_t *b) {
  fmpz_t degrees;
  fmpq_t scale;
  arb_t height;
  if (fmpq_is_zero(b->weight) || fmpz_equal(b->s, b->N)) return;
  fmpz_init(degrees);
  fmpq_init(scale);
  arb_init(height);
  fmpz_mul(degrees, b->beta, b->r);
  fmpz_mul(degrees, degrees, b->s);
  fmpz_addmul(t->threshold, degrees, b->count);
  fmpq_mul_fmpz(scale, b->weight, b->count);
  arb_set_fmpq(height, scale, BLOCK_PREC_BITS);
  arb_addmul(t->height, height, b->above_ball, BLOCK_PREC_BITS);
  if (!fmpz_is_one(b->s)) t->height_known = false;
  fmpz_clear(degrees);
  fmpq_clear(scale);
  arb_clear(height);
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

/* a, M, b of the two densities (laws.h); false outside their domain. */
static bool beta_shapes(fmpz_t s, fmpq_t a, fmpq_t m, fmpq_t b,
                        const block_t *block, const fmpz_t upper) {
  fmpq_t half;
  fmpz_t r;
  fmpq_init(half);
  fmpz_init(r);
  fmpz_set(fmpq_numref(half), block->beta);
  fmpq_div_2exp(half, half, 1);
  fmpz_set(s, fmpz_cmp(block->s, upper) <= 0 ? block->s : upper);
  fmpz_set(r, fmpz_cmp(block->s, upper) <= 0 ? upper : block->s);
  fmpq_mul_fmpz(a, half, r);
  fmpq_mul_fmpz(m, half, block->N);
  fmpz_sub(r, block->N, r);
  fmpz_sub(r, r, s);
  bool inside = fmpz_sgn(r) >= 0 && fmpz_cmp_ui(s, 4096) <= 0;
  fmpz_add_ui(r, r, 1);
  fmpq_mul_fmpz(b, half, r);
  fmpq_sub_si(b, b, 1);
  inside = inside && fmpq_sgn(b) > 0;
  fmpq_clear(half);
  fmpz_clear(r);
  return inside;
}

/* log Gamma(M - i h) - log Gamma(M - a - i h) summed over i < s, plus
   s (b log(b/M) + M - b - a log M), h = beta/2. */
static void log_ratio(arb_t out, const block_t *block, const fmpz_t s,
                      const fmpq_t a, const fmpq_t m, const fmpq_t b,
                      slong prec) {
  arb_t x, y, log_m;
  fmpq_t at, half;
  arb_init(x);
  arb_init(y);
  arb_init(log_m);
  fmpq_init(at);
  fmpq_init(half);
  fmpz_set(fmpq_numref(half), block->beta);
  fmpq_div_2exp(half, half, 1);
  arb_set_fmpq(log_m, m, prec);
  arb_log(log_m, log_m, prec);
  arb_set_fmpq(x, b, prec);
  arb_log(y, x, prec);
  arb_sub(y, y, log_m, prec);
  arb_mul(out, x, y, prec);
  fmpq_sub(at, m, b);
  arb_set_fmpq(x, at, prec);
  arb_add(out, out, x, prec);
  arb_set_fmpq(x, a, prec);
  arb_submul(out, x, log_m, prec);
  arb_mul_fmpz(out, out, s, prec);
  for (slong i = 0; fmpz_cmp_si(s, i) > 0; i++) {
    fmpq_mul_si(at, half, i);
    fmpq_sub(at, m, at);
    arb_set_fmpq(x, at, prec);
    arb_lgamma(y, x, prec);
    arb_add(out, out, y, prec);
    fmpq_sub(at, at, a);
    arb_set_fmpq(x, at, prec);
    arb_lgamma(y, x, prec);
    arb_sub(out, out, y, prec);
  }
  arb_clear(x);
  arb_clear(y);
  arb_clear(log_m);
  fmpq_clear(at);
  fmpq_clear(half);
}

static void add_distance(block_totals_t t, const block_t *block,
                         const json_t *json) {
  const json_t *spectrum = json_object_get(json, "spectrum");
  fmpz_t s, upper;
  fmpq_t a, m, b;
  arb_t term;
  if (fmpq_is_zero(block->weight) || fmpq_is_zero(block->central2) ||
      fmpz_equal(block->s, block->N))
    return;
  fmpz_init(s);
  fmpz_init(upper);
  fmpq_init(a);
  fmpq_init(m);
  fmpq_init(b);
  arb_init(term);
  bool ok = json_array_size(spectrum) == 2 &&
            json_get_fmpz(upper, json_object_get(json_array_get(spectrum, 1),
                                                 "multiplicity")) &&
            beta_shapes(s, a, m, b, block, upper);
  if (ok) {
    slong prec = 2 * BLOCK_PREC_BITS + 4 * (slong)fmpz_bits(block->N);
    log_ratio(term, block, s, a, m, b, prec);
    arb_neg(term, term);
    arb_expm1(term, term, prec);
    arb_submul_fmpz(t->distance, term, block->count, prec);
  }
  t->distance_known = t->distance_known && ok;
  fmpz_clear(s);
  fmpz_clear(upper);
  fmpq_clear(a);
  fmpq_clear(m);
  fmpq_clear(b);
  arb_clear(term);
}

void block_totals_add(block_totals_t t, const block_t *b, const json_t *json) {
  add_variance(t, b);
  if (b->least_exact) {
    add_wishart(t, b);
  } else if (!fmpz_equal(b->s, b->N)) {
    t->exact = false;
    if (b->degrees_known) add_degrees(t, b);
    else t->degrees_known = false;
  }
  add_fourth(t, b);
  add_distance(t, b, json);
}
