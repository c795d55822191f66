/* What verify tests beyond mean, variance and law: the circuit at its own depth,
   covariances, kurtosis, degrees of freedom, distance to a normal law, law of a
   derivative. True claims stand; altered one at a time, the check that it
   belongs to falls and no other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/judge/verify.h"
#include "numeric/judge/gradient_law.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

/* RY RZ on two qubits, CZ, RY: SU(4). From |00>, O = Z0 (see case_sphere):
   U = RY(e) RY(f) CZ RZ RZ RY(a) RY(b); only a, f and what is between matter:
   Z0 -> cos(e) Z0 - sin(e) X0, CZ takes X0 to X0 Z1, RZ(c) on qubit 0 turns it,
       l = cos e cos a - sin e cos c sin a cos b,
   all of period 2 pi: E[l] = 0, E[l^2] = 1/4 + 1/16; derivatives below. */
static const double own_gradient[6] = {
    5.0 / 16, 1.0 / 16, 1.0 / 16, 0, 5.0 / 16, 0};

/* Haar on SU(4), |00>: l = 2 b - 1, b ~ Beta(2, 2); kurtosis -6/7 of Beta(2,2);
   two orthogonal stabilizer inputs rho, rho': Cov = Tr(O^2) (Tr(rho rho') -
   1/4)/15 = -1/15. Gradients: 8/15 of the 15 strings anticommute. */
static void claim(verify_claims_t claims, const ansatz_t a) {
  double eigenvalues[2] = {-1, 1};
  size_t multiplicities[2] = {2, 2};
  verify_claims_init(claims, a);
  claims->covariances[1] = claims->covariances[2] = -1.0 / 15;
  claims->dimension = 15;
  claims->orbit_dimensions[0] = 6; /* the projective space of C^4 */
  verify_landscape_struct *l = claims->landscapes;
  l->mean = 0;
  l->variance = 0.2;
  l->least = -1;
  l->excess_kurtosis = -6.0 / 7;
  l->freedom = (verify_freedom_struct){2, 2, 4, 1, 1, 0};
  l->normal_variance = 0.2;
  l->normal_distance = 0.1;
  l->wishart_distance = 0.3;
  for (size_t k = 0; k < 6; k++) l->gradient_variance[k] = 0.2 * 8 / 15;
  verify_landscape_add_block(l, 2, 1, 1, 2, eigenvalues, multiplicities);
  l->depth_mean = 0;
  l->depth_variance = 5.0 / 16;
  l->depth_gradient = calloc(6, sizeof(double));
  memcpy(l->depth_gradient, own_gradient, sizeof own_gradient);
}

/* Number of failing checks whose names begin so, and of others. */
static size_t count_failing(size_t *others, const verify_report_t report,
                            const char *name) {
  size_t named = 0;
  *others = 0;
  for (size_t i = 0; i < report->num_deciding; i++) {
    const verify_check_t *c = report->checks + i;
    if (c->holds) continue;
    if (strncmp(c->name, name, strlen(name))) ++*others;
    else named++;
    if (*others) tap_diag("%s: p %.3g", c->name, c->p_value);
  }
  return named;
}

static void setup(ansatz_t a) {
  stabilizer_state_t state;
  case_sphere(a, 2, 2);
  case_start_zero(a, 2);
  stabilizer_state_init(state, 2);
  for (size_t j = 0; j < 2; j++) {
    uint64_t string[2] = {0, UINT64_C(1) << j};
    stabilizer_state_add(state, string, j == 0);
  }
  ansatz_add_stabilizer(a, state, "bits 10");
  stabilizer_state_clear(state);
}

static void alter(verify_claims_t claims, int which) {
  verify_landscape_struct *l = claims->landscapes;
  switch (which) {
    case 1: claims->covariances[1] *= 0.8; break;
    case 2: l->excess_kurtosis += 0.15; break;
    case 3: l->freedom.r *= 1.05; break;
    case 4: l->normal_distance = 0.002; break;
    case 5: l->depth_mean = 0.05; break;
    case 6: l->depth_variance *= 0.9; break;
    case 7: l->depth_gradient[1] *= 1.15; break;
    case 8: l->depth_gradient[3] = 1e-3; break;
    case 9: l->depth_gradient[4] = 0; break;
    case 10: l->freedom.beta = 1; break;
    case 11: claims->dimension = 14; break;
    case 12: claims->dimension = 16; break;
    case 13: claims->orbit_dimensions[0] = 5; break;
    case 14: claims->orbit_dimensions[0] = 7; break;
    case 15: l->wishart_distance = 0.03; break;
    default: break;
  }
}

