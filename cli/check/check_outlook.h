/* check_outlook.h - what follows from exact moments and blocks: Gaussian limit,
   local minima, by the formulas of the library. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_OUTLOOK_H
#define LIESCAPE_CLI_CHECK_OUTLOOK_H

#include "cli/check/check_blocks.h"
#include "cli/check/check_subject.h"

/* l is on a landscape; takes gaussian_process and minima. totals is NULL outside the
   Wishart class. landscape: as certified (NULL: nothing is known of it); of_strings: every
   generator is one string. */
void check_outlook(ledger_t *l, const block_totals_struct *totals,
                   const json_t *landscape, bool of_strings);

#endif
