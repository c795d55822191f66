#include "algebra/analysis/suggest.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/suggest_whole.h"
#include "algebra/analysis/verdict.h"
#include "algebra/strings/string_landscape.h"

enum { MAX_PAIRED = 24 };

/* Indices below num_generators are dropped; others are `add` + index. */
typedef struct {
  bool drop;
  size_t count; /* 1, or 2 for a pair */
  size_t index[2];
} candidate_t;

typedef suggestion_struct outcome_t;

typedef struct {
  const analysis_struct *c;
  size_t width; /* words of a string */
  const pauli_sum_struct **generators; /* of c, in their order here */
  size_t num_added;
  uint64_t *added; /* strings that may be added */
  size_t num_candidates;
  candidate_t *candidates;
  stopwatch_t watch;
} work_t;

/* --- candidates ---------------------------------- */

static const uint64_t *generator_string(const work_t *work, size_t j) {
  return pauli_sum_string(work->generators[j], 0);
}

static int compare_generators(const void *a, const void *b) {
  const pauli_sum_struct *x = *(const pauli_sum_struct *const *)a;
  const pauli_sum_struct *y = *(const pauli_sum_struct *const *)b;
  return pauli_cmp(x->strings, y->strings, x->num_words);
}

/* Those of an operator file as written; of a circuit by their strings. */
static void list_generators(work_t *work) {
  const generator_set_struct *set = work->c->set;
  size_t m = set->num_generators;
  work->generators = flint_malloc((m + 1) * sizeof *work->generators);
  for (size_t j = 0; j < m; j++) work->generators[j] = set->generators + j;
  if (work->c->ansatz->kind == ANSATZ_CIRCUIT)
    qsort(work->generators, m, sizeof *work->generators, compare_generators);
}

/* Adds the string with these letters unless it is a generator or listed. */
static void list_string(work_t *work, size_t i, unsigned a, size_t j,
                        unsigned b) {
  size_t w = work->width / 2, bytes = work->width * sizeof *work->added;
  uint64_t *row = flint_calloc(work->width + 1, sizeof *row);
  bool is_new = true;
  pauli_set(row, w, i, a);
  if (b) pauli_set(row, w, j, b);
  for (size_t k = 0; k < work->c->set->num_generators && is_new; k++)
    is_new = memcmp(row, generator_string(work, k), bytes) != 0;
  if (is_new) {
    if (!(work->num_added & (work->num_added - 1)))
      work->added =
          flint_realloc(work->added, (2 * work->num_added + 1) * bytes);
    memcpy(work->added + work->num_added++ * work->width, row, bytes);
  }
  flint_free(row);
}

typedef struct {
  size_t i, j; /* i < j */
} edge_t;

static int compare_edges(const void *a, const void *b) {
  const edge_t *x = a, *y = b;
  if (x->i != y->i) return x->i < y->i ? -1 : 1;
  return (x->j > y->j) - (x->j < y->j);
}

/* Pairs of qubits that occur together in a generator of weight 2, else pairs
   of consecutive ones; each once. */
static edge_t *list_edges(size_t *count, const work_t *work) {
  size_t n = work->c->set->num_qubits, m = work->c->set->num_generators;
  edge_t *edges = flint_malloc((m + n + 1) * sizeof *edges);
  size_t found = 0;
  for (size_t k = 0; k < m; k++) {
    size_t qubits[2], weight = 0;
    for (size_t q = 0; q < n && weight < 3; q++)
      if (pauli_get(generator_string(work, k), work->width / 2, q)) {
        if (weight < 2) qubits[weight] = q;
        weight++;
      }
    if (weight == 2) edges[found++] = (edge_t){qubits[0], qubits[1]};
  }
  if (found == 0)
    for (size_t q = 0; q + 1 < n; q++) edges[found++] = (edge_t){q, q + 1};
  if (found) qsort(edges, found, sizeof *edges, compare_edges);
  *count = 0;
  for (size_t k = 0; k < found; k++)
    if (k == 0 || compare_edges(edges + k, edges + *count - 1))
      edges[(*count)++] = edges[k];
  return edges;
}

static void list_added(work_t *work) {
  size_t count;
  edge_t *edges = list_edges(&count, work);
  for (size_t q = 0; q < work->c->set->num_qubits; q++)
    for (unsigned a = 1; a <= 3; a++) list_string(work, q, a, q, 0);
  for (size_t k = 0; k < count; k++)
    for (unsigned a = 1; a <= 3; a++)
      for (unsigned b = 1; b <= 3; b++)
        list_string(work, edges[k].i, a, edges[k].j, b);
  flint_free(edges);
}

