/* depth_table.h - a circuit that repeats a layer: its variance against the
   number of layers, exact as far as a small budget goes, then sampled.

   Layer: cli, above algebra and numeric. */
#ifndef LIESCAPE_CLI_DEPTH_TABLE_H
#define LIESCAPE_CLI_DEPTH_TABLE_H

#include <jansson.h>

#include "cli/certify/certify_limits.h"
#include "algebra/depth/finite_depth.h"
#include "numeric/sample/paths.h"

typedef struct {
  bool present; /* it repeats a layer, and the variance of the deep circuit is known */
  size_t length;     /* gates of a layer, as rotations */
  size_t rotations;  /* those of them that are no Clifford gates */
  size_t count;      /* how often the circuit repeats it */
  bool haar_known;
  bool no_limit;     /* it is known that there is none */
  fmpq_t haar;       /* the limit of the repeated layer (finite_depth_limit) */
  depth_profile_t exact;  /* 1, 2, ... layers */
  bool noisy;
  size_t num_sampled;     /* layers after those */
  path_number_t *variance, *gradient; /* the median gradient */
} depth_layers_struct;
typedef depth_layers_struct depth_layers_t[1];

/* deep: the variance of the deep circuit, NULL when it is not known. watch: when to stop. */
void depth_layers_init(depth_layers_t out, const ansatz_t ansatz,
                       size_t observable, size_t state, const fmpq *deep,
                       const certify_limits_t *limits, stopwatch_t *watch);
/* The same circuit with noise, for as many layers as plain has; not present unless
   plain is, and the noise repeats too. */
void depth_layers_noisy(depth_layers_t out, const depth_layers_t plain,
                        const ansatz_t ansatz, size_t observable, size_t state,
                        const certify_limits_t *limits, stopwatch_t *watch);
void depth_layers_clear(depth_layers_t out);

/* The objects finite_depth.layers and noise.layers of a certificate, NULL unless
   present. */
json_t *depth_layers_json(const depth_layers_t layers);
json_t *depth_layers_noisy_json(const depth_layers_t layers);

#endif
