#include "numeric/circuit/noisy_circuit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

static size_t entries(const noisy_circuit_t *c) { return c->dim * c->dim; }

bool noisy_circuit_init(noisy_circuit_t *c, const program_t *program,
                        const ansatz_t ansatz, bool noisy, uint64_t max_bytes) {
  size_t gates = program->circuit.num_gates, n = ansatz->num_qubits;
  *c = (noisy_circuit_t){.program = program, .ansatz = ansatz, .noisy = noisy};
  if (n > NOISY_CIRCUIT_QUBITS || gates != ansatz->num_rotations) return false;
  c->dim = (size_t)1 << n;
  if ((gates + 4) > max_bytes / sizeof(double complex) / entries(c)) return false;
  for (int i = 0; i < 3 && noisy; i++)
    c->probability[i] = fmpq_get_d(ansatz->noise->probability[i]);
  if (noisy) c->readout = fmpq_get_d(ansatz->noise->readout);
  c->behind = memory_get((gates + 1) * entries(c), sizeof *c->behind);
  c->observable = memory_get(entries(c), sizeof *c->observable);
  c->left = memory_get(entries(c), sizeof *c->left);
  c->right = memory_get(entries(c), sizeof *c->right);
  return true;
}

void noisy_circuit_clear(noisy_circuit_t *c) {
  free(c->behind);
  free(c->observable);
  free(c->left);
  free(c->right);
  *c = (noisy_circuit_t){0};
}

/* --- products with strings ------------------------------------------------------------ */

/* P |k> = phase |k ^ x>; Y = i X Z. */
static double complex phase_of(uint64_t x, uint64_t z, size_t k) {
  static const double complex turns[4] = {1, I, -1, -I};
  unsigned y = (unsigned)__builtin_popcountll(x & z);
  return turns[(y + 2 * (unsigned)__builtin_popcountll(z & k)) & 3];
}

/* out = P m. */
static void from_left(double complex *out, const double complex *m, size_t dim,
                      uint64_t x, uint64_t z) {
  for (size_t k = 0; k < dim; k++) {
    double complex phase = phase_of(x, z, k);
    for (size_t j = 0; j < dim; j++) out[(k ^ x) * dim + j] = phase * m[k * dim + j];
  }
}

/* out = m P. */
static void from_right(double complex *out, const double complex *m, size_t dim,
                       uint64_t x, uint64_t z) {
  for (size_t j = 0; j < dim; j++) {
    double complex phase = phase_of(x, z, j);
    for (size_t k = 0; k < dim; k++) out[k * dim + j] = phase * m[k * dim + (j ^ x)];
  }
}

/* m <- R m R^dag. */
static void rotate(noisy_circuit_t *c, double complex *m, uint64_t x, uint64_t z,
                   double angle) {
  double complex u = cos(angle / 2), v = -I * sin(angle / 2);
  from_left(c->left, m, c->dim, x, z);
  for (size_t i = 0; i < entries(c); i++) m[i] = u * m[i] + v * c->left[i];
  from_right(c->right, m, c->dim, x, z);
  for (size_t i = 0; i < entries(c); i++) m[i] = u * m[i] - v * c->right[i];
}

static void pass_channel(noisy_circuit_t *c, double complex *m, size_t qubit) {
  static const unsigned letters[3] = {1, 3, 2}; /* X, Y, Z */
  uint64_t bit = UINT64_C(1) << qubit;
  double stay = 1 - c->probability[0] - c->probability[1] - c->probability[2];
  for (size_t i = 0; i < entries(c); i++) c->observable[i] = stay * m[i];
  for (int e = 0; e < 3; e++) {
    if (c->probability[e] == 0) continue;
    uint64_t x = letters[e] & 1 ? bit : 0, z = letters[e] & 2 ? bit : 0;
    from_left(c->left, m, c->dim, x, z);
    from_right(c->right, c->left, c->dim, x, z);
    for (size_t i = 0; i < entries(c); i++)
      c->observable[i] += c->probability[e] * c->right[i];
  }
  memcpy(m, c->observable, entries(c) * sizeof *m);
}

/* The places with so many rotations before them; their channels commute. */
static void pass_places(noisy_circuit_t *c, double complex *m, size_t after) {
  for (size_t i = 0; c->noisy && i < c->ansatz->num_places; i++)
    if (c->ansatz->places[i].after == after)
      pass_channel(c, m, c->ansatz->places[i].qubit);
}

/* --- states ------------------------------------------------------------------------------ */

static void set_bloch(double complex *m, const product_state_struct *s, size_t dim) {
  for (size_t r = 0; r < dim; r++)
    for (size_t k = 0; k < dim; k++) {
      double complex value = 1;
      for (size_t q = 0; q < s->num_qubits; q++) {
        const fmpq *b = s->bloch + 3 * q;
        double sign = r >> q & 1 ? -1 : 1;
        value *= (r >> q & 1) == (k >> q & 1)
                     ? (1 + sign * fmpq_get_d(b + 2)) / 2
                     : (fmpq_get_d(b) - I * sign * fmpq_get_d(b + 1)) / 2;
      }
      m[r * dim + k] = value;
    }
}

