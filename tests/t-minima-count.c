/* t-minima-count.c - all minima of functions of few angles: known ones, and against
   slow descents from a grid; their number on generic deep circuits against the law.

   LIESCAPE_TEST_MULTIPLIER=10 or more: the long mode, six ansaetze with thousands of
   circuits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/checks.h"
#include "numeric/judge/minima_count.h"
#include "numeric/machine/random.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

/* --- functions of few angles ----------------------------------------------------- */

typedef double function_t(const double *a, size_t p);

static double product(const double *a, size_t p) {
  double out = 1;
  for (size_t k = 0; k < p; k++) out *= cos(a[k] - 0.3);
  return out;
}

static double sum(const double *a, size_t p) {
  double out = 0;
  for (size_t k = 0; k < p; k++) out += ((double)k + 1) * sin(a[k]);
  return out;
}

/* cos a (cos b + 1/2) ...: a trap for each pair. */
static double pairs(const double *a, size_t p) {
  double out = 0;
  for (size_t k = 0; k + 1 < p; k += 2) out += cos(a[k]) * (cos(a[k + 1]) + 0.5);
  return p % 2 ? out + cos(a[p - 1]) : out;
}

static void sample_function(torus_function_t *f, function_t *of, size_t p) {
  double values[TORUS_TERMS], angles[TORUS_MAX];
  size_t terms = 1;
  for (size_t k = 0; k < p; k++) terms *= 3;
  for (size_t i = 0; i < terms; i++) {
    size_t rest = i;
    for (size_t k = p; k-- > 0; rest /= 3) angles[k] = 2 * M_PI / 3 * (double)(rest % 3);
    values[i] = of(angles, p);
  }
  torus_interpolate(f, p, values);
}

static void test_known(void) {
  static function_t *const functions[] = {product, sum, pairs};
  static const size_t numbers[3][TORUS_MAX] = {{1, 2, 4, 8}, {1, 1, 1, 1}, {1, 2, 2, 4}};
  for (size_t i = 0; i < 3; i++)
    for (size_t p = 1; p <= TORUS_MAX; p++) {
      torus_function_t f;
      torus_minima_t found;
      random_stream_t random;
      double angles[TORUS_MAX];
      bool same = true;
      random_stream_init(&random, tap_seed(), 5, i * 10 + p);
      sample_function(&f, functions[i], p);
      for (int t = 0; t < 20; t++) {
        for (size_t k = 0; k < p; k++) angles[k] = 7 * random_uniform(&random);
        same = same && fabs(torus_value(&f, angles) - functions[i](angles, p)) < 1e-12;
      }
      torus_find_minima(&found, &f, &random);
      tap_ok(same && found.complete && found.count == numbers[i][p - 1],
             "function %zu of %zu angles: %zu minima (%zu), %zu descents", i, p,
             found.count, numbers[i][p - 1], found.num_descents);
    }
}

/* --- against slow descents from a grid ---------------------------------------------- */

/* One angle at a time to where it is best, until nothing moves. */
static void turn_down(double *a, const torus_function_t *f) {
  for (int pass = 0; pass < 4000; pass++) {
    double moved = 0;
    for (size_t k = 0; k < f->p; k++) {
      double old = a[k], v[3];
      for (int i = 0; i < 3; i++) {
        a[k] = old + 2 * M_PI / 3 * i;
        v[i] = torus_value(f, a);
      }
      double c = (2 * v[0] - v[1] - v[2]) / 3, s = (v[1] - v[2]) / sqrt(3);
      a[k] = old + atan2(-s, -c);
      moved = fmax(moved, fabs(remainder(a[k] - old, 2 * M_PI)));
    }
    if (moved < 1e-9) return;
  }
}

static size_t grid_minima(const torus_function_t *f, size_t steps, double *levels) {
  size_t starts = 1, count = 0;
  double known[TORUS_MINIMA][TORUS_MAX], a[TORUS_MAX];
  for (size_t k = 1; k < f->p; k++) starts *= steps;
  for (size_t i = 0; i < starts; i++) {
    size_t rest = i;
    bool is_new = true;
    a[0] = 0; /* which is turned first */
    for (size_t k = 1; k < f->p; k++, rest /= steps)
      a[k] = 2 * M_PI * (double)(rest % steps) / (double)steps + 0.1 * (double)k;
    turn_down(a, f);
    for (size_t m = 0; m < count && is_new; m++) {
      double far = 0;
      for (size_t k = 0; k < f->p; k++)
        far = fmax(far, fabs(remainder(a[k] - known[m][k], 2 * M_PI)));
      is_new = far > 1e-3;
    }
    if (!is_new || count == TORUS_MINIMA) continue;
    memcpy(known[count], a, sizeof a);
    levels[count++] = torus_value(f, a);
  }
  return count;
}

