/* block_totals.h - what follows from the Wishart blocks of one landscape, once each of
   them is settled: by the library's own formulas (algebra/laws), since nothing but
   arithmetic is left. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H
#define LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H

#include "cli/check/check_block.h"

typedef struct {
  bool readable;      /* every block is well formed */
  bool degrees_known; /* every r is known */
  laws_loss_t loss;   /* the blocks */
  /* After block_totals_finish: */
  bool wishart_known;              /* every least eigenvalue is exact */
  laws_moments_t finite, wishart;  /* of the law at this N; of the Wishart form */
  fmpz_t threshold;                /* p*, if degrees_known */
} block_totals_struct;
typedef block_totals_struct block_totals_t[1];

void block_totals_init(block_totals_t totals);
void block_totals_clear(block_totals_t totals);
/* Appends a block; false when laws.h knows no such block. */
bool block_totals_add(block_totals_t totals, const block_t *b);
void block_totals_finish(block_totals_t totals);
/* For that many parameters; threshold is known and not 0. */
void block_totals_minima(laws_minima_t minima, const block_totals_t totals,
                         size_t num_parameters);

#endif
