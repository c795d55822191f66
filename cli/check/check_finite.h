/* check_finite.h - the claims about the circuit at its own depth. Private to
   check. */
#ifndef LIESCAPE_CLI_CHECK_FINITE_H
#define LIESCAPE_CLI_CHECK_FINITE_H

#include "cli/check/check_landscape.h"
#include "algebra/depth/finite_depth.h"

/* l is on landscape `index`, whose JSON is given; takes finite_depth. */
void check_finite(ledger_t *l, const check_subject_t *subject,
                  const json_t *landscape, size_t index);

/* Is the claim x, as certificates write numbers of a finite depth? */
bool finite_number_is_right(const json_t *claim, const depth_number_t x);

#endif
