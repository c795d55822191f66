/* laws_inputs.h - losses of one block, and balls as numbers, for the tests of
   laws. */
#ifndef LIESCAPE_TESTS_LAWS_INPUTS_H
#define LIESCAPE_TESTS_LAWS_INPUTS_H

#include "algebra/laws/laws.h"

/* The middle of a ball; a rational number. */
double laws_mid(const arb_t x);
double laws_rational(const fmpq_t q);
/* Appends to the loss a block with these levels and multiplicities, rank s, and
   half of that weight. */
void laws_one_block(laws_loss_t loss, ulong beta, const long *levels,
                    const long *mult, slong length, long s, long weight);

#endif
