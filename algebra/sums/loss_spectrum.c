#include "algebra/sums/loss_spectrum.h"

#include "algebra/sums/fermion_numbers.h"

enum { PREC_BITS = FERMION_PREC_BITS };

void loss_spectrum_clear(loss_spectrum_t *s) {
  _arb_vec_clear(s->values, s->alloc);
  flint_free(s->counts);
}

static void insert_value(loss_spectrum_t *s, const arb_t value, slong count) {
  slong k = s->length++;
  for (; k && arb_gt(value, s->values + k - 1); k--) {
    arb_set(s->values + k, s->values + k - 1);
    s->counts[k] = s->counts[k - 1];
  }
  arb_set(s->values + k, value);
  s->counts[k] = count;
}

void loss_spectrum_init(loss_spectrum_t *s, const fmpq_mat_t x, slong unseen) {
  slong n = fmpq_mat_nrows(x);
  fmpz_mat_t whole;
  fmpz_poly_t charpoly;
  fmpz_poly_factor_t factors;
  fmpq_poly_t factor;
  fmpz_t den, scale;
  arb_t value;
  *s = (loss_spectrum_t){0, n, _arb_vec_init(n),
                         flint_malloc((size_t)n * sizeof *s->counts)};
  fmpz_mat_init(whole, n, n);
  fmpz_poly_init(charpoly);
  fmpz_poly_factor_init(factors);
  fmpq_poly_init(factor);
  fmpz_init(den);
  fmpz_init(scale);
  arb_init(value);
  fmpq_mat_get_fmpz_mat_matwise(whole, den, x);
  fmpz_mat_charpoly(charpoly, whole);
  fmpz_poly_factor(factors, charpoly);
  for (slong k = 0; k < factors->num; k++) {
    slong degree = fmpz_poly_degree(factors->p + k), count = factors->exp[k];
    fmpq_poly_set_fmpz_poly(factor, factors->p + k);
    arb_struct *roots = fermion_real_roots(factor);
    for (slong i = 0; i < degree; i++) {
      bool zero = degree == 1 && fmpz_is_zero(factors->p[k].coeffs);
      if (zero && !(count -= unseen)) continue;
      arb_div_fmpz(value, roots + i, den, PREC_BITS);
      if (degree == 1) { /* an exact ball, where it can be */
        fmpz_mul(scale, den, factors->p[k].coeffs + 1);
        arb_fmpz_div_fmpz(value, factors->p[k].coeffs, scale, PREC_BITS);
        arb_neg(value, value);
      }
      insert_value(s, value, count);
    }
    _arb_vec_clear(roots, degree);
  }
  fmpz_mat_clear(whole);
  fmpz_poly_clear(charpoly);
  fmpz_poly_factor_clear(factors);
  fmpq_poly_clear(factor);
  fmpz_clear(den);
  fmpz_clear(scale);
  arb_clear(value);
}

void loss_spectrum_fill(arb_struct *out, size_t rank, const loss_spectrum_t *s, slong times) {
  size_t at = 0;
  for (slong k = 0; k < s->length; k++)
    for (slong c = 0; c < s->counts[k] / times && at < rank; c++)
      arb_set(out + at++, s->values + k);
}

void loss_spectrum_shift(loss_spectrum_t *s, slong times) {
  slong most = 0;
  arb_t common;
  for (slong k = 1; k < s->length; k++)
    if (s->counts[k] > s->counts[most]) most = k;
  if (!s->length || s->counts[most] <= times) return;
  arb_init(common);
  arb_set(common, s->values + most);
  for (slong k = 0; k < s->length; k++) {
    arb_sub(s->values + k, s->values + k, common, PREC_BITS);
    if (k == most) arb_zero(s->values + k);
  }
  arb_clear(common);
}

void loss_scale_sums(fmpq *sums, const fmpq_t factor) {
  fmpq_t square;
  fmpq_init(square);
  fmpq_mul(square, factor, factor);
  fmpq_mul(sums, sums, square);
  fmpq_mul(square, square, square);
  fmpq_mul(sums + 1, sums + 1, square);
  fmpq_clear(square);
}

void loss_scale_numbers(arb_struct *list, size_t rank, const fmpq_t factor) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, factor, PREC_BITS);
  for (size_t k = 0; k < rank; k++) arb_mul(list + k, list + k, ball, PREC_BITS);
  arb_clear(ball);
}
