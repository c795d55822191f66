/* Moments for sums of strings against dense projections (ref_haar), against
   the moments of string algebras, and under averaging over permutations. */
#include <math.h>
#include <stdlib.h>

#include "algebra/check/sums/check_sums.h"
#include "algebra/sums/sum_jordan.h"
#include "algebra/sums/sum_landscape.h"
#include "algebra/strings/string_moments.h"
#include "algebra/sums/sum_moments.h"
#include "tests/ref_haar.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"

enum { MAX_GENERATORS = 4 };

/* A random case: generators, often symmetric under a permutation of the qubits. */
typedef struct {
  size_t n, count;
  ansatz_t ansatz;
  generator_set_t set;
  pauli_sum_t observable;
  quantum_state_t states[2];
  double expectation[2][64]; /* of all strings */
} case_t;

static void push(pauli_sum_struct *sum, unsigned p, long num, long den) {
  size_t n = sum->num_qubits;
  uint64_t string[2] = {p & ((1u << n) - 1), p >> n};
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_si(c, num, (ulong)den);
  pauli_sum_push(sum, c, string);
  fmpq_clear(c);
}

/* p with its qubits moved round by k. */
static unsigned turn(unsigned p, size_t n, size_t k) {
  unsigned out = 0;
  for (size_t j = 0; j < n; j++) {
    size_t to = (j + k) % n;
    out |= (p >> j & 1) << to | (p >> (n + j) & 1) << (n + to);
  }
  return out;
}

static void random_sum(pauli_sum_struct *sum, size_t kind) {
  size_t n = sum->num_qubits, terms = 1 + tap_random_below(kind == 0 ? 3 : 2);
  for (size_t t = 0; t < terms; t++) {
    unsigned p = (unsigned)tap_random_below((size_t)1 << 2 * n);
    if (kind == 2) p &= (unsigned)(tap_random_below(2) ? (1 << n) - 1
                                                       : ~((1 << n) - 1));
    long num = (long)tap_random_below(7) - 3;
    for (size_t k = 0; k < (kind ? n : 1); k++)
      push(sum, turn(p, n, k), num, 1 + (long)(num > 1));
  }
  pauli_sum_canonicalise(sum);
}

/* Stabilizer or product states. */
static void random_state(quantum_state_struct *out, double *expectation,
                         size_t n) {
  static const int bloch[6][4] = {{0, 0, 1, 1}, {3, 0, 4, 5}, {-1, 1, 1, 2},
                                  {0, 0, 0, 1}, {2, -6, 3, 7}, {1, 1, 0, 3}};
  quantum_state_init(out, n);
  if (tap_random_below(3)) {
    test_state_t s;
    stabilizer_state_t state;
    unsigned strings[1] = {1};
    test_state_init_random(&s, (int)n, strings, 1);
    test_state_export(state, &s);
    quantum_state_set_stabilizer(out, state);
    for (size_t p = 0; p < (size_t)1 << 2 * n; p++)
      expectation[p] = s.expectation[p];
    stabilizer_state_clear(state);
    test_state_clear(&s);
    return;
  }
  product_state_t product;
  const int *of[3] = {bloch[tap_random_below(6)]};
  bool equal = tap_random_below(2);
  product_state_init(product, n);
  for (size_t j = 0; j < n; j++) {
    fmpq_t x[3];
    if (j) of[j] = equal ? of[0] : bloch[tap_random_below(6)];
    for (int k = 0; k < 3; k++) {
      fmpq_init(x[k]);
      fmpq_set_si(x[k], of[j][k], (ulong)of[j][3]);
    }
    product_state_set_bloch(product, j, x[0], x[1], x[2]);
    for (int k = 0; k < 3; k++) fmpq_clear(x[k]);
  }
  for (size_t p = 0; p < (size_t)1 << 2 * n; p++) {
    expectation[p] = 1;
    for (size_t j = 0; j < n; j++) {
      size_t x = p >> j & 1, z = p >> (n + j) & 1;
      if (x || z)
        expectation[p] *= (double)of[j][x ? (z ? 1 : 0) : 2] / of[j][3];
    }
  }
  quantum_state_set_product(out, product);
  product_state_clear(product);
}

