#include "algebra/check/check_circle.h"

/* Degrees grow like N; balls are as good for the odd fraction of pi. */
enum { MAX_ORDER = 240, PREC_BITS = 2 * CHECK_CIRCLE_BITS };

void check_circle_init(check_circle_t c) {
  c->order = 0;
  fmpq_poly_init(c->modulus);
}

void check_circle_clear(check_circle_t c) { fmpq_poly_clear(c->modulus); }

bool check_circle_set_exact(check_circle_t c, const fmpq *turns, size_t length) {
  fmpz_t order, own;
  fmpz_init_set_ui(order, 4);
  fmpz_init(own);
  /* exp(i pi p/q) is a power of exp(2 pi i / 2q) */
  for (size_t i = 0; i < length && fmpz_cmp_ui(order, MAX_ORDER) <= 0; i++) {
    fmpz_mul_2exp(own, fmpq_denref(turns + i), 1);
    fmpz_lcm(order, order, own);
  }
  bool small = fmpz_cmp_ui(order, MAX_ORDER) <= 0;
  c->order = small ? fmpz_get_ui(order) : 0;
  if (small) {
    fmpz_poly_t phi;
    fmpz_poly_init(phi);
    fmpz_poly_cyclotomic(phi, c->order);
    fmpq_poly_set_fmpz_poly(c->modulus, phi);
    fmpz_poly_clear(phi);
  }
  fmpz_clear(order);
  fmpz_clear(own);
  return small;
}

void check_number_init(check_number_t x) {
  fmpq_poly_init(x->poly);
  arb_init(x->ball);
}

void check_number_clear(check_number_t x) {
  fmpq_poly_clear(x->poly);
  arb_clear(x->ball);
}

void check_number_set(check_number_t out, const check_number_t x) {
  fmpq_poly_set(out->poly, x->poly);
  arb_set(out->ball, x->ball);
}

void check_number_swap(check_number_t x, check_number_t y) {
  fmpq_poly_swap(x->poly, y->poly);
  arb_swap(x->ball, y->ball);
}

void check_number_set_fmpq(check_number_t x, const check_circle_t c, const fmpq_t q) {
  if (c->order) fmpq_poly_set_fmpq(x->poly, q);
  else arb_set_fmpq(x->ball, q, PREC_BITS);
}

void check_number_add(check_number_t out, const check_circle_t c, const check_number_t x,
                      const check_number_t y) {
  if (c->order) fmpq_poly_add(out->poly, x->poly, y->poly);
  else arb_add(out->ball, x->ball, y->ball, PREC_BITS);
}

void check_number_neg(check_number_t out, const check_number_t x) {
  fmpq_poly_neg(out->poly, x->poly);
  arb_neg(out->ball, x->ball);
}

void check_number_mul(check_number_t out, const check_circle_t c, const check_number_t x,
                      const check_number_t y) {
  if (!c->order) {
    arb_mul(out->ball, x->ball, y->ball, PREC_BITS);
    return;
  }
  fmpq_poly_mul(out->poly, x->poly, y->poly);
  fmpq_poly_rem(out->poly, out->poly, c->modulus);
}

bool check_number_is_zero(const check_number_t x, const check_circle_t c) {
  return c->order && fmpq_poly_is_zero(x->poly);
}

/* x = (zeta^i + sign zeta^j) / 2. */
static void half_sum(check_number_t x, const check_circle_t c, ulong i, ulong j,
                     slong sign) {
  fmpq_t half;
  fmpq_init(half);
  fmpq_set_si(half, 1, 2);
  fmpq_poly_zero(x->poly);
  fmpq_poly_set_coeff_fmpq(x->poly, (slong)(i % c->order), half);
  if (i % c->order == j % c->order) fmpq_set_si(half, 1 + sign, 2);
  else fmpq_set_si(half, sign, 2);
  fmpq_poly_set_coeff_fmpq(x->poly, (slong)(j % c->order), half);
  fmpq_poly_rem(x->poly, x->poly, c->modulus);
  fmpq_clear(half);
}