static void set_state(noisy_circuit_t *c, double complex *m, const quantum_state_t state) {
  const product_state_struct *product = quantum_state_product(state);
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  const pauli_sum_struct *p = quantum_state_pauli(state);
  size_t dim = c->dim;
  if (product) {
    set_bloch(m, product, dim);
    return;
  }
  memset(m, 0, entries(c) * sizeof *m);
  for (size_t k = 0; k < dim && s; k++) m[k * dim + k] = 1 / (double)dim;
  for (size_t g = 0; s && g < s->rank; g++) { /* times 1 + S */
    const uint64_t *string = stabilizer_state_string(s, g);
    from_left(c->left, m, dim, string[0], string[1]);
    for (size_t i = 0; i < entries(c); i++)
      m[i] += (s->signs[g] ? -1 : 1) * c->left[i];
  }
  for (size_t t = 0; p && t < p->length; t++) {
    const uint64_t *string = pauli_sum_string(p, t);
    double weight = fmpq_get_d(p->coeffs + t) / (double)dim;
    for (size_t k = 0; k < dim; k++)
      m[(k ^ string[0]) * dim + k] += weight * phase_of(string[0], string[1], k);
  }
}

/* --- runs --------------------------------------------------------------------------------- */

void noisy_circuit_run(noisy_circuit_t *c, const quantum_state_t state,
                       const double *drives) {
  const gate_list_t *gates = &c->program->circuit;
  double complex *rho = memory_get(entries(c), sizeof *rho);
  set_state(c, rho, state);
  pass_places(c, rho, 0);
  for (size_t g = 0; g < gates->num_gates; g++) {
    const program_gate_t *gate = gates->gates + g;
    rotate(c, rho, gate->x, gate->z, program_angle(gate, drives, 1));
    memcpy(c->behind + g * entries(c), rho, entries(c) * sizeof *rho);
    pass_places(c, rho, g + 1);
  }
  memcpy(c->behind + gates->num_gates * entries(c), rho, entries(c) * sizeof *rho);
  free(rho);
}

static double complex trace_of_product(const double complex *a, const double complex *b,
                                       size_t dim) {
  double complex sum = 0;
  for (size_t r = 0; r < dim; r++)
    for (size_t k = 0; k < dim; k++) sum += a[r * dim + k] * b[k * dim + r];
  return sum;
}

/* What is measured: outcomes of each letter are flipped with probability r. */
static void set_measured(const noisy_circuit_t *c, double complex *m,
                         const pauli_sum_t sum) {
  memset(m, 0, entries(c) * sizeof *m);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *string = pauli_sum_string(sum, t);
    double value = fmpq_get_d(sum->coeffs + t);
    for (uint64_t set = string[0] | string[1]; set; set &= set - 1)
      value *= (1 - c->readout) - c->readout;
    for (size_t k = 0; k < c->dim; k++)
      m[(k ^ string[0]) * c->dim + k] += value * phase_of(string[0], string[1], k);
  }
}

double noisy_circuit_loss(noisy_circuit_t *c, double *gradient, const pauli_sum_t sum,
                          const double *drives) {
  const gate_list_t *gates = &c->program->circuit;
  size_t size = entries(c), count = gates->num_gates;
  double complex *o = memory_get(size, sizeof *o);
  set_measured(c, o, sum);
  double loss = creal(trace_of_product(o, c->behind + count * size, c->dim));
  for (size_t k = 0; gradient && k < c->program->num_parameters; k++) gradient[k] = 0;
  for (size_t g = count; gradient && g-- > 0;) {
    const program_gate_t *gate = gates->gates + g;
    const double complex *rho = c->behind + g * size;
    pass_places(c, o, g + 1);
    if (gate->num_terms) {
      from_left(c->left, rho, c->dim, gate->x, gate->z);
      from_right(c->right, rho, c->dim, gate->x, gate->z);
      for (size_t i = 0; i < size; i++) c->left[i] -= c->right[i];
      double slope = creal(-I / 2 * trace_of_product(o, c->left, c->dim));
      for (size_t t = 0; t < gate->num_terms; t++)
        if (gate->terms[t].parameter != PROGRAM_NONE)
          gradient[gate->terms[t].parameter] += gate->terms[t].coeff * slope;
    }
    rotate(c, o, gate->x, gate->z, -program_angle(gate, drives, 1));
  }
  free(o);
  return loss;
}

double noisy_circuit_cost(const noisy_circuit_t *c) {
  size_t places = c->noisy ? c->ansatz->num_places : 0;
  return (double)entries(c) *
         (double)(10 * c->program->circuit.num_gates + 16 * places + 1);
}
