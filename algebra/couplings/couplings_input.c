#include "algebra/couplings/couplings_input.h"

void couplings_evaluate(pauli_sum_t out, const couplings_input_t *input,
                        size_t j, const fmpq_t value) {
  size_t width = input->degree + 1;
  pauli_sum_t sum;
  fmpq_t power;
  fmpq_init(power);
  fmpq_one(power);
  pauli_sum_init(sum, input->num_qubits);
  for (size_t k = 0; k < width; k++) {
    pauli_sum_addmul(sum, sum, power, input->parts + j * width + k);
    fmpq_mul(power, power, value);
  }
  fmpq_clear(power);
  pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
}
