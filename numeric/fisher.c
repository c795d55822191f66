#include "numeric/fisher.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/memory.h"
#include "numeric/single_gate.h"

/* LAPACK, which OpenBLAS contains. */
void dsyevd_(const char *job, const char *triangle, const int *n, double *a,
             const int *lda, double *w, double *work, const int *lwork,
             int *iwork, const int *liwork, int *info);

/* Gates times strings of a gate: what rounding grows with. */
static double weight(const program_t *program, const program_gate_t *gate) {
  return gate->sum == PROGRAM_NONE
             ? 1
             : 60 * (double)program->sums[gate->sum].length;
}

double fisher_bytes(size_t num_qubits, size_t num_chosen) {
  double p = (double)num_chosen;
  return p * ldexp(16, (int)num_qubits) + 3 * p * p * sizeof(double);
}

double fisher_cost(const program_t *program, const gate_list_t *list,
                   size_t num_qubits, size_t num_chosen) {
  double gates = 0, p = (double)num_chosen, size = ldexp(1, (int)num_qubits);
  for (size_t g = 0; g < list->num_gates; g++)
    gates += weight(program, list->gates + g);
  /* A multiplication in BLAS is some 20 times faster than an amplitude. */
  return p * gates / 2 * size + (p * p * size + p * p * p) / 20;
}

/* --- tangents ------------------------------------------------------------------- */

typedef struct {
  const program_t *program;
  size_t count; /* of tangents */
  statevector_t psi, generated, *tangents;
  statevector_t (*scratch)[3]; /* one set for each thread, or NULL */
  size_t num_scratch;
  bool *started; /* is the tangent other than zero? */
  double *rows;
  int num_threads;
} walk_t;

static void walk_clear(walk_t *w) {
  statevector_clear(&w->psi);
  statevector_clear(&w->generated);
  for (size_t i = 0; w->tangents && i < w->count; i++)
    statevector_clear(w->tangents + i);
  for (int t = 0; w->scratch && t < w->num_threads; t++)
    for (size_t i = 0; i < 3; i++) statevector_clear(w->scratch[t] + i);
  free(w->tangents);
  free(w->scratch);
  free(w->started);
  free(w->rows);
}

static bool walk_init(walk_t *w, const gates_t *all, size_t count,
                      int num_threads) {
  size_t n = all->num_qubits;
  *w = (walk_t){.program = all->program,
                .count = count,
                .num_scratch = gates_num_scratch(all),
                .num_threads = num_threads > 0 ? num_threads : 1};
  bool ok = statevector_init(&w->psi, n, 1) &&
            statevector_init(&w->generated, n, 1);
  w->tangents = memory_get(count, sizeof *w->tangents);
  for (size_t i = 0; i < count && ok; i++)
    ok = statevector_init(w->tangents + i, n, 1);
  w->scratch = memory_get((size_t)w->num_threads, sizeof *w->scratch);
  for (int t = 0; t < w->num_threads; t++)
    for (size_t i = 0; i < w->num_scratch && ok; i++)
      ok = statevector_init(w->scratch[t] + i, n, 1);
  w->started = memory_get(count, sizeof *w->started);
  w->rows = memory_state(all->row_length * sizeof(double));
  ok = ok && w->rows;
  if (!ok) walk_clear(w);
  return ok;
}

static void add_scaled(statevector_t *out, double factor,
                       const statevector_t *in) {
  cblas_daxpy((int)(2 << out->num_qubits), factor, in->amps, 1, out->amps, 1);
}

/* What gate g of the list does to psi and to the tangents. */
static void step(walk_t *w, const gates_t *all, size_t g,
                 const size_t *chosen) {
  const program_gate_t *gate = all->list->gates + g;
  single_gate_run(&w->psi, all, g, w->rows, 1, w->scratch[0]);
#pragma omp parallel for schedule(static) num_threads(w->num_threads) if (w->num_threads > 1 && w->count > 16 && all->num_qubits > 7)
  for (size_t i = 0; i < w->count; i++)
    if (w->started[i])
      single_gate_run(w->tangents + i, all, g, w->rows, 1,
                      w->scratch[omp_get_thread_num()]);
  if (!gate->num_terms) return;
  gates_generator(&w->generated, all, g, &w->psi);
  for (size_t i = 0; i < w->count; i++) {
    double c = single_gate_coefficient(all, g, chosen[i]);
    if (c == 0) continue;
    add_scaled(w->tangents + i, c, &w->generated);
    w->started[i] = true;
  }
}

