/* check_class.h - re-proves the member "wishart": whether the class applies, its blocks,
   and what follows from them. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_CLASS_H
#define LIESCAPE_CLI_CHECK_CLASS_H

#include "cli/check/check_blocks.h"
#include "cli/check/check_subject.h"

/* l is on a landscape, or on something like it; takes its "wishart". mean and
   variance are those of `landscape`, when it has them. Returns whether the class
   applies, by the proof here or else as claimed, with the totals of its blocks.
   Generators are strings. */
bool check_wishart_member(block_totals_t totals, ledger_t *l,
                          const check_subject_t *subject, size_t index,
                          const json_t *landscape);
/* Takes "wishart", of which nothing is claimed but not to know. */
void check_wishart_unknown(ledger_t *l);
/* The same where generators are sums; sectors: what the certificate says of them. */
bool check_sum_wishart_member(block_totals_t totals, ledger_t *l,
                              const check_subject_t *subject, size_t index,
                              const json_t *landscape, const json_t *sectors);

#endif
