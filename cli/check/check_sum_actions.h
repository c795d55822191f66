/* check_sum_actions.h - `check`: which ideal acts how on a kind of sectors of sums of
   strings, as a certificate says, against what was counted. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_ACTIONS_H
#define LIESCAPE_CLI_CHECK_SUM_ACTIONS_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/ledger.h"

bool check_claim_ulong(ulong *out, const json_t *claim);

/* How many sectors there are of this dimension, multiplicity and field. */
ulong check_count_kind(const check_sum_structure_t counted, check_pair_t pair,
                       const char *field);

/* The members "actions" and "reason" of one entry of a list of sectors. ideals: the
   list that they refer to. complete: what is null needs a reason beside it. */
void check_sum_action_claims(ledger_t *l, const check_sum_structure_t counted,
                             check_pair_t pair, const char *field,
                             const json_t *ideals, bool complete, answer_t duals);

/* Can what acts by a representation in one sector and by its dual in another be named so
   that this is what all sectors say? Undecided: it was not counted. */
answer_t check_duals_fit(const check_sum_structure_t counted, const json_t *sectors,
                         const json_t *ideals);

#endif