/* zeta^k = exp(i pi turns); sin a = -i (exp(i a) - exp(-i a)) / 2, -i = zeta^(3N/4). */
static void exact_cos_sin(check_number_t cosine, check_number_t sine,
                          const check_circle_t c, const fmpq_t turns) {
  fmpz_t k;
  fmpz_init_set_ui(k, c->order / 2);
  fmpz_mul(k, k, fmpq_numref(turns));
  fmpz_divexact(k, k, fmpq_denref(turns));
  ulong power = fmpz_fdiv_ui(k, c->order), back = c->order - power;
  half_sum(cosine, c, power, back, 1);
  half_sum(sine, c, power + 3 * c->order / 4, back + 3 * c->order / 4, -1);
  fmpz_clear(k);
}

void check_number_cos_sin(check_number_t cosine, check_number_t sine,
                          const check_circle_t c, const fmpq_t turns,
                          const fmpq_t radians) {
  if (c->order) {
    exact_cos_sin(cosine, sine, c, turns);
    return;
  }
  arb_t angle, part;
  arb_init(angle);
  arb_init(part);
  arb_const_pi(angle, PREC_BITS + 64);
  arb_set_fmpq(part, turns, PREC_BITS + 64);
  arb_mul(angle, angle, part, PREC_BITS + 64);
  arb_set_fmpq(part, radians, PREC_BITS + 64);
  arb_add(angle, angle, part, PREC_BITS + 64);
  arb_sin_cos(sine->ball, cosine->ball, angle, PREC_BITS);
  arb_clear(angle);
  arb_clear(part);
}

/* The real part of the polynomial at zeta. */
static void evaluate(arb_t out, const check_number_t x, const check_circle_t c) {
  arb_t cosine, coeff;
  fmpq_t q;
  arb_init(cosine);
  arb_init(coeff);
  fmpq_init(q);
  arb_zero(out);
  for (slong k = 0; k < fmpq_poly_length(x->poly); k++) {
    fmpq_set_si(q, 2 * k, c->order);
    arb_cos_pi_fmpq(cosine, q, PREC_BITS);
    fmpq_poly_get_coeff_fmpq(q, x->poly, k);
    arb_set_fmpq(coeff, q, PREC_BITS);
    arb_addmul(out, cosine, coeff, PREC_BITS);
  }
  arb_clear(cosine);
  arb_clear(coeff);
  fmpq_clear(q);
}

void check_number_get_fmpq(fmpq_t out, fmpq_t error, const check_number_t x,
                           const check_circle_t c) {
  if (c->order && fmpq_poly_length(x->poly) <= 1) {
    fmpq_poly_get_coeff_fmpq(out, x->poly, 0);
    return;
  }
  arb_t ball;
  arf_t bound;
  fmpz_t floor;
  fmpq_t step;
  arb_init(ball);
  arf_init(bound);
  fmpz_init(floor);
  fmpq_init(step);
  if (c->order) evaluate(ball, x, c);
  else arb_set(ball, x->ball);
  /* what may be 0 becomes 0: the strings of a sum are then those that are there */
  bool near_zero = arb_contains_zero(ball);
  arb_mul_2exp_si(ball, ball, CHECK_CIRCLE_BITS);
  if (near_zero) fmpz_zero(floor);
  else arf_get_fmpz(floor, arb_midref(ball), ARF_RND_FLOOR);
  /* the distance in units of the last place, rounded up */
  arb_sub_fmpz(ball, ball, floor, PREC_BITS);
  arb_get_abs_ubound_arf(bound, ball, PREC_BITS);
  arf_get_fmpz(fmpq_numref(step), bound, ARF_RND_CEIL);
  fmpz_one(fmpq_denref(step));
  fmpq_div_2exp(step, step, CHECK_CIRCLE_BITS);
  fmpq_add(error, error, step);
  fmpz_set(fmpq_numref(out), floor);
  fmpz_one(fmpq_denref(out));
  fmpq_div_2exp(out, out, CHECK_CIRCLE_BITS);
  fmpq_clear(step);
  fmpz_clear(floor);
  arf_clear(bound);
  arb_clear(ball);
}
