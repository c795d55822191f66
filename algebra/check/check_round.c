#include "algebra/check/check_round.h"

/* --- weights: sum of w_j zeta^j, zeta^4 = -1 ------------------------------------------------ */

void zeta_init(zeta_t *x) {
  for (int j = 0; j < 4; j++) fmpz_init(x->w + j);
}

void zeta_clear(zeta_t *x) {
  for (int j = 0; j < 4; j++) fmpz_clear(x->w + j);
}

void zeta_add(zeta_t *x, const zeta_t *y, int turn,
                       const fmpz_t factor) {
  for (int j = 0; j < 4; j++) {
    int to = ((j + turn) % 8 + 8) % 8;
    if (to < 4) fmpz_addmul(x->w + to, y->w + j, factor);
    else fmpz_submul(x->w + (to - 4), y->w + j, factor);
  }
}

void zeta_addmul(zeta_t *x, const zeta_t *y, const zeta_t *z) {
  for (int j = 0; j < 4; j++)
    if (!fmpz_is_zero(z->w + j)) zeta_add(x, y, j, z->w + j);
}

bool zeta_is_zero(const zeta_t *x) {
  return fmpz_is_zero(x->w) && fmpz_is_zero(x->w + 1) && fmpz_is_zero(x->w + 2) &&
         fmpz_is_zero(x->w + 3);
}

void zeta_conjugate(zeta_t *x) {
  fmpz_swap(x->w + 1, x->w + 3);
  for (int j = 1; j < 4; j++) fmpz_neg(x->w + j, x->w + j);
}

void zeta_length(fmpz_t out, const zeta_t *x) {
  fmpz_t part;
  fmpz_init(part);
  fmpz_zero(out);
  for (int j = 0; j < 4; j++) {
    fmpz_abs(part, x->w + j);
    fmpz_add(out, out, part);
  }
  fmpz_clear(part);
}

/* --- factors -------------------------------------------------------------------------------- */

/* *near: within 1, if it was before. */
static void set_part(fmpz_t out, bool *near, const arb_t x, ulong bits) {
  arb_t scaled;
  arb_init(scaled);
  arb_mul_2exp_si(scaled, x, (slong)bits);
  *near = *near && arb_is_finite(scaled) && mag_cmp_2exp_si(arb_radref(scaled), -1) <= 0;
  if (*near) arf_get_fmpz(out, arb_midref(scaled), ARF_RND_NEAR);
  arb_clear(scaled);
}

/* 1, or cosine, sine. */
static bool set_pure(round_gate_t *g, const arb_struct *cosine, const arb_struct *sine,
                     slong prec) {
  arb_t one, product;
  bool near = true;
  arb_init(one);
  arb_init(product);
  arb_one(one);
  const arb_struct *ways[3] = {one, cosine, sine};
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      arb_mul(product, ways[a], ways[b], prec);
      set_part(g->factors[round_of_ways(a, b)].w, &near, product, g->bits);
    }
  arb_clear(one);
  arb_clear(product);
  return near;
}

static bool set_powers(round_gate_t *g, const arb_t angle, slong prec) {
  arb_t multiple, cosine, sine;
  bool near = true;
  arb_init(multiple);
  arb_init(cosine);
  arb_init(sine);
  for (int power = -2; power <= 2; power++) {
    zeta_t *x = g->factors + round_of_power(power);
    arb_mul_si(multiple, angle, power, prec);
    arb_sin_cos(sine, cosine, multiple, prec);
    set_part(x->w, &near, cosine, g->bits);
    set_part(x->w + 2, &near, sine, g->bits);
  }
  arb_clear(multiple);
  arb_clear(cosine);
  arb_clear(sine);
  return near;
}

round_gate_t *round_gate_new(const angle_struct *angle, bool pure, ulong bits) {
  round_gate_t *g = flint_malloc(sizeof *g);
  slong prec = (slong)bits + 64;
  arb_t x, part, cosine, sine;
  arb_init(x);
  arb_init(part);
  arb_init(cosine);
  arb_init(sine);
  for (size_t k = 0; k < ROUND_FACTORS; k++) zeta_init(g->factors + k);
  g->bits = bits;
  arb_const_pi(x, prec);
  arb_set_fmpq(part, angle->pi_part, prec);
  arb_mul(x, x, part, prec);
  arb_set_fmpq(part, angle->rad_part, prec);
  arb_add(x, x, part, prec);
  arb_sin_cos(sine, cosine, x, prec);
  bool near = pure ? set_pure(g, cosine, sine, prec) : set_powers(g, x, prec);
  arb_clear(x);
  arb_clear(part);
  arb_clear(cosine);
  arb_clear(sine);
  if (near) return g;
  round_gate_free(g);
  return NULL;
}

void round_gate_free(round_gate_t *g) {
  if (!g) return;
  for (size_t k = 0; k < ROUND_FACTORS; k++) zeta_clear(g->factors + k);
  flint_free(g);
}

void round_multiply(zeta_t *out, fmpz_t error, const zeta_t *x, const round_gate_t *g,
                    size_t factor, const fmpz_t times) {
  fmpz_t more;
  for (int j = 0; j < 4; j++) fmpz_zero(out->w + j);
  if (zeta_is_zero(x)) return;
  fmpz_init(more);
  zeta_addmul(out, x, g->factors + factor);
  for (int j = 0; j < 4; j++) fmpz_fdiv_q_2exp(out->w + j, out->w + j, g->bits);
  zeta_length(more, x);
  fmpz_mul_2exp(more, more, 1);
  fmpz_cdiv_q_2exp(more, more, g->bits);
  fmpz_add_ui(more, more, 4);
  fmpz_addmul(error, more, times);
  fmpz_clear(more);
}
