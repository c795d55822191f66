#include "cli/certify/kernel_analysis.h"

#include "algebra/analysis/kernel.h"
#include "cli/certify/depth_analysis.h"

enum { MAX_STATES = 16, MAX_DEPTH_STATES = 64 };

static reason_code_t find_depth(kernel_analysis_t out, const ansatz_t ansatz,
                                const certify_limits_t *limits, stopwatch_t *watch) {
  size_t n = out->num_states;
  depth_limits_t own;
  reason_code_t reason = REASON_NONE;
  if (ansatz->kind != ANSATZ_CIRCUIT) return REASON_NO_DEPTH;
  if (n > MAX_DEPTH_STATES) return REASON_TOO_MANY_STATES;
  depth_analysis_limits(&own, limits);
  own.abort = stopwatch_is_up;
  own.abort_data = watch;
  depth_distribution_t *laws = depth_analysis_laws(ansatz);
  for (size_t i = 0; i < n && !reason; i++)
    for (size_t j = i; j < n && !reason; j++) {
      reason = finite_depth_kernel(
          out->depth + i * n + j, ansatz, ansatz->observables[0].sum,
          depth_analysis_input(ansatz->states[i].state),
          depth_analysis_input(ansatz->states[j].state), laws, &own);
      depth_number_set(out->depth + j * n + i, out->depth + i * n + j);
    }
  flint_free(laws);
  return reason;
}

void kernel_analysis_init(kernel_analysis_t out, const analysis_t a,
                          const certify_limits_t *limits, stopwatch_t *watch) {
  const ansatz_struct *ansatz = a->ansatz;
  size_t n = ansatz->num_states;
  *out = (kernel_analysis_struct){.num_states = n};
  out->present = n > 1 && ansatz->num_observables > 0;
  if (!out->present) return;
  out->deep = flint_malloc(n * n * sizeof *out->deep);
  out->depth = flint_malloc(n * n * sizeof *out->depth);
  for (size_t i = 0; i < n * n; i++) {
    fmpq_init(out->deep + i);
    depth_number_init(out->depth + i);
  }
  out->deep_reason =
      n > MAX_STATES ? REASON_TOO_MANY_STATES : analysis_kernel(out->deep, a, 0);
  out->depth_reason = find_depth(out, ansatz, limits, watch);
}

void kernel_analysis_clear(kernel_analysis_t kernel) {
  size_t n = kernel->num_states;
  for (size_t i = 0; kernel->present && i < n * n; i++) {
    fmpq_clear(kernel->deep + i);
    depth_number_clear(kernel->depth + i);
  }
  flint_free(kernel->deep);
  flint_free(kernel->depth);
}
