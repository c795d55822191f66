/* minima_chains.h - levels of local minima from Markov chains.

   Several independent chains, whose spread gives the errors. Their steps are doubled until
   the quantiles are known to 0.004 + 4%, or so many are made. Of the recorded levels of a
   chain the first fourth is forgotten.

   Layer: numeric; above minima_law (its estimates). */
#ifndef LIESCAPE_NUMERIC_MINIMA_CHAINS_H
#define LIESCAPE_NUMERIC_MINIMA_CHAINS_H

#include "numeric/machine/random.h"
#include "numeric/sample/minima_law.h"

enum { MINIMA_CHAINS = 8 };

/* What a chain can do. */
typedef struct {
  void (*move)(void *chain, bool tune); /* one step; tune: fits how far moves go, too */
  double (*level)(const void *chain);   /* where it is */
} minima_walk_t;

/* Multiplications of a step -> steps of each chain, by the options, or some 3e9
   multiplications in all; 0: even the fewest are too dear. */
double minima_chains_steps(double cost, const minima_law_options_t *options);

/* Fills quantiles, shares and num_samples; the number of minima is not known (NaN).
   chains: MINIMA_CHAINS of them, where they begin; moved in as many threads. most: of
   minima_chains_steps. STATUS_LIMIT: aborted. */
status_t minima_chains_law(minima_law_t *out, void *const *chains, const minima_walk_t *walk,
                           double most, const minima_law_options_t *options);

/* --- what moves need --------------------------------------------------------------------- */

/* How far moves go, squared, on average of the logarithm: fitted to the share accepted. */
typedef struct {
  double step2;
} minima_reach_t;

double minima_reach_draw(const minima_reach_t *reach, random_stream_t *random);
void minima_reach_fit(minima_reach_t *reach, bool accepted);

/* log det of a symmetric n x n matrix by its lower triangle, which is overwritten;
   -infinity unless > 0. */
double minima_log_determinant(double *a, size_t n);

#endif
