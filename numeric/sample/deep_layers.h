/* depth.h - how many layers count as deep. See depth.c for the method. */
#ifndef LIESCAPE_NUMERIC_DEPTH_H
#define LIESCAPE_NUMERIC_DEPTH_H

#include "numeric/sample/kept_runs.h"

typedef struct {
  size_t chain; /* mixing time of the second moments, 0 when unknown */
  bool exact;   /* it is that of this very circuit: nothing is missing from it */
  /* Known to take more layers than are ever sampled: INFINITY, when they cannot be
     counted. 0: not known. */
  double hopeless;
  /* For sampler_t: not 0 when shuffles make the circuit deep at a fraction of the
     cost. */
  unsigned shuffle_bits;
  size_t num_layers;
  /* About as many layers without shuffles are as deep: num_layers when there are
     none. */
  size_t plain_layers;
  bool settled; /* false: not, or not surely, deep at that many layers */
  char *reason; /* a sentence; free() */
} depth_t;

/* Runs the chain only. Returns a number of layers within a small factor of what
   depth_choose will say, to plan the number of samples with. */
size_t depth_guess(depth_t *depth, const sampler_t *sampler);
/* After depth_guess; the sampler without shuffles yet. num_samples: of the main run, to which the precision of the
   pilot is matched. gradients: are they wanted? */
status_t depth_choose(depth_t *depth, const sampler_t *sampler,
                      size_t num_samples, bool gradients, uint64_t seed,
                      const kept_runs_t *how);
/* What that takes, in units of sampler_cost, roughly. */
double depth_cost(const sampler_t *sampler, size_t guess, size_t num_samples,
                  bool gradients);

#endif
