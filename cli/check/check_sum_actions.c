#include "cli/check/check_sum_actions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/format/structure_json.h"
#include "algebra/base/structure.h"

static const char *const too_large =
    "which ideal acts how would take too long to count, or numbers do not decide it";

bool check_claim_ulong(ulong *out, const json_t *claim) {
  fmpz_t x;
  fmpz_init(x);
  bool ok = cert_get_fmpz(x, claim) && fmpz_sgn(x) >= 0 && fmpz_abs_fits_ui(x);
  if (ok) *out = fmpz_get_ui(x);
  fmpz_clear(x);
  return ok;
}

static bool is_kind(const check_sector_struct *kind, check_pair_t pair,
                    const char *field) {
  return !check_pair_compare(&kind->pair, &pair) && field &&
         !strcmp(field, field_get_str(kind->field));
}

ulong check_count_kind(const check_sum_structure_t s, check_pair_t pair,
                       const char *field) {
  ulong count = 0;
  for (size_t k = 0; k < s->num_kinds; k++)
    if (is_kind(s->kinds + k, pair, field)) count += s->kinds[k].count;
  return count;
}

/* What was counted of one representation, up to automorphisms, and is claimed. */
typedef struct {
  const check_action_struct *action;
  const check_ideal_struct *ideal;
  bool large; /* beyond check_weights.h: a defining representation or its dual */
  check_roots_t roots; /* else */
  ulong counted, alone;    /* pairs; those in which the name is a choice */
  ulong claimed, oriented; /* oriented: by a weight that automorphisms move */
} row_t;

static bool is_of_row(const row_t *row, const check_action_struct *a,
                      const check_ideal_struct *ideal) {
  if (row->ideal->letter != ideal->letter ||
      row->ideal->pair.second != ideal->pair.second)
    return false;
  if (row->large) return true; /* large ideals act by nothing else */
  return check_weight_is_turned(row->action->labels, a->labels, row->roots);
}

/* Do automorphisms of the ideal move the weight? */
static bool is_moved(const row_t *row) {
  return row->large ? row->ideal->letter == 'A'
                    : check_weight_moves(row->action->labels, row->roots);
}

static size_t collect(row_t *rows, const check_sum_structure_t s,
                      check_pair_t pair, const char *field) {
  size_t length = 0;
  for (size_t k = 0; k < s->num_kinds; k++)
    for (size_t i = 0; i < s->kinds[k].num_actions &&
                       is_kind(s->kinds + k, pair, field); i++) {
      const check_action_struct *a = s->kinds[k].actions + i;
      const check_ideal_struct *ideal = s->types + a->ideal;
      size_t j = 0;
      while (j < length && !is_of_row(rows + j, a, ideal)) j++;
      if (j == length) {
        rows[j] = (row_t){.action = a, .ideal = ideal};
        rows[j].large = ideal->pair.second > CHECK_MAX_RANK;
        if (!rows[j].large &&
            !check_roots_init(rows[j].roots, ideal->letter, ideal->pair.second))
          flint_abort();
        length++;
      }
      rows[j].counted += a->pairs;
      if (a->alone) rows[j].alone += a->pairs;
    }
  return length;
}

/* By w1, or (su(d)) by the last weight. */
static bool is_large_called(const row_t *row, const char *word, const char *weight) {
  char last[32];
  snprintf(last, sizeof last, "w%lu", row->ideal->pair.second);
  if (!weight)
    return is_moved(row) && !strcmp(word, "defining, up to an outer automorphism");
  return (!strcmp(word, "defining") && !strcmp(weight, "w1")) ||
         (is_moved(row) && !strcmp(word, "conjugate") && !strcmp(weight, last));
}

/* Is it called so by a weight, or (weight NULL) up to an automorphism? */
static bool is_called(const row_t *row, const char *word, const char *weight) {
  unsigned labels[CHECK_MAX_RANK];
  bool called = false;
  if (row->large) return is_large_called(row, word, weight);
  if (!weight && !check_weight_moves(row->action->labels, row->roots)) return false;
  for (size_t k = 0; !called && check_weight_turn(labels, row->action->labels,
                                                  row->roots, k); k++) {
    char *own = check_weight_word(labels, row->roots), *longer = NULL;
    char *text = check_weight_text(labels, row->roots);
    longer = text_print("%s, up to an outer automorphism", own);
    called = weight ? !strcmp(text, weight) && !strcmp(own, word)
                    : !strcmp(longer, word);
    free(own);
    free(text);
    free(longer);
  }
  return called;
}

