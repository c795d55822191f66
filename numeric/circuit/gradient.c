#include "numeric/circuit/gradient.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

bool gradient_work_init(gradient_work_t *work, const program_t *program,
                        const gate_list_t *list, size_t num_qubits,
                        size_t lanes, precision_t precision) {
  *work = (gradient_work_t){.rows = NULL};
  gates_init(&work->gates, program, list, num_qubits, lanes, precision);
  bool ok = statevector_init_as(&work->psi, num_qubits, lanes, precision) &&
            statevector_init_as(&work->lambda, num_qubits, lanes, precision);
  for (size_t i = 0; ok && i < gates_num_scratch(&work->gates); i++)
    ok = statevector_init_as(work->scratch + i, num_qubits, lanes, precision);
  work->rows = memory_state(work->gates.row_length * sizeof(double));
  work->slopes = memory_state(work->gates.row_length * sizeof(double));
  ok = ok && work->rows && work->slopes;
  if (!ok) gradient_work_clear(work);
  return ok;
}

void gradient_work_clear(gradient_work_t *work) {
  gates_clear(&work->gates);
  statevector_clear(&work->psi);
  statevector_clear(&work->lambda);
  for (size_t i = 0; i < 3; i++) statevector_clear(work->scratch + i);
  free(work->rows);
  free(work->slopes);
  *work = (gradient_work_t){.rows = NULL};
}

size_t gradient_num_vectors(const program_t *program) {
  return 2 + (program->num_sums ? 3 : 0);
}

/* <psi|lambda>, real as lambda = O psi. */
static void overlap(double *loss, const statevector_t *psi,
                    const statevector_t *lambda) {
  double im[STATEVECTOR_MAX_LANES];
  statevector_bracket(loss, im, psi, 0, 0, lambda);
}

/* From slopes by gate to derivatives by drive. */
static void collect(double *gradient, const gates_t *gates,
                    const double *slopes) {
  size_t lanes = gates->lanes;
  memset(gradient, 0, gates->program->num_drives * lanes * sizeof *gradient);
  for (size_t g = 0; g < gates->list->num_gates; g++, slopes += lanes) {
    const program_gate_t *gate = gates->list->gates + g;
    for (size_t t = 0; t < gate->num_terms; t++)
      for (size_t k = 0; k < lanes; k++)
        gradient[gate->terms[t].drive * lanes + k] +=
            gate->terms[t].coeff * slopes[k];
  }
}

void gradient_compute(double *gradient, double *loss, gradient_work_t *work,
                      const double_sum_t *observable,
                      const statevector_t *input, const double *drives) {
  const gates_t *gates = &work->gates;
  assert(input->num_qubits == gates->num_qubits);
  assert(input->lanes == gates->lanes);
  gates_angles(work->rows, gates, drives);
  statevector_copy(&work->psi, input);
  gates_run(&work->psi, gates, work->rows, work->scratch);
  statevector_apply_sum(&work->lambda, observable, &work->psi);
  overlap(loss, &work->psi, &work->lambda);
  if (!gradient) return;
  gates_adjoint(work->slopes, &work->psi, &work->lambda, 1, gates, work->rows,
                work->scratch);
  collect(gradient, gates, work->slopes);
}
