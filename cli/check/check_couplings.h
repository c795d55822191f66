/* check_couplings.h - the claims about generators that hold a symbol. Private to
   check.

   The algebra of all values but finitely many is counted at a random value, those
   of the special values each at that value, all by check_sum_structure.h.
   Values with a square root, and that there are no more, stay open. */
#ifndef LIESCAPE_CLI_CHECK_COUPLINGS_H
#define LIESCAPE_CLI_CHECK_COUPLINGS_H

#include "cli/check/ledger.h"

/* l is on the certificate and has "couplings"; takes it, "algebra" and
   "sectors". source: the member ansatz.source. */
void check_couplings(ledger_t *l, const json_t *source, const char *symbol);

#endif
