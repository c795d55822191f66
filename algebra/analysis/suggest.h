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

   Where generators are sums of strings (angles that several gates share), candidates
   are what the author wrote: each parameter with all of its gates, each line of a
   program with all of the gates that it makes, each generator of an operator file,
   left out; the changed ansatz goes through the whole analysis, and is not kept unless
   its dimension is proved. The parameters left are those that still drive a gate.

   Order: verdict, then gradient variance (median over the parameters that can
   move the loss), then p*, then dimension. Only what is better than the ansatz
   itself is kept, alike outcomes once, and ten at most.

   Layer: above analysis. */
#ifndef LIESCAPE_SUGGEST_H
#define LIESCAPE_SUGGEST_H

#include "algebra/analysis/analysis.h"

enum { SUGGEST_MAX_KEPT = 10 };

/* A changed ansatz, classified and judged. */
typedef struct {
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  structure_t structure;
  landscape_t landscape;
  outlook_t outlook;
} suggest_judgement_t;

typedef struct {
  bool drop;         /* these generators, or add them */
  long line;         /* the gates of that line are dropped, or 0 */
  size_t count;      /* 1, or 2 for a pair */
  char *strings[2];  /* generators; or one name of a parameter; of a line none */
  size_t generators[2]; /* dropped ones, in the order of the generator set */
  size_t alike;      /* other candidates with the same numbers */
  size_t parameters;
  fmpz_t dimension;
  bool gradient_known, threshold_known;
  fmpq_t gradient; /* median of those above 0; 0 when there are none */
  fmpz_t threshold;
  answer_t verdict;
  reason_code_t reason; /* why the gradient is not known */
  suggest_judgement_t *judgement; /* what the numbers follow from; NULL for
                                     the ansatz itself, and when it is whole */
} suggestion_struct;

typedef struct {
  reason_code_t reason; /* why nothing is tried; then nothing below is set */
  bool whole; /* analysed as a whole: generators are sums */
  size_t num_candidates, num_tried;
  suggestion_struct present; /* the ansatz itself */
  size_t length;
  suggestion_struct list[SUGGEST_MAX_KEPT + 1]; /* the best first */
} suggestions_struct;
typedef suggestions_struct suggestions_t[1];

void suggestions_init(suggestions_t out, const analysis_t analysis);
void suggestions_clear(suggestions_t out);

#endif
