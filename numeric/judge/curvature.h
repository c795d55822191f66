/* curvature.h - the claimed law of the Hessian at a random point, against Hessians of
   the circuit itself.

   The deep circuit with p of its rotations free, a whole deep circuit between one and
   the next; second derivatives exactly (hessian.h), in units of the mean offset and of
   derivatives by half angles. Of the eigenvalues of one matrix the share below a
   claimed quantile, or below zero, has the claimed share as its mean: tested as means
   are, matrices being independent.

   The law is that of an ensemble whose derivatives are independent, which holds as the
   dimension D = beta N grows, but for small D (hessian_ensemble.h), where it is exact:
   shares may be off by 0.02 + 0.2/D (at D = 8 and 16, 0.02 were seen without that). Only landscapes of one block are tested, whose observable has two levels
   (for which the ensemble knows N) or whose Wishart variance is nearly the variance,
   and only rotations whose derivative is as great as any.

   Layer: numeric; above checks and minima_search. */
#ifndef LIESCAPE_NUMERIC_CURVATURE_H
#define LIESCAPE_NUMERIC_CURVATURE_H

#include "numeric/judge/checks.h"

void curvature_checks(verify_report_t report, const checks_input_t *input);

#endif
