/* Orbits of strings by enumeration; mean, variance and gradient variance by
   the sum over enumerated orbits, and by iterating the averages of single
   rotations on pairs of strings, which knows nothing of orbits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/strings/string_moments.h"
#include "tests/ref_pairs.h"
#include "tests/string_cases.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"

enum { MAX_STRINGS = 1 << 10 };

static void to_row(uint64_t *row, int n, unsigned p) {
  row[0] = p & ((1u << n) - 1);
  row[1] = p >> n;
}

static double to_double(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

/* --- orbits --- */

typedef struct {
  int n;
  size_t count, num_orbits;
  const unsigned *generators;
  unsigned orbit[MAX_STRINGS], size[MAX_STRINGS];
} orbits_t;

/* Everything known of the orbit of p against enumeration. NULL when right. */
static const char *orbit_wrong(const orbits_t *o, const string_algebra_t g,
                               const test_state_t *s,
                               const stabilizer_state_t state, unsigned p) {
  uint64_t row[2];
  string_action_t action;
  const char *wrong = NULL;
  fmpq_t fraction;
  fmpz_t size, inside;
  to_row(row, o->n, p);
  fmpq_init(fraction);
  fmpz_init(size);
  fmpz_init(inside);
  string_action_init(action, g, row);
  size_t active[64];
  for (size_t i = 0; i < action->num_active; i++)
    active[i] = action->active[i].component;
  long expected_inside = 0, total = 1L << (2 * o->n);
  for (unsigned q = 0; q < total; q++)
    expected_inside += o->orbit[q] == o->orbit[p] && s->expectation[q];
  if ((action->num_active == 0) != (o->size[o->orbit[p]] == 1))
    wrong = "fixed string";
  string_section_t *section =
      string_section_new(g, active, action->num_active, state);
  if (!section)
    wrong = "no section";
  else if (string_section_measure(size, inside, section, action) != STATUS_OK)
    wrong = "orbit not measured";
  else if (!fmpz_equal_si(size, o->size[o->orbit[p]]))
    wrong = "orbit size";
  else if (!fmpz_equal_si(inside, expected_inside))
    wrong = "number of stabilizer strings in the orbit";
  for (size_t i = 0; i < o->count && !wrong; i++) {
    long anti = 0;
    for (unsigned q = 0; q < total; q++)
      anti += o->orbit[q] == o->orbit[p] &&
              ref_anticommute(o->n, q, o->generators[i]);
    string_action_anticommuting(fraction, action, g->component[i]);
    fmpq_mul_si(fraction, fraction, (slong)o->size[o->orbit[p]]);
    if (!fmpz_is_one(fmpq_denref(fraction)) ||
        !fmpz_equal_si(fmpq_numref(fraction), anti))
      wrong = "anticommuting fraction";
  }
  for (unsigned q = 0; q < total && !wrong; q++) {
    to_row(row, o->n, q);
    bool same = string_section_same_orbit(section, action, row);
    if (same && o->orbit[q] != o->orbit[p]) wrong = "claims the same orbit";
    if (!same && o->orbit[q] == o->orbit[p] && action->num_active <= 1)
      wrong = "denies the same orbit";
  }
  string_section_free(section);
  string_action_clear(action);
  fmpq_clear(fraction);
  fmpz_clear(size);
  fmpz_clear(inside);
  return wrong;
}

/* --- moments from orbits --- */

typedef struct {
  fmpq_t mean, variance;
  fmpq *gradient; /* per generator */
} expected_t;

static void expected_init(expected_t *e, size_t count) {
  fmpq_init(e->mean);
  fmpq_init(e->variance);
  e->gradient = calloc(count, sizeof *e->gradient);
  for (size_t i = 0; i < count; i++) fmpq_init(e->gradient + i);
}

static void expected_clear(expected_t *e, size_t count) {
  fmpq_clear(e->mean);
  fmpq_clear(e->variance);
  for (size_t i = 0; i < count; i++) fmpq_clear(e->gradient + i);
  free(e->gradient);
}

