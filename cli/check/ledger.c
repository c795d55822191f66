#include "cli/check/ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static void begin(ledger_t *l, check_result_t *result, const json_t *object) {
  l->result = result;
  l->follows = false;
  l->left = json_is_object(object) ? json_copy((json_t *)object)
                                   : json_object();
  if (!l->left) flint_abort();
  if (!json_is_object(object)) {
    size_t length = strlen(l->where);
    char name[sizeof l->where];
    memcpy(name, l->where, length + 1);
    if (length) name[length - 1] = 0; /* without the dot */
    l->where[0] = 0;
    ledger_fails(l, name, "it is missing, or not an object");
    snprintf(l->where, sizeof l->where, "%s%s", name, length ? "." : "");
  }
}

void ledger_begin(ledger_t *l, check_result_t *result, const json_t *object,
                  const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(l->where, sizeof l->where, format, args);
  va_end(args);
  begin(l, result, object);
}

void ledger_begin_at(ledger_t *l, ledger_t *parent, const char *key) {
  int n = snprintf(l->where, sizeof l->where, "%s%s.", parent->where, key);
  if (n < 0 || (size_t)n >= sizeof l->where) flint_abort();
  begin(l, parent->result, ledger_take(parent, key));
}

void ledger_open_rest(ledger_t *l, const char *reason) {
  const char *key;
  json_t *item;
  void *next;
  json_object_foreach_safe(l->left, next, key, item)
    ledger_open(l, key, reason);
}

void ledger_end(ledger_t *l) {
  ledger_open_rest(l, "this program does not know what it claims");
  json_decref(l->left);
}

/* A borrowed reference: the certificate itself holds another one. */
const json_t *ledger_take(ledger_t *l, const char *key) {
  json_t *claim = json_object_get(l->left, key);
  json_object_del(l->left, key);
  return claim;
}

const json_t *ledger_take_list(ledger_t *l, const char *key, size_t length) {
  const json_t *list = ledger_take(l, key);
  if (json_is_array(list) && json_array_size(list) == length) return list;
  ledger_fails(l, key, "it is no list of %zu", length);
  return NULL;
}

void ledger_holds(ledger_t *l, const char *name) {
  l->result->num_held++;
  if (l->follows) l->result->num_following++;
  if (!l->result->quiet && !l->result->silent)
    printf("%s%s%s\n", l->follows ? "follows          " : "holds            ", l->where,
           name);
}

static void fails(ledger_t *l, const char *name, const char *format, va_list args) {
  if (!l->result->num_failed++)
    snprintf(l->result->first_failed, sizeof l->result->first_failed, "%s%s",
             l->where, name);
  if (l->result->silent) return;
  fflush(stdout);
  fprintf(stderr, "liescape: %s%s does not hold: ", l->where, name);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
}

void ledger_fails(ledger_t *l, const char *name, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fails(l, name, format, args);
  va_end(args);
}

void ledger_judge(ledger_t *l, const char *key, bool right, const char *format, ...) {
  va_list args;
  ledger_take(l, key);
  va_start(args, format);
  if (right) ledger_holds(l, key);
  else fails(l, key, format, args);
  va_end(args);
}

bool ledger_next_word(char *word, size_t size, const char **at) {
  size_t length = strcspn(*at, " ");
  if (!length) return false;
  snprintf(word, size, "%.*s", (int)length, *at);
  *at += length + ((*at)[length] == ' ');
  return true;
}

void ledger_nulls(ledger_t *l, const char *keys) {
  char word[64];
  while (ledger_next_word(word, sizeof word, &keys)) ledger_null(l, word);
}

void ledger_opens(ledger_t *l, const char *keys, const char *reason) {
  char word[64];
  while (ledger_next_word(word, sizeof word, &keys)) ledger_open(l, word, reason);
}

void ledger_takes(ledger_t *l, const char *keys) {
  char word[64];
  while (ledger_next_word(word, sizeof word, &keys)) ledger_take(l, word);
}

void ledger_all_hold(ledger_t *l, const char *keys) {
  char word[64];
  while (ledger_next_word(word, sizeof word, &keys)) ledger_judge(l, word, true, "%s", "");
}