static void list_candidates(work_t *work) {
  size_t m = work->c->set->num_generators;
  size_t pairs = m <= MAX_PAIRED ? m * (m - 1) / 2 : 0;
  work->candidates = flint_malloc((m + work->num_added + pairs + 1) *
                                  sizeof *work->candidates);
  candidate_t *out = work->candidates;
  for (size_t i = 0; i < m && m > 1; i++)
    *out++ = (candidate_t){true, 1, {i, i}};
  for (size_t i = 0; i < work->num_added; i++)
    *out++ = (candidate_t){false, 1, {i, i}};
  for (size_t i = 0; i < m && pairs && m > 2; i++)
    for (size_t j = i + 1; j < m; j++)
      *out++ = (candidate_t){true, 2, {i, j}};
  work->num_candidates = (size_t)(out - work->candidates);
}

/* --- judging one ---------------------------------- */

static bool is_dropped(const candidate_t *x, size_t j) {
  return x->drop && (x->index[0] == j || x->index[1] == j);
}

/* The generators as an operator file of their own. A rotation of a circuit is
   exp(-i theta P / 2). NULL candidate: as they are. */
static void make_ansatz(ansatz_t out, const work_t *work,
                        const candidate_t *x) {
  const analysis_struct *c = work->c;
  bool circuit = c->ansatz->kind == ANSATZ_CIRCUIT;
  size_t m = c->set->num_generators;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_set_si(coeff, 1, circuit ? 2 : 1);
  ansatz_init(out, ANSATZ_OPERATORS, c->set->num_qubits);
  for (size_t j = 0; j < m; j++) {
    pauli_sum_t one;
    if (x && is_dropped(x, j)) continue;
    pauli_sum_init(one, c->set->num_qubits);
    if (circuit) pauli_sum_push(one, coeff, generator_string(work, j));
    else pauli_sum_set(one, work->generators[j]);
    ansatz_add_generator(out, one);
    pauli_sum_clear(one);
  }
  if (x && !x->drop) {
    pauli_sum_t one;
    pauli_sum_init(one, c->set->num_qubits);
    pauli_sum_push(one, coeff, work->added + x->index[0] * work->width);
    ansatz_add_generator(out, one);
    pauli_sum_clear(one);
  }
  /* as many layers: ceil(p m' / m) */
  size_t p = c->ansatz->num_parameters;
  out->num_parameters = (p * out->num_generators + m - 1) / m;
  ansatz_add_observable(out, c->set->observables, "o");
  ansatz_add_state(out, c->set->inputs[0].state, "s");
  fmpq_clear(coeff);
}

static void judge(suggest_judgement_t *j, const work_t *work, const candidate_t *x) {
  make_ansatz(j->ansatz, work, x);
  generator_set_init(j->set, j->ansatz);
  uint64_t *rows = generator_set_strings(j->set);
  string_algebra_init(j->g, rows, j->set->num_generators, j->set->num_qubits);
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
                         const candidate_t *x) {
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

/* The string as an operator; the caller frees it with free(). */
static char *string_text(const work_t *work, const uint64_t *string) {
  pauli_sum_t one;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_one(coeff);
  pauli_sum_init(one, work->c->set->num_qubits);
  pauli_sum_push(one, coeff, string);
  char *text = pauli_sum_get_str(one);
  pauli_sum_clear(one);
  fmpq_clear(coeff);
  return text;
}

static void name_strings(outcome_t *o, const work_t *work,
                         const candidate_t *x) {
  for (size_t i = 0; i < x->count; i++) {
    o->strings[i] = string_text(
        work, x->drop ? generator_string(work, x->index[i])
                      : work->added + x->index[i] * work->width);
    if (x->drop)
      o->generators[i] =
          (size_t)(work->generators[x->index[i]] - work->c->set->generators);
  }
}

static void try_one(suggestions_t out, const work_t *work,
                    const candidate_t *candidate) {
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
  size_t total = work->num_candidates, step = total * 382 / 1000 + 1, tried = 0;
  while (total && gcd(step, total) != 1) step++;
  for (size_t at = 0;
       tried < total && (tried == 0 || !stopwatch_is_up(&work->watch));
       tried++, at = (at + step) % total)
    try_one(out, work, work->candidates + at);
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
  work.width = 2 * pauli_words(analysis->set->num_qubits);
  list_generators(&work);
  list_added(&work);
  list_candidates(&work);
  judge_present(&out->present, &work);
  out->num_candidates = work.num_candidates;
  out->num_tried = try_all(out, &work);
  flint_free(work.generators);
  flint_free(work.added);
  flint_free(work.candidates);
}

void suggestions_clear(suggestions_t out) {
  if (out->reason) return;
  for (size_t i = 0; i < out->length; i++) suggestion_clear(out->list + i);
  suggestion_clear(&out->present);
}
