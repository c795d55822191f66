#include "algebra/analysis/suggestion.h"

#include <stdlib.h>
#include <string.h>

void suggestion_init(suggestion_struct *o) {
  *o = (suggestion_struct){.verdict = ANSWER_UNDECIDED};
  fmpz_init(o->dimension);
  fmpq_init(o->gradient);
  fmpz_init(o->threshold);
}

void suggest_judgement_clear(suggest_judgement_t *j) {
  outlook_clear(j->outlook);
  landscape_clear(j->landscape);
  structure_clear(j->structure);
  component_witnesses_clear(j->witnesses);
  string_algebra_clear(j->g);
  generator_set_clear(j->set);
  ansatz_clear(j->ansatz);
}

void suggestion_clear(suggestion_struct *o) {
  fmpz_clear(o->dimension);
  fmpq_clear(o->gradient);
  fmpz_clear(o->threshold);
  free(o->strings[0]);
  free(o->strings[1]);
  if (o->judgement) suggest_judgement_clear(o->judgement);
  flint_free(o->judgement);
}

static int verdict_rank(answer_t verdict) {
  return verdict == ANSWER_YES ? 2 : verdict == ANSWER_UNDECIDED ? 1 : 0;
}

int suggestion_compare(const suggestion_struct *a, const suggestion_struct *b) {
  int order = verdict_rank(b->verdict) - verdict_rank(a->verdict);
  if (!order) order = (int)b->gradient_known - (int)a->gradient_known;
  if (!order) order = fmpq_cmp(b->gradient, a->gradient);
  if (!order) order = (int)b->threshold_known - (int)a->threshold_known;
  if (!order) order = fmpz_cmp(a->threshold, b->threshold);
  if (!order) order = fmpz_cmp(a->dimension, b->dimension);
  return order;
}

bool suggestion_is_alike(const suggestion_struct *a, const suggestion_struct *b) {
  return suggestion_compare(a, b) == 0 && a->parameters == b->parameters &&
         a->drop == b->drop && a->split == b->split && a->count == b->count;
}

/* Where the outcome belongs among those kept; SIZE_MAX when it does not, as it
   is counted with one like it or comes last. */
static size_t find_place(suggestion_struct *kept, size_t count, const suggestion_struct *o) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++)
    if (suggestion_is_alike(kept + i, o)) {
      kept[i].alike++;
      return SIZE_MAX;
    }
  while (at < count && suggestion_compare(kept + at, o) <= 0) at++;
  return at < SUGGEST_MAX_KEPT ? at : SIZE_MAX;
}

/* Inserts the outcome, which is taken. */
static void keep(suggestion_struct *kept, size_t *count, size_t at,
                 const suggestion_struct *o) {
  if (*count == SUGGEST_MAX_KEPT) suggestion_clear(kept + --*count);
  memmove(kept + at + 1, kept + at, (*count - at) * sizeof *kept);
  kept[at] = *o;
  ++*count;
}

bool suggestions_offer(suggestions_t out, suggestion_struct *o) {
  size_t at = suggestion_compare(o, &out->present) < 0
                  ? find_place(out->list, out->length, o)
                  : SIZE_MAX;
  if (at == SIZE_MAX) suggestion_clear(o);
  else keep(out->list, &out->length, at, o);
  return at != SIZE_MAX;
}
