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
/* Likewise for sums of strings. */
typedef struct {
  const bool *proved; /* per block: does it come from a sector? NULL: open */
  const char *reason; /* why it is */
  /* Is the ball right for the least eigenvalue of a proved block? */
  answer_t (*least)(void *data, size_t block, const arb_t ball);
  void *data;
} sum_claims_t;
void check_sum_blocks(block_totals_t totals, ledger_t *l, const sum_claims_t *sums);

#endif
