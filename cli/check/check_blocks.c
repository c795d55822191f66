#include "cli/check/check_blocks.h"

#include <stdio.h>

#include "cli/check/check_spectrum.h"
#include "cli/format/json_number.h"

/* --- what follows from one of them ---------------------------------------------------- */

/* Moments of a listed spectrum; those of others are compared with O. */
static void check_moment_numbers(ledger_t *l, const block_t *b) {
  static const char *const keys[] = {"mean", "central2", "central3", "central4"};
  const fmpq *moments[] = {b->law->mean, b->law->central2, b->law->central3, b->law->central4};
  ledger_t inner;
  ledger_begin_at(&inner, l, "moments");
  for (size_t i = 0; i < 4; i++) ledger_fmpq(&inner, keys[i], moments[i]);
  ledger_end(&inner);
}

static const char *const least_reason =
    "the least eigenvalue comes from a computation that is not repeated";

/* r, which stays open: null and bounded, or the ceiling of what is said of r_exact. */
static bool degrees_fit(const json_t *claim, const json_t *r_exact, bool bounded) {
  fmpz_t r;
  arb_t ball;
  fmpz_init(r);
  arb_init(ball);
  bool fit = cert_get_fmpz(r, claim) && !bounded;
  if (fit && cert_get_ball(ball, r_exact, 256)) {
    arb_ceil(ball, ball, 256);
    fit = arb_contains_fmpz(ball, r);
  } else {
    fit = fit && fmpz_sgn(r) > 0;
  }
  fmpz_clear(r);
  arb_clear(ball);
  return fit || json_is_null(claim);
}

static void open_degrees(ledger_t *l, const json_t *r_exact) {
  static const char *const bounds[] = {"r_lower", "r_upper"};
  bool bounded = json_object_get(l->left, "r_lower") || json_object_get(l->left, "r_upper");
  if (degrees_fit(json_object_get(l->left, "r"), r_exact, bounded))
    ledger_open(l, "r", least_reason);
  else ledger_judge(l, "r", false, "it is not the number that r_exact says");
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
    if (json_object_get(l->left, bounds[i])) ledger_open(l, bounds[i], least_reason);
}

static void check_degrees(ledger_t *l, const block_t *b) {
  const json_t *r_exact = json_object_get(l->left, "r_exact"); /* the block has it */
  if (b->least_proved) {
    ledger_meets(l, "mean_eigenvalue", b->w->mean_eigenvalue_ball);
    ledger_meets(l, "r_exact", b->w->r_ball);
    if (!b->degrees_known) {
      open_degrees(l, r_exact);
    } else if (b->w->r_is_known) {
      ledger_fmpz(l, "r", b->w->r);
    } else {
      ledger_null(l, "r");
      ledger_fmpz(l, "r_lower", b->w->r_low);
      ledger_fmpz(l, "r_upper", b->w->r_high);
    }
    return;
  }
  if (!b->least_exact) {
    ledger_opens(l, "mean_eigenvalue r_exact", least_reason);
    open_degrees(l, r_exact);
    return;
  }
  if (fmpq_is_one(b->law->radicand)) ledger_fmpq(l, "mean_eigenvalue", b->w->mean_eigenvalue);
  else ledger_real(l, "mean_eigenvalue", b->w->mean_eigenvalue_ball);
  ledger_fmpq(l, "r_exact", b->w->r_exact);
  ledger_fmpz(l, "r", b->w->r);
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
              fmpq_equal(moments, b->law->mean) &&
              fmpq_equal(moments + 1, b->law->central2) &&
              fmpq_equal(moments + 2, b->law->central3) &&
              fmpq_equal(moments + 3, b->law->central4);
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
    return check_spectrum(spectrum, f->image, b->law->dimension, b->law->radicand);
  if (!json_is_null(spectrum) || !fmpq_is_one(b->law->radicand) ||
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
  fmpq_set(radicand, b->law->radicand); /* follows from the spectrum */
  expected_scale(weight, radicand, f);
  const json_t *component = json_object_get(json, "component");
  bool same = json_is_integer(component) &&
              json_integer_value(component) == (json_int_t)f->component &&
              fmpz_equal_ui(f->beta, b->law->beta) && fmpz_equal(b->law->dimension, f->N) &&
              fmpz_equal(b->law->rank, f->rank) && fmpq_equal(b->law->weight, weight) &&
              fmpq_equal(b->law->radicand, radicand) &&
              cert_get_fmpz(index, json_object_get(json, "index")) &&
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
  const sum_claims_t *sums; /* NULL: of strings */
} claims_t;

static const char *const too_large = "the components are too large to be listed";

static bool is_counted(const claims_t *c) { return c->sums && c->sums->proved; }

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
    fmpz_add(claimed, claimed, c->list[j].law->count);
    fmpz_add(found, found, c->found + j);
  }
  bool any = !fmpz_is_zero(found);
  *agree = fmpz_equal(claimed, found);
  fmpz_clear(claimed);
  fmpz_clear(found);
  return any;
}