static void case_init(case_t *c, size_t n) {
  c->n = n;
  size_t kind = tap_random_below(3);
  ansatz_init(c->ansatz, ANSATZ_OPERATORS, n);
  size_t want = 1 + tap_random_below(kind == 0 ? 2 : 3);
  for (size_t j = 0; j < want; j++) {
    pauli_sum_t h;
    pauli_sum_init(h, n);
    random_sum(h, kind);
    ansatz_add_generator(c->ansatz, h);
    pauli_sum_clear(h);
  }
  for (size_t k = 0; k < want; k++) ansatz_add_parameter(c->ansatz, "t", false);
  pauli_sum_init(c->observable, n);
  random_sum(c->observable, tap_random_below(2) ? kind : 0);
  ansatz_add_observable(c->ansatz, c->observable, "O");
  generator_set_init(c->set, c->ansatz);
  for (int s = 0; s < 2; s++) random_state(c->states[s], c->expectation[s], n);
}

static void case_clear(case_t *c) {
  for (int s = 0; s < 2; s++) quantum_state_clear(c->states[s]);
  pauli_sum_clear(c->observable);
  generator_set_clear(c->set);
  ansatz_clear(c->ansatz);
}

static void case_print(const case_t *c) {
  tap_diag("qubits %zu", c->n);
  for (size_t j = 0; j < c->set->num_generators; j++) {
    char *text = pauli_sum_get_str(c->set->generators + j);
    tap_diag("generator %s", text);
    free(text);
  }
  char *text = pauli_sum_get_str(c->observable);
  tap_diag("observable %s", text);
  free(text);
}

/* --- the reference ------------------------------------------------------------- */

static double contract(const double *x, const case_t *c, int a, int b) {
  size_t dim = (size_t)1 << 2 * c->n;
  double sum = 0;
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++)
      sum += x[i * dim + j] * c->expectation[a][i] *
             c->expectation[b][j];
  return sum;
}

static bool is_near(const char *what, const fmpq_t got, double expected,
                  double scale) {
  double value = fmpz_get_d(fmpq_numref(got)) / fmpz_get_d(fmpq_denref(got));
  /* conjugate gradients stop at 1e-13 of the start, times the condition */
  if (fabs(value - expected) <= 1e-7 * scale) return true;
  tap_diag("%s: %.12g, expected %.12g", what, value, expected);
  return false;
}

static double reference_gradient(const case_t *c, const ref_haar_t *ref,
                                 const double *average, size_t parameter) {
  size_t size = ref->dim * ref->dim;
  double *x = malloc(size * sizeof *x), sum = 0;
  const generator_use_struct *uses = c->set->uses;
  for (size_t u = 0; u < c->set->num_uses; u++) {
    if (uses[u].parameter != parameter) continue;
    const double *k = ref->k[uses[u].generator];
    memcpy(x, average, size * sizeof *x);
    ref_haar_act(x, ref, k, k);
    ref_haar_project(x, ref);
    sum += contract(x, c, 0, 0) * pow(fmpq_get_d(uses[u].scale), 2);
  }
  free(x);
  return sum;
}

