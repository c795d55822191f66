/* sampler.h - losses and gradients of deep random circuits.

   One sample of L layers is the loss l = <psi|O|psi> for every (observable,
   state) of interest, psi = U(0) B(theta_L) ... B(theta_1) |psi_0>, and the
   derivative of every loss with respect to every parameter in layer
   ceil((L+1)/2). Gradients are exact, by the adjoint method: with
   |lambda> = O|psi>, both vectors are run back and at a gate with generator G
   (angle coeff * theta)  dl/dtheta += 2 coeff Im <lambda|G|psi>.
   Cost: about (2 + number of observables)/2 forward runs for each state.

   Two ways. State vectors, or, when the strings that the observables reach are
   few, the module that they span (string_module.h), which has no limit on the
   number of qubits: whatever is cheaper. The losses and gradients of a sample
   are the same but for rounding.

   State vectors may be of single precision: half the memory, and up to twice as fast,
   for losses and derivatives that are off by some 1e-6 of the norm of the
   observable (sampler_tolerance). The module is always of double precision, and so
   are vectors of a program with exponentials of sums (program.h), and everything
   beyond this header: Fisher information, minima, second derivatives.

   Samples are computed in chunks, of 64 where they are cheap down to one where
   they are dear (by the number of qubits); the numbers depend on the
   seed only. Layer: numeric; above program, statevector and
   string_module. */
#ifndef LIESCAPE_NUMERIC_SAMPLER_H
#define LIESCAPE_NUMERIC_SAMPLER_H

#include "numeric/circuit/string_module.h"
#include "numeric/sample/slope_products.h"

enum { SAMPLER_SUMS = 4 };

typedef struct {
  size_t observable, state;
} sampler_pair_t;

typedef struct {
  const program_t *program;
  const ansatz_struct *ansatz;
  double_sum_t *observables;
  /* U(0)^-1 O U(0) by observable, when U(0) is a Clifford circuit and vectors are
     used: then U(0) need not be run. Else NULL. */
  double_sum_t *moved;
  size_t num_pairs;
  sampler_pair_t *pairs;
  /* By state, for every state of the ansatz: is it used, its vector, and the
     pairs that use it. */
  bool *state_used;
  precision_t precision; /* of what is used */
  size_t lanes;
  size_t chunk; /* samples in a chunk, a multiple of lanes */
  size_t max_qubits; /* ancillas of the worst state included */
  int num_threads;
  bool threads_inside; /* threads share one vector instead of samples */
  /* NULL: state vectors. */
  string_module_t *module;
  /* By observable: its strings are too many, and state vectors do not fit; its
     losses are not sampled (they are left zero). Never for all of them. */
  bool *left_out;
  /* Shuffles before each layer (string_module.h), 0 without. 0 at first; may be
     set when sampler_can_shuffle. */
  unsigned shuffle_bits;
} sampler_t;

/* pairs are copied. STATUS_LIMIT, with *message, when the vectors do not fit
   in memory_bytes, whichever way; nothing large is allocated before that is
   known. Double precision. */
status_t sampler_init(sampler_t *sampler, const program_t *program,
                      const ansatz_t ansatz, const sampler_pair_t *pairs,
                      size_t num_pairs, uint64_t memory_bytes, int num_threads,
                      char **message);
/* The same with the way prescribed; with PRECISION_SINGLE vectors are of single
   precision where that may be. */
typedef enum { SAMPLER_EITHER, SAMPLER_VECTORS, SAMPLER_MODULE } sampler_way_t;
status_t sampler_init_way(sampler_t *sampler, const program_t *program,
                          const ansatz_t ansatz, const sampler_pair_t *pairs,
                          size_t num_pairs, uint64_t memory_bytes,
                          int num_threads, sampler_way_t way,
                          precision_t precision, char **message);
void sampler_clear(sampler_t *sampler);

/* In words: how samples are taken. free() it. */
char *sampler_describe(const sampler_t *sampler);
bool sampler_can_shuffle(const sampler_t *sampler);

/* Amplitudes updated by one sample of that many layers, a measure of cost. */
double sampler_cost(const sampler_t *sampler, size_t num_layers,
                    bool gradients);
/* How far rounding may move a loss of that depth, over the norm of the observable
   (sum of its moduli): see sampler_plan.c. */
double sampler_tolerance(const sampler_t *sampler, size_t num_layers);
/* Bound on the derivative by a parameter over that norm. */
double sampler_slope_bound(const sampler_t *sampler, size_t parameter);

/* Called by one thread at a time. */
typedef bool (*sampler_progress_t)(void *context, uint64_t done,
                                   uint64_t total);

typedef struct {
  uint64_t seed, purpose;
  size_t num_samples, num_layers;
  /* losses[pair][sample]. */
  double **losses;
  /* NULL, or sums over the samples of g^2, g^4, g^6 and the largest |g|:
     gradients[4 (pair * num_parameters + parameter) + 0..3]. */
  double *gradients;
  /* NULL, or the squares of the gradients summed over parameters, for each
     sample: gradient_norms[pair][sample]. */
  double **gradient_norms;
  /* NULL, or one derivative kept for each sample: with respect to parameter
     kept_parameters[pair] (PROGRAM_NONE: none), kept_gradients[pair][sample]. */
  const size_t *kept_parameters;
  double **kept_gradients;
  /* NULL, or products of derivatives, with room for the samples; only with gradients. */
  const slope_products_t *products;
  /* NULL, or one flag for each chunk: chunks whose flag is set are skipped,
     their results being in the arrays already; it is set when a chunk is done.
     Then chunk_sums holds the sums of each chunk, SAMPLER_SUMS numbers for
     each pair and parameter, and gradients may be had by sampler_add_up. */
  unsigned char *chunk_done;
  double *chunk_sums;
  sampler_progress_t progress;
  void *context;
} sampler_job_t;

/* Number of chunks of the job. */
size_t sampler_chunks(const sampler_t *sampler, size_t num_samples);
/* Numbers in one chunk of chunk_sums. */
size_t sampler_sums_row(const sampler_t *sampler);
/* The sums over all samples from those of the chunks, always in one order. */
void sampler_add_up(double *gradients, const double *chunk_sums,
                    const sampler_t *sampler, size_t num_samples);

/* STATUS_LIMIT when progress asked to stop or memory was refused. */
status_t sampler_run(const sampler_t *sampler, const sampler_job_t *job);

/* Losses along the way: trace[(pair * num_times + t) * num_samples + sample]
   after times[t] layers (increasing). batch_done: NULL, or one flag for each batch of
   `lanes` samples, as chunk_done of a job. */
status_t sampler_trace(const sampler_t *sampler, double *trace, uint64_t seed,
                       uint64_t purpose, size_t num_samples,
                       const size_t *times, size_t num_times,
                       unsigned char *batch_done, sampler_progress_t progress,
                       void *context);

/* Norm of the difference between the layer B(theta) and U(theta) followed by
   U(0)^-1 on a random vector of norm about one with random angles: tests the
   conversion of the circuit itself; in the module beyond 20 qubits
   turns_check instead. STATUS_LIMIT without memory. */
status_t sampler_self_check(double *difference, const sampler_t *sampler,
                            uint64_t seed);

#endif