/* The members that say which block it is, but for its spectrum and its count. */
static const char identity[] = "component beta N index rank weight radicand";

/* None describes it: against the block it should be. */
static void check_expected(ledger_t *l, const claims_t *c, size_t i,
                           const check_wishart_struct *found) {
  const check_block_struct *f =
      found->blocks + (i < found->length ? i : found->length - 1);
  fmpq_t weight, radicand;
  fmpq_init(weight);
  fmpq_init(radicand);
  fmpq_set(radicand, c->list[i].law->radicand);
  expected_scale(weight, radicand, f);
  ledger_size(l, "component", f->component);
  ledger_fmpz(l, "beta", f->beta);
  ledger_fmpz(l, "N", f->N);
  ledger_fmpz(l, "index", f->index);
  ledger_fmpz(l, "rank", f->rank);
  ledger_fmpz(l, "count", f->count);
  ledger_fmpq(l, "weight", weight);
  ledger_fmpq(l, "radicand", radicand);
  ledger_judge(l, "spectrum", false,
               "it is not that of the observable on any sector that the state populates");
  fmpq_clear(weight);
  fmpq_clear(radicand);
}

static void check_identity(ledger_t *l, const claims_t *c, size_t i,
                           const check_wishart_struct *found) {
  bool agree;
  if (!found && is_counted(c)) {
    (c->sums->proved[i] ? ledger_all_hold : ledger_takes)(l, identity);
    (c->sums->proved[i] ? ledger_all_hold : ledger_takes)(l, "count");
    ledger_judge(l, "spectrum", c->sums->proved[i],
                 "it is not that of the observable, or the other numbers are not those of "
                 "the state, on any sector");
  } else if (!found) {
    const char *reason =
        c->sums ? c->sums->reason : too_large;
    ledger_opens(l, identity, reason);
    ledger_opens(l, "count spectrum", reason);
  } else if (is_found(&agree, c, i)) {
    ledger_all_hold(l, identity);
    ledger_judge(l, "count", agree, "there is another number of such sectors");
    if (c->undecided[i])
      ledger_open(l, "spectrum", "it is too long for the products that prove it");
    else ledger_all_hold(l, "spectrum");
  } else if (!found->length) {
    ledger_fails(l, "beta", "there is no block");
  } else {
    check_expected(l, c, i, found);
  }
}

/* The least eigenvalue of an unlisted spectrum, on every block that the claim
   describes. */
