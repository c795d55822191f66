/* minima_analysis.h - the law of the local minima, and of the curvature, of one
   landscape in the Wishart class: sampled numbers with their errors, or limits.

   minima.law: { kind, parameters, expected_number, log10_number, quantiles,
   share_below, standard_error, edge }. Levels are (l - least)/(mean - least);
   parameters are the live ones, those that can move the loss.
     sampled  by numeric/sample/minima_law.h
     limit    where minima gather as the degrees of freedom grow: from as many live
              parameters as degrees of freedom on, 0; or where the sampling would
              take too long (finite landscapes have their minima above that)
   curvature: the spectrum of the Hessian at a random point, in units of
   mean - least, gates exp(-i theta P/2): numeric/sample/curvature_law.h.

   Layer: cli, above algebra and numeric. */
#ifndef LIESCAPE_CLI_MINIMA_ANALYSIS_H
#define LIESCAPE_CLI_MINIMA_ANALYSIS_H

#include <jansson.h>

#include "algebra/laws/landscape.h"
#include "cli/certify/certify_limits.h"

/* Sets `law` of the member minima of the landscape's JSON, and curvature, which were
   null, if the blocks are known; json has gradient_variance and finite_depth. */
void minima_analysis_add(json_t *json, const landscape_t landscape,
                         const certify_limits_t *limits);

#endif
