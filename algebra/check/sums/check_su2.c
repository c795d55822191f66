#include "algebra/check/sums/check_su2.h"

#include <string.h>

#include "algebra/check/sums/check_prime.h"

/* MAX_TOTAL: of i + j in M_ij. A fraction that is made again from NUM_PRIMES residues has
   numerator and denominator of at most DIGITS bits for each prime: a wrong residue looks
   like one with a probability of about 2^-24. */
enum { NUM_PRIMES = 4, MAX_TOTAL = 10, DIGITS = 27, PREC_BITS = 192, MAX_SCALE = 16 };

/* What one prime says. */
typedef struct {
  check_prime_t p;
  size_t count;         /* of ideals */
  mp_limb_t *powers;    /* sum_k t_k^i */
  nmod_poly_t o, r;     /* |P_k O|^2 and |P_k rho|^2 at t_k */
} view_t;

/* --- modulo a prime ------------------------------------------------------------------------ */

static bool are_su2(const check_split_struct *split) {
  for (size_t k = 0; k < split->num_factors; k++)
    if (split->pairs[k].first != 3 || split->pairs[k].second != 1) return false;
  return true;
}

static bool residue(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (den) *out = nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n), den, mod);
  return den != 0;
}

/* Column: the coefficients, or the numbers Tr(rho P), on the strings. */
static bool set_vector(nmod_mat_t out, const row_table_t strings, const pauli_sum_struct *o,
                       const quantum_state_struct *rho, nmod_t mod) {
  fmpq_t x;
  bool ok = true;
  fmpq_init(x);
  for (size_t i = 0; i < strings->length && ok; i++) {
    if (o) pauli_sum_coefficient(x, o, row_table_row(strings, i));
    else quantum_state_expectation(x, rho, row_table_row(strings, i));
    ok = residue(&nmod_mat_entry(out, (slong)i, 0), x, mod);
  }
  fmpq_clear(x);
  return ok;
}

/* out: q with sum_k t_k^i q(t_k) = h(x, T^i x), x the vector's projection on [g, g]. */
static bool set_polynomial(nmod_poly_t out, const view_t *v, const nmod_mat_t centroid,
                           const nmod_mat_t elements, const nmod_mat_t gram,
                           const nmod_mat_t vector) {
  slong n = nmod_mat_nrows(elements), count = (slong)v->count;
  nmod_t mod = v->p.mod;
  nmod_mat_t inner, c, next, hankel, right, solved;
  nmod_mat_init(inner, n, 1, mod.n);
  nmod_mat_init(c, n, 1, mod.n);
  nmod_mat_init(next, 1, n, mod.n);
  nmod_mat_init(hankel, count, count, mod.n);
  nmod_mat_init(right, count, 1, mod.n);
  nmod_mat_init(solved, count, 1, mod.n);
  nmod_mat_mul(inner, elements, vector);
  bool ok = nmod_mat_solve(c, gram, inner);
  nmod_mat_t at;
  nmod_mat_init(at, 1, n, mod.n);
  for (slong k = 0; k < n; k++) nmod_mat_entry(at, 0, k) = nmod_mat_entry(c, k, 0);
  for (slong i = 0; i < count && ok; i++) {
    mp_limb_t sum = 0;
    for (slong k = 0; k < n; k++)
      sum = nmod_addmul(sum, nmod_mat_entry(at, 0, k), nmod_mat_entry(inner, k, 0), mod);
    nmod_mat_entry(right, i, 0) = sum;
    for (slong k = 0; k < count; k++) nmod_mat_entry(hankel, i, k) = v->powers[i + k];
    nmod_mat_mul(next, at, centroid);
    nmod_mat_swap(at, next);
  }
  ok = ok && nmod_mat_solve(solved, hankel, right);
  for (slong k = 0; k < count && ok; k++)
    nmod_poly_set_coeff_ui(out, k, nmod_mat_entry(solved, k, 0));
  nmod_mat_clear(at);
  nmod_mat_clear(inner);
  nmod_mat_clear(c);
  nmod_mat_clear(next);
  nmod_mat_clear(hankel);
  nmod_mat_clear(right);
  nmod_mat_clear(solved);
  return ok;
}

