/* Growth verdicts on exact sequences. */
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/analysis/growth.h"
#include "tests/ref_formula.h"
#include "tests/tap.h"

/* c n^power A(2^n)/B(2^n) or A(n)/B(n) with random small coefficients. */
static void random_value(fmpq_t out, slong n, const long *a, slong deg_a,
                         const long *b, slong deg_b, bool exponential,
                         slong power) {
  fmpz_t y, up, down;
  fmpz_init(y);
  fmpz_init(up);
  fmpz_init(down);
  if (exponential) {
    fmpz_one(y);
    fmpz_mul_2exp(y, y, (ulong)n);
  } else {
    fmpz_set_si(y, n);
  }
  for (slong k = deg_a; k >= 0; k--) {
    fmpz_mul(up, up, y);
    fmpz_add_si(up, up, a[k]);
  }
  for (slong k = deg_b; k >= 0; k--) {
    fmpz_mul(down, down, y);
    fmpz_add_si(down, down, b[k]);
  }
  fmpq_set_fmpz_frac(out, up, down);
  fmpq_t factor;
  fmpq_init(factor);
  fmpq_set_si(factor, n, 1);
  fmpq_pow_si(factor, factor, power);
  fmpq_mul(out, out, factor);
  fmpq_clear(factor);
  fmpz_clear(y);
  fmpz_clear(up);
  fmpz_clear(down);
}

static growth_kind_t expected_kind(slong half_rate, slong degree) {
  if (half_rate) return half_rate > 0 ? GROWTH_EXPONENTIAL : GROWTH_EXP_DECAY;
  return degree > 0   ? GROWTH_POLYNOMIAL
         : degree < 0 ? GROWTH_POLY_DECAY
                      : GROWTH_CONSTANT;
}

static slong bits_of(const fmpq_t x) {
  return (slong)fmpz_bits(fmpq_numref(x)) - (slong)fmpz_bits(fmpq_denref(x));
}

/* From the values at 2^10 and 2^20: a power of n changes by at least 2^10. */
static growth_kind_t kind_of(const char *formula) {
  fmpq_t small, large;
  growth_kind_t kind = GROWTH_UNDECIDED;
  fmpq_init(small);
  fmpq_init(large);
  if (formula_evaluate(small, formula, 1L << 10) &&
      formula_evaluate(large, formula, 1L << 20)) {
    slong change = bits_of(large) - bits_of(small);
    kind = fmpq_is_zero(small) && fmpq_is_zero(large) ? GROWTH_ZERO
           : change > 1000                            ? GROWTH_EXPONENTIAL
           : change < -1000                           ? GROWTH_EXP_DECAY
           : change > 5                               ? GROWTH_POLYNOMIAL
           : change < -5                              ? GROWTH_POLY_DECAY
                                                      : GROWTH_CONSTANT;
  }
  fmpq_clear(small);
  fmpq_clear(large);
  return kind;
}

/* Has it a formula whose text, read again, gives every value, and which grows as is
   said? */
static bool formula_holds(const growth_t g, const slong *sizes, const fmpq *values,
                          slong length) {
  fmpq_t value;
  fmpq_init(value);
  bool holds = g->formula != NULL && kind_of(g->formula) == g->kind;
  for (slong i = 0; i < length && holds; i++)
    holds = formula_evaluate(value, g->formula, sizes[i]) &&
            fmpq_equal(value, values + i);
  fmpq_clear(value);
  if (!holds) tap_diag("the formula does not hold: %s", g->formula ? g->formula : "none");
  return holds;
}

static void test_random(void) {
  bool ok = true;
  enum { POINTS = 10 };
  fmpq *values = _fmpq_vec_init(POINTS);
  for (long it = tap_iterations(150); it > 0; it--) {
    slong sizes[POINTS], n = 1 + (slong)tap_random_below(6);
    bool dense = tap_random_below(2) == 0;
    for (int i = 0; i < POINTS; i++) {
      sizes[i] = n;
      n += dense ? 1 : 1 + (slong)tap_random_below(20);
    }
    long a[4], b[4];
    slong deg_a = (slong)tap_random_below(4), deg_b = (slong)tap_random_below(3);
    bool exponential = tap_random_below(2) == 0;
    slong power = exponential ? (slong)tap_random_below(3) - 1 : 0;
    for (int k = 0; k < 4; k++) {
      a[k] = 1 + (long)tap_random_below(9);
      b[k] = 1 + (long)tap_random_below(9);
    }
    for (int i = 0; i < POINTS; i++)
      random_value(values + i, sizes[i], a, deg_a, b, deg_b, exponential,
                   power);
    slong half_rate = exponential ? 2 * (deg_a - deg_b) : 0;
    slong degree = exponential ? power : deg_a - deg_b;
    /* a common factor may leave a constant: then the degrees agree anyway */
    growth_t g;
    growth_init(g);
    bool good = growth_decide(g, sizes, values, POINTS) == STATUS_OK &&
                g->basis == GROWTH_BASIS_EXACT_VALUES &&
                g->kind == expected_kind(half_rate, degree) &&
                g->half_rate == half_rate && g->degree == degree &&
                formula_holds(g, sizes, values, POINTS);
    if (!good)
      tap_diag("degrees %ld/%ld, exponential %d, power %ld: %s, %s",
               (long)deg_a, (long)deg_b, exponential, (long)power,
               growth_kind_name(g->kind), g->formula ? g->formula : "-");
    ok = ok && good;
    growth_clear(g);
  }
  tap_ok(ok, "random rational functions of n and of 2^n");
  _fmpq_vec_clear(values, POINTS);
}

