#include "algebra/sectors/gauss_matrix.h"

void gauss_matrix_init(gauss_matrix_t a, size_t rows, size_t cols) {
  fmpz_mat_init(a->re, (slong)rows, (slong)cols);
  fmpz_mat_init(a->im, (slong)rows, (slong)cols);
  fmpz_init_set_ui(a->den, 1);
}

void gauss_matrix_clear(gauss_matrix_t a) {
  fmpz_mat_clear(a->re);
  fmpz_mat_clear(a->im);
  fmpz_clear(a->den);
}

void gauss_matrix_reduce(gauss_matrix_t a) {
  fmpz_t g, h;
  fmpz_init(g);
  fmpz_init(h);
  fmpz_mat_content(g, a->re);
  fmpz_mat_content(h, a->im);
  fmpz_gcd(g, g, h);
  fmpz_gcd(g, g, a->den);
  if (!fmpz_is_one(g)) {
    fmpz_mat_scalar_divexact_fmpz(a->re, a->re, g);
    fmpz_mat_scalar_divexact_fmpz(a->im, a->im, g);
    fmpz_divexact(a->den, a->den, g);
  }
  fmpz_clear(g);
  fmpz_clear(h);
}

void gauss_matrix_mul(gauss_matrix_t out, const gauss_matrix_t a,
                      const gauss_matrix_t b) {
  bool real = fmpz_mat_is_zero(a->im) && fmpz_mat_is_zero(b->im);
  fmpz_mat_t t;
  fmpz_mat_mul(out->re, a->re, b->re);
  fmpz_mat_zero(out->im);
  if (!real) {
    fmpz_mat_init(t, fmpz_mat_nrows(out->re), fmpz_mat_ncols(out->re));
    fmpz_mat_mul(t, a->im, b->im);
    fmpz_mat_sub(out->re, out->re, t);
    fmpz_mat_mul(out->im, a->re, b->im);
    fmpz_mat_mul(t, a->im, b->re);
    fmpz_mat_add(out->im, out->im, t);
    fmpz_mat_clear(t);
  }
  fmpz_mul(out->den, a->den, b->den);
  gauss_matrix_reduce(out);
}

static void set_quotient(fmpq_t out, const fmpz_t num, const fmpz_t den) {
  fmpz_set(fmpq_numref(out), num);
  fmpz_set(fmpq_denref(out), den);
  fmpq_canonicalise(out);
}

void gauss_matrix_trace(fmpq_t out, const gauss_matrix_t a) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_mat_trace(t, a->re);
  set_quotient(out, t, a->den);
  fmpz_clear(t);
}

void gauss_matrix_trace_product(fmpq_t out, const gauss_matrix_t a,
                                const gauss_matrix_t b) {
  fmpz_t sum, den;
  fmpz_init(sum);
  fmpz_init(den);
  for (slong i = 0; i < fmpz_mat_nrows(a->re); i++)
    for (slong k = 0; k < fmpz_mat_ncols(a->re); k++) {
      fmpz_addmul(sum, fmpz_mat_entry(a->re, i, k), fmpz_mat_entry(b->re, k, i));
      fmpz_submul(sum, fmpz_mat_entry(a->im, i, k), fmpz_mat_entry(b->im, k, i));
    }
  fmpz_mul(den, a->den, b->den);
  set_quotient(out, sum, den);
  fmpz_clear(sum);
  fmpz_clear(den);
}

bool gauss_matrix_is_zero(const gauss_matrix_t a) {
  return fmpz_mat_is_zero(a->re) && fmpz_mat_is_zero(a->im);
}

void gauss_matrix_get_nmod(nmod_mat_t out, const gauss_matrix_t a, mp_limb_t root) {
  nmod_t mod = out->mod;
  mp_limb_t inverse = nmod_inv(fmpz_fdiv_ui(a->den, mod.n), mod);
  for (slong i = 0; i < nmod_mat_nrows(out); i++)
    for (slong k = 0; k < nmod_mat_ncols(out); k++) {
      mp_limb_t v = fmpz_fdiv_ui(fmpz_mat_entry(a->re, i, k), mod.n);
      mp_limb_t w = fmpz_fdiv_ui(fmpz_mat_entry(a->im, i, k), mod.n);
      v = nmod_addmul(v, w, root, mod);
      nmod_mat_entry(out, i, k) = nmod_mul(v, inverse, mod);
    }
}