/* E of (U^dag P U) (x) (U^dag P' U), P' = c P L, is (1/|C|) sum Q (x) c Q L. */
static void add_pair(expected_t *e, const orbits_t *o, const test_sum_t *sum,
                     const test_state_t *s, int a, int b) {
  int n = o->n;
  unsigned p = sum->strings[a], l = p ^ sum->strings[b];
  for (size_t i = 0; i < o->count; i++)
    if (ref_anticommute(n, l, o->generators[i])) return;
  long all = 0, total = 1L << (2 * n);
  long *anti = calloc(o->count + 1, sizeof *anti);
  for (size_t i = 0; i < o->count; i++)
    for (unsigned q = 0; q < total; q++)
      anti[i] += o->orbit[q] == o->orbit[p] &&
                 ref_anticommute(n, q, o->generators[i]);
  unsigned c = 4 - ref_mul_phase(n, p, l);
  for (unsigned q = 0; q < total; q++) {
    if (o->orbit[q] != o->orbit[p] || !s->expectation[q]) continue;
    unsigned phase = (c + ref_mul_phase(n, q, l)) % 4;
    if (phase % 2) abort();
    all += (phase ? -1 : 1) * s->expectation[q] * s->expectation[q ^ l];
  }
  fmpq_t share, x;
  fmpq_init(share);
  fmpq_init(x);
  long size = (long)o->size[o->orbit[p]];
  fmpq_set_si(share, sum->num[a] * sum->num[b] * all,
              (ulong)(sum->den[a] * sum->den[b] * size));
  fmpq_add(e->variance, e->variance, share);
  for (size_t i = 0; i < o->count; i++) {
    fmpq_set_si(x, anti[i], (ulong)size);
    fmpq_addmul(e->gradient + i, share, x);
  }
  fmpq_clear(share);
  fmpq_clear(x);
  free(anti);
}

static void expect_moments(expected_t *e, const orbits_t *o,
                           const test_sum_t *sum, const test_state_t *s) {
  fmpq_t x;
  fmpq_init(x);
  for (int a = 0; a < sum->num_terms; a++) {
    if (o->size[o->orbit[sum->strings[a]]] == 1) {
      fmpq_set_si(x, sum->num[a] * s->expectation[sum->strings[a]],
                  (ulong)sum->den[a]);
      fmpq_add(e->mean, e->mean, x);
    }
    for (int b = 0; b < sum->num_terms; b++) add_pair(e, o, sum, s, a, b);
  }
  fmpq_mul(x, e->mean, e->mean);
  fmpq_sub(e->variance, e->variance, x); /* so far E[l^2] */
  fmpq_clear(x);
}

/* --- moments from single rotations --- */

/* Compares what the library found, as doubles. The iteration is a product of
   orthogonal projections; it stops when a sweep changes nothing beyond
   rounding, and what is left is that over its spectral gap: 1e-9 leaves room
   for a gap of 1e-5. */
static const char *iteration_wrong(const orbits_t *o, const test_sum_t *sum,
                                   const test_state_t *s,
                                   const string_algebra_t g,
                                   const string_moments_t m) {
  static ref_pairs_t x, y;
  const char *wrong = NULL;
  memset(x, 0, sizeof x);
  for (int a = 0; a < sum->num_terms; a++)
    for (int b = 0; b < sum->num_terms; b++)
      x[sum->strings[a]][sum->strings[b]] =
          (double)sum->num[a] / (double)sum->den[a] * (double)sum->num[b] /
          (double)sum->den[b];
  if (!ref_pairs_average(x, o->n, o->generators, o->count)) return "iteration did not settle";
  double mean = to_double(m->mean);
  if (fabs(ref_pairs_contract(x, o->n, s->expectation, s->expectation) - mean * mean - to_double(m->variance)) > 1e-9)
    wrong = "variance against iteration";
  for (size_t i = 0; i < o->count && !wrong; i++) {
    ref_pairs_differentiate(y, x, o->n, o->generators[i]);
    if (!ref_pairs_average(y, o->n, o->generators, o->count)) return "iteration did not settle";
    if (fabs(ref_pairs_contract(y, o->n, s->expectation, s->expectation) - to_double(m->gradient + g->component[i])) > 1e-9)
      wrong = "gradient variance against iteration";
  }
  return wrong;
}

/* --- cases --- */

static long seen_nonzero, seen_cross, seen_displacement[3], seen_several;

static void count_kinds(const string_algebra_t g, const test_sum_t *sum,
                        const string_moments_t m) {
  if (!fmpq_is_zero(m->variance)) seen_nonzero++;
  for (int a = 0; a < sum->num_terms; a++) {
    uint64_t row[2];
    string_action_t action;
    to_row(row, sum->num_qubits, sum->strings[a]);
    string_action_init(action, g, row);
    for (size_t i = 0; i < action->num_active; i++)
      seen_displacement[action->active[i].kind]++;
    seen_several += action->num_active > 1;
    string_action_clear(action);
  }
}