static const slong doubling[8] = {4, 8, 16, 32, 64, 128, 256, 1024};

static void test_known(void) {
  fmpq *v = _fmpq_vec_init(8);
  growth_t g;
  growth_init(g);
  /* variance of a Pauli string on su(2^n): 1/(2^n + 1) */
  for (int i = 0; i < 8; i++) {
    fmpz_one(fmpq_numref(v + i));
    fmpz_mul_2exp(fmpq_denref(v + i), fmpq_numref(v + i),
                  (ulong)doubling[i]);
    fmpz_add_ui(fmpq_denref(v + i), fmpq_denref(v + i), 1);
  }
  bool ok = growth_decide(g, doubling, v, 8) == STATUS_OK &&
            g->kind == GROWTH_EXP_DECAY && g->half_rate == -2 &&
            g->formula && strcmp(g->formula, "1/(2^n + 1)") == 0 &&
            growth_gaussian_limit(g) == ANSWER_YES && formula_holds(g, doubling, v, 8);
  /* free fermions: 1/(2n - 1) */
  for (int i = 0; i < 8; i++)
    fmpq_set_si(v + i, 1, (ulong)(2 * doubling[i] - 1));
  ok = ok && growth_decide(g, doubling, v, 8) == STATUS_OK &&
       g->kind == GROWTH_POLY_DECAY && g->degree == -1 &&
       strcmp(g->formula, "1/(2 n - 1)") == 0 && formula_holds(g, doubling, v, 8);
  for (int i = 0; i < 8; i++)
    fmpq_set_si(v + i, doubling[i] * (doubling[i] - 1), 3);
  for (int i = 0; i < 8; i++) fmpq_canonicalise(v + i);
  ok = ok && growth_decide(g, doubling, v, 8) == STATUS_OK &&
       g->kind == GROWTH_POLYNOMIAL && g->degree == 2 &&
       strcmp(g->formula, "(n^2 - n)/3") == 0 && formula_holds(g, doubling, v, 8) &&
       growth_gaussian_limit(g) == ANSWER_NO;
  for (int i = 0; i < 8; i++) fmpq_set_si(v + i, 12, 1);
  ok = ok && growth_decide(g, doubling, v, 8) == STATUS_OK &&
       g->kind == GROWTH_CONSTANT && strcmp(g->formula, "12") == 0;
  for (int i = 0; i < 8; i++) fmpq_zero(v + i);
  ok = ok && growth_decide(g, doubling, v, 8) == STATUS_OK &&
       g->kind == GROWTH_ZERO;
  /* 2^(n/2) - 1, n even */
  for (int i = 0; i < 8; i++) {
    fmpq_one(v + i);
    fmpq_mul_2exp(v + i, v + i, (flint_bitcnt_t)doubling[i] / 2);
    fmpq_sub_si(v + i, v + i, 1);
  }
  ok = ok && growth_decide(g, doubling, v, 8) == STATUS_OK &&
       g->kind == GROWTH_EXPONENTIAL && g->half_rate == 1 &&
       strcmp(g->formula, "2^(n/2) - 1") == 0;
  tap_ok(ok, "sequences of known families, n = 4 .. 1024");

  /* binomials have no such formula: a fit, and it decides nothing */
  fmpq *w = _fmpq_vec_init(9);
  slong sizes[9];
  for (slong i = 0; i < 9; i++) {
    sizes[i] = 2 * (i + 4);
    fmpz_bin_uiui(fmpq_numref(w + i), (ulong)sizes[i], (ulong)sizes[i] / 2);
    fmpz_one(fmpq_denref(w + i));
  }
  ok = growth_decide(g, sizes, w, 9) == STATUS_OK &&
       g->basis == GROWTH_BASIS_FIT && g->kind == GROWTH_EXPONENTIAL &&
       growth_gaussian_limit(g) == ANSWER_UNDECIDED && g->formula == NULL;
  /* n log n rounded: a power law at best, by fit */
  for (slong i = 0; i < 9; i++) {
    sizes[i] = 1L << (i + 2);
    fmpq_set_si(w + i, sizes[i] * (i + 2) + (i * i * i) % 3, 1);
  }
  ok = ok && growth_decide(g, sizes, w, 9) == STATUS_OK &&
       g->basis == GROWTH_BASIS_FIT && g->kind == GROWTH_POLYNOMIAL;
  tap_ok(ok, "a fit is labelled a fit and decides no limit");

  /* Two points always lie on a line: nothing may be concluded. */
  ok = growth_decide(g, sizes, w, 2) == STATUS_OK &&
       g->basis == GROWTH_BASIS_FIT && g->kind == GROWTH_UNDECIDED;
  slong bad[3] = {3, 3, 4}, worse[2] = {0, 1};
  ok = ok && growth_decide(g, bad, w, 3) == STATUS_BAD_INPUT &&
       growth_decide(g, worse, w, 2) == STATUS_BAD_INPUT &&
       growth_decide(g, bad, w, 0) == STATUS_BAD_INPUT;
  growth_set_closed_form(g, GROWTH_POLY_DECAY, 0, -1, "1/n");
  ok = ok && growth_gaussian_limit(g) == ANSWER_YES &&
       strcmp(growth_basis_name(g->basis), "closed form") == 0 &&
       strcmp(growth_kind_name(g->kind), "polynomial decay") == 0;
  tap_ok(ok, "too few points, bad sizes, closed forms");
  growth_clear(g);
  _fmpq_vec_clear(v, 8);
  _fmpq_vec_clear(w, 9);
}

