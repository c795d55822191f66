#include "tests/random_gates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

double random_gates_uniform(void) {
  return (double)(tap_random() >> 11) * 0x1p-52 - 1;
}

/* Biased to diagonal strings, the identity and full weight. */
uint64_t random_gates_mask(size_t n) {
  uint64_t all = (UINT64_C(1) << n) - 1;
  size_t kind = tap_random_below(6);
  return kind == 0 ? 0 : kind == 1 ? all : tap_random() & all;
}

void random_gates_sum(double_sum_t *sum, size_t n, size_t terms) {
  *sum = (double_sum_t){terms, calloc(terms, sizeof *sum->x),
                        calloc(terms, sizeof *sum->z),
                        calloc(terms, sizeof *sum->coeffs), 0};
  for (size_t t = 0; t < terms; t++) {
    sum->x[t] = random_gates_mask(n);
    sum->z[t] = random_gates_mask(n);
    sum->coeffs[t] = random_gates_uniform();
    sum->norm1 += fabs(sum->coeffs[t]);
  }
}

static void add_term(program_gate_t *gate, size_t drive) {
  gate->terms =
      realloc(gate->terms, (gate->num_terms + 1) * sizeof *gate->terms);
  gate->terms[gate->num_terms++] =
      (program_term_t){drive, drive, 2 * random_gates_uniform()};
}

void random_gates_init(program_t *program, size_t n, size_t num_drives,
                       size_t num_gates, size_t exponentials) {
  *program = (program_t){.num_qubits = n,
                         .num_parameters = num_drives,
                         .num_drives = num_drives,
                         .num_sums = exponentials};
  program->sums = calloc(exponentials ? exponentials : 1, sizeof(double_sum_t));
  for (size_t s = 0; s < exponentials; s++)
    random_gates_sum(program->sums + s, n, 1 + tap_random_below(3));
  gate_list_t *list = &program->circuit;
  list->num_gates = list->alloc = num_gates;
  list->gates = calloc(num_gates ? num_gates : 1, sizeof *list->gates);
  for (size_t g = 0; g < num_gates; g++) {
    program_gate_t *gate = list->gates + g;
    gate->sum = exponentials && tap_random_below(3) == 0
                    ? tap_random_below(exponentials)
                    : PROGRAM_NONE;
    gate->x = random_gates_mask(n);
    gate->z = random_gates_mask(n);
    if (tap_random_below(3) == 0) gate->fixed = 3 * random_gates_uniform();
    size_t terms = num_drives ? tap_random_below(5) : 0;
    terms = terms > 2 ? 1 : terms;
    for (size_t t = 0; t < terms; t++)
      add_term(gate, tap_random_below(num_drives));
  }
}

void random_gates_clear(program_t *program) {
  for (size_t g = 0; g < program->circuit.num_gates; g++)
    free(program->circuit.gates[g].terms);
  free(program->circuit.gates);
  for (size_t s = 0; s < program->num_sums; s++) {
    free(program->sums[s].x);
    free(program->sums[s].z);
    free(program->sums[s].coeffs);
  }
  free(program->sums);
}

ref_entry_t *ref_double_sum(const double_sum_t *sum, size_t n) {
  ref_entry_t *m = ref_zero(n);
  for (size_t t = 0; t < sum->length; t++) {
    ref_entry_t *p = ref_string(n, sum->x[t], sum->z[t]);
    ref_add(m, sum->coeffs[t], p, n);
    free(p);
  }
  return m;
}

ref_entry_t *ref_generator(const program_t *program, size_t g) {
  const program_gate_t *gate = program->circuit.gates + g;
  size_t n = program->num_qubits;
  if (gate->sum != PROGRAM_NONE)
    return ref_double_sum(program->sums + gate->sum, n);
  ref_entry_t *m = ref_zero(n), *p = ref_string(n, gate->x, gate->z);
  ref_add(m, 0.5, p, n);
  free(p);
  return m;
}

static void replace(ref_entry_t *v, const ref_entry_t *m, ref_entry_t factor,
                    ref_entry_t *spare, size_t n) {
  ref_apply(spare, m, v, n);
  for (size_t i = 0; i < (size_t)1 << n; i++) v[i] = factor * spare[i];
}

void ref_run(ref_entry_t *out, const program_t *program, const double *drives,
             const ref_entry_t *in, size_t first, size_t second) {
  size_t n = program->num_qubits;
  ref_entry_t *spare = calloc((size_t)1 << n, sizeof *spare);
  memcpy(out, in, sizeof *out << n);
  for (size_t g = 0; g < program->circuit.num_gates; g++) {
    const program_gate_t *gate = program->circuit.gates + g;
    double angle = gate->fixed;
    for (size_t t = 0; t < gate->num_terms; t++)
      angle += gate->terms[t].coeff * drives[gate->terms[t].drive];
    ref_entry_t *h = ref_generator(program, g);
    ref_entry_t *u = ref_exponential(h, angle, n);
    replace(out, u, 1, spare, n);
    if (g == first) replace(out, h, -I, spare, n);
    if (g == second) replace(out, h, -I, spare, n);
    free(u);
    free(h);
  }
  free(spare);
}

static double weight(const program_gate_t *gate, size_t drive) {
  double sum = 0;
  for (size_t t = 0; t < gate->num_terms; t++)
    if (gate->terms[t].drive == drive) sum += gate->terms[t].coeff;
  return sum;
}

void ref_derivative(ref_entry_t *out, const program_t *program,
                    const double *drives, const ref_entry_t *in, size_t a,
                    size_t b) {
  size_t n = program->num_qubits, count = program->circuit.num_gates;
  ref_entry_t *part = calloc((size_t)1 << n, sizeof *part);
  memset(out, 0, sizeof *out << n);
  for (size_t g = 0; g < count; g++)
    for (size_t h = 0; h < (a == PROGRAM_NONE ? 1 : count); h++) {
      double w = weight(program->circuit.gates + g, b);
      if (a != PROGRAM_NONE) w *= weight(program->circuit.gates + h, a);
      if (w == 0) continue;
      ref_run(part, program, drives, in, g, a == PROGRAM_NONE ? a : h);
      for (size_t i = 0; i < (size_t)1 << n; i++) out[i] += w * part[i];
    }
  free(part);
}