static answer_t least_answer(const claims_t *c, size_t i,
                             const check_wishart_struct *found) {
  const block_t *b = c->list + i;
  answer_t answer = ANSWER_UNDECIDED;
  if (is_counted(c) && c->sums->proved[i] && !b->least_exact)
    return c->sums->least(c->sums->data, i, b->law->least_ball);
  for (size_t j = 0; found && j < found->length; j++) {
    const check_block_struct *f = found->blocks + j;
    const json_t *json = json_array_get(c->json, i);
    if (!same_numbers(b, json, f) || spectrum_answer(b, json, f) != ANSWER_YES)
      continue;
    answer = !b->least_exact ? check_spectrum_enclosure(b->law->least_ball, f->image)
             : check_spectrum_least(b->law->least, f->image) ? ANSWER_YES
                                                        : ANSWER_UNDECIDED;
    if (answer != ANSWER_YES) return answer;
  }
  return answer;
}

static void check_least(ledger_t *l, claims_t *c, size_t i,
                        const check_wishart_struct *found) {
  block_t *b = c->list + i;
  if (b->listed) {
    ledger_fmpq(l, "least_eigenvalue", b->law->least);
    return;
  }
  const json_t *claim = json_object_get(l->left, "least_eigenvalue");
  arb_t stated;
  arb_init(stated);
  bool ball = !b->least_exact && cert_get_ball(stated, claim, 256);
  if (ball) laws_block_set_least_ball(b->law, stated);
  arb_clear(stated);
  if (!ball && !b->least_exact &&
      !(json_is_null(claim) && json_is_null(json_object_get(l->left, "r")))) {
    ledger_judge(l, "least_eigenvalue", false, "it is neither a number nor a ball");
    return;
  }
  answer_t answer = ball || b->least_exact ? least_answer(c, i, found)
                                           : ANSWER_UNDECIDED;
  if (answer == ANSWER_UNDECIDED) {
    ledger_open(l, "least_eigenvalue", least_reason);
    return;
  }
  b->least_proved = ball && answer == ANSWER_YES;
  if (b->least_proved)
    block_set_degrees(b, json_is_null(json_object_get(l->left, "r")));
  ledger_judge(l, "least_eigenvalue", answer == ANSWER_YES, "the ball does not contain it");
}

/* --- all of them --------------------------------------------------------------------- */

static void check_block(block_totals_t t, ledger_t *l, claims_t *c, size_t i,
                        const check_wishart_struct *found) {
  const block_t *b = c->list + i;
  if (!c->sums) {
    ledger_size(l, "sector", 0); /* strings: all sectors are alike */
  } else if (!c->sums->proved) {
    ledger_open(l, "sector", c->sums->reason);
  } else {
    ledger_take(l, "sector");
    if (c->sums->proved[i]) ledger_holds(l, "sector");
  }
  check_identity(l, c, i, found);
  if (!found && !is_counted(c) &&
      json_is_null(json_object_get(json_array_get(c->json, i), "spectrum")))
    ledger_open(l, "moments", c->sums ? c->sums->reason : too_large);
  else check_moment_numbers(l, b);
  check_least(l, c, i, found);
  check_degrees(l, b);
  if (!block_totals_add(t, b)) {
    ledger_fails(l, "spectrum", "no block has such numbers");
    t->readable = false;
  }
}

static void check_list(block_totals_t t, ledger_t *l,
                       const check_wishart_struct *found, const json_t *blocks,
                       const sum_claims_t *sums) {
  claims_t c;
  if (!json_is_array(blocks) || !json_array_size(blocks)) {
    ledger_fails(l, "blocks", "it lists none");
    t->readable = false;
    return;
  }
  claims_init(&c, blocks);
  c.sums = sums;
  for (size_t i = 0; i < c.length; i++) {
    char name[48];
    if (block_read(c.list + i, json_array_get(blocks, i))) continue;
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
  if (t->readable) block_totals_finish(t);
  if (!all) ledger_fails(l, "blocks", "a sector is described by none of them");
  claims_clear(&c);
}

void check_blocks(block_totals_t t, ledger_t *l,
                  const check_wishart_struct *found) {
  check_list(t, l, found, ledger_take(l, "blocks"), NULL);
}

void check_sum_blocks(block_totals_t t, ledger_t *l, const sum_claims_t *sums) {
  check_list(t, l, NULL, ledger_take(l, "blocks"), sums);
}
