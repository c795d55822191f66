#include "algebra/laws/adjoint_law.h"

#include <stdlib.h>

enum { MAX_SIGNS = 12, MAX_TERMS = 20000 };

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

adjoint_family_struct *adjoint_law_append(adjoint_law_t law, ulong modes,
                                          size_t count) {
  law->families = flint_realloc(law->families, (law->num_families + 1) *
                                                   sizeof *law->families);
  adjoint_family_struct *f = law->families + law->num_families++;
  *f = (adjoint_family_struct){
      .modes = modes, .count = count, .rank = modes / 2};
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

/* out = x p + y q for I = (p2^2, p4): one row of numbers times I. */
static void combine(fmpq_t out, const fmpz_t x, const fmpq_t p, const fmpz_t y,
                    const fmpq_t q) {
  fmpq_t term;
  fmpq_init(term);
  fmpq_mul_fmpz(out, p, x);
  fmpq_mul_fmpz(term, q, y);
  fmpq_add(out, out, term);
  fmpq_clear(term);
}

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

/* E[l^4] for m >= 5. */
static void fourth_moment(fmpq_t out, ulong m, const fmpq *b, const fmpq *s) {
  fmpz_t g11, g12, g22, det;
  fmpq_t first, second, b2, s2;
  fmpz_init(g11);
  fmpz_init(g12);
  fmpz_init(g22);
  fmpz_init(det);
  fmpq_init(first);
  fmpq_init(second);
  fmpq_init(b2);
  fmpq_init(s2);
  gram(g11, g12, g22, m);
  fmpz_mul(det, g11, g22);
  fmpz_submul(det, g12, g12);
  fmpq_mul(b2, b, b);
  fmpq_mul(s2, s, s);
  fmpz_neg(g12, g12);
  combine(first, g22, s2, g12, s + 1);
  combine(second, g12, s2, g11, s + 1);
  fmpq_mul(out, b2, first);
  fmpq_addmul(out, b + 1, second);
  fmpz_set_ui(g12, 24);
  fmpq_mul_fmpz(out, out, g12);
  fmpq_div_fmpz(out, out, det);
  if (m == 8) {
    fmpq_mul(first, b + 2, s + 2);
    fmpq_set_si(second, 24, 105);
    fmpq_addmul(out, first, second);
  }
  fmpz_clear(g11);
  fmpz_clear(g12);
  fmpz_clear(g22);
  fmpz_clear(det);
  fmpq_clear(first);
  fmpq_clear(second);
  fmpq_clear(b2);
  fmpq_clear(s2);
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

/* --- sums of uniforms ---------------------------------------------------------------- */

/* The half-widths that are not 0, in a vector of alloc numbers; NULL: another ideal
   varies. */
static arb_struct *half_widths(slong *length, slong *alloc,
                               const adjoint_law_struct *law, slong prec) {
  *length = 0;
  *alloc = 1;
  for (size_t i = 0; i < law->num_families; i++) {
    if (law->families[i].modes == 3) *alloc += (slong)law->families[i].count;
    else if (!fmpq_is_zero(law->families[i].second)) return NULL;
  }
  arb_struct *w = _arb_vec_init(*alloc);
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (f->modes != 3 || fmpq_is_zero(f->second)) continue;
    for (size_t k = 0; k < f->count; k++)
      arb_mul(w + (*length)++, f->observable + k, f->state + k, prec);
  }
  return w;
}

/* The piecewise polynomial, n <= MAX_SIGNS. */
static void cdf_polynomial(arb_t cdf, const arb_struct *w, slong n,
                           const arb_t x, slong prec) {
  arb_t point, term, scale;
  arb_init(point);
  arb_init(term);
  arb_init(scale);
  arb_zero(cdf);
  for (ulong signs = 0; signs >> n == 0; signs++) {
    arb_set(point, x);
    for (slong i = 0; i < n; i++) {
      if (signs >> i & 1) arb_sub(point, point, w + i, prec);
      else arb_add(point, point, w + i, prec);
    }
    if (arb_is_negative(point)) continue;
    arb_nonnegative_part(point, point);
    arb_pow_ui(term, point, (ulong)n, prec);
    if (__builtin_parityll(signs)) arb_sub(cdf, cdf, term, prec);
    else arb_add(cdf, cdf, term, prec);
  }
  arb_fac_ui(scale, (ulong)n, prec);
  arb_mul_2exp_si(scale, scale, n);
  for (slong i = 0; i < n; i++) arb_mul(scale, scale, w + i, prec);
  arb_div(cdf, cdf, scale, prec);
  arb_clear(point);
  arb_clear(term);
  arb_clear(scale);
}

/* Enclosure of what the terms after the k-th add up to: with a_i = P / (2 pi w_i)
   each |sinc| <= min(1, a_i / k), and prod_i min(1, a_i / j) / (pi j) summed over
   j > k is at most prod_i min(1, a_i / k) / (pi d), d the number of a_i below k:
   sum_{j > k} j^(-d-1) <= k^(-d) / d. */
static bool tail_bound(mag_t bound, const arb_struct *a, slong n, ulong k) {
  mag_t factor;
  slong below = 0;
  mag_init(factor);
  mag_one(bound);
  for (slong i = 0; i < n; i++) {
    arb_get_mag(factor, a + i);
    mag_div_ui(factor, factor, k);
    if (mag_cmp_2exp_si(factor, 0) >= 0) continue;
    mag_mul(bound, bound, factor);
    below++;
  }
  if (below) {
    mag_set_ui_lower(factor, 3 * (ulong)below);
    mag_div(bound, bound, factor);
  }
  mag_clear(factor);
  return below > 0;
}

/* One term of the series: prod sinc(k / a_i) sin(k t) / (pi k). */
static void add_term(arb_t sum, const arb_struct *a, slong n, const arb_t t,
                     ulong k, slong prec) {
  arb_t term, sinc;
  arb_init(term);
  arb_init(sinc);
  arb_mul_ui(term, t, k, prec);
  arb_sin(term, term, prec);
  for (slong i = 0; i < n; i++) {
    arb_ui_div(sinc, k, a + i, prec);
    arb_sinc(sinc, sinc, prec);
    arb_mul(term, term, sinc, prec);
  }
  arb_div_ui(term, term, k, prec);
  arb_const_pi(sinc, prec);
  arb_div(term, term, sinc, prec);
  arb_add(sum, sum, term, prec);
  arb_clear(term);
  arb_clear(sinc);
}

static void cdf_series(arb_t cdf, const arb_struct *w, slong n, const arb_t x,
                       slong prec) {
  arb_t half, pi, t;
  mag_t tail;
  arb_struct *a = _arb_vec_init(n);
  arb_init(half); /* half of the period */
  arb_init(pi);
  arb_init(t);
  mag_init(tail);
  arb_const_pi(pi, prec);
  for (slong i = 0; i < n; i++) arb_add(half, half, w + i, prec);
  /* The law and x lie within the period: 2 |w| > |w| + |x|. */
  arb_mul_2exp_si(half, half, 1);
  for (slong i = 0; i < n; i++) {
    arb_mul(a + i, pi, w + i, prec);
    arb_div(a + i, half, a + i, prec);
  }
  arb_mul(t, pi, x, prec);
  arb_div(t, t, half, prec);
  arb_div(cdf, x, half, prec);
  arb_add_ui(cdf, cdf, 1, prec);
  arb_mul_2exp_si(cdf, cdf, -1);
  for (ulong k = 1; k < MAX_TERMS; k++) {
    add_term(cdf, a, n, t, k, prec);
    if (tail_bound(tail, a, n, k) && mag_cmp_2exp_si(tail, -prec / 2) < 0)
      break;
  }
  arb_add_error_mag(cdf, tail);
  arb_clear(half);
  arb_clear(pi);
  arb_clear(t);
  mag_clear(tail);
  _arb_vec_clear(a, n);
}

status_t adjoint_law_cdf(arb_t cdf, const adjoint_law_t law, const arb_t x,
                         slong prec) {
  slong n, alloc;
  arb_struct *w = half_widths(&n, &alloc, law, prec);
  if (!w) return STATUS_UNDECIDED;
  arb_t centred, reach;
  arb_init(centred);
  arb_init(reach);
  arb_set_fmpq(centred, law->constant, prec);
  arb_sub(centred, x, centred, prec);
  for (slong i = 0; i < n; i++) arb_add(reach, reach, w + i, prec);
  status_t status = n ? STATUS_OK : STATUS_UNDECIDED;
  if (n) {
    if (arb_ge(centred, reach)) {
      arb_one(cdf);
    } else {
      arb_neg(reach, reach);
      if (arb_le(centred, reach)) arb_zero(cdf);
      else if (n <= MAX_SIGNS) cdf_polynomial(cdf, w, n, centred, prec);
      else cdf_series(cdf, w, n, centred, prec);
    }
  }
  arb_clear(centred);
  arb_clear(reach);
  _arb_vec_clear(w, alloc);
  return status;
}
