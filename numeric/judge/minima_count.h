/* minima_count.h - all minima of deep circuits with few free parameters, against the
   law of how many there are and how high.

   p = 1..4 rotations of a generic deep circuit are free, a whole deep circuit before
   the first, between any two and after the last. The loss is a trigonometric
   polynomial of degree 1 in each angle, known from 3^p values, and torus_minima.h
   finds its minima. Two means are tested, circuits being independent: the number of
   minima, and of them the share below each quantile.

   Predicted: minima_law.h from the claimed degrees of freedom and dimension, for each
   p, and for p of the certificate's own law that law. Where it is exact at finite N,
   numbers may be off by 2% (the circuits are deep, but not infinitely so); elsewhere it
   holds as D = beta N grows: by the share p (p - 1)/(4 D). Shares of the minima by
   0.02 + 0.2/D.

   Tested are landscapes of one block, or of blocks that turn together
   (free_rotations.h).

   Layer: numeric; above checks and minima_search. */
#ifndef LIESCAPE_NUMERIC_MINIMA_COUNT_H
#define LIESCAPE_NUMERIC_MINIMA_COUNT_H

#include "numeric/circuit/gradient.h"
#include "numeric/judge/torus_minima.h"
#include "numeric/judge/verify_types.h"
#include "numeric/machine/keeper.h"
#include "numeric/sample/minima_law.h"

typedef struct {
  size_t num_parameters, num_circuits;
  size_t num_left_out; /* of them: minima that were flat, or not all found */
  size_t *counts;      /* minima of each circuit, 0 where left out */
  double *levels;      /* (loss - least)/(mean - least), circuit by circuit */
  size_t num_levels;
  minima_law_t law;
} minima_count_t;

typedef struct {
  const ansatz_struct *ansatz;
  const program_t *program; /* with the claims */
  const verify_landscape_struct *claim;
  size_t landscape, num_claimed_parameters;
  const double_sum_t *sum; /* the observable */
  const statevector_t *input;
  size_t num_layers, num_circuits;
  uint64_t seed;
  int num_threads;
  const verify_keeper_t *keeper;
  bool (*progress)(void *context, uint64_t done, uint64_t total); /* or NULL */
  void *context;
} minima_count_input_t;

/* The ensemble of p parameters that the claims stand for; false, and nothing to clear:
   there is none. It points to itself and to the claims. */
typedef struct {
  minima_model_t model;
  minima_block_t block;
  minima_matrix_t *matrices;
} minima_count_model_t;
bool minima_count_model_init(minima_count_model_t *out, const verify_landscape_struct *claim,
                             size_t num_parameters);
void minima_count_model_clear(minima_count_model_t *model);

/* The largest p that can be enumerated, at most 4; 0, and a reason to be freed, when
   the law is not about such circuits, or the effort is too great. */
size_t minima_count_most(char **reason, const minima_count_input_t *in);

/* For one p, 1..minima_count_most. STATUS_UNDECIDED: the law takes too long. STATUS_LIMIT:
   stopped, or memory refused. On STATUS_OK to be cleared. */
status_t minima_count_run(minima_count_t *out, const minima_count_input_t *in,
                          size_t num_parameters);
void minima_count_clear(minima_count_t *count);

/* Mean number of minima of a circuit, with its standard error; the q-quantile of all
   levels found. */
estimate_t minima_count_number(const minima_count_t *count);
double minima_count_quantile(const minima_count_t *count, double q);

/* Appends the checks of all counts of a landscape. */
void minima_count_checks(verify_report_t report, const minima_count_t *counts,
                         size_t num_counts, const verify_landscape_struct *claim,
                         size_t landscape);

#endif
