#include "algebra/laws/adjoint_law.h"

void adjoint_law_init(adjoint_law_t law) {
  *law = (adjoint_law_struct){.num_families = 0};
  fmpq_init(law->constant);
}

void adjoint_law_clear(adjoint_law_t law) {
  for (size_t i = 0; i < law->num_families; i++) {
    adjoint_family_struct *f = law->families + i;
    for (size_t k = 0; k < f->count * f->rank; k++) {
      arb_clear(f->observable + k);
      arb_clear(f->state + k);
    }
    flint_free(f->observable);
    flint_free(f->state);
    fmpq_clear(f->second);
    fmpq_clear(f->fourth);
  }
  flint_free(law->families);
  fmpq_clear(law->constant);
}

adjoint_family_struct *adjoint_law_append(adjoint_law_t law, orbit_group_t group,
                                          ulong modes, size_t count) {
  law->families = flint_realloc(law->families, (law->num_families + 1) *
                                                   sizeof *law->families);
  adjoint_family_struct *f = law->families + law->num_families++;
  *f = (adjoint_family_struct){
      .group = group, .modes = modes, .count = count,
      .rank = group == ORBIT_SU ? modes : modes / 2};
  size_t length = count * f->rank;
  fmpq_init(f->second);
  fmpq_init(f->fourth);
  f->observable = flint_malloc((length + 1) * sizeof *f->observable);
  f->state = flint_malloc((length + 1) * sizeof *f->state);
  for (size_t k = 0; k < length; k++) {
    arb_init(f->observable + k);
    arb_init(f->state + k);
  }
  return f;
}

/* --- cumulants ------------------------------------------------------------------- */

/* G of the header. */
static void gram(fmpz_t a, fmpz_t b, fmpz_t c, ulong m) {
  fmpz_t n;
  fmpz_init_set_ui(n, m);
  fmpz_mul_ui(n, n, m - 1); /* m (m - 1) = 2 D */
  fmpz_add_ui(a, n, 4);
  fmpz_mul(c, a, n);
  fmpz_mul_ui(c, c, 2);
  fmpz_mul(a, a, n);
  fmpz_mul_ui(a, a, 2); /* 8 D (D + 2) = 2 (2D) (2D + 4) */
  fmpz_mul_ui(b, n, 4 * (2 * m - 1));
  fmpz_clear(n);
}

/* E[l^4] = c_0 p2^2 p2'^2 + c_1 (p2^2 p4' + p4 p2'^2) + c_2 p4 p4' + c_3 Pf Pf', m >= 5. */
static void fourth_coefficients(fmpq *c, ulong m) {
  fmpz_t g11, g12, g22, det;
  fmpz_init(g11);
  fmpz_init(g12);
  fmpz_init(g22);
  fmpz_init(det);
  gram(g11, g12, g22, m);
  fmpz_mul(det, g11, g22);
  fmpz_submul(det, g12, g12);
  fmpz_neg(g12, g12);
  fmpq_set_fmpz_frac(c, g22, det);
  fmpq_set_fmpz_frac(c + 1, g12, det);
  fmpq_set_fmpz_frac(c + 2, g11, det);
  fmpq_set_si(c + 3, m == 8, 105);
  for (int k = 0; k < 4; k++) fmpq_mul_si(c + k, c + k, 24);
  fmpz_clear(g11);
  fmpz_clear(g12);
  fmpz_clear(g22);
  fmpz_clear(det);
}

/* c_0 (b_2 s_2)^2 + c_1 (b_2^2 s_4 + s_2^2 b_4) + c_2 b_4 s_4, from (p2, p4, ...) of both. */
static void fourth_invariants(fmpq_t out, const fmpq *c, const fmpq *b, const fmpq *s) {
  fmpq *b2 = _fmpq_vec_init(3), *s2 = b2 + 1, *term = b2 + 2;
  fmpq_mul(b2, b, b);
  fmpq_mul(s2, s, s);
  fmpq_mul(term, b2, s2);
  fmpq_mul(out, c, term);
  fmpq_mul(term, b2, s + 1);
  fmpq_addmul(term, s2, b + 1);
  fmpq_addmul(out, c + 1, term);
  fmpq_mul(term, b + 1, s + 1);
  fmpq_addmul(out, c + 2, term);
  _fmpq_vec_clear(b2, 3);
}

/* The invariants that c multiplies, from (p2, p4, Pf) of both. */
static void fourth_moment(fmpq_t out, ulong m, const fmpq *b, const fmpq *s) {
  fmpq *c = _fmpq_vec_init(5), *term = c + 4;
  fourth_coefficients(c, m);
  fourth_invariants(out, c, b, s);
  fmpq_mul(term, b + 2, s + 2);
  if (m == 8) fmpq_addmul(out, c + 3, term);
  _fmpq_vec_clear(c, 5);
}

