#include "cli/check/check_sum_claims.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_exterior.h"
#include "cli/check/check_sum_actions.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/structure_json.h"
#include "algebra/base/structure.h"

static const char *const too_large =
    "sums of strings: it would take too long to count";

static void check_ulong(ledger_t *l, const char *key, ulong actual) {
  fmpz_t x;
  fmpz_init_set_ui(x, actual);
  ledger_fmpz(l, key, x);
  fmpz_clear(x);
}

/* --- ideals ------------------------------------------------------------------------ */

/* dim of the simple algebra; 0 when there is none of that name here */
static ulong dimension_of(char letter, ulong rank) {
  switch (letter) {
    case 'A': return rank >= 1 ? rank * (rank + 2) : 0;
    case 'B': return rank >= 3 ? rank * (2 * rank + 1) : 0;
    case 'C': return rank >= 2 ? rank * (2 * rank + 1) : 0;
    case 'D': return rank >= 4 ? rank * (2 * rank - 1) : 0;
    case 'E': return rank == 6 ? 78 : rank == 7 ? 133 : rank == 8 ? 248 : 0;
    case 'F': return rank == 4 ? 52 : 0;
    case 'G': return rank == 2 ? 14 : 0;
    default: return 0;
  }
}

static bool is_told_apart(ulong dimension, ulong rank) {
  unsigned letters = 0;
  for (char letter = 'A'; letter <= 'G'; letter++)
    letters += dimension_of(letter, rank) == dimension;
  return letters == 1;
}

static size_t count_pairs(const check_pair_t *list, size_t length,
                          check_pair_t pair) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++)
    count += check_pair_compare(list + i, &pair) == 0;
  return count;
}

/* How many the claims speak of in all, with the pair (or with any, pair NULL). */
static ulong claimed_pairs(const json_t *list, const char *first,
                           const char *second, const check_pair_t *pair) {
  ulong total = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    check_pair_t mine;
    ulong count;
    if (check_claim_ulong(&mine.first, json_object_get(item, first)) &&
        check_claim_ulong(&mine.second, json_object_get(item, second)) &&
        check_claim_ulong(&count, json_object_get(item, "count")) &&
        (!pair || !check_pair_compare(&mine, pair)))
      total += count;
  }
  return total;
}

/* Are as many of the ideals with this pair of the type said as are claimed? */
static bool type_fits(const char *said, const json_t *list, check_pair_t pair,
                      const check_sum_structure_t s) {
  ulong counted = 0, claimed = 0, count;
  for (size_t k = 0; k < s->num_types; k++)
    if (!check_pair_compare(&s->types[k].pair, &pair) &&
        s->types[k].letter == said[0])
      counted += s->types[k].copies;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *type = json_string_value(json_object_get(item, "type"));
    if (type && !strcmp(type, said) &&
        check_claim_ulong(&count, json_object_get(item, "count")))
      claimed += count;
  }
  return counted == claimed;
}

static void check_type(ledger_t *l, const json_t *list, check_pair_t pair,
                       const check_sum_structure_t s) {
  const char *said = json_string_value(json_object_get(l->left, "type"));
  ideal_struct ideal = {.letter = said && said[0] ? said[0] : '?'};
  if (dimension_of(ideal.letter, pair.second) != pair.first) {
    ledger_take(l, "type");
    ledger_fails(l, "type", "it has not dimension %lu and rank %lu", pair.first,
                 pair.second);
    return;
  }
  fmpz_init_set_ui(ideal.rank, pair.second);
  fmpz_init_set_ui(ideal.dimension, pair.first);
  fmpz_init_set_ui(ideal.count, 1);
  char *type = ideal_get_type(&ideal), *name = ideal_get_name(&ideal);
  const char *named = json_string_value(json_object_get(l->left, "name"));
  if (is_told_apart(pair.first, pair.second) || !named ||
      strcmp(said, type) || strcmp(named, name)) {
    ledger_text(l, "type", type);
    ledger_text(l, "name", name);
  } else if (s->actions_known) {
    bool fits = type_fits(said, list, pair, s);
    ledger_take(l, "type");
    ledger_take(l, "name");
    if (fits) ledger_holds(l, "type");
    else ledger_fails(l, "type", "it acts by representations of another type");
    if (fits) ledger_holds(l, "name");
  } else {
    ledger_open(l, "type", "another type has the same dimension and rank");
    ledger_open(l, "name", "another type has the same dimension and rank");
  }
  free(type);
  free(name);
  fmpz_clear(ideal.rank);
  fmpz_clear(ideal.dimension);
  fmpz_clear(ideal.count);
}

