#include "cli/check/check_suggestions.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/suggest_changes.h"
#include "algebra/analysis/suggestion.h"
#include "algebra/analysis/verdict.h"
#include "algebra/check/check_square.h"
#include "cli/check/check_class.h"
#include "cli/check/check_witnesses.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"

enum { MAX_SQUARE = 4000000 };

static const char *const too_long =
    "it is too long to be counted beside the ansatz itself";
static const char *const whole =
    "generators are sums: no changed ansatz is analysed again";

/* --- the ansatz that is changed ------------------------------------------------------ */

typedef struct {
  const check_subject_t *subject;
  suggest_changes_t changes; /* of the generators found anew */
  size_t elements_left;      /* for all suggestions together */
} original_t;

/* Generators in the order in which they are first used, with the factor of that use. */
static void original_init(original_t *o, const check_subject_t *subject) {
  const check_generators_struct *g = subject->generators;
  const pauli_sum_struct **first =
      flint_malloc((g->strings->length + 1) * sizeof *first);
  size_t count = 0;
  *o = (original_t){.subject = subject, .elements_left = 4 * subject->max_elements};
  for (size_t i = 0; i < g->num_uses; i++) /* numbered in order of use */
    if (g->uses[i].sum->length && g->uses[i].generator == count)
      first[count++] = g->uses[i].sum;
  suggest_changes_init(o->changes, subject->ansatz, first, count);
  flint_free(first);
}

static void original_clear(original_t *o) {
  suggest_changes_clear(o->changes);
}

/* Does the claim name what is changed? */
static bool is_named(const original_t *o, const suggest_change_t *x, const json_t *names) {
  bool named = json_array_size(names) == x->count;
  for (size_t i = 0; i < x->count && named; i++) {
    const char *said = json_string_value(json_array_get(names, i));
    char *name = suggest_changes_name(o->changes, x, i);
    named = said && !strcmp(said, name);
    free(name);
  }
  return named;
}

/* Settles "action" and "generators"; NULL when they say no change that is a
   candidate. */
static const suggest_change_t *read_change(ledger_t *l, const original_t *o) {
  const json_t *names = ledger_take(l, "generators");
  const char *action = json_string_value(ledger_take(l, "action"));
  bool drop = action && !strcmp(action, "drop");
  const suggest_change_t *found = NULL;
  if (!drop && !(action && !strcmp(action, "add"))) {
    ledger_fails(l, "action", "it is neither \"add\" nor \"drop\"");
    return NULL;
  }
  ledger_holds(l, "action");
  for (size_t k = 0; k < o->changes->length && !found; k++)
    if (o->changes->list[k].drop == drop && is_named(o, o->changes->list + k, names))
      found = o->changes->list + k;
  ledger_judge(l, "generators", found, "this change is not a candidate");
  return found;
}

static void make_ansatz(ansatz_t out, const original_t *o, const suggest_change_t *x) {
  suggest_changes_apply(out, o->changes, x);
  ansatz_add_observable(out, o->subject->generators->observables, "");
  ansatz_add_state(out, subject_state(o->subject, 0), "");
}

/* --- counting one --------------------------------------------------------------------- */

typedef struct {
  ansatz_t ansatz;
  check_generators_t g;
  check_components_t components;
  check_subject_t subject;
  structure_t structure;
  bool malformed_witness, moments_known;
  fmpq_t mean, variance;
  fmpq *gradient; /* of every parameter */
} counted_t;

/* Takes its ansatz, already made. */
static void counted_init(counted_t *c, original_t *o, const json_t *witness) {
  const check_subject_t *all = o->subject;
  size_t p = c->ansatz->num_parameters;
  size_t most = all->max_elements < o->elements_left ? all->max_elements
                                                     : o->elements_left;
  witnesses_t witnesses;
  witnesses_init(&witnesses, witness);
  check_generators_init(c->g, c->ansatz, NULL);
  check_components_init(c->components, c->g, witnesses.list, witnesses.length,
                        most);
  c->malformed_witness = witnesses.malformed;
  witnesses_clear(&witnesses);
  structure_init(c->structure);
  check_structure(c->structure, c->components);
  c->subject = (check_subject_t){.ansatz = c->ansatz, .generators = c->g,
                                 .components = c->components,
                                 .max_elements = most,
                                 .thresholds_known = all->thresholds_known};
  fmpq_init(c->subject.max_shots);
  fmpq_init(c->subject.max_trap);
  fmpq_set(c->subject.max_shots, all->max_shots);
  fmpq_set(c->subject.max_trap, all->max_trap);
  fmpq_init(c->mean);
  fmpq_init(c->variance);
  c->gradient = _fmpq_vec_init((slong)p + 1);
  c->moments_known =
      check_all_moments(c->mean, c->variance, c->gradient, c->components,
                        c->g->observables, c->ansatz->states[0].state, most);
}

