/* Whole circuits: losses and gradients of the sampler against dense matrices
   and central differences, on random ansaetze: Clifford and other fixed angles,
   shared parameters, affine angles, rotations freed and split, generators that
   do and do not commute, mixed states; single precision against double. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/random.h"
#include "numeric/sample/sampler.h"
#include "tests/ref_dense.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

enum { SEED = 17, PURPOSE = 1000, MAX_DRIVES = 64 };

static uint64_t mask(size_t n) { return tap_random() & ((UINT64_C(1) << n) - 1); }

static void random_string(uint64_t *string, size_t n) {
  do {
    string[0] = mask(n);
    string[1] = mask(n);
  } while (!(string[0] | string[1]));
}

static void random_rational(fmpq_t q) {
  static const long nums[] = {1, -1, 1, 2, -1, 3, -2, 5};
  static const unsigned long dens[] = {1, 1, 2, 1, 2, 2, 3, 4};
  size_t i = tap_random_below(8);
  fmpq_set_si(q, nums[i], dens[i]);
}

static void random_sum(pauli_sum_t sum, size_t n, size_t terms) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < terms; t++) {
    uint64_t string[2];
    random_string(string, n);
    random_rational(c);
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  if (pauli_sum_is_zero(sum)) random_sum(sum, n, 1);
  fmpq_clear(c);
}

static void random_rotations(ansatz_t a, size_t n, bool odd_angles) {
  fmpq_t c;
  fmpq_init(c);
  size_t parameters = 1 + tap_random_below(3), count = 2 + tap_random_below(7);
  for (size_t k = 0; k < parameters; k++) ansatz_add_parameter(a, "t", false);
  for (size_t r = 0; r < count; r++) {
    uint64_t string[2];
    angle_t angle;
    angle_init(angle);
    random_string(string, n);
    if (r >= parameters && tap_random_below(2)) {
      fmpq_set_si(angle->pi_part, (long)tap_random_below(4), 2);
    } else {
      random_rational(c);
      angle_add_term(angle, r % parameters, tap_random_below(4) == 0, c);
      if (tap_random_below(4) == 0) {
        random_rational(c);
        angle_add_term(angle, tap_random_below(parameters), false, c);
      }
      if (tap_random_below(3) == 0) fmpq_set_si(angle->pi_part, 1, 2);
    }
    if (odd_angles && tap_random_below(3) == 0) random_rational(angle->rad_part);
    ansatz_add_rotation(a, string, angle, 0);
    angle_clear(angle);
  }
  fmpq_clear(c);
}

static void random_ansatz(ansatz_t a, int kind) {
  size_t n = 1 + tap_random_below(3);
  pauli_sum_t sum;
  stabilizer_state_t state;
  ansatz_init(a, kind == 2 ? ANSATZ_OPERATORS : ANSATZ_CIRCUIT, n);
  if (kind < 2) random_rotations(a, n, kind == 1);
  for (size_t j = 0; kind == 2 && j < 3; j++) {
    pauli_sum_init(sum, n);
    random_sum(sum, n, 1 + tap_random_below(3));
    ansatz_add_generator(a, sum);
    pauli_sum_clear(sum);
  }
  if (kind == 2) a->num_parameters = a->num_generators;
  for (size_t o = 0; o < 2; o++) {
    pauli_sum_init(sum, n);
    random_sum(sum, n, 1 + tap_random_below(3));
    ansatz_add_observable(a, sum, "O");
    pauli_sum_clear(sum);
  }
  for (size_t s = 0; s < 2; s++) {
    stabilizer_state_init(state, n);
    for (size_t j = 0; j < n; j++) {
      uint64_t string[2];
      random_string(string, n);
      if (s == 0) string[0] = 0, string[1] = UINT64_C(1) << j;
      (void)stabilizer_state_add(state, string, tap_random() & 1);
    }
    ansatz_add_stabilizer(a, state, "s");
    stabilizer_state_clear(state);
  }
}

static ref_entry_t *dense_sum(const pauli_sum_struct *sum, size_t n) {
  ref_entry_t *m = ref_zero(n);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *p = pauli_sum_string(sum, t);
    ref_entry_t *q = ref_string(n, p[0], p[1]);
    ref_add(m, fmpq_get_d(sum->coeffs + t), q, n);
    free(q);
  }
  return m;
}

static double constant_angle(const angle_struct *angle) {
  return fmpq_get_d(angle->pi_part) * M_PI + fmpq_get_d(angle->rad_part);
}

/* rho <- U rho U^dagger, U = U(theta), or with inverse U^-1. flags: as in
   verify.h; a freed or split rotation takes its angles from the drives after
   the parameters, in order of appearance. */