void ledger_open(ledger_t *l, const char *key, const char *reason) {
  if (!json_object_get(l->left, key)) {
    ledger_fails(l, key, "it is missing");
    return;
  }
  if (json_is_null(json_object_get(l->left, key))) ledger_no_claim(l, key);
  else ledger_left_open(l, key, reason);
  ledger_take(l, key); /* key may be that of the member itself */
}

void ledger_no_claim(ledger_t *l, const char *name) {
  if (!l->result->quiet && !l->result->silent)
    printf("not known        %s%s\n", l->where, name);
}

void ledger_left_open(ledger_t *l, const char *key, const char *reason) {
  l->result->num_open++;
  if (l->result->open)
    json_array_append_new(l->result->open,
                          json_sprintf("%s%s", l->where, key));
  if (!l->result->quiet && !l->result->silent)
    printf("not re-proved    %s%s: %s\n", l->where, key, reason);
}

void ledger_sampled(ledger_t *l, const char *key) {
  if (l->result->open)
    json_array_append_new(l->result->open,
                          json_sprintf("%s%s", l->where, key));
  if (!l->result->quiet && !l->result->silent)
    printf("sampled          %s%s: no claim of a proof\n", l->where, key);
  ledger_take(l, key);
}

/* --- claims ---------------------------------------------------------------------------- */