static void counted_clear(counted_t *c) {
  _fmpq_vec_clear(c->gradient, (slong)c->ansatz->num_parameters + 1);
  fmpq_clear(c->mean);
  fmpq_clear(c->variance);
  fmpq_clear(c->subject.max_shots);
  fmpq_clear(c->subject.max_trap);
  structure_clear(c->structure);
  check_components_clear(c->components);
  check_generators_clear(c->g);
  ansatz_clear(c->ansatz);
}

/* What was listed is no longer there for the next one. */
static void spend_elements(original_t *o, const counted_t *c) {
  size_t spent = c->moments_known ? 0 : c->subject.max_elements;
  for (size_t i = 0; i < c->components->length; i++) {
    const check_component_struct *part = c->components->list + i;
    fmpz_t elements;
    fmpz_init(elements);
    fmpz_mul(elements, part->dimension, part->copies);
    if (!part->counted) spent = c->subject.max_elements;
    else if (!part->central && !part->by_witness)
      spent += fmpz_get_ui(elements);
    fmpz_clear(elements);
  }
  if (spent > c->subject.max_elements) spent = c->subject.max_elements;
  o->elements_left -= spent < o->elements_left ? spent : o->elements_left;
}

/* It may say that it does not know, for want of size or, when the state is no
   stabilizer state, for some reason. Returns whether it claims a number. */
static bool check_gradient(ledger_t *l, const counted_t *c,
                           const fmpq_t gradient) {
  reason_code_t said = ledger_said(l, "reason");
  bool stabilizer = quantum_state_stabilizer(c->ansatz->states[0].state);
  if (said && (!stabilizer || said == REASON_ORBIT_COUNT_TOO_LARGE)) {
    ledger_null(l, "gradient_variance");
    ledger_reason(l, "reason");
    return false;
  }
  if (c->moments_known) ledger_fmpq(l, "gradient_variance", gradient);
  else ledger_open(l, "gradient_variance", open_long_orbit);
  return true;
}

/* What was counted, as the verdict takes it; false when E[O^2] was not. */
static bool set_input(verdict_input_t in, const counted_t *c,
                      const block_totals_struct *totals) {
  const pauli_sum_struct *o = c->g->observables;
  verdict_ensemble_struct *e = in->deep;
  pauli_sum_t square;
  fmpq_t value;
  fmpq_init(value);
  pauli_sum_init(square, o->num_qubits);
  bool known = check_square(square, o, MAX_SQUARE);
  if (known) {
    check_fixed_mean(value, square, c->g, c->ansatz->states[0].state);
    verdict_number_set_fmpq(e->mean_square, value);
  }
  verdict_number_set_fmpq(e->mean, c->mean);
  verdict_number_set_fmpq(e->variance, c->variance);
  for (size_t k = 0; k < e->num_parameters; k++)
    verdict_number_set_fmpq(e->gradient + k, c->gradient + k);
  if (totals && totals->outlook->minima_known) {
    fmpq_set_fmpz(value, totals->outlook->minima->threshold);
    verdict_number_set_fmpq(in->threshold, value);
    verdict_number_set_arb(in->edge, totals->outlook->minima->edge);
  }
  fmpq_set(in->max_shots, c->subject.max_shots);
  fmpq_set(in->max_trap, c->subject.max_trap);
  pauli_sum_clear(square);
  fmpq_clear(value);
  return known;
}

