/* Covariances of the losses of two stabilizer states: by sums over enumerated
   orbits, exactly, and by iterating the averages of single rotations on pairs
   of strings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/strings/string_covariance.h"
#include "algebra/strings/string_moments.h"
#include "tests/ref_pairs.h"
#include "tests/string_cases.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"

enum { MAX_STRINGS = 1 << 8 };

typedef struct {
  int n;
  size_t count;
  unsigned strings[STRING_CASE_MAX];
  string_algebra_t g;
  test_state_t a, b;
  stabilizer_state_t state_a, state_b;
  test_sum_t sum;
  pauli_sum_t observable;
} case_t;

static void flip_signs(test_state_t *s);

/* The second state is often related to the first: other signs, or one random
   rotation away, so that the groups meet. */
static void case_init(case_t *c, int n, int kind) {
  c->n = n;
  c->count = string_case_random(c->strings, n, kind);
  string_case_algebra(c->g, n, c->strings, c->count);
  test_state_init_random(&c->a, n, c->strings, c->count);
  if (tap_random_below(2)) {
    test_state_init_random(&c->b, n, c->strings, c->count);
  } else {
    c->b = c->a;
    c->b.expectation = malloc((size_t)1 << (2 * n));
    memcpy(c->b.expectation, c->a.expectation, (size_t)1 << (2 * n));
    flip_signs(&c->b);
  }
  test_state_export(c->state_a, &c->a);
  test_state_export(c->state_b, &c->b);
  test_sum_random(&c->sum, tap_random_below(2) ? &c->a : &c->b, c->strings,
                  c->count);
  test_sum_export(c->observable, &c->sum);
}

static void case_clear(case_t *c) {
  pauli_sum_clear(c->observable);
  stabilizer_state_clear(c->state_a);
  stabilizer_state_clear(c->state_b);
  test_state_clear(&c->a);
  test_state_clear(&c->b);
  string_algebra_clear(c->g);
}

/* Conjugates the state by a random string: signs flip where it anticommutes. */
static void flip_signs(test_state_t *s) {
  unsigned total = 1u << (2 * s->num_qubits);
  unsigned by = (unsigned)tap_random_below(total);
  for (int j = 0; j < s->rank; j++)
    s->negative[j] ^= ref_anticommute(s->num_qubits, by, s->strings[j]);
  for (unsigned p = 0; p < total; p++)
    if (ref_anticommute(s->num_qubits, by, p))
      s->expectation[p] = (int8_t)-s->expectation[p];
}

/* sum over ordered pairs of terms, each over its listed orbit; phases are
   powers of i throughout. Numerator over a common denominator kept exact. */
static void expected_covariance(fmpq_t out, const case_t *c) {
  static unsigned orbit[MAX_STRINGS], size[MAX_STRINGS];
  int n = c->n;
  unsigned total = 1u << (2 * n);
  fmpq_t share;
  fmpq_init(share);
  fmpq_zero(out);
  ref_orbits(orbit, size, n, c->strings, c->count);
  for (int s = 0; s < c->sum.num_terms; s++)
    for (int t = 0; t < c->sum.num_terms; t++) {
      unsigned p = c->sum.strings[s], l = p ^ c->sum.strings[t];
      bool central = size[orbit[p]] > 1;
      for (size_t i = 0; i < c->count; i++)
        central = central && !ref_anticommute(n, l, c->strings[i]);
      if (!central) continue;
      long all = 0; /* real part of the sum of i^phase a_Q b_QL */
      unsigned conjugate = 4 - ref_mul_phase(n, p, l);
      for (unsigned q = 0; q < total; q++)
        if (orbit[q] == orbit[p]) {
          static const int real[] = {1, 0, -1, 0};
          unsigned phase = (conjugate + ref_mul_phase(n, q, l)) % 4;
          int value = c->a.expectation[q] * c->b.expectation[q ^ l];
          if (value && phase % 2) abort();
          all += real[phase] * value;
        }
      fmpq_set_si(share, c->sum.num[s] * c->sum.num[t] * all,
                  (ulong)(c->sum.den[s] * c->sum.den[t] *
                          (long)size[orbit[p]]));
      fmpq_add(out, out, share);
    }
  fmpq_clear(share);
}