/* Has the sum of squares alone (no cross terms) another variance? */
static bool cross_terms_matter(const orbits_t *o, const test_sum_t *sum,
                               const test_state_t *s, const fmpq_t variance) {
  expected_t e;
  fmpq_t x;
  fmpq_init(x);
  expected_init(&e, o->count);
  for (int a = 0; a < sum->num_terms; a++)
    if (o->size[o->orbit[sum->strings[a]]] > 1) add_pair(&e, o, sum, s, a, a);
  bool differ = !fmpq_equal(e.variance, variance);
  expected_clear(&e, o->count);
  fmpq_clear(x);
  return differ;
}

static const char *moments_wrong(const orbits_t *o, const string_algebra_t g,
                                 const test_state_t *s,
                                 const stabilizer_state_t state,
                                 const test_sum_t *sum, bool iterate) {
  pauli_sum_t observable;
  string_moments_t m;
  expected_t e;
  const char *wrong = NULL;
  test_sum_export(observable, sum);
  string_moments_init(m, g, observable, state);
  expected_init(&e, o->count);
  expect_moments(&e, o, sum, s);
  if (!m->variance_known)
    wrong = "unknown variance";
  else if (!fmpq_equal(m->mean, e.mean))
    wrong = "mean";
  else if (!fmpq_equal(m->variance, e.variance))
    wrong = "variance";
  for (size_t i = 0; i < o->count && !wrong; i++)
    if (!fmpq_equal(m->gradient + g->component[i], e.gradient + i))
      wrong = "gradient variance";
  if (!wrong && iterate) wrong = iteration_wrong(o, sum, s, g, m);
  if (!wrong) {
    count_kinds(g, sum, m);
    seen_cross += cross_terms_matter(o, sum, s, m->variance);
  } else {
    char *a = fmpq_get_str(NULL, 10, m->variance);
    char *b = fmpq_get_str(NULL, 10, e.variance);
    tap_diag("variance found %s, expected %s", a, b);
    flint_free(a);
    flint_free(b);
  }
  expected_clear(&e, o->count);
  string_moments_clear(m);
  pauli_sum_clear(observable);
  return wrong;
}

static bool case_agrees(int max_qubits, int kind, bool iterate) {
  static orbits_t o;
  unsigned strings[STRING_CASE_MAX];
  int n = 1 + (int)tap_random_below((size_t)max_qubits);
  if (tap_random_below(2)) n = max_qubits;
  o.n = n;
  o.count = string_case_random(strings, n, kind);
  o.generators = strings;
  o.num_orbits = ref_orbits(o.orbit, o.size, n, strings, o.count);
  string_algebra_t g;
  test_state_t s;
  test_sum_t sum;
  stabilizer_state_t state;
  string_case_algebra(g, n, strings, o.count);
  test_state_init_random(&s, n, strings, o.count);
  test_state_export(state, &s);
  test_sum_random(&sum, &s, strings, o.count);
  const char *wrong = NULL;
  for (int i = 0; i < 6 && !wrong; i++)
    wrong = orbit_wrong(&o, g, &s, state,
                        (unsigned)tap_random_below((size_t)1 << (2 * n)));
  if (!wrong) wrong = moments_wrong(&o, g, &s, state, &sum, iterate);
  if (wrong) {
    tap_diag("%s is wrong for", wrong);
    test_print_inputs(&sum, &s, strings, o.count);
  }
  stabilizer_state_clear(state);
  test_state_clear(&s);
  string_algebra_clear(g);
  return !wrong;
}

int main(void) {
  tap_begin("t-string-moments");
  static const char *const kinds[] = STRING_CASE_KINDS;
  for (int kind = 0; kind < STRING_CASE_NUM_KINDS; kind++) {
    long tries = tap_iterations(130), failures = 0;
    for (long i = 0; i < tries && failures < 3; i++)
      failures += !case_agrees(kind == 2 || kind == 6 ? 5 : 4, kind, false);
    tap_ok(failures == 0, "%ld cases by enumerated orbits, %s", tries,
           kinds[kind]);
  }
  for (int kind = 0; kind < STRING_CASE_NUM_KINDS; kind++) {
    long tries = tap_iterations(12), failures = 0;
    for (long i = 0; i < tries && failures < 3; i++)
      failures += !case_agrees(3, kind, true);
    tap_ok(failures == 0, "%ld cases by iterated rotations, %s", tries,
           kinds[kind]);
  }
  tap_diag("variances not 0: %ld, with cross terms: %ld", seen_nonzero,
           seen_cross);
  tap_diag("weight %ld, quadric %ld, full %ld, several components %ld",
           seen_displacement[0], seen_displacement[1], seen_displacement[2],
           seen_several);
  tap_occurred(seen_nonzero && seen_cross && seen_displacement[0] &&
                   seen_displacement[1] && seen_displacement[2] && seen_several,
               "every kind of orbit and of variance occurred");
  return tap_end();
}