static void evolve(ref_entry_t *rho, const ansatz_t a, const uint8_t *flags,
                   const double *drives, bool inverse) {
  size_t n = a->num_qubits, extra = a->num_parameters, count;
  double angles[64];
  ref_entry_t *generators[64];
  count = a->kind == ANSATZ_CIRCUIT ? a->num_rotations : a->num_generators;
  for (size_t r = 0; r < count; r++) {
    if (a->kind == ANSATZ_OPERATORS) {
      generators[r] = dense_sum(a->generators + r, n);
      angles[r] = drives[r];
      continue;
    }
    const rotation_struct *g = a->rotations + r;
    generators[r] = ref_string(n, g->string[0], g->string[1]);
    angles[r] = constant_angle(g->angle) / 2;
    size_t last = SIZE_MAX;
    if (flags[r] & VERIFY_FREED) angles[r] = drives[extra++] / 2;
    for (size_t t = 0; t < g->angle->num_terms; t++) {
      const angle_term_struct *term = g->angle->terms + t;
      double c = fmpq_get_d(term->coeff) * (term->times_pi ? M_PI : 1) / 2;
      if ((flags[r] & VERIFY_SPLIT) && term->parameter != last) extra++;
      last = term->parameter;
      angles[r] += c * drives[flags[r] & VERIFY_SPLIT ? extra - 1 : last];
    }
  }
  for (size_t i = 0; i < count; i++) {
    size_t r = inverse ? count - 1 - i : i;
    ref_entry_t *u =
        ref_exponential(generators[r], inverse ? -angles[r] : angles[r], n);
    ref_conjugate(rho, u, n);
    free(u);
  }
  for (size_t r = 0; r < count; r++) free(generators[r]);
}

/* The loss of the deep circuit by its definition in verify.h. */
static double dense_loss(const ansatz_t a, const uint8_t *flags,
                         double drives[][MAX_DRIVES], size_t num_layers,
                         size_t observable, size_t state) {
  static const double zeros[MAX_DRIVES];
  size_t n = a->num_qubits;
  ref_entry_t *rho = ref_stabilizer(a->states[state].state->as.stabilizer, n);
  ref_entry_t *o = dense_sum(a->observables[observable].sum, n);
  for (size_t l = 0; l < num_layers; l++) {
    evolve(rho, a, flags, drives[l], false);
    if (l + 1 < num_layers && a->kind == ANSATZ_CIRCUIT)
      evolve(rho, a, flags, zeros, true);
  }
  double loss = creal(ref_trace_product(rho, o, n));
  free(rho);
  free(o);
  return loss;
}

/* Is w a period of every gate that drive d enters, up to phases? True when it
   says that it has none. */
static bool window_is_period(const program_t *p, size_t d) {
  for (size_t g = 0; g < p->circuit.num_gates; g++) {
    const program_gate_t *gate = p->circuit.gates + g;
    for (size_t t = 0; t < gate->num_terms; t++) {
      if (gate->terms[t].drive != d) continue;
      double turns = p->windows[d] * gate->terms[t].coeff / (2 * M_PI);
      if (fabs(turns - round(turns)) > 1e-9) return false;
    }
  }
  return true;
}

