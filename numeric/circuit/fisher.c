#include "numeric/circuit/fisher.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/blas_threads.h"
#include "numeric/machine/memory.h"
#include "numeric/circuit/single_gate.h"

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

/* What one thread carries through the gates: a part of the tangents. */
typedef struct {
  const gates_t *gates;
  const double *angles;
  size_t count;
  const size_t *chosen;
  statevector_t psi, generated, scratch[3], *tangents;
  bool *started; /* is the tangent other than zero? */
} walk_t;

static void walk_clear(walk_t *w) {
  statevector_clear(&w->psi);
  statevector_clear(&w->generated);
  for (size_t i = 0; i < 3; i++) statevector_clear(w->scratch + i);
  for (size_t i = 0; i < w->count; i++) statevector_clear(w->tangents + i);
  free(w->tangents);
  free(w->started);
}

static bool walk_init(walk_t *w, const gates_t *gates, const double *angles,
                      const size_t *chosen, size_t count) {
  size_t n = gates->num_qubits;
  *w = (walk_t){.gates = gates, .angles = angles, .count = count,
                .chosen = chosen};
  bool ok = statevector_init(&w->psi, n, 1) &&
            statevector_init(&w->generated, n, 1);
  for (size_t i = 0; i < gates_num_scratch(gates) && ok; i++)
    ok = statevector_init(w->scratch + i, n, 1);
  w->tangents = memory_get(count, sizeof *w->tangents);
  w->started = memory_get(count, sizeof *w->started);
  for (size_t i = 0; i < count && ok; i++)
    ok = statevector_init(w->tangents + i, n, 1);
  if (!ok) walk_clear(w);
  return ok;
}

static void add_scaled(statevector_t *out, double factor,
                       const statevector_t *in) {
  cblas_daxpy((int)(2 << out->num_qubits), factor, in->amps, 1, out->amps, 1);
}

/* What gate g of the list does to psi and to the tangents. */
static void step(walk_t *w, size_t g) {
  bool made = false;
  single_gate_run(&w->psi, w->gates, g, w->angles, 1, w->scratch);
  for (size_t i = 0; i < w->count; i++) {
    double c = single_gate_coefficient(w->gates, g, w->chosen[i]);
    if (w->started[i])
      single_gate_run(w->tangents + i, w->gates, g, w->angles, 1, w->scratch);
    if (c == 0) continue;
    if (!made) gates_generator(&w->generated, w->gates, g, &w->psi);
    made = w->started[i] = true;
    add_scaled(w->tangents + i, c, &w->generated);
  }
}

/* Rows of the projected tangents to chosen[0..count-1]. */
static bool fill_rows(double *rows, const gates_t *gates, const double *angles,
                      const statevector_t *input, const size_t *chosen,
                      size_t count) {
  walk_t w;
  size_t length = (size_t)2 << input->num_qubits;
  if (!walk_init(&w, gates, angles, chosen, count)) return false;
  statevector_copy(&w.psi, input);
  for (size_t g = 0; g < gates->list->num_gates; g++) step(&w, g);
  for (size_t i = 0; i < count; i++) {
    double re, im;
    statevector_bracket(&re, &im, &w.psi, 0, 0, w.tangents + i);
    re = -re;
    im = -im;
    statevector_add_string(w.tangents + i, 0, 0, &re, &im, &w.psi);
    memcpy(rows + i * length, w.tangents[i].amps, length * sizeof *rows);
  }
  walk_clear(&w);
  return true;
}

/* --- matrix ----------------------------------------------------------------------- */

static void gram(fisher_t *f, const double *rows, size_t length) {
  size_t p = f->num_tangents;
  blas_need();
  cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)p, (int)length, 4,
              rows, (int)length, 0, f->matrix, (int)p);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < i; j++) f->matrix[i * p + j] = f->matrix[j * p + i];
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

/* 4 sum_i |d_i psi|^2 at most: what the trace would be without the projection,
   every generator having its greatest norm. */