static bool check_case(case_t *c) {
  ref_haar_t ref;
  ref_haar_init(&ref, c->set->generators, c->set->num_generators, c->n);
  size_t dim = ref.dim;
  double *v = malloc(dim * sizeof *v);
  double *x = malloc(dim * dim * sizeof *x);
  ref_haar_vector(v, c->observable);
  double scale = 1e-6;
  for (size_t i = 0; i < dim; i++) {
    scale += fabs(v[i]);
    for (size_t j = 0; j < dim; j++) x[i * dim + j] = v[i] * v[j];
  }
  ref_haar_project(x, &ref);
  ref_haar_fix(v, &ref);
  double mean[2] = {0, 0};
  for (int s = 0; s < 2; s++)
    for (size_t i = 0; i < dim; i++)
      mean[s] += v[i] * c->expectation[s][i];
  sum_moments_t moments;
  sum_input_t in[2];
  sum_moments_init(moments, c->set, c->observable, NULL);
  bool ok = !moments->reason;
  if (!ok) tap_diag("%s", reason_code_word(moments->reason));
  for (int s = 0; s < 2 && ok; s++) {
    ok = !sum_input_init(in[s], moments, c->states[s]);
    if (!ok) break;
    ok = is_near("mean", in[s]->mean, mean[s], scale) &&
         is_near("variance", in[s]->variance,
               contract(x, c, s, s) - mean[s] * mean[s], scale * scale);
  }
  if (ok) {
    fmpq_t value;
    fmpq_init(value);
    sum_covariance(value, moments, in[0], in[1]);
    ok = is_near("covariance", value, contract(x, c, 0, 1) - mean[0] * mean[1],
               scale * scale);
    fmpq_clear(value);
    fmpq *gradient = calloc(c->set->num_parameters + 1, sizeof *gradient);
    for (size_t k = 0; k < c->set->num_parameters; k++) fmpq_init(gradient + k);
    reason_code_t reason = sum_gradient(gradient, moments, in[0]);
    if (reason) tap_diag("%s", reason_code_word(reason));
    for (size_t k = 0; k < c->set->num_parameters && ok; k++)
      ok = !reason &&
           is_near("gradient variance", gradient + k,
                 reference_gradient(c, &ref, x, k), 100 * scale * scale);
    for (size_t k = 0; k < c->set->num_parameters; k++) fmpq_clear(gradient + k);
    free(gradient);
    /* The averaged observable has the same loss. */
    pauli_sum_t other;
    sum_moments_t same;
    sum_input_t input;
    pauli_sum_init(other, c->n);
    const quantum_state_struct *rho = c->states[0];
    sum_symmetric_observable(other, c->set, c->observable, &rho, 1);
    sum_moments_init(same, c->set, other, NULL);
    ok = ok && !same->reason && !sum_input_init(input, same, c->states[0]);
    if (ok) {
      ok = fmpq_equal(input->mean, in[0]->mean) &&
           fmpq_equal(input->variance, in[0]->variance);
      sum_input_clear(input);
    }
    if (!ok) tap_diag("or an average of the observable differs");
    sum_moments_clear(same);
    pauli_sum_clear(other);
    for (int s = 0; s < 2; s++) sum_input_clear(in[s]);
  }
  sum_moments_clear(moments);
  ref_haar_clear(&ref);
  free(v);
  free(x);
  return ok;
}

/* --- check_sums ------------------------------------------------------------------ */

/* The work that was needed is enough, half of it is not; and millions of terms are
   refused whatever the budget. */
static bool keeps_to_budget(const check_generators_t g, int64_t needed) {
  check_sums_t sums;
  if (!g->observables->length) return true; /* there is no work */
  if (!check_sums_init(sums, g, g->observables, needed)) return false;
  check_sums_clear(sums);
  if (check_sums_init(sums, g, g->observables, needed / 2)) {
    check_sums_clear(sums);
    return false;
  }
  check_generators_struct many = *g;
  many.num_uses = 1 << 20;
  many.uses = calloc(many.num_uses, sizeof *many.uses);
  size_t terms = 0;
  for (size_t u = 0; u < many.num_uses; u++) {
    *many.uses[u].sum = *g->uses[u % g->num_uses].sum;
    terms += many.uses[u].sum->length;
  }
  bool fits = terms > 1 << 22 &&
              check_sums_init(sums, &many, g->observables, INT64_MAX);
  if (fits) check_sums_clear(sums);
  free(many.uses);
  return !fits;
}

static long num_known;

/* The same with another prime and the kernel that this one found, where it is small. */
static bool known_judges(const check_sums_t sums, const check_generators_t g,
                         const case_t *c, sum_input_t *in, const fmpq_t covariance,
                         const fmpq *gradient, size_t p, int64_t most) {
  check_tensors_t tensors;
  check_sums_t other;
  size_t wrong;
  bool covered;
  if (!check_sums_tensors(&tensors, sums, most)) return true;
  bool ok = check_sums_init_known(other, g, g->observables, &tensors, most);
  if (ok) {
    num_known++;
    ok = check_sums_covariance(other, c->states[1], c->states[1], in[1]->variance) &&
         check_sums_covariance(other, c->states[0], c->states[1], covariance) &&
         check_sums_gradient(&wrong, &covered, other, c->states[0], gradient, p) ==
             ANSWER_YES;
    check_sums_clear(other);
  }
  check_tensors_clear(&tensors);
  return ok;
}

