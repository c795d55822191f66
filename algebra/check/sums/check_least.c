#include "algebra/check/sums/check_least.h"

enum { MAX_DIMENSION = 800, FIRST_BITS = 256, MOST_BITS = 4096, FRACTION_BITS = 20 };

/* --- a basis of integers ---------------------------------------------------------------- */

/* x / y = value modulo the prime, |x| and y below 2^FRACTION_BITS: half the steps of
   Euclid's algorithm. */
static bool small_fraction(slong *x, slong *y, mp_limb_t value, nmod_t mod) {
  mp_limb_t a = mod.n, b = value;
  slong s = 0, t = 1;
  while (b >> FRACTION_BITS) {
    mp_limb_t quotient = a / b, rest = a % b;
    slong next = s - (slong)quotient * t;
    a = b;
    b = rest;
    s = t;
    t = next;
    if (t >> FRACTION_BITS && -t >> FRACTION_BITS) return false;
  }
  *x = t < 0 ? -(slong)b : (slong)b;
  *y = t < 0 ? -t : t;
  return true;
}

static slong common_multiple(slong a, slong b) {
  return a / (slong)n_gcd((mp_limb_t)a, (mp_limb_t)b) * b;
}

/* A row of the echelon form as integers, times one denominator. */
static bool set_row(fmpz *out, const mp_limb_t *row, slong length, nmod_t mod) {
  slong x, y, scale = 1;
  bool ok = true;
  for (slong i = 0; i < length && ok; i++) {
    ok = small_fraction(&x, &y, row[i], mod);
    if (ok) scale = common_multiple(scale, y);
    ok = ok && !(scale >> FRACTION_BITS);
  }
  for (slong i = 0; i < length && ok; i++) {
    small_fraction(&x, &y, row[i], mod);
    fmpz_set_si(out + i, scale / y * x);
  }
  return ok;
}

/* Do the columns of both span the same space, that of the rows of `basis`? */
static bool same_span(nmod_mat_t basis, const check_populated_t *k) {
  slong rows = nmod_mat_nrows(k->right), d = nmod_mat_ncols(k->right);
  nmod_mat_t other;
  nmod_mat_init(other, d, rows, k->left->mod.n);
  nmod_mat_transpose(basis, k->right);
  nmod_mat_transpose(other, k->left);
  bool ok = nmod_mat_rref(basis) == d && nmod_mat_rref(other) == d &&
            nmod_mat_equal(basis, other);
  nmod_mat_clear(other);
  return ok;
}

/* w: d x |U|, a basis of V_k in its rows. */
static bool set_basis(fmpz_mat_t w, const check_pure_struct *pure,
                      const check_populated_t *k) {
  if (!k->has_matrices) { /* all of U */
    fmpz_mat_one(w);
    return true;
  }
  nmod_mat_t basis;
  slong d = nmod_mat_ncols(k->right), size = nmod_mat_nrows(k->right);
  nmod_mat_init(basis, d, size, pure->d->p->mod.n);
  bool ok = same_span(basis, k);
  for (slong i = 0; i < d && ok; i++)
    ok = set_row(fmpz_mat_entry(w, i, 0), &nmod_mat_entry(basis, i, 0), size,
                 basis->mod);
  nmod_mat_clear(basis);
  return ok;
}

/* --- the observable ----------------------------------------------------------------------- */

/* image := (w O^T) den, den a common denominator. False: O is not real there. */
static bool apply(fmpz_mat_t image, fmpz_t den, const check_pure_struct *pure,
                  const pauli_sum_struct *o, const fmpz_mat_t w) {
  fmpz_t c;
  bool ok = true;
  fmpz_init(c);
  fmpz_one(den);
  for (size_t t = 0; t < o->length; t++) fmpz_lcm(den, den, fmpq_denref(o->coeffs + t));
  fmpz_mat_zero(image);
  for (size_t t = 0; t < o->length && ok; t++) {
    check_mask_t m;
    unsigned phase = check_sparse_rotate(&m, pure->d->space, pauli_sum_string(o, t)) ? 2 : 0;
    phase = (phase + m.ys) % 4;
    ok = phase % 2 == 0;
    fmpz_divexact(c, den, fmpq_denref(o->coeffs + t));
    fmpz_mul(c, c, fmpq_numref(o->coeffs + t));
    if (phase == 2) fmpz_neg(c, c);
    for (size_t a = 0; a < pure->size && ok; a++) {
      size_t to = pure->place[pure->states[a] ^ m.mask];
      bool minus = __builtin_parityll(m.z & pure->states[a]);
      if (to == SIZE_MAX) continue;
      for (slong i = 0; i < fmpz_mat_nrows(w); i++) {
        const fmpz *x = fmpz_mat_entry(w, i, (slong)a);
        fmpz *y = fmpz_mat_entry(image, i, (slong)to);
        if (minus) fmpz_submul(y, c, x);
        else fmpz_addmul(y, c, x);
      }
    }
  }
  fmpz_clear(c);
  return ok;
}

/* --- Cholesky factors ---------------------------------------------------------------------- */