static void check_ideal(ledger_t *l, const json_t *list,
                        const check_sum_structure_t s) {
  check_pair_t pair;
  bool read = check_claim_ulong(&pair.first, ledger_take(l, "dimension")) &&
              check_claim_ulong(&pair.second, ledger_take(l, "rank"));
  size_t counted = read ? count_pairs(s->ideals, s->num_ideals, pair) : 0;
  ledger_take(l, "count");
  if (!counted) {
    ledger_fails(l, "dimension", "there is no ideal of this dimension and rank");
    return;
  }
  ledger_holds(l, "dimension");
  ledger_holds(l, "rank");
  if (claimed_pairs(list, "dimension", "rank", &pair) == counted)
    ledger_holds(l, "count");
  else
    ledger_fails(l, "count", "there are %zu of this dimension and rank", counted);
  check_type(l, list, pair, s);
}

/* Other parts of the certificate call an ideal by its place: by type, then rank. */
static bool ideals_are_in_order(const json_t *list) {
  char last = 0;
  ulong rank = 0, last_rank = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *type = json_string_value(json_object_get(item, "type"));
    if (!type || !check_claim_ulong(&rank, json_object_get(item, "rank")) ||
        type[0] < last || (type[0] == last && rank <= last_rank))
      return false;
    last = type[0];
    last_rank = rank;
  }
  return true;
}

static void check_ideals(ledger_t *parent, const check_sum_structure_t s) {
  const json_t *list = ledger_take(parent, "ideals");
  if (!s->ideals_known || json_is_null(list)) {
    if (json_is_null(list)) ledger_no_claim(parent, "ideals");
    else ledger_left_open(parent, "ideals", too_large);
    return;
  }
  if (!json_is_array(list) ||
      claimed_pairs(list, "dimension", "rank", NULL) != s->num_ideals) {
    ledger_fails(parent, "ideals", "there are %zu", s->num_ideals);
    return;
  }
  if (!ideals_are_in_order(list)) {
    ledger_fails(parent, "ideals", "they are not in order of type and rank");
    return;
  }
  for (size_t i = 0; i < json_array_size(list); i++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, i), "%sideals[%zu].",
                 parent->where, i);
    check_ideal(&l, list, s);
    ledger_end(&l);
  }
  if (!json_array_size(list)) ledger_holds(parent, "ideals");
}

/* --- the algebra --------------------------------------------------------------------- */

static void check_dimension(ledger_t *l, const check_sum_structure_t s,
                            bool unfinished) {
  bool proved = json_is_true(json_object_get(l->left, "proved"));
  ulong claimed;
  if (proved) {
    check_ulong(l, "dimension", s->dimension);
    ledger_bool(l, "proved", true);
    return;
  }
  if (check_claim_ulong(&claimed, ledger_take(l, "dimension")) && claimed <= s->dimension)
    ledger_holds(l, "dimension");
  else
    ledger_fails(l, "dimension", "it is %lu", s->dimension);
  if (unfinished && json_is_false(json_object_get(l->left, "proved"))) {
    ledger_take(l, "proved"); /* json_is_false looks at its argument twice */
    ledger_no_claim(l, "proved");
  } else {
    ledger_bool(l, "proved", true);
  }
}

/* One of the ways in which algebras of sums are found. */
static void check_evidence(ledger_t *l) {
  const char *said = json_string_value(ledger_take(l, "evidence"));
  int k = EVIDENCE_CLOSURE_STRINGS;
  while (said && k <= EVIDENCE_MODULAR &&
         strcmp(said, evidence_get_word((evidence_t)k)))
    k++;
  if (said && k <= EVIDENCE_MODULAR) {
    ledger_holds(l, "evidence");
    ledger_text(l, "method", evidence_get_text((evidence_t)k));
  } else {
    ledger_fails(l, "evidence", "there is no such evidence for sums");
  }
}

void check_sum_algebra_claims(ledger_t *parent, const check_sum_structure_t s,
                              bool partly) {
  ledger_t l;
  ledger_begin_at(&l, parent, "algebra");
  bool unfinished = partly && ledger_said(&l, "reason");
  if (!s->algebra_known) {
    ledger_open_rest(&l, too_large);
    ledger_end(&l);
    return;
  }
  check_dimension(&l, s, unfinished);
  if (unfinished && json_is_null(json_object_get(l.left, "center")))
    ledger_open(&l, "center", "it is said to be unknown");
  else
    check_ulong(&l, "center", s->center);
  if (!unfinished && json_is_null(json_object_get(l.left, "ideals"))) {
    ledger_take(&l, "ideals");
    ledger_fails(&l, "ideals", "they are missing, and no reason is given");
  } else {
    check_ideals(&l, s);
  }
  check_evidence(&l);
  if (unfinished) ledger_reason(&l, "reason");
  else ledger_code(&l, "reason", REASON_NONE);
  ledger_end(&l);
}

