#include "cli/check/check_sampled.h"

#include <string.h>

#include "cli/format/json_number.h"

typedef struct {
  const char *key;
  const char *inside; /* NULL: a number or null; else the keys of an object of these, or
                         of null */
} member_t;

#define QUANTILES "0.1 0.5 0.9"
#define SHARES "0.01 0.05 0.1"

static const member_t law[] = {
    {"parameters", NULL},      {"expected_number", NULL},
    {"log10_number", NULL},    {"number_relative_error", NULL},
    {"quantiles", QUANTILES},  {"standard_error", QUANTILES},
    {"share_below", SHARES},   {"edge", NULL}};
static const member_t limit[] = {
    {"parameters", NULL},     {"expected_number", NULL},
    {"quantiles", QUANTILES}, {"standard_error", ""},
    {"edge", NULL}};
static const member_t curvature[] = {
    {"negative_share", NULL}, {"negative_share_error", NULL}, {"least", NULL},
    {"greatest", NULL},       {"quantiles", QUANTILES},
    {"standard_error", QUANTILES}};

static bool is_number_or_null(const json_t *json) {
  return json_is_number(json) || json_is_null(json);
}

/* keys: words; "": nothing is known, null. */
static bool has_numbers(const json_t *object, const char *keys) {
  char key[16];
  size_t count = 0;
  if (!*keys) return json_is_null(object);
  for (; ledger_next_word(key, sizeof key, &keys); count++)
    if (!is_number_or_null(json_object_get(object, key))) return false;
  return json_object_size(object) == count;
}

static bool is_whole(const json_t *object, const char *kind, const member_t *members,
                     size_t length) {
  const char *said = json_string_value(json_object_get(object, "kind"));
  bool whole = said && !strcmp(said, kind) && json_object_size(object) == length + 1;
  for (size_t i = 0; i < length && whole; i++) {
    const json_t *member = json_object_get(object, members[i].key);
    whole = members[i].inside ? has_numbers(member, members[i].inside)
                              : is_number_or_null(member);
  }
  return whole;
}

static void settle(ledger_t *l, const char *key, bool whole) {
  const json_t *claim = json_object_get(l->left, key);
  if (json_is_null(claim)) {
    ledger_open(l, key, "");
  } else if (whole) {
    ledger_sampled(l, key);
  } else {
    ledger_take(l, key);
    ledger_fails(l, key, claim ? "some of its numbers are missing, or others are there"
                               : "it is missing");
  }
}

/* --- can it be sampled? --------------------------------------------------------------- */

/* One block that varies, of two levels and seen by one vector: its law is that of finite
   N. */
static bool has_two_levels(const json_t *wishart) {
  const json_t *block;
  size_t i, varying = 0, fit = 0;
  json_array_foreach(json_object_get(wishart, "blocks"), i, block) {
    size_t levels = json_array_size(json_object_get(block, "spectrum"));
    if (levels == 1) continue;
    varying++;
    fit += levels == 2 && !strcmp(cert_text_at(block, "rank", ""), "1") &&
           !strcmp(cert_text_at(block, "count", ""), "1");
  }
  return varying == 1 && fit == 1;
}

/* Are the levels of all blocks known, on matrices of the kinds that there are? */
static bool are_listed(const json_t *wishart) {
  const json_t *block;
  size_t i;
  json_array_foreach(json_object_get(wishart, "blocks"), i, block) {
    const char *beta = cert_text_at(block, "beta", "");
    if (!json_array_size(json_object_get(block, "spectrum")) ||
        (strcmp(beta, "1") && strcmp(beta, "2") && strcmp(beta, "4")))
      return false;
  }
  return true;
}

/* Have Wishart matrices the variance of the loss, up to a tenth? (su(8), Z0 + Z1 + Z2,
   ratio 9/2, 7 parameters: median 0.07 by such a law, about 0.2 by descents.) */
static bool is_near(const json_t *wishart) {
  fmpq_t ratio, most;
  fmpq_init(ratio);
  fmpq_init(most);
  fmpq_set_si(most, 11, 10);
  bool near = cert_get_fmpq(ratio, json_object_get(wishart, "variance_ratio")) &&
              fmpq_cmp(ratio, most) <= 0;
  fmpq_clear(ratio);
  fmpq_clear(most);
  return near;
}

static bool can_be_sampled(const json_t *wishart, bool of_strings) {
  return !json_array_size(json_object_get(wishart, "blocks")) || is_near(wishart) ||
         has_two_levels(wishart) || (of_strings && are_listed(wishart));
}

void check_sampled_law(ledger_t *l, const json_t *wishart, bool of_strings) {
  const json_t *claim = json_object_get(l->left, "law");
  if (!strcmp(cert_text_at(claim, "kind", ""), "sampled") &&
      !can_be_sampled(wishart, of_strings)) {
    ledger_take(l, "law");
    ledger_fails(l, "law", "no law of minima of such blocks can be sampled");
    return;
  }
  settle(l, "law",
         is_whole(claim, "sampled", law, sizeof law / sizeof *law) ||
             is_whole(claim, "limit", limit, sizeof limit / sizeof *limit));
}

void check_sampled_curvature(ledger_t *l) {
  settle(l, "curvature",
         is_whole(json_object_get(l->left, "curvature"), "sampled", curvature,
                  sizeof curvature / sizeof *curvature));
}
