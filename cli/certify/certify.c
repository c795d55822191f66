#include "cli/certify/certify.h"

#include <stdio.h>
#include <stdlib.h>

#include <flint/flint.h>

#include "cli/terminal/progress.h"
#include "liescape/closure.h"
#include "liescape/quadratic.h"
#include "liescape/sum_structure.h"

enum { MAX_CLOSURE_STRINGS = 20000, MAX_PROJECTOR_TERMS = 20000 };

static const char *surd_reason =
    "coefficients are irrational: exact moments are computed for rational ones";
static const char *symbol_reason =
    "a generator holds a symbol without a value: set it with -D";

static void analyse_strings(certification_t out) {
  uint64_t *rows = generator_set_strings(out->set);
  string_algebra_init(out->strings, rows, out->set->num_generators,
                      out->set->num_qubits);
  flint_free(rows);
  out->has_strings = true;
  string_algebra_structure(out->structure, out->strings);
  out->dimension_known = true;
}

static closure_limits_t get_limits(const options_t options,
                                   stopwatch_t *watch) {
  return (closure_limits_t){.max_dimension = options->max_dimension,
                            .max_bytes = options->memory_limit_bytes,
                            .num_threads = (unsigned)options->num_threads,
                            .abort = stopwatch_is_up,
                            .abort_data = watch};
}

/* Why the closure was not proved. */
static void explain_closure(structure_t s, const closure_t closure,
                            status_t status, const stopwatch_t *watch,
                            const options_t options) {
  char *text = NULL;
  int n = 0;
  if (status == STATUS_UNDECIDED)
    n = asprintf(&text, "the closure ended but was not proved over Q; the "
                        "dimension is a lower bound");
  else if (watch->spent)
    n = asprintf(&text, "the time limit of %g s was reached (--time-limit); "
                        "the dimension is a lower bound",
                 options->time_limit_s);
  else if (closure->dimension >= options->max_dimension)
    n = asprintf(&text, "the dimension exceeds %zu (--max-dimension); what is "
                        "given is a lower bound", options->max_dimension);
  else
    n = asprintf(&text, "the memory limit was reached (--memory-limit); the "
                        "dimension is a lower bound");
  if (n < 0) flint_abort();
  structure_set_text(&s->reason, text);
  free(text);
}

/* The algebra as one of strings, when it is. */
static void use_strings(certification_t out, const closure_t closure) {
  size_t count;
  uint64_t *strings = closure_get_strings(&count, closure);
  if (strings && count <= MAX_CLOSURE_STRINGS) {
    string_algebra_init(out->strings, strings, count, out->set->num_qubits);
    out->has_strings = true;
  }
  flint_free(strings);
}

static void analyse_sums(certification_t out, const options_t options) {
  closure_limits_t limits = get_limits(options, &out->watch);
  closure_init(out->closure, out->set->num_qubits);
  status_t status = closure_compute(out->closure, out->set->generators,
                                    out->set->num_generators, &limits);
  out->dimension_known = true;
  if (status == STATUS_OK) {
    sum_structure_projectors(out->structure, out->projectors,
                             MAX_PROJECTOR_TERMS, out->closure,
                             out->set->generators, out->set->num_generators,
                             &limits);
    use_strings(out, out->closure);
  } else {
    fmpz_set_ui(out->structure->dimension, out->closure->dimension);
    explain_closure(out->structure, out->closure, status, &out->watch, options);
    if (!out->watch.spent)
      sum_structure_sectors(out->structure, out->set->num_qubits,
                            out->set->generators, out->set->num_generators,
                            &limits);
  }
}

/* Each generator a number times one string: the numbers do not matter, as long as
   they are not 0. */
static void analyse_scaled_strings(certification_t out) {
  string_algebra_t g;
  uint64_t *rows = generator_set_strings(out->set);
  string_algebra_init(g, rows, out->set->num_generators, out->set->num_qubits);
  flint_free(rows);
  string_algebra_structure(out->structure, g);
  string_algebra_clear(g);
  out->dimension_known = true;
}

/* Everything but the sectors. */
static void copy_algebra(structure_t out, const structure_t in) {
  fmpz_set(out->center, in->center);
  out->center_known = in->center_known;
  out->ideals_known = in->ideals_known;
  for (size_t k = 0; k < in->num_ideals; k++) {
    const ideal_struct *ideal = in->ideals + k;
    structure_add_ideal(out, ideal->letter, ideal->rank, ideal->dimension,
                        ideal->count);
  }
  if (in->method) structure_set_text(&out->method, in->method);
  if (in->reason) structure_set_text(&out->reason, in->reason);
}

static void analyse_surds(certification_t out, const options_t options) {
  const ansatz_struct *ansatz = out->ansatz;
  if (out->set->single_strings) {
    analyse_scaled_strings(out);
    return;
  }
  closure_limits_t limits = get_limits(options, &out->watch);
  out->dimension_known = true;
  if (quadratic_structure(out->structure, ansatz->symbol_parts,
                          ansatz->num_generators, ansatz->root_radicands,
                          ansatz->num_roots, &limits) == STATUS_LIMIT &&
      !out->structure->reason)
    structure_set_text(&out->structure->reason,
                       "these square roots are beyond the limits");
}

/* The structure is that of every value that is not special. */
static void analyse_couplings(certification_t out, const options_t options) {
  const ansatz_struct *ansatz = out->ansatz;
  closure_limits_t limits = get_limits(options, &out->watch);
  couplings_input_t input = {ansatz->num_qubits, ansatz->num_generators,
                             ansatz->symbol_degree, ansatz->symbol_parts};
  couplings_init(out->couplings, &input, &limits);
  if (out->couplings->reason) out->limit_reached = true;
  if (out->set->single_strings) {
    analyse_scaled_strings(out);
    return;
  }
  structure_struct *s = out->structure;
  copy_algebra(s, out->couplings->generic);
  out->dimension_known = true;
  fmpz_set_ui(s->dimension, out->couplings->dimension);
  s->proved = out->couplings->proved;
  s->sectors_known = false;
  if (!s->reason)
    structure_set_text(&s->reason, "sectors can depend on the value of the "
                                   "symbol; they are given for special values");
}

