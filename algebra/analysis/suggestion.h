/* suggestion.h - one suggested change with its numbers, and the best ten.

   Order: verdict, then gradient variance (median over the parameters that can
   move the loss), then p*, then dimension. Only what is better than the ansatz
   itself is kept, alike outcomes once, and ten at most.

   Layer: above analysis. */
#ifndef LIESCAPE_SUGGESTION_H
#define LIESCAPE_SUGGESTION_H

#include "algebra/analysis/analysis.h"
#include "algebra/strings/witness.h"

enum { SUGGEST_MAX_KEPT = 10 };

/* A changed ansatz, classified and judged. */
typedef struct {
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  component_witnesses_t witnesses; /* of what is kept */
  structure_t structure;
  landscape_t landscape;
  outlook_t outlook;
} suggest_judgement_t;

typedef struct {
  bool drop;         /* these generators, or add them */
  bool split;        /* instead: each of their terms, or gates, gets an angle of its own */
  long line;         /* the gates of that line are meant, or 0 */
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

void suggest_judgement_clear(suggest_judgement_t *j);

/* Nothing known. */
void suggestion_init(suggestion_struct *o);
void suggestion_clear(suggestion_struct *o);

/* Below 0: a is better, by verdict, gradient, threshold and dimension; what is not known
   comes last. */
int suggestion_compare(const suggestion_struct *a, const suggestion_struct *b);
/* Alike outcomes are kept once: equal by these numbers, by parameters, and by how many
   generators are dropped or added. */
bool suggestion_is_alike(const suggestion_struct *a, const suggestion_struct *b);

/* Takes o: into the list where it is better than the ansatz itself, or not. */
bool suggestions_offer(suggestions_t out, suggestion_struct *o);

#endif
