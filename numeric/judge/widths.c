#include "numeric/judge/widths.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/circuit/drives.h"
#include "numeric/circuit/noisy_circuit.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 200, MAX_SAMPLES = 4000, MAX_BYTES = 1 << 28 };
/* Multiplications of one landscape and width, about a second. */
static const double sampling_operations = 1e9, rounding = 1e-11;

typedef struct {
  verify_report_struct *report;
  const ansatz_struct *ansatz;
  const verify_landscape_struct *claim;
  const verify_options_t *options;
  size_t landscape, attempt;
} subject_t;

/* Values within [least, most], of which the mean is claimed; spoils them. */
static void judge(const subject_t *s, char *name, double *values, size_t num,
                  double claim, double least, double most) {
  checks_input_t input = {.attempt = s->attempt, .num_samples = num};
  checks_moments_t y = checks_moments(values, num);
  verify_check_t *check = checks_append(s->report, &input, s->landscape, name);
  for (size_t i = 0; i < num; i++) values[i] -= claim;
  checks_judge_values(check, claim, &y, values, num, least - claim, most - claim,
                      rounding * (1 + fabs(least) + fabs(most)));
}

static void judge_width(const subject_t *s, const verify_width_struct *w, double *losses,
                        size_t num) {
  const pauli_sum_struct *o = s->ansatz->observables[s->claim->observable].sum;
  double norm = 0, *squares = memory_get(num, sizeof *squares);
  for (size_t t = 0; t < o->length; t++) norm += fabs(fmpq_get_d(o->coeffs + t));
  for (size_t i = 0; i < num; i++) squares[i] = pow(losses[i] - w->mean, 2);
  judge(s, text_print(CHECKS_OWN_DEPTH "width %g: variance", w->width), squares, num,
        w->variance, 0, 4 * norm * norm);
  judge(s, text_print(CHECKS_OWN_DEPTH "width %g: mean", w->width), losses, num, w->mean,
        -norm, norm);
  free(squares);
}

static void draw(double *losses, size_t num, const subject_t *s, noisy_circuit_t *circuit,
                 size_t which) {
  const program_t *program = circuit->program;
  double *drives = memory_get(program->num_drives + 1, sizeof *drives);
  double *uniforms = memory_get(program->num_drives + 1, sizeof *uniforms);
  for (size_t i = 0; i < num; i++) {
    drives_draw(drives, 1, uniforms, 0, program, s->options->seed,
                RANDOM_WIDTHS + ((uint64_t)s->attempt << 8) + ((uint64_t)which << 16), i,
                0);
    noisy_circuit_run(circuit, s->ansatz->states[s->claim->state].state, drives);
    losses[i] = noisy_circuit_loss(
        circuit, NULL, s->ansatz->observables[s->claim->observable].sum, drives);
  }
  free(drives);
  free(uniforms);
}

/* The laws of the program are replaced. */
static void use_width(program_t *program, double width) {
  free(program->laws);
  program->laws = memory_get(program->num_drives + 1, sizeof *program->laws);
  for (size_t d = 0; d < program->num_drives; d++)
    program->laws[d] = (drive_law_t){ANGLE_NORMAL, width};
}

static void run_width(const subject_t *s, program_t *program, size_t which) {
  const verify_width_struct *w = s->claim->widths + which;
  noisy_circuit_t circuit;
  use_width(program, w->width);
  bool fits = noisy_circuit_init(&circuit, program, s->ansatz, true, MAX_BYTES);
  double fit = fits ? sampling_operations / noisy_circuit_cost(&circuit) : 0;
  if (fit < MIN_SAMPLES) {
    checks_note(s->report, text_print("normal first angles are not sampled: density "
                                      "matrices are for at most %d qubits and some "
                                      "thousand gates", NOISY_CIRCUIT_QUBITS));
  } else {
    size_t most = s->options->num_samples ? s->options->num_samples : MAX_SAMPLES;
    size_t num = fit < (double)most ? (size_t)fit : most;
    double *losses = memory_get(num, sizeof *losses);
    draw(losses, num, s, &circuit, which);
    judge_width(s, w, losses, num);
    free(losses);
  }
  if (fits) noisy_circuit_clear(&circuit);
}

void widths_checks(verify_report_t report, const ansatz_t ansatz,
                   const verify_claims_struct *claims, const verify_options_t *options,
                   size_t attempt) {
  program_t program;
  size_t any = 0;
  for (size_t l = 0; l < claims->num_landscapes; l++)
    any += claims->landscapes[l].num_widths;
  if (!any || ansatz->kind != ANSATZ_CIRCUIT) return;
  program_init(&program, ansatz, NULL);
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    subject_t s = {report, ansatz, claims->landscapes + l, options, l, attempt};
    for (size_t w = 0; w < s.claim->num_widths; w++) run_width(&s, &program, w);
  }
  program_clear(&program);
}
