/* check_sum_claims.h - `check`: what a certificate says of an algebra of sums of
   strings and of its sectors, against what was counted. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_CLAIMS_H
#define LIESCAPE_CLI_CHECK_SUM_CLAIMS_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/ledger.h"

/* What may be null. */
typedef enum {
  SUM_CLAIMS_ALL,         /* nothing, so that there is no reason */
  SUM_CLAIMS_BUT_SECTORS, /* the sectors, for which there is a reason */
  SUM_CLAIMS_PARTLY       /* whatever is unknown, if there is a reason */
} sum_claims_t;

/* The members "algebra" and "sectors" of the certificate, or of another object. */
void check_sum_claims(ledger_t *parent, const check_sum_structure_t counted);

/* The member "algebra" of an object. */
void check_sum_algebra_claims(ledger_t *parent,
                              const check_sum_structure_t counted,
                              sum_claims_t claims);
/* The member `key`, a list of sectors; ideals: the list that its actions refer
   to. complete: it may not be null. */
void check_sum_sector_claims(ledger_t *parent, const char *key,
                             const json_t *ideals,
                             const check_sum_structure_t counted,
                             bool complete);

#endif
