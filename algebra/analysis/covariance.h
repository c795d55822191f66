/* covariance.h - the losses of two input states under one random circuit.

   Layer: above analysis. */
#ifndef LIESCAPE_COVARIANCE_H
#define LIESCAPE_COVARIANCE_H

#include "algebra/analysis/analysis.h"

/* value = E[l_i l_j] - E[l_i] E[l_j] for states i and j and one observable.
   REASON_NONE, or why it is not known. */
reason_code_t analysis_covariance(fmpq_t value, const analysis_t analysis,
                                  size_t observable, size_t i, size_t j);

/* All of them: entry (o, i, j) at (o num_states + i) num_states + j, symmetric in i
   and j. */
typedef struct {
  size_t num_observables, num_states;
  fmpq *values;           /* NULL: fewer than two states, or too many */
  reason_code_t *reasons; /* likewise; of each entry */
} covariances_struct;
typedef covariances_struct covariances_t[1];

void covariances_init(covariances_t out, const analysis_t analysis);
void covariances_clear(covariances_t covariances);

#endif
