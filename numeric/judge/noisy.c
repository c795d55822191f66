#include "numeric/judge/noisy.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/circuit/drives.h"
#include "numeric/circuit/noisy_circuit.h"
#include "numeric/judge/squares.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 200, MAX_SAMPLES = 4000, MAX_BYTES = 1 << 28 };
/* Multiplications, some seconds. */
static const double sampling_operations = 3e9, rounding = 1e-11;

/* Of all landscapes: losses, squares, gradients, [landscape][sample] each. */
typedef struct {
  size_t num, num_parameters;
  double **losses, **squares;
  double **gradients; /* num_parameters for each sample */
  pauli_sum_struct *products; /* O^2 by observable */
  double *norms;              /* sum |o_P| by observable */
} noisy_samples_t;

static bool is_claimed(const verify_landscape_struct *c) {
  return !isnan(c->noise_mean) || !isnan(c->noise_variance) ||
         !isnan(c->noise_square) || c->noise_gradient;
}

static void samples_init(noisy_samples_t *s, const ansatz_t ansatz,
                         const verify_claims_struct *claims, size_t num) {
  size_t l = claims->num_landscapes;
  *s = (noisy_samples_t){.num = num, .num_parameters = claims->num_parameters};
  s->losses = memory_get(l, sizeof *s->losses);
  s->squares = memory_get(l, sizeof *s->squares);
  s->gradients = memory_get(l, sizeof *s->gradients);
  s->products = memory_get(ansatz->num_observables, sizeof *s->products);
  s->norms = memory_get(ansatz->num_observables, sizeof *s->norms);
  for (size_t i = 0; i < l; i++) {
    s->losses[i] = memory_get(num, sizeof(double));
    s->squares[i] = memory_get(num, sizeof(double));
    s->gradients[i] = memory_get(num * (s->num_parameters + 1), sizeof(double));
  }
  for (size_t o = 0; o < ansatz->num_observables; o++) {
    const pauli_sum_struct *sum = ansatz->observables[o].sum;
    pauli_sum_init(s->products + o, ansatz->num_qubits);
    squares_multiply(s->products + o, sum);
    for (size_t t = 0; t < sum->length; t++)
      s->norms[o] += fabs(fmpq_get_d(sum->coeffs + t));
  }
}

static void samples_clear(noisy_samples_t *s, size_t num_landscapes,
                          size_t num_observables) {
  for (size_t i = 0; i < num_landscapes; i++) {
    free(s->losses[i]);
    free(s->squares[i]);
    free(s->gradients[i]);
  }
  for (size_t o = 0; o < num_observables; o++) pauli_sum_clear(s->products + o);
  free(s->losses);
  free(s->squares);
  free(s->gradients);
  free(s->products);
  free(s->norms);
}

/* Sample i of the landscapes of one state, which is followed once. */
static void draw_state(noisy_samples_t *s, noisy_circuit_t *circuit,
                       const ansatz_t ansatz, const verify_claims_struct *claims,
                       size_t state, size_t i, const double *drives) {
  bool followed = false;
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    const verify_landscape_struct *c = claims->landscapes + l;
    if (c->state != state || !is_claimed(c)) continue;
    if (!followed) noisy_circuit_run(circuit, ansatz->states[state].state, drives);
    followed = true;
    s->losses[l][i] =
        noisy_circuit_loss(circuit, s->gradients[l] + i * s->num_parameters,
                           ansatz->observables[c->observable].sum, drives);
    s->squares[l][i] =
        noisy_circuit_loss(circuit, NULL, s->products + c->observable, drives);
  }
}

static void draw(noisy_samples_t *s, noisy_circuit_t *circuit, const ansatz_t ansatz,
                 const verify_claims_struct *claims, uint64_t seed, size_t attempt) {
  const program_t *program = circuit->program;
  double *drives = memory_get(program->num_drives + 1, sizeof *drives);
  double *uniforms = memory_get(program->num_drives + 1, sizeof *uniforms);
  for (size_t i = 0; i < s->num; i++) {
    drives_draw(drives, 1, uniforms, 0, program, seed,
                RANDOM_NOISE + ((uint64_t)attempt << 8), i, 0);
    for (size_t a = 0; a < ansatz->num_states; a++)
      draw_state(s, circuit, ansatz, claims, a, i, drives);
  }
  free(drives);
  free(uniforms);
}

/* --- judging --------------------------------------------------------------------------- */

