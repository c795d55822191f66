/* certificate_suggest.h - what to change, as JSON. Layer: cli, above
   certificate. */
#ifndef LIESCAPE_CLI_CERTIFICATE_SUGGEST_H
#define LIESCAPE_CLI_CERTIFICATE_SUGGEST_H

#include <jansson.h>

#include "algebra/analysis/suggest.h"

/* Adds what was found to the certificate of the analysis
     suggestions[]  { action: "add" or "drop", generators[], alike, dimension,
                      parameters, gradient_variance, threshold, verdict,
                      reason (when the gradient is not known), and for `check`
                      what these follow from: wishart, as a landscape has it,
                      and, as algebra has it when a component is large,
                      witness; what is dropped from a circuit has gates_of[],
                      the parameters of the gates with these generators; with
                      shared angles there are gates_of[] or gates_of_line in
                      the place of generators, and neither wishart nor witness },
     suggest        { candidates, tried, observable, state, present: the same
                      numbers of the ansatz itself } or { reason }. */
void certificate_add_suggestions(json_t *certificate, const suggestions_t found,
                                 const analysis_t analysis);

#endif
