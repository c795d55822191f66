/* check_circle.h - for `liescape check`: cosines and sines of fixed angles.

   Numbers of Q(zeta), zeta = exp(2 pi i / N), as polynomials in zeta modulo the
   cyclotomic polynomial, when all angles are rational multiples of pi: such a number is
   rational iff its polynomial is constant. Balls otherwise. All are real.
   Nothing of generators/ is used. Layer: algebra, below check_turned. */
#ifndef LIESCAPE_ALGEBRA_CHECK_CIRCLE_H
#define LIESCAPE_ALGEBRA_CHECK_CIRCLE_H

#include <stdbool.h>

#include "algebra/base/flint_compat.h"

typedef struct {
  ulong order; /* N, a multiple of 4; 0: balls */
  fmpq_poly_t modulus;
} check_circle_struct;
typedef check_circle_struct check_circle_t[1];

typedef struct {
  fmpq_poly_t poly; /* order > 0 */
  arb_t ball;       /* else */
} check_number_struct;
typedef check_number_struct check_number_t[1];

/* Of balls. */
void check_circle_init(check_circle_t c);
void check_circle_clear(check_circle_t c);
/* Of exact numbers, for angles turns pi; false, and balls, when N would be large. */
bool check_circle_set_exact(check_circle_t c, const fmpq *turns, size_t length);

void check_number_init(check_number_t x);
void check_number_clear(check_number_t x);
void check_number_set(check_number_t out, const check_number_t x);
void check_number_swap(check_number_t x, check_number_t y);
void check_number_set_fmpq(check_number_t x, const check_circle_t c, const fmpq_t q);
void check_number_add(check_number_t out, const check_circle_t c, const check_number_t x,
                      const check_number_t y);
void check_number_neg(check_number_t out, const check_number_t x);
void check_number_mul(check_number_t out, const check_circle_t c, const check_number_t x,
                      const check_number_t y);
/* Exactly 0? A ball never says so. */
bool check_number_is_zero(const check_number_t x, const check_circle_t c);
/* Of turns pi + radians; radians is 0 for exact numbers. */
void check_number_cos_sin(check_number_t cosine, check_number_t sine,
                          const check_circle_t c, const fmpq_t turns,
                          const fmpq_t radians);
/* out = x, or the multiple of 2^-CHECK_CIRCLE_BITS below it, and then error += a bound
   of the distance. */
enum { CHECK_CIRCLE_BITS = 320 };
void check_number_get_fmpq(fmpq_t out, fmpq_t error, const check_number_t x,
                           const check_circle_t c);

#endif
