/* ref_formula.h - reads the formulas of a growth and evaluates them.

   Formulas are sums of products of integers, n^k, b^n, 2^(linear in n) and
   parentheses, divided by one more such product; a product binds more tightly
   than a division. */
#ifndef LIESCAPE_TESTS_REF_FORMULA_H
#define LIESCAPE_TESTS_REF_FORMULA_H

#include <stdbool.h>

#include "algebra/base/flint_compat.h"

/* value = the formula at n. False when it is not one, or has no rational
   value there. */
bool formula_evaluate(fmpq_t value, const char *formula, slong n);

#endif
