/* check_sum_claims.h - `check`: what a certificate says of an algebra of sums of
   strings and of its sectors, against what was counted. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_CLAIMS_H
#define LIESCAPE_CLI_CHECK_SUM_CLAIMS_H

#include "algebra/check_sum_structure.h"
#include "cli/check_page.h"

/* The members "algebra" and "sectors" of the certificate. */
void check_sum_claims(ledger_t *certificate, const check_sum_structure_t counted);

#endif
