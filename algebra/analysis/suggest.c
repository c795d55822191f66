#include "algebra/analysis/suggest.h"

#include "algebra/analysis/suggest_changes.h"
#include "algebra/analysis/suggest_whole.h"
#include "algebra/analysis/verdict.h"
#include "algebra/strings/string_landscape.h"

typedef suggestion_struct outcome_t;

typedef struct {
  const analysis_struct *c;
  suggest_changes_t changes;
  stopwatch_t watch;
} work_t;

/* --- judging one ---------------------------------- */

static void judge(suggest_judgement_t *j, const work_t *work, const suggest_change_t *x) {
  const analysis_struct *c = work->c;
  suggest_changes_apply(j->ansatz, work->changes, x);
  ansatz_add_observable(j->ansatz, c->set->observables, "o");
  ansatz_add_state(j->ansatz, c->set->inputs[0].state, "s");
  generator_set_init(j->set, j->ansatz);
  uint64_t *rows = generator_set_strings(j->set);
  string_algebra_init(j->g, rows, j->set->num_generators, j->set->num_qubits);
  *j->witnesses = (component_witnesses_struct){0};
  flint_free(rows);
  structure_init(j->structure);
  string_algebra_structure(j->structure, j->g);
  landscape_init_strings(j->landscape, j->g, j->set, j->ansatz, 0, 0);
  landscape_set_square(j->landscape, j->g, j->set->observables,
                       j->ansatz->states[0].state);
  outlook_init(j->outlook, j->landscape);
}

static answer_t judge_deep(const suggest_judgement_t *j,
                           const outlook_thresholds_t *thresholds) {
  verdict_input_t in;
  verdict_t v;
  verdict_input_init(in, j->ansatz->num_parameters);
  verdict_input_set_deep(in, j->landscape, j->outlook, thresholds);
  in->upper_bound = j->set->upper_bound;
  verdict_init(v, in);
  answer_t answer = v->trainable;
  verdict_clear(v);
  verdict_input_clear(in);
  return answer;
}

/* NULL candidate: the ansatz itself. */
static void read_outcome(outcome_t *o, const suggest_judgement_t *j,
                         const outlook_thresholds_t *thresholds,
                         const suggest_change_t *x) {
  const outlook_struct *outlook = j->outlook;
  if (x) {
    o->drop = x->drop;
    o->count = x->count;
  }
  o->parameters = j->ansatz->num_parameters;
  fmpz_set(o->dimension, j->structure->dimension);
  o->gradient_known = outlook->shots_known;
  if (!o->gradient_known) o->reason = j->landscape->reason;
  if (outlook->shots_known && outlook->num_moving)
    fmpq_inv(o->gradient, outlook->shots_typical);
  o->threshold_known = outlook->minima_known;
  if (outlook->minima_known)
    fmpz_set(o->threshold, outlook->minima->threshold);
  o->verdict = judge_deep(j, thresholds);
}

/* --- all ---------------------------------- */

static size_t gcd(size_t a, size_t b) {
  while (b) {
    size_t t = a % b;
    a = b;
    b = t;
  }
  return a;
}

static void name_strings(outcome_t *o, const work_t *work,
                         const suggest_change_t *x) {
  for (size_t i = 0; i < x->count; i++) {
    o->strings[i] = suggest_changes_name(work->changes, x, i);
    if (x->drop)
      o->generators[i] = (size_t)(work->changes->generators[x->index[i]] -
                                  work->c->set->generators);
  }
}

static void try_one(suggestions_t out, const work_t *work,
                    const suggest_change_t *candidate) {
  outcome_t o;
  suggest_judgement_t *j = flint_malloc(sizeof *j);
  suggestion_init(&o);
  judge(j, work, candidate);
  o.judgement = j;
  read_outcome(&o, j, &work->c->limits.thresholds, candidate);
  name_strings(&o, work, candidate);
  suggestions_offer(out, &o);
}

/* Returns how many candidates were tried; the steps are coprime to their
   number, near the golden section, so that any first part is spread evenly. */
static size_t try_all(suggestions_t out, work_t *work) {
  size_t total = work->changes->length, step = total * 382 / 1000 + 1, tried = 0;
  while (total && gcd(step, total) != 1) step++;
  for (size_t at = 0;
       tried < total && (tried == 0 || !stopwatch_is_up(&work->watch));
       tried++, at = (at + step) % total)
    try_one(out, work, work->changes->list + at);
  return tried;
}

static reason_code_t refusal(const analysis_t c) {
  if (c->ansatz->symbol) /* or roots: the generators are those of one value */
    return REASON_SUGGEST_NEEDS_NUMBERS;
  if (c->ansatz->num_observables == 0) return REASON_SUGGEST_NEEDS_OBSERVABLE;
  if (!c->set->inputs[0].state || !c->set->observable_known[0])
    return REASON_FIXED_GATES_NOT_MOVED;
  if (c->set->num_generators == 0) return REASON_SUGGEST_NEEDS_GENERATOR;
  return REASON_NONE;
}

static void judge_present(outcome_t *present, const work_t *work) {
  suggest_judgement_t now;
  suggestion_init(present);
  judge(&now, work, NULL);
  read_outcome(present, &now, &work->c->limits.thresholds, NULL);
  suggest_judgement_clear(&now);
}

void suggestions_init(suggestions_t out, const analysis_t analysis) {
  *out = (suggestions_struct){.reason = refusal(analysis)};
  if (out->reason) return;
  out->whole = !analysis->set->single_strings;
  if (out->whole) {
    suggest_whole(out, analysis);
    return;
  }
  work_t work = {.c = analysis, .watch = stopwatch_stage(&analysis->whole)};
  const generator_set_struct *set = analysis->set;
  const pauli_sum_struct **generators =
      flint_malloc((set->num_generators + 1) * sizeof *generators);
  for (size_t j = 0; j < set->num_generators; j++) generators[j] = set->generators + j;
  suggest_changes_init(work.changes, analysis->ansatz, generators, set->num_generators);
  flint_free(generators);
  judge_present(&out->present, &work);
  out->num_candidates = work.changes->length;
  out->num_tried = try_all(out, &work);
  for (size_t i = 0; i < out->length; i++) {
    suggest_judgement_t *j = out->list[i].judgement;
    component_witnesses_init(j->witnesses, j->g);
  }
  suggest_changes_clear(work.changes);
}

void suggestions_clear(suggestions_t out) {
  if (out->reason) return;
  for (size_t i = 0; i < out->length; i++) suggestion_clear(out->list + i);
  suggestion_clear(&out->present);
}
