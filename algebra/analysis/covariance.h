/* covariance.h - the losses of two input states under one random circuit.

   Layer: above analysis. */
#ifndef LIESCAPE_COVARIANCE_H
#define LIESCAPE_COVARIANCE_H

#include "algebra/analysis/analysis.h"

/* value = E[l_i l_j] - E[l_i] E[l_j] for states i and j and one observable.
   REASON_NONE, or why it is not known. */
reason_code_t analysis_covariance(fmpq_t value, const analysis_t analysis,
                                  size_t observable, size_t i, size_t j);

#endif