static bool circuit_agrees(int kind) {
  enum { LAYERS = 3, MIDDLE = 1, SAMPLES = 2 };
  ansatz_t a;
  verify_claims_t claims;
  program_t program;
  sampler_t sampler;
  char *message = NULL;
  double drives[LAYERS][MAX_DRIVES] = {{0}}, self = 0;
  random_ansatz(a, kind);
  verify_claims_init(claims, a);
  for (size_t r = 0; kind < 2 && r < a->num_rotations; r++)
    claims->rotation_flags[r] = (uint8_t)(tap_random_below(3) == 0
                                              ? 1 + tap_random_below(2) : 0);
  program_init(&program, a, claims->rotation_flags);
  size_t pairs = claims->num_landscapes, p = program.num_parameters;
  sampler_pair_t *pair = calloc(pairs, sizeof *pair);
  double **losses = calloc(pairs, sizeof *losses);
  double *gradients = calloc(4 * pairs * p, sizeof *gradients);
  for (size_t i = 0; i < pairs; i++) {
    pair[i] = (sampler_pair_t){claims->landscapes[i].observable,
                               claims->landscapes[i].state};
    losses[i] = calloc(SAMPLES, sizeof **losses);
  }
  bool ok = sampler_init(&sampler, &program, a, pair, pairs, 0, 1, &message) ==
            STATUS_OK;
  ok = ok && sampler_self_check(&self, &sampler, 1) == STATUS_OK && self < 1e-10;
  if (!ok) tap_diag("self-check: %g", self);
  for (size_t d = 0; d < program.num_drives; d++)
    ok = ok && (program.long_window || window_is_period(&program, d));
  sampler_job_t job = {.seed = SEED, .purpose = PURPOSE, .num_samples = 1,
                       .num_layers = LAYERS, .losses = losses,
                       .gradients = gradients};
  ok = ok && sampler_run(&sampler, &job) == STATUS_OK;
  for (size_t l = 0; l < LAYERS; l++) {
    random_uniforms(drives[l], program.num_drives, SEED, PURPOSE, 0, l);
    for (size_t d = 0; d < program.num_drives; d++)
      drives[l][d] *= program.windows[d];
  }
  /* Angles up to the window times the coefficients enter with one rounding,
     different ones here and there; the step of the difference is 1e-5. */
  double window = 1;
  for (size_t d = 0; d < program.num_drives; d++)
    window = fmax(window, program.windows[d]);
  double tol = 1e-11 + 1e3 * window * 0x1p-53;
  for (size_t i = 0; i < pairs && ok; i++) {
    double l = dense_loss(a, claims->rotation_flags, drives, LAYERS,
                          pair[i].observable, pair[i].state);
    ok = fabs(l - losses[i][0]) < tol;
    if (!ok) tap_diag("loss %zu: %.15g, dense %.15g", i, losses[i][0], l);
    for (size_t k = 0; k < p && ok; k++) {
      double v[2], step = 1e-5;
      for (int side = 0; side < 2; side++) {
        double moved[LAYERS][MAX_DRIVES];
        memcpy(moved, drives, sizeof moved);
        for (size_t g = 0; g < program.circuit.num_gates; g++)
          for (size_t t = 0; t < program.circuit.gates[g].num_terms; t++) {
            const program_term_t *term = program.circuit.gates[g].terms + t;
            if (term->parameter == k)
              moved[MIDDLE][term->drive] =
                  drives[MIDDLE][term->drive] + (side ? step : -step);
          }
        v[side] = dense_loss(a, claims->rotation_flags, moved, LAYERS,
                             pair[i].observable, pair[i].state);
      }
      double g = (v[1] - v[0]) / (2 * step), s = gradients[4 * (i * p + k)];
      ok = fabs(fabs(g) - sqrt(s)) < 1e-6 + tol / step &&
           fabs(sqrt(s) - gradients[4 * (i * p + k) + 3]) < 1e-12;
      if (!ok) tap_diag("gradient %zu of %zu: %g, dense %g", k, i, sqrt(s), g);
    }
  }
  if (!ok && message) tap_diag("%s", message);
  for (size_t i = 0; i < pairs; i++) free(losses[i]);
  free(losses);
  free(gradients);
  free(pair);
  free(message);
  sampler_clear(&sampler);
  program_clear(&program);
  verify_claims_clear(claims);
  ansatz_clear(a);
  return ok;
}

