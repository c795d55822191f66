/* check_blocks.h - the Wishart blocks of one landscape, as claimed, against those found.
   Private to check. */
#ifndef LIESCAPE_CLI_CHECK_BLOCKS_H
#define LIESCAPE_CLI_CHECK_BLOCKS_H

#include "algebra/check/check_wishart.h"
#include "cli/check/block_totals.h"
#include "cli/check/ledger.h"

/* l is on the object `wishart`. Checks its blocks against those found, and the
   numbers of each against its spectrum, and adds them up. found is NULL
   when the blocks could not be found independently: then they stay open. */
void check_blocks(block_totals_t totals, ledger_t *l,
                  const check_wishart_struct *found);
/* Likewise for sums of strings, where each block is proved to come from a sector or
   refuted; or open for the reason, when proved is NULL. */
void check_sum_blocks(block_totals_t totals, ledger_t *l, const bool *proved,
                      const char *reason);

#endif