/* --- sectors --------------------------------------------------------------------------- */

static bool get_balance(slong *out, const json_t *list) {
  *out = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *field = json_string_value(json_object_get(item, "field"));
    ulong m, count;
    if (!field || !check_claim_ulong(&m, json_object_get(item, "multiplicity")) ||
        !check_claim_ulong(&count, json_object_get(item, "count")))
      return false;
    if (!strcmp(field, "real")) *out += (slong)(m * count);
    else if (!strcmp(field, "quaternionic")) *out -= (slong)(m * count);
    else if (strcmp(field, "complex")) return false;
  }
  return true;
}

/* How many sectors of this kind (NULL: any) and field (NULL: real or quaternionic)
   are claimed. */
static ulong claimed_kind(const json_t *list, const check_pair_t *pair,
                          const char *field) {
  ulong claimed = 0, count;
  check_pair_t mine;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *said = json_string_value(json_object_get(item, "field"));
    if (said && (field ? !strcmp(said, field) : strcmp(said, "complex") != 0) &&
        check_claim_ulong(&mine.first, json_object_get(item, "dimension")) &&
        check_claim_ulong(&mine.second, json_object_get(item, "multiplicity")) &&
        check_claim_ulong(&count, json_object_get(item, "count")) &&
        (!pair || !check_pair_compare(&mine, pair)))
      claimed += count;
  }
  return claimed;
}

/* Does the balance leave no choice of which of the sectors that are not complex are
   real? pair: one of them. They are all of one kind, or all of one field. */
static bool balance_decides(const json_t *list, const check_pair_t *pair,
                            const check_sum_structure_t s) {
  ulong all = claimed_kind(list, NULL, NULL);
  bool one_field = claimed_kind(list, NULL, "real") == all ||
                   claimed_kind(list, NULL, "quaternionic") == all;
  return s->fields_known && s->complex_known &&
         (one_field || claimed_kind(list, pair, NULL) == all);
}

/* By what is proved of complex sectors, and the balance, which holds. */
static void check_field_partly(ledger_t *l, const json_t *list,
                               check_pair_t pair, const char *field,
                               const check_sum_structure_t s) {
  static const char undecided[] =
      "the numbers of invariant forms fit, and do not decide it";
  size_t proved = count_pairs(s->complex, s->num_complex, pair);
  size_t there = count_pairs(s->sectors, s->num_sectors, pair);
  ulong complex = claimed_kind(list, &pair, "complex");
  if (!s->complex_known) {
    ledger_left_open(l, "field", undecided);
  } else if (there - complex > there - proved ||
             (s->complex_all && complex > proved)) {
    ledger_fails(l, "field", "there are %zu complex ones", proved);
  } else if (complex > proved) {
    ledger_left_open(l, "field", undecided);
  } else if ((field && !strcmp(field, "complex")) ||
             balance_decides(list, &pair, s)) {
    ledger_holds(l, "field");
  } else {
    ledger_left_open(l, "field", undecided);
  }
}

static void check_field(ledger_t *l, const json_t *list, check_pair_t pair,
                        const check_sum_structure_t s, bool balanced) {
  const char *field = json_string_value(json_object_get(l->left, "field"));
  if (!s->fields_known && !s->actions_known && !s->complex_known) {
    ledger_open(l, "field", too_large);
    return;
  }
  ledger_take(l, "field");
  if (s->fields_known && !balanced)
    ledger_fails(l, "field", "the invariant forms are %ld more symmetric than "
                 "antisymmetric ones", s->field_balance);
  else if (!s->actions_known)
    check_field_partly(l, list, pair, field, s);
  else if (field && claimed_kind(list, &pair, field) ==
                        check_count_kind(s, pair, field))
    ledger_holds(l, "field");
  else
    ledger_fails(l, "field", "there are %lu such sectors of this field",
                 check_count_kind(s, pair, field));
}

typedef struct {
  const json_t *list, *ideals;
  bool balanced, complete;
  answer_t duals; /* check_duals_fit */
} sector_claims_t;

