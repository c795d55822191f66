#include "numeric/circuit/hessian.h"

#include <assert.h>
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/blas_threads.h"
#include "numeric/machine/memory.h"
#include "numeric/circuit/single_gate.h"

/* LAPACK, which OpenBLAS contains. */
void dsyev_(const char *job, const char *triangle, const int *n, double *a,
            const int *lda, double *w, double *work, const int *lwork,
            int *info);

bool hessian_work_init(hessian_work_t *w, const program_t *program,
                       const gate_list_t *list, size_t num_qubits) {
  *w = (hessian_work_t){.rows = NULL};
  gates_init(&w->gates, program, list, num_qubits, 1, PRECISION_DOUBLE);
  bool ok = statevector_init(&w->start, num_qubits, 1) &&
            statevector_init(&w->psi, num_qubits, 1) &&
            statevector_init(&w->lambda, num_qubits, 1) &&
            statevector_init(&w->psi_i, num_qubits, 1) &&
            statevector_init(&w->lambda_i, num_qubits, 1) &&
            statevector_init(&w->generated, num_qubits, 1);
  for (size_t i = 0; ok && i < gates_num_scratch(&w->gates); i++)
    ok = statevector_init(w->scratch + i, num_qubits, 1);
  w->rows = memory_state(w->gates.row_length * sizeof(double));
  ok = ok && w->rows;
  if (!ok) hessian_work_clear(w);
  return ok;
}

void hessian_work_clear(hessian_work_t *w) {
  gates_clear(&w->gates);
  statevector_clear(&w->start);
  statevector_clear(&w->psi);
  statevector_clear(&w->lambda);
  statevector_clear(&w->psi_i);
  statevector_clear(&w->lambda_i);
  statevector_clear(&w->generated);
  for (size_t i = 0; i < 3; i++) statevector_clear(w->scratch + i);
  free(w->rows);
  *w = (hessian_work_t){.rows = NULL};
}

static void add_scaled(statevector_t *out, double factor,
                       const statevector_t *in) {
  cblas_daxpy((int)(2 << out->num_qubits), factor, in->amps, 1, out->amps, 1);
}

/* psi and its tangent psi_i at the end of the list, from the first gate of the drive on,
   before which psi is w->start. */
static void forward(hessian_work_t *w, size_t first, size_t drive) {
  statevector_copy(&w->psi, &w->start);
  statevector_zero(&w->psi_i);
  for (size_t g = first; g < w->gates.list->num_gates; g++) {
    double c = single_gate_coefficient(&w->gates, g, drive);
    single_gate_run(&w->psi, &w->gates, g, w->rows, 1, w->scratch);
    if (g > first)
      single_gate_run(&w->psi_i, &w->gates, g, w->rows, 1, w->scratch);
    if (c == 0) continue;
    gates_generator(&w->generated, &w->gates, g, &w->psi);
    add_scaled(&w->psi_i, c, &w->generated);
  }
}

/* 2 Im(<lambda_i|G|psi> + <lambda|G|psi_i>), by -i G psi: Im z = Re(-i z). */
static double slope(hessian_work_t *w, size_t g) {
  double first, second, im;
  gates_generator(&w->generated, &w->gates, g, &w->psi);
  statevector_bracket(&first, &im, &w->lambda_i, 0, 0, &w->generated);
  gates_generator(&w->generated, &w->gates, g, &w->psi_i);
  statevector_bracket(&second, &im, &w->lambda, 0, 0, &w->generated);
  return 2 * (first + second);
}

static void undo(hessian_work_t *w, size_t g, double c) {
  statevector_t *all[4] = {&w->psi, &w->lambda, &w->psi_i, &w->lambda_i};
  if (c != 0) {
    gates_generator(&w->generated, &w->gates, g, &w->psi);
    add_scaled(&w->psi_i, -c, &w->generated);
    gates_generator(&w->generated, &w->gates, g, &w->lambda);
    add_scaled(&w->lambda_i, -c, &w->generated);
  }
  for (int i = 0; i < 4; i++)
    single_gate_run(all[i], &w->gates, g, w->rows, -1, w->scratch);
}

/* The first gate that the drive turns; num_gates: none. */
static size_t first_gate(const gates_t *gates, size_t drive) {
  size_t g = 0;
  while (g < gates->list->num_gates && single_gate_coefficient(gates, g, drive) == 0)
    g++;
  return g;
}

/* Row i of the Hessian, where no drive comes before i; w->start stands before first[i]. */
static void add_row(double *hessian, hessian_work_t *w, const double_sum_t *observable,
                    const size_t *chosen, const size_t *first, size_t num_chosen,
                    size_t i) {
  forward(w, first[i], chosen[i]);
  statevector_apply_sum(&w->lambda, observable, &w->psi);
  statevector_apply_sum(&w->lambda_i, observable, &w->psi_i);
  for (size_t g = w->gates.list->num_gates; g-- > first[i];) {
    bool known = false;
    double value = 0;
    for (size_t j = 0; j < num_chosen; j++) {
      double c = first[j] < first[i] || (first[j] == first[i] && j < i)
                     ? 0 : single_gate_coefficient(&w->gates, g, chosen[j]);
      if (c == 0) continue;
      if (!known) value = slope(w, g);
      known = true;
      hessian[i * num_chosen + j] += c * value;
      if (j != i) hessian[j * num_chosen + i] += c * value;
    }
    if (g > first[i]) undo(w, g, single_gate_coefficient(&w->gates, g, chosen[i]));
  }
}

void hessian_compute(double *hessian, hessian_work_t *w,
                     const double_sum_t *observable, const statevector_t *input,
                     const double *drives, const size_t *chosen,
                     size_t num_chosen) {
  assert(input->num_qubits == w->gates.num_qubits && input->lanes == 1);
  size_t *first = memory_get(num_chosen + 1, sizeof *first);
  gates_angles(w->rows, &w->gates, drives);
  memset(hessian, 0, num_chosen * num_chosen * sizeof *hessian);
  for (size_t i = 0; i < num_chosen; i++) first[i] = first_gate(&w->gates, chosen[i]);
  statevector_copy(&w->start, input);
  for (size_t g = 0; g < w->gates.list->num_gates; g++) {
    for (size_t i = 0; i < num_chosen; i++)
      if (first[i] == g)
        add_row(hessian, w, observable, chosen, first, num_chosen, i);
    single_gate_run(&w->start, &w->gates, g, w->rows, 1, w->scratch);
  }
  free(first);
}

bool hessian_eigenvalues(double *eigenvalues, double *matrix, size_t n) {
  int size = (int)n, length = -1, info;
  double best;
  if (!n) return true;
  blas_need();
  dsyev_("N", "U", &size, matrix, &size, eigenvalues, &best, &length, &info);
  length = (int)best;
  double *work = memory_get((size_t)length, sizeof *work);
  dsyev_("N", "U", &size, matrix, &size, eigenvalues, work, &length, &info);
  free(work);
  return info == 0;
}
