/* check_suggestions.h - the part of `check` that is about suggestions[] and
   suggest. Private to check.

   Each changed ansatz is built anew and counted like the ansatz itself, with the
   blocks and the witness that the suggestion brings along as its proof; that it is
   better, and the order, follow from its numbers. Candidates are counted by the
   rule that makes them. Which of them were tried is not re-proved, and so
   neither that no other is better nor how many are alike. */
#ifndef LIESCAPE_CLI_CHECK_SUGGESTIONS_H
#define LIESCAPE_CLI_CHECK_SUGGESTIONS_H

#include "cli/check/check_subject.h"

/* l is on the certificate; takes "suggestions" and "suggest" when one of them is
   there. */
void check_suggestions(ledger_t *l, const check_subject_t *subject,
                       const json_t *certificate);

#endif
