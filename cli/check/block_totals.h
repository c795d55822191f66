/* block_totals.h - what follows from the Wishart blocks of one landscape, once each of
   them is settled: by the library's own formulas, since nothing but arithmetic is left.
   Private to check. */
#ifndef LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H
#define LIESCAPE_CLI_CHECK_BLOCK_TOTALS_H

#include "algebra/analysis/outlook.h"
#include "cli/check/check_block.h"

typedef struct {
  bool readable;      /* every block is well formed */
  bool degrees_known; /* every r is known */
  size_t num_parameters;
  laws_loss_t loss;   /* the blocks */
  outlook_t outlook;  /* empty until block_totals_finish */
} block_totals_struct;
typedef block_totals_struct block_totals_t[1];

void block_totals_init(block_totals_t totals, size_t num_parameters);
void block_totals_clear(block_totals_t totals);
/* Appends a block; false when laws.h knows no such block. */
bool block_totals_add(block_totals_t totals, const block_t *b);
void block_totals_finish(block_totals_t totals);

#endif
