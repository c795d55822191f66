/* check_outlook.h - what follows from exact moments and blocks: Gaussian limit,
   local minima, verdict; by formulas of its own. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_OUTLOOK_H
#define LIESCAPE_CLI_CHECK_OUTLOOK_H

#include "cli/check/check_blocks.h"
#include "cli/check/check_landscape.h"

/* l is on a landscape; takes gaussian_process, minima and verdict. totals is
   NULL outside the Wishart class. gradient is its gradient_variance. */
void check_outlook(ledger_t *l, const check_subject_t *subject,
                   const block_totals_struct *totals, const json_t *gradient);

/* gradient = the median of the gradient variances above 0 (one for each
   parameter), 0 when there are none. Returns the verdict that follows, in a
   word; NULL when it does not, as a degree of freedom is not exact. gradients
   is NULL when they are not known. */
const char *check_outlook_verdict(fmpq_t gradient, const fmpq *gradients,
                                  const check_subject_t *subject,
                                  const block_totals_struct *totals);

#endif
