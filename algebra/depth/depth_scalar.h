/* depth_scalar.h - the numbers that pairs of strings carry. Private.

   Exact: complex numbers of Q(zeta), zeta = exp(i pi/4), as c_0 + c_1 zeta +
   c_2 zeta^2 + c_3 zeta^3, zeta^4 = -1; real numbers of Q(sqrt 2) as
   a + b sqrt 2. Or balls, when an angle or a law asks for them.

   Layer: algebra, base. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_SCALAR_H
#define LIESCAPE_ALGEBRA_DEPTH_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "algebra/base/flint_compat.h"

typedef struct {
  bool ball;
  slong prec_bits;
} ring_t;

typedef union {
  fmpq exact[2];
  arb_struct ball;
} real_struct;
typedef real_struct real_t[1];

typedef union {
  fmpq exact[4];
  acb_struct ball;
} complex_struct;
typedef complex_struct complex_t[1];

void real_init(real_t x, const ring_t *ring);
void real_clear(real_t x, const ring_t *ring);
void real_set(real_t out, const real_t x, const ring_t *ring);
void real_set_fmpq(real_t out, const fmpq_t x, const ring_t *ring);
void real_zero(real_t x, const ring_t *ring);
bool real_is_zero(const real_t x, const ring_t *ring);
void real_add(real_t out, const real_t a, const real_t b, const ring_t *ring);
void real_mul(real_t out, const real_t a, const real_t b, const ring_t *ring);
void real_addmul(real_t out, const real_t a, const real_t b,
                 const ring_t *ring);

void complex_init(complex_t x, const ring_t *ring);
void complex_clear(complex_t x, const ring_t *ring);
void complex_one(complex_t x, const ring_t *ring);
void complex_add(complex_t out, const complex_t a, const complex_t b,
                 const ring_t *ring);
bool complex_is_zero(const complex_t x, const ring_t *ring);
/* out = i^turns u x / 2^halvings; u a unit: zeta^eighth in exact numbers,
   the ball unit (which may be NULL: 1) otherwise. Aliasing allowed. */
void complex_turn(complex_t out, const complex_t x, unsigned turns,
                  unsigned eighth, const acb_struct *unit, unsigned halvings,
                  const ring_t *ring);
/* x *= factor. */
void complex_scale(complex_t x, const real_t factor, const ring_t *ring);
/* out = Re(a conj(b)). */
void complex_real_product(real_t out, const complex_t a, const complex_t b,
                          const ring_t *ring);

#endif
