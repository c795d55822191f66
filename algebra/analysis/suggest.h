/* suggest.h - what to change: generators whose removal or addition improves
   the verdict.

   Candidates: generators dropped, strings of weight 1 or 2 added, see
   suggest_changes.h. Each is classified and judged anew, on the first observable and
   state, with as many layers as before: parameters in proportion to the
   generators, which drive them in turn, those of a circuit in the order of their
   strings. When there are more than the time limit allows, those tried are
   spread evenly over the list.

   Where generators are sums of strings (angles that several gates share), candidates
   are what the author wrote: each parameter with all of its gates, each line of a
   program with all of the gates that it makes, each generator of an operator file,
   left out, or split: each of its gates, or terms, gets an angle of its own (gates whose
   angles have one parameter); the changed ansatz goes through the whole analysis, and is not kept unless
   its dimension is proved. The parameters left are those that still drive a gate.

   Which are kept, and in what order: suggestion.h.

   Layer: above analysis. */
#ifndef LIESCAPE_SUGGEST_H
#define LIESCAPE_SUGGEST_H

#include "algebra/analysis/suggestion.h"

void suggestions_init(suggestions_t out, const analysis_t analysis);
void suggestions_clear(suggestions_t out);

#endif