static double most_trace(const gates_t *all, const size_t *chosen, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double norm = 0;
    for (size_t g = 0; g < all->list->num_gates; g++) {
      const program_gate_t *gate = all->list->gates + g;
      norm += fabs(single_gate_coefficient(all, g, chosen[i])) *
              (gate->sum == PROGRAM_NONE ? 0.5 : all->program->sums[gate->sum].norm1);
    }
    sum += 4 * norm * norm;
  }
  return sum;
}

/* u = 2^-53. A gate leaves a vector with relative error 8 u (see sampler_plan.c),
   so that every tangent has an error of at most 8 G u of its norm and of what
   enters it before the projection, and ||dF|| <= 8 ||T|| ||dT|| + 4 ||dT||^2,
   ||T||^2 = max/4, ||dT||^2 <= (16 G u)^2 most_trace/4: the tangents of a state that
   does not move are rounding, and nothing else. Sums of length L in the Gram
   matrix: L u trace. Eigenvalues of a p x p matrix: p u max, times a modest
   constant. */
static void find_rank(fisher_t *f, const gates_t *all, const size_t *chosen) {
  size_t p = f->num_tangents;
  double gates = 4, trace = 0, u = DBL_EPSILON / 2;
  for (size_t g = 0; g < all->list->num_gates; g++)
    gates += weight(all->program, all->list->gates + g);
  for (size_t i = 0; i < p; i++) trace += f->matrix[i * p + i];
  double most = p ? fmax(f->eigenvalues[p - 1], 0) : 0;
  double whole = most_trace(all, chosen, p), each = 16 * gates * u;
  f->noise = 2 * each * sqrt(most * whole) + each * each * whole +
             ldexp(2, (int)all->num_qubits) * u * trace +
             10 * (double)p * u * most;
  f->decided = true;
  for (size_t i = 0; i < p; i++) {
    if (f->eigenvalues[i] <= f->noise) continue;
    f->rank++;
    if (f->eigenvalues[i] < FISHER_GAP * f->noise) f->decided = false;
  }
}

/* The tangents in as many parts as there are threads. */
static bool all_rows(double *rows, const gates_t *gates, const double *angles,
                     const statevector_t *input, const size_t *chosen,
                     size_t count, int num_threads) {
  size_t length = (size_t)2 << input->num_qubits;
  size_t parts = num_threads > 1 ? (size_t)num_threads : 1;
  bool ok = true;
  if (count < 8 * parts) parts = 1;
#pragma omp parallel for schedule(static, 1) num_threads((int)parts) if (parts > 1) reduction(&& : ok)
  for (size_t t = 0; t < parts; t++) {
    size_t first = count * t / parts, last = count * (t + 1) / parts;
    ok = fill_rows(rows + first * length, gates, angles, input, chosen + first,
                   last - first) && ok;
  }
  return ok;
}

status_t fisher_init(fisher_t *fisher, const program_t *program,
                     const gate_list_t *list, const statevector_t *input,
                     const double *drives, const size_t *chosen,
                     size_t num_chosen, int num_threads) {
  gates_t gates;
  fisher_t f = {.num_tangents = num_chosen};
  size_t length = (size_t)2 << input->num_qubits;
  gates_init(&gates, program, list, input->num_qubits, 1, PRECISION_DOUBLE);
  double *angles = memory_state(gates.row_length * sizeof *angles);
  double *rows = memory_state(num_chosen * length * sizeof *rows);
  f.matrix = memory_get(num_chosen * num_chosen, sizeof *f.matrix);
  f.eigenvalues = memory_get(num_chosen, sizeof *f.eigenvalues);
  bool ok = angles && rows;
  if (ok) {
    gates_angles(angles, &gates, drives);
    ok = all_rows(rows, &gates, angles, input, chosen, num_chosen, num_threads);
  }
  if (ok && num_chosen) {
    gram(&f, rows, length);
    ok = diagonalise(&f);
  }
  if (ok) find_rank(&f, &gates, chosen);
  free(angles);
  free(rows);
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