/* Adds one claim to its row; false when there is none, or it is malformed. */
static bool add_claim(row_t *rows, size_t length, const json_t *claim,
                      const json_t *ideals) {
  const json_t *index = json_object_get(claim, "ideal");
  const json_t *weight = json_object_get(claim, "highest_weight");
  const char *word = json_string_value(json_object_get(claim, "representation"));
  ulong pairs, dimension;
  if (json_object_size(claim) != 5 || !json_is_integer(index) ||
      json_integer_value(index) < 0 || !word ||
      !(json_is_string(weight) || json_is_null(weight)) ||
      !check_claim_ulong(&pairs, json_object_get(claim, "pairs")) || !pairs ||
      !check_claim_ulong(&dimension, json_object_get(claim, "dimension")))
    return false;
  const json_t *ideal = json_array_get(ideals, (size_t)json_integer_value(index));
  const char *type = json_string_value(json_object_get(ideal, "type"));
  for (size_t j = 0; j < length && type; j++) {
    row_t *row = rows + j;
    char name[32];
    snprintf(name, sizeof name, "%c%lu", row->ideal->letter,
             row->ideal->pair.second);
    if (strcmp(name, type) || row->action->dimension != dimension ||
        row->claimed + pairs > row->counted ||
        !is_called(row, word, json_string_value(weight)))
      continue;
    row->claimed += pairs;
    if (json_is_string(weight) && is_moved(row))
      row->oriented += pairs;
    return true;
  }
  return false;
}

/* The claims are word for word what counting strings gives. */
static bool is_exact(const check_sum_structure_t s, const json_t *claims) {
  if (!s->is_strings || !s->exact->actions_known) return false;
  json_t *expected = actions_json(s->exact, 0);
  bool same = json_equal(claims, expected);
  json_decref(expected);
  return same;
}

/* --- representations and their duals ------------------------------------------------- */

enum { MAX_TURNED = 12 };

/* Ideals su(d) of one rank that act in several sectors, by the same representation or by
   its dual: which is called which is a choice for every one of them. */
typedef struct {
  const check_sum_structure_struct *s;
  const json_t *sectors, *ideals;
  ulong rank;
  size_t length, types[MAX_TURNED];
} turned_t;

static size_t count_uses(const check_sum_structure_struct *s, size_t type) {
  size_t count = 0;
  for (size_t k = 0; k < s->num_kinds; k++)
    for (size_t i = 0; i < s->kinds[k].num_actions; i++)
      count += s->kinds[k].actions[i].ideal == type &&
               s->kinds[k].actions[i].defining;
  return count;
}

/* In how many pairs such an ideal is said to act by "defining" in the sector. */
static ulong said_defining(const turned_t *t, const json_t *sector) {
  const json_t *claims = json_object_get(sector, "actions");
  char type[32];
  ulong sum = 0, pairs;
  snprintf(type, sizeof type, "A%lu", t->rank);
  for (size_t i = 0; i < json_array_size(claims); i++) {
    const json_t *claim = json_array_get(claims, i);
    const json_t *index = json_object_get(claim, "ideal");
    const json_t *ideal = json_array_get(t->ideals, (size_t)json_integer_value(index));
    if (!strcmp(cert_text_at(claim, "representation", ""), "defining") &&
        !strcmp(cert_text_at(ideal, "type", ""), type) &&
        check_claim_ulong(&pairs, json_object_get(claim, "pairs")))
      sum += pairs;
  }
  return sum;
}

/* With those in `mask` turned round, is it what is said of the sector? Ideals that act
   once may be turned at will. */
static bool fits_sector(const turned_t *t, const json_t *sector, size_t mask) {
  check_pair_t pair;
  const char *field = cert_text_at(sector, "field", "");
  ulong fixed = 0, free_ones = 0, said = said_defining(t, sector);
  if (!check_claim_ulong(&pair.first, json_object_get(sector, "dimension")) ||
      !check_claim_ulong(&pair.second, json_object_get(sector, "multiplicity")))
    return false;
  for (size_t k = 0; k < t->s->num_kinds; k++)
    for (size_t i = 0; i < t->s->kinds[k].num_actions; i++) {
      const check_action_struct *a = t->s->kinds[k].actions + i;
      const check_ideal_struct *ideal = t->s->types + a->ideal;
      size_t j = 0;
      if (!is_kind(t->s->kinds + k, pair, field) || !a->defining ||
          ideal->letter != 'A' || ideal->pair.second != t->rank)
        continue;
      while (j < t->length && t->types[j] != a->ideal) j++;
      if (j == t->length) free_ones++;
      else fixed += (mask >> j & 1) == a->dual;
    }
  return fixed <= said && said <= fixed + free_ones;
}

