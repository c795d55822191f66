#include "cli/check/check_blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/check_spectrum.h"
#include "cli/format/json_number.h"

enum { PREC_BITS = 192 };

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

/* --- one block ----------------------------------------------------------------------- */

typedef struct {
  fmpz_t beta, N, s, count, r;
  fmpq_t weight, radicand;
  bool listed, least_exact, degrees_known;
  bool least_proved; /* as a ball, which follows */
  arb_t least_ball, above_ball, r_ball; /* radicand 1 */
  fmpq_t mean, central2, central3, central4, least, above, r_exact;
  fmpq_t reach; /* mean - mean of the s least eigenvalues, when listed or s = 1 */
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
  fmpq_init(b->reach);
  arb_init(b->least_ball);
  arb_init(b->above_ball);
  arb_init(b->r_ball);
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
  fmpq_clear(b->reach);
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

static int compare_levels(const void *a, const void *b) {
  fmpq_t x, y;
  fmpz_t times;
  fmpq_init(x);
  fmpq_init(y);
  fmpz_init(times);
  read_level(x, times, *(json_t *const *)a);
  read_level(y, times, *(json_t *const *)b);
  int order = fmpq_cmp(x, y);
  fmpq_clear(x);
  fmpq_clear(y);
  fmpz_clear(times);
  return order;
}

/* reach, of a spectrum in any order. */
static void set_reach(block_t *b, const json_t *spectrum) {
  size_t length = json_array_size(spectrum);
  json_t **levels = flint_malloc((length + 1) * sizeof *levels);
  fmpq_t value;
  fmpz_t times, left;
  fmpq_init(value);
  fmpz_init(times);
  fmpz_init_set(left, b->s);
  for (size_t i = 0; i < length; i++) levels[i] = json_array_get(spectrum, i);
  qsort(levels, length, sizeof *levels, compare_levels);
  fmpq_zero(b->reach);
  for (size_t i = 0; i < length && fmpz_sgn(left) > 0; i++) {
    read_level(value, times, levels[i]);
    if (fmpz_cmp(times, left) > 0) fmpz_set(times, left);
    fmpz_sub(left, left, times);
    fmpq_mul_fmpz(value, value, times);
    fmpq_add(b->reach, b->reach, value);
  }
  fmpq_div_fmpz(b->reach, b->reach, b->s);
  fmpq_sub(b->reach, b->mean, b->reach);
  fmpq_clear(value);
  fmpz_clear(times);
  fmpz_clear(left);
  flint_free(levels);
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
    set_reach(b, spectrum);
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
  if (!b->listed) fmpq_set(b->reach, b->above);
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

/* above sqrt(R) */
static void set_height(arb_t out, const block_t *b) {
  arb_set_fmpq(out, b->radicand, PREC_BITS);
  arb_sqrt(out, out, PREC_BITS);
  arb_mul_fmpz(out, out, fmpq_numref(b->above), PREC_BITS);
  arb_div_fmpz(out, out, fmpq_denref(b->above), PREC_BITS);
}

/* Moments of a listed spectrum; those of others are compared with O. */
static void check_moment_numbers(ledger_t *l, const block_t *b) {
  static const char *const keys[] = {"mean", "central2", "central3", "central4"};
  const fmpq *moments[] = {b->mean, b->central2, b->central3, b->central4};
  ledger_t inner;
  ledger_begin_at(&inner, l, "moments");
  for (size_t i = 0; i < 4; i++) ledger_fmpq(&inner, keys[i], moments[i]);
  ledger_end(&inner);
}

static const char *const least_reason =
    "the least eigenvalue comes from a computation that is not repeated";

/* From a ball for the least eigenvalue: above = mean - least, r_exact =
   N above^2 / (above^2 + central2), r its ceiling if that is certain. */
static void set_degrees(block_t *b) {
  arb_t square, sum;
  arb_init(square);
  arb_init(sum);
  arb_set_fmpq(b->above_ball, b->mean, PREC_BITS);
  arb_sub(b->above_ball, b->above_ball, b->least_ball, PREC_BITS);
  arb_mul(square, b->above_ball, b->above_ball, PREC_BITS);
  arb_set_fmpq(sum, b->central2, PREC_BITS);
  arb_add(sum, sum, square, PREC_BITS);
  arb_div(b->r_ball, square, sum, PREC_BITS);
  arb_mul_fmpz(b->r_ball, b->r_ball, b->N, PREC_BITS);
  arb_ceil(sum, b->r_ball, PREC_BITS);
  b->degrees_known = arb_get_unique_fmpz(b->r, sum);
  arb_clear(square);
  arb_clear(sum);
}

/* The claim is a ball that meets the one given. */
static void check_meets(ledger_t *l, const char *key, const arb_t actual) {
  const json_t *claim = ledger_take(l, key);
  arb_t ball;
  arb_init(ball);
  if (json_get_ball(ball, claim, 256) && arb_overlaps(ball, actual)) {
    ledger_holds(l, key);
  } else {
    char *text = arb_get_str(actual, 20, 0);
    ledger_fails(l, key, "it is %s", text);
    flint_free(text);
  }
  arb_clear(ball);
}

static void check_degrees(ledger_t *l, const block_t *b) {
  static const char *const bounds[] = {"r_lower", "r_upper"};
  arb_t above;
  if (b->least_proved) {
    check_meets(l, "mean_eigenvalue", b->above_ball);
    check_meets(l, "r_exact", b->r_ball);
    if (b->degrees_known) ledger_fmpz(l, "r", b->r);
    else ledger_open_rest(l, least_reason);
    return;
  }
  if (!b->least_exact) {
    ledger_open(l, "mean_eigenvalue", least_reason);
    ledger_open(l, "r_exact", least_reason);
    ledger_open(l, "r", least_reason);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
      if (json_object_get(l->left, bounds[i]))
        ledger_open(l, bounds[i], least_reason);
    return;
  }
  arb_init(above);
  set_height(above, b);
  if (fmpq_is_one(b->radicand)) ledger_fmpq(l, "mean_eigenvalue", b->above);
  else ledger_real(l, "mean_eigenvalue", above);
  ledger_fmpq(l, "r_exact", b->r_exact);
  ledger_fmpz(l, "r", b->r);
  arb_clear(above);
}

/* --- against the blocks found --------------------------------------------------------- */

/* Weight and radicand as a certificate writes them: the size of O in a spin
   factor belongs to the weight if it is rational, else to the radicand. */
static void expected_scale(fmpq_t weight, fmpq_t radicand,
                           const check_block_struct *f) {
  fmpq_set(weight, f->weight);
  if (f->image->num_qubits) return;
  fmpq_set(radicand, f->o2);
  if (!fmpz_is_square(fmpq_numref(f->o2)) || !fmpz_is_square(fmpq_denref(f->o2)))
    return;
  fmpq_t root;
  fmpq_init(root);
  fmpz_sqrt(fmpq_numref(root), fmpq_numref(f->o2));
  fmpz_sqrt(fmpq_denref(root), fmpq_denref(f->o2));
  fmpq_mul(weight, weight, root);
  fmpq_one(radicand);
  fmpq_clear(root);
}

/* Levels -1 and 1, once each. */
static bool is_spin_spectrum(const json_t *spectrum) {
  json_t *expected =
      json_pack("[{s:s, s:s}, {s:s, s:s}]", "eigenvalue", "-1", "multiplicity",
                "1", "eigenvalue", "1", "multiplicity", "1");
  bool same = json_equal(spectrum, expected);
  json_decref(expected);
  return same;
}

static bool same_moments(const block_t *b, const pauli_sum_t image) {
  fmpq moments[4];
  for (size_t i = 0; i < 4; i++) fmpq_init(moments + i);
  bool same = check_spectrum_moments(moments, image) &&
              fmpq_equal(moments, b->mean) &&
              fmpq_equal(moments + 1, b->central2) &&
              fmpq_equal(moments + 2, b->central3) &&
              fmpq_equal(moments + 3, b->central4);
  for (size_t i = 0; i < 4; i++) fmpq_clear(moments + i);
  return same;
}

/* Terms that all anticommute, or up to twelve that all commute: the spectrum is
   short and has to be listed. */
static bool must_be_listed(const pauli_sum_t image) {
  bool commute = image->length <= 12, anticommute = true;
  for (size_t i = 0; i < image->length && (commute || anticommute); i++)
    for (size_t j = 0; j < i; j++) {
      bool anti = pauli_anticommute(pauli_sum_string(image, i),
                                    pauli_sum_string(image, j),
                                    image->num_words);
      commute &= !anti;
      anticommute &= anti;
    }
  return commute || anticommute;
}

/* Is the claimed spectrum that of O on the block found? */
static answer_t spectrum_answer(const block_t *b, const json_t *json,
                                const check_block_struct *f) {
  const json_t *spectrum = json_object_get(json, "spectrum");
  if (f->image->num_qubits == 0)
    return is_spin_spectrum(spectrum) ? ANSWER_YES : ANSWER_NO;
  if (b->listed)
    return check_spectrum(spectrum, f->image, b->N, b->radicand);
  if (!json_is_null(spectrum) || !fmpq_is_one(b->radicand) ||
      must_be_listed(f->image) || !same_moments(b, f->image))
    return ANSWER_NO;
  return ANSWER_YES;
}

static bool same_numbers(const block_t *b, const json_t *json,
                         const check_block_struct *f) {
  fmpq_t weight, radicand;
  fmpz_t index;
  fmpq_init(weight);
  fmpq_init(radicand);
  fmpz_init(index);
  fmpq_set(radicand, b->radicand); /* follows from the spectrum */
  expected_scale(weight, radicand, f);
  const json_t *component = json_object_get(json, "component");
  bool same = json_is_integer(component) &&
              json_integer_value(component) == (json_int_t)f->component &&
              fmpz_equal(b->beta, f->beta) && fmpz_equal(b->N, f->N) &&
              fmpz_equal(b->s, f->rank) && fmpq_equal(b->weight, weight) &&
              fmpq_equal(b->radicand, radicand) &&
              json_get_fmpz(index, json_object_get(json, "index")) &&
              fmpz_equal(index, f->index);
  fmpq_clear(weight);
  fmpq_clear(radicand);
  fmpz_clear(index);
  return same;
}

/* Blocks of a certificate that differ in nothing but their count. */
static bool same_but_count(const json_t *a, const json_t *b) {
  json_t *x = json_copy((json_t *)a), *y = json_copy((json_t *)b);
  json_object_del(x, "count");
  json_object_del(y, "count");
  bool same = json_equal(x, y);
  json_decref(x);
  json_decref(y);
  return same;
}

typedef struct {
  size_t length;
  const json_t *json;
  block_t *list;
  fmpz *found;      /* how many sectors like it there are */
  bool *undecided;  /* its spectrum is too long to be re-proved */
  bool sums;          /* of strings; then: */
  const bool *proved; /* per block, where it comes from; NULL: open */
  const char *reason; /* why it is */
} claims_t;

static void claims_init(claims_t *c, const json_t *blocks) {
  c->json = blocks;
  c->length = json_array_size(blocks);
  c->list = flint_malloc((c->length + 1) * sizeof *c->list);
  c->found = flint_calloc(c->length + 1, sizeof *c->found);
  c->undecided = flint_calloc(c->length + 1, sizeof *c->undecided);
  for (size_t i = 0; i < c->length; i++) block_init(c->list + i);
}

static void claims_clear(claims_t *c) {
  for (size_t i = 0; i < c->length; i++) {
    block_clear(c->list + i);
    fmpz_clear(c->found + i);
  }
  flint_free(c->list);
  flint_free(c->found);
  flint_free(c->undecided);
}

/* Gives every block found to the first claim that describes it; false when one
   is described by none. */
static bool match_blocks(claims_t *c, const check_wishart_struct *found) {
  bool all = true;
  for (size_t j = 0; j < found->length; j++) {
    const check_block_struct *f = found->blocks + j;
    bool taken = false;
    for (size_t i = 0; i < c->length && !taken; i++) {
      const json_t *json = json_array_get(c->json, i);
      if (!same_numbers(c->list + i, json, f)) continue;
      answer_t answer = spectrum_answer(c->list + i, json, f);
      taken = answer != ANSWER_NO;
      if (answer == ANSWER_UNDECIDED) c->undecided[i] = true;
      if (taken) fmpz_add(c->found + i, c->found + i, f->count);
    }
    all = all && taken;
  }
  return all;
}

/* Over all claims that look like claim i: how many sectors were found, and is
   that the number claimed? */
static bool is_found(bool *agree, const claims_t *c, size_t i) {
  fmpz_t claimed, found;
  fmpz_init(claimed);
  fmpz_init(found);
  for (size_t j = 0; j < c->length; j++) {
    if (j != i && !same_but_count(json_array_get(c->json, i),
                                  json_array_get(c->json, j)))
      continue;
    fmpz_add(claimed, claimed, c->list[j].count);
    fmpz_add(found, found, c->found + j);
  }
  bool any = !fmpz_is_zero(found);
  *agree = fmpz_equal(claimed, found);
  fmpz_clear(claimed);
  fmpz_clear(found);
  return any;
}

static void open_spectrum(ledger_t *l, const char *reason) {
  ledger_open(l, "spectrum", reason);
}

/* The members that say which block it is. f: the block it should be. */
static void check_identity(ledger_t *l, const claims_t *c, size_t i,
                           const check_wishart_struct *found) {
  static const char *const keys[] = {"component", "beta", "N", "index",
                                     "rank", "weight", "radicand"};
  if (!found && c->proved) {
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) ledger_take(l, keys[k]);
    ledger_take(l, "count");
    ledger_take(l, "spectrum");
    for (size_t k = 0; k < sizeof keys / sizeof *keys && c->proved[i]; k++)
      ledger_holds(l, keys[k]);
    if (c->proved[i]) ledger_holds(l, "count");
    if (c->proved[i]) ledger_holds(l, "spectrum");
    else
      ledger_fails(l, "spectrum", "it is not that of the observable, or the other "
                                  "numbers are not those of the state, on any sector");
    return;
  }
  if (!found) {
    const char *reason =
        c->sums ? c->reason : "the components are too large to be listed";
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      ledger_open(l, keys[k], reason);
    ledger_open(l, "count", reason);
    open_spectrum(l, reason);
    return;
  }
  bool agree;
  if (is_found(&agree, c, i)) {
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
      ledger_take(l, keys[k]);
      ledger_holds(l, keys[k]);
    }
    ledger_take(l, "count");
    if (agree) ledger_holds(l, "count");
    else ledger_fails(l, "count", "there is another number of such sectors");
    if (c->undecided[i])
      open_spectrum(l, "it is too long for the products that prove it");
    else ledger_holds(l, "spectrum");
    ledger_take(l, "spectrum");
    return;
  }
  if (!found->length) {
    ledger_fails(l, "beta", "there is no block");
    return;
  }
  const check_block_struct *f =
      found->blocks + (i < found->length ? i : found->length - 1);
  fmpq_t weight, radicand;
  fmpq_init(weight);
  fmpq_init(radicand);
  fmpq_set(radicand, c->list[i].radicand);
  expected_scale(weight, radicand, f);
  ledger_size(l, "component", f->component);
  ledger_fmpz(l, "beta", f->beta);
  ledger_fmpz(l, "N", f->N);
  ledger_fmpz(l, "index", f->index);
  ledger_fmpz(l, "rank", f->rank);
  ledger_fmpz(l, "count", f->count);
  ledger_fmpq(l, "weight", weight);
  ledger_fmpq(l, "radicand", radicand);
  ledger_take(l, "spectrum");
  ledger_fails(l, "spectrum", "it is not that of the observable on any sector "
                              "that the state populates");
  fmpq_clear(weight);
  fmpq_clear(radicand);
}

