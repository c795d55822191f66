#include "numeric/gates.h"

#include <string.h>

void gates_init(gates_t *gates, const program_t *program,
                const gate_list_t *list, size_t num_qubits, size_t lanes) {
  *gates = (gates_t){.program = program,
                     .list = list,
                     .num_qubits = num_qubits,
                     .lanes = lanes,
                     .row_length = 2 * lanes * list->num_gates};
}

void gates_clear(gates_t *gates) { *gates = (gates_t){0}; }

size_t gates_num_scratch(const gates_t *gates) {
  for (size_t g = 0; g < gates->list->num_gates; g++)
    if (gates->list->gates[g].sum != PROGRAM_NONE) return 3;
  return 0;
}

void gates_angles(double *rows, const gates_t *gates, const double *drives) {
  double half[STATEVECTOR_LANES] __attribute__((aligned(64)));
  double both[2][STATEVECTOR_LANES] __attribute__((aligned(64)));
  size_t lanes = gates->lanes;
  for (size_t g = 0; g < gates->list->num_gates; g++, rows += 2 * lanes) {
    const program_gate_t *gate = gates->list->gates + g;
    for (size_t k = 0; k < lanes; k++) half[k] = gate->fixed;
    for (size_t t = 0; t < gate->num_terms; t++) {
      const double *drive = drives + gate->terms[t].drive * lanes;
      for (size_t k = 0; k < lanes; k++)
        half[k] += gate->terms[t].coeff * drive[k];
    }
    if (gate->sum != PROGRAM_NONE) {
      memcpy(rows, half, lanes * sizeof *rows);
      continue;
    }
    for (size_t k = 0; k < lanes; k++) half[k] /= 2;
    statevector_angles(both[0], both[1], half, lanes);
    memcpy(rows, both[0], lanes * sizeof *rows);
    memcpy(rows + lanes, both[1], lanes * sizeof *rows);
  }
}

static void apply(statevector_t *v, const gates_t *gates,
                  const program_gate_t *gate, const double *rows, double sign,
                  statevector_t *scratch) {
  double signed_rows[STATEVECTOR_LANES];
  size_t lanes = gates->lanes;
  bool rotation = gate->sum == PROGRAM_NONE;
  for (size_t k = 0; k < lanes; k++)
    signed_rows[k] = sign * rows[rotation ? lanes + k : k];
  if (rotation)
    statevector_rotate(v, gate->x, gate->z, rows, signed_rows);
  else
    statevector_exponential(v, gates->program->sums + gate->sum, signed_rows,
                            scratch);
}

void gates_run(statevector_t *v, const gates_t *gates, const double *rows,
               statevector_t *scratch) {
  for (size_t g = 0; g < gates->list->num_gates; g++)
    apply(v, gates, gates->list->gates + g, rows + 2 * gates->lanes * g, 1,
          scratch);
}

void gates_run_inverse(statevector_t *v, const gates_t *gates,
                       const double *rows, statevector_t *scratch) {
  for (size_t g = gates->list->num_gates; g-- > 0;)
    apply(v, gates, gates->list->gates + g, rows + 2 * gates->lanes * g, -1,
          scratch);
}

/* out[k] = 2 Im <lambda|G|psi> in lane k. */
static void slope(double *out, const gates_t *gates, const program_gate_t *gate,
                  const statevector_t *lambda, const statevector_t *psi) {
  double re[STATEVECTOR_LANES], im[STATEVECTOR_LANES];
  if (gate->sum == PROGRAM_NONE) {
    statevector_bracket(re, im, lambda, gate->x, gate->z, psi);
    memcpy(out, im, gates->lanes * sizeof *out);
    return;
  }
  const double_sum_t *sum = gates->program->sums + gate->sum;
  memset(out, 0, gates->lanes * sizeof *out);
  for (size_t t = 0; t < sum->length; t++) {
    statevector_bracket(re, im, lambda, sum->x[t], sum->z[t], psi);
    for (size_t k = 0; k < gates->lanes; k++)
      out[k] += 2 * sum->coeffs[t] * im[k];
  }
}

void gates_adjoint(double *slopes, statevector_t *psi, statevector_t *lambdas,
                   size_t num_lambdas, const gates_t *gates, const double *rows,
                   statevector_t *scratch) {
  size_t lanes = gates->lanes;
  for (size_t g = gates->list->num_gates; g-- > 0;) {
    const program_gate_t *gate = gates->list->gates + g;
    const double *row = rows + 2 * lanes * g;
    for (size_t l = 0; slopes && gate->num_terms && l < num_lambdas; l++)
      slope(slopes + (g * num_lambdas + l) * lanes, gates, gate, lambdas + l,
            psi);
    apply(psi, gates, gate, row, -1, scratch);
    for (size_t l = 0; l < num_lambdas; l++)
      apply(lambdas + l, gates, gate, row, -1, scratch);
  }
}

void gates_generator(statevector_t *out, const gates_t *gates, size_t g,
                     const statevector_t *in) {
  double zero[STATEVECTOR_LANES] = {0}, factor[STATEVECTOR_LANES];
  const program_gate_t *gate = gates->list->gates + g;
  bool rotation = gate->sum == PROGRAM_NONE;
  const double_sum_t *sum = rotation ? NULL : gates->program->sums + gate->sum;
  memset(out->amps, 0, statevector_bytes(out->num_qubits, out->lanes));
  for (size_t t = 0; t < (rotation ? 1 : sum->length); t++) {
    for (size_t k = 0; k < gates->lanes; k++)
      factor[k] = rotation ? -0.5 : -sum->coeffs[t];
    statevector_add_string(out, rotation ? gate->x : sum->x[t],
                           rotation ? gate->z : sum->z[t], zero, factor, in);
  }
}