static int order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void test_grid(size_t p, size_t steps, long runs) {
  long good = 0, total = 0;
  for (long t = 0; t < runs; t++) {
    torus_function_t f = {.p = p};
    torus_minima_t found;
    random_stream_t random;
    double levels[TORUS_MINIMA];
    random_stream_init(&random, tap_seed(), 6 + p, (uint64_t)t);
    size_t terms = 1;
    for (size_t k = 0; k < p; k++) terms *= 3;
    for (size_t i = 0; i < terms; i++) f.coeffs[i] = random_normal(&random);
    torus_find_minima(&found, &f, &random);
    size_t count = grid_minima(&f, steps, levels);
    qsort(levels, count, sizeof *levels, order);
    qsort(found.values, found.count, sizeof *levels, order);
    bool same = found.complete && count == found.count;
    for (size_t i = 0; i < count && same; i++)
      same = fabs(levels[i] - found.values[i]) < 1e-5;
    if (!same)
      tap_diag("p = %zu, run %ld: %zu minima, by a grid %zu", p, t, found.count, count);
    good += same;
    total += (long)count;
  }
  tap_ok(good == runs, "p = %zu: %ld functions with %ld minima in all", p, runs, total);
}

/* --- deep circuits against the law ------------------------------------------------------ */

/* SO(2^n), SU(2^n), Sp(2^(n-1)) for beta 1, 2, 4: the last leaves Y0 (x) 1 invariant as
   a form, so that it holds 1 (x) odd and {X, Y, Z} (x) even strings. */
static void build(ansatz_t a, size_t n, int beta) {
  char word[32];
  size_t first = beta == 4;
  ansatz_init(a, ANSATZ_CIRCUIT, n);
  for (size_t j = first; j < n; j++)
    case_parametrised(a, case_letter(word, n, j, 'Y'));
  for (size_t j = first; j + 1 < n; j++)
    for (int k = 0; k < 4; k++) {
      case_letter(word, n, j, "YYXZ"[k]);
      word[j + 1] = "XZYY"[k];
      case_parametrised(a, word);
    }
  if (beta == 2)
    for (size_t j = 0; j < n; j++) case_parametrised(a, case_letter(word, n, j, 'Z'));
  for (int k = 0; beta == 4 && k < 3; k++) {
    case_parametrised(a, case_letter(word, n, 0, "XYZ"[k]));
    for (size_t j = 1; j < n; j++) {
      case_letter(word, n, 0, "XYZ"[k]);
      word[j] = j % 2 ? 'Z' : 'X';
      case_parametrised(a, word);
    }
  }
}

