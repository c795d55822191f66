#include "cli/certify/suggest.h"

#include <stdlib.h>
#include <string.h>

#include "cli/certify/certificate.h"
#include "cli/format/json_number.h"
#include "cli/terminal/page.h"

enum { MAX_PAIRED = 24, MAX_KEPT = 10 };

/* Indices below num_generators are dropped; others are `add` + index. */
typedef struct {
  bool drop;
  size_t count; /* 1, or 2 for a pair */
  size_t index[2];
} candidate_t;

typedef struct {
  candidate_t candidate;
  size_t alike; /* other candidates with the same numbers */
  size_t parameters;
  fmpz_t dimension;
  bool gradient_known, threshold_known;
  fmpq_t gradient; /* median of those above 0; 0 when there are none */
  fmpz_t threshold;
  answer_t verdict;
  char *reason;  /* why the gradient is not known */
  json_t *proof; /* what check needs, once the outcome is kept */
} outcome_t;

typedef struct {
  const certification_struct *c;
  const options_struct *options;
  size_t width; /* words of a string */
  const pauli_sum_struct **generators; /* of c, in their order here */
  size_t num_added;
  uint64_t *added; /* strings that may be added */
  size_t num_candidates;
  candidate_t *candidates;
  stopwatch_t watch;
} work_t;

static void outcome_init(outcome_t *o) {
  *o = (outcome_t){.verdict = ANSWER_UNDECIDED};
  fmpz_init(o->dimension);
  fmpq_init(o->gradient);
  fmpz_init(o->threshold);
}

static void outcome_clear(outcome_t *o) {
  fmpz_clear(o->dimension);
  fmpq_clear(o->gradient);
  fmpz_clear(o->threshold);
  free(o->reason);
  json_decref(o->proof);
}

/* --- candidates ------------------------------------------------------------------- */

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

/* --- judging one ---------------------------------------------------------------------- */

static bool is_dropped(const candidate_t *x, size_t j) {
  return x->drop && (x->index[0] == j || x->index[1] == j);
}

/* The generators as an operator file of their own. A rotation of a circuit is
   exp(-i theta P / 2). NULL candidate: as they are. */
static void make_ansatz(ansatz_t out, const work_t *work,
                        const candidate_t *x) {
  const certification_struct *c = work->c;
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
  ansatz_add_state(out, c->ansatz->states[0].state, "s");
  fmpq_clear(coeff);
}

typedef struct {
  ansatz_t ansatz;
  generator_set_t set;
  string_algebra_t g;
  structure_t structure;
  landscape_t landscape;
  outlook_t outlook;
} judgement_t;

static void judge(judgement_t *j, const work_t *work, const candidate_t *x) {
  make_ansatz(j->ansatz, work, x);
  generator_set_init(j->set, j->ansatz);
  uint64_t *rows = generator_set_strings(j->set);
  string_algebra_init(j->g, rows, j->set->num_generators, j->set->num_qubits);
  flint_free(rows);
  structure_init(j->structure);
  string_algebra_structure(j->structure, j->g);
  landscape_init_strings(j->landscape, j->g, j->set, j->ansatz, 0, 0);
  outlook_init(j->outlook, j->landscape, work->options);
}

static void judgement_clear(judgement_t *j) {
  outlook_clear(j->outlook);
  landscape_clear(j->landscape);
  structure_clear(j->structure);
  string_algebra_clear(j->g);
  generator_set_clear(j->set);
  ansatz_clear(j->ansatz);
}

static void read_outcome(outcome_t *o, const judgement_t *j,
                         const candidate_t *x) {
  const outlook_struct *outlook = j->outlook;
  if (x) o->candidate = *x;
  o->parameters = j->ansatz->num_parameters;
  fmpz_set(o->dimension, j->structure->dimension);
  o->gradient_known = outlook->shots_known;
  if (!o->gradient_known && j->landscape->reason)
    o->reason = strdup(j->landscape->reason);
  if (outlook->shots_known && outlook->num_moving)
    fmpq_inv(o->gradient, outlook->shots_typical);
  o->threshold_known = outlook->minima_known;
  if (outlook->minima_known)
    fmpz_set(o->threshold, outlook->minima->threshold);
  o->verdict = outlook->trainable;
}

static json_t *proof_json(const judgement_t *j) {
  json_t *out = json_object(), *witness = certificate_witness(j->g);
  json_object_set_new(out, "wishart",
                      certificate_wishart(j->landscape, j->outlook));
  if (witness) json_object_set_new(out, "witness", witness);
  return out;
}

static int verdict_rank(answer_t verdict) {
  return verdict == ANSWER_YES ? 2 : verdict == ANSWER_UNDECIDED ? 1 : 0;
}

