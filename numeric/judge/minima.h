/* minima.h - local minima found from random starts, against their prediction.

   A start is a point of uniformly random angles; from there NLopt's L-BFGS (D. C.
   Liu and J. Nocedal 1989; code of L. Luksan) goes down with exact gradients. Two
   kinds of circuits:

   as written   the circuit with all its parameters, fixed gates and shared
                parameters included; for a list of operators exp(-i theta_k H)
                with the generators in turn, p of them.
   scrambled    the deep circuit that verify samples, in which p angles chosen at
                random are free and all others are fixed at random values (a new
                choice for each start). This is the ensemble that the predicted
                edge is about: few free parameters in a generic deep circuit.

   Descents end in deep basins more often than in shallow ones, so that where they end
   is not the law of the minima, which counts each once: how far apart the two are is
   reported, nothing is refuted. With four parameters at most all minima are found, and
   their number and levels are tested (minima_count.h).

   Values are losses; relative ones are (l - least)/(mean - least), `least` the
   least eigenvalue that the prediction counts from. The edge is the level where minima
   gather in the limit of many degrees of freedom, gamma = p/p*.

   Layer: numeric; above gradient and minima_count. */
#ifndef LIESCAPE_MINIMA_H
#define LIESCAPE_MINIMA_H

#include "numeric/judge/minima_count.h"

typedef struct {
  bool scrambled;
  size_t num_parameters;
  double gamma, edge; /* NaN: there is no prediction */
  estimate_t law[MINIMA_LAW_QUANTILES]; /* of the minima's levels; NaN likewise */
  size_t num_starts;
  double *losses; /* where each start ended, in the order of the starts */
  double *slopes; /* the largest |derivative| there */
  /* Least eigenvalue of the Hessian there (hessian.h); NaN where parameters or
     qubits are too many. Below zero: a saddle, or a descent cut short. */
  double *curvatures;
  size_t num_evaluations; /* of loss and gradient, all starts together */
} minima_row_t;

typedef struct {
  size_t landscape;
  double least, mean, threshold; /* NaN: unknown */
  size_t num_rows;
  minima_row_t *rows; /* the circuit as written first */
  size_t num_counts;
  minima_count_t *counts; /* p = 1, 2, ... */
} minima_landscape_t;

typedef struct {
  size_t num_starts, num_landscapes;
  minima_landscape_t *landscapes;
  size_t num_notes;
  char **notes; /* what was left out, and why */
  /* Tests of numbers and levels: checks and num_checks alone are set. */
  verify_report_t tests;
} minima_report_struct;
typedef minima_report_struct minima_report_t[1];

typedef struct {
  size_t num_starts;    /* at least 1 */
  size_t num_layers;    /* of the deep circuit, at least 1 */
  uint64_t seed;
  int num_threads;      /* 0: what OpenMP offers */
  uint64_t memory_bytes; /* 0: three quarters of the machine's memory */
  bool (*progress)(void *context, const char *stage, uint64_t done,
                   uint64_t total);
  void *progress_context;
  const verify_keeper_t *keeper; /* as in verify_options_t */
} minima_options_t;

/* For every landscape: a row for the circuit as written and, where p* is claimed,
   rows at p = 1/4, 1/2, 3/4, 1, 3/2 of p*. The same numbers for the same seed
   whatever the number of threads. STATUS_LIMIT, with *message, when the vectors
   do not fit or progress asked to stop. On STATUS_OK the report must be
   cleared. */
status_t minima_run(minima_report_t report, const ansatz_t ansatz,
                    const verify_claims_t claims,
                    const minima_options_t *options, char **message);
void minima_report_clear(minima_report_t report);

/* (loss - least)/(mean - least). */
double minima_relative(const minima_landscape_t *landscape, double loss);
/* The q-quantile (0 <= q <= 1, between neighbours linearly) of the losses. */
double minima_quantile(const minima_row_t *row, double q);
/* About 95% confidence for the median, by order statistics: the quantiles
   1/2 +- 0.98 / sqrt(starts). */
void minima_median_interval(double *low, double *high, const minima_row_t *row);

#endif
