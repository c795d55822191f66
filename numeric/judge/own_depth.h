/* own_depth.h - claims about the circuit as written, tested on that circuit.

   One layer, U(theta) itself: every parameter drawn as the ansatz says (uniform
   over a full period of all that it drives unless it has a law), shared parameters shared, fixed angles as they are. Nothing is
   assumed of its depth. Layer: numeric; above checks. */
#ifndef LIESCAPE_NUMERIC_OWN_DEPTH_H
#define LIESCAPE_NUMERIC_OWN_DEPTH_H

#include "numeric/judge/kernel_checks.h"
#include "numeric/sample/kept_runs.h"

typedef struct {
  program_t program; /* made without flags */
  sampler_t sampler;
  bool wanted;    /* something is claimed, and can be sampled */
  bool gradients; /* of derivatives too */
  slope_products_t kernel;
  size_t num_samples;
} own_depth_t;

/* A sampler of the losses that the claims are about; statuses and message of sampler_init. */
status_t own_depth_sampler(sampler_t *sampler, const program_t *program,
                           const ansatz_t ansatz, const verify_claims_struct *claims,
                           const verify_options_t *options, char **message);

/* Statuses and message of sampler_init. report gets a note when what is claimed
   cannot be sampled. Must be cleared in any case. */
status_t own_depth_init(own_depth_t *own, verify_report_t report,
                        const ansatz_t ansatz, const verify_claims_struct *claims,
                        const verify_options_t *options, char **message);
void own_depth_clear(own_depth_t *own);

/* Samples, and appends the checks of attempt number `attempt`. */
status_t own_depth_run(own_depth_t *own, verify_report_t report,
                       const ansatz_t ansatz, const verify_claims_struct *claims,
                       const verify_options_t *options, size_t attempt,
                       const kept_runs_t *how);
/* In units of sampler_cost. */
double own_depth_cost(const own_depth_t *own);

#endif