static void check_sector(ledger_t *l, const sector_claims_t *claims,
                         const check_sum_structure_t s) {
  check_pair_t pair;
  bool read = check_claim_ulong(&pair.first, ledger_take(l, "dimension")) &&
              check_claim_ulong(&pair.second, ledger_take(l, "multiplicity"));
  size_t counted = read ? count_pairs(s->sectors, s->num_sectors, pair) : 0;
  const char *field = json_string_value(json_object_get(l->left, "field"));
  ledger_take(l, "count");
  if (!counted) {
    ledger_fails(l, "dimension",
                 "there is no sector of this dimension and multiplicity");
    ledger_open_rest(l, "there is no such sector");
    return;
  }
  ledger_holds(l, "dimension");
  ledger_holds(l, "multiplicity");
  if (claimed_pairs(claims->list, "dimension", "multiplicity", &pair) == counted)
    ledger_holds(l, "count");
  else
    ledger_fails(l, "count", "there are %zu of them", counted);
  check_field(l, claims->list, pair, s, claims->balanced);
  check_sum_action_claims(l, s, pair, field, claims->ideals, claims->complete,
                          claims->duals);
}

void check_sum_sector_claims(ledger_t *parent, const char *key,
                             const json_t *ideals,
                             const check_sum_structure_t s, bool complete) {
  const json_t *list = ledger_take(parent, key);
  slong balance;
  if (!s->sectors_known || (json_is_null(list) && !complete)) {
    if (json_is_null(list)) ledger_no_claim(parent, key);
    else ledger_left_open(parent, key, too_large);
    return;
  }
  if (!json_is_array(list) ||
      claimed_pairs(list, "dimension", "multiplicity", NULL) != s->num_sectors) {
    ledger_fails(parent, key, "there are %zu", s->num_sectors);
    return;
  }
  sector_claims_t claims = {list, ideals, false, complete,
                            check_duals_fit(s, list, ideals)};
  claims.balanced = get_balance(&balance, list) && balance == s->field_balance;
  for (size_t i = 0; i < json_array_size(list); i++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, i), "%s%s[%zu].",
                 parent->where, key, i);
    check_sector(&l, &claims, s);
    ledger_end(&l);
  }
}

/* The one of the expected sectors, all of other dimensions, of this dimension, taken from
   the list; NULL: there is none. */
static json_t *take_sector(json_t *expected, const json_t *sector) {
  for (size_t k = 0; k < json_array_size(expected); k++) {
    json_t *found = json_array_get(expected, k);
    if (!json_equal(json_object_get(found, "dimension"), json_object_get(sector, "dimension")))
      continue;
    json_incref(found);
    json_array_remove(expected, k);
    return found;
  }
  return NULL;
}

static void check_listed_sectors(ledger_t *parent, const json_t *list, json_t *expected) {
  if (json_array_size(list) != json_array_size(expected))
    ledger_fails(parent, "sectors", "there are %zu kinds", json_array_size(expected));
  for (size_t i = 0; i < json_array_size(list); i++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, i), "%ssectors[%zu].",
                 parent->where, i);
    json_t *sector = take_sector(expected, json_array_get(list, i));
    if (!sector) {
      ledger_take(&l, "dimension");
      ledger_fails(&l, "dimension", "there is no other sector of this dimension");
      ledger_open_rest(&l, "there is no such sector");
    } else {
      if (json_is_null(json_object_get(l.left, "actions"))) {
        ledger_open(&l, "actions", "nothing is said of them");
        json_object_del(sector, "actions");
      }
      ledger_members(&l, sector, false);
    }
    ledger_end(&l);
  }
}

/* Where they are too large to count: exterior powers, if they are (check_exterior.h). False:
   they are not. */
static bool check_exterior_claims(ledger_t *parent, const check_sum_structure_t s) {
  const json_t *list = json_object_get(parent->left, "sectors");
  structure_t found;
  if (!s->particles || s->sectors_known || !json_is_array(list)) return false;
  structure_init(found);
  bool known = check_exterior_sectors(found, s->particles, s->center);
  if (known) {
    json_t *expected = sectors_json(found);
    check_listed_sectors(parent, ledger_take(parent, "sectors"), expected);
    json_decref(expected);
  }
  structure_clear(found);
  return known;
}

void check_sum_claims(ledger_t *parent, const check_sum_structure_t s) {
  const json_t *json = parent->left;
  const json_t *algebra = json_object_get(json, "algebra");
  bool complete = json_is_true(json_object_get(algebra, "proved")) &&
                  json_is_string(json_object_get(algebra, "center")) &&
                  json_is_array(json_object_get(algebra, "ideals")) &&
                  json_is_array(json_object_get(json, "sectors"));
  bool reason = ledger_said(parent, "sectors_reason");
  bool unknown = json_is_null(json_object_get(json, "sectors"));
  bool finished = !reason && !cert_get_code(algebra, "reason");
  check_sum_algebra_claims(parent, s, !complete);
  if (!check_exterior_claims(parent, s))
    check_sum_sector_claims(parent, "sectors", json_object_get(algebra, "ideals"), s,
                            finished);
  if (reason && unknown) ledger_reason(parent, "sectors_reason");
}