void adjoint_so_cumulants(fmpq_t second, fmpq_t fourth, ulong m,
                          const fmpq *observable, const fmpq *state) {
  fmpq_t scale, square;
  fmpq_init(scale);
  fmpq_init(square);
  fmpq_set_si(scale, 2, m * (m - 1));
  fmpq_mul(second, observable, state);
  fmpq_mul(second, second, scale);
  fmpq_mul(square, second, second);
  if (m == 3) { /* w u: second w^2 / 3, fourth cumulant w^4 (1/5 - 1/3) */
    fmpq_set_si(scale, -6, 5);
    fmpq_mul(fourth, square, scale);
  } else {
    fourth_moment(fourth, m, observable, state);
    fmpq_set_si(scale, 3, 1);
    fmpq_mul(square, square, scale);
    fmpq_sub(fourth, fourth, square);
  }
  fmpq_clear(scale);
  fmpq_clear(square);
}

/* (p2, p4, product) of a spectrum. */
static void ball_invariants(arb_ptr out, const arb_struct *x, size_t rank, slong prec) {
  arb_t square;
  arb_init(square);
  arb_one(out + 2);
  for (size_t k = 0; k < rank; k++) {
    arb_mul(out + 2, out + 2, x + k, prec);
    arb_sqr(square, x + k, prec);
    arb_add(out, out, square, prec);
    arb_addmul(out + 1, square, square, prec);
  }
  arb_clear(square);
}

/* out += c x y */
static void ball_addmul(arb_t out, const fmpq_t c, const arb_t x, const arb_t y,
                        slong prec) {
  arb_t term;
  arb_init(term);
  arb_set_fmpq(term, c, prec);
  arb_mul(term, term, x, prec);
  arb_addmul(out, term, y, prec);
  arb_clear(term);
}

void adjoint_so_cumulants_ball(arb_t second, arb_t fourth, ulong m, int orientation,
                               const arb_struct *observable, const arb_struct *state,
                               slong prec) {
  fmpq *c = _fmpq_vec_init(5);
  arb_ptr b = _arb_vec_init(9), s = b + 3, b2 = b + 6, s2 = b + 7, square = b + 8;
  ball_invariants(b, observable, m / 2, prec);
  ball_invariants(s, state, m / 2, prec);
  arb_sqr(b2, b, prec);
  arb_sqr(s2, s, prec);
  fmpq_set_si(c + 4, 2, m * (m - 1));
  arb_zero(second);
  ball_addmul(second, c + 4, b, s, prec);
  arb_sqr(square, second, prec);
  if (m == 3) {
    arb_mul_si(fourth, square, -6, prec);
    arb_div_si(fourth, fourth, 5, prec);
  } else {
    fourth_coefficients(c, m);
    fmpq_mul_si(c + 3, c + 3, orientation);
    arb_mul_si(fourth, square, -3, prec);
    ball_addmul(fourth, c, b2, s2, prec);
    ball_addmul(fourth, c + 1, b2, s + 1, prec);
    ball_addmul(fourth, c + 1, b + 1, s2, prec);
    ball_addmul(fourth, c + 2, b + 1, s + 1, prec);
    ball_addmul(fourth, c + 3, b + 2, s + 2, prec);
  }
  _arb_vec_clear(b, 9);
  _fmpq_vec_clear(c, 5);
}

/* E[l^4] = c_0 p2^2 p2'^2 + c_1 (p2^2 p4' + p4 p2'^2) + c_2 p4 p4' on su(m). With no trace
   a Schur function is x p2^2/8 + y p4/4, x and y the characters at (2,2) and (4). */
static void su_coefficients(fmpq *c, ulong m) {
  static const struct { int x, y, contents[4]; } shapes[] = {
      {1, 1, {0, 1, 2, 3}}, {-1, -1, {0, 1, 2, -1}}, {2, 0, {0, 1, -1, 0}},
      {-1, 1, {0, 1, -1, -2}}, {1, -1, {0, -1, -2, -3}}};
  fmpq_t share;
  fmpq_init(share);
  for (int k = 0; k < 3; k++) fmpq_zero(c + k);
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    int x = shapes[i].x, y = shapes[i].y;
    fmpq_set_si(share, 24, 64);
    for (int k = 0; k < 4 && !fmpq_is_zero(share); k++) {
      slong factor = (slong)m + shapes[i].contents[k];
      if (factor > 0) fmpq_div_fmpz(share, share, (fmpz[]){factor});
      else fmpq_zero(share); /* the function is 0 on m numbers */
    }
    fmpq_t term;
    fmpq_init(term);
    for (int k = 0; k < 3; k++) {
      fmpq_mul_si(term, share, k == 0 ? x * x : k == 1 ? 2 * x * y : 4 * y * y);
      fmpq_add(c + k, c + k, term);
    }
    fmpq_clear(term);
  }
  fmpq_clear(share);
}

void adjoint_su_cumulants(fmpq_t second, fmpq_t fourth, ulong m, const fmpq *b,
                          const fmpq *s) {
  fmpq *c = _fmpq_vec_init(4), *term = c + 3;
  su_coefficients(c, m);
  fourth_invariants(fourth, c, b, s);
  fmpq_mul(second, b, s);
  fmpq_set_si(term, 1, m * m - 1);
  fmpq_mul(second, second, term);
  fmpq_mul(term, second, second);
  fmpq_mul_si(term, term, 3);
  fmpq_sub(fourth, fourth, term);
  _fmpq_vec_clear(c, 4);
}

