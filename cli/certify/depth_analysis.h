/* depth_analysis.h - this very circuit: what is known of a landscape at its own depth.

   Exact numbers (finite_depth.h); where strings outgrow the limits, Pauli paths
   are sampled (paths.h) and the numbers are labelled so everywhere.

   Layer: cli, above algebra and numeric. */
#ifndef LIESCAPE_CLI_DEPTH_ANALYSIS_H
#define LIESCAPE_CLI_DEPTH_ANALYSIS_H

#include <jansson.h>

#include "cli/certify/depth_table.h"
#include "algebra/depth/finite_depth.h"
#include "numeric/sample/paths.h"

typedef struct {
  finite_depth_t exact;
  bool sampled; /* paths is there, and exact lacks something */
  path_estimate_t paths;
  uint64_t seed; /* of the paths */
  depth_layers_t layers;
} depth_analysis_struct;
typedef depth_analysis_struct depth_analysis_t[1];

/* Of a circuit. deep_variance: NULL when it is not known. plain: NULL, or the circuit
   without noise, and this is the one with it. watch: when to stop. */
void depth_analysis_init(depth_analysis_t out, const ansatz_t ansatz,
                         size_t observable, size_t state,
                         const fmpq *deep_variance,
                         const depth_analysis_struct *plain,
                         const certify_limits_t *limits, stopwatch_t *watch);
void depth_analysis_clear(depth_analysis_t out);

/* The exact moments alone, without gradients; initialises out. */
void depth_moments(finite_depth_t out, const ansatz_t ansatz, size_t observable,
                   size_t state, const certify_limits_t *limits, stopwatch_t *watch);
/* What the parts of it are made with: limits; the input; the laws of the parameters
   (NULL when all angles are uniform over a period; flint_free). */
void depth_analysis_limits(depth_limits_t *out, const certify_limits_t *limits);
depth_state_t depth_analysis_input(const quantum_state_t state);
depth_distribution_t *depth_analysis_laws(const ansatz_t ansatz);

/* Outside every light cone: zero for certain. */
static inline bool path_number_is_nothing(const path_number_t *x) {
  return x->high == 0 && x->estimate == 0;
}

/* The objects finite_depth and noise of a certificate (certificate_depth.c); NULL
   without noise. */
json_t *depth_analysis_json(const depth_analysis_t depth);
json_t *depth_noise_json(const depth_analysis_t noisy, const ansatz_t ansatz);
json_t *depth_estimate_json(const path_number_t *x);

#endif
