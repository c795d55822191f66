/* The centre of the associative algebra: a generic element of it, its action on
   the centre and the projectors; see sum_sectors.c. */
#include <flint/fmpq_poly.h>
#include <flint/ulong_extras.h>

#include "algebra/closure/operator_matrix.h"
#include "algebra/sums/charpoly.h"
#include "algebra/sums/sum_sectors.h"

enum { MAX_PRIMES = 400 };
/* --- the centre ------------------------------------------------------------------ */

/* Norms, denominators and coefficients of 1 of the central basis elements. */
static void measure_centre(sum_sectors_struct *s) {
  size_t columns = s->span.num_columns, w = s->span.num_words;
  fmpq *x = flint_malloc((columns + 1) * sizeof *x);
  uint64_t *zero = flint_calloc(6 * w + 1, sizeof *zero);
  uint32_t unit = span_find_column(&s->span, zero, zero + 2 * w);
  fmpz_t t;
  fmpz_init(t);
  for (size_t c = 0; c < columns; c++) fmpq_init(x + c);
  s->unit = flint_malloc((s->centre.num + 1) * sizeof *s->unit);
  s->norm = flint_malloc((s->centre.num + 1) * sizeof *s->norm);
  s->den = flint_malloc((s->centre.num + 1) * sizeof *s->den);
  for (size_t i = 0; i < s->centre.num; i++) {
    for (size_t c = 0; c < columns; c++) fmpq_zero(x + c);
    for (size_t k = 0; k < s->module.dim; k++) {
      const fmpq *a = fmpq_mat_entry(s->centre.w, (slong)i, (slong)k);
      if (fmpq_is_zero(a)) continue;
      sparse_vector_struct b;
      span_basis_vector(&b, &s->span, k);
      for (uint32_t e = 0; e < b.length; e++)
        fmpq_addmul(x + b.idx[e], a, b.val + e);
      sparse_vector_clear(&b);
    }
    fmpz_init_set_ui(s->den + i, 1);
    fmpz_init(s->norm + i);
    for (size_t c = 0; c < columns; c++)
      fmpz_lcm(s->den + i, s->den + i, fmpq_denref(x + c));
    for (size_t c = 0; c < columns; c++) {
      fmpz_divexact(t, s->den + i, fmpq_denref(x + c));
      fmpz_mul(t, t, fmpq_numref(x + c));
      fmpz_abs(t, t);
      fmpz_add(s->norm + i, s->norm + i, t);
    }
    fmpq_init(s->unit + i);
    if (unit != UINT32_MAX) fmpq_set(s->unit + i, x + unit);
  }
  for (size_t c = 0; c < columns; c++) fmpq_clear(x + c);
  fmpz_clear(t);
  flint_free(x);
  flint_free(zero);
}

/* The action of z = sum c_i z_i on the centre, modulo a prime: entry j of row i
   is coordinate pivots[j] of z z_i. False for a bad prime. */
