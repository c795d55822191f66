/* charpoly.h - the characteristic polynomial of a rational matrix, by a clock.

   D a common denominator, B = D A; the coefficients of det(t - B) are sums of principal
   minors, so that, by Hadamard, the sum of their absolute values is at most
   prod_i (1 + r_i), r_i the sum of the absolute values of row i of B. They are put
   together from residues modulo primes of 62 bits whose product exceeds twice that;
   the clock is looked at before each prime, which takes O(n^3).

   Layer: private to algebra, above closure. */
#ifndef LIESCAPE_ALGEBRA_CHARPOLY_H
#define LIESCAPE_ALGEBRA_CHARPOLY_H

#include <flint/fmpq_mat.h>
#include <flint/fmpq_poly.h>

#include "algebra/closure/closure.h"

/* out = det(t - a), a square. False, and no change, when limits->abort says so; limits
   may be NULL. */
bool charpoly_rational(fmpq_poly_t out, const fmpq_mat_t a,
                       const closure_limits_t *limits);

#endif
