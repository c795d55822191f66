/* check_growth.h - the part of `check` that is about growth.

   Growth follows from the rows, which are proved anew, by the rules of the library
   (cli/format/growth_json.h): it is made again from them, and each member must be the
   same. Formulas are besides read again from their text, evaluated at every size and
   compared with the rows, and what kind of growth it is must be what their values at
   2^10 and 2^20 say: so that a formula is never believed because the search that made
   it was repeated.
   Private to check. */
#ifndef LIESCAPE_CLI_CHECK_GROWTH_H
#define LIESCAPE_CLI_CHECK_GROWTH_H

#include "cli/check/ledger.h"

/* l is on a family; takes its "growth". rows: its "sweep"; added: its "added". */
void check_growth(ledger_t *l, const json_t *rows, const json_t *added);

#endif