/* factor := L, L L^T = den m - mu den g, lower triangular; the sign of the first pivot that
   is not positive, 1 when all are, 0 when it may be either. */
static int cholesky(arb_mat_t factor, const fmpz_mat_t m, const fmpz_mat_t g,
                    const arb_t mu, slong bits) {
  slong d = fmpz_mat_nrows(m);
  int sign = 1;
  arb_t s;
  arb_init(s);
  for (slong i = 0; i < d && sign > 0; i++)
    for (slong j = 0; j <= i; j++) {
      arb_ptr out = arb_mat_entry(factor, i, j);
      arb_set_fmpz(s, fmpz_mat_entry(m, i, j));
      arb_submul_fmpz(s, mu, fmpz_mat_entry(g, i, j), bits);
      arb_dot(s, s, 1, arb_mat_entry(factor, i, 0), 1, arb_mat_entry(factor, j, 0), 1, j,
              bits);
      if (j < i) arb_div(out, s, arb_mat_entry(factor, j, j), bits);
      else if (arb_is_positive(s)) arb_sqrt(out, s, bits);
      else sign = arb_is_negative(s) ? -1 : 0;
    }
  arb_clear(s);
  return sign;
}

/* Tr(g^-1 m): of l^-1 m l^-T, l l^T = g. */
static void trace(arb_t out, const arb_mat_t l, const fmpz_mat_t m, slong bits) {
  slong d = fmpz_mat_nrows(m);
  arb_mat_t x;
  arb_mat_init(x, d, d);
  arb_mat_set_fmpz_mat(x, m);
  arb_mat_solve_tril(x, l, x, 0, bits);
  arb_mat_transpose(x, x);
  arb_mat_solve_tril(x, l, x, 0, bits);
  arb_mat_trace(out, x, bits);
  arb_mat_clear(x);
}

/* Is the ball right, with this many bits? den m, g as above. */
static answer_t try_bits(const fmpz_mat_t m, const fmpz_t den, const fmpz_mat_t g,
                         bool is_unit, const arb_t ball, slong bits) {
  slong d = fmpz_mat_nrows(m);
  answer_t answer = ANSWER_UNDECIDED;
  arb_mat_t l;
  arb_t mean, low, high, zero;
  arb_mat_init(l, d, d);
  arb_init(mean);
  arb_init(low);
  arb_init(high);
  arb_init(zero);
  bool ok = true;
  if (is_unit) {
    fmpz_t t;
    fmpz_init(t);
    fmpz_mat_trace(t, m);
    arb_set_fmpz(mean, t);
    fmpz_clear(t);
  } else {
    fmpz_mat_t none;
    fmpz_mat_init(none, d, d);
    ok = cholesky(l, g, none, zero, bits) > 0;
    if (ok) trace(mean, l, m, bits);
    fmpz_mat_clear(none);
  }
  arb_div_si(mean, mean, d, bits);
  arb_get_interval_arf(arb_midref(low), arb_midref(high), ball, bits);
  arb_mul_fmpz(low, low, den, bits);
  arb_mul_fmpz(high, high, den, bits);
  arb_add(low, low, mean, bits);
  arb_add(high, high, mean, bits);
  if (ok) {
    int below = cholesky(l, m, g, low, bits), within = cholesky(l, m, g, high, bits);
    if (below > 0 && within < 0) answer = ANSWER_YES;
    else if (below < 0 || within > 0) answer = ANSWER_NO;
  }
  arb_mat_clear(l);
  arb_clear(mean);
  arb_clear(low);
  arb_clear(high);
  arb_clear(zero);
  return answer;
}

answer_t check_pure_least(const check_pure_t pure, size_t k,
                          const pauli_sum_struct *observable, const arb_t ball) {
  const check_populated_t *one = pure->list + k;
  slong d = (slong)one->dimension, size = (slong)pure->size;
  answer_t answer = ANSWER_UNDECIDED;
  fmpz_mat_t w, image, m, g;
  fmpz_t den;
  if (d > MAX_DIMENSION || pure->d->space->copies) return answer;
  fmpz_init(den);
  fmpz_mat_init(w, d, size);
  fmpz_mat_init(image, d, size);
  fmpz_mat_init(m, d, d);
  fmpz_mat_init(g, d, d);
  if (set_basis(w, pure, one) && apply(image, den, pure, observable, w)) {
    fmpz_mat_t turned;
    fmpz_mat_init(turned, size, d);
    fmpz_mat_transpose(turned, w);
    fmpz_mat_mul(m, image, turned);
    fmpz_mat_mul(g, w, turned);
    fmpz_mat_clear(turned);
    for (slong bits = FIRST_BITS; bits <= MOST_BITS && answer == ANSWER_UNDECIDED;
         bits *= 2)
      answer = try_bits(m, den, g, !one->has_matrices, ball, bits);
  }
  fmpz_mat_clear(w);
  fmpz_mat_clear(image);
  fmpz_mat_clear(m);
  fmpz_mat_clear(g);
  fmpz_clear(den);
  return answer;
}
