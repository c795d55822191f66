/* minima_chains.h - levels of local minima from Markov chains.

   Several independent chains, whose spread gives the errors. Their steps are doubled until
   the quantiles are known to 0.004 + 4%, or so many are made. Of the recorded levels of a
   chain the first fourth is forgotten.

   Layer: numeric; above minima_law (its estimates). */
#ifndef LIESCAPE_NUMERIC_MINIMA_CHAINS_H
#define LIESCAPE_NUMERIC_MINIMA_CHAINS_H

#include "numeric/machine/random.h"
#include "numeric/sample/minima_law.h"

/* What every chain begins with: the first member of its struct. */
typedef struct {
  random_stream_t random;
  /* How far moves go, squared, on average of the logarithm: of the state, of the gate of one
     parameter; fitted to the share accepted. */
  double reach_of_state, reach_of_gate;
  size_t num_gates;             /* one for each parameter */
  double log_weight, log_moved; /* where it is; where it might go */
} minima_chain_t;

/* A kind of chain. In its struct are two points of one type, where it is and where it might
   go; what they own is behind pointers. */
typedef struct {
  size_t size;             /* of its struct */
  size_t point, now, next; /* size of a point, offsets of the two */
  /* All but the common part, which is set before. Cleared in any case. */
  void (*begin)(void *chain, const void *model);
  void (*clear)(void *chain);
  /* Puts it near the global minimum, nearer for a smaller reach, from 1 down; the logarithm of
     the weight there, -infinity: no minimum. */
  double (*put)(void *chain, double reach);
  /* Where it might go, and the weight there: another state, or another gate of parameter k,
     as likely as the way back. */
  void (*move_state)(void *chain, double step2);
  void (*move_gate)(void *chain, size_t k, double step2);
  double (*level)(const void *chain);
} minima_walk_t;

/* Moves of gates for one of the state. */
size_t minima_chains_gates(size_t num_parameters);

/* Fills quantiles, shares and num_samples; the number of minima is not known (NaN).
   cost: multiplications of a step, one of the state and minima_chains_gates. STATUS_LIMIT:
   even the fewest steps are too dear, no minimum was found, or aborted. */
status_t minima_chains_law(minima_law_t *out, const minima_walk_t *walk, const void *model,
                           size_t num_parameters, double cost, uint64_t purpose,
                           const minima_law_options_t *options);

/* log det of a symmetric n x n matrix by its lower triangle, which is overwritten;
   -infinity unless > 0. */
double minima_log_determinant(double *a, size_t n);

#endif
