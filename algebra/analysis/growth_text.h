/* growth_text.h - rational functions of n and of 2^n in plain text. Private.

   "1/(2 n - 1)", "16 (n - 1)^3/(n^2 (2 n - 1)^2)", "2 4^n/((2^n - 1) (2^n + 1)^2)":
   polynomials of degree 3 and more, and with squares, are written as products of
   their irreducible factors, content first. A product binds more tightly than a division. */
#ifndef LIESCAPE_ALGEBRA_GROWTH_TEXT_H
#define LIESCAPE_ALGEBRA_GROWTH_TEXT_H

#include <flint/flint.h>
#include <flint/fmpz_poly.h>

/* The variable of the rational function: n, 2^n, 2^(n/2). */
typedef enum {
  GROWTH_BY_SIZE,
  GROWTH_BY_POWER,
  GROWTH_BY_ROOT
} growth_variable_t;

/* n^power up/down; down is not 0. The caller frees it with free(). */
char *growth_text(const fmpz_poly_t up, const fmpz_poly_t down, slong power,
                  growth_variable_t variable);

#endif