/* --- single precision ----------------------------------------------------------- */

enum { ROUNDS = 20, DEEP = 5, TIMES = 2 };

typedef struct {
  double losses[2][ROUNDS], norms[2][ROUNDS], kept[2][ROUNDS];
  double trace[2 * TIMES * ROUNDS], tolerance;
  double self; /* of the self-check */
  precision_t used;
} taken_t;

/* Two observables on the first state. */
static bool take(taken_t *out, const program_t *program, const ansatz_t a,
                 precision_t precision) {
  sampler_t s;
  char *message = NULL;
  sampler_pair_t pairs[2] = {{0, 0}, {1, 0}};
  const size_t kept[2] = {0, 1}, times[TIMES] = {2, DEEP};
  double *losses[2] = {out->losses[0], out->losses[1]};
  double *norms[2] = {out->norms[0], out->norms[1]};
  double *kept_gradients[2] = {out->kept[0], out->kept[1]};
  if (sampler_init_way(&s, program, a, pairs, 2, 0, 1, SAMPLER_VECTORS, precision,
                       &message) != STATUS_OK) {
    tap_diag("%s", message);
    free(message);
    return false;
  }
  sampler_job_t job = {.seed = SEED,
                       .purpose = PURPOSE,
                       .num_samples = ROUNDS,
                       .num_layers = DEEP,
                       .losses = losses,
                       .gradient_norms = norms,
                       .kept_parameters = kept,
                       .kept_gradients = kept_gradients};
  bool ok = sampler_run(&s, &job) == STATUS_OK &&
            sampler_trace(&s, out->trace, SEED, PURPOSE, ROUNDS, times, TIMES, NULL,
                          NULL, NULL) == STATUS_OK &&
            sampler_self_check(&out->self, &s, SEED) == STATUS_OK;
  out->tolerance = sampler_tolerance(&s, DEEP);
  out->used = s.precision;
  sampler_clear(&s);
  return ok;
}

/* The worst difference of losses, at the end and on the way, and derivatives. */
static double taken_apart(const taken_t *a, const taken_t *b) {
  double worst = 0;
  for (size_t p = 0; p < 2; p++)
    for (size_t i = 0; i < ROUNDS; i++) {
      worst = fmax(worst, fabs(a->losses[p][i] - b->losses[p][i]));
      worst = fmax(worst, fabs(a->kept[p][i] - b->kept[p][i]));
      worst = fmax(worst, fabs(sqrt(a->norms[p][i]) - sqrt(b->norms[p][i])));
    }
  for (size_t i = 0; i < 2 * TIMES * ROUNDS; i++)
    worst = fmax(worst, fabs(a->trace[i] - b->trace[i]));
  return worst;
}

/* Z0, and the identity, of which the loss is one however long the circuit is. A
   third of a turn in every layer is no Clifford gate and comes again and again. */
