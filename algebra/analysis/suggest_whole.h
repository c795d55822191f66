/* suggest_whole.h - parameters, lines and generators left out, each analysed as a
   whole. Private to suggest; see suggest.h. */
#ifndef LIESCAPE_ALGEBRA_SUGGEST_WHOLE_H
#define LIESCAPE_ALGEBRA_SUGGEST_WHOLE_H

#include "algebra/analysis/suggestion.h"

/* Fills in everything but the reason. */
void suggest_whole(suggestions_t out, const analysis_t analysis);

#endif