/* The verdict that follows, by the rule itself; NULL when not all was counted. */
static const char *find_verdict(const counted_t *c,
                                const block_totals_struct *totals) {
  verdict_input_t in;
  verdict_t v;
  verdict_input_init(in, c->ansatz->num_parameters);
  bool known = set_input(in, c, totals) && c->subject.thresholds_known &&
               (!totals || totals->degrees_known);
  verdict_init(v, in);
  const char *answer = v->trainable == ANSWER_YES  ? "yes"
                       : v->trainable == ANSWER_NO ? "no"
                                                   : "undecided";
  verdict_clear(v);
  verdict_input_clear(in);
  return known ? answer : NULL;
}

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* The median of the gradient variances that are not 0, or 0. */
static void set_median(fmpq_t gradient, const counted_t *c) {
  size_t count = 0, p = c->ansatz->num_parameters;
  const fmpq **list = flint_malloc((p + 1) * sizeof *list);
  for (size_t k = 0; k < p; k++)
    if (!fmpq_is_zero(c->gradient + k)) list[count++] = c->gradient + k;
  qsort(list, count, sizeof *list, compare_fmpq);
  if (count) fmpq_set(gradient, list[(count - 1) / 2]);
  else fmpq_zero(gradient);
  flint_free(list);
}

/* gradient_variance, threshold and verdict, from the class of the loss. totals:
   NULL outside the Wishart class. */
static void check_numbers(ledger_t *l, const counted_t *c,
                          const block_totals_struct *totals) {
  fmpq_t gradient;
  fmpq_init(gradient);
  if (c->moments_known) set_median(gradient, c);
  bool claimed = check_gradient(l, c, gradient);
  if (totals && !totals->degrees_known)
    ledger_open(l, "threshold", open_interval_only);
  else if (!totals || !totals->outlook->minima_known)
    ledger_null(l, "threshold");
  else ledger_fmpz(l, "threshold", totals->outlook->minima->threshold);
  const char *verdict = claimed && c->moments_known
                            ? find_verdict(c, totals)
                            : NULL;
  if (verdict) ledger_text(l, "verdict", verdict);
  else if (!claimed) ledger_text(l, "verdict", "undecided");
  else ledger_open(l, "verdict", c->moments_known ? open_interval_only : open_long_orbit);
  fmpq_clear(gradient);
}

/* The numbers of one ansatz. l is on them; blocks is on what has its "wishart",
   which is l itself for a suggestion. */
static void check_counted(ledger_t *l, ledger_t *blocks, const counted_t *c) {
  ledger_size(l, "parameters", c->ansatz->num_parameters);
  if (c->components->reason)
    ledger_open(l, "dimension", c->components->reason);
  else
    ledger_fmpz(l, "dimension", c->structure->dimension);
  json_t *landscape = json_object();
  block_totals_t totals;
  block_totals_init(totals, c->ansatz->num_parameters);
  json_object_set(landscape, "wishart",
                  json_object_get(blocks->left, "wishart"));
  if (c->moments_known) {
    json_object_set_new(landscape, "mean", cert_fmpq(c->mean));
    json_object_set_new(landscape, "variance", cert_fmpq(c->variance));
  }
  bool applies =
      check_wishart_member(totals, blocks, &c->subject, 0, landscape);
  if (totals->readable) check_numbers(l, c, applies ? totals : NULL);
  block_totals_clear(totals);
  json_decref(landscape);
}

/* --- order ------------------------------------------------------------------------------- */

/* A suggestion, or the ansatz itself, as claimed. */
static void read_claim(suggestion_struct *o, const json_t *json) {
  const char *verdict = cert_text_at(json, "verdict", "no");
  suggestion_init(o);
  o->verdict = !strcmp(verdict, "yes")         ? ANSWER_YES
               : !strcmp(verdict, "undecided") ? ANSWER_UNDECIDED
                                               : ANSWER_NO;
  o->drop = !strcmp(cert_text_at(json, "action", ""), "drop");
  o->count = json_array_size(json_object_get(json, "generators"));
  o->parameters = (size_t)json_integer_value(json_object_get(json, "parameters"));
  o->gradient_known =
      cert_get_fmpq(o->gradient, json_object_get(json, "gradient_variance"));
  o->threshold_known = cert_get_fmpz(o->threshold, json_object_get(json, "threshold"));
  cert_get_fmpz(o->dimension, json_object_get(json, "dimension"));
}

