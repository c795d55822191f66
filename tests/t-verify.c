/* The engine end to end: true claims stand, altered ones fall.

   Truths (each derived in its comment): Haar moments of the groups that small
   circuits generate. */
#include <stdlib.h>

#include "numeric/judge/verify.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

/* Haar on U(N) (beta 2) or O(N) (beta 1), pure state, O with eigenvalues +-1,
   N/2 each: l = 2 b - 1, b ~ Beta(beta N/4, beta N/4), Var = 1/(beta N/2 + 1).
   Gradient of exp(-i theta P/2): the strings of the module of O (traceless ones,
   real symmetric ones for beta 1) carry equal weight, so E[g^2] = Var * the
   fraction of them that anticommutes with P; counted. */
static size_t anticommuting(const uint64_t *p, size_t n, bool real_only,
                            size_t *module) {
  size_t count = 0;
  *module = 0;
  for (uint64_t x = 0; x < UINT64_C(1) << n; x++)
    for (uint64_t z = 0; z < UINT64_C(1) << n; z++) {
      uint64_t q[2] = {x, z};
      if ((x | z) == 0 || (real_only && __builtin_parityll(x & z))) continue;
      ++*module;
      count += pauli_anticommute(p, q, 1);
    }
  return count;
}

static void claim_sphere(verify_claims_t claims, const ansatz_t a, double beta) {
  verify_claims_init(claims, a);
  verify_landscape_struct *l = claims->landscapes;
  size_t n = a->num_qubits, half = ((size_t)1 << n) / 2, module;
  l->mean = 0;
  l->variance = 1 / (beta * (double)half + 1);
  for (size_t r = 0; r < a->num_rotations; r++) {
    const rotation_struct *rotation = a->rotations + r;
    if (!rotation->angle->num_terms) continue;
    size_t count = anticommuting(rotation->string, n, beta == 1, &module);
    l->gradient_variance[rotation->angle->terms[0].parameter] =
        l->variance * (double)count / (double)module;
  }
  double eigenvalues[2] = {-1, 1};
  size_t multiplicities[2] = {half, half};
  verify_landscape_add_block(l, beta, 1, 1, 2, eigenvalues, multiplicities);
}

/* One claim altered at a time; every alteration must be refuted. */
static void alter(verify_landscape_struct *l, int which) {
  switch (which) {
    case 0: l->mean += 0.05; break;
    case 1: l->variance *= 1.1; break;
    case 2: l->variance /= 1.1; break;
    case 3: l->gradient_variance[0] *= 1.15; break;
    case 4: l->gradient_variance[1] /= 1.15; break;
    case 5: l->blocks[0].beta += 1; break;
    case 6: l->blocks[0].multiplicities[0]--, l->blocks[0].multiplicities[1]++;
      break;
    case 7: l->blocks[0].eigenvalues[1] *= 1.1; break;
    case 8: l->law_constant += 0.05; break;
    case 9: l->variance = 0; break;
    default: break;
  }
}

