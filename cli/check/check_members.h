/* check_members.h - the members that certify always writes: each of them is there.

   Whether a number can be proved again does not matter here: what is missing fails as
   much as what is wrong, left open or not. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_MEMBERS_H
#define LIESCAPE_CLI_CHECK_MEMBERS_H

#include "cli/check/ledger.h"

/* One failure for each member of the table that is missing, anywhere in the
   certificate; l is on it. */
void check_members(ledger_t *l, const json_t *certificate);

#endif
