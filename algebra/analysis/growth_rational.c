#include "algebra/analysis/growth_rational.h"

#include "algebra/base/flint_compat.h"

/* Row i: coefficients of den(v) A(y_i) - num(v) B(y_i). */
static void fill(fmpz_mat_t m, slong a, slong b, const fmpz *points,
                 const fmpq *values, slong length) {
  fmpz_t power;
  fmpz_init(power);
  for (slong i = 0; i < length; i++) {
    fmpz_one(power);
    for (slong k = 0; k <= (a > b ? a : b); k++) {
      if (k <= a)
        fmpz_mul(fmpz_mat_entry(m, i, k), power, fmpq_denref(values + i));
      if (k <= b) {
        fmpz_mul(fmpz_mat_entry(m, i, a + 1 + k), power,
                 fmpq_numref(values + i));
        fmpz_neg(fmpz_mat_entry(m, i, a + 1 + k),
                 fmpz_mat_entry(m, i, a + 1 + k));
      }
      fmpz_mul(power, power, points + i);
    }
  }
  fmpz_clear(power);
}

/* Of full column rank modulo a prime, hence over Q? Most forms fail here, at a
   fraction of the cost. */
static bool has_full_rank(const fmpz_mat_t system) {
  enum { PRIME_BITS = 60 };
  nmod_mat_t residues;
  nmod_mat_init(residues, fmpz_mat_nrows(system), fmpz_mat_ncols(system),
                n_nextprime(UWORD(1) << PRIME_BITS, 1));
  fmpz_mat_get_nmod_mat(residues, system);
  bool full = nmod_mat_rank(residues) == fmpz_mat_ncols(system);
  nmod_mat_clear(residues);
  return full;
}

static bool vanishes(const fmpz *polynomial, slong degree, const fmpz_t point) {
  fmpz_t value;
  fmpz_init(value);
  for (slong k = degree; k >= 0; k--) {
    fmpz_mul(value, value, point);
    fmpz_add(value, value, polynomial + k);
  }
  bool zero = fmpz_is_zero(value);
  fmpz_clear(value);
  return zero;
}

bool growth_rational_fit(fmpz *numerator, fmpz *denominator, slong a, slong b,
                         const fmpz *points, const fmpq *values,
                         slong length) {
  fmpz_mat_t system, kernel;
  slong columns = a + b + 2;
  fmpz_mat_init(system, length, columns);
  fmpz_mat_init(kernel, columns, columns);
  fill(system, a, b, points, values, length);
  /* A kernel of dimension 2 or more comes from a common factor: a smaller
     pair of degrees, which the caller tries first, describes it. */
  bool found =
      !has_full_rank(system) && fmpz_mat_nullspace(kernel, system) == 1;
  if (found) {
    fmpz_t content;
    fmpz_init(content);
    for (slong k = 0; k < columns; k++)
      fmpz_gcd(content, content, fmpz_mat_entry(kernel, k, 0));
    slong top = b;
    while (top >= 0 && fmpz_is_zero(fmpz_mat_entry(kernel, a + 1 + top, 0)))
      top--;
    found = top >= 0;
    if (found && fmpz_sgn(fmpz_mat_entry(kernel, a + 1 + top, 0)) < 0)
      fmpz_neg(content, content);
    for (slong k = 0; found && k < columns; k++)
      fmpz_divexact(k <= a ? numerator + k : denominator + (k - a - 1),
                    fmpz_mat_entry(kernel, k, 0), content);
    for (slong i = 0; found && i < length; i++)
      found = !vanishes(denominator, b, points + i);
    fmpz_clear(content);
  }
  fmpz_mat_clear(system);
  fmpz_mat_clear(kernel);
  return found;
}
