#include "cli/check/check_sum_wishart.h"

#include <string.h>

#include "algebra/check/sums/check_least.h"
#include "algebra/check/sums/check_sector_blocks.h"
#include "cli/check/check_sum_actions.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static const char *const too_large =
    "the sectors of sums of strings, or what acts on them, were not counted";

/* --- one block ---------------------------------------------------------------------- */

static bool is_number(const json_t *json, const char *key, ulong value) {
  ulong claimed;
  return check_claim_ulong(&claimed, json_object_get(json, key)) &&
         claimed == value;
}

static bool is_sector(const json_t *json, const json_t *sectors,
                      const check_sector_struct *kind) {
  const json_t *index = json_object_get(json, "sector");
  if (!json_is_integer(index) || json_integer_value(index) < 0) return false;
  const json_t *sector =
      json_array_get(sectors, (size_t)json_integer_value(index));
  const char *field = json_string_value(json_object_get(sector, "field"));
  return field && !strcmp(field, field_get_str(kind->field)) &&
         is_number(sector, "dimension", kind->pair.first) &&
         is_number(sector, "multiplicity", kind->pair.second);
}

/* Weight w and rank r of the reduced state: traces w, w^2/r, w^3/r^2. */
static bool is_state(const json_t *json, const check_sum_blocks_t all,
                     const check_sum_block_struct *b) {
  fmpq_t w, x;
  fmpz_t r;
  fmpq_init(w);
  fmpq_init(x);
  fmpz_init(r);
  bool same = cert_get_fmpq(w, json_object_get(json, "weight")) &&
              cert_get_fmpz(r, json_object_get(json, "rank")) &&
              fmpz_sgn(r) > 0 && check_sum_blocks_is(all, b->weight, w);
  fmpq_set(x, w);
  for (int j = 0; j < 2 && same; j++) {
    fmpq_mul(x, x, w);
    fmpq_div_fmpz(x, x, r);
    same = check_sum_blocks_is(all, b->state[j], x);
  }
  fmpq_clear(w);
  fmpq_clear(x);
  fmpz_clear(r);
  return same;
}

/* Ascending levels with the power sums of O there, less its mean. */
static bool is_listed(const json_t *spectrum, const check_sum_blocks_t all,
                      const check_sum_block_struct *b) {
  size_t length = json_array_size(spectrum), d = b->kind->pair.first;
  nmod_t mod = all->mod;
  fmpq *level = _fmpq_vec_init((slong)length);
  mp_limb_t *residue = flint_calloc(2 * length + 1, sizeof *residue);
  mp_limb_t *power = residue + length, den = 0;
  ulong times = 0;
  bool same = length > 0;
  for (size_t i = 0; i < length && same; i++) {
    const json_t *item = json_array_get(spectrum, i);
    same = cert_get_fmpq(level + i, json_object_get(item, "eigenvalue")) &&
           check_claim_ulong(&times, json_object_get(item, "multiplicity")) &&
           (i == 0 || fmpq_cmp(level + i - 1, level + i) < 0) &&
           (den = fmpz_fdiv_ui(fmpq_denref(level + i), mod.n)) != 0;
    if (!same) break;
    residue[i] = nmod_div(fmpz_fdiv_ui(fmpq_numref(level + i), mod.n), den, mod);
    power[i] = times % mod.n;
  }
  for (size_t j = 1; j <= d && same; j++) {
    mp_limb_t sum = 0;
    for (size_t i = 0; i < length; i++) {
      power[i] = nmod_mul(power[i], residue[i], mod);
      sum = nmod_add(sum, power[i], mod);
    }
    same = b->power[j] == sum;
  }
  _fmpq_vec_clear(level, (slong)length);
  flint_free(residue);
  return same;
}

/* Levels are listed wherever all are rational, up to that many dimensions. */
enum { MAX_LISTED = 80 };

