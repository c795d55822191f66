#include "algebra/analysis/suggest_whole.h"

#include <assert.h>
#include <stdlib.h>

#include "algebra/analysis/suggest_changes.h"
#include "algebra/analysis/verdict.h"
#include "algebra/base/text.h"

typedef enum { PARAMETER, LINE, GENERATOR } part_t;

typedef struct {
  bool split; /* left out otherwise */
  part_t what;
  size_t index; /* of a parameter or a generator */
  long line;
} candidate_t;

/* --- candidates ------------------------------------------------------------------- */

static bool drives(const rotation_struct *r, size_t parameter) {
  for (size_t t = 0; t < r->angle->num_terms; t++)
    if (r->angle->terms[t].parameter == parameter) return true;
  return false;
}

static bool is_meant(const rotation_struct *r, const candidate_t *x) {
  if (angle_is_constant(r->angle)) return false;
  return x->what == LINE ? r->line == x->line : drives(r, x->index);
}

static bool is_listed(const candidate_t *list, size_t count, long line) {
  for (size_t i = 0; i < count; i++)
    if (list[i].what == LINE && list[i].line == line) return true;
  return false;
}

/* How many rotations are meant, of those that are no fixed ones; *all: these. */
static size_t count_meant(size_t *all, const ansatz_struct *a, const candidate_t *x) {
  size_t count = 0;
  *all = 0;
  for (size_t i = 0; i < a->num_rotations; i++) {
    *all += !angle_is_constant(a->rotations[i].angle);
    count += is_meant(a->rotations + i, x);
  }
  return count;
}

/* Do two rotations share their only parameter, and have all that are meant but one? */
static bool can_split(const ansatz_struct *a, const candidate_t *x) {
  uint8_t *used = flint_calloc(a->num_parameters + 1, 1);
  bool shared = false, alone = true;
  for (size_t i = 0; i < a->num_rotations; i++) {
    const rotation_struct *r = a->rotations + i;
    if (!is_meant(r, x)) continue;
    size_t k = r->angle->terms[0].parameter;
    alone = alone && r->angle->num_terms == 1;
    shared = shared || used[k];
    used[k] = 1;
  }
  flint_free(used);
  return shared && alone;
}

/* Something must go, and something stay. */
static void add(candidate_t *list, size_t *count, const ansatz_struct *a,
                candidate_t x) {
  size_t all, meant = count_meant(&all, a, &x);
  if (meant && meant < all) list[(*count)++] = x;
  x.split = true;
  if (can_split(a, &x)) list[(*count)++] = x;
}

/* Lines first: they change the algebra where a parameter of one layer of many does
   not. */
static candidate_t *list_candidates(size_t *count, const ansatz_struct *a) {
  size_t most = 2 * (a->num_rotations + a->num_parameters + a->num_generators);
  candidate_t *list = flint_malloc((most + 1) * sizeof *list);
  *count = 0;
  if (a->kind == ANSATZ_OPERATORS) {
    for (size_t j = 0; j < a->num_generators && a->num_generators > 1; j++)
      list[(*count)++] = (candidate_t){false, GENERATOR, j, 0};
    for (size_t j = 0; j < a->num_generators; j++)
      if (a->generators[j].length > 1)
        list[(*count)++] = (candidate_t){true, GENERATOR, j, 0};
    return list;
  }
  for (size_t i = 0; i < a->num_rotations; i++) {
    const rotation_struct *r = a->rotations + i;
    if (r->line > 0 && !angle_is_constant(r->angle) &&
        !is_listed(list, *count, r->line))
      add(list, count, a, (candidate_t){false, LINE, 0, r->line});
  }
  for (size_t k = 0; k < a->num_parameters; k++)
    add(list, count, a, (candidate_t){false, PARAMETER, k, 0});
  return list;
}

/* --- one of them ---------------------------------------------------------------------- */

/* The terms of the sum, each a generator. */
static void add_terms(ansatz_t out, const pauli_sum_struct *sum) {
  for (size_t t = 0; t < sum->length; t++) {
    pauli_sum_t one;
    pauli_sum_init(one, sum->num_qubits);
    pauli_sum_push(one, sum->coeffs + t, pauli_sum_string(sum, t));
    ansatz_add_generator(out, one);
    pauli_sum_clear(one);
  }
}

static void make_operators(ansatz_t out, const ansatz_struct *a, const candidate_t *x) {
  size_t m = a->num_generators;
  assert(x->index < m);
  ansatz_init(out, ANSATZ_OPERATORS, a->num_qubits);
  for (size_t j = 0; j < m; j++)
    if (j != x->index) ansatz_add_generator(out, a->generators + j);
    else if (x->split) add_terms(out, a->generators + j);
  out->num_parameters = (a->num_parameters * out->num_generators + m - 1) / m;
}

