/* check_number.h - is a claim a certain number of a finite depth? Private to check. */
#ifndef LIESCAPE_CLI_CHECK_NUMBER_H
#define LIESCAPE_CLI_CHECK_NUMBER_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/base/depth_number.h"
#include "algebra/base/status.h"
#include "cli/check/ledger.h"

/* Is the claim x, as certificates write numbers of a finite depth? UNDECIDED: it is exact,
   and x only a ball around it. */
answer_t finite_number_is_right(const json_t *claim, const depth_number_t x);
/* The same where what is not known is left open: false, when all that is known is a ball
   around an exact claim. right: it is not another number. */
bool finite_number_is_known(bool *right, const json_t *claim, const depth_number_t x);
/* Is it known which of them are 0? */
bool median_is_known(const depth_number_struct *numbers, size_t length);
/* The member must be this number. */
void ledger_depth_number(ledger_t *l, const char *key, const depth_number_t x);

/* Is it a text with a factor pi^2? */
bool cert_is_with_pi(const json_t *claim);
/* out = q of "q*pi^2" (in_pi; "0" is 0), or of an exact rational number; else false. */
bool cert_get_rational_part(fmpq_t out, const json_t *claim, bool in_pi);

/* Is the claim the number, which is known up to error, times pi^2 if in_pi: exactly where
   it is exact, else as a ball? UNDECIDED: it may be, and says more than is known here, or
   hardly anything. */
answer_t near_number(const json_t *claim, const fmpq_t value, const fmpq_t error,
                     bool in_pi);
/* Why it is left open then, and where only a ball is known around an exact number. */
extern const char *const near_reason, *const ball_reason;
/* The member must be that. */
void ledger_near(ledger_t *l, const char *key, const fmpq_t value, const fmpq_t error);

#endif
