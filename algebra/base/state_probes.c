#include "algebra/base/state_probes.h"

#include <stdlib.h>

/* --- the projector ------------------------------------------------------------------- */

/* x = Tr rho^2, of 2^n rho. */
static void purity(fmpq_t x, const pauli_sum_t sum, size_t num_qubits) {
  fmpq_zero(x);
  for (size_t t = 0; t < sum->length; t++)
    fmpq_addmul(x, sum->coeffs + t, sum->coeffs + t);
  fmpq_div_2exp(x, x, num_qubits);
}

reason_code_t state_projector(pauli_sum_t out, const quantum_state_t state,
                              size_t max_terms) {
  size_t n = state->num_qubits;
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  const product_state_struct *p = quantum_state_product(state);
  if (s && s->rank < n) return REASON_STATE_MIXED;
  if (p && !product_state_is_pure(p)) return REASON_STATE_MIXED;
  if (!(s ? stabilizer_state_expand(out, s, max_terms)
          : quantum_state_expand(out, state, max_terms)))
    return REASON_PROJECTOR_TOO_LONG;
  fmpq_t scale;
  fmpq_init(scale);
  purity(scale, out, n);
  bool pure = fmpq_is_one(scale);
  fmpq_one(scale);
  fmpq_div_2exp(scale, scale, n);
  pauli_sum_scalar_mul(out, out, scale);
  fmpq_clear(scale);
  return pure ? REASON_NONE : REASON_STATE_MIXED;
}

/* --- ansaetze -------------------------------------------------------------------------- */

static void copy_parameters(ansatz_t out, const ansatz_struct *in) {
  for (size_t k = 0; in->parameters && k < in->num_parameters; k++) {
    const parameter_struct *p = in->parameters + k;
    size_t at = ansatz_add_parameter(out, p->name, p->derived);
    if (p->law != ANGLE_FULL_PERIOD)
      ansatz_set_law(out, at, p->law, p->width_times_pi, p->width);
  }
  if (!in->parameters) out->num_parameters = in->num_parameters;
}

/* The ansatz without observables. */
static void copy_ansatz(ansatz_t out, const ansatz_struct *in, size_t state) {
  ansatz_init(out, in->kind, in->num_qubits);
  copy_parameters(out, in);
  for (size_t j = 0; j < in->num_generators; j++)
    ansatz_add_generator(out, in->generators + j);
  for (size_t i = 0; i < in->num_rotations; i++)
    ansatz_add_rotation(out, in->rotations[i].string, in->rotations[i].angle,
                        in->rotations[i].line);
  out->upper_bound = in->upper_bound;
  ansatz_add_state(out, in->states[state].state, in->states[state].text);
}

void state_probe_locals(ansatz_t out, const ansatz_t in, size_t state) {
  size_t n = in->num_qubits, w = pauli_words(n);
  static const unsigned letters[] = {1, 3, 2}; /* X, Y, Z */
  uint64_t *string = flint_calloc(2 * w + 1, sizeof *string);
  pauli_sum_t sum;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  copy_ansatz(out, in, state);
  for (size_t j = 0; j < 3 * n; j++) {
    pauli_sum_init(sum, n);
    pauli_set(string, w, j / 3, letters[j % 3]);
    pauli_sum_push(sum, one, string);
    pauli_set(string, w, j / 3, 0);
    char *text = pauli_sum_get_str(sum);
    ansatz_add_observable(out, sum, text);
    free(text);
    pauli_sum_clear(sum);
  }
  fmpq_clear(one);
  flint_free(string);
}

/* Fixed gates at the end of a circuit cancel between U and its inverse; generators have
   none. */
void state_probe_pairs(ansatz_t out, const ansatz_t in, size_t state,
                       const pauli_sum_t projector) {
  size_t shift = in->num_parameters;
  fmpq_t minus;
  angle_t angle;
  copy_ansatz(out, in, state);
  ansatz_add_observable(out, projector, "rho");
  if (in->kind == ANSATZ_OPERATORS) return;
  copy_parameters(out, in);
  fmpq_init(minus);
  fmpq_set_si(minus, -1, 1);
  for (size_t i = in->num_rotations; i-- > 0;) {
    const rotation_struct *r = in->rotations + i;
    angle_t zero;
    angle_init(angle);
    angle_init(zero);
    angle_addmul(angle, zero, minus, r->angle);
    for (size_t t = 0; t < angle->num_terms; t++) angle->terms[t].parameter += shift;
    ansatz_add_rotation(out, r->string, angle, r->line);
    angle_clear(zero);
    angle_clear(angle);
  }
  fmpq_clear(minus);
}

/* --- numbers ----------------------------------------------------------------------------- */

/* Q = 2 - (2/n) sum_j (1 + squares)/2 = 1 - (sum of the squares)/n */
void state_entanglement(fmpq_t entanglement, const fmpq *squares, size_t num_qubits) {
  fmpq_t sum;
  fmpq_init(sum);
  for (size_t j = 0; j < 3 * num_qubits; j++) fmpq_add(sum, sum, squares + j);
  fmpz_mul_ui(fmpq_denref(sum), fmpq_denref(sum), num_qubits);
  fmpq_canonicalise(sum);
  fmpq_one(entanglement);
  fmpq_sub(entanglement, entanglement, sum);
  fmpq_clear(sum);
}

/* 1/D, 2/(D (D + 1)), (D - 2)/(D + 1) */
void state_haar_numbers(fmpq_t first, fmpq_t second, fmpq_t entanglement,
                        size_t num_qubits) {
  fmpz_t d, next;
  fmpz_init(d);
  fmpz_init(next);
  fmpz_one(d);
  fmpz_mul_2exp(d, d, num_qubits);
  fmpz_add_ui(next, d, 1);
  fmpz_one(fmpq_numref(first));
  fmpz_set(fmpq_denref(first), d);
  fmpz_set_ui(fmpq_numref(second), 2);
  fmpz_mul(fmpq_denref(second), d, next);
  fmpq_canonicalise(second);
  fmpz_sub_ui(fmpq_numref(entanglement), d, 2);
  fmpz_set(fmpq_denref(entanglement), next);
  fmpq_canonicalise(entanglement);
  fmpz_clear(d);
  fmpz_clear(next);
}
