/* check_repeated.h - the claim that a circuit carried out several times over generates a
   larger algebra. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_REPEATED_H
#define LIESCAPE_CLI_CHECK_REPEATED_H

#include "algebra/check/check_strings.h"
#include "cli/check/ledger.h"

/* l is on the algebra of a circuit of strings; up to max_elements strings are listed. */
void check_repeated_claim(ledger_t *l, const ansatz_t ansatz,
                          const check_generators_t generators, size_t max_elements);

#endif
