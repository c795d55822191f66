/* check_block.h - one Wishart block as a certificate states it, and what follows from its
   spectrum or moments alone, by the library's own formulas (algebra/laws). Private to
   check. */
#ifndef LIESCAPE_CLI_CHECK_BLOCK_H
#define LIESCAPE_CLI_CHECK_BLOCK_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/laws/laws.h"

typedef struct {
  laws_block_t law;  /* as stated */
  laws_wishart_t w;  /* if the least eigenvalue is exact or was proved as a ball */
  bool listed, least_exact;
  bool least_proved; /* as a ball, which follows; then: */
  bool degrees_known; /* r, or, if it is said to be unknown, the bounds of it */
} block_t;

void block_init(block_t *b);
void block_clear(block_t *b);
/* False when it is malformed, or its spectrum does not add up to N. */
bool block_read(block_t *b, const json_t *json);
/* Degrees of freedom from a ball for the least eigenvalue, which is set. bounded: r is said
   to be unknown. */
void block_set_degrees(block_t *b, bool bounded);

#endif