/* The least eigenvalue of an unlisted spectrum, on every block that the claim
   describes. */
static answer_t least_answer(const claims_t *c, size_t i,
                             const check_wishart_struct *found) {
  const block_t *b = c->list + i;
  answer_t answer = ANSWER_UNDECIDED;
  for (size_t j = 0; found && j < found->length; j++) {
    const check_block_struct *f = found->blocks + j;
    const json_t *json = json_array_get(c->json, i);
    if (!same_numbers(b, json, f) || spectrum_answer(b, json, f) != ANSWER_YES)
      continue;
    answer = !b->least_exact ? check_spectrum_enclosure(b->least_ball, f->image)
             : check_spectrum_least(b->least, f->image) ? ANSWER_YES
                                                        : ANSWER_UNDECIDED;
    if (answer != ANSWER_YES) return answer;
  }
  return answer;
}

static void check_least(ledger_t *l, claims_t *c, size_t i,
                        const check_wishart_struct *found) {
  block_t *b = c->list + i;
  if (b->listed) {
    ledger_fmpq(l, "least_eigenvalue", b->least);
    return;
  }
  const json_t *claim = json_object_get(l->left, "least_eigenvalue");
  bool ball = !b->least_exact && json_get_ball(b->least_ball, claim, 256);
  if (!ball && !b->least_exact &&
      !(json_is_null(claim) && json_is_null(json_object_get(l->left, "r")))) {
    ledger_take(l, "least_eigenvalue");
    ledger_fails(l, "least_eigenvalue", "it is neither a number nor a ball");
    return;
  }
  answer_t answer = ball || b->least_exact ? least_answer(c, i, found)
                                           : ANSWER_UNDECIDED;
  if (answer == ANSWER_UNDECIDED) {
    ledger_open(l, "least_eigenvalue", least_reason);
    return;
  }
  ledger_take(l, "least_eigenvalue");
  b->least_proved = ball && answer == ANSWER_YES;
  if (b->least_proved) set_degrees(b);
  if (answer == ANSWER_YES) ledger_holds(l, "least_eigenvalue");
  else ledger_fails(l, "least_eigenvalue", "the ball does not contain it");
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
  bool moves = !fmpz_equal(b->s, b->N); /* else the block is a constant */
  fmpq_mul(c2, b->weight, b->reach);
  fmpq_mul(c2, c2, c2);
  fmpq_mul(c2, c2, b->radicand);
  arb_set_fmpq(root, c2, PREC_BITS);
  arb_sqrt(root, root, PREC_BITS);
  if (moves) {
    fmpz_addmul(t->threshold, degrees, b->count);
    arb_addmul_fmpz(t->height, root, b->count, PREC_BITS);
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
  arb_set_fmpq(height, scale, PREC_BITS);
  arb_addmul(t->height, height, b->above_ball, PREC_BITS);
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
    slong prec = 2 * PREC_BITS + 4 * (slong)fmpz_bits(block->N);
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

static void check_block(block_totals_t t, ledger_t *l, claims_t *c, size_t i,
                        const check_wishart_struct *found) {
  const block_t *b = c->list + i;
  if (!c->sums) {
    ledger_size(l, "sector", 0); /* strings: all sectors are alike */
  } else if (!c->proved) {
    ledger_open(l, "sector", c->reason);
  } else {
    ledger_take(l, "sector");
    if (c->proved[i]) ledger_holds(l, "sector");
  }
  check_identity(l, c, i, found);
  check_moment_numbers(l, b);
  check_least(l, c, i, found);
  check_degrees(l, b);
  add_variance(t, b);
  if (b->least_exact) {
    add_wishart(t, b);
  } else if (!fmpz_equal(b->s, b->N)) {
    t->exact = false;
    if (b->degrees_known) add_degrees(t, b);
    else t->degrees_known = false;
  }
  add_fourth(t, b);
  add_distance(t, b, json_array_get(c->json, i));
}

static void check_list(block_totals_t t, ledger_t *l,
                       const check_wishart_struct *found, const json_t *blocks,
                       const claims_t *sums) {
  claims_t c;
  if (!json_is_array(blocks) || !json_array_size(blocks)) {
    ledger_fails(l, "blocks", "it lists none");
    t->readable = false;
    return;
  }
  claims_init(&c, blocks);
  c.sums = sums != NULL;
  c.proved = sums ? sums->proved : NULL;
  c.reason = sums ? sums->reason : NULL;
  for (size_t i = 0; i < c.length; i++) {
    char name[48];
    if (block_read(c.list + i, json_array_get(blocks, i))) {
      block_finish(c.list + i);
      continue;
    }
    snprintf(name, sizeof name, "blocks[%zu]", i);
    ledger_fails(l, name, "it is malformed, or its spectrum does not add up "
                          "to N");
    t->readable = false;
  }
  bool all = !found || !t->readable || match_blocks(&c, found);
  for (size_t i = 0; i < c.length && t->readable; i++) {
    ledger_t inner;
    ledger_begin(&inner, l->result, json_array_get(blocks, i),
                 "%sblocks[%zu].", l->where, i);
    check_block(t, &inner, &c, i, found);
    ledger_end(&inner);
  }
  arb_t one;
  arb_init(one);
  arb_one(one);
  if (!arb_lt(t->distance, one)) t->distance_known = false;
  arb_clear(one);
  if (!all) ledger_fails(l, "blocks", "a sector is described by none of them");
  claims_clear(&c);
}

void check_blocks(block_totals_t t, ledger_t *l,
                  const check_wishart_struct *found) {
  check_list(t, l, found, ledger_take(l, "blocks"), NULL);
}

void check_sum_blocks(block_totals_t t, ledger_t *l, const bool *proved,
                      const char *reason) {
  claims_t sums = {.proved = proved, .reason = reason};
  check_list(t, l, NULL, ledger_take(l, "blocks"), &sums);
}
