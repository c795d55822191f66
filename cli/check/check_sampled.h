/* check_sampled.h - members that say of themselves that they were sampled: no claim of a
   proof, but whole, or null. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_SAMPLED_H
#define LIESCAPE_CLI_CHECK_SAMPLED_H

#include "cli/check/ledger.h"

/* Takes "law" (l is on minima) or "curvature" (on a landscape): each is there, null or
   with all the numbers of its kind, and nothing else. */
void check_sampled_law(ledger_t *l);
void check_sampled_curvature(ledger_t *l);

#endif
