/* block_totals.h - what follows from the Wishart blocks of one landscape, by
   closed formulas of its own. Private to check.

   With a = mean - least, k = beta r s / 2, c = weight a sqrt(R), D = N - 1 +
   beta N (N - 1) / 2 the dimension of the traceless part, sums over blocks
   and copies:
     variance          weight^2 R central2 N (1 - s/N) / (s D)
     Wishart variance  c^2 / k
     Wishart kurtosis  (sum 6 c^4 / k^3) / (Wishart variance)^2
     p*                beta r s
     height            |weight| sqrt(R) (mean - mean of the s least eigenvalues)
   A block with s = N is a constant and adds to none of them.
     kurtosis, s = 1   from E[X^4] = 24/(b N)_4 (b p_4/4 + b^2 p_2^2/8), b = beta/2
     distance          sum 1 - exp(-(greatest log-ratio of the densities)), for
                       blocks of two levels, as in laws_distance_bound */
#ifndef LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H
#define LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H

#include "cli/check/check_block.h"

typedef struct {
  bool readable;       /* every block is well formed */
  bool exact;          /* every least eigenvalue is exact */
  bool degrees_known;  /* every r is known */
  bool fourth_known;   /* every block has s = 1 (or is constant) */
  fmpq_t variance, wishart_variance, wishart_fourth, fourth;
  fmpz_t threshold;
  arb_t height; /* above the least loss; if known */
  bool height_known;
  bool distance_known;
  arb_t distance; /* bound on the distance to the Wishart form */
} block_totals_struct;
typedef block_totals_struct block_totals_t[1];

void block_totals_init(block_totals_t totals);
void block_totals_clear(block_totals_t totals);
/* Adds a block; json: the block as it is given. */
void block_totals_add(block_totals_t totals, const block_t *b, const json_t *json);

#endif