/* Below 0: a is better. Numbers that are not known come last. */
static int compare_outcomes(const void *x, const void *y) {
  const outcome_t *a = x, *b = y;
  int order = verdict_rank(b->verdict) - verdict_rank(a->verdict);
  if (!order) order = (int)b->gradient_known - (int)a->gradient_known;
  if (!order) order = fmpq_cmp(b->gradient, a->gradient);
  if (!order) order = (int)b->threshold_known - (int)a->threshold_known;
  if (!order) order = fmpz_cmp(a->threshold, b->threshold);
  if (!order) order = fmpz_cmp(a->dimension, b->dimension);
  return order;
}

static bool is_alike(const outcome_t *a, const outcome_t *b) {
  return compare_outcomes(a, b) == 0 && a->parameters == b->parameters &&
         a->candidate.drop == b->candidate.drop &&
         a->candidate.count == b->candidate.count;
}

/* --- all -------------------------------------------------------------------------------- */

static size_t gcd(size_t a, size_t b) {
  while (b) {
    size_t t = a % b;
    a = b;
    b = t;
  }
  return a;
}

/* Where the outcome belongs among those kept; SIZE_MAX when it does not, as it
   is counted with one like it or comes last. */
static size_t find_place(outcome_t *kept, size_t count, const outcome_t *o) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++)
    if (is_alike(kept + i, o)) {
      kept[i].alike++;
      return SIZE_MAX;
    }
  while (at < count && compare_outcomes(kept + at, o) <= 0) at++;
  return at < MAX_KEPT ? at : SIZE_MAX;
}

/* Inserts the outcome, which is taken. */
static void keep(outcome_t *kept, size_t *count, size_t at,
                 const outcome_t *o) {
  if (*count == MAX_KEPT) outcome_clear(kept + --*count);
  memmove(kept + at + 1, kept + at, (*count - at) * sizeof *kept);
  kept[at] = *o;
  ++*count;
}

static void try_one(outcome_t *kept, size_t *count, const work_t *work,
                    const candidate_t *candidate, const outcome_t *present) {
  outcome_t o;
  judgement_t j;
  outcome_init(&o);
  judge(&j, work, candidate);
  read_outcome(&o, &j, candidate);
  size_t at = compare_outcomes(&o, present) < 0 ? find_place(kept, *count, &o)
                                                : SIZE_MAX;
  if (at == SIZE_MAX) {
    outcome_clear(&o);
  } else {
    o.proof = proof_json(&j);
    keep(kept, count, at, &o);
  }
  judgement_clear(&j);
}

/* Returns how many candidates were tried; the steps are coprime to their
   number, near the golden section, so that any first part is spread evenly. */
static size_t try_all(outcome_t *kept, size_t *count, work_t *work,
                      const outcome_t *present) {
  size_t total = work->num_candidates, step = total * 382 / 1000 + 1, tried = 0;
  while (total && gcd(step, total) != 1) step++;
  for (size_t at = 0; tried < total && (tried == 0 || !stopwatch_is_up(&work->watch));
       tried++, at = (at + step) % total)
    try_one(kept, count, work, work->candidates + at, present);
  return tried;
}

static json_t *outcome_json(const outcome_t *o) {
  static const char *const words[] = {"no", "yes", "undecided"};
  json_t *out = json_object();
  json_object_set_new(out, "dimension", json_fmpz(o->dimension));
  json_object_set_new(out, "parameters",
                      json_integer((json_int_t)o->parameters));
  json_object_set_new(out, "gradient_variance",
                      o->gradient_known ? json_fmpq(o->gradient)
                                        : json_null());
  json_object_set_new(out, "threshold", o->threshold_known
                                            ? json_fmpz(o->threshold)
                                            : json_null());
  json_object_set_new(out, "verdict", json_string(words[o->verdict]));
  if (o->reason) json_object_set_new(out, "reason", json_string(o->reason));
  return out;
}

static json_t *string_json(const work_t *work, const uint64_t *string) {
  pauli_sum_t one;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_one(coeff);
  pauli_sum_init(one, work->c->set->num_qubits);
  pauli_sum_push(one, coeff, string);
  char *text = pauli_sum_get_str(one);
  json_t *json = json_string(text);
  free(text);
  pauli_sum_clear(one);
  fmpq_clear(coeff);
  return json;
}

static json_t *suggestion_json(const work_t *work, const outcome_t *o) {
  json_t *names = json_array(), *out = json_object();
  const candidate_t *x = &o->candidate;
  for (size_t i = 0; i < x->count; i++)
    json_array_append_new(
        names, string_json(work, x->drop ? generator_string(work, x->index[i])
                                         : work->added +
                                               x->index[i] * work->width));
  json_object_set_new(out, "action", json_string(x->drop ? "drop" : "add"));
  json_object_set_new(out, "generators", names);
  json_object_set_new(out, "alike", json_integer((json_int_t)o->alike));
  json_t *numbers = outcome_json(o);
  json_object_update(out, numbers);
  json_object_update(out, o->proof);
  json_decref(numbers);
  return out;
}