/* What sum_moments says holds, and what is one more does not. */
static bool check_judges(const case_t *c) {
  check_generators_t g;
  check_sums_t sums;
  sum_moments_t moments;
  sum_input_t in[2];
  size_t p = c->set->num_parameters, wrong;
  bool covered;
  fmpq_t value, one;
  fmpq_init(value);
  fmpq_init(one);
  fmpq_one(one);
  fmpq *gradient = calloc(p + 1, sizeof *gradient);
  for (size_t k = 0; k < p; k++) fmpq_init(gradient + k);
  check_generators_init(g, c->ansatz, NULL);
  sum_moments_init(moments, c->set, c->observable, NULL);
  sum_input_init(in[0], moments, c->states[0]);
  sum_input_init(in[1], moments, c->states[1]);
  sum_gradient(gradient, moments, in[0]);
  sum_covariance(value, moments, in[0], in[1]);
  static const int64_t most = 3000000000;
  bool ok = check_sums_init(sums, g, g->observables, most);
  if (ok && !keeps_to_budget(g, most - sums->work_left)) {
    tap_diag("another budget than the work");
    check_sums_clear(sums);
    ok = false;
  }
  if (ok) {
    ok = check_sums_mean(sums, c->states[0], in[0]->mean) &&
         check_sums_covariance(sums, c->states[1], c->states[1],
                               in[1]->variance) &&
         check_sums_covariance(sums, c->states[0], c->states[1], value) &&
         check_sums_gradient(&wrong, &covered, sums, c->states[0], gradient,
                             p) == ANSWER_YES &&
         covered && known_judges(sums, g, c, in, value, gradient, p, most);
    if (!ok) tap_diag("what is right does not hold");
    size_t k = tap_random_below(p);
    fmpq_add(value, value, one);
    fmpq_add(gradient + k, gradient + k, one);
    fmpq_add(in[0]->mean, in[0]->mean, one);
    if (check_sums_covariance(sums, c->states[0], c->states[1], value) ||
        check_sums_mean(sums, c->states[0], in[0]->mean) ||
        check_sums_gradient(&wrong, &covered, sums, c->states[0], gradient,
                            p) != ANSWER_NO || wrong != k) {
      tap_diag("what is wrong holds");
      ok = false;
    }
    check_sums_clear(sums);
  }
  for (size_t k = 0; k < p; k++) fmpq_clear(gradient + k);
  free(gradient);
  sum_input_clear(in[0]);
  sum_input_clear(in[1]);
  sum_moments_clear(moments);
  check_generators_clear(g);
  fmpq_clear(value);
  fmpq_clear(one);
  return ok;
}

static void test_check(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    case_t c;
    case_init(&c, 2 + tap_random_below(2));
    ok = check_judges(&c);
    if (!ok) {
      tap_diag("iteration %ld", i);
      case_print(&c);
    }
    case_clear(&c);
  }
  tap_ok(ok, "the path of check agrees, and finds what is altered");
  tap_occurred(num_known > 0, "%ld times with a kernel found modulo another prime",
               num_known);
}

static void test_random(size_t n, long iterations) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(iterations) && ok; i++) {
    case_t c;
    case_init(&c, n);
    ok = check_case(&c);
    if (!ok) {
      tap_diag("iteration %ld", i);
      case_print(&c);
    }
    case_clear(&c);
  }
  tap_ok(ok, "%zu qubits: mean, variance, covariance and gradient variances "
             "against dense projections", n);
}

/* --- strings ------------------------------------------------------------------- */

static void test_strings(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    size_t n = 2 + tap_random_below(2), count = 2 + tap_random_below(3);
    unsigned strings[4];
    uint64_t rows[8];
    ansatz_t ansatz;
    generator_set_t set;
    ansatz_init(ansatz, ANSATZ_OPERATORS, n);
    for (size_t j = 0; j < count; j++) {
      strings[j] = 1 + (unsigned)tap_random_below(((size_t)1 << 2 * n) - 1);
      for (size_t k = 0; k < j; k++)
        if (strings[k] == strings[j]) j--, k = j;
    }
    for (size_t j = 0; j < count; j++) {
      pauli_sum_t h;
      pauli_sum_init(h, n);
      push(h, strings[j], 1, 1);
      rows[2 * j] = strings[j] & ((1u << n) - 1);
      rows[2 * j + 1] = strings[j] >> n;
      ansatz_add_generator(ansatz, h);
      pauli_sum_clear(h);
    }
    generator_set_init(set, ansatz);
    test_state_t state;
    test_sum_t sum;
    stabilizer_state_t rho;
    pauli_sum_t o;
    test_state_init_random(&state, (int)n, strings, count);
    test_sum_random(&sum, &state, strings, count);
    test_state_export(rho, &state);
    test_sum_export(o, &sum);
    string_algebra_t g;
    string_moments_t expected;
    sum_moments_t moments;
    sum_input_t input;
    string_algebra_init(g, rows, count, n);
    string_moments_init(expected, g, o, rho);
    sum_moments_init(moments, set, o, NULL);
    quantum_state_t wrapped;
    quantum_state_init(wrapped, n);
    quantum_state_set_stabilizer(wrapped, rho);
    ok = !moments->reason && !sum_input_init(input, moments, wrapped);
    quantum_state_clear(wrapped);
    if (ok) {
      ok = fmpq_equal(input->mean, expected->mean) &&
           fmpq_equal(input->variance, expected->variance);
      sum_input_clear(input);
    }
    if (!ok) test_print_inputs(&sum, &state, strings, count);
    sum_moments_clear(moments);
    string_moments_clear(expected);
    string_algebra_clear(g);
    test_state_clear(&state);
    stabilizer_state_clear(rho);
    pauli_sum_clear(o);
    generator_set_clear(set);
    ansatz_clear(ansatz);
  }
  tap_ok(ok, "single strings: the same as orbits of strings give");
}