/* A(y)/(h(y) B(y)) on five sizes, from the factors of the denominators; one
   value changed and nothing fits. */
static void test_few(void) {
  static const slong sizes[5] = {4, 6, 8, 10, 12};
  fmpq *v = _fmpq_vec_init(5);
  growth_t g;
  fmpz_t y, t;
  growth_init(g);
  fmpz_init(y);
  fmpz_init(t);
  for (int i = 0; i < 5; i++) { /* 3 4^n/((2^n - 1) (2^n + 1)^2) */
    fmpz_one(y);
    fmpz_mul_2exp(y, y, (ulong)sizes[i]);
    fmpz_sub_ui(t, y, 1);
    fmpz_set(fmpq_denref(v + i), t);
    fmpz_add_ui(t, y, 1);
    fmpz_mul(fmpq_denref(v + i), fmpq_denref(v + i), t);
    fmpz_mul(fmpq_denref(v + i), fmpq_denref(v + i), t);
    fmpz_mul(fmpq_numref(v + i), y, y);
    fmpz_mul_ui(fmpq_numref(v + i), fmpq_numref(v + i), 3);
    fmpq_canonicalise(v + i);
  }
  bool ok = growth_decide(g, sizes, v, 5) == STATUS_OK &&
            g->kind == GROWTH_EXP_DECAY && g->half_rate == -2 &&
            g->degree == 0 && g->basis == GROWTH_BASIS_EXACT_VALUES &&
            g->formula &&
            strcmp(g->formula, "3 4^n/((2^n - 1) (2^n + 1)^2)") == 0 &&
            formula_holds(g, sizes, v, 5);
  fmpq_add_si(v + 3, v + 3, 1);
  ok = ok && growth_decide(g, sizes, v, 5) == STATUS_OK &&
       g->basis == GROWTH_BASIS_FIT;
  for (int i = 0; i < 5; i++) { /* (7 n + 1)/((n - 1) (2 n - 1)^2) */
    slong n = sizes[i];
    fmpq_set_si(v + i, 7 * n + 1, (ulong)((n - 1) * (2 * n - 1) * (2 * n - 1)));
  }
  ok = ok && growth_decide(g, sizes, v, 5) == STATUS_OK &&
       g->kind == GROWTH_POLY_DECAY && g->degree == -2 && g->half_rate == 0 &&
       g->formula &&
       strcmp(g->formula, "(7 n + 1)/((n - 1) (2 n - 1)^2)") == 0 &&
       formula_holds(g, sizes, v, 5);
  tap_ok(ok, "five values with the denominators of dimensions");
  growth_clear(g);
  fmpz_clear(y);
  fmpz_clear(t);
  _fmpq_vec_clear(v, 5);
}

static growth_kind_t decide(growth_t g, const slong *sizes, const fmpq *v,
                            slong length) {
  return growth_decide(g, sizes, v, length) == STATUS_OK ? g->kind
                                                         : GROWTH_UNDECIDED;
}

