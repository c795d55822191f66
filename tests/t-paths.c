/* Sampled second moments against exact ones: estimates within their errors,
   intervals that cover as often as they say, a broken weight noticed; the same
   numbers whatever the number of threads. */
#include "numeric/sample/paths.h"

#include <math.h>

#include "tests/depth_tools.h"

static const double confidence = 0.99;

static void state_of(quantum_state_t out, const tool_case_t *c) {
  quantum_state_init(out, c->ansatz->num_qubits);
  if (c->use_product) quantum_state_set_product(out, c->product);
  else quantum_state_set_stabilizer(out, c->stabilizer);
}

typedef struct {
  long numbers, moving; /* judged; not zero */
  long missed;          /* outside their interval */
  double squares;       /* of (estimate - exact) / standard error */
  long scored;
  bool print; /* misses */
} tally_t;

static void judge(tally_t *t, const path_number_t *x, double exact) {
  double slack = 1e-12 * (1 + fabs(exact));
  t->numbers++;
  t->moving += exact != 0;
  bool out = exact < x->low - slack || exact > x->high + slack;
  t->missed += out;
  if (out && t->print)
    tap_diag("%.6g lies outside [%.6g, %.6g]", exact, x->low, x->high);
  if (x->standard_error > 1e-9) {
    double score = (x->estimate - exact) / x->standard_error;
    t->squares += score * score;
    t->scored++;
  }
}

static void run_case(tally_t *tally, const tool_case_t *c, uint64_t paths,
                     double spoil) {
  path_options_t options = {.num_paths = paths, .seed = tap_random(),
                            .num_threads = 1, .confidence = confidence,
                            .spoil = spoil, .noisy = c->noisy};
  quantum_state_t state;
  path_estimate_t sampled;
  finite_depth_t exact;
  depth_limits_t limits;
  state_of(state, c);
  depth_limits_default(&limits);
  limits.noisy = c->noisy;
  finite_depth_init(exact);
  path_estimate_init(sampled);
  finite_depth_exact(exact, c->ansatz, c->observable, tool_state(c), NULL,
                     &limits);
  status_t status =
      path_estimate(sampled, c->ansatz, c->observable, state, &options);
  if (status != STATUS_OK || exact->reason) {
    tally->missed += 1000; /* not to happen */
  } else {
    judge(tally, &sampled->variance, tool_value(exact->variance));
    for (size_t k = 0; k < sampled->num_parameters; k++)
      judge(tally, sampled->gradient + k, tool_value(exact->gradient + k));
  }
  path_estimate_clear(sampled);
  finite_depth_clear(exact);
  quantum_state_clear(state);
}

static void run_random(tally_t *tally, long count, uint64_t paths,
                       double spoil) {
  for (long i = 0; i < count; i++) {
    tool_case_t c;
    tool_random_case(&c, TOOL_INDEPENDENT);
    if (i % 3 == 0) tool_random_noise(&c);
    long before = tally->missed;
    run_case(tally, &c, paths, spoil);
    if (tally->missed > before && spoil == 0) {
      tap_diag("a miss, which may be chance:");
      tool_case_print(&c);
    }
    if (tally->missed >= 1000) {
      tool_case_print(&c);
      tap_diag("the case did not run");
      tally->missed -= 1000;
      tally->numbers = 0;
    }
    tool_case_clear(&c);
  }
}

/* Intervals are conservative: no more misses than a binomial with the error
   named allows at 1e-6. Scores have mean square about 1. */
static void test_random(void) {
  tally_t t = {.print = true};
  run_random(&t, tap_iterations(400), 8192, 0);
  for (int more = 0; more < 200 && t.scored < 4000; more++)
    run_random(&t, 40, 8192, 0); /* enough for their mean square */
  double allowed = (1 - confidence) * (double)t.numbers;
  tap_ok(t.numbers > 0 && t.moving > t.numbers / 8, "cases that vary");
  tap_ok((double)t.missed <= allowed + 5 * sqrt(allowed) + 5,
         "%ld of %ld intervals miss the exact number", t.missed, t.numbers);
  double mean = t.squares / (double)t.scored;
  tap_ok(t.scored > 100 && mean > 0.7 && mean < 1.4,
         "mean square of %ld scores: %.3f", t.scored, mean);
}

