/* product_state.h - product states given by rational Bloch vectors.

   rho = tensor product over the qubits j of (1 + x_j X + y_j Y + z_j Z)/2,
   with x_j^2 + y_j^2 + z_j^2 <= 1; Tr(rho P) is the product over the letters
   of P of the matching component. A pure factor that is no stabilizer state,
   e.g. (3/5, 0, 4/5), is allowed.

   Layer: above pauli. Exact. */
#ifndef LIESCAPE_PRODUCT_STATE_H
#define LIESCAPE_PRODUCT_STATE_H

#include <flint/flint.h>
#include <flint/fmpq.h>

#include "algebra/base/pauli.h"
#include "algebra/base/status.h"

typedef struct {
  size_t num_qubits;
  fmpq *bloch; /* 3 num_qubits numbers: x_j, y_j, z_j at 3j, 3j+1, 3j+2 */
} product_state_struct;
typedef product_state_struct product_state_t[1];

/* The maximally mixed state: every Bloch vector 0. */
void product_state_init(product_state_t state, size_t num_qubits);
void product_state_clear(product_state_t state);
/* STATUS_BAD_INPUT, and no change, when the vector is longer than 1. */
status_t product_state_set_bloch(product_state_t state, size_t qubit,
                                 const fmpq_t x, const fmpq_t y,
                                 const fmpq_t z);
/* Is every Bloch vector of length 1? */
bool product_state_is_pure(const product_state_t state);
/* value = Tr(rho [string]); O(weight) multiplications. */
void product_state_expectation(fmpq_t value, const product_state_t state,
                               const uint64_t *string);

#endif
