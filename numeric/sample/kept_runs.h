/* kept_runs.h - runs of the sampler in one process that are kept as they go.

   What is done is given to the keeper chunk by chunk under the name of the stage, and
   taken from there when the run is made again: see units.h. With several processes
   (of which only one calls these) nothing is kept.

   Layer: numeric; above sampler and units. */
#ifndef LIESCAPE_NUMERIC_KEPT_RUNS_H
#define LIESCAPE_NUMERIC_KEPT_RUNS_H

#include "numeric/machine/keeper.h"
#include "numeric/sample/sampler.h"

typedef struct {
  const verify_keeper_t *keeper; /* or NULL */
  sampler_progress_t progress;   /* or NULL */
  void *context;
} kept_runs_t;

/* sampler_run: losses, and of gradient_norms, products and chunk_sums what the job has. progress,
   context and chunk_done of the job are set here. */
status_t kept_runs_samples(sampler_job_t *job, const sampler_t *sampler,
                           const char *stage, const kept_runs_t *how);
/* sampler_trace. */
status_t kept_runs_trace(double *trace, const sampler_t *sampler, uint64_t seed,
                         uint64_t purpose, size_t num_samples, const size_t *times,
                         size_t num_times, const char *stage,
                         const kept_runs_t *how);

#endif