/* --- blocks ---------------------------------------------------------------------- */

/* Rational and irrational spectra from their power sums: a scaled and shifted
   to trace 0. */
static void test_spectrum(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(50) && ok; i++) {
    size_t d = 4 + tap_random_below(5), pairs = tap_random_below(2);
    double value[8], least = 1e9;
    long level[8], sum = 0;
    fmpq *power = calloc(d + 1, sizeof *power);
    for (size_t k = 0; k < d; k++) {
      level[k] = (long)tap_random_below(9) - 4;
      sum += level[k];
    }
    level[d - 1] -= sum;
    /* The first two, x and y, become (x + y) / 2 +- sqrt((x - y)^2 + 8) / 2. */
    double mid = 0.5 * (double)(level[0] + level[1]);
    double root = 0.5 * sqrt(pow((double)(level[0] - level[1]), 2) + 8);
    for (size_t k = 0; k < d; k++) value[k] = (double)level[k];
    if (pairs) value[0] = mid - root, value[1] = mid + root;
    for (size_t k = 0; k < d; k++) least = value[k] < least ? value[k] : least;
    for (size_t e = 1; e <= d; e++) {
      fmpq_t term;
      fmpq_init(term);
      fmpq_init(power + e);
      for (size_t k = pairs ? 2 : 0; k < d; k++) {
        fmpq_set_si(term, level[k], 1);
        fmpq_pow_si(term, term, (slong)e);
        fmpq_add(power + e, power + e, term);
      }
      if (pairs) { /* trace of [[x, s], [s, y]]^e, s^2 = 2: t_e by recursion */
        fmpz_t a, b, c;
        long t = level[0] + level[1], det = level[0] * level[1] - 2;
        fmpz_init_set_si(a, 2);
        fmpz_init_set_si(b, t);
        fmpz_init(c);
        for (size_t k = 1; k < e; k++) {
          fmpz_mul_si(c, b, t);
          fmpz_mul_si(a, a, det);
          fmpz_sub(c, c, a);
          fmpz_swap(a, b);
          fmpz_swap(b, c);
        }
        fmpq_add_fmpz(power + e, power + e, b);
        fmpz_clear(a);
        fmpz_clear(b);
        fmpz_clear(c);
      }
      fmpq_clear(term);
    }
    laws_block_t law;
    laws_block_init(law);
    ok = sum_spectrum(law, power, d) && fmpz_equal_ui(law->dimension, d) &&
         fmpq_is_zero(law->mean);
    double found = law->least_kind == LAWS_LEAST_EXACT
                       ? fmpq_get_d(law->least)
                       : arf_get_d(arb_midref(law->least_ball), ARF_RND_NEAR);
    if (!pairs) ok = ok && law->num_levels > 0;
    if (law->num_levels == 0) ok = ok && law->least_kind == LAWS_LEAST_BALL;
    ok = ok && fabs(found - least) < 1e-9 * (1 + fabs(least));
    if (!ok) tap_diag("iteration %ld: least %g, expected %g", i, found, least);
    laws_block_clear(law);
    for (size_t e = 1; e <= d; e++) fmpq_clear(power + e);
    free(power);
  }
  tap_ok(ok, "spectra from power sums");
}

