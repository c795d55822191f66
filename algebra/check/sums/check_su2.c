#include "algebra/check/sums/check_su2.h"

#include <string.h>

#include "algebra/check/sums/check_prime.h"

/* MAX_TOTAL: of i + j in M_ij. A fraction that is made again from NUM_PRIMES residues has
   numerator and denominator of at most DIGITS bits for each prime: a wrong residue looks
   like one with a probability of about 2^-24. */
enum { NUM_PRIMES = 4, MAX_TOTAL = 10, DIGITS = 27, PREC_BITS = 192 };

/* What one prime says. */
typedef struct {
  check_prime_t p;
  size_t count;         /* of ideals */
  mp_limb_t *powers;    /* sum_k t_k^i */
  nmod_poly_t o, r;     /* b_k^2 and s_k^2 at t_k */
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

/* out: q with sum_k t_k^i q(t_k) = values[i], i < count. */
static bool interpolate(nmod_poly_t out, const view_t *v, const nmod_mat_t values) {
  slong count = (slong)v->count;
  nmod_mat_t hankel, solved;
  nmod_mat_init(hankel, count, count, v->p.mod.n);
  nmod_mat_init(solved, count, 1, v->p.mod.n);
  for (slong i = 0; i < count; i++)
    for (slong k = 0; k < count; k++) nmod_mat_entry(hankel, i, k) = v->powers[i + k];
  bool ok = nmod_mat_solve(solved, hankel, values);
  for (slong k = 0; k < count && ok; k++)
    nmod_poly_set_coeff_ui(out, k, nmod_mat_entry(solved, k, 0));
  nmod_mat_clear(hankel);
  nmod_mat_clear(solved);
  return ok;
}

/* out: q with q(t_k) = |P_k x|^2, from h(x, T^i x); x in coordinates, and inner its products
   with the basis. */
static bool set_lengths(nmod_poly_t out, const view_t *v, const nmod_mat_t centroid,
                        const nmod_mat_t x, const nmod_mat_t inner) {
  slong n = nmod_mat_nrows(centroid), count = (slong)v->count;
  nmod_mat_t values, at, next;
  nmod_mat_init(values, count, 1, v->p.mod.n);
  nmod_mat_init(at, 1, n, v->p.mod.n);
  nmod_mat_init(next, 1, n, v->p.mod.n);
  nmod_mat_transpose(at, x);
  for (slong i = 0; i < count; i++) {
    mp_limb_t sum = 0;
    for (slong k = 0; k < n; k++)
      sum = nmod_addmul(sum, nmod_mat_entry(at, 0, k), nmod_mat_entry(inner, k, 0),
                        v->p.mod);
    nmod_mat_entry(values, i, 0) = sum;
    nmod_mat_mul(next, at, centroid);
    nmod_mat_swap(at, next);
  }
  bool ok = interpolate(out, v, values);
  nmod_mat_clear(values);
  nmod_mat_clear(at);
  nmod_mat_clear(next);
  return ok;
}

/* The same of the vector's projection on [g, g]. */
static bool set_polynomial(nmod_poly_t out, const view_t *v, const check_centroid_t *c,
                           const nmod_mat_t gram, const nmod_mat_t vector) {
  slong n = nmod_mat_nrows(gram);
  nmod_mat_t inner, x;
  nmod_mat_init(inner, n, 1, v->p.mod.n);
  nmod_mat_init(x, n, 1, v->p.mod.n);
  nmod_mat_mul(inner, c->elements, vector);
  bool ok = nmod_mat_solve(x, gram, inner) && set_lengths(out, v, c->centroid, x, inner);
  nmod_mat_clear(inner);
  nmod_mat_clear(x);
  return ok;
}

/* out: lambda with b^2 = lambda(t_k) |x|^2 for x in ideal k, +-2b the eigenvalues of
   y -> [x, y]: by the element e and sum_k t_k^i b_k^2 = -tr T^i ad(e)^2 / 2. */
static bool set_normalisation(nmod_poly_t out, const view_t *v, const check_centroid_t *c,
                              const nmod_mat_t gram) {
  slong n = nmod_mat_nrows(gram), count = (slong)v->count;
  nmod_t mod = v->p.mod;
  mp_limb_t minus_half = nmod_neg(n_invmod(2, mod.n), mod);
  nmod_mat_t square, next, values, x, inner;
  nmod_poly_t length;
  nmod_mat_init(square, n, n, mod.n);
  nmod_mat_init(next, n, n, mod.n);
  nmod_mat_init(values, count, 1, mod.n);
  nmod_mat_init(x, n, 1, mod.n);
  nmod_mat_init(inner, n, 1, mod.n);
  nmod_poly_init(length, mod.n);
  nmod_mat_mul(square, c->ad, c->ad);
  for (slong i = 0; i < count; i++) {
    nmod_mat_entry(values, i, 0) = nmod_mul(nmod_mat_trace(square), minus_half, mod);
    nmod_mat_mul(next, c->centroid, square);
    nmod_mat_swap(square, next);
  }
  nmod_mat_transpose(x, c->element);
  nmod_mat_mul(inner, gram, x);
  bool ok = interpolate(out, v, values) && set_lengths(length, v, c->centroid, x, inner) &&
            nmod_poly_invmod(length, length, v->p.ideals.whole);
  if (ok) nmod_poly_mulmod(out, out, length, v->p.ideals.whole);
  nmod_mat_clear(square);
  nmod_mat_clear(next);
  nmod_mat_clear(values);
  nmod_mat_clear(x);
  nmod_mat_clear(inner);
  nmod_poly_clear(length);
  return ok;
}

/* |P_k O|^2 and |P_k rho|^2 become b^2 and s^2. */
static bool normalise(view_t *v, const check_centroid_t *c, const nmod_mat_t gram) {
  nmod_poly_t factor;
  nmod_poly_init(factor, v->p.mod.n);
  bool ok = set_normalisation(factor, v, c, gram);
  if (ok) nmod_poly_mulmod(v->o, v->o, factor, v->p.ideals.whole);
  ok = ok && nmod_poly_invmod(factor, factor, v->p.ideals.whole);
  if (ok) nmod_poly_mulmod(v->r, v->r, factor, v->p.ideals.whole);
  nmod_poly_clear(factor);
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

static bool view_from(view_t *v, const check_centroid_t *c, const pauli_sum_struct *o,
                      const quantum_state_struct *rho) {
  slong n = nmod_mat_nrows(c->elements), columns = nmod_mat_ncols(c->elements);
  nmod_mat_t turned, gram, vector;
  bool ok = are_su2(&v->p.ideals);
  v->count = (size_t)n / 3;
  v->powers = flint_malloc((2 * v->count + 1) * sizeof *v->powers);
  nmod_mat_init(turned, columns, n, v->p.mod.n);
  nmod_mat_init(gram, n, n, v->p.mod.n);
  nmod_mat_init(vector, columns, 1, v->p.mod.n);
  if (ok) {
    set_powers(v, c->centroid);
    nmod_mat_transpose(turned, c->elements);
    nmod_mat_mul(gram, c->elements, turned);
    ok = set_vector(vector, c->strings, o, NULL, v->p.mod) &&
         set_polynomial(v->o, v, c, gram, vector) &&
         set_vector(vector, c->strings, NULL, rho, v->p.mod) &&
         set_polynomial(v->r, v, c, gram, vector) && normalise(v, c, gram);
  }
  nmod_mat_clear(turned);
  nmod_mat_clear(gram);
  nmod_mat_clear(vector);
  return ok;
}

/* To be cleared in any case. */
static bool view_init(view_t *v, const check_generators_t generators,
                      const pauli_sum_struct *o, const quantum_state_struct *rho) {
  check_centroid_t c;
  *v = (view_t){.count = 0};
  bool ok = check_prime_init(&v->p, generators);
  nmod_poly_init(v->o, v->p.mod.n);
  nmod_poly_init(v->r, v->p.mod.n);
  if (!ok || !check_sum_centroid(&c, &v->p, generators)) return false;
  ok = view_from(v, &c, o, rho);
  check_sum_centroid_clear(&c);
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

/* Does the claim say M_ij? */
static answer_t agrees(const view_t *views, const arb_struct *b, const arb_struct *s,
                       size_t length, ulong i, ulong j) {
  arb_t ball;
  fmpq_t value;
  arb_init(ball);
  fmpq_init(value);
  answer_t answer = ANSWER_UNDECIDED;
  claimed(ball, b, s, length, i, j);
  if (moment(value, views, i, j))
    answer = arb_contains_fmpq(ball, value) ? ANSWER_YES : ANSWER_NO;
  arb_clear(ball);
  fmpq_clear(value);
  return answer;
}

/* As many moments as there are numbers, and some more. */
static answer_t compare(const view_t *views, const arb_struct *b, const arb_struct *s,
                        size_t length) {
  size_t wanted = 2 * views->count + 4, seen = 0;
  answer_t answer = ANSWER_YES;
  for (ulong total = 1; total <= MAX_TOTAL && seen < wanted && answer == ANSWER_YES; total++)
    for (ulong i = 0; i <= total && answer == ANSWER_YES; i++, seen++)
      answer = agrees(views, b, s, length, i, total - i);
  return answer == ANSWER_YES && seen < wanted ? ANSWER_UNDECIDED : answer;
}

answer_t check_su2_spectra(const arb_struct *b, const arb_struct *s, size_t length,
                           const check_generators_t generators,
                           const pauli_sum_t observable, const quantum_state_t state) {
  view_t views[NUM_PRIMES];
  size_t made = 0;
  bool ok = true;
  answer_t answer = ANSWER_UNDECIDED;
  for (; made < NUM_PRIMES && ok; made++)
    ok = view_init(views + made, generators, observable, state);
  if (ok) answer = length > views->count ? ANSWER_NO : compare(views, b, s, length);
  for (size_t k = 0; k < made; k++) view_clear(views + k);
  return answer;
}
