/* Laws and groups beyond the sphere of t-verify, false alarms, and errors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/verify.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

static void balanced(verify_landscape_struct *l, double beta, size_t rank,
                     size_t half) {
  double eigenvalues[2] = {-1, 1};
  size_t multiplicities[2] = {half, half};
  verify_landscape_add_block(l, beta, rank, 1, 2, eigenvalues, multiplicities);
}

/* SU(4) on a state of rank s in N = 4: Var = sum o^2 (1/s - 1/4) / 15. */
static void test_mixed(size_t num_stabilizers, const verify_options_t *options) {
  ansatz_t a;
  verify_claims_t claims;
  size_t rank = (size_t)4 >> num_stabilizers;
  case_sphere(a, 2, 2);
  case_start_zero(a, num_stabilizers);
  verify_claims_init(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  l->mean = 0;
  l->variance = 4 * (1 / (double)rank - 0.25) / 15;
  for (size_t k = 0; k < a->num_parameters; k++)
    l->gradient_variance[k] = l->variance * 8 / 15;
  balanced(l, 2, rank, 2);
  tap_ok(case_stands(a, claims, options, true), "SU(4), state of rank %zu", rank);
  l->blocks->rank = rank == 4 ? 2 : rank + 1;
  tap_ok(!case_stands(a, claims, options, false), "... not of rank %zu",
         l->blocks->rank);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* Sp(2^(n-1)) on C^(2^n): all strings that are antisymmetric for Y on qubit 0
   times complex conjugation: a Pauli letter on qubit 0 with an even number of Y
   elsewhere, or none with an odd number. Z1 commutes with that structure. */
static void test_quaternionic(size_t num_stabilizers,
                              const verify_options_t *options) {
  enum { N = 3 };
  ansatz_t a;
  verify_claims_t claims;
  char word[N + 1] = "";
  ansatz_init(a, ANSATZ_CIRCUIT, N);
  for (int code = 1; code < 1 << 2 * N; code++) {
    int odd = 0;
    for (int j = 0; j < N; j++) {
      word[j] = "IXYZ"[code >> 2 * j & 3];
      odd ^= j && word[j] == 'Y';
    }
    if ((word[0] == 'I') == odd) case_parametrised(a, word);
  }
  case_observe(a, "IZI");
  case_start_zero(a, num_stabilizers);
  verify_claims_init(claims, a);
  /* N = 4 quaternionic dimensions, a rank-2^j projector of C^8 in general
     position to the structure has quaternionic rank 2^j. */
  size_t rank = (size_t)1 << (N - num_stabilizers);
  verify_landscape_struct *l = claims->landscapes;
  l->mean = 0;
  l->variance = 4 * (1 / (double)rank - 0.25) / (3 * 9);
  balanced(l, 4, rank, 2);
  tap_ok(a->num_rotations == 36 && case_stands(a, claims, options, true),
         "Sp(4) on 3 qubits, state of rank %zu", rank);
  l->blocks->beta = 2;
  tap_ok(!case_stands(a, claims, options, false), "... not complex");
  verify_claims_clear(claims);
  ansatz_clear(a);
}

static void add_generator(ansatz_t a, const char *first, const char *second) {
  pauli_sum_t sum;
  fmpq_t one;
  uint64_t string[2];
  fmpq_init(one);
  fmpq_set_si(one, 1, 1);
  pauli_sum_init(sum, a->num_qubits);
  case_parse(string, first);
  pauli_sum_push(sum, one, string);
  if (second) {
    case_parse(string, second);
    pauli_sum_push(sum, one, string);
  }
  pauli_sum_canonicalise(sum);
  ansatz_add_generator(a, sum);
  pauli_sum_clear(sum);
  fmpq_clear(one);
}

/* X + Z (which do not commute) and Y on one qubit: SU(2); l uniform on [-1, 1].
   For exp(-i theta P): E[g^2] = 4 Var 2/3 = 8/9; X + Z is sqrt 2 such a P. Three
   parameters on two generators: the third drives the first again. */
static void test_exponential(const verify_options_t *options) {
  ansatz_t a;
  verify_claims_t claims;
  ansatz_init(a, ANSATZ_OPERATORS, 1);
  add_generator(a, "X", "Z");
  add_generator(a, "Y", NULL);
  a->num_parameters = 3;
  case_observe(a, "Z");
  case_start_zero(a, 1);
  verify_claims_init(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  l->mean = 0;
  l->variance = 1 / 3.0;
  l->gradient_variance[0] = l->gradient_variance[2] = 16 / 9.0;
  l->gradient_variance[1] = 8 / 9.0;
  balanced(l, 2, 1, 1);
  tap_ok(case_stands(a, claims, options, true), "exp(-i theta (X + Z)), Y");
  l->gradient_variance[2] /= 1.2;
  tap_ok(!case_stands(a, claims, options, false), "... third parameter altered");
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* Free fermions, a slow single sweep: Z_j and X_j X_(j+1) make so(2n), whose
   n(2n - 1) strings hold Z_0 .. Z_(n-1): Var(Z0) = n/(n(2n - 1)); a string of
   so(2n) anticommutes with 2(2n - 2) others. */
static void test_sweep(size_t n, const verify_options_t *options) {
  ansatz_t a;
  verify_claims_t claims;
  char word[32];
  ansatz_init(a, ANSATZ_CIRCUIT, n);
  for (size_t j = 0; j < n; j++) {
    case_parametrised(a, case_letter(word, n, j, 'Z'));
    if (j + 1 == n) break;
    case_letter(word, n, j, 'X');
    word[j + 1] = 'X';
    case_parametrised(a, word);
  }
  case_observe(a, case_letter(word, n, 0, 'Z'));
  case_start_zero(a, n);
  verify_claims_init(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  double dim = (double)(n * (2 * n - 1));
  l->mean = 0;
  l->variance = (double)n / dim;
  for (size_t k = 0; k < a->num_parameters; k++)
    l->gradient_variance[k] = l->variance * (double)(2 * (2 * n - 2)) / dim;
  verify_options_t fewer = *options;
  fewer.num_samples = 4000;
  tap_ok(case_stands(a, claims, &fewer, true), "transverse Ising chain, n = %zu",
         n);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* True claims under many seeds: refuted at most as often as the family-wise
   error allows, and small p values as often as they should be. */
static void test_false_alarms(void) {
  ansatz_t a;
  verify_claims_t claims;
  size_t refuted = 0, small = 0, count = 0;
  case_sphere(a, 2, 2);
  case_start_zero(a, 2);
  verify_claims_init(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  l->mean = 0;
  l->variance = 0.2;
  l->least = -1;
  l->excess_kurtosis = -6.0 / 7;
  l->freedom = (verify_freedom_struct){2, 2, 4, 1, 1, 0};
  for (size_t k = 0; k < a->num_parameters; k++)
    l->gradient_variance[k] = 0.2 * 8 / 15;
  balanced(l, 2, 1, 2);
  size_t runs = (size_t)tap_iterations(100);
  for (size_t r = 0; r < runs; r++) {
    verify_report_t report;
    char *message;
    verify_options_t options = {
        .seed = tap_random(), .num_samples = 1000, .num_layers = 20};
    if (verify_run(report, a, claims, &options, &message) != STATUS_OK) break;
    refuted += !report->consistent;
    for (size_t i = 0; i < report->num_checks; i++)
      small += report->checks[i].p_value < 0.01;
    count += report->num_checks;
    verify_report_clear(report);
  }
  /* 100 runs: 0.1 refuted expected, 3 or more with probability 2e-4; 12 small p
     of 1200 expected, and the checks of one run are weakly correlated. */
  tap_ok(count == runs * (6 + a->num_parameters) && refuted <= 2 + runs / 400 &&
             (double)small < 0.01 * (double)count +
                                 5 * sqrt(0.01 * (double)count) + 2,
         "false alarms: %zu of %zu runs, %zu of %zu checks below 0.01", refuted,
         runs, small, count);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

static bool stop(void *context, const char *stage, uint64_t done,
                 uint64_t total) {
  (void)stage;
  (void)total;
  *(uint64_t *)context = done;
  return false;
}

static void test_errors(void) {
  ansatz_t a;
  verify_claims_t claims;
  verify_report_t report;
  char *message = NULL, word[64];
  ansatz_init(a, ANSATZ_CIRCUIT, 33);
  /* Universal, so that no short list of strings will do instead. */
  for (size_t q = 0; q < 33; q++) {
    case_parametrised(a, case_letter(word, 33, q, 'Y'));
    case_parametrised(a, case_letter(word, 33, q, 'X'));
    case_letter(word, 33, q, 'Z');
    word[(q + 1) % 33] = 'Z';
    case_parametrised(a, word);
  }
  case_observe(a, case_letter(word, 33, 0, 'Z'));
  case_start_zero(a, 33);
  verify_claims_init(claims, a);
  claims->landscapes->mean = 0;
  verify_options_t options = {.memory_bytes = UINT64_C(3) << 30};
  status_t status = verify_run(report, a, claims, &options, &message);
  /* Three vectors (state, adjoint, scratch) of 16 bytes 2^n in 3 GiB: n = 26. */
  tap_ok(status == STATUS_LIMIT && message &&
             strstr(message, "up to 26 qubits would"),
         "too many qubits: %s", message);
  free(message);
  verify_claims_clear(claims);
  ansatz_clear(a);
  case_sphere(a, 2, 2);
  case_start_zero(a, 2);
  verify_claims_init(claims, a);
  uint64_t seen = 0;
  options = (verify_options_t){.progress = stop, .progress_context = &seen,
                               .num_layers = 4};
  claims->landscapes->mean = 0;
  status = verify_run(report, a, claims, &options, &message);
  tap_ok(status == STATUS_LIMIT && message && seen, "a run that is stopped");
  free(message);
  balanced(claims->landscapes, 2, 5, 2);
  status = verify_run(report, a, claims, NULL, &message);
  tap_ok(status == STATUS_BAD_INPUT && message, "senseless law: %s", message);
  free(message);
  claims->num_parameters--;
  status = verify_run(report, a, claims, NULL, &message);
  tap_ok(status == STATUS_BAD_INPUT && message, "other ansatz: %s", message);
  free(message);
  claims->num_parameters++;
  verify_claims_clear(claims);
  ansatz_clear(a);
}

int main(void) {
  tap_begin("t-verify-cases");
  verify_options_t options = {.seed = tap_seed()};
  for (size_t k = 0; k <= 1; k++) test_mixed(k, &options);
  for (size_t k = 2; k <= 3; k++) test_quaternionic(k, &options);
  test_exponential(&options);
  test_sweep(4, &options);
  test_sweep(7, &options);
  test_false_alarms();
  test_errors();
  return tap_end();
}
