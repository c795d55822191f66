/* Local minima: circuits whose minima are known, and the deep ensemble against
   the measured table of its predicted edge. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/minima.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

static status_t search(minima_report_t report, const ansatz_t a,
                       const verify_claims_t claims, size_t starts,
                       int threads) {
  char *message;
  minima_options_t options = {.num_starts = starts,
                              .num_layers = 12,
                              .seed = tap_seed(),
                              .num_threads = threads};
  status_t status = minima_run(report, a, claims, &options, &message);
  if (status != STATUS_OK) tap_diag("%s", message);
  free(message);
  return status;
}

static void add_term(ansatz_t a, const char *first, const char *second, long num,
                     unsigned long den) {
  pauli_sum_t sum;
  fmpq_t c;
  uint64_t string[2];
  fmpq_init(c);
  pauli_sum_init(sum, a->num_qubits);
  fmpq_set_si(c, 1, 1);
  case_parse(string, first);
  pauli_sum_push(sum, c, string);
  fmpq_set_si(c, num, den);
  case_parse(string, second);
  pauli_sum_push(sum, c, string);
  pauli_sum_canonicalise(sum);
  ansatz_add_observable(a, sum, first);
  pauli_sum_clear(sum);
  fmpq_clear(c);
}

/* l = cos a (cos b + 1/2): minima -3/2 (a = pi, b = 0) and, a trap, -1/2 (a = 0,
   b = pi), where the second derivatives are 1/2 and 1. Nothing else. */
