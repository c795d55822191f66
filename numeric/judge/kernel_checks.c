#include "numeric/judge/kernel_checks.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/circuit/drives.h"
#include "numeric/circuit/noisy_circuit.h"
#include "algebra/base/text.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 200, MAX_SAMPLES = 4000, MAX_BYTES = 1 << 28 };
static const double sampling_operations = 2e9, rounding = 1e-11;

/* products[(i * n + j) * num + sample]. */
static double *draw(noisy_circuit_t *circuit, const ansatz_t ansatz, size_t num,
                    uint64_t seed, uint64_t purpose) {
  const program_t *program = circuit->program;
  size_t n = ansatz->num_states, p = program->num_parameters;
  double *drives = memory_get(program->num_drives + 1, sizeof *drives);
  double *uniforms = memory_get(program->num_drives + 1, sizeof *uniforms);
  double *slopes = memory_get(n * (p + 1), sizeof *slopes);
  double *products = memory_get(n * n * num, sizeof *products);
  for (size_t s = 0; s < num; s++) {
    drives_draw(drives, 1, uniforms, 0, program, seed, purpose, s, 0);
    for (size_t i = 0; i < n; i++) {
      noisy_circuit_run(circuit, ansatz->states[i].state, drives);
      noisy_circuit_loss(circuit, slopes + i * p, ansatz->observables[0].sum, drives);
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = i; j < n; j++)
        for (size_t k = 0; k < p; k++)
          products[(i * n + j) * num + s] += slopes[i * p + k] * slopes[j * p + k];
  }
  free(drives);
  free(uniforms);
  free(slopes);
  return products;
}

static void judge(verify_report_t report, const ansatz_t ansatz, size_t i, size_t j,
                  size_t attempt, double claim, double *values, size_t num) {
  checks_input_t input = {.attempt = attempt, .num_samples = num};
  checks_moments_t y = checks_moments(values, num);
  double least = 0, most = 0;
  for (size_t s = 0; s < num; s++) {
    values[s] -= claim;
    least = fmin(least, values[s]);
    most = fmax(most, values[s]);
  }
  verify_check_t *check =
      checks_append(report, &input, SIZE_MAX,
                    text_print("kernel of %.40s and %.40s", ansatz->states[i].text,
                               ansatz->states[j].text));
  checks_judge_values(check, claim, &y, values, num, 4 * least, 4 * most,
                      rounding * (1 + fabs(claim)));
}

void kernel_checks(verify_report_t report, const ansatz_t ansatz,
                   const verify_claims_struct *claims, const verify_options_t *options,
                   size_t attempt) {
  noisy_circuit_t circuit;
  program_t program;
  size_t n = ansatz->num_states;
  bool any = false;
  for (size_t i = 0; claims->kernel && i < n * n; i++)
    any = any || !isnan(claims->kernel[i]);
  if (!any || ansatz->kind != ANSATZ_CIRCUIT) return;
  program_init(&program, ansatz, NULL);
  program_use_laws(&program, ansatz);
  bool fits = !program.long_window &&
              noisy_circuit_init(&circuit, &program, ansatz, false, MAX_BYTES);
  double fit = fits ? sampling_operations / noisy_circuit_cost(&circuit) / (double)n : 0;
  if (fit < MIN_SAMPLES) {
    checks_note(report, text_print("the kernel is not sampled: density matrices are "
                                   "for at most %d qubits", NOISY_CIRCUIT_QUBITS));
  } else {
    size_t most = options->num_samples ? options->num_samples : MAX_SAMPLES;
    size_t num = fit < (double)most ? (size_t)fit : most;
    double *products = draw(&circuit, ansatz, num, options->seed,
                            RANDOM_KERNEL + ((uint64_t)attempt << 8));
    for (size_t i = 0; i < n; i++)
      for (size_t j = i; j < n; j++)
        if (!isnan(claims->kernel[i * n + j]))
          judge(report, ansatz, i, j, attempt, claims->kernel[i * n + j],
                products + (i * n + j) * num, num);
    free(products);
  }
  if (fits) noisy_circuit_clear(&circuit);
  program_clear(&program);
}
