#include "numeric/judge/minima_search.h"

#include <assert.h>
#include <math.h>
#include <nlopt.h>
#include <stdlib.h>

#include "numeric/circuit/hessian.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MAX_EVALUATIONS = 5000, VECTOR_STORAGE = 20 };
/* Hessians cost two gradients for each free parameter and five vectors. */
enum { MAX_CURVED = 128, MAX_CURVED_QUBITS = 14 };

/* --- circuits ------------------------------------------------------------------ */

/* Appends gates whose drives are moved up by shift; those of drive `limit` and
   above are left out. */
static void append_gates(gate_list_t *to, const gate_list_t *from, size_t shift,
                         size_t limit) {
  to->gates = memory_resize(to->gates, to->num_gates + from->num_gates,
                            sizeof *to->gates);
  for (size_t g = 0; g < from->num_gates; g++) {
    program_gate_t gate = from->gates[g];
    if (gate.num_terms && gate.terms[0].drive + shift >= limit) continue;
    program_term_t *terms = memory_get(gate.num_terms, sizeof *terms);
    for (size_t t = 0; t < gate.num_terms; t++) {
      terms[t] = gate.terms[t];
      terms[t].drive += shift;
    }
    gate.terms = terms;
    to->gates[to->num_gates++] = gate;
  }
}

static void finish(minima_circuit_t *c, const program_t *program,
                   size_t num_drives) {
  c->program = *program;
  c->program.num_drives = num_drives;
  c->windows = memory_get(num_drives, sizeof *c->windows);
  for (size_t d = 0; d < num_drives; d++)
    c->windows[d] = program->windows[d % program->num_drives];
}

void minima_circuit_written(minima_circuit_t *c, const program_t *program,
                            const ansatz_t ansatz) {
  size_t drives = program->num_drives, p = ansatz->num_parameters;
  *c = (minima_circuit_t){.num_free = p};
  if (drives == 0) return;
  /* A list of operators is gone through again and again until p are used. */
  for (size_t shift = 0; shift < p; shift += drives)
    append_gates(&c->list, &program->circuit, shift, p);
  finish(c, program, p);
}

void minima_circuit_deep(minima_circuit_t *c, const program_t *program,
                         size_t num_layers, size_t num_free) {
  size_t drives = program->num_drives;
  assert(num_free <= num_layers * drives);
  *c = (minima_circuit_t){.num_free = num_free};
  for (size_t layer = 0; layer < num_layers; layer++)
    append_gates(&c->list, &program->layer, layer * drives, SIZE_MAX);
  append_gates(&c->list, &program->closing, 0, SIZE_MAX);
  finish(c, program, num_layers * drives);
}

void minima_circuit_clear(minima_circuit_t *c) {
  for (size_t g = 0; g < c->list.num_gates; g++) free(c->list.gates[g].terms);
  free(c->list.gates);
  free(c->windows);
  *c = (minima_circuit_t){.num_free = 0};
}

/* --- descent --------------------------------------------------------------------- */

typedef struct {
  const minima_circuit_t *circuit;
  gradient_work_t *work;
  const double_sum_t *sum;
  const statevector_t *input;
  size_t *free_drives;
  double *drives, *gradient;
  size_t num_evaluations;
} descent_t;

static double objective(unsigned count, const double *x, double *gradient,
                        void *context) {
  descent_t *d = context;
  double loss;
  for (size_t k = 0; k < count; k++) d->drives[d->free_drives[k]] = x[k];
  gradient_compute(gradient ? d->gradient : NULL, &loss, d->work, d->sum,
                   d->input, d->drives);
  for (size_t k = 0; gradient && k < count; k++)
    gradient[k] = d->gradient[d->free_drives[k]];
  d->num_evaluations++;
  return loss;
}

/* num_free of the drives, by the first steps of a shuffle. */
static void choose_free(descent_t *d, random_stream_t *stream) {
  size_t total = d->circuit->program.num_drives, count = d->circuit->num_free;
  size_t *all = memory_get(total, sizeof *all);
  for (size_t i = 0; i < total; i++) all[i] = i;
  for (size_t i = 0; i < count && count < total; i++) {
    size_t at = i + (size_t)(random_uniform(stream) * (double)(total - i));
    size_t t = all[i];
    all[i] = all[at];
    all[at] = t;
  }
  for (size_t i = 0; i < count; i++) d->free_drives[i] = all[i];
  free(all);
}

static double descend(descent_t *d, double *x, double tol_abs) {
  size_t count = d->circuit->num_free;
  nlopt_opt opt = nlopt_create(NLOPT_LD_LBFGS, (unsigned)count);
  double loss;
  if (!opt) abort();
  nlopt_set_min_objective(opt, objective, d);
  nlopt_set_vector_storage(opt, VECTOR_STORAGE);
  nlopt_set_ftol_abs(opt, tol_abs);
  nlopt_set_maxeval(opt, MAX_EVALUATIONS);
  /* A failure of the line search, at the precision of the loss, is an end like
     any other: how flat it is there is measured afterwards. */
  nlopt_optimize(opt, x, &loss);
  nlopt_destroy(opt);
  return loss;
}

/* Least eigenvalue of the Hessian where the drives stand, or NaN. */
static double least_curvature(const descent_t *d) {
  size_t count = d->circuit->num_free, n = d->input->num_qubits;
  hessian_work_t work;
  if (!count || count > MAX_CURVED || n > MAX_CURVED_QUBITS ||
      !hessian_work_init(&work, &d->circuit->program, &d->circuit->list, n))
    return NAN;
  double *hessian = memory_get(count * count, sizeof *hessian);
  double *eigenvalues = memory_get(count, sizeof *eigenvalues);
  hessian_compute(hessian, &work, d->sum, d->input, d->drives, d->free_drives,
                  count);
  bool ok = hessian_eigenvalues(eigenvalues, hessian, count);
  double least = ok ? eigenvalues[0] : NAN;
  free(hessian);
  free(eigenvalues);
  hessian_work_clear(&work);
  return least;
}

minima_end_t minima_descend(const minima_circuit_t *c, gradient_work_t *work,
                            const double_sum_t *sum,
                            const statevector_t *input, double tol_abs,
                            uint64_t seed, uint64_t purpose, size_t start) {
  size_t total = c->program.num_drives, count = c->num_free;
  descent_t d = {c, work, sum, input, NULL, NULL, NULL, 0};
  minima_end_t end = {0};
  random_stream_t stream;
  random_stream_init(&stream, seed, purpose, start);
  d.free_drives = memory_get(count, sizeof *d.free_drives);
  d.drives = memory_get(total, sizeof *d.drives);
  d.gradient = memory_get(total, sizeof *d.gradient);
  double *x = memory_get(count, sizeof *x), *slope = memory_get(count, sizeof *x);
  for (size_t i = 0; i < total; i++)
    d.drives[i] = c->windows[i] * random_uniform(&stream);
  choose_free(&d, &stream);
  for (size_t k = 0; k < count; k++) x[k] = d.drives[d.free_drives[k]];
  /* A second descent from the end of the first forgets its curvature: it gets
     past line searches that failed, and stops at once otherwise. */
  for (int pass = 0; pass < 2 && count; pass++) descend(&d, x, tol_abs);
  end.loss = objective((unsigned)count, x, slope, &d);
  for (size_t k = 0; k < count; k++) end.slope = fmax(end.slope, fabs(slope[k]));
  end.num_evaluations = d.num_evaluations;
  end.curvature = least_curvature(&d);
  free(x);
  free(slope);
  free(d.free_drives);
  free(d.drives);
  free(d.gradient);
  return end;
}
