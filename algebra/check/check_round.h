/* check_round.h - fixed angles that are no multiples of pi/4, as factors of weights: whole
   numbers over 2^bits that are rounded, with a bound of what all rounding changes.

   A rotation by the fixed angle f takes a string Q that anticommutes with its own to
       cos f Q + sin f (i G Q),
   and one with parameters besides has u = exp(i f) prod_v z_v^(c_v). Without rounding every
   way keeps the multiples of f to the end, and ways that only differ there are apart.
   Weights w of rows have errors e, |w - w'|_1 <= e over all rows, in units of the last
   place: a factor F, |F| <= 1, both parts of it off by at most 1/2^bits, and the floor of
   the product, 4 parts, add
       4 + 2 |w|_1 / 2^bits.

   Layer: algebra, below check_pairs. */
#ifndef LIESCAPE_ALGEBRA_CHECK_ROUND_H
#define LIESCAPE_ALGEBRA_CHECK_ROUND_H

#include "algebra/base/ansatz.h"
#include "algebra/base/flint_compat.h"

/* sum of w_j zeta^j, zeta^4 = -1 */
typedef struct {
  fmpz w[4];
} zeta_t;

void zeta_init(zeta_t *x);
void zeta_clear(zeta_t *x);
/* x += factor zeta^turn y */
void zeta_add(zeta_t *x, const zeta_t *y, int turn, const fmpz_t factor);
/* x += y z */
void zeta_addmul(zeta_t *x, const zeta_t *y, const zeta_t *z);
void zeta_conjugate(zeta_t *x);
bool zeta_is_zero(const zeta_t *x);
/* |w_0| + ... + |w_3| */
void zeta_length(fmpz_t out, const zeta_t *x);

enum { ROUND_FACTORS = 9 };

/* What a string, or one side of a gate with parameters, takes: of both sides. */
typedef struct {
  zeta_t factors[ROUND_FACTORS];
  ulong bits;
} round_gate_t;

/* NULL when the angle is too large for that. pure: no parameters. */
round_gate_t *round_gate_new(const angle_struct *angle, bool pure, ulong bits);
void round_gate_free(round_gate_t *g);

/* Of a gate without parameters: ways of both sides are 0 for a string that commutes with
   it, 1 for the one that stays (cosine), 2 for the other (sine). */
static inline size_t round_of_ways(int a, int b) { return (size_t)(3 * a + b); }
/* Of exp(i power f), |power| <= 2. */
static inline size_t round_of_power(int power) { return (size_t)(power + 2); }

/* out = floor of x times a factor; error, in units of the last place, gets what that may
   change, times `times`. */
void round_multiply(zeta_t *out, fmpz_t error, const zeta_t *x, const round_gate_t *g,
                    size_t factor, const fmpz_t times);

#endif