/* Mean 0 and the central moments; levels would be listed if they could. */
static bool has_moments(const json_t *moments, const check_sum_blocks_t all,
                        const check_sum_block_struct *b) {
  static const char *const keys[] = {"mean", "central2", "central3", "central4"};
  bool same = b->kind->pair.first > MAX_LISTED || !check_sum_blocks_rational(all, b);
  fmpq_t x;
  fmpq_init(x);
  for (size_t j = 0; j < 4 && same; j++) {
    same = cert_get_fmpq(x, json_object_get(moments, keys[j]));
    fmpq_mul_ui(x, x, b->kind->pair.first);
    same = same && (j ? check_sum_blocks_is(all, b->power[j + 1], x)
                      : fmpq_is_zero(x));
  }
  fmpq_clear(x);
  return same;
}

static bool is_block(const json_t *json, const json_t *sectors,
                     const check_sum_blocks_t all,
                     const check_sum_block_struct *b) {
  const json_t *component = json_object_get(json, "component");
  const json_t *spectrum = json_object_get(json, "spectrum");
  return json_is_integer(component) && !json_integer_value(component) &&
         is_sector(json, sectors, b->kind) && is_number(json, "beta", all->real ? 1 : 2) &&
         is_number(json, "N", b->kind->pair.first) &&
         is_number(json, "index", b->kind->pair.second) &&
         is_number(json, "count", 1) && is_number(json, "radicand", 1) &&
         is_state(json, all, b) &&
         (json_is_null(spectrum)
              ? has_moments(json_object_get(json, "moments"), all, b)
              : is_listed(spectrum, all, b));
}

/* --- the class ------------------------------------------------------------------------ */

static bool is_seen(const check_sum_block_struct *b) {
  return b->moved && b->populated;
}

/* Every sector that O moves and rho populates is to have one claim of its own. */
static void judge_blocks(sum_wishart_t *out, const check_sum_blocks_t all,
                         const json_t *blocks, const json_t *sectors) {
  size_t claimed = json_array_size(blocks);
  out->proved = flint_calloc(claimed + 1, sizeof *out->proved);
  out->populated = flint_calloc(claimed + 1, sizeof *out->populated);
  out->right = all->saturated && !all->fixed && !(all->exact && all->between);
  for (size_t k = 0; k < all->length && out->right; k++) {
    const check_sum_block_struct *b = all->list + k;
    if (!is_seen(b)) continue;
    out->num_blocks++;
    bool full = b->kind->field == (all->real ? FIELD_REAL : FIELD_COMPLEX);
    out->right = b->inside && full && b->kind->count == 1;
    out->open = out->pure && !full;
    if (!out->right) break;
    size_t i = 0;
    while (i < claimed && (out->proved[i] ||
                           !is_block(json_array_get(blocks, i), sectors, all, b)))
      i++;
    if (i == claimed) continue;
    out->proved[i] = true;
    out->populated[i] = k;
  }
  out->right = out->right && out->num_blocks > 0;
  if (out->open) {
    flint_free(out->proved);
    out->proved = NULL;
  }
  out->why = out->open ? "blocks of real and quaternionic sectors are not counted here"
                       : "the observable does not act on every sector that it moves, and "
                         "the state populates, as a matrix on which a full su(d) acts";
}

static bool some_seen(const check_sum_blocks_t all,
                      bool (*test)(const check_sum_block_struct *b)) {
  bool some = false;
  for (size_t k = 0; k < all->length; k++)
    some = some || (is_seen(all->list + k) && test(all->list + k));
  return some;
}

static bool is_outside(const check_sum_block_struct *b) { return !b->inside; }
static bool is_real(const check_sum_block_struct *b) {
  return b->kind->field != FIELD_COMPLEX;
}

static bool is_fixed(const check_sum_blocks_t all) { return all->fixed; }
static bool acts_outside(const check_sum_blocks_t all) {
  return all->saturated && some_seen(all, is_outside);
}
static bool is_not_inside(const check_sum_blocks_t all) {
  return all->between || acts_outside(all);
}
static bool is_small(const check_sum_blocks_t all) { return !all->saturated; }
static bool acts_on_real(const check_sum_blocks_t all) {
  return all->saturated && !all->real && some_seen(all, is_real);
}

/* What a certificate may say, and when that is true; NULL: it claims no more than not
   to know. */
