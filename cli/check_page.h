/* check_page.h - the ledger of `check`: one entry per claim. Private. */
#ifndef LIESCAPE_CLI_CHECK_PAGE_H
#define LIESCAPE_CLI_CHECK_PAGE_H

#include "algebra/flint_compat.h"
#include "cli/check.h"

typedef struct {
  check_result_t *result;
  char where[64]; /* prefix of the names, "" or "landscapes[0]." */
} ledger_t;

/* The claim json at `name` must be the exact number given, respectively a ball
   that meets it, a word, or a truth value. Null is no claim. */
void ledger_fmpq(ledger_t *l, const char *name, const json_t *claim,
                 const fmpq_t actual);
void ledger_fmpz(ledger_t *l, const char *name, const json_t *claim,
                 const fmpz_t actual);
void ledger_real(ledger_t *l, const char *name, const json_t *claim,
                 const arb_t actual);
void ledger_size(ledger_t *l, const char *name, const json_t *claim,
                 size_t actual);
void ledger_text(ledger_t *l, const char *name, const json_t *claim,
                 const char *actual);
void ledger_holds(ledger_t *l, const char *name);
void ledger_fails(ledger_t *l, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Not re-proved, unless there is no claim (null or absent). */
void ledger_open(ledger_t *l, const char *name, const json_t *claim,
                 const char *reason);

#endif