/* The projector on 1 in the last `levels` qubits, or Z of the last one when 0. */
static void observe(ansatz_t a, size_t n, size_t levels) {
  pauli_sum_t sum;
  fmpq_t c;
  char word[32];
  if (!levels) {
    case_observe(a, case_letter(word, n, n - 1, 'Z'));
    return;
  }
  fmpq_init(c);
  pauli_sum_init(sum, n);
  for (size_t mask = 0; mask >> levels == 0; mask++) {
    uint64_t string[2];
    memset(word, 'I', n);
    word[n] = 0;
    for (size_t k = 0; k < levels; k++)
      if (mask >> k & 1) word[n - 1 - k] = 'Z';
    case_parse(string, word);
    fmpq_set_si(c, __builtin_parityll(mask) ? -1 : 1, 1ul << levels);
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  ansatz_add_observable(a, sum, "projector");
  pauli_sum_clear(sum);
  fmpq_clear(c);
}

static void claim_law(verify_claims_t claims, const ansatz_t a, size_t n, int beta,
                      size_t levels) {
  verify_landscape_struct *l = claims->landscapes;
  size_t dimension = (size_t)1 << (n - (beta == 4)), r = dimension >> (levels ? levels : 1);
  double values[2] = {levels ? 0 : -1, 1};
  size_t multiplicities[2] = {dimension - r, r};
  verify_landscape_add_block(l, beta, 1, 1, 2, values, multiplicities);
  l->mean = levels ? (double)r / (double)dimension : 0;
  l->least = values[0];
  l->threshold = (double)beta * (double)r;
  for (size_t k = 0; k < a->num_parameters; k++) l->gradient_variance[k] = 1;
}

typedef struct {
  const char *name;
  size_t n;
  int beta;
  size_t levels; /* of the projector; 0: r = N/2 */
} generic_t;

static const generic_t generics[] = {
    {"SO(64), r = 8", 6, 1, 3},  {"SU(64), r = 4", 6, 2, 4},  {"Sp(32), r = 2", 6, 4, 4},
    {"SO(32), r = 16", 5, 1, 0}, {"SU(16), r = 8", 4, 2, 0}, {"Sp(8), r = 4", 4, 4, 0}};

static void compare(const generic_t *g, const minima_count_t *c) {
  estimate_t found = minima_count_number(c);
  double error = hypot(found.error, c->law.number.error);
  double off = fabs(found.value - c->law.number.value);
  double median = minima_count_quantile(c, 0.5);
  tap_ok(c->num_left_out * 100 <= c->num_circuits &&
             off <= 3 * error + (g->levels ? 1e-9 : 0.1 * c->law.number.value),
         "%s, p = %zu: %.3f +- %.3f minima, law %.3f +- %.3f (%+.1f errors, %+.1f%%); "
         "median %.4f, law %.4f +- %.4f", g->name, c->num_parameters, found.value,
         found.error, c->law.number.value, c->law.number.error,
         (found.value - c->law.number.value) / (error + 1e-12),
         100 * (found.value / c->law.number.value - 1), median,
         c->law.quantiles[1].value, c->law.quantiles[1].error);
}

static void test_generic(const generic_t *g, size_t num_circuits) {
  ansatz_t a;
  verify_claims_t claims;
  program_t program;
  double_sum_t sum;
  statevector_t input;
  char *reason;
  build(a, g->n, g->beta);
  observe(a, g->n, g->levels);
  case_start_zero(a, g->n);
  verify_claims_init(claims, a);
  claim_law(claims, a, g->n, g->beta, g->levels);
  program_init(&program, a, claims->rotation_flags);
  program_sum(&sum, a->observables[0].sum);
  statevector_init(&input, g->n, 1);
  statevector_prepare(&input, a->states[0].state);
  minima_count_input_t in = {.ansatz = a, .program = &program, .claim = claims->landscapes,
                             .num_claimed_parameters = a->num_parameters, .sum = &sum,
                             .input = &input, .num_layers = 4 + 2 * g->n,
                             .num_circuits = num_circuits, .seed = tap_seed(),
                             .num_threads = 2};
  size_t most = minima_count_most(&reason, &in);
  tap_ok(most == TORUS_MAX && !reason, "%s: enumerated", g->name);
  for (size_t p = 1; p <= most; p++) {
    minima_count_t c;
    if (minima_count_run(&c, &in, p) != STATUS_OK) {
      tap_ok(false, "%s, p = %zu: enumerated", g->name, p);
      continue;
    }
    compare(g, &c);
    if (g->beta == 2 && !g->levels && p == 2) {
      verify_report_t report = {{0}};
      minima_count_checks(report, &c, 1, claims->landscapes, 0);
      tap_ok(report->num_checks == 4 && checks_judge(report, 0, 1e-4),
             "and by the checks of verify");
      claims->landscapes->minima =
          (verify_minima_struct){2, 2 * c.law.number.value, 0.01, {0.1, 0.2, 0.3}, {0}};
      minima_count_checks(report, &c, 1, claims->landscapes, 0);
      tap_ok(report->num_checks == 8 && !checks_judge(report, 4, 1e-4),
             "which refute another law");
      verify_report_clear(report);
    }
    minima_count_clear(&c);
  }
  statevector_clear(&input);
  double_sum_clear(&sum);
  program_clear(&program);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* Circuits of one minimum each, all at one level. */
static bool stands(size_t num_circuits, double level, const verify_landscape_struct *claim) {
  verify_report_t report = {{0}};
  minima_count_t c = {.num_parameters = 1, .num_circuits = num_circuits,
                      .num_levels = num_circuits};
  c.law = (minima_law_t){.number = {0.98, 0.015},
                         .quantiles = {{0.42, 0.005}, {0.67, 0.004}, {1, 0.004}}};
  c.counts = calloc(num_circuits, sizeof *c.counts);
  c.levels = calloc(num_circuits, sizeof *c.levels);
  for (size_t i = 0; i < num_circuits; i++) {
    c.counts[i] = 1;
    c.levels[i] = level;
  }
  minima_count_checks(report, &c, 1, claim, 0);
  bool ok = checks_judge(report, 0, 1e-3);
  verify_report_clear(report);
  minima_count_clear(&c);
  return ok;
}

/* That four circuits have no minimum among the lowest tenth is nothing; that 400 have none
   but those is something. */
static void test_few(void) {
  ansatz_t a;
  verify_claims_t claims;
  build(a, 4, 2);
  observe(a, 4, 0);
  case_start_zero(a, 4);
  verify_claims_init(claims, a);
  claim_law(claims, a, 4, 2, 0);
  tap_ok(stands(4, 0.8, claims->landscapes) && !stands(400, 0.3, claims->landscapes),
         "few circuits that are all alike refute nothing, many do");
  verify_claims_clear(claims);
  ansatz_clear(a);
}

int main(void) {
  tap_begin("t-minima-count");
  bool is_long = tap_iterations(1) >= 10;
  test_known();
  test_few();
  test_grid(2, 16, tap_iterations(60));
  test_grid(3, 12, tap_iterations(8));
  if (is_long) test_grid(4, 10, tap_iterations(1) / 2);
  for (size_t i = 0; i < sizeof generics / sizeof *generics; i++)
    if (is_long || generics[i].n < 5)
      test_generic(generics + i, is_long ? 1000 : 30);
  return tap_end();
}