static void test_alterations(void) {
  static const char *const names[] = {
      "",
      "covariance with",
      "excess kurtosis",
      "degrees of freedom",
      "distance to normal",
      "own depth: mean",
      "own depth: variance",
      "own depth: gradient variance t[1]",
      "own depth: gradient variance t[3]",
      "own depth: gradient variance t[4]",
      "degrees of freedom",
      "dimension by Fisher rank",
      "dimension by Fisher rank",
      "orbit of bits",
      "orbit of bits",
      "distance to the Wishart form"};
  for (int which = 0; which <= 15; which++) {
    ansatz_t a;
    verify_claims_t claims;
    verify_report_t report;
    char *message;
    verify_options_t options = {.seed = tap_seed(), .num_layers = 15,
                                .num_samples = 20000};
    setup(a);
    claim(claims, a);
    alter(claims, which);
    if (verify_run(report, a, claims, &options, &message) == STATUS_OK) {
      size_t others;
      size_t named = count_failing(&others, report, which ? names[which] : " ");
      tap_ok(named == (which != 0) && others == 0, "alteration %d: %s", which,
             which ? names[which] : "none, all holds");
      if (which == 0)
        tap_ok(report->num_checks == 3 + 6 + 3 + 1 + 1 + 1 + 3 + 2 + 6,
               "every claim has its check: %zu", report->num_checks);
      verify_report_clear(report);
    } else {
      tap_ok(false, "verify runs: %s", message);
    }
    free(message);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
}

/* beta 4, N = 2 has the same law of the loss, Beta(2, 2), but other derivatives:
   variance 2/25, and another law. */
static void test_gradient_law(void) {
  ansatz_t a;
  verify_claims_t claims;
  verify_report_t report;
  char *message;
  verify_options_t options = {.seed = tap_seed(), .num_layers = 15};
  setup(a);
  claim(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  l->blocks->beta = 4;
  l->blocks->multiplicities[0] = l->blocks->multiplicities[1] = 1;
  l->blocks->dimension = 2;
  for (size_t k = 0; k < 6; k++) l->gradient_variance[k] = 2.0 / 25;
  size_t law = 0, gradient_law = 0;
  if (verify_run(report, a, claims, &options, &message) == STATUS_OK) {
    for (size_t i = 0; i < report->num_deciding; i++) {
      const verify_check_t *c = report->checks + i;
      law += !strncmp(c->name, "loss law", 8) && c->holds;
      gradient_law += !strncmp(c->name, "gradient law", 12) && !c->holds;
    }
    verify_report_clear(report);
  }
  tap_ok(law == 1 && gradient_law == 1,
         "a law of derivatives falls where that of losses stands");
  free(message);
  verify_claims_clear(claims);
  ansatz_clear(a);
}

/* A spin factor of m = beta + 1 gammas that is also a matrix algebra: the same
   second moments from different formulas; sampled moments agree with them. */
static void test_law_moments(void) {
  static const double betas[] = {1, 2, 4, 1, 2, 4, 7};
  static const size_t sizes[] = {2, 2, 2, 6, 6, 6, 2};
  static const double known[] = {2.0 / 4, 2.0 / 9, 2.0 / 25, 0, 0, 0, 2.0 / 64};
  for (size_t t = 0; t < sizeof sizes / sizeof *sizes; t++) {
    enum { COUNT = 40000 };
    static double x[COUNT];
    ansatz_t a;
    verify_claims_t claims;
    double eigenvalues[3] = {-1, 0.5, 1}, variance, mean = 0, square = 0,
           fourth = 0;
    size_t multiplicities[3] = {1, sizes[t] - 2, 1};
    setup(a);
    verify_claims_init(claims, a);
    verify_landscape_struct *l = claims->landscapes;
    if (sizes[t] == 2) eigenvalues[1] = 1;
    multiplicities[1] = sizes[t] == 2 ? 1 : sizes[t] - 2;
    verify_landscape_add_block(l, betas[t], 1, 1, sizes[t] == 2 ? 2 : 3,
                               eigenvalues, multiplicities);
    bool exists = gradient_law_exists(&variance, l);
    gradient_law_sample(x, COUNT, l, false, tap_random(), 1, 1);
    for (size_t i = 0; i < COUNT; i++) {
      mean += x[i] / COUNT;
      square += x[i] * x[i] / COUNT;
      fourth += x[i] * x[i] * x[i] * x[i] / COUNT;
    }
    double error = sqrt((fourth - square * square) / COUNT);
    tap_ok(exists && fabs(square - variance) < 5 * error &&
               fabs(mean) < 5 * sqrt(square / COUNT) &&
               (sizes[t] > 2 || fabs(variance - known[t]) < 1e-14),
           "beta %g, N %zu: second moment %.6f, sampled %.6f", betas[t],
           sizes[t], variance, square);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
}

int main(void) {
  tap_begin("t-verify-shape");
  test_alterations();
  test_gradient_law();
  test_law_moments();
  return tap_end();
}
