/* kernel_analysis.h - the mean neural tangent kernel of several inputs.

   kernel { observable, states[], deep[][], finite_depth[][], deep_eigenvalues[],
   finite_depth_eigenvalues[] }, K_ij = sum_k E[d_k l_i d_k l_j]: of the deep circuit, and
   of this one at its own depth (without noise). For the first observable.

   Layer: cli, above analysis and depth. */
#ifndef LIESCAPE_CLI_KERNEL_ANALYSIS_H
#define LIESCAPE_CLI_KERNEL_ANALYSIS_H

#include <jansson.h>

#include "cli/certify/certify_limits.h"
#include "algebra/depth/finite_depth.h"

typedef struct {
  bool present; /* at least two states, and an observable */
  size_t num_states;
  reason_code_t deep_reason, depth_reason; /* NONE: known */
  fmpq *deep;
  depth_number_struct *depth;
} kernel_analysis_struct;
typedef kernel_analysis_struct kernel_analysis_t[1];

void kernel_analysis_init(kernel_analysis_t out, const analysis_t a,
                          const certify_limits_t *limits, stopwatch_t *watch);
void kernel_analysis_clear(kernel_analysis_t kernel);
/* NULL unless present (certificate_covariance.c). */
json_t *kernel_analysis_json(const kernel_analysis_t kernel, const ansatz_t ansatz);

#endif