static void test_alterations(const verify_options_t *options, size_t n) {
  static const char *const names[] = {
      "mean",       "variance up", "variance down", "first gradient",
      "a gradient", "beta",        "multiplicity",  "eigenvalue",
      "offset",     "zero variance"};
  for (int which = 0; which < 10; which++) {
    if (!tap_is_tried()) continue;
    ansatz_t a;
    verify_claims_t claims;
    case_sphere(a, n, 2);
    case_start_zero(a, n);
    claim_sphere(claims, a, 2);
    alter(claims->landscapes, which);
    tap_ok(!case_stands(a, claims, options, false), "%s: altered %s: refuted",
           precision_name(options->precision), names[which]);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
}

/* SU(16) on four qubits, so that the strings of Z0 are many and the sampler keeps to
   vectors; the fifth is turned by a fixed third of a half turn, there and back in
   every layer and once in the end: the loss of its Z is 1/2, but for rounding. True
   claims stand; those that say otherwise fall; and one that single precision cannot
   tell from the truth is not decided. */
static void constant(ansatz_t a) {
  char word[8];
  ansatz_init(a, ANSATZ_CIRCUIT, 5);
  for (size_t j = 0; j < 4; j++) {
    case_parametrised(a, case_letter(word, 5, j, 'Y'));
    case_parametrised(a, case_letter(word, 5, j, 'Z'));
    case_letter(word, 5, j, 'X');
    word[(j + 1) % 4] = 'X';
    case_parametrised(a, word);
  }
  case_gate(a, "IIIIX", -1, 1, 3);
  case_observe(a, "ZIIII");
  case_observe(a, "IIIIZ");
  case_start_zero(a, 5);
}

static void test_constant(precision_t precision) {
  static const double offsets[] = {0, 1e-3, -1e-3};
  const char *name = precision_name(precision);
  verify_options_t options = {.seed = tap_seed(), .precision = precision};
  for (int which = 0; which < 6; which++) {
    if (!tap_is_tried()) continue;
    ansatz_t a;
    verify_claims_t claims;
    verify_report_t report;
    char *message;
    constant(a);
    verify_claims_init(claims, a);
    verify_landscape_struct *l = claims->landscapes + 1;
    l->mean = 0.5 + (which < 3 ? offsets[which] : 0);
    l->variance = which == 3 ? 1e-3 : which == 4 ? 1e-11 : 0;
    for (size_t k = 0; k < a->num_parameters; k++)
      l->gradient_variance[k] = which == 5 ? 1e-3 : 0;
    status_t status = verify_run(report, a, claims, &options, &message);
    bool undecided = precision == PRECISION_SINGLE && which == 4;
    bool stands = which == 0 || undecided;
    tap_ok(status == STATUS_OK && report->consistent == stands &&
               report->undecided == undecided &&
               report->precision == precision &&
               (!undecided || (report->num_notes && report->num_attempts == 1)),
           "%s: a constant loss, claims %d: %s", name, which,
           undecided ? "undecided" : stands ? "hold" : "refuted");
    if (status == STATUS_OK) verify_report_clear(report);
    free(message);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
}

/* The report may depend on the seed only. */
static void test_threads(precision_t precision) {
  double measured[2] = {0, 0};
  for (int threads = 1; threads <= 2; threads++) {
    ansatz_t a;
    verify_claims_t claims;
    verify_report_t report;
    char *message;
    verify_options_t options = {
        .seed = tap_seed(), .num_samples = 2000, .num_threads = threads,
        .precision = precision};
    case_sphere(a, 3, 2);
    case_start_zero(a, 3);
    claim_sphere(claims, a, 2);
    if (verify_run(report, a, claims, &options, &message) == STATUS_OK) {
      for (size_t i = 0; i < report->num_checks; i++)
        measured[threads - 1] += report->checks[i].measured * (double)(i + 1);
      verify_report_clear(report);
    }
    free(message);
    verify_claims_clear(claims);
    ansatz_clear(a);
  }
  tap_ok(measured[0] == measured[1] && measured[0] != 0,
         "%s: one and two threads give the same numbers",
         precision_name(precision));
}

static void test_spheres(verify_options_t *options, size_t most) {
  for (size_t n = 2; n <= most; n++)
    for (int beta = n == 2 ? 2 : 1; beta <= 2; beta++) {
      if (n > 2 && !tap_is_tried()) continue;
      ansatz_t a;
      verify_claims_t claims;
      case_sphere(a, n, beta);
      case_start_zero(a, n);
      claim_sphere(claims, a, beta);
      options->num_samples = n > 4 ? 4000 : 0;
      tap_ok(case_stands(a, claims, options, true), "%s: n = %zu, beta = %d: holds",
             precision_name(options->precision), n, beta);
      verify_claims_clear(claims);
      ansatz_clear(a);
    }
  options->num_samples = 0;
}

int main(void) {
  tap_begin("t-verify");
  verify_options_t options = {.seed = tap_seed()};
  for (int i = 0; i < 2; i++) {
    options.precision = i ? PRECISION_SINGLE : PRECISION_DOUBLE;
    test_spheres(&options, tap_iterations(6) < 6 ? 4 : 6);
    test_alterations(&options, i ? 3 : 2); /* two qubits are done in the module */
    test_threads(options.precision);
    test_constant(options.precision);
  }
  return tap_end();
}