/* The rotation with a parameter of its own. */
static void add_split(ansatz_t out, const ansatz_struct *a, const rotation_struct *r) {
  angle_t angle;
  const char *name = a->parameters[r->angle->terms[0].parameter].name;
  char *own = text_print("%s'%zu", name, out->num_parameters);
  angle_init(angle);
  angle_set(angle, r->angle);
  angle->terms[0].parameter = ansatz_add_parameter(out, own, false);
  ansatz_add_rotation(out, r->string, angle, r->line);
  angle_clear(angle);
  free(own);
}

static void make_circuit(ansatz_t out, const ansatz_struct *a,
                         const candidate_t *x) {
  ansatz_init(out, ANSATZ_CIRCUIT, a->num_qubits);
  for (size_t k = 0; k < a->num_parameters; k++)
    ansatz_add_parameter(out, a->parameters[k].name, a->parameters[k].derived);
  for (size_t i = 0; i < a->num_rotations; i++) {
    const rotation_struct *r = a->rotations + i;
    if (!is_meant(r, x)) ansatz_add_rotation(out, r->string, r->angle, r->line);
    else if (x->split) add_split(out, a, r);
  }
}

static void make_ansatz(ansatz_t out, const ansatz_struct *a,
                        const candidate_t *x) {
  if (x->what == GENERATOR) make_operators(out, a, x);
  else make_circuit(out, a, x);
  out->upper_bound = a->upper_bound;
  ansatz_add_observable(out, a->observables[0].sum, a->observables[0].text);
  ansatz_add_state(out, a->states[0].state, a->states[0].text);
}

static answer_t judge(const analysis_t c) {
  verdict_input_t in;
  verdict_t v;
  verdict_input_init(in, c->ansatz->num_parameters);
  verdict_input_set_deep(in, c->landscapes, c->outlooks, &c->limits.thresholds);
  in->upper_bound = c->ansatz->upper_bound || c->set->upper_bound;
  verdict_init(v, in);
  answer_t answer = v->trainable;
  verdict_clear(v);
  verdict_input_clear(in);
  return answer;
}

/* False when the dimension is not proved. */
static bool read_outcome(suggestion_struct *o, const analysis_t c) {
  const outlook_struct *outlook = c->outlooks;
  o->parameters = suggest_count_parameters(c->ansatz);
  fmpz_set(o->dimension, c->structure->dimension);
  o->gradient_known = outlook->shots_known;
  if (!o->gradient_known) o->reason = c->landscapes[0].reason;
  if (outlook->shots_known && outlook->num_moving)
    fmpq_inv(o->gradient, outlook->shots_typical);
  o->threshold_known = outlook->minima_known;
  if (outlook->minima_known)
    fmpz_set(o->threshold, outlook->minima->threshold);
  o->verdict = judge(c);
  return c->dimension_known && c->structure->proved;
}

static void name(suggestion_struct *o, const ansatz_struct *a,
                 const candidate_t *x) {
  o->drop = !x->split;
  o->split = x->split;
  o->line = x->line;
  o->count = x->what != LINE;
  if (x->what == GENERATOR)
    o->strings[0] = pauli_sum_get_str(a->generators + x->index);
  else if (x->what == PARAMETER)
    o->strings[0] = text_copy(a->parameters[x->index].name);
}

static void try_one(suggestions_t out, const analysis_t c, const candidate_t *x,
                    const stopwatch_t *watch) {
  ansatz_t changed;
  analysis_t a;
  suggestion_struct o;
  analysis_limits_t limits = c->limits;
  int64_t left = watch->limit_ns - stopwatch_elapsed(watch);
  limits.progress = NULL;
  if (left < limits.time_limit_ns) limits.time_limit_ns = left > 0 ? left : 0;
  make_ansatz(changed, c->ansatz, x);
  analysis_init(a, changed, &limits);
  suggestion_init(&o);
  if (read_outcome(&o, a)) {
    name(&o, c->ansatz, x);
    suggestions_offer(out, &o);
  } else {
    suggestion_clear(&o);
  }
  analysis_clear(a);
  ansatz_clear(changed);
}

void suggest_whole(suggestions_t out, const analysis_t c) {
  stopwatch_t watch = stopwatch_stage(&c->whole);
  candidate_t *list = list_candidates(&out->num_candidates, c->ansatz);
  suggestion_init(&out->present);
  read_outcome(&out->present, c);
  for (size_t i = 0; i < out->num_candidates &&
                     (i == 0 || !stopwatch_is_up(&watch)); i++) {
    try_one(out, c, list + i, &watch);
    out->num_tried++;
  }
  flint_free(list);
}