static double to_double(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

/* The iteration stops when a sweep changes nothing beyond 1e-15; 1e-9 leaves
   room for a spectral gap of 1e-5. */
static const char *iteration_wrong(const case_t *c, const fmpq_t found) {
  static ref_pairs_t x;
  string_moments_t a, b;
  memset(x, 0, sizeof x);
  for (int s = 0; s < c->sum.num_terms; s++)
    for (int t = 0; t < c->sum.num_terms; t++)
      x[c->sum.strings[s]][c->sum.strings[t]] =
          (double)c->sum.num[s] / (double)c->sum.den[s] *
          (double)c->sum.num[t] / (double)c->sum.den[t];
  if (!ref_pairs_average(x, c->n, c->strings, c->count))
    return "an iteration that did not settle";
  string_moments_init(a, c->g, c->observable, c->state_a);
  string_moments_init(b, c->g, c->observable, c->state_b);
  double product = ref_pairs_contract(x, c->n, c->a.expectation,
                                      c->b.expectation) -
                   to_double(a->mean) * to_double(b->mean);
  string_moments_clear(a);
  string_moments_clear(b);
  return fabs(product - to_double(found)) > 1e-9 ? "covariance (iteration)"
                                                  : NULL;
}

static long seen_nonzero, seen_different, seen_signs;

static const char *case_wrong(const case_t *c, bool iterate) {
  const char *wrong = NULL;
  fmpq_t found, back, expected;
  string_moments_t moments;
  fmpq_init(found);
  fmpq_init(back);
  fmpq_init(expected);
  string_moments_init(moments, c->g, c->observable, c->state_a);
  expected_covariance(expected, c);
  fmpq_set_si(found, 7, 3);
  if (string_covariance(found, c->g, c->observable, c->state_a, c->state_b) !=
          STATUS_OK ||
      string_covariance(back, c->g, c->observable, c->state_b, c->state_a) !=
          STATUS_OK)
    wrong = "status";
  else if (!fmpq_equal(found, expected))
    wrong = "covariance";
  else if (!fmpq_equal(found, back))
    wrong = "symmetry";
  else if (iterate)
    wrong = iteration_wrong(c, found);
  seen_nonzero += !fmpq_is_zero(found);
  seen_different += !fmpq_is_zero(found) && !fmpq_equal(found, moments->variance);
  seen_signs += fmpq_sgn(found) < 0;
  if (!wrong &&
      (string_covariance(found, c->g, c->observable, c->state_a, c->state_a) !=
           STATUS_OK ||
       !fmpq_equal(found, moments->variance)))
    wrong = "covariance with itself";
  string_moments_clear(moments);
  fmpq_clear(found);
  fmpq_clear(back);
  fmpq_clear(expected);
  return wrong;
}

static bool case_agrees(int max_qubits, int kind, bool iterate) {
  case_t c;
  int n = 1 + (int)tap_random_below((size_t)max_qubits);
  if (tap_random_below(2)) n = max_qubits;
  case_init(&c, n, kind);
  const char *wrong = case_wrong(&c, iterate);
  if (wrong) {
    tap_diag("%s is wrong for these two states", wrong);
    test_print_inputs(&c.sum, &c.a, c.strings, c.count);
    test_print_inputs(&c.sum, &c.b, c.strings, c.count);
  }
  case_clear(&c);
  return !wrong;
}

int main(void) {
  tap_begin("t-string-covariance");
  static const char *const kinds[] = STRING_CASE_KINDS;
  for (int kind = 0; kind < STRING_CASE_NUM_KINDS; kind++) {
    long tries = tap_iterations(150), failures = 0;
    for (long i = 0; i < tries && failures < 2; i++)
      failures += !case_agrees(4, kind, false);
    tap_ok(failures == 0, "%ld pairs of states by enumerated orbits, %s",
           tries, kinds[kind]);
    tries = tap_iterations(8);
    failures = 0;
    for (long i = 0; i < tries && failures < 2; i++)
      failures += !case_agrees(3, kind, true);
    tap_ok(failures == 0, "%ld pairs of states by iterated rotations, %s",
           tries, kinds[kind]);
  }
  tap_diag("not 0: %ld, other than the variance: %ld, negative: %ld",
           seen_nonzero, seen_different, seen_signs);
  tap_occurred(seen_nonzero && seen_different && seen_signs,
               "every kind of covariance occurred");
  return tap_end();
}
