#include "cli/check/check_sampled.h"

#include <string.h>

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

void check_sampled_law(ledger_t *l) {
  const json_t *claim = json_object_get(l->left, "law");
  settle(l, "law",
         is_whole(claim, "sampled", law, sizeof law / sizeof *law) ||
             is_whole(claim, "limit", limit, sizeof limit / sizeof *limit));
}

void check_sampled_curvature(ledger_t *l) {
  settle(l, "curvature",
         is_whole(json_object_get(l->left, "curvature"), "sampled", curvature,
                  sizeof curvature / sizeof *curvature));
}