static bool action_modulo(nmod_mat_t out, const sum_sectors_struct *s,
                          const slong *c, const module_mod_struct *m) {
  size_t num = s->centre.num, dim = s->module.dim;
  mp_limb_t *seed = flint_malloc((dim + 1) * sizeof *seed);
  nmod_mat_t words_of_one, z, row, combination, image;
  words_struct words;
  bool ok = module_row_mod(seed, s->one, 0, m->mod);
  if (!ok) memset(seed, 0, dim * sizeof *seed);
  words_init(&words, m, &seed, 1, s->limits);
  nmod_mat_init(words_of_one, (slong)dim, (slong)dim, m->mod.n);
  nmod_mat_init(z, (slong)dim, 1, m->mod.n);
  nmod_mat_init(combination, (slong)dim, 1, m->mod.n);
  nmod_mat_init(row, 1, (slong)dim, m->mod.n);
  nmod_mat_init(image, (slong)dim, (slong)dim, m->mod.n);
  ok = ok && words.num == dim;
  for (size_t i = 0; i < num && ok; i++) {
    mp_limb_t a = c[i] < 0 ? nmod_neg((mp_limb_t)-c[i], m->mod) : (mp_limb_t)c[i];
    ok = module_row_mod(seed, s->centre.w, i, m->mod);
    for (size_t k = 0; k < dim; k++)
      NMOD_ADDMUL(nmod_mat_entry(z, (slong)k, 0), a, seed[k], m->mod);
  }
  if (ok) {
    for (size_t k = 0; k < dim; k++)
      for (size_t i = 0; i < dim; i++)
        nmod_mat_entry(words_of_one, (slong)i, (slong)k) = words.vectors[k][i];
    ok = nmod_mat_solve(combination, words_of_one, z);
  }
  for (size_t i = 0; i < num && ok && !limits_abort(s->limits); i++) {
    ok = module_row_mod(seed, s->centre.w, i, m->mod);
    words_replay(image, &words, m, seed);
    for (size_t j = 0; j < num; j++) {
      mp_limb_t sum = 0;
      for (size_t k = 0; k < dim; k++)
        NMOD_ADDMUL(sum, nmod_mat_entry(combination, (slong)k, 0),
                    nmod_mat_entry(image, (slong)k, (slong)s->centre.pivots[j]),
                    m->mod);
      nmod_mat_entry(out, (slong)i, (slong)j) = sum;
    }
  }
  words_clear(&words);
  flint_free(seed);
  nmod_mat_clear(words_of_one);
  nmod_mat_clear(z);
  nmod_mat_clear(row);
  nmod_mat_clear(combination);
  nmod_mat_clear(image);
  return ok && !limits_abort(s->limits);
}

/* The same through matrices, for few qubits; p = 1 mod 4. */
static bool action_by_matrices(nmod_mat_t out, const sum_sectors_struct *s,
                               const slong *c, const module_mod_struct *m,
                               const operator_table_struct *table) {
  size_t num = s->centre.num, dim = s->module.dim;
  size_t size = (size_t)1 << 2 * s->n;
  mp_limb_t root = n_sqrtmod(m->mod.n - 1, m->mod.n);
  mp_limb_t *row = flint_calloc(2 * dim + 1, sizeof *row), *z = row + dim;
  mp_limb_t *a = flint_malloc(2 * size * sizeof *a), *b = a + size;
  bool ok = root != 0;
  for (size_t i = 0; i < num && ok; i++) {
    mp_limb_t f = c[i] < 0 ? nmod_neg((mp_limb_t)-c[i], m->mod) : (mp_limb_t)c[i];
    ok = module_row_mod(row, s->centre.w, i, m->mod);
    for (size_t k = 0; k < dim; k++) NMOD_ADDMUL(z[k], f, row[k], m->mod);
  }
  ok = ok && operator_matrix_set(a, table, z, root, m->mod);
  for (size_t i = 0; i < num && ok && !limits_abort(s->limits); i++) {
    ok = module_row_mod(row, s->centre.w, i, m->mod) &&
         operator_matrix_set(b, table, row, root, m->mod);
    for (size_t j = 0; j < num && ok; j++)
      nmod_mat_entry(out, (slong)i, (slong)j) = operator_matrix_product_at(
          table, a, b, s->module.pivot_column[s->centre.pivots[j]], root,
          m->mod);
  }
  flint_free(row);
  flint_free(a);
  return ok && !limits_abort(s->limits);
}

/* A common denominator of the entries of the action of z, and a bound on the
   entries times that. */
static void action_bound(fmpz_t den, fmpz_t bound, const sum_sectors_struct *s,
                         const slong *c) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_one(den);
  for (size_t i = 0; i < s->centre.num; i++) fmpz_lcm(den, den, s->den + i);
  fmpz_zero(bound); /* den^2 (sum |c_i| |z_i|) max |z_j| <= (that sum)^2 */
  for (size_t i = 0; i < s->centre.num; i++) {
    fmpz_divexact(t, den, s->den + i);
    fmpz_mul(t, t, s->norm + i);
    fmpz_mul_si(t, t, c[i] < 0 ? 1 - c[i] : 1 + c[i]);
    fmpz_add(bound, bound, t);
  }
  fmpz_mul(bound, bound, bound);
  fmpz_mul(den, den, den);
  fmpz_fac_ui(t, s->n);
  fmpz_mul(bound, bound, t);
  fmpz_mul(den, den, t);
  fmpz_mul_2exp(bound, bound, 1);
  fmpz_clear(t);
}

