/* check_sampled.h - members that say of themselves that they were sampled: no claim of a
   proof, but whole, or null. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_SAMPLED_H
#define LIESCAPE_CLI_CHECK_SAMPLED_H

#include "cli/check/ledger.h"

/* Takes "law" (l is on minima) or "curvature" (on a landscape): each is there, null or
   with all the numbers of its kind, and nothing else. A law that says to be sampled can be:
   of wishart, blocks as certified (none: of an orbit), it is that of one vector and two
   levels, or, where every generator is one string, of matrices whose levels are listed, or
   Wishart matrices have nearly the variance of the loss. */
void check_sampled_law(ledger_t *l, const json_t *wishart, bool of_strings);
void check_sampled_curvature(ledger_t *l);

#endif
