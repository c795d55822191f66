/* growth_fit.h - a guess where no formula reproduces the values. Private.

   Least squares of log|v| against
       two parameters:    a + b n              and  a + d log n,
       three parameters:  a + b n + d log n    and  a + d log n + c/n,
   the exponential and the power law, each without and with its first correction.
   A law wins if its squared residual is below a quarter of the other's. The guess is
   exponential only if it wins with two parameters and with three: a rational function
   of n looks like a straight line over a short range, but its correction c/n is then
   as good as a rate. Polynomial if the power law wins with two and the exponential
   does not with three. Fewer than 6 values, or one that is 0: undecided. */
#ifndef LIESCAPE_ALGEBRA_GROWTH_FIT_H
#define LIESCAPE_ALGEBRA_GROWTH_FIT_H

#include <stdbool.h>

#include <flint/flint.h>
#include <flint/fmpq.h>

/* 1: grows, -1: decays, exponentially or by a power law; 0: undecided. */
int growth_fit(bool *exponential, const slong *sizes, const fmpq *values,
               slong length);

#endif