/* All operators that permutations fix, up to the centre. */
static void make_symmetric(case_t *c) {
  size_t n = c->n;
  ansatz_clear(c->ansatz);
  generator_set_clear(c->set);
  ansatz_init(c->ansatz, ANSATZ_OPERATORS, n);
  for (int kind = 0; kind < 3; kind++) {
    pauli_sum_t h;
    pauli_sum_init(h, n);
    for (size_t j = 0; j < n; j++) {
      if (kind < 2) push(h, kind ? 1u << j | 1u << (n + j) : 1u << j, 1, 1);
      for (size_t k = 0; kind == 2 && k < j; k++)
        push(h, 1u << (n + j) | 1u << (n + k), 1, 1);
    }
    pauli_sum_canonicalise(h);
    ansatz_add_generator(c->ansatz, h);
    ansatz_add_parameter(c->ansatz, "t", false);
    pauli_sum_clear(h);
  }
  pauli_sum_zero(c->observable);
  for (size_t j = 0; j < n; j++) push(c->observable, 1u << (n + j), 2, 3);
  pauli_sum_canonicalise(c->observable);
  ansatz_add_observable(c->ansatz, c->observable, "O");
  generator_set_init(c->set, c->ansatz);
}

/* Sums over a group of permutations, whose algebras are often saturated: the
   blocks give the mean and the variance that the module gives. */
static void test_blocks(void) {
  size_t num_applies = 0, num_mixed = 0;
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    size_t n = 2 + tap_random_below(2);
    case_t c;
    case_init(&c, n);
    if (i % 2) make_symmetric(&c);
    ansatz_add_state(c.ansatz, c.states[0], "a");
    ansatz_add_state(c.ansatz, c.states[1], "b");
    generator_set_clear(c.set); /* the set holds the states too */
    generator_set_init(c.set, c.ansatz);
    closure_t closure;
    structure_t structure;
    sum_projectors_t projectors;
    closure_init(closure, n);
    structure_init(structure);
    sum_projectors_init(projectors);
    closure_compute(closure, c.set->generators, c.set->num_generators, NULL);
    sum_structure_projectors(structure, projectors, 0, closure,
                             c.set->generators, c.set->num_generators, NULL);
    sum_algebra_struct algebra = {closure, structure, projectors};
    sum_landscapes_t sums;
    sum_landscapes_init(sums, c.set, c.ansatz, &algebra, NULL);
    for (size_t s = 0; s < 2 && ok; s++) {
      landscape_t l;
      laws_moments_t moments;
      landscape_init_sums(l, sums, 0, s);
      laws_moments_init(moments);
      if (l->wishart_applies == ANSWER_YES) {
        num_applies++;
        for (size_t b = 0; b < l->num_blocks; b++)
          num_mixed += fmpz_cmp_ui(l->blocks[b].law->rank, 1) > 0;
        laws_finite_moments(moments, l->loss);
        ok = fmpq_equal(moments->variance, l->variance) &&
             (!moments->mean_is_rational ||
              fmpq_equal(moments->mean, l->mean));
        if (!ok) {
          tap_diag("iteration %ld, state %zu: the blocks give another variance",
                   i, s);
          case_print(&c);
        }
      }
      laws_moments_clear(moments);
      landscape_clear(l);
    }
    sum_landscapes_clear(sums);
    sum_projectors_clear(projectors);
    structure_clear(structure);
    closure_clear(closure);
    case_clear(&c);
  }
  tap_ok(ok, "blocks of saturated algebras");
  tap_occurred(num_applies > 0 && num_mixed > 0,
               "%zu landscapes, %zu blocks of higher rank", num_applies,
               num_mixed);
}

static bool never(void *data) {
  size_t *left = data;
  if (*left == 0) return true;
  --*left;
  return false;
}

/* Time that runs out anywhere leaves a reason, and nothing else. */
static void test_limits(void) {
  bool ok = true;
  for (size_t calls = 0; calls < 30 && ok; calls++) {
    case_t c;
    case_init(&c, 2);
    size_t left = calls;
    closure_limits_t limits = {.abort = never, .abort_data = &left};
    sum_moments_t moments;
    sum_moments_init(moments, c.set, c.observable, &limits);
    sum_moments_clear(moments);
    limits = (closure_limits_t){.max_dimension = 1};
    sum_moments_init(moments, c.set, c.observable, &limits);
    ok = moments->dimension <= 1 && (moments->reason || moments->module);
    sum_moments_clear(moments);
    case_clear(&c);
  }
  tap_ok(ok, "limits leave a reason");
}

int main(void) {
  tap_begin("t-sum-moments");
  test_random(2, 150);
  test_random(3, 25);
  test_strings();
  test_check();
  test_spectrum();
  test_blocks();
  test_limits();
  return tap_end();
}