/* holds or fails; actual (text, may be cut short in place) is what it is. */
static void settle(ledger_t *l, const char *key, const json_t *claim,
                   bool holds, char *actual) {
  if (holds) {
    ledger_holds(l, key);
    return;
  }
  char *said = claim ? json_dumps(claim, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
  if (said && strlen(said) > 70) strcpy(said + 67, "...");
  if (strlen(actual) > 70) strcpy(actual + 67, "...");
  if (claim)
    ledger_fails(l, key, "it says %s, it is %s", said ? said : "?", actual);
  else
    ledger_fails(l, key, "it is missing; it is %s", actual);
  free(said);
}

void ledger_fmpq(ledger_t *l, const char *key, const fmpq_t actual) {
  const json_t *claim = ledger_take(l, key);
  fmpq_t value;
  fmpq_init(value);
  char *text = fmpq_get_str(NULL, 10, actual);
  settle(l, key, claim, cert_get_fmpq(value, claim) && fmpq_equal(value, actual),
         text);
  flint_free(text);
  fmpq_clear(value);
}

void ledger_fmpz(ledger_t *l, const char *key, const fmpz_t actual) {
  fmpq_t value;
  fmpq_init(value);
  fmpz_set(fmpq_numref(value), actual);
  ledger_fmpq(l, key, value);
  fmpq_clear(value);
}

void ledger_ulong(ledger_t *l, const char *key, ulong actual) {
  fmpz_t value;
  fmpz_init_set_ui(value, actual);
  ledger_fmpz(l, key, value);
  fmpz_clear(value);
}

bool claim_is_rounding(const json_t *claim, const arb_t actual) {
  const char *mid = json_string_value(json_object_get(claim, "mid"));
  const char *rad = json_string_value(json_object_get(claim, "rad"));
  arb_t value, unit;
  if (!mid || !rad || json_object_size(claim) != 2) return false;
  char *last = cert_ball_last_place(mid);
  arb_init(value);
  arb_init(unit);
  /* within (1/2 + 1/1000) of a unit of the last place, and rad that unit */
  bool ok = last && arb_set_str(value, mid, 256) == 0 &&
            arb_set_str(unit, last, 256) == 0;
  if (ok && arb_is_zero(value)) {
    ok = !strcmp(rad, "0") && arb_is_zero(actual);
  } else if (ok) {
    arb_sub(value, value, actual, 256);
    arb_abs(value, value);
    arb_mul_ui(value, value, 1000, 256);
    arb_mul_ui(unit, unit, 501, 256);
    ok = !strcmp(rad, last) && !arb_gt(value, unit);
  }
  free(last);
  arb_clear(value);
  arb_clear(unit);
  return ok;
}

void ledger_real(ledger_t *l, const char *key, const arb_t actual) {
  const json_t *claim = ledger_take(l, key);
  char *text = arb_get_str(actual, 20, 0);
  settle(l, key, claim, claim_is_rounding(claim, actual), text);
  flint_free(text);
}

void ledger_meets(ledger_t *l, const char *key, const arb_t actual) {
  const json_t *claim = ledger_take(l, key);
  char *text = arb_get_str(actual, 20, 0);
  arb_t ball;
  arb_init(ball);
  settle(l, key, claim, cert_get_ball(ball, claim, 256) && arb_overlaps(ball, actual),
         text);
  arb_clear(ball);
  flint_free(text);
}

static void settle_json(ledger_t *l, const char *key, json_t *actual) {
  const json_t *claim = ledger_take(l, key);
  char *text = actual ? json_dumps(actual, JSON_ENCODE_ANY | JSON_COMPACT)
                      : text_copy("a copy of what is not there");
  settle(l, key, claim, claim && actual && json_equal(claim, actual), text);
  free(text);
  json_decref(actual);
}

void ledger_json(ledger_t *l, const char *key, json_t *actual) {
  settle_json(l, key, actual);
}

void ledger_follows(ledger_t *l, const char *key, json_t *actual) {
  l->follows = true;
  settle_json(l, key, actual);
  l->follows = false;
}

static void compare(ledger_t *l, const json_t *actual, bool follows);

/* The entries of a list of objects, one by one. */
static void compare_entries(ledger_t *l, const char *key, const json_t *actual,
                            bool follows) {
  const json_t *claim = ledger_take(l, key);
  for (size_t i = 0; i < json_array_size(actual); i++) {
    ledger_t inner;
    ledger_begin(&inner, l->result, json_array_get(claim, i), "%s%s[%zu].", l->where,
                 key, i);
    compare(&inner, json_array_get(actual, i), follows);
    ledger_end(&inner);
  }
}

static void compare(ledger_t *l, const json_t *actual, bool follows) {
  const char *key;
  json_t *item;
  json_object_foreach((json_t *)actual, key, item) {
    const json_t *claim = json_object_get(l->left, key);
    if (json_is_object(item) && json_is_object(claim) && !json_object_get(item, "mid")) {
      ledger_t inner;
      ledger_begin_at(&inner, l, key);
      compare(&inner, item, follows);
      ledger_end(&inner);
    } else if (json_is_object(json_array_get(item, 0)) &&
               json_array_size(claim) == json_array_size(item)) {
      compare_entries(l, key, item, follows);
    } else {
      (follows ? ledger_follows : ledger_json)(l, key, json_incref(item));
    }
  }
}

void ledger_members(ledger_t *l, json_t *actual, bool follows) {
  compare(l, actual, follows);
  json_decref(actual);
}

reason_code_t ledger_said(const ledger_t *l, const char *key) {
  return cert_get_code(l->left, key);
}

bool ledger_reason_words(ledger_t *l, const char *key) {
  reason_code_t code = ledger_said(l, key);
  const char *text = json_string_value(ledger_take(l, key));
  bool says = text && code && reason_code_says(code, text);
  if (!says)
    ledger_fails(l, key, text ? "it is not what the code says"
                              : "it is missing");
  return says;
}

/* Takes both members; settles them unless they are a code of the table and what it
   says. */
static bool take_reason(reason_code_t *code, ledger_t *l, const char *key) {
  char name[64];
  snprintf(name, sizeof name, "%s_code", key);
  *code = ledger_said(l, key);
  bool says = ledger_reason_words(l, key);
  ledger_take(l, name);
  return says;
}

void ledger_code(ledger_t *l, const char *key, reason_code_t actual) {
  reason_code_t said;
  char name[64];
  snprintf(name, sizeof name, "%s_code", key);
  if (!actual) {
    ledger_null(l, key);
    ledger_null(l, name);
    return;
  }
  if (!take_reason(&said, l, key)) return;
  if (said == actual) ledger_holds(l, name);
  else
    ledger_fails(l, name, "it says %s, it is %s", reason_code_word(said),
                 reason_code_word(actual));
}

void ledger_reason(ledger_t *l, const char *key) {
  reason_code_t said;
  if (take_reason(&said, l, key)) ledger_no_claim(l, key);
}

void ledger_text(ledger_t *l, const char *key, const char *actual) {
  ledger_json(l, key, json_string(actual));
}

void ledger_bool(ledger_t *l, const char *key, bool actual) {
  ledger_json(l, key, json_boolean(actual));
}

void ledger_size(ledger_t *l, const char *key, size_t actual) {
  ledger_json(l, key, json_integer((json_int_t)actual));
}

void ledger_null(ledger_t *l, const char *key) {
  ledger_json(l, key, json_null());
}