static void test_single(size_t n, bool fixed) {
  ansatz_t a;
  program_t program;
  static taken_t one, two;
  char word[32];
  case_sphere(a, n, 2);
  for (size_t j = 0; fixed && j < n; j++)
    case_gate(a, case_letter(word, n, j, 'X'), -1, 1, 3);
  case_observe(a, case_letter(word, n, 0, 'I'));
  case_start_zero(a, n);
  program_init(&program, a, NULL);
  bool ok = take(&one, &program, a, PRECISION_DOUBLE) &&
            take(&two, &program, a, PRECISION_SINGLE);
  double worst = taken_apart(&one, &two), largest = 0;
  for (size_t i = 0; i < ROUNDS; i++)
    largest = fmax(largest, fabs(two.losses[1][i] - 1));
  if (!tap_ok(ok && worst < 1e-5 && worst < two.tolerance && worst > 0 &&
                  two.tolerance < 1e-3 && one.tolerance < 1e-10 &&
                  largest < 1e-12 && one.self < 1e-12 && two.self < 1e-5 &&
                  two.self > 0 && one.used == PRECISION_DOUBLE &&
                  two.used == PRECISION_SINGLE,
              "single: losses, derivatives and traces, %zu qubits%s: off by %.2g",
              n, fixed ? ", fixed gates" : "", worst))
    tap_diag("tolerances %g, %g; identity off by %g; self-checks %g, %g",
             one.tolerance, two.tolerance, largest, one.self, two.self);
  program_clear(&program);
  ansatz_clear(a);
}

/* Exponentials of sums are done in double precision. */
static void test_exponentials(void) {
  ansatz_t a;
  program_t program;
  sampler_t s;
  char *message = NULL;
  sampler_pair_t pair = {0, 0};
  do {
    random_ansatz(a, 2);
    program_init(&program, a, NULL);
    if (program.num_sums) break;
    program_clear(&program);
    ansatz_clear(a);
  } while (true);
  bool ok = sampler_init_way(&s, &program, a, &pair, 1, 0, 1, SAMPLER_VECTORS,
                             PRECISION_SINGLE, &message) == STATUS_OK;
  tap_ok(ok && s.precision == PRECISION_DOUBLE,
         "exponentials of sums: double precision");
  sampler_clear(&s);
  program_clear(&program);
  ansatz_clear(a);
  free(message);
}

/* The number of qubits that would fit, as the message says. */
static int that_fit(const ansatz_t a, const program_t *program, uint64_t bytes,
                    precision_t precision) {
  sampler_t s;
  char *message = NULL;
  int qubits = -1;
  sampler_pair_t pair = {0, 0};
  if (sampler_init_way(&s, program, a, &pair, 1, bytes, 1, SAMPLER_VECTORS,
                       precision, &message) == STATUS_OK)
    sampler_clear(&s);
  const char *at = message ? strstr(message, "up to ") : NULL;
  if (at) qubits = atoi(at + 6);
  free(message);
  return qubits;
}

static void test_memory(void) {
  ansatz_t a;
  program_t program;
  case_sphere(a, 20, 2);
  case_start_zero(a, 20);
  program_init(&program, a, NULL);
  /* psi, lambda and a copy: 48 and 24 bytes for each amplitude. */
  tap_ok(that_fit(a, &program, 48 << 14, PRECISION_DOUBLE) == 14 &&
             that_fit(a, &program, 48 << 14, PRECISION_SINGLE) == 15 &&
             that_fit(a, &program, (24 << 20) - 1, PRECISION_SINGLE) == 19 &&
             that_fit(a, &program, 24 << 20, PRECISION_SINGLE) == -1,
         "one more qubit fits in single precision");
  program_clear(&program);
  ansatz_clear(a);
}

int main(void) {
  static const char *const kinds[] = {"Clifford fixed gates", "any fixed gates",
                                      "generators"};
  tap_begin("t-sampler");
  for (int kind = 0; kind < 3; kind++) {
    bool ok = true;
    long t = 0;
    for (; t < tap_iterations(60) && ok; t++) ok = circuit_agrees(kind);
    tap_ok(ok, "%s: losses and gradients (%ld)", kinds[kind], t);
  }
  test_single(2, false);
  test_single(5, true);
  test_single(10, false);
  test_single(12, true);
  test_single(13, false);
  test_exponentials();
  test_memory();
  return tap_end();
}
