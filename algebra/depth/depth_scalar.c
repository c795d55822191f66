#include "algebra/depth/depth_scalar.h"

void real_init(real_t x, const ring_t *ring) {
  if (ring->ball) {
    arb_init(&x->ball);
    return;
  }
  fmpq_init(x->exact);
  fmpq_init(x->exact + 1);
}

void real_clear(real_t x, const ring_t *ring) {
  if (ring->ball) {
    arb_clear(&x->ball);
    return;
  }
  fmpq_clear(x->exact);
  fmpq_clear(x->exact + 1);
}

void real_set(real_t out, const real_t x, const ring_t *ring) {
  if (ring->ball) {
    arb_set(&out->ball, &x->ball);
    return;
  }
  fmpq_set(out->exact, x->exact);
  fmpq_set(out->exact + 1, x->exact + 1);
}

void real_set_fmpq(real_t out, const fmpq_t x, const ring_t *ring) {
  if (ring->ball) {
    arb_set_fmpq(&out->ball, x, ring->prec_bits);
    return;
  }
  fmpq_set(out->exact, x);
  fmpq_zero(out->exact + 1);
}

void real_zero(real_t x, const ring_t *ring) {
  if (ring->ball) {
    arb_zero(&x->ball);
    return;
  }
  fmpq_zero(x->exact);
  fmpq_zero(x->exact + 1);
}

bool real_is_zero(const real_t x, const ring_t *ring) {
  if (ring->ball) return arb_is_zero(&x->ball);
  return fmpq_is_zero(x->exact) && fmpq_is_zero(x->exact + 1);
}

void real_add(real_t out, const real_t a, const real_t b, const ring_t *ring) {
  if (ring->ball) {
    arb_add(&out->ball, &a->ball, &b->ball, ring->prec_bits);
    return;
  }
  fmpq_add(out->exact, a->exact, b->exact);
  fmpq_add(out->exact + 1, a->exact + 1, b->exact + 1);
}

void real_addmul(real_t out, const real_t a, const real_t b,
                 const ring_t *ring) {
  if (ring->ball) {
    arb_addmul(&out->ball, &a->ball, &b->ball, ring->prec_bits);
    return;
  }
  bool root_a = !fmpq_is_zero(a->exact + 1);
  bool root_b = !fmpq_is_zero(b->exact + 1);
  fmpq_addmul(out->exact, a->exact, b->exact);
  if (root_b) fmpq_addmul(out->exact + 1, a->exact, b->exact + 1);
  if (root_a) fmpq_addmul(out->exact + 1, a->exact + 1, b->exact);
  if (root_a && root_b) {
    fmpq_addmul(out->exact, a->exact + 1, b->exact + 1);
    fmpq_addmul(out->exact, a->exact + 1, b->exact + 1);
  }
}

void real_mul(real_t out, const real_t a, const real_t b, const ring_t *ring) {
  real_t t;
  real_init(t, ring);
  real_addmul(t, a, b, ring);
  real_set(out, t, ring);
  real_clear(t, ring);
}

void complex_init(complex_t x, const ring_t *ring) {
  if (ring->ball)
    acb_init(&x->ball);
  else
    for (int i = 0; i < 4; i++) fmpq_init(x->exact + i);
}

void complex_clear(complex_t x, const ring_t *ring) {
  if (ring->ball)
    acb_clear(&x->ball);
  else
    for (int i = 0; i < 4; i++) fmpq_clear(x->exact + i);
}

void complex_one(complex_t x, const ring_t *ring) {
  if (ring->ball) {
    acb_one(&x->ball);
    return;
  }
  fmpq_one(x->exact);
  for (int i = 1; i < 4; i++) fmpq_zero(x->exact + i);
}

void complex_add(complex_t out, const complex_t a, const complex_t b,
                 const ring_t *ring) {
  if (ring->ball)
    acb_add(&out->ball, &a->ball, &b->ball, ring->prec_bits);
  else
    for (int i = 0; i < 4; i++)
      fmpq_add(out->exact + i, a->exact + i, b->exact + i);
}

bool complex_is_zero(const complex_t x, const ring_t *ring) {
  if (ring->ball) return acb_is_zero(&x->ball);
  for (int i = 0; i < 4; i++)
    if (!fmpq_is_zero(x->exact + i)) return false;
  return true;
}

void complex_turn(complex_t out, const complex_t x, unsigned turns,
                  unsigned eighth, const acb_struct *unit, unsigned halvings,
                  const ring_t *ring) {
  if (ring->ball) {
    if (unit)
      acb_mul(&out->ball, &x->ball, unit, ring->prec_bits);
    else
      acb_set(&out->ball, &x->ball);
    for (turns &= 3; turns--;) acb_mul_onei(&out->ball, &out->ball);
    acb_mul_2exp_si(&out->ball, &out->ball, -(slong)halvings);
    return;
  }
  fmpq t[4];
  eighth += 2 * turns;
  for (unsigned i = 0; i < 4; i++) {
    unsigned power = (i + eighth) & 7;
    fmpq_init(t + (power & 3));
    fmpq_div_2exp(t + (power & 3), x->exact + i, halvings);
    if (power & 4) fmpq_neg(t + (power & 3), t + (power & 3));
  }
  for (int i = 0; i < 4; i++) {
    fmpq_swap(out->exact + i, t + i);
    fmpq_clear(t + i);
  }
}

/* Exact factors are rational here. */
void complex_scale(complex_t x, const real_t factor, const ring_t *ring) {
  if (ring->ball) {
    acb_mul_arb(&x->ball, &x->ball, &factor->ball, ring->prec_bits);
    return;
  }
  for (int i = 0; i < 4; i++) fmpq_mul(x->exact + i, x->exact + i, factor->exact);
}

/* zeta^i conj(zeta^j) = zeta^(i-j); Re zeta = sqrt(2)/2 = -Re zeta^3,
   Re zeta^2 = 0. */
void complex_real_product(real_t out, const complex_t a, const complex_t b,
                          const ring_t *ring) {
  if (ring->ball) {
    arb_t t;
    arb_init(t);
    arb_mul(t, acb_realref(&a->ball), acb_realref(&b->ball), ring->prec_bits);
    arb_addmul(t, acb_imagref(&a->ball), acb_imagref(&b->ball),
               ring->prec_bits);
    arb_swap(&out->ball, t);
    arb_clear(t);
    return;
  }
  real_t sum;
  real_init(sum, ring);
  for (int i = 0; i < 4; i++) {
    if (fmpq_is_zero(a->exact + i)) continue;
    for (int j = 0; j < 4; j++) {
      int power = (i - j + 8) & 7;
      if (fmpq_is_zero(b->exact + j) || power == 2 || power == 6) continue;
      fmpq *part = sum->exact + (power & 1);
      if (power == 0 || power == 1 || power == 7)
        fmpq_addmul(part, a->exact + i, b->exact + j);
      else
        fmpq_submul(part, a->exact + i, b->exact + j);
    }
  }
  fmpq_div_2exp(sum->exact + 1, sum->exact + 1, 1);
  fmpq_swap(out->exact, sum->exact);
  fmpq_swap(out->exact + 1, sum->exact + 1);
  real_clear(sum, ring);
}
