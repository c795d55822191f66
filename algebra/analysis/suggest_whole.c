#include "algebra/analysis/suggest_whole.h"

#include "algebra/analysis/verdict.h"
#include "algebra/base/text.h"

typedef enum { DROP_PARAMETER, DROP_LINE, DROP_GENERATOR } drop_t;

typedef struct {
  drop_t what;
  size_t index; /* of a parameter or a generator */
  long line;
} candidate_t;

/* --- candidates ------------------------------------------------------------------- */

static bool drives(const rotation_struct *r, size_t parameter) {
  for (size_t t = 0; t < r->angle->num_terms; t++)
    if (r->angle->terms[t].parameter == parameter) return true;
  return false;
}

static bool is_dropped(const rotation_struct *r, const candidate_t *x) {
  if (angle_is_constant(r->angle)) return false;
  return x->what == DROP_LINE ? r->line == x->line : drives(r, x->index);
}

static bool is_listed(const candidate_t *list, size_t count, long line) {
  for (size_t i = 0; i < count; i++)
    if (list[i].what == DROP_LINE && list[i].line == line) return true;
  return false;
}

/* How many rotations go, of those that are no fixed ones; *all: these. */
static size_t count_dropped(size_t *all, const ansatz_struct *a,
                            const candidate_t *x) {
  size_t count = 0;
  *all = 0;
  for (size_t i = 0; i < a->num_rotations; i++) {
    *all += !angle_is_constant(a->rotations[i].angle);
    count += is_dropped(a->rotations + i, x);
  }
  return count;
}

/* Something must go, and something stay. */
static void add(candidate_t *list, size_t *count, const ansatz_struct *a,
                candidate_t x) {
  size_t all, dropped = count_dropped(&all, a, &x);
  if (dropped && dropped < all) list[(*count)++] = x;
}

/* Lines first: they change the algebra where a parameter of one layer of many does
   not. */
static candidate_t *list_candidates(size_t *count, const ansatz_struct *a) {
  size_t most = a->num_rotations + a->num_parameters + a->num_generators;
  candidate_t *list = flint_malloc((most + 1) * sizeof *list);
  *count = 0;
  if (a->kind == ANSATZ_OPERATORS) {
    for (size_t j = 0; j < a->num_generators && a->num_generators > 1; j++)
      list[(*count)++] = (candidate_t){DROP_GENERATOR, j, 0};
    return list;
  }
  for (size_t i = 0; i < a->num_rotations; i++) {
    const rotation_struct *r = a->rotations + i;
    if (r->line > 0 && !angle_is_constant(r->angle) &&
        !is_listed(list, *count, r->line))
      add(list, count, a, (candidate_t){DROP_LINE, 0, r->line});
  }
  for (size_t k = 0; k < a->num_parameters; k++)
    add(list, count, a, (candidate_t){DROP_PARAMETER, k, 0});
  return list;
}

/* --- one of them ---------------------------------------------------------------------- */

static void make_operators(ansatz_t out, const ansatz_struct *a, size_t dropped) {
  size_t m = a->num_generators;
  ansatz_init(out, ANSATZ_OPERATORS, a->num_qubits);
  for (size_t j = 0; j < m; j++)
    if (j != dropped) ansatz_add_generator(out, a->generators + j);
  out->num_parameters = (a->num_parameters * (m - 1) + m - 1) / m;
}

static void make_circuit(ansatz_t out, const ansatz_struct *a,
                         const candidate_t *x) {
  ansatz_init(out, ANSATZ_CIRCUIT, a->num_qubits);
  for (size_t k = 0; k < a->num_parameters; k++)
    ansatz_add_parameter(out, a->parameters[k].name, a->parameters[k].derived);
  for (size_t i = 0; i < a->num_rotations; i++) {
    const rotation_struct *r = a->rotations + i;
    if (!is_dropped(r, x))
      ansatz_add_rotation(out, r->string, r->angle, r->line);
  }
}

static void make_ansatz(ansatz_t out, const ansatz_struct *a,
                        const candidate_t *x) {
  if (x->what == DROP_GENERATOR) make_operators(out, a, x->index);
  else make_circuit(out, a, x);
  out->upper_bound = a->upper_bound;
  ansatz_add_observable(out, a->observables[0].sum, a->observables[0].text);
  ansatz_add_state(out, a->states[0].state, a->states[0].text);
}

/* Parameters that drive a gate. */
static size_t count_parameters(const ansatz_struct *a) {
  size_t count = 0;
  if (a->kind == ANSATZ_OPERATORS) return a->num_parameters;
  for (size_t k = 0; k < a->num_parameters; k++) {
    bool used = false;
    for (size_t i = 0; i < a->num_rotations && !used; i++)
      used = drives(a->rotations + i, k);
    count += used;
  }
  return count;
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
  o->parameters = count_parameters(c->ansatz);
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
  o->drop = true;
  o->line = x->line;
  o->count = x->what != DROP_LINE;
  if (x->what == DROP_GENERATOR)
    o->strings[0] = pauli_sum_get_str(a->generators + x->index);
  else if (x->what == DROP_PARAMETER)
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