static const struct {
  reason_code_t code;
  bool decided;
  bool (*is_true)(const check_sum_blocks_t all);
} answers[] = {
    {REASON_OBSERVABLE_IS_CONSERVED, true, is_fixed},
    {REASON_EFFECTIVE_OBSERVABLE_UNKNOWN, false, is_not_inside},
    {REASON_ALGEBRA_NOT_FULL_ON_SECTORS, false, is_small},
    {REASON_SECTOR_NOT_COMPLEX, false, acts_on_real},
    {REASON_SECTORS_CONJUGATE, false, NULL},
    {REASON_SECTOR_KINDS_ALIKE, false, NULL},
    {REASON_REDUCED_STATE_UNKNOWN, false, NULL},
    {REASON_SECTOR_OPERATORS_TOO_LONG, false,
     NULL},
    {REASON_PROJECTORS_TOO_LONG, false, NULL},
    {REASON_SECTORS_UNKNOWN, false, NULL},
    {REASON_STATE_NOT_STABILIZER, false, NULL},
    {REASON_MOMENTS_UNKNOWN, false, NULL}};
enum { NUM_ANSWERS = sizeof answers / sizeof *answers };

/* Is it true of O as it is, without an average over permutations? */
static bool is_true_without(const check_subject_t *s, const pauli_sum_struct *o,
                            const quantum_state_struct *rho,
                            bool (*is_true)(const check_sum_blocks_t all)) {
  check_sum_blocks_t plain;
  if (!check_sum_blocks_init(plain, s->counted, o, rho, CHECK_OBSERVABLE))
    return true;
  bool yes = is_true(plain);
  check_sum_blocks_clear(plain);
  return yes;
}

static bool is_zero(const json_t *number) {
  fmpq_t x;
  fmpq_init(x);
  bool zero = cert_get_fmpq(x, number) && fmpq_is_zero(x);
  fmpq_clear(x);
  return zero;
}

/* O lies outside of the algebra: the blocks of the X in it that has the same loss, if
   the variances say that there is one. True when they say that there is none. */
static bool take_effective(check_sum_blocks_struct *all, const check_subject_t *s,
                           const pauli_sum_struct *o,
                           const quantum_state_struct *rho,
                           const json_t *variance) {
  check_sum_blocks_t best;
  bool none = false;
  if (all->exact) return true;
  fmpq_t x;
  if (!check_sum_blocks_init(best, s->counted, o, rho, CHECK_EFFECTIVE))
    return false;
  fmpq_init(x);
  if (best->effective && cert_get_fmpq(x, variance)) {
    none = !check_sum_blocks_is(best, best->variance, x);
    if (!none) {
      check_sum_blocks_struct swap = *all;
      *all = *best;
      *best = swap;
    }
  }
  fmpq_clear(x);
  check_sum_blocks_clear(best);
  return none;
}

void sum_wishart_clear(sum_wishart_t *w) {
  flint_free(w->proved);
  flint_free(w->populated);
}