/* The gradient variance of the transverse-field Ising chain, O = sum Z Z on zero:
   16 (n-1)^3/(n^2 (2n-1)^2). From 6 points on it is recognised; a line through
   (n, log v) fits it better than one through (log n, log v). */
static void test_ising(void) {
  slong sizes[14];
  fmpq *v = _fmpq_vec_init(14);
  growth_t g;
  growth_init(g);
  for (slong i = 0; i < 14; i++) {
    slong n = sizes[i] = i + 3;
    fmpq_set_si(v + i, 16 * (n - 1) * (n - 1) * (n - 1),
                (ulong)(n * n * (2 * n - 1) * (2 * n - 1)));
  }
  bool ok = true;
  for (slong length = 6; length <= 14; length++)
    ok = ok && decide(g, sizes, v, length) == GROWTH_POLY_DECAY &&
         g->basis == GROWTH_BASIS_EXACT_VALUES && g->degree == -1 &&
         g->formula &&
         !strcmp(g->formula, "16 (n - 1)^3/(n^2 (2 n - 1)^2)") &&
         formula_holds(g, sizes, v, length);
  tap_ok(ok, "transverse-field Ising chain, 6 to 14 sizes");
  ok = decide(g, sizes, v, 5) == GROWTH_UNDECIDED;
  fmpq_add_si(v + 2, v + 2, 1);
  ok = ok && decide(g, sizes, v, 8) != GROWTH_EXP_DECAY &&
       g->basis == GROWTH_BASIS_FIT;
  tap_ok(ok, "five of them, or one changed, are no exponential decay");
  growth_clear(g);
  _fmpq_vec_clear(v, 14);
}

/* h must not vanish where there is a value: 60, D, D, D at 1, 2, 4, 8 is not
   (D n - D)/(n - 1). */
static void test_zero_of_denominator(void) {
  static const slong sizes[5] = {1, 2, 4, 8, 16};
  fmpq *v = _fmpq_vec_init(5);
  growth_t g;
  growth_init(g);
  fmpq_set_si(v, 60, 1);
  for (int i = 1; i < 5; i++) fmpq_set_si(v + i, 1099511627775, 1);
  bool ok = growth_decide(g, sizes, v, 4) == STATUS_OK && !g->formula &&
            g->basis == GROWTH_BASIS_FIT && g->kind == GROWTH_UNDECIDED;
  tap_ok(ok && growth_decide(g, sizes, v, 5) == STATUS_OK && !g->formula,
         "a denominator without zeros at the sizes");
  growth_clear(g);
  _fmpq_vec_clear(v, 5);
}

/* Rational functions of n too long for the points at hand: whatever is guessed, it is
   not exponential; and true exponentials with a power of n are guessed as such. */
static void test_guesses(void) {
  enum { POINTS = 8 };
  long wrong = 0, missed = 0, total = tap_iterations(60);
  fmpq *v = _fmpq_vec_init(POINTS);
  slong sizes[POINTS];
  for (long it = 0; it < total; it++) {
    long a[8], b[8];
    slong up = 4 + (slong)tap_random_below(3), down = 4 + (slong)tap_random_below(3);
    for (int k = 0; k < 8; k++) {
      a[k] = 1 + (long)tap_random_below(9);
      b[k] = 1 + (long)tap_random_below(9);
    }
    growth_t g;
    growth_init(g);
    for (int i = 0; i < POINTS; i++) {
      sizes[i] = 3 + i;
      random_value(v + i, sizes[i], a, up, b, down, false, 0);
    }
    growth_kind_t kind = decide(g, sizes, v, POINTS);
    wrong += kind == GROWTH_EXP_DECAY || kind == GROWTH_EXPONENTIAL;
    /* binomial(2m, m)/(n + a): no formula of the kinds looked for */
    for (int i = 0; i < POINTS; i++) {
      sizes[i] = 2 * (i + 3);
      fmpz_bin_uiui(fmpq_numref(v + i), (ulong)sizes[i], (ulong)sizes[i] / 2);
      fmpz_set_si(fmpq_denref(v + i), 1);
      fmpq_div_fmpz(v + i, v + i, (fmpz[1]){a[0] + sizes[i]});
    }
    missed += decide(g, sizes, v, POINTS) != GROWTH_EXPONENTIAL;
    growth_clear(g);
  }
  tap_ok(wrong == 0, "%ld of %ld rational functions are called exponential",
         wrong, total);
  tap_ok(missed == 0, "%ld of %ld binomials are not", missed, total);
  _fmpq_vec_clear(v, POINTS);
}

int main(void) {
  tap_begin("t-growth");
  test_random();
  test_known();
  test_few();
  test_ising();
  test_zero_of_denominator();
  test_guesses();
  return tap_end();
}
