/* suggest.h - what to change: generators whose removal or addition improves
   the verdict.

   Candidates: each generator dropped, each string of weight 1 or 2 added that
   acts on one qubit or on two that are neighbours (share a generator; next in
   number when none do), and each pair of generators dropped when there are at
   most 24. Each is classified and judged anew, on the first observable and
   state, with as many layers as before: parameters in proportion to the
   generators, which drive them in turn, those of a circuit in the order of their
   strings. When there are more than the time limit allows, those tried are
   spread evenly over the list.

   Order: verdict, then gradient variance (median over the parameters that can
   move the loss), then p*, then dimension. Only what is better than the ansatz
   itself is kept, alike outcomes once, and ten at most.

   Layer: cli, above certify. */
#ifndef LIESCAPE_CLI_SUGGEST_H
#define LIESCAPE_CLI_SUGGEST_H

#include <jansson.h>
#include <stdio.h>

#include "cli/certify/certify.h"

/* Adds to the certificate
     suggestions[]  { action: "add" or "drop", generators[], alike, dimension,
                      parameters, gradient_variance, threshold, verdict,
                      reason (when the gradient is not known), and for `check`
                      what these follow from: wishart, as a landscape has it,
                      and, as algebra has it when a component is large,
                      witness },
     suggest        { candidates, tried, observable, state, present: the same
                      numbers of the ansatz itself } or { reason }. */
void suggest_add(json_t *certificate, const certification_t c,
                 const options_t options);

/* Nothing when there is no "suggest". */
void suggest_report(FILE *stream, const json_t *certificate);

#endif
