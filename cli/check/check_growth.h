/* check_growth.h - the part of `check` that is about growth: every formula is
   read again from its text, evaluated at every size, and compared with the
   rows; what kind of growth it is follows from its values at 2^10 and 2^20.
   Private to check.

   Formulas are sums of products of integers, n^k, b^n, 2^(linear in n) and
   parentheses, divided by one more such product; a product binds more tightly
   than a division. */
#ifndef LIESCAPE_CLI_CHECK_GROWTH_H
#define LIESCAPE_CLI_CHECK_GROWTH_H

#include "cli/check/ledger.h"

/* l is on a family; takes its "growth". rows: its "sweep". */
void check_growth(ledger_t *l, const json_t *rows);

/* value = the formula at n. False when it is not one, or has no rational
   value there. */
bool formula_evaluate(fmpq_t value, const char *formula, slong n);

#endif
