/* suggest_order.h - which suggestions are kept. Private to suggest. */
#ifndef LIESCAPE_ALGEBRA_SUGGEST_ORDER_H
#define LIESCAPE_ALGEBRA_SUGGEST_ORDER_H

#include "algebra/analysis/suggest.h"

/* Nothing known. */
void suggestion_init(suggestion_struct *o);
void suggestion_clear(suggestion_struct *o);

/* Takes o: into the list where it is better than the ansatz itself, or not. */
bool suggestions_offer(suggestions_t out, suggestion_struct *o);

#endif