static reason_code_t find_action(sum_sectors_struct *s, const slong *c) {
  slong num = (slong)s->centre.num;
  reason_code_t reason = REASON_CENTRAL_PRODUCTS_NOT_FOUND;
  mp_limb_t p = UINT64_C(1) << 58;
  fmpz_mat_t residues, scaled;
  nmod_mat_t a;
  fmpz_t modulus, den, bound;
  fmpz_mat_init(residues, num, num);
  fmpz_mat_init(scaled, num, num);
  fmpz_init_set_ui(modulus, 1);
  size_t dim = s->module.dim, count = s->centre.num; /* a few thousand at most */
  operator_table_struct table;
  bool few = s->n <= OPERATOR_MATRIX_MAX_QUBITS &&
             (s->n + 8 * count * count) << 2 * s->n < dim * dim * dim;
  if (few) operator_table_init(&table, &s->span);
  fmpz_init(den);
  fmpz_init(bound);
  action_bound(den, bound, s, c);
  for (int round = 0; round < MAX_PRIMES; round++) {
    module_mod_struct m;
    if (limits_abort(s->limits)) {
      reason = REASON_TIME_LIMIT;
      break;
    }
    do p--;
    while (!n_is_prime(p) || p % 4 != 1);
    nmod_mat_init(a, num, num, p);
    bool good = module_mod_init(&m, &s->module, p) &&
                fmpz_fdiv_ui(den, p) != 0 &&
                (few ? action_by_matrices(a, s, c, &m, &table)
                     : action_modulo(a, s, c, &m));
    module_mod_clear(&m);
    if (good) {
      nmod_mat_scalar_mul(a, a, fmpz_fdiv_ui(den, p));
      fmpz_mat_CRT_ui(residues, residues, modulus, a, 1);
      fmpz_mul_ui(modulus, modulus, p);
    }
    nmod_mat_clear(a);
    if (fmpz_cmp(modulus, bound) > 0) {
      fmpq_mat_set_fmpz_mat_div_fmpz(s->action, residues, den);
      reason = REASON_NONE;
      break;
    }
  }
  if (few) operator_table_clear(&table);
  fmpz_mat_clear(residues);
  fmpz_mat_clear(scaled);
  fmpz_clear(modulus);
  fmpz_clear(den);
  fmpz_clear(bound);
  return reason;
}

/* A generic central z: its action on the centre, characteristic polynomial. */
static reason_code_t choose_central(sum_sectors_struct *s) {
  size_t num = s->centre.num;
  slong *c = flint_malloc((num + 1) * sizeof *c);
  fmpq_poly_t poly;
  reason_code_t reason = REASON_NO_GENERIC_CENTRAL_ELEMENT;
  fmpq_poly_init(poly);
  uint64_t state = 1; /* sectors are listed in an order that follows from these numbers */
  for (int attempt = 0; attempt < 8; attempt++) {
    for (size_t i = 0; i < num; i++) {
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
      c[i] = (slong)((state >> 33) % (uint64_t)(num * num * (num + 8))) + 1;
    }
    reason = find_action(s, c);
    if (reason) break;
    if (!charpoly_rational(poly, s->action, s->limits)) {
      reason = REASON_TIME_LIMIT;
      break;
    }
    if (fmpq_poly_is_squarefree(poly)) break;
    reason = REASON_NO_GENERIC_CENTRAL_ELEMENT;
  }
  if (!reason) {
    fmpq_poly_get_numerator(s->charpoly, poly);
    fmpz_poly_primitive_part(s->charpoly, s->charpoly);
    fmpz_poly_factor(s->factors, s->charpoly);
  }
  flint_free(c);
  fmpq_poly_clear(poly);
  return reason;
}

/* x = h(z) 1 in terms of the central basis: Horner's rule over the integers,
     X_k = X_(k+1) R + D^(deg h - k) h_k E 1,   z = R / D, E the denominator of 1. */
