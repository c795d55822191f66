/* string_module.h - losses and gradients in the module of the observables.

   The loss of one sample is a scalar product of two real vectors over the
   elements of reach.h,
       l = sum_i s_i v_i,   O = sum_i v_i e_i,   s_i = Tr(rho e_i),
   and a gate turns pairs of components of v (from the last gate to the first)
   or of s (from the first to the last). Both are met in the middle layer, where
   a gate with angle a adds
       dl/da = sum over its pairs of  v_a s_b - v_b s_a
   (v behind it, s after it): gradients cost little more than the loss. Mixed
   states are no dearer than pure ones. For so(2n) and a quadratic observable
   that is n (2n - 1) numbers in place of 2^n.

   Shuffles. A local circuit needs of the order of n^2 layers to become deep: a
   Majorana operator has to walk the length of the chain. Layers of quarter
   turns carry every string on without a walk, and any number of them is one
   shift along the cycles of reach.h. With shuffle_bits = b every layer comes
   after s of them, s uniform below 2^b, drawn anew for each layer and sample. They are
   elements of the group like any others, and the angles of the layers
   themselves stay uniform, so that the limit of many layers is Haar as before.

   Layer: numeric; between reach and sampler. */
#ifndef LIESCAPE_NUMERIC_STRING_MODULE_H
#define LIESCAPE_NUMERIC_STRING_MODULE_H

#include "algebra/base/ansatz.h"
#include "numeric/circuit/pair_kernels.h"

typedef struct {
  size_t count;
  uint32_t *elements;
  double *values;
} string_module_vector_t;

typedef struct {
  reach_t reach;
  size_t num_observables, num_states;
  string_module_vector_t *observables; /* at the end of the last layer */
  string_module_vector_t *states;
  bool *touches; /* [observable * num_classes + class] */
} string_module_t;

/* used: observables that losses are wanted of; the others are left out.
   STATUS_LIMIT, STATUS_UNDECIDED: as for reach_init. */
status_t string_module_init(string_module_t *module, const program_t *program,
                     const ansatz_t ansatz, const bool *used,
                     reach_limits_t limits);
void string_module_clear(string_module_t *module);

/* Pairs that a layer turns in the components of an observable, or (SIZE_MAX)
   of all. */
double string_module_layer_pairs(const string_module_t *module, size_t observable);
/* Bytes of one worker. */
double string_module_work_bytes(const string_module_t *module);

/* What is sampled: see sampler.h. */
typedef struct {
  uint64_t seed, purpose;
  size_t num_layers;
  unsigned shuffle_bits;
} string_module_job_t;

typedef struct {
  const string_module_t *module;
  double **states, **observables; /* rows of lanes by element; NULL: unused */
  double *spare[2];
  double *uniforms, *drives;
  double *angles, *middle; /* rows of cos and sin, gate by gate */
  size_t *shifts;          /* one for each lane */
  bool *class_used;
} string_module_work_t;

/* False, and nothing kept, when memory is refused. */
bool string_module_work_init(string_module_work_t *work, const string_module_t *module);
void string_module_work_clear(string_module_work_t *work);

/* Runs samples first..first+7: states through layers 0..meet-1, observables
   back through the others. Afterwards string_module_loss gives the losses. */
void string_module_run(string_module_work_t *work, const string_module_job_t *job, size_t first,
                size_t meet);
/* Only the states, layer after layer: string_module_loss after each is that of so many
   layers. Layers are to be taken in order from 0. */
void string_module_step(string_module_work_t *work, const string_module_job_t *job, size_t first,
                 size_t layer);
void string_module_loss(double loss[STATEVECTOR_LANES], const string_module_work_t *work,
                 size_t observable, size_t state);
/* After string_module_run with meet >= 1: slopes[gate * 8 + k] = dl/d(angle of that
   gate in layer meet - 1). */
void string_module_slopes(double *slopes, string_module_work_t *work, size_t observable,
                   size_t state);

#endif