static void test_broken_weight(void) {
  tally_t t = {0};
  run_random(&t, 60, 1 << 17, 1.1); /* few would prove nothing */
  tap_ok(t.missed > t.moving / 8,
         "a weight that is wrong by a tenth: %ld of %ld miss", t.missed,
         t.moving);
}

/* Zeros in all but one of n trials of a coin: the interval must cover. */
static void test_interval(void) {
  path_number_t x;
  path_interval(&x, 0, 0, 1e6, 2, 0.99);
  tap_ok(x.low == 0 && x.high > 0 && x.high < 2e-5,
         "nothing seen: an upper bound of %.3g, no zero", x.high);
  path_interval(&x, 1, 0, 1e6, 1, 0.99);
  tap_ok(x.high == 1 && x.low < 1 && x.low > 1 - 1e-5, "always seen");
  bool covers = true;
  for (int rate = 1; rate <= 4; rate++) {
    double p = pow(10, -rate);
    long missed = 0, trials = 2000, n = 300;
    for (long t = 0; t < trials; t++) {
      long hits = 0;
      for (long i = 0; i < n; i++)
        hits += (double)(tap_random() >> 11) * 0x1p-53 < p;
      double mean = (double)hits / (double)n;
      path_interval(&x, 3 * mean,
                    9 * mean * (1 - mean) * (double)n / (double)(n - 1),
                    (double)n, 3, 0.9);
      missed += 3 * p < x.low || 3 * p > x.high;
    }
    covers = covers && missed <= 200 + 5 * 14;
  }
  tap_ok(covers, "coins are covered at every rate");
}

/* ry and rz on every qubit, CZ between neighbours, `layers` times. */
static void brickwork(ansatz_t ansatz, size_t n, size_t layers) {
  char word[65];
  ansatz_init(ansatz, ANSATZ_CIRCUIT, n);
  for (size_t l = 0; l < layers; l++) {
    for (size_t q = 0; q < n; q++)
      for (int k = 0; k < 2; k++) {
        memset(word, 'I', n);
        word[n] = 0;
        word[q] = "YZ"[k];
        tool_rotation(ansatz, word, tool_parameter(ansatz), 1, 1);
      }
    for (size_t q = l % 2; q + 1 < n; q += 2)
      for (int k = 0; k < 3; k++) {
        memset(word, 'I', n);
        if (k != 1) word[q] = 'Z';
        if (k != 2) word[q + 1] = 'Z';
        tool_constant(ansatz, word, k ? -1 : 1, 2);
      }
  }
}

/* Every kind of input state; an observable whose terms stay correlated, and
   some that do not. */