/* Each better than the ansatz itself, in order, and none like another. */
static void check_order(ledger_t *l, const json_t *list, const json_t *present) {
  size_t length = json_array_size(list);
  suggestion_struct itself, *claims = flint_malloc((length + 1) * sizeof *claims);
  bool ok = true;
  read_claim(&itself, present);
  for (size_t i = 0; i < length; i++) read_claim(claims + i, json_array_get(list, i));
  for (size_t i = 0; i < length && ok; i++) {
    ok = suggestion_compare(claims + i, &itself) < 0 &&
         (i == 0 || suggestion_compare(claims + i - 1, claims + i) <= 0);
    for (size_t j = 0; j < i && ok; j++)
      ok = !suggestion_is_alike(claims + j, claims + i);
  }
  for (size_t i = 0; i < length; i++) suggestion_clear(claims + i);
  suggestion_clear(&itself);
  flint_free(claims);
  if (ok) ledger_holds(l, "suggestions (each better than the ansatz, in order)");
  else ledger_fails(l, "suggestions", "they are not all better than the ansatz "
                                      "itself, in order and each kind once");
}

/* --- all of it ----------------------------------------------------------------------------- */

/* Strings and parameters are looked at in turn; m^2 w words and more. */
static bool is_too_long(const original_t *o, size_t num_changes) {
  const check_subject_t *s = o->subject;
  size_t m = o->changes->num_generators, terms = s->generators->observables->length;
  size_t work = (m + terms) * (m + terms + 64) * o->changes->width +
                32 * s->ansatz->num_parameters;
  return work > ((size_t)1 << 32) / num_changes;
}

/* gates_of: the parameters of the gates that have one of the generators dropped. */
static void check_gates(ledger_t *l, const original_t *o, const suggest_change_t *x) {
  const check_subject_t *s = o->subject;
  const check_generators_struct *g = s->generators;
  size_t p = s->ansatz->num_parameters;
  bool *gone = flint_calloc(p + 1, sizeof *gone);
  json_t *names = json_array();
  for (size_t i = 0; i < g->num_uses; i++) {
    const check_use_struct *use = g->uses + i;
    if (use->parameter >= p || !use->sum->length) continue;
    for (size_t j = 0; j < x->count; j++)
      if (pauli_equal(pauli_sum_string(use->sum, 0),
                      suggest_changes_string(o->changes, x, j), g->num_words))
        gone[use->parameter] = true;
  }
  for (size_t k = 0; k < p; k++)
    if (gone[k])
      json_array_append_new(names, json_string(s->ansatz->parameters[k].name));
  flint_free(gone);
  ledger_json(l, "gates_of", names);
}

static void check_one(ledger_t *l, original_t *o, bool long_one) {
  const json_t *alike = ledger_take(l, "alike"); /* see check_tried */
  if (!json_is_integer(alike) || json_integer_value(alike) < 0)
    ledger_fails(l, "alike", "it is no number of others");
  const suggest_change_t *x = read_change(l, o);
  if (x && x->drop && o->subject->ansatz->kind == ANSATZ_CIRCUIT)
    check_gates(l, o, x);
  if (x && (long_one || !o->elements_left)) {
    ledger_open_rest(l, too_long);
  } else if (x) {
    counted_t c;
    make_ansatz(c.ansatz, o, x);
    counted_init(&c, o, json_object_get(l->left, "witness"));
    check_witness_member(l, c.components, c.malformed_witness);
    check_counted(l, l, &c);
    spend_elements(o, &c);
    counted_clear(&c);
  }
}

/* The same numbers of the ansatz itself: its blocks and its witness are those of
   the certificate, where they are checked. */
static void check_present(ledger_t *parent, original_t *o,
                          const json_t *certificate, bool long_one) {
  ledger_t l, blocks;
  check_result_t aside = {.quiet = true, .silent = true};
  ledger_begin_at(&l, parent, "present");
  if (long_one) {
    ledger_open_rest(&l, too_long);
  } else {
    counted_t c;
    make_ansatz(c.ansatz, o, NULL);
    ledger_begin(&blocks, &aside,
                 json_array_get(cert_at(certificate, "landscapes"), 0), "%s", "");
    counted_init(&c, o, cert_at(certificate, "algebra.witness"));
    check_counted(&l, &blocks, &c);
    spend_elements(o, &c);
    counted_clear(&c);
    json_decref(blocks.left);
  }
  ledger_end(&l);
}