/* "The mean of these values, within [least, most], is claim." */
static void judge(verify_report_t report, size_t landscape, size_t attempt, char *name,
                  double *values, size_t num, double claim, double least, double most) {
  checks_input_t input = {.attempt = attempt, .num_samples = num};
  checks_moments_t y = checks_moments(values, num);
  verify_check_t *check = checks_append(report, &input, landscape, name);
  for (size_t i = 0; i < num; i++) values[i] -= claim;
  checks_judge_values(check, claim, &y, values, num, least - claim, most - claim,
                      rounding * (1 + fabs(least) + fabs(most)));
}

static void judge_gradients(verify_report_t report, const noisy_samples_t *s,
                            const ansatz_t ansatz, const verify_landscape_struct *c,
                            size_t landscape, size_t attempt) {
  double *values = memory_get(s->num, sizeof *values);
  for (size_t k = 0; c->noise_gradient && k < s->num_parameters; k++) {
    double claim = c->noise_gradient[k], largest = 0;
    if (isnan(claim)) continue;
    for (size_t i = 0; i < s->num; i++) {
      double g = s->gradients[landscape][i * s->num_parameters + k];
      values[i] = g * g;
      largest = fmax(largest, values[i]);
    }
    char *name = ansatz_parameter_name(ansatz, k);
    judge(report, landscape, attempt,
          text_print(CHECKS_NOISY "gradient variance %s", name), values, s->num, claim, 0,
          fmax(claim, 4 * largest));
    free(name);
  }
  free(values);
}

static void judge_landscape(verify_report_t report, const noisy_samples_t *s,
                            const ansatz_t ansatz, const verify_claims_struct *claims,
                            size_t l, size_t attempt) {
  const verify_landscape_struct *c = claims->landscapes + l;
  double norm = s->norms[c->observable];
  double *squares = memory_get(s->num, sizeof *squares);
  for (size_t i = 0; i < s->num; i++)
    squares[i] = pow(s->losses[l][i] - c->noise_mean, 2);
  if (!isnan(c->noise_mean)) {
    if (!isnan(c->noise_variance))
      judge(report, l, attempt, text_copy(CHECKS_NOISY "variance"), squares, s->num,
            c->noise_variance, 0, 4 * norm * norm);
    judge(report, l, attempt, text_copy(CHECKS_NOISY "mean"), s->losses[l], s->num,
          c->noise_mean, -norm, norm);
  }
  if (!isnan(c->noise_square))
    judge(report, l, attempt, text_copy(CHECKS_NOISY "mean of the square"), s->squares[l],
          s->num, c->noise_square, -norm * norm, norm * norm);
  free(squares);
  judge_gradients(report, s, ansatz, c, l, attempt);
}

void noisy_checks(verify_report_t report, const ansatz_t ansatz,
                  const verify_claims_struct *claims, const verify_options_t *options,
                  size_t attempt) {
  noisy_circuit_t circuit;
  program_t program;
  size_t landscapes = 0;
  for (size_t l = 0; l < claims->num_landscapes; l++)
    landscapes += is_claimed(claims->landscapes + l);
  if (!landscapes || ansatz->kind != ANSATZ_CIRCUIT) return;
  program_init(&program, ansatz, NULL);
  program_use_laws(&program, ansatz);
  bool fits = !program.long_window &&
              noisy_circuit_init(&circuit, &program, ansatz, true, MAX_BYTES);
  double fit =
      fits ? sampling_operations / noisy_circuit_cost(&circuit) / (double)landscapes : 0;
  if (fit < MIN_SAMPLES) {
    checks_note(report, text_print("the circuit with noise is not sampled: density "
                                   "matrices are for at most %d qubits and some "
                                   "thousand gates", NOISY_CIRCUIT_QUBITS));
  } else {
    noisy_samples_t s;
    size_t most = options->num_samples ? options->num_samples : MAX_SAMPLES;
    samples_init(&s, ansatz, claims, fit < (double)most ? (size_t)fit : most);
    draw(&s, &circuit, ansatz, claims, options->seed, attempt);
    for (size_t l = 0; l < claims->num_landscapes; l++)
      if (is_claimed(claims->landscapes + l))
        judge_landscape(report, &s, ansatz, claims, l, attempt);
    samples_clear(&s, claims->num_landscapes, ansatz->num_observables);
  }
  if (fits) noisy_circuit_clear(&circuit);
  program_clear(&program);
}