/* (p2, p4) of a spectrum less its mean. */
static void traceless_sums(arb_ptr out, const arb_struct *x, ulong m, slong prec) {
  arb_t mean, value;
  arb_init(mean);
  arb_init(value);
  for (ulong k = 0; k < m; k++) arb_add(mean, mean, x + k, prec);
  arb_div_ui(mean, mean, m, prec);
  for (ulong k = 0; k < m; k++) {
    arb_sub(value, x + k, mean, prec);
    arb_sqr(value, value, prec);
    arb_add(out, out, value, prec);
    arb_addmul(out + 1, value, value, prec);
  }
  arb_clear(mean);
  arb_clear(value);
}

void adjoint_su_cumulants_ball(arb_t second, arb_t fourth, ulong m,
                               const arb_struct *observable, const arb_struct *state,
                               slong prec) {
  fmpq *c = _fmpq_vec_init(3);
  arb_ptr b = _arb_vec_init(7), s = b + 2, b2 = b + 4, s2 = b + 5, square = b + 6;
  su_coefficients(c, m);
  traceless_sums(b, observable, m, prec);
  traceless_sums(s, state, m, prec);
  arb_sqr(b2, b, prec);
  arb_sqr(s2, s, prec);
  arb_mul(second, b, s, prec);
  arb_div_ui(second, second, m * m - 1, prec);
  arb_sqr(square, second, prec);
  arb_mul_si(fourth, square, -3, prec);
  ball_addmul(fourth, c, b2, s2, prec);
  ball_addmul(fourth, c + 1, b2, s + 1, prec);
  ball_addmul(fourth, c + 1, b + 1, s2, prec);
  ball_addmul(fourth, c + 2, b + 1, s + 1, prec);
  _arb_vec_clear(b, 7);
  _fmpq_vec_clear(c, 3);
}

void adjoint_law_cumulants(fmpq_t second, fmpq_t fourth,
                           const adjoint_law_t law) {
  fmpq_zero(second);
  fmpq_zero(fourth);
  for (size_t i = 0; i < law->num_families; i++) {
    fmpq_add(second, second, law->families[i].second);
    fmpq_add(fourth, fourth, law->families[i].fourth);
  }
}

bool adjoint_law_kurtosis(fmpq_t kurtosis, const adjoint_law_t law) {
  fmpq_t second;
  fmpq_init(second);
  adjoint_law_cumulants(second, kurtosis, law);
  bool varies = !fmpq_is_zero(second);
  if (varies) {
    fmpq_div(kurtosis, kurtosis, second);
    fmpq_div(kurtosis, kurtosis, second);
  }
  fmpq_clear(second);
  return varies;
}

/* --- roots ----------------------------------------------------------------------- */

/* Is x + sign y surely 0? Balls that merely overlap are not. */
static bool cancel(const arb_struct *x, const arb_struct *y, int sign) {
  arb_t sum;
  arb_init(sum);
  if (sign > 0) arb_add(sum, x, y, ARF_PREC_EXACT);
  else arb_sub(sum, x, y, ARF_PREC_EXACT);
  bool zero = arb_is_zero(sum);
  arb_clear(sum);
  return zero;
}

/* Roots e_i +- e_j, and e_i for odd m. With b dominant, s is paired as the dominant
   element of the orbit of -s, whose last number has the sign o (-1)^N. */
static size_t count_roots(const arb_struct *b, const arb_struct *s, size_t rank,
                          bool short_roots, int orientation) {
  size_t count = 0;
  int last = orientation && (orientation < 0) != (rank % 2 == 1) ? -1 : 1;
  for (size_t j = 0; j < rank; j++) {
    int turn = j + 1 == rank && !short_roots ? last : 1;
    count += short_roots && !arb_is_zero(b + j) && !arb_is_zero(s + j);
    for (size_t i = 0; i < j; i++)
      for (int sign = -1; sign <= 1; sign += 2)
        count += !cancel(b + i, b + j, sign) && !cancel(s + i, s + j, sign * turn);
  }
  return count;
}

/* Roots e_i - e_j of su, the state in ascending order. */
static size_t count_differences(const arb_struct *b, const arb_struct *s, size_t m) {
  size_t count = 0;
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; i < j; i++)
      count += !arb_equal(b + i, b + j) && !arb_equal(s + m - 1 - i, s + m - 1 - j);
  return count;
}

size_t adjoint_law_codimension(const adjoint_law_t law) {
  size_t count = 0;
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (fmpq_is_zero(f->second)) continue;
    for (size_t k = 0; k < f->count; k++) {
      const arb_struct *b = f->observable + k * f->rank, *s = f->state + k * f->rank;
      count += f->group == ORBIT_SU
                   ? count_differences(b, s, f->rank)
                   : count_roots(b, s, f->rank, f->modes % 2, f->orientation);
    }
  }
  return 2 * count;
}
