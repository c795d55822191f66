/* check_sum_claims.h - `check`: what a certificate says of an algebra of sums of
   strings and of its sectors, against what was counted. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_CLAIMS_H
#define LIESCAPE_CLI_CHECK_SUM_CLAIMS_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/ledger.h"

/* What may be null. */

/* The members "algebra" and "sectors" of the certificate, or of another object. */
void check_sum_claims(ledger_t *parent, const check_sum_structure_t counted);

/* The member "algebra" of an object. */
void check_sum_algebra_claims(ledger_t *parent,
                              const check_sum_structure_t counted,
                              bool partly);
/* The member `key`, a list of sectors; ideals: the list that its actions refer
   to. complete: it may not be null. */
void check_sum_sector_claims(ledger_t *parent, const char *key,
                             const json_t *ideals,
                             const check_sum_structure_t counted,
                             bool complete);

#endif
