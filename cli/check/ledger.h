/* ledger.h - the ledger of `check`: one entry per claim. Private.

   A ledger is opened on an object of the certificate. Each function below takes
   one of its members and says whether it is what it must be; ledger_end
   reports the members that nobody took. So nothing in a certificate
   escapes: it holds, it fails, or it is listed as not re-proved. */
#ifndef LIESCAPE_CLI_CHECK_LEDGER_H
#define LIESCAPE_CLI_CHECK_LEDGER_H

#include "algebra/base/flint_compat.h"
#include "cli/check/check_result.h"
#include "algebra/base/reason.h"

typedef struct {
  check_result_t *result;
  char where[96]; /* prefix of the names, "" or "landscapes[0]." */
  json_t *left;   /* the members not taken yet */
  bool follows;   /* what is settled now follows from what was settled before */
} ledger_t;

/* object: an object (anything else fails), borrowed until ledger_end. */
void ledger_begin(ledger_t *l, check_result_t *result, const json_t *object,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void ledger_end(ledger_t *l);
/* A ledger on the member `key` of another. */
void ledger_begin_at(ledger_t *l, ledger_t *parent, const char *key);

/* The member, which counts as looked at; NULL when there is none. */
const json_t *ledger_take(ledger_t *l, const char *key);

/* The same, a list of that length; NULL, after a failure, when it is none. */
const json_t *ledger_take_list(ledger_t *l, const char *key, size_t length);

/* The member must be the exact number, the ball of 20 digits around the number
   (json_number.h), the word, the truth value, the whole number, null. */
void ledger_fmpq(ledger_t *l, const char *key, const fmpq_t actual);
void ledger_fmpz(ledger_t *l, const char *key, const fmpz_t actual);
void ledger_real(ledger_t *l, const char *key, const arb_t actual);
void ledger_text(ledger_t *l, const char *key, const char *actual);
void ledger_bool(ledger_t *l, const char *key, bool actual);
void ledger_size(ledger_t *l, const char *key, size_t actual);
void ledger_null(ledger_t *l, const char *key);
/* A reason is two members, `key` with the text and `key`_code (json_reason.h).
   The code is the claim; the text must be that of the code. */
/* The code, which stays; REASON_NONE when there is none of the table. */
reason_code_t ledger_said(const ledger_t *l, const char *key);
/* Takes both: the code must be the one given; REASON_NONE: both are null. */
void ledger_code(ledger_t *l, const char *key, reason_code_t actual);
/* Takes the text only: false, after a message, unless it is that of the code. */
bool ledger_reason_words(ledger_t *l, const char *key);
/* Takes both: any reason, which claims no more than not to know. */
void ledger_reason(ledger_t *l, const char *key);
/* The same with an unsigned number as a string, and a ball that is known less well: the two
   must meet. */
void ledger_ulong(ledger_t *l, const char *key, ulong actual);
void ledger_meets(ledger_t *l, const char *key, const arb_t actual);
/* Takes the member, which holds if it is right; why it is not otherwise. */
void ledger_judge(ledger_t *l, const char *key, bool right, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Members named in a text, words apart by spaces: null each, left open, held, or
   looked at only. */
void ledger_nulls(ledger_t *l, const char *keys);
void ledger_opens(ledger_t *l, const char *keys, const char *reason);
void ledger_all_hold(ledger_t *l, const char *keys);
void ledger_takes(ledger_t *l, const char *keys);
/* The next word of such a text; false when there is none. */
bool ledger_next_word(char *word, size_t size, const char **at);
/* The member must be equal to the JSON given, which is released; NULL, what is not
   there, is equal to nothing. */
void ledger_json(ledger_t *l, const char *key, json_t *actual);

/* The same, where the member follows by plain arithmetic from others that are settled in
   their own right: made again by the library's own formulas. */
void ledger_follows(ledger_t *l, const char *key, json_t *actual);

/* Each member of the object given, which is released, must be there and be equal;
   objects, and lists of objects, member by member, so that what differs is named. */
void ledger_members(ledger_t *l, json_t *actual, bool follows);

void ledger_holds(ledger_t *l, const char *name);
void ledger_fails(ledger_t *l, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Takes a member that is not re-proved: what is null claims nothing, anything else is
   left open. */
void ledger_open(ledger_t *l, const char *key, const char *reason);

/* A member, taken already, that says no more than that something is not known. */
void ledger_no_claim(ledger_t *l, const char *name);
/* One that was taken already and is left open. */
void ledger_left_open(ledger_t *l, const char *name, const char *reason);
/* Takes a member that says of itself that it was sampled: no claim of a proof, listed
   as such. */
void ledger_sampled(ledger_t *l, const char *key);
/* Takes all members that are left. */
void ledger_open_rest(ledger_t *l, const char *reason);

/* Is claim the ball {mid, rad} that rounds actual to 20 digits? */
bool claim_is_rounding(const json_t *claim, const arb_t actual);

#endif