static bool all_stabilizers(const ansatz_t ansatz) {
  for (size_t i = 0; i < ansatz->num_states; i++)
    if (!quantum_state_stabilizer(ansatz->states[i].state)) return false;
  return true;
}

/* For a product state without a closed form in the module of the observable. */
static void init_strings(landscape_struct *landscape, certification_t c,
                         size_t observable, size_t state) {
  landscape_init_strings(landscape, c->strings, c->set, c->ansatz, observable,
                         state);
  if (landscape->variance_known || !c->sums ||
      quantum_state_stabilizer(c->ansatz->states[state].state))
    return;
  landscape_clear(landscape);
  landscape_init_sums(landscape, c->sums, observable, state);
}

static void analyse_landscapes(certification_t out, const options_t options) {
  size_t states = out->ansatz->num_states;
  out->num_landscapes = out->ansatz->num_observables * states;
  out->landscapes = flint_malloc((out->num_landscapes + 1) *
                                 sizeof *out->landscapes);
  out->outlooks = flint_malloc((out->num_landscapes + 1) *
                               sizeof *out->outlooks);
  if ((!out->has_strings || !all_stabilizers(out->ansatz)) &&
      !out->ansatz->symbol) {
    out->watch = stopwatch_stage(&out->whole);
    closure_limits_t limits = get_limits(options, &out->watch);
    out->sums = flint_malloc(sizeof *out->sums);
    out->algebra = (sum_algebra_struct){out->closure, out->structure,
                                        out->projectors};
    sum_landscapes_init(out->sums, out->set, out->ansatz,
                        out->has_strings ? NULL : &out->algebra,
                        &limits);
  }
  for (size_t j = 0; j < out->num_landscapes; j++) {
    if (out->num_landscapes > 1)
      progress_report("exact moments", j, out->num_landscapes);
    landscape_struct *landscape = out->landscapes + j;
    if (out->has_strings)
      init_strings(landscape, out, j / states, j % states);
    else if (out->sums)
      landscape_init_sums(landscape, out->sums, j / states, j % states);
    else
      landscape_init_unknown(landscape, out->ansatz->num_parameters,
                             j / states, j % states,
                             out->ansatz->num_roots ? surd_reason
                                                          : symbol_reason);
    if (!out->ansatz->symbol && (!landscape->mean_known ||
                                 !landscape->variance_known ||
                                 (!landscape->gradient_known &&
                                  out->has_strings)))
      out->limit_reached = true;
    outlook_init(out->outlooks + j, landscape, options);
  }
}

/* The circuit at its own depth. */
static void analyse_depth(certification_t out, const options_t options) {
  if (out->ansatz->kind != ANSATZ_CIRCUIT) return;
  stopwatch_t watch = stopwatch_stage(&out->whole);
  out->depths = flint_malloc((out->num_landscapes + 1) * sizeof *out->depths);
  for (size_t j = 0; j < out->num_landscapes; j++) {
    const landscape_struct *l = out->landscapes + j;
    if (out->num_landscapes > 1)
      progress_report("exact moments at finite depth", j, out->num_landscapes);
    depth_analysis_init(out->depths + j, out->ansatz, l->observable, l->state,
                        l->variance_known ? l->variance : NULL, options,
                        &watch);
    if (watch.spent && out->depths[j].exact->reason) out->limit_reached = true;
  }
}

status_t certification_init(certification_t out, diagnostic_t diag,
                            const request_t request, const options_t options) {
  *out = (certification_struct){.whole =
                                    stopwatch_start(options->time_limit_s)};
  status_t status = request_read_ansatz(out->ansatz, diag, request);
  if (status != STATUS_OK) return status;
  generator_set_init(out->set, out->ansatz);
  structure_init(out->structure);
  progress_stage("algebra");
  out->watch = stopwatch_stage(&out->whole);
  if (out->ansatz->num_roots) analyse_surds(out, options);
  else if (out->ansatz->symbol) analyse_couplings(out, options);
  else if (out->set->single_strings) analyse_strings(out);
  else analyse_sums(out, options);
  const structure_struct *s = out->structure;
  if (!s->proved || !s->center_known || !s->ideals_known ||
      (!s->sectors_known &&
       (!out->ansatz->symbol || out->ansatz->num_roots)))
    out->limit_reached = true;
  progress_stage("exact moments");
  analyse_landscapes(out, options);
  progress_stage("exact moments at finite depth");
  analyse_depth(out, options);
  return STATUS_OK;
}

void certification_clear(certification_t out) {
  for (size_t j = 0; j < out->num_landscapes; j++) {
    landscape_clear(out->landscapes + j);
    outlook_clear(out->outlooks + j);
    if (out->depths) depth_analysis_clear(out->depths + j);
  }
  flint_free(out->landscapes);
  flint_free(out->outlooks);
  flint_free(out->depths);
  if (out->ansatz->symbol && !out->ansatz->num_roots)
    couplings_clear(out->couplings);
  structure_clear(out->structure);
  if (out->sums) sum_landscapes_clear(out->sums);
  flint_free(out->sums);
  closure_clear(out->closure);
  sum_projectors_clear(out->projectors);
  if (out->has_strings) string_algebra_clear(out->strings);
  generator_set_clear(out->set);
  ansatz_clear(out->ansatz);
}
