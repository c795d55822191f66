#include "numeric/circuit/gates.h"

#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/vector/passes.h"

/* The list cut into exponentials of sums and runs of rotations. */
typedef struct {
  size_t first, count;
  sweep_t *sweep; /* NULL: an exponential, or no memory for the plan */
} run_t;

typedef struct {
  bool made;
  size_t num_runs;
  run_t *runs; /* in the order of the list, each planned in its own order */
} plan_t;

struct gates_plans {
  plan_t forward;
  plan_t back[1 + SWEEP_MAX_LAMBDAS]; /* by number of lambdas */
};

void gates_init(gates_t *gates, const program_t *program,
                const gate_list_t *list, size_t num_qubits, size_t lanes,
                precision_t precision) {
  *gates = (gates_t){.program = program,
                     .list = list,
                     .num_qubits = num_qubits,
                     .lanes = lanes,
                     .precision = precision,
                     .row_length = 2 * lanes * list->num_gates,
                     .plans = memory_get(1, sizeof *gates->plans)};
}

static void plan_clear(plan_t *plan) {
  for (size_t r = 0; r < plan->num_runs; r++) sweep_clear(plan->runs[r].sweep);
  free(plan->runs);
}

void gates_clear(gates_t *gates) {
  if (gates->plans) {
    plan_clear(&gates->plans->forward);
    for (size_t l = 0; l <= SWEEP_MAX_LAMBDAS; l++)
      plan_clear(gates->plans->back + l);
  }
  free(gates->plans);
  *gates = (gates_t){0};
}

static const plan_t *plan(const gates_t *gates, bool backwards,
                          size_t num_lambdas) {
  plan_t *p = backwards ? gates->plans->back + num_lambdas
                        : &gates->plans->forward;
  const gate_list_t *list = gates->list;
  if (p->made) return p;
  p->made = true;
  p->runs = memory_get(list->num_gates, sizeof *p->runs);
  sweep_string_t *strings = memory_get(list->num_gates, sizeof *strings);
  for (size_t g = 0; g < list->num_gates;) {
    run_t *run = p->runs + p->num_runs++;
    *run = (run_t){.first = g, .count = 1};
    if (list->gates[g++].sum != PROGRAM_NONE) continue;
    while (g < list->num_gates && list->gates[g].sum == PROGRAM_NONE) g++;
    run->count = g - run->first;
    for (size_t j = 0; j < run->count; j++) {
      const program_gate_t *gate =
          list->gates + (backwards ? g - 1 - j : run->first + j);
      strings[j] = (sweep_string_t){gate->x, gate->z};
    }
    run->sweep = sweep_init(strings, run->count, gates->num_qubits,
                            gates->lanes, gates->precision, 1 + num_lambdas);
  }
  free(strings);
  return p;
}

size_t gates_num_scratch(const gates_t *gates) {
  for (size_t g = 0; g < gates->list->num_gates; g++)
    if (gates->list->gates[g].sum != PROGRAM_NONE) return 3;
  return 0;
}

void gates_angles(double *rows, const gates_t *gates, const double *drives) {
  double half[STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  double both[2][STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
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
  double signed_rows[STATEVECTOR_MAX_LANES];
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
  const plan_t *p = plan(gates, false, 0);
  size_t row = 2 * gates->lanes;
  for (const run_t *r = p->runs; r < p->runs + p->num_runs; r++)
    if (r->sweep)
      sweep_run(v, r->sweep, rows + row * r->first, (ptrdiff_t)row, 1);
    else
      for (size_t g = r->first; g < r->first + r->count; g++)
        apply(v, gates, gates->list->gates + g, rows + row * g, 1, scratch);
}

void gates_run_inverse(statevector_t *v, const gates_t *gates,
                       const double *rows, statevector_t *scratch) {
  const plan_t *p = plan(gates, true, 0);
  size_t row = 2 * gates->lanes;
  for (size_t i = p->num_runs; i-- > 0;) {
    const run_t *r = p->runs + i;
    size_t end = r->first + r->count;
    if (r->sweep)
      sweep_run(v, r->sweep, rows + row * (end - 1), -(ptrdiff_t)row, -1);
    else
      for (size_t g = end; g-- > r->first;)
        apply(v, gates, gates->list->gates + g, rows + row * g, -1, scratch);
  }
}

/* out[k] = 2 Im <lambda|G|psi> in lane k. */
static void slope(double *out, const gates_t *gates, const program_gate_t *gate,
                  const statevector_t *lambda, const statevector_t *psi) {
  double re[STATEVECTOR_MAX_LANES], im[STATEVECTOR_MAX_LANES];
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

/* Gate by gate. */
static void run_adjoint(double *slopes, statevector_t *psi,
                        statevector_t *lambdas, size_t num_lambdas,
                        const gates_t *gates, const double *rows,
                        statevector_t *scratch, size_t first, size_t end) {
  size_t lanes = gates->lanes;
  for (size_t g = end; g-- > first;) {
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

void gates_adjoint(double *slopes, statevector_t *psi, statevector_t *lambdas,
                   size_t num_lambdas, const gates_t *gates, const double *rows,
                   statevector_t *scratch) {
  size_t lanes = gates->lanes, row = 2 * lanes;
  if (!slopes) {
    gates_run_inverse(psi, gates, rows, scratch);
    for (size_t l = 0; l < num_lambdas; l++)
      gates_run_inverse(lambdas + l, gates, rows, scratch);
    return;
  }
  if (!num_lambdas || num_lambdas > SWEEP_MAX_LAMBDAS) {
    run_adjoint(slopes, psi, lambdas, num_lambdas, gates, rows, scratch, 0,
                gates->list->num_gates);
    return;
  }
  const plan_t *p = plan(gates, true, num_lambdas);
  ptrdiff_t slope_row = (ptrdiff_t)(num_lambdas * lanes);
  for (size_t i = p->num_runs; i-- > 0;) {
    const run_t *r = p->runs + i;
    size_t end = r->first + r->count;
    if (r->sweep)
      sweep_adjoint(slopes + (ptrdiff_t)(end - 1) * slope_row, -slope_row, psi,
                    lambdas, num_lambdas, r->sweep, rows + row * (end - 1),
                    -(ptrdiff_t)row, -1);
    else
      run_adjoint(slopes, psi, lambdas, num_lambdas, gates, rows, scratch,
                  r->first, end);
  }
}

void gates_generator(statevector_t *out, const gates_t *gates, size_t g,
                     const statevector_t *in) {
  double zero[STATEVECTOR_MAX_LANES] = {0}, factor[STATEVECTOR_MAX_LANES];
  const program_gate_t *gate = gates->list->gates + g;
  bool rotation = gate->sum == PROGRAM_NONE;
  const double_sum_t *sum = rotation ? NULL : gates->program->sums + gate->sum;
  statevector_zero(out);
  for (size_t t = 0; t < (rotation ? 1 : sum->length); t++) {
    for (size_t k = 0; k < gates->lanes; k++)
      factor[k] = rotation ? -0.5 : -sum->coeffs[t];
    statevector_add_string(out, rotation ? gate->x : sum->x[t],
                           rotation ? gate->z : sum->z[t], zero, factor, in);
  }
}
