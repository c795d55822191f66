/* check_sum_claims.h - `check`: what a certificate says of an algebra of sums of
   strings and of its sectors, against what was counted. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_CLAIMS_H
#define LIESCAPE_CLI_CHECK_SUM_CLAIMS_H

#include "algebra/check_sum_structure.h"
#include "cli/check_page.h"

/* The members "algebra" and "sectors" of the certificate. */
void check_sum_claims(ledger_t *certificate, const check_sum_structure_t counted);

/* The member "algebra" of an object. complete: nothing of it and of the sectors
   is said to be unknown, so that there is no reason. */
void check_sum_algebra_claims(ledger_t *l, const check_sum_structure_t counted,
                       bool complete);
/* The member `key`, a list of sectors. complete: it may not be null. */
void check_sum_sector_claims(ledger_t *l, const char *key,
                       const check_sum_structure_t counted, bool complete);

#endif