static answer_t fits_rank(turned_t *t) {
  t->length = 0;
  for (size_t k = 0; k < t->s->num_types; k++)
    if (t->s->types[k].letter == 'A' && t->s->types[k].pair.second == t->rank &&
        count_uses(t->s, k) > 1) {
      if (t->length == MAX_TURNED) return ANSWER_UNDECIDED;
      t->types[t->length++] = k;
    }
  for (size_t mask = 0; mask < (size_t)1 << t->length; mask++) {
    bool fits = true;
    for (size_t i = 0; i < json_array_size(t->sectors) && fits; i++)
      fits = fits_sector(t, json_array_get(t->sectors, i), mask);
    if (fits) return ANSWER_YES;
  }
  return ANSWER_NO;
}

/* Is every representation named by a weight? */
static bool all_are_named(const json_t *sectors) {
  for (size_t i = 0; i < json_array_size(sectors); i++) {
    const json_t *claims = json_object_get(json_array_get(sectors, i), "actions");
    for (size_t j = 0; j < json_array_size(claims); j++)
      if (!json_is_string(json_object_get(json_array_get(claims, j), "highest_weight")))
        return false;
  }
  return true;
}

answer_t check_duals_fit(const check_sum_structure_t s, const json_t *sectors,
                         const json_t *ideals) {
  answer_t answer = ANSWER_YES;
  if (!s->by_sectors || !all_are_named(sectors)) return ANSWER_UNDECIDED;
  for (size_t k = 0; k < s->num_types && answer == ANSWER_YES; k++) {
    turned_t t = {s, sectors, ideals, s->types[k].pair.second, 0, {0}};
    if (s->types[k].letter == 'A' && t.rank > 1) answer = fits_rank(&t);
  }
  return answer;
}

static void judge(ledger_t *l, row_t *rows, size_t length, const json_t *claims,
                  const json_t *ideals, bool exact, answer_t duals) {
  bool fits = json_is_array(claims), oriented = true;
  size_t at = 0;
  while (at < json_array_size(claims) && fits)
    fits = add_claim(rows, length, json_array_get(claims, at++), ideals);
  if (!fits) {
    ledger_fails(l, "actions", "entry %zu is none of the actions there, or of "
                               "more pairs", at ? at - 1 : 0);
    return;
  }
  for (size_t j = 0; j < length; j++) {
    char *text = rows[j].large
                     ? text_copy("w1")
                     : check_weight_text(rows[j].action->labels, rows[j].roots);
    if (rows[j].claimed != rows[j].counted && fits)
      ledger_fails(l, "actions", "in %lu pairs %c%lu acts by %s (up to an "
                   "automorphism), not %lu", rows[j].counted,
                   rows[j].ideal->letter, rows[j].ideal->pair.second, text,
                   rows[j].claimed);
    fits = fits && rows[j].claimed == rows[j].counted;
    oriented = oriented && rows[j].oriented <= rows[j].alone;
    free(text);
  }
  if (fits && duals == ANSWER_NO)
    ledger_fails(l, "actions", "in some sectors an ideal acts by the dual of what it "
                               "does in others, and not where it is said");
  else if (fits && (oriented || exact || duals == ANSWER_YES))
    ledger_holds(l, "actions");
  else if (fits)
    ledger_left_open(l, "actions", "representations that an outer automorphism "
                     "turns into each other are not told apart");
}

void check_sum_action_claims(ledger_t *l, const check_sum_structure_t s,
                             check_pair_t pair, const char *field,
                             const json_t *ideals, bool complete, answer_t duals) {
  const json_t *claims = json_object_get(l->left, "actions");
  if (json_is_null(claims) &&
      (ledger_said(l, "reason") || !complete || !json_is_array(ideals))) {
    ledger_open(l, "actions", "they are said to be unknown");
    if (ledger_said(l, "reason")) ledger_reason(l, "reason");
    return;
  }
  ledger_take(l, "actions");
  if (json_object_get(l->left, "reason") ||
      json_object_get(l->left, "reason_code")) {
    ledger_take(l, "reason");
    ledger_take(l, "reason_code");
    ledger_fails(l, "reason", "nothing is unknown there");
  }
  if (json_is_null(claims) || !claims) {
    ledger_fails(l, "actions", "they are missing, and no reason is given");
    return;
  }
  bool exact = is_exact(s, claims);
  if (exact && !s->actions_known) {
    ledger_holds(l, "actions");
    return;
  }
  if (!s->actions_known) {
    ledger_left_open(l, "actions", too_large);
    return;
  }
  size_t most = 1;
  for (size_t k = 0; k < s->num_kinds; k++) most += s->kinds[k].num_actions;
  row_t *rows = flint_malloc(most * sizeof *rows);
  size_t length = collect(rows, s, pair, field);
  judge(l, rows, length, claims, ideals, exact, duals);
  for (size_t j = 0; j < length; j++)
    if (!rows[j].large) check_roots_clear(rows[j].roots);
  flint_free(rows);
}
