/* profile.h - the loss after 1, 2, 4, ... layers.

   Circuits of verify.h are followed from the first layer on; after t layers the
   loss is that of t circuits one after the other, their fixed gates undone in
   between (t = 1: the circuit once). Mean and variance at each t show how the
   deep limit is approached. Layer: numeric; above sampler. */
#ifndef LIESCAPE_NUMERIC_PROFILE_H
#define LIESCAPE_NUMERIC_PROFILE_H

#include "numeric/judge/verify_types.h"
#include "numeric/sample/kept_runs.h"

/* Fills report->profile up to num_layers, with as many samples as a small part
   of the budget of verify allows. Statuses of kept_runs_trace. */
status_t profile_run(verify_report_t report, const sampler_t *sampler,
                     size_t num_layers, size_t num_samples, uint64_t seed,
                     const kept_runs_t *how);
/* In units of sampler_cost, at most. */
double profile_cost(const sampler_t *sampler, size_t num_layers, size_t num_samples);

#endif