static void test_brickwork(const char *name, int kind) {
  static const char *words[] = {"IIZZIIII", "IIIXXIII", "IIIIIIYY"};
  ansatz_t ansatz;
  pauli_sum_t sum;
  quantum_state_t state;
  stabilizer_state_t s;
  product_state_t p;
  fmpq_t x, z, zero;
  finite_depth_t exact;
  depth_limits_t limits;
  tally_t t = {0};
  brickwork(ansatz, 8, 3);
  tool_observable(sum, 8, words, 3);
  quantum_state_init(state, 8);
  stabilizer_state_init(s, 8);
  product_state_init(p, 8);
  fmpq_init(x);
  fmpq_init(z);
  fmpq_init(zero);
  fmpq_set_si(x, 3, 5);
  fmpq_set_si(z, 4, 5);
  for (size_t q = 0; q < 8; q++) product_state_set_bloch(p, q, x, zero, z);
  if (kind == 0) stabilizer_state_set_zero(s);
  if (kind == 1) stabilizer_state_set_ghz(s);
  if (kind == 2)
    for (size_t q = 0; q < 6; q++) {
      uint64_t string[2] = {0, UINT64_C(3) << q};
      stabilizer_state_add(s, string, q & 1);
    }
  if (kind == 3) quantum_state_set_product(state, p);
  else quantum_state_set_stabilizer(state, s);
  depth_limits_default(&limits);
  finite_depth_init(exact);
  depth_state_t input = {.stabilizer = quantum_state_stabilizer(state),
                         .product = quantum_state_product(state)};
  finite_depth_exact(exact, ansatz, sum, input, NULL, &limits);
  for (int run = 0; run < 3; run++) {
    path_options_t options = {.num_paths = 60000, .seed = tap_random(),
                              .num_threads = 1 + run};
    path_estimate_t sampled, again;
    path_estimate_init(sampled);
    path_estimate_init(again);
    path_estimate(sampled, ansatz, sum, state, &options);
    options.num_threads = 1;
    path_estimate(again, ansatz, sum, state, &options);
    judge(&t, &sampled->variance, tool_value(exact->variance));
    bool same = !memcmp(&sampled->variance, &again->variance,
                        sizeof sampled->variance);
    for (size_t k = 0; k < sampled->num_parameters; k++) {
      judge(&t, sampled->gradient + k, tool_value(exact->gradient + k));
      same = same && !memcmp(sampled->gradient + k, again->gradient + k,
                             sizeof *sampled->gradient);
    }
    if (!same) t.missed += 1000;
    path_estimate_clear(sampled);
    path_estimate_clear(again);
  }
  tap_ok(t.numbers == 3 * 49 && t.moving > 30 && t.missed <= 3,
         "8 qubits on %s: %ld of %ld intervals miss, any number of threads",
         name, t.missed, t.numbers);
  double mean = t.squares / (double)t.scored;
  tap_ok(mean > 0.3 && mean < 2.5, "mean square of scores: %.2f", mean);
  finite_depth_clear(exact);
  fmpq_clear(x);
  fmpq_clear(z);
  fmpq_clear(zero);
  product_state_clear(p);
  stabilizer_state_clear(s);
  quantum_state_clear(state);
  pauli_sum_clear(sum);
  ansatz_clear(ansatz);
}

/* E[l^2] of O = Z0 + Z1 after one XX rotation on |00> is 2: the diagonal terms
   alone give 1. Its mean is 0. */
static void test_correlated(void) {
  static const char *words[] = {"ZI", "IZ"};
  ansatz_t ansatz;
  pauli_sum_t sum;
  quantum_state_t state;
  stabilizer_state_t zero;
  path_options_t options = {.num_paths = 100000, .seed = 5, .num_threads = 1};
  path_estimate_t sampled;
  ansatz_init(ansatz, ANSATZ_CIRCUIT, 2);
  tool_rotation(ansatz, "XX", tool_parameter(ansatz), 1, 1);
  tool_observable(sum, 2, words, 2);
  stabilizer_state_init(zero, 2);
  stabilizer_state_set_zero(zero);
  quantum_state_init(state, 2);
  quantum_state_set_stabilizer(state, zero);
  path_estimate_init(sampled);
  path_estimate(sampled, ansatz, sum, state, &options);
  tap_ok(sampled->variance.low <= 2 && sampled->variance.high >= 2 &&
             sampled->variance.low > 1.9,
         "terms that stay correlated: %.4f", sampled->variance.estimate);
  tool_rotation(ansatz, "XI", 0, 1, 1); /* shares its parameter */
  tap_ok(path_estimate(sampled, ansatz, sum, state, &options) ==
             STATUS_BAD_INPUT,
         "a shared angle is refused");
  path_estimate_clear(sampled);
  quantum_state_clear(state);
  stabilizer_state_clear(zero);
  pauli_sum_clear(sum);
  ansatz_clear(ansatz);
}

int main(void) {
  tap_begin("t-paths");
  test_interval();
  test_correlated();
  test_random();
  test_broken_weight();
  test_brickwork("zero", 0);
  test_brickwork("ghz", 1);
  test_brickwork("a mixed stabilizer state", 2);
  test_brickwork("a product state", 3);
  return tap_end();
}