/* Why there are none, in the words of a certificate; NULL when there may be. */
static reason_code_t refusal(const check_subject_t *s) {
  if (s->ansatz->symbol)
    return REASON_SUGGEST_NEEDS_NUMBERS;
  if (s->ansatz->num_observables == 0)
    return REASON_SUGGEST_NEEDS_OBSERVABLE;
  return s->generators->reason || s->generators->strings->length
             ? REASON_NONE
             : REASON_SUGGEST_NEEDS_GENERATOR;
}

static void check_tried(ledger_t *l, const original_t *o, const json_t *list) {
  const json_t *json = json_object_get(l->left, "tried");
  json_int_t tried = json_integer_value(json);
  size_t candidates = o->changes->length, least = candidates > 0, told = 0;
  for (size_t i = 0; i < json_array_size(list) && told <= candidates; i++) {
    json_int_t alike = json_integer_value(
        json_object_get(json_array_get(list, i), "alike"));
    told += 1 + ((uint64_t)alike < candidates ? (size_t)alike : candidates);
  }
  if (told > least) least = told;
  ledger_size(l, "candidates", candidates);
  if (!json_is_integer(json) || tried < 0 || (uint64_t)tried < least ||
      (uint64_t)tried > candidates) {
    ledger_judge(l, "tried", false, "there are %zu candidates, of which at least %zu "
                             "were tried", candidates, least);
    return;
  }
  ledger_open(l, "tried", "which changes were tried is not repeated, nor that no "
                          "other is better and how many are alike");
}

static void check_tries(ledger_t *parent, ledger_t *about,
                        const check_subject_t *s, const json_t *list,
                        const json_t *certificate) {
  original_t o;
  size_t length = json_array_size(list);
  original_init(&o, s);
  bool long_one = is_too_long(&o, length + 1);
  if (!json_is_array(list) || length > SUGGEST_MAX_KEPT)
    ledger_fails(parent, "suggestions", "it is no list of up to %d", SUGGEST_MAX_KEPT);
  else
    check_order(parent, list, json_object_get(about->left, "present"));
  check_present(about, &o, certificate, long_one);
  for (size_t i = 0; i < length && i < SUGGEST_MAX_KEPT; i++) {
    ledger_t l;
    ledger_begin(&l, parent->result, json_array_get(list, i),
                 "%ssuggestions[%zu].", parent->where, i);
    check_one(&l, &o, long_one);
    ledger_end(&l);
  }
  ledger_json(about, "observable", observable_json(s->ansatz->observables[0].sum));
  ledger_text(about, "state", s->ansatz->states[0].text);
  check_tried(about, &o, list);
  original_clear(&o);
}

void check_suggestions(ledger_t *l, const check_subject_t *subject,
                       const json_t *certificate) {
  if (!json_object_get(l->left, "suggestions") &&
      !json_object_get(l->left, "suggest"))
    return;
  const char *moved = subject->generators->unseen;
  if (!moved && subject->ansatz->num_observables)
    moved = check_generators_unknown(subject->generators, 0, 0);
  if (!moved && subject->ansatz->num_observables && !subject_is_exact(subject, 0))
    moved = "fixed gates turn the state or the observable by irrational numbers";
  if (!moved && subject->generators->seen_through)
    moved = "generators are seen through fixed gates";
  if (moved) {
    ledger_open(l, "suggestions", moved);
    ledger_open(l, "suggest", moved);
    return;
  }
  reason_code_t reason = refusal(subject);
  ledger_t about;
  ledger_begin_at(&about, l, "suggest");
  if (reason) {
    ledger_code(&about, "reason", reason);
    ledger_json(l, "suggestions", json_array());
  } else if (subject->generators->reason) {
    ledger_open(l, "suggestions", whole);
    ledger_open_rest(&about, whole);
  } else {
    check_tries(l, &about, subject, ledger_take(l, "suggestions"),
                certificate);
  }
  ledger_end(&about);
}
