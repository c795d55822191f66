/* curvature_law.h - the law of the Hessian at a random point of a landscape.

   The ensemble of minima_law.h without the condition that the gradient vanish:
     H = 1/2 [ sum_b (w_b/m_b) Y_b Y_b^T - z 1 + sqrt(S) G ],
   in units of the mean offset (mean - least), gates exp(-i theta P/2). As p and m
   grow with gamma = p/m fixed its spectrum is half of Marchenko and Pastur's law of
   ratio gamma, freely added to a semicircle of variance gamma, less 1.
   Here: averages over independent matrices of finite size, with their errors.

   Layer: numeric; above hessian_ensemble. */
#ifndef LIESCAPE_NUMERIC_CURVATURE_LAW_H
#define LIESCAPE_NUMERIC_CURVATURE_LAW_H

#include "numeric/sample/minima_law.h"

enum { CURVATURE_MAX_PARAMETERS = 256 };

typedef struct {
  estimate_t negative_share; /* of the eigenvalues: index/p on average */
  estimate_t mean;           /* eigenvalue; 0 on average */
  estimate_t least, greatest; /* eigenvalue, averages */
  estimate_t quantiles[MINIMA_LAW_QUANTILES]; /* of all eigenvalues */
  size_t num_samples;
} curvature_law_t;

/* STATUS_BAD_INPUT: no such model. STATUS_LIMIT: more than
   CURVATURE_MAX_PARAMETERS, or LAPACK failed. p >= m is fine. */
status_t curvature_law(curvature_law_t *out, const minima_model_t *model,
                       const minima_law_options_t *options);

#endif
