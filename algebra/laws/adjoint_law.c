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

size_t adjoint_law_codimension(const adjoint_law_t law) {
  size_t count = 0;
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (fmpq_is_zero(f->second)) continue;
    for (size_t k = 0; k < f->count; k++) {
      const arb_struct *b = f->observable + k * f->rank, *s = f->state + k * f->rank;
      count += count_roots(b, s, f->rank, f->modes % 2, f->orientation);
    }
  }
  return 2 * count;
}
