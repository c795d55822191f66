/* growth_rational.h - rational functions through exact points. Private. */
#ifndef LIESCAPE_ALGEBRA_GROWTH_RATIONAL_H
#define LIESCAPE_ALGEBRA_GROWTH_RATIONAL_H

#include <stdbool.h>

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>

/* Looks for integer polynomials A, B of degrees at most a and b, without a
   common factor that the degrees would allow, with A(y_i) = v_i B(y_i) and
   B(y_i) != 0 at every point. numerator[0..a], denominator[0..b] receive the
   coefficients, primitive together, leading coefficient of B positive.
   Only called with a + b + 2 < length, so that at least one point is spare. */
bool growth_rational_fit(fmpz *numerator, fmpz *denominator, slong a, slong b,
                         const fmpz *points, const fmpq *values, slong length);

#endif