/* Takes the component along psi out of every tangent. */
static void project(walk_t *w) {
  for (size_t i = 0; i < w->count; i++) {
    double re, im;
    statevector_bracket(&re, &im, &w->psi, 0, 0, w->tangents + i);
    re = -re;
    im = -im;
    statevector_add_string(w->tangents + i, 0, 0, &re, &im, &w->psi);
  }
}

/* --- matrix ----------------------------------------------------------------------- */

static bool gram(fisher_t *f, walk_t *w) {
  size_t p = w->count, length = (size_t)2 << w->psi.num_qubits;
  double *rows = memory_state(p * length * sizeof *rows);
  if (!rows) return false;
  for (size_t i = 0; i < p; i++) {
    memcpy(rows + i * length, w->tangents[i].amps, length * sizeof *rows);
    statevector_clear(w->tangents + i);
  }
  cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)p, (int)length, 4,
              rows, (int)length, 0, f->matrix, (int)p);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < i; j++) f->matrix[i * p + j] = f->matrix[j * p + i];
  free(rows);
  return true;
}

static bool diagonalise(fisher_t *f) {
  int n = (int)f->num_tangents, info, iwork, none = -1;
  double *copy = memory_get((size_t)n * (size_t)n, sizeof *copy), size;
  memcpy(copy, f->matrix, (size_t)n * (size_t)n * sizeof *copy);
  dsyevd_("N", "U", &n, copy, &n, f->eigenvalues, &size, &none, &iwork, &none,
          &info);
  int length = (int)size, whole = iwork;
  double *work = memory_get((size_t)length, sizeof *work);
  int *iwork_array = memory_get((size_t)whole, sizeof *iwork_array);
  dsyevd_("N", "U", &n, copy, &n, f->eigenvalues, work, &length, iwork_array,
          &whole, &info);
  free(copy);
  free(work);
  free(iwork_array);
  return info == 0;
}

/* First order, u = 2^-53. A gate leaves a vector with relative error 8 u (see
   sampler_plan.c), so that every tangent has an error of at most 8 G u of its
   norm and of what enters it, and ||dF|| <= 8 ||T|| ||dT||, ||T||^2 = max/4,
   ||dT||^2 <= (16 G u)^2 trace/4. Sums of length L in the Gram matrix: L u trace.
   Eigenvalues of a p x p matrix: p u max, times a modest constant. */
static void find_rank(fisher_t *f, const walk_t *w, const gate_list_t *list) {
  size_t p = f->num_tangents;
  double gates = 4, trace = 0, u = DBL_EPSILON / 2;
  for (size_t g = 0; g < list->num_gates; g++)
    gates += weight(w->program, list->gates + g);
  for (size_t i = 0; i < p; i++) trace += f->matrix[i * p + i];
  double most = p ? fmax(f->eigenvalues[p - 1], 0) : 0;
  f->noise = 32 * gates * u * sqrt(most * trace) +
             ldexp(2, (int)w->psi.num_qubits) * u * trace +
             10 * (double)p * u * most;
  f->decided = true;
  for (size_t i = 0; i < p; i++) {
    if (f->eigenvalues[i] <= f->noise) continue;
    f->rank++;
    if (f->eigenvalues[i] < FISHER_GAP * f->noise) f->decided = false;
  }
}

status_t fisher_init(fisher_t *fisher, const program_t *program,
                     const gate_list_t *list, const statevector_t *input,
                     const double *drives, const size_t *chosen,
                     size_t num_chosen, int num_threads) {
  walk_t walk;
  gates_t gates;
  fisher_t f = {.num_tangents = num_chosen};
  gates_init(&gates, program, list, input->num_qubits, 1);
  if (!walk_init(&walk, &gates, num_chosen, num_threads)) {
    gates_clear(&gates);
    return STATUS_LIMIT;
  }
  gates_angles(walk.rows, &gates, drives);
  statevector_copy(&walk.psi, input);
  for (size_t g = 0; g < list->num_gates; g++) step(&walk, &gates, g, chosen);
  project(&walk);
  f.matrix = memory_get(num_chosen * num_chosen, sizeof *f.matrix);
  f.eigenvalues = memory_get(num_chosen, sizeof *f.eigenvalues);
  bool ok = num_chosen == 0 || (gram(&f, &walk) && diagonalise(&f));
  if (ok) find_rank(&f, &walk, list);
  walk_clear(&walk);
  gates_clear(&gates);
  *fisher = f;
  if (ok) return STATUS_OK;
  fisher_clear(fisher);
  return STATUS_LIMIT;
}

void fisher_clear(fisher_t *f) {
  free(f->matrix);
  free(f->eigenvalues);
  *f = (fisher_t){.num_tangents = 0};
}
