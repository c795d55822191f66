#include "algebra/sums/charpoly.h"

#include "algebra/closure/module.h"

/* prod (1 + r_i) */
static void set_bound(fmpz_t bound, const fmpz_mat_t b) {
  fmpz_t row, x;
  fmpz_init(row);
  fmpz_init(x);
  fmpz_one(bound);
  for (slong i = 0; i < fmpz_mat_nrows(b); i++) {
    fmpz_one(row);
    for (slong k = 0; k < fmpz_mat_ncols(b); k++) {
      fmpz_abs(x, fmpz_mat_entry(b, i, k));
      fmpz_add(row, row, x);
    }
    fmpz_mul(bound, bound, row);
  }
  fmpz_clear(row);
  fmpz_clear(x);
}

/* det(t - b). */
static bool integral(fmpz_poly_t out, const fmpz_mat_t b,
                     const closure_limits_t *limits) {
  slong n = fmpz_mat_nrows(b);
  mp_limb_t prime = UINT64_C(1) << 62;
  fmpz_t bound, modulus;
  fmpz_init(bound);
  fmpz_init_set_ui(modulus, 1);
  set_bound(bound, b);
  fmpz_mul_2exp(bound, bound, 1);
  fmpz_poly_zero(out);
  bool ok = true;
  while (ok && fmpz_cmp(modulus, bound) <= 0) {
    nmod_mat_t residues;
    nmod_poly_t p;
    ok = !limits_abort(limits);
    if (!ok) break;
    prime = n_nextprime(prime, 0);
    nmod_mat_init(residues, n, n, prime);
    nmod_poly_init(p, prime);
    fmpz_mat_get_nmod_mat(residues, b);
    nmod_mat_charpoly(p, residues);
    fmpz_poly_CRT_ui(out, out, modulus, p, 1);
    fmpz_mul_ui(modulus, modulus, prime);
    nmod_poly_clear(p);
    nmod_mat_clear(residues);
  }
  fmpz_clear(bound);
  fmpz_clear(modulus);
  return ok;
}

bool charpoly_rational(fmpq_poly_t out, const fmpq_mat_t a,
                       const closure_limits_t *limits) {
  fmpz_mat_t b;
  fmpz_poly_t whole;
  fmpz_t den;
  fmpq_t scale;
  fmpz_mat_init(b, fmpq_mat_nrows(a), fmpq_mat_ncols(a));
  fmpz_poly_init(whole);
  fmpz_init(den);
  fmpq_init(scale);
  fmpq_mat_get_fmpz_mat_matwise(b, den, a);
  bool ok = integral(whole, b, limits);
  if (ok) { /* det(t - b/D) = D^-n det(D t - b) */
    fmpq_poly_set_fmpz_poly(out, whole);
    fmpz_set(fmpq_numref(scale), den);
    fmpq_poly_rescale(out, out, scale);
    fmpq_poly_make_monic(out, out);
  }
  fmpz_mat_clear(b);
  fmpz_poly_clear(whole);
  fmpz_clear(den);
  fmpq_clear(scale);
  return ok;
}