static const char *refusal(const certification_t c) {
  if (c->ansatz->symbol) /* or roots: the generators are those of one value */
    return "a generator holds a symbol or a square root: changes are tried with "
           "rational numbers only";
  if (!c->set->single_strings)
    return "only generators that are single Pauli strings are classified fast "
           "enough to try changes";
  if (c->ansatz->num_observables == 0) return "there is no observable to judge by";
  if (c->set->num_generators == 0) return "there is no generator";
  return NULL;
}

void suggest_add(json_t *certificate, const certification_t c,
                 const options_t options) {
  json_t *list = json_array(), *about = json_object();
  const char *reason = refusal(c);
  json_object_set_new(certificate, "suggestions", list);
  json_object_set_new(certificate, "suggest", about);
  if (reason) {
    json_object_set_new(about, "reason", json_string(reason));
    return;
  }
  work_t work = {.c = c, .options = options,
                 .watch = stopwatch_stage(&c->whole)};
  outcome_t kept[MAX_KEPT + 1], present;
  judgement_t now;
  size_t count = 0;
  work.width = 2 * pauli_words(c->set->num_qubits);
  list_generators(&work);
  list_added(&work);
  list_candidates(&work);
  outcome_init(&present);
  judge(&now, &work, NULL);
  read_outcome(&present, &now, NULL);
  judgement_clear(&now);
  size_t tried = try_all(kept, &count, &work, &present);
  char *text = pauli_sum_get_str(c->ansatz->observables[0].sum);
  json_object_set_new(about, "candidates",
                      json_integer((json_int_t)work.num_candidates));
  json_object_set_new(about, "tried", json_integer((json_int_t)tried));
  json_object_set_new(about, "observable", json_string(text));
  json_object_set_new(about, "state", json_string(c->ansatz->states[0].text));
  json_object_set_new(about, "present", outcome_json(&present));
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(list, suggestion_json(&work, kept + i));
    outcome_clear(kept + i);
  }
  free(text);
  outcome_clear(&present);
  flint_free(work.generators);
  flint_free(work.added);
  flint_free(work.candidates);
}

/* --- report -------------------------------------------------------------------------- */

static void print_outcome(const page_t *page, const json_t *o) {
  char *dimension = json_number_text(json_at(o, "dimension"));
  char *gradient = json_number_text(json_at(o, "gradient_variance"));
  char *threshold = json_number_text(json_at(o, "threshold"));
  fprintf(page->stream, "dimension %s, E[(dl/dtheta)^2] %s, p* %s, trainable %s",
          dimension, gradient, threshold, json_text_at(o, "verdict", "?"));
  free(dimension);
  free(gradient);
  free(threshold);
}

static void print_suggestion(const page_t *page, const json_t *s) {
  const json_t *names = json_at(s, "generators");
  long long alike = json_integer_value(json_at(s, "alike"));
  fprintf(page->stream, "  %s ", json_text_at(s, "action", "?"));
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = json_string_value(json_array_get(names, i));
    fprintf(page->stream, "%s%s", i ? " and " : "", name ? name : "?");
  }
  if (alike) fprintf(page->stream, " (or %lld other%s)", alike,
                     alike > 1 ? "s" : "");
  fprintf(page->stream, "\n%24s", "");
  print_outcome(page, s);
  putc('\n', page->stream);
}

void suggest_report(FILE *stream, const json_t *certificate) {
  const json_t *about = json_at(certificate, "suggest");
  const json_t *list = json_at(certificate, "suggestions");
  page_t page = page_init(stream);
  if (!about) return;
  putc('\n', stream);
  page_ink(&page, INK_BOLD, "What to change");
  const char *reason = json_text_at(about, "reason", NULL);
  if (reason) {
    fprintf(stream, ": ");
    page_wrap(&page, reason, 16, 8);
    return;
  }
  long long tried = json_integer_value(json_at(about, "tried"));
  long long candidates = json_integer_value(json_at(about, "candidates"));
  fprintf(stream, ", for O = ");
  page_wrap_operator(&page, json_text_at(about, "observable", "?"), 25, 4);
  fprintf(stream, "  on %s; %lld of %lld changes tried, as many layers as now\n",
          json_text_at(about, "state", "?"), tried, candidates);
  page_label(&page, "now");
  print_outcome(&page, json_at(about, "present"));
  putc('\n', stream);
  for (size_t i = 0; i < json_array_size(list); i++)
    print_suggestion(&page, json_array_get(list, i));
  if (json_array_size(list) == 0)
    fprintf(stream, "  none of them is better\n");
  else
    fprintf(stream, "  dropping a generator may put the least loss out of "
                    "reach\n");
}