/* tr T^i / 3 for i < 2 count. */
static void set_powers(view_t *v, const nmod_mat_t centroid) {
  slong n = nmod_mat_nrows(centroid);
  nmod_mat_t power, next;
  mp_limb_t third = n_invmod(3, v->p.mod.n);
  nmod_mat_init(power, n, n, v->p.mod.n);
  nmod_mat_init(next, n, n, v->p.mod.n);
  nmod_mat_one(power);
  for (size_t i = 0; i < 2 * v->count; i++) {
    v->powers[i] = nmod_mul(nmod_mat_trace(power), third, v->p.mod);
    nmod_mat_mul(next, power, centroid);
    nmod_mat_swap(power, next);
  }
  nmod_mat_clear(power);
  nmod_mat_clear(next);
}

static bool view_from(view_t *v, const nmod_mat_t centroid, const nmod_mat_t elements,
                      const row_table_t strings, const pauli_sum_struct *o,
                      const quantum_state_struct *rho) {
  slong n = nmod_mat_nrows(elements), columns = nmod_mat_ncols(elements);
  nmod_mat_t turned, gram, vector;
  bool ok = are_su2(&v->p.ideals);
  v->count = (size_t)n / 3;
  v->powers = flint_malloc((2 * v->count + 1) * sizeof *v->powers);
  nmod_mat_init(turned, columns, n, v->p.mod.n);
  nmod_mat_init(gram, n, n, v->p.mod.n);
  nmod_mat_init(vector, columns, 1, v->p.mod.n);
  if (ok) {
    set_powers(v, centroid);
    nmod_mat_transpose(turned, elements);
    nmod_mat_mul(gram, elements, turned);
    ok = set_vector(vector, strings, o, NULL, v->p.mod) &&
         set_polynomial(v->o, v, centroid, elements, gram, vector) &&
         set_vector(vector, strings, NULL, rho, v->p.mod) &&
         set_polynomial(v->r, v, centroid, elements, gram, vector);
  }
  nmod_mat_clear(turned);
  nmod_mat_clear(gram);
  nmod_mat_clear(vector);
  return ok;
}

/* To be cleared in any case. */
static bool view_init(view_t *v, const check_generators_t generators,
                      const pauli_sum_struct *o, const quantum_state_struct *rho) {
  nmod_mat_t centroid, elements;
  row_table_t strings;
  *v = (view_t){.count = 0};
  bool ok = check_prime_init(&v->p, generators);
  nmod_poly_init(v->o, v->p.mod.n);
  nmod_poly_init(v->r, v->p.mod.n);
  if (!ok || !check_sum_centroid(centroid, elements, strings, &v->p, generators))
    return false;
  ok = view_from(v, centroid, elements, strings, o, rho);
  nmod_mat_clear(centroid);
  nmod_mat_clear(elements);
  row_table_clear(strings);
  return ok;
}

static void view_clear(view_t *v) {
  nmod_poly_clear(v->o);
  nmod_poly_clear(v->r);
  flint_free(v->powers);
  check_prime_clear(&v->p);
}

/* M_ij */
static mp_limb_t view_moment(const view_t *v, ulong i, ulong j) {
  nmod_poly_t x, y;
  mp_limb_t sum = 0;
  nmod_poly_init(x, v->p.mod.n);
  nmod_poly_init(y, v->p.mod.n);
  nmod_poly_powmod_ui_binexp(x, v->o, i, v->p.ideals.whole);
  nmod_poly_powmod_ui_binexp(y, v->r, j, v->p.ideals.whole);
  nmod_poly_mulmod(x, x, y, v->p.ideals.whole);
  for (slong k = 0; k < nmod_poly_length(x); k++)
    sum = nmod_addmul(sum, nmod_poly_get_coeff_ui(x, k), v->powers[k], v->p.mod);
  nmod_poly_clear(x);
  nmod_poly_clear(y);
  return sum;
}

/* --- fractions ------------------------------------------------------------------------------- */

/* False: there is none of so few digits. */
static bool moment(fmpq_t out, const view_t *views, ulong i, ulong j) {
  fmpz_t value, modulus, bound;
  fmpz_init(value);
  fmpz_init(bound);
  fmpz_init_set_ui(modulus, 1);
  for (size_t k = 0; k < NUM_PRIMES; k++) {
    fmpz_CRT_ui(value, value, modulus, view_moment(views + k, i, j), views[k].p.mod.n, 0);
    fmpz_mul_ui(modulus, modulus, views[k].p.mod.n);
  }
  fmpz_one(bound);
  fmpz_mul_2exp(bound, bound, DIGITS * NUM_PRIMES);
  bool found = _fmpq_reconstruct_fmpz_2(fmpq_numref(out), fmpq_denref(out), value, modulus,
                                        bound, bound);
  fmpz_clear(value);
  fmpz_clear(modulus);
  fmpz_clear(bound);
  return found;
}

