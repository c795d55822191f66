/* single_gate.h - one gate of a list at a time, where something happens between
   gates (tangents). Runs of gates go faster by gates.h. lanes = 1.
   Layer: numeric; above gates. */
#ifndef LIESCAPE_NUMERIC_SINGLE_GATE_H
#define LIESCAPE_NUMERIC_SINGLE_GATE_H

#include "numeric/circuit/gates.h"

/* v <- g v (sign 1) or g^-1 v (sign -1); rows of gates_angles. */
static inline void single_gate_run(statevector_t *v, const gates_t *gates,
                                   size_t g, const double *rows, double sign,
                                   statevector_t *scratch) {
  const program_gate_t *gate = gates->list->gates + g;
  bool rotation = gate->sum == PROGRAM_NONE;
  double turned = sign * rows[2 * g + (rotation ? 1 : 0)];
  if (rotation)
    statevector_rotate(v, gate->x, gate->z, rows + 2 * g, &turned);
  else
    statevector_exponential(v, gates->program->sums + gate->sum, &turned,
                            scratch);
}

/* The coefficient of a drive in the angle of gate g. */
static inline double single_gate_coefficient(const gates_t *gates, size_t g,
                                             size_t drive) {
  const program_gate_t *gate = gates->list->gates + g;
  double sum = 0;
  for (size_t t = 0; t < gate->num_terms; t++)
    if (gate->terms[t].drive == drive) sum += gate->terms[t].coeff;
  return sum;
}

#endif
