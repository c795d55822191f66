/* check_finite.h - the claims about the circuit at its own depth. Private to
   check. */
#ifndef LIESCAPE_CLI_CHECK_FINITE_H
#define LIESCAPE_CLI_CHECK_FINITE_H

#include "cli/check/check_subject.h"

/* l is on landscape `index`, whose JSON is given; takes finite_depth. */
void check_finite(ledger_t *l, const check_subject_t *subject,
                  const json_t *landscape, size_t index);

/* The same with the noise of the ansatz; takes noise, if there is to be one. */
void check_noise(ledger_t *l, const check_subject_t *subject,
                 const json_t *landscape, size_t index);

#endif