/* sum_k b_k^(2i) s_k^(2j) */
static void claimed(arb_t out, const arb_struct *b, const arb_struct *s, size_t length,
                    ulong i, ulong j) {
  arb_t x, y;
  arb_init(x);
  arb_init(y);
  arb_zero(out);
  for (size_t k = 0; k < length; k++) {
    arb_pow_ui(x, b + k, 2 * i, PREC_BITS);
    arb_pow_ui(y, s + k, 2 * j, PREC_BITS);
    arb_addmul(out, x, y, PREC_BITS);
  }
  arb_clear(x);
  arb_clear(y);
}

/* Does the claim say M_ij 2^(scale (i - j))? */
static answer_t agrees(const view_t *views, const arb_struct *b, const arb_struct *s,
                       size_t length, ulong i, ulong j, slong scale) {
  arb_t ball;
  fmpq_t value;
  arb_init(ball);
  fmpq_init(value);
  answer_t answer = ANSWER_UNDECIDED;
  claimed(ball, b, s, length, i, j);
  arb_mul_2exp_si(ball, ball, -scale * ((slong)i - (slong)j));
  if (moment(value, views, i, j))
    answer = arb_contains_fmpq(ball, value) ? ANSWER_YES : ANSWER_NO;
  arb_clear(ball);
  fmpq_clear(value);
  return answer;
}

/* The power of 2 for which the first moment agrees; false: there is none. */
static bool find_scale(slong *scale, const view_t *views, const arb_struct *b,
                       const arb_struct *s, size_t length) {
  for (slong size = 0; size <= MAX_SCALE; size++)
    for (int sign = 1; sign >= -1; sign -= 2) {
      *scale = sign * size;
      if (agrees(views, b, s, length, 1, 0, *scale) == ANSWER_YES &&
          agrees(views, b, s, length, 0, 1, *scale) == ANSWER_YES)
        return true;
    }
  return false;
}

/* As many moments as there are numbers, and some more. */
static answer_t compare(const view_t *views, const arb_struct *b, const arb_struct *s,
                        size_t length, slong scale) {
  size_t wanted = 2 * views->count + 4, seen = 0;
  answer_t answer = ANSWER_YES;
  for (ulong total = 1; total <= MAX_TOTAL && seen < wanted && answer == ANSWER_YES; total++)
    for (ulong i = 0; i <= total && answer == ANSWER_YES; i++, seen++)
      answer = agrees(views, b, s, length, i, total - i, scale);
  return answer == ANSWER_YES && seen < wanted ? ANSWER_UNDECIDED : answer;
}

/* What the law depends on: the products b_k s_k. */
static answer_t compare_products(const view_t *views, const arb_struct *b,
                                 const arb_struct *s, size_t length) {
  answer_t answer = ANSWER_YES;
  for (ulong i = 1; i <= MAX_TOTAL / 2 && i <= views->count && answer == ANSWER_YES; i++)
    answer = agrees(views, b, s, length, i, i, 0);
  return answer;
}

answer_t check_su2_spectra(const arb_struct *b, const arb_struct *s, size_t length,
                           const check_generators_t generators,
                           const pauli_sum_t observable, const quantum_state_t state) {
  view_t views[NUM_PRIMES];
  size_t made = 0;
  bool ok = true;
  answer_t answer = ANSWER_UNDECIDED;
  slong scale;
  for (; made < NUM_PRIMES && ok; made++)
    ok = view_init(views + made, generators, observable, state);
  if (ok && length > views->count) {
    answer = ANSWER_NO;
  } else if (ok) {
    answer = find_scale(&scale, views, b, s, length) ? compare(views, b, s, length, scale)
                                                     : ANSWER_UNDECIDED;
    if (answer != ANSWER_YES && compare_products(views, b, s, length) == ANSWER_NO)
      answer = ANSWER_NO;
  }
  for (size_t k = 0; k < made; k++) view_clear(views + k);
  return answer;
}
