#include "cli/check_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json_number.h"

static bool is_claim(const json_t *claim) {
  return claim && !json_is_null(claim);
}

void ledger_holds(ledger_t *l, const char *name) {
  l->result->num_held++;
  if (!l->result->quiet) printf("holds            %s%s\n", l->where, name);
}

void ledger_fails(ledger_t *l, const char *name, const char *format, ...) {
  va_list args;
  l->result->num_failed++;
  fflush(stdout);
  fprintf(stderr, "liescape: %s%s does not hold: ", l->where, name);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

void ledger_open(ledger_t *l, const char *name, const json_t *claim,
                 const char *reason) {
  if (!is_claim(claim)) return;
  l->result->num_open++;
  if (!l->result->quiet)
    printf("not re-proved    %s%s: %s\n", l->where, name, reason);
}

/* What the claim says, cut short. */
static char *said(const json_t *claim) {
  char *text = json_dumps(claim, JSON_ENCODE_ANY | JSON_COMPACT);
  if (text && strlen(text) > 70) strcpy(text + 67, "...");
  return text;
}

static void fails_with(ledger_t *l, const char *name, const json_t *claim,
                       char *actual) {
  char *claimed = said(claim);
  if (strlen(actual) > 70) strcpy(actual + 67, "...");
  ledger_fails(l, name, "it says %s, it is %s", claimed ? claimed : "nothing",
               actual);
  free(claimed);
}

void ledger_fmpq(ledger_t *l, const char *name, const json_t *claim,
                 const fmpq_t actual) {
  fmpq_t value;
  if (!is_claim(claim)) return;
  fmpq_init(value);
  if (json_get_fmpq(value, claim) && fmpq_equal(value, actual)) {
    ledger_holds(l, name);
  } else {
    char *text = fmpq_get_str(NULL, 10, actual);
    fails_with(l, name, claim, text);
    flint_free(text);
  }
  fmpq_clear(value);
}

void ledger_fmpz(ledger_t *l, const char *name, const json_t *claim,
                 const fmpz_t actual) {
  fmpq_t value;
  fmpq_init(value);
  fmpz_set(fmpq_numref(value), actual);
  ledger_fmpq(l, name, claim, value);
  fmpq_clear(value);
}

void ledger_real(ledger_t *l, const char *name, const json_t *claim,
                 const arb_t actual) {
  arb_t value;
  if (!is_claim(claim)) return;
  arb_init(value);
  if (json_get_real(value, claim, 256) && arb_overlaps(value, actual)) {
    ledger_holds(l, name);
  } else {
    char *text = arb_get_str(actual, 20, 0);
    fails_with(l, name, claim, text);
    flint_free(text);
  }
  arb_clear(value);
}

void ledger_size(ledger_t *l, const char *name, const json_t *claim,
                 size_t actual) {
  if (json_is_integer(claim) &&
      json_integer_value(claim) == (json_int_t)actual) {
    ledger_holds(l, name);
  } else {
    char *claimed = claim ? said(claim) : NULL;
    ledger_fails(l, name, "it says %s, it is %zu",
                 claimed ? claimed : "nothing", actual);
    free(claimed);
  }
}

void ledger_text(ledger_t *l, const char *name, const json_t *claim,
                 const char *actual) {
  if (json_is_string(claim) && !strcmp(json_string_value(claim), actual)) {
    ledger_holds(l, name);
  } else {
    char *claimed = claim ? said(claim) : NULL;
    ledger_fails(l, name, "it says %s, it is \"%.70s\"",
                 claimed ? claimed : "nothing", actual);
    free(claimed);
  }
}
