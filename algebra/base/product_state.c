#include "algebra/base/product_state.h"

void product_state_init(product_state_t state, size_t num_qubits) {
  state->num_qubits = num_qubits;
  state->bloch = flint_malloc((3 * num_qubits + 1) * sizeof *state->bloch);
  for (size_t j = 0; j < 3 * num_qubits; j++) fmpq_init(state->bloch + j);
}

void product_state_clear(product_state_t state) {
  for (size_t j = 0; j < 3 * state->num_qubits; j++)
    fmpq_clear(state->bloch + j);
  flint_free(state->bloch);
  state->bloch = NULL;
  state->num_qubits = 0;
}

status_t product_state_set_bloch(product_state_t state, size_t qubit,
                                 const fmpq_t x, const fmpq_t y,
                                 const fmpq_t z) {
  fmpq_t norm;
  fmpq_init(norm);
  fmpq_addmul(norm, x, x);
  fmpq_addmul(norm, y, y);
  fmpq_addmul(norm, z, z);
  bool inside = fmpz_cmp(fmpq_numref(norm), fmpq_denref(norm)) <= 0;
  fmpq_clear(norm);
  if (!inside) return STATUS_BAD_INPUT;
  fmpq_set(state->bloch + 3 * qubit, x);
  fmpq_set(state->bloch + 3 * qubit + 1, y);
  fmpq_set(state->bloch + 3 * qubit + 2, z);
  return STATUS_OK;
}

bool product_state_is_pure(const product_state_t state) {
  fmpq_t sum;
  bool pure = true;
  fmpq_init(sum);
  for (size_t j = 0; j < state->num_qubits && pure; j++) {
    fmpq_zero(sum);
    for (size_t k = 0; k < 3; k++)
      fmpq_addmul(sum, state->bloch + 3 * j + k, state->bloch + 3 * j + k);
    pure = fmpq_is_one(sum);
  }
  fmpq_clear(sum);
  return pure;
}

void product_state_expectation(fmpq_t value, const product_state_t state,
                               const uint64_t *string) {
  /* letter codes of pauli.h: 1 X, 2 Z, 3 Y */
  static const size_t component[4] = {0, 0, 2, 1};
  size_t w = pauli_words(state->num_qubits);
  fmpq_one(value);
  for (size_t i = 0; i < w; i++)
    for (uint64_t set = string[i] | string[w + i]; set; set &= set - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(set);
      fmpq_mul(value, value,
               state->bloch + 3 * j + component[pauli_get(string, w, j)]);
      if (fmpq_is_zero(value)) return;
    }
}