/* What the claim amounts to, by these blocks. */
static void judge(sum_wishart_t *out, check_sum_blocks_struct *all, const check_subject_t *s,
                  size_t index, const json_t *json, const json_t *variance,
                  const json_t *sectors) {
  const pauli_sum_struct *o = out->observable;
  const quantum_state_struct *rho = subject_state(s, index);
  bool applies = json_is_true(json_object_get(json, "applies"));
  bool decided = json_is_true(json_object_get(json, "decided"));
  reason_code_t reason = cert_get_code(json, "reason");
  size_t k = 0;
  bool none = is_not_inside(all) && reason != REASON_EFFECTIVE_OBSERVABLE_UNKNOWN &&
              take_effective(all, s, o, rho, variance);
  out->counted = true;
  out->why = "that reason is none for this answer";
  while (k < NUM_ANSWERS && reason != answers[k].code) k++;
  if (applies && decided && reason == REASON_OBSERVABLE_IN_JORDAN_ALGEBRA &&
      is_not_inside(all) && !none) {
    out->open = true; /* sectors that look alike, or are not complex */
    out->why = "whether an observable of the algebra has the same loss was not counted";
  } else if (applies && decided && reason == REASON_OBSERVABLE_IN_JORDAN_ALGEBRA &&
             !all->saturated) {
    out->open = true; /* the populated sectors may be free all the same */
    out->why = "sectors that move together were not told from those that move alone";
  } else if (applies && decided && reason == REASON_OBSERVABLE_IN_JORDAN_ALGEBRA) {
    judge_blocks(out, all, json_object_get(json, "blocks"), sectors);
  } else if (reason == REASON_OBSERVABLE_OUTSIDE_ALGEBRA && !applies && decided) {
    out->right = none;
    out->open = is_not_inside(all) && !none; /* not counted */
    out->why = out->open ? "whether an observable of the algebra has the same loss "
                           "was not counted"
                         : "an observable of the algebra has the same loss";
  } else if (reason == REASON_PART_BETWEEN_SECTORS && !applies && decided) {
    out->right = all->exact && all->between;
    out->open = !all->exact;
    out->why = all->exact ? "there is none between sectors that the state populates"
                          : too_large;
  } else if (reason == REASON_OBSERVABLE_IS_A_NUMBER && !applies && decided) {
    out->right = is_zero(variance);
    out->why = "the loss is not constant";
  } else if (k == NUM_ANSWERS && s->as_strings) {
    out->open = true;
    out->why = "it speaks of strings, which were not listed";
  } else if (k == NUM_ANSWERS || applies || decided != answers[k].decided ||
             !json_is_boolean(json_object_get(json, "applies")) ||
             !json_is_boolean(json_object_get(json, "decided"))) {
    out->right = false;
  } else if (!answers[k].is_true) {
    out->open = true;
    out->why = "it claims no more than not to know";
  } else {
    out->right = answers[k].is_true(all);
    out->open = !out->right && is_true_without(s, o, rho, answers[k].is_true);
    out->why = out->open ? "it is true, but not of an average over permutations "
                           "that has the same loss"
                         : "that reason is not true";
  }
  check_sum_blocks_clear(all);
}

/* Smaller than the full algebras of its sectors together, by the structure alone. */
static bool is_known_small(const check_sum_structure_struct *s) {
  return s->actions_known ? !check_sum_is_saturated(s) : check_sum_is_small(s);
}

/* By the structure alone where that is enough;
   by sectors where nothing else was counted, or where blocks are claimed and a full su(d)
   (or so(d), and the state is real) acts on each sector that is populated, independently; else by averages. */
void sum_wishart_init(sum_wishart_t *out, const check_subject_t *s, size_t index,
                      const json_t *json, const json_t *variance,
                      const json_t *sectors) {
  size_t states = s->ansatz->num_states;
  const pauli_sum_struct *o = subject_observable(s, index);
  bool applies = json_is_true(json_object_get(json, "applies"));
  check_sum_blocks_t all;
  *out = (sum_wishart_t){.why = too_large, .observable = o};
  if (!s->counted) return;
  if (!applies && !json_is_true(json_object_get(json, "decided")) &&
      cert_get_code(json, "reason") == REASON_ALGEBRA_NOT_FULL_ON_SECTORS &&
      is_known_small(s->counted)) {
    out->counted = out->right = true;
    return;
  }
  bool only = s->counted->by_sectors;
  out->pure = check_sums_get_pure(s, index % states);
  const check_pure_loss_struct *loss =
      out->pure && (only || (applies && (out->pure->apart || out->pure->turns))) ? check_sums_get_loss(s, index)
                                                           : NULL;
  if (loss && check_sector_blocks_init(all, check_sums_get_sectors(s), out->pure, loss, o))
    judge(out, all, s, index, json, variance, sectors);
  if (only || out->right) return;
  sum_wishart_clear(out);
  *out = (sum_wishart_t){.why = too_large, .observable = o};
  if (check_sum_blocks_init(all, s->counted, o, subject_state(s, index), CHECK_AVERAGED))
    judge(out, all, s, index, json, variance, sectors);
}

answer_t sum_wishart_least(const sum_wishart_t *w, size_t block, const arb_t ball) {
  if (!w->pure) return ANSWER_UNDECIDED;
  return check_pure_least(w->pure, w->populated[block], w->observable, ball);
}
