#include "algebra/check/sums/check_small_ideals.h"

static mp_limb_t coefficient(const nmod_poly_t f, slong k) {
  return nmod_poly_get_coeff_ui(f, k);
}

/* out: its roots are the squares of the eigenvalues on the doublets of the ideals su(2):
   of f on C^2, on C^3, on C^4 = C^2 (x) C^2 for so(4). */
static void doublets(nmod_poly_t out, const nmod_poly_t f) {
  nmod_t mod = f->mod;
  mp_limb_t quarter = nmod_inv(4, mod), sum;
  nmod_poly_zero(out);
  switch (nmod_poly_degree(f)) {
    case 2: /* x^2 - a */
      nmod_poly_set_coeff_ui(out, 1, 1);
      nmod_poly_set_coeff_ui(out, 0, coefficient(f, 0));
      return;
    case 3: /* x^3 - 4 a x */
      nmod_poly_set_coeff_ui(out, 1, 1);
      nmod_poly_set_coeff_ui(out, 0, nmod_mul(coefficient(f, 1), quarter, mod));
      return;
    default: /* x^4 - 2 (a + b) x^2 + (a - b)^2 */
      sum = nmod_div(nmod_neg(coefficient(f, 2), mod), 2, mod);
      nmod_poly_set_coeff_ui(out, 2, 1);
      nmod_poly_set_coeff_ui(out, 1, nmod_neg(sum, mod));
      nmod_poly_set_coeff_ui(
          out, 0, nmod_mul(nmod_sub(nmod_mul(sum, sum, mod), coefficient(f, 0), mod),
                           quarter, mod));
  }
}

/* Is g, of degree 5 (times x) or 6, that of the sums of two roots of f, of degree 4?
   Of x^4 + p x^2 + q x + r: y^6 + 2 p y^4 + (p^2 - 4 r) y^2 - q^2. */
static bool is_exterior_square(const nmod_poly_t g, const nmod_poly_t f) {
  nmod_t mod = f->mod;
  slong six = nmod_poly_degree(g) == 6;
  mp_limb_t p = coefficient(f, 2), q = coefficient(f, 1);
  mp_limb_t middle = nmod_sub(nmod_mul(p, p, mod), nmod_mul(4, coefficient(f, 0), mod),
                              mod);
  return coefficient(g, 3 + six) == nmod_add(p, p, mod) &&
         coefficient(g, 1 + six) == middle &&
         (!six || coefficient(g, 0) == nmod_neg(nmod_mul(q, q, mod), mod));
}

typedef enum { SMALL_NONE, SMALL_DOUBLETS, SMALL_SP2, SMALL_SO5, SMALL_SU4, SMALL_SO6 }
    small_t;

static small_t small_kind(const check_module_t *m) {
  bool orthogonal = m->acts == CHECK_ACTS_ORTHOGONAL;
  switch (m->dimension) {
    case 2: return SMALL_DOUBLETS;
    case 3: return orthogonal ? SMALL_DOUBLETS : SMALL_NONE;
    case 4: return orthogonal ? SMALL_DOUBLETS
                              : m->acts == CHECK_ACTS_LINEAR ? SMALL_SU4 : SMALL_SP2;
    case 5: return orthogonal ? SMALL_SO5 : SMALL_NONE;
    case 6: return orthogonal ? SMALL_SO6 : SMALL_NONE;
    default: return SMALL_NONE;
  }
}

bool check_kinds_may_share(const check_module_t *a, const check_module_t *b) {
  small_t x = small_kind(a), y = small_kind(b);
  return (x == SMALL_DOUBLETS && y == SMALL_DOUBLETS) || (x == SMALL_SP2 && y == SMALL_SO5) ||
         (x == SMALL_SU4 && y == SMALL_SO6);
}

bool check_spectra_may_share(const check_module_t *a, const check_module_t *b,
                             const nmod_poly_t f, const nmod_poly_t g) {
  if (!check_kinds_may_share(a, b)) return false;
  if (small_kind(a) != SMALL_DOUBLETS) return is_exterior_square(g, f);
  nmod_poly_t x, y;
  nmod_poly_init_mod(x, f->mod);
  nmod_poly_init_mod(y, f->mod);
  doublets(x, f);
  doublets(y, g);
  nmod_poly_gcd(x, x, y);
  bool may = nmod_poly_degree(x) > 0;
  nmod_poly_clear(x);
  nmod_poly_clear(y);
  return may;
}