static void evaluate(fmpq_mat_t x, const sum_sectors_struct *s, const fmpq_poly_t h) {
  slong num = (slong)s->centre.num;
  fmpz_mat_t action, now, next;
  fmpz_t den, power, c;
  fmpz *one = _fmpz_vec_init(num);
  fmpz_mat_init(action, num, num);
  fmpz_mat_init(now, 1, num);
  fmpz_mat_init(next, 1, num);
  fmpz_init_set_ui(den, 1);
  fmpz_init_set_ui(power, 1);
  fmpz_init(c);
  for (slong j = 0; j < num; j++) { /* E, for now */
    const fmpq *v = fmpq_mat_entry(s->one, 0, (slong)s->centre.pivots[j]);
    fmpz_lcm(den, den, fmpq_denref(v));
  }
  for (slong j = 0; j < num; j++) {
    const fmpq *v = fmpq_mat_entry(s->one, 0, (slong)s->centre.pivots[j]);
    fmpz_divexact(c, den, fmpq_denref(v));
    fmpz_mul(one + j, c, fmpq_numref(v));
  }
  fmpz_mul(c, den, fmpq_poly_denref(h));
  fmpq_mat_get_fmpz_mat_matwise(action, den, s->action);
  for (slong d = fmpq_poly_degree(h); d >= 0; d--) {
    fmpz_mat_mul(next, now, action);
    for (slong j = 0; j < num; j++) {
      fmpz_mul(fmpz_mat_entry(now, 0, j), power, one + j);
      fmpz_addmul(fmpz_mat_entry(next, 0, j), fmpz_mat_entry(now, 0, j),
                  fmpq_poly_numref(h) + d);
    }
    fmpz_mat_swap(now, next);
    if (d) fmpz_mul(power, power, den);
  }
  fmpz_mul(c, c, power);
  fmpq_mat_set_fmpz_mat_div_fmpz(x, now, c);
  _fmpz_vec_clear(one, num);
  fmpz_mat_clear(action);
  fmpz_mat_clear(now);
  fmpz_mat_clear(next);
  fmpz_clear(den);
  fmpz_clear(power);
  fmpz_clear(c);
}

/* x = the projector on the factor f in terms of the central basis: (c h)(z),
   c = charpoly / f, h c = 1 mod f. */
void sum_centre_projector(fmpq_mat_t x, const sum_sectors_struct *s,
                      const fmpz_poly_struct *f) {
  fmpq_poly_t factor, rest, gcd, h, other;
  fmpz_poly_t quotient;
  fmpq_poly_init(factor);
  fmpq_poly_init(rest);
  fmpq_poly_init(gcd);
  fmpq_poly_init(h);
  fmpq_poly_init(other);
  fmpz_poly_init(quotient);
  fmpz_poly_div(quotient, s->charpoly, f);
  fmpq_poly_set_fmpz_poly(rest, quotient);
  fmpq_poly_set_fmpz_poly(factor, f);
  fmpq_poly_xgcd(gcd, h, other, rest, factor);
  fmpq_poly_mul(h, h, rest);
  evaluate(x, s, h);
  fmpq_poly_clear(factor);
  fmpq_poly_clear(rest);
  fmpq_poly_clear(gcd);
  fmpq_poly_clear(h);
  fmpq_poly_clear(other);
  fmpz_poly_clear(quotient);
}

reason_code_t sum_centre_init(sum_sectors_struct *s) {
  slong num = (slong)s->centre.num;
  fmpz_poly_init(s->charpoly);
  fmpz_poly_factor_init(s->factors);
  fmpq_mat_init(s->action, num, num);
  measure_centre(s);
  return choose_central(s);
}

void sum_centre_clear(sum_sectors_struct *s) {
  fmpz_poly_clear(s->charpoly);
  fmpz_poly_factor_clear(s->factors);
  fmpq_mat_clear(s->action);
  for (size_t i = 0; i < s->centre.num; i++) {
    fmpq_clear(s->unit + i);
    fmpz_clear(s->norm + i);
    fmpz_clear(s->den + i);
  }
  flint_free(s->unit);
  flint_free(s->norm);
  flint_free(s->den);
}
