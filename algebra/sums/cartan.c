#include "algebra/sums/cartan.h"

#include <stdint.h>

#include "algebra/base/flint_compat.h"
#include <flint/ulong_extras.h>

typedef struct {
  char letter;
  size_t rank, dimension, least; /* least faithful representation */
} type_struct;

/* traces[k] = tr (ad x)^k, k = 1..most, from the characteristic polynomial
   t^D + a_1 t^(D-1) + ...: p_k + a_1 p_(k-1) + ... + k a_k = 0. */
static void power_traces(mp_limb_t *traces, size_t most,
                         const nmod_poly_struct *poly) {
  nmod_t mod = poly->mod;
  size_t degree = (size_t)nmod_poly_degree(poly);
  for (size_t k = 1; k <= most; k++) {
    mp_limb_t sum = 0;
    for (size_t i = 1; i < k && i <= degree; i++)
      sum = nmod_add(sum, nmod_mul(nmod_poly_get_coeff_ui(
                                       poly, (slong)(degree - i)),
                                   traces[k - i], mod), mod);
    if (k <= degree)
      sum = nmod_add(sum, nmod_mul(k, nmod_poly_get_coeff_ui(
                                          poly, (slong)(degree - k)), mod),
                     mod);
    traces[k] = nmod_neg(sum, mod);
  }
}

/* Can tr ad^2k, k = 1, 2, ... be those of roots built on x_1..x_r? With
   y_k = sum x_i^2k (y_0 = r):
     sum over roots +-x_i+-x_j, i < j:  2 sum_l C(2k,2l) y_l y_(k-l) - 4^k y_k,
   plus 2 y_k for B, 2 4^k y_k for C. The first r equations give y_1..y_r;
   Newton's identities for r numbers give the rest, which are compared.
   The eigenvalues of ad x are i times the roots: tr ad^2k carries (-1)^k. */
static bool classical_fits(char letter, size_t rank, const mp_limb_t *traces,
                           nmod_t mod) {
  enum { EXTRA = 4 };
  size_t most = rank + EXTRA;
  mp_limb_t *y = _nmod_vec_init((slong)(2 * most + 2)), *e = y + most + 1;
  bool fits = true;
  y[0] = rank % mod.n;
  e[0] = 1;
  for (size_t k = 1; k <= most && fits; k++) {
    mp_limb_t four = n_powmod2_preinv(4, (slong)k, mod.n, mod.ninv);
    mp_limb_t want = k % 2 ? nmod_neg(traces[2 * k], mod) : traces[2 * k];
    mp_limb_t rest = 0, binomial = 1; /* C(2k, 2l) */
    for (size_t l = 1; l < k; l++) {
      for (size_t i = 2 * l - 2; i < 2 * l; i++)
        binomial = nmod_mul(
            nmod_mul(binomial, (2 * k - i) % mod.n, mod),
            nmod_inv((i + 1) % mod.n, mod), mod);
      rest = nmod_add(rest, nmod_mul(binomial, nmod_mul(y[l], y[k - l], mod),
                                     mod), mod);
    }
    rest = nmod_add(rest, rest, mod);
    mp_limb_t lead = nmod_sub(nmod_mul(4, rank % mod.n, mod), four, mod);
    if (letter == 'B') lead = nmod_add(lead, 2, mod);
    if (letter == 'C')
      lead = nmod_add(lead, nmod_add(four, four, mod), mod);
    if (k <= rank) {
      if (lead == 0) break; /* no conclusion */
      y[k] = nmod_mul(nmod_sub(want, rest, mod), nmod_inv(lead, mod), mod);
      /* k e_k = sum_(i=1..k) (-1)^(i-1) e_(k-i) y_i */
      mp_limb_t sum = 0;
      for (size_t i = 1; i <= k; i++) {
        mp_limb_t t = nmod_mul(e[k - i], y[i], mod);
        sum = i % 2 ? nmod_add(sum, t, mod) : nmod_sub(sum, t, mod);
      }
      e[k] = nmod_mul(sum, nmod_inv(k, mod), mod);
    } else {
      mp_limb_t sum = 0; /* y_k = sum_(i=1..r) (-1)^(i-1) e_i y_(k-i) */
      for (size_t i = 1; i <= rank; i++) {
        mp_limb_t t = nmod_mul(e[i], y[k - i], mod);
        sum = i % 2 ? nmod_add(sum, t, mod) : nmod_sub(sum, t, mod);
      }
      y[k] = sum;
      fits = nmod_add(nmod_mul(lead, y[k], mod), rest, mod) == want;
    }
  }
  _nmod_vec_clear(y);
  return fits;
}

static bool survives(const type_struct *type, const nmod_poly_struct *poly) {
  nmod_t mod = poly->mod;
  size_t nullity = 0, most = 2 * type->rank + 10;
  while (nmod_poly_get_coeff_ui(poly, (slong)nullity) == 0) nullity++;
  if (type->rank > nullity) return false;
  if (type->letter == 'A' || most >= mod.n) return true;
  mp_limb_t *traces = _nmod_vec_init((slong)most + 1);
  power_traces(traces, most, poly);
  bool ok;
  if (type->letter >= 'E') {
    mp_limb_t left = nmod_mul(2 * (type->dimension + 2), traces[4], mod);
    mp_limb_t right = nmod_mul(5, nmod_mul(traces[2], traces[2], mod), mod);
    ok = left == right;
  } else {
    ok = classical_fits(type->letter, type->rank, traces, mod);
  }
  _nmod_vec_clear(traces);
  return ok;
}

size_t cartan_decide(char *letter, size_t *rank, size_t dimension,
                     size_t most_space, const nmod_poly_struct *charpoly) {
  static const type_struct exceptional[] = {{'G', 2, 14, 7},
                                            {'F', 4, 52, 26},
                                            {'E', 6, 78, 27},
                                            {'E', 7, 133, 56},
                                            {'E', 8, 248, 248}};
  type_struct left[16];
  size_t count = 0;
  for (size_t r = 1; r * r <= dimension && r < 100000; r++) {
    if (r * (r + 2) == dimension)
      left[count++] = (type_struct){'A', r, dimension, r + 1};
    if (r >= 2 && r * (2 * r + 1) == dimension) {
      left[count++] = (type_struct){'C', r, dimension, 2 * r};
      size_t spin = r < 40 ? (size_t)1 << r : SIZE_MAX;
      if (r >= 3)
        left[count++] = (type_struct){
            'B', r, dimension, spin < 2 * r + 1 ? spin : 2 * r + 1};
    }
    if (r >= 4 && r * (2 * r - 1) == dimension)
      left[count++] = (type_struct){'D', r, dimension, 2 * r};
  }
  for (size_t k = 0; k < sizeof exceptional / sizeof *exceptional; k++)
    if (exceptional[k].dimension == dimension) left[count++] = exceptional[k];
  size_t kept = 0;
  for (size_t k = 0; k < count; k++)
    if (left[k].least <= most_space) left[kept++] = left[k];
  count = kept;
  if (count > 1 && charpoly) {
    kept = 0;
    for (size_t k = 0; k < count; k++)
      if (survives(left + k, charpoly)) left[kept++] = left[k];
    count = kept;
  }
  if (count == 1) {
    *letter = left[0].letter;
    *rank = left[0].rank;
  }
  return count;
}