static void test_trap(void) {
  ansatz_t a;
  verify_claims_t claims;
  minima_report_t report;
  ansatz_init(a, ANSATZ_CIRCUIT, 2);
  case_parametrised(a, "YI");
  case_parametrised(a, "IY");
  add_term(a, "ZZ", "ZI", 1, 2);
  case_start_zero(a, 2);
  verify_claims_init(claims, a);
  claims->landscapes->mean = 0;
  claims->landscapes->least = -1.5;
  if (tap_ok(search(report, a, claims, 60, 1) == STATUS_OK &&
                 report->landscapes->num_rows == 1,
             "without a threshold: the circuit as written only")) {
    const minima_row_t *row = report->landscapes->rows;
    size_t low = 0, high = 0, curved = 0;
    for (size_t i = 0; i < row->num_starts; i++) {
      low += fabs(row->losses[i] + 1.5) < 1e-7 && row->slopes[i] < 1e-4;
      high += fabs(row->losses[i] + 0.5) < 1e-7 && row->slopes[i] < 1e-4;
      /* second derivatives 3/2 and 1, or 1/2 and 1 */
      double least = row->losses[i] < -1 ? 1 : 0.5;
      curved += fabs(row->curvatures[i] - least) < 1e-3;
    }
    tap_ok(low + high == 60 && low > 5 && high > 5,
           "two minima, one of them a trap: %zu and %zu", low, high);
    tap_ok(curved == 60, "least second derivatives at %zu ends", curved);
    tap_ok(fabs(minima_relative(report->landscapes, -0.5) - 2.0 / 3) < 1e-15,
           "relative level of the trap");
    minima_report_clear(report);
  }
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* exp(-i t X), exp(-i t Y) in turn, p times, from |0>: l = <Z> reaches -1. */
static void test_operators(void) {
  for (size_t p = 1; p <= 4; p++) {
    ansatz_t a;
    verify_claims_t claims;
    minima_report_t report;
    pauli_sum_t sum;
    fmpq_t one;
    fmpq_init(one);
    fmpq_set_si(one, 1, 1);
    ansatz_init(a, ANSATZ_OPERATORS, 1);
    for (int k = 0; k < 2; k++) {
      uint64_t string[2];
      pauli_sum_init(sum, 1);
      case_parse(string, k ? "Y" : "X");
      pauli_sum_push(sum, one, string);
      ansatz_add_generator(a, sum);
      pauli_sum_clear(sum);
    }
    a->num_parameters = p;
    case_observe(a, "Z");
    case_start_zero(a, 1);
    verify_claims_init(claims, a);
    if (search(report, a, claims, 10, 2) == STATUS_OK) {
      tap_ok(report->landscapes->rows->num_parameters == p &&
                 minima_quantile(report->landscapes->rows, 1) < -1 + 1e-9,
             "%zu operators: every minimum is the global one", p);
      minima_report_clear(report);
    } else {
      tap_ok(false, "%zu operators", p);
    }
    verify_claims_clear(claims);
    ansatz_clear(a);
    fmpq_clear(one);
  }
}

/* SU(8), O = Z0: r = 4, p* = 8, l from -1 with mean 0. Minima of this ensemble
   at N = 32, r = 16 were 0.299, 0.088, 0.013, 0.0001, 0 (120 descents each, by
   another program); at this small size they are broader, and higher. */
static void test_ensemble(void) {
  static const double low[] = {0.2, 0.04, 0, 0, 0};
  static const double high[] = {0.6, 0.3, 0.1, 0.03, 1e-3};
  double values[2][5];
  for (int threads = 1; threads <= 2; threads++) {
    ansatz_t a;
    verify_claims_t claims;
    minima_report_t report;
    case_sphere(a, 3, 2);
    case_start_zero(a, 3);
    verify_claims_init(claims, a);
    claims->landscapes->mean = 0;
    claims->landscapes->least = -1;
    claims->landscapes->threshold = 8;
    bool ok = search(report, a, claims, (size_t)tap_iterations(40) + 20,
                     threads) == STATUS_OK;
    const minima_landscape_t *l = report->landscapes;
    ok = tap_ok(ok && l->num_rows == 6 && !l->rows->scrambled,
                "the circuit as written and five numbers of parameters");
    for (size_t i = 0; ok && i < 5; i++) {
      const minima_row_t *row = l->rows + 1 + i;
      double median = minima_relative(l, minima_quantile(row, 0.5));
      double s = (row->gamma + sqrt(row->gamma * (row->gamma + 8))) / 4;
      values[threads - 1][i] = 0;
      for (size_t k = 0; k < row->num_starts; k++)
        values[threads - 1][i] += row->losses[k] * (double)(k + 1);
      if (threads == 1)
        tap_ok(row->scrambled && median > low[i] - 1e-9 && median < high[i] &&
                   fabs(row->edge - (row->gamma < 1 ? (1 - s) * (1 - s) * (1 - row->gamma / s) : 0)) < 1e-15,
               "gamma = %g: median %.4f, edge %.4f", row->gamma, median,
               row->edge);
    }
    if (ok) minima_report_clear(report);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
  tap_ok(!memcmp(values[0], values[1], sizeof values[0]),
         "one and two threads give the same numbers");
}

static bool stop(void *context, const char *stage, uint64_t done,
                 uint64_t total) {
  (void)context;
  (void)stage;
  (void)total;
  return done < 3;
}

static void test_limits(void) {
  ansatz_t a;
  verify_claims_t claims;
  minima_report_t report;
  char *message;
  minima_options_t options = {
      .num_starts = 9, .num_layers = 2, .memory_bytes = 100};
  case_sphere(a, 3, 2);
  case_start_zero(a, 3);
  verify_claims_init(claims, a);
  status_t status = minima_run(report, a, claims, &options, &message);
  tap_ok(status == STATUS_LIMIT && message && strstr(message, "up to 1 qubits would"),
         "no memory: %s", message);
  free(message);
  options.memory_bytes = 0;
  options.progress = stop;
  status = minima_run(report, a, claims, &options, &message);
  tap_ok(status == STATUS_LIMIT && message && strstr(message, "stopped"),
         "stopped: %s", message);
  free(message);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

int main(void) {
  tap_begin("t-minima");
  test_trap();
  test_operators();
  test_ensemble();
  test_limits();
  return tap_end();
}
