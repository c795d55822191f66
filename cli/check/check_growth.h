/* check_growth.h - the part of `check` that is about growth.

   Growth follows from the rows, which are proved anew, by the rules of the library
   (cli/format/growth_json.h): it is made again from them, and each member must be the
   same. That a formula reproduces the values is held by t-growth, which reads formulas
   by a reader of its own.
   Private to check. */
#ifndef LIESCAPE_CLI_CHECK_GROWTH_H
#define LIESCAPE_CLI_CHECK_GROWTH_H

#include "cli/check/ledger.h"

/* l is on a family; takes its "growth". rows: its "sweep"; added: its "added". */
void check_growth(ledger_t *l, const json_t *rows, const json_t *added);

#endif
