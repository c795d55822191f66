/* check_block.h - one Wishart block as a certificate states it, and what follows from its
   spectrum or moments alone. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_BLOCK_H
#define LIESCAPE_CLI_CHECK_BLOCK_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/base/flint_compat.h"

enum { BLOCK_PREC_BITS = 192 };

typedef struct {
  fmpz_t beta, N, s, count, r;
  fmpq_t weight, radicand;
  bool listed, least_exact, degrees_known;
  bool least_proved; /* as a ball, which follows */
  arb_t least_ball, above_ball, r_ball; /* radicand 1 */
  fmpq_t mean, central2, central3, central4, least, above, r_exact;
} block_t;

void block_init(block_t *b);
void block_clear(block_t *b);
/* False when it is malformed, or its spectrum does not add up to N. */
bool block_read(block_t *b, const json_t *json);
/* above, r_exact, r from least and moments. */
void block_finish(block_t *b);
/* above sqrt(R) */
void block_height(arb_t out, const block_t *b);
/* From a ball for the least eigenvalue: above = mean - least, r_exact =
   N above^2 / (above^2 + central2), r its ceiling if that is certain. */
void block_set_degrees(block_t *b);

#endif
