/* check_distribution.h - the member "distribution" of the law of an observable in the algebra:
   made again from the spectra that are said. */
#ifndef LIESCAPE_CLI_CHECK_DISTRIBUTION_H
#define LIESCAPE_CLI_CHECK_DISTRIBUTION_H

#include "cli/check/ledger.h"

/* l: of "adjoint"; ideals: an array, or else there is no law. */
void check_distribution(ledger_t *l, const json_t *constant, const json_t *ideals);

#endif
