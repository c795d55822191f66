/* quantum_state.h - the input state of a loss, of any kind that is understood.

   One struct for all kinds, so that the ansatz, the readers and whoever only
   passes states on need not tell them apart. An algorithm that is written for
   one kind asks for it:
       const stabilizer_state_struct *rho = quantum_state_stabilizer(state);
   and says so when it gets NULL. Only the member named by `kind` is
   initialised. A new kind is one more enumerator and member here, a case in
   each function of quantum_state.c, a word in cli/read/state_spec.c and a branch in
   numeric/vector/prepare.c.

   Layer: above state, product_state and spectrum. Exact. */
#ifndef LIESCAPE_QUANTUM_STATE_H
#define LIESCAPE_QUANTUM_STATE_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/product_state.h"
#include "algebra/base/state.h"

typedef enum { STATE_STABILIZER, STATE_PRODUCT, STATE_PAULI } state_kind_t;

typedef struct {
  state_kind_t kind;
  size_t num_qubits;
  union {
    stabilizer_state_t stabilizer;
    product_state_t product;
    pauli_sum_t pauli; /* 2^n rho: few strings, the identity with 1 */
  } as;
} quantum_state_struct;
typedef quantum_state_struct quantum_state_t[1];

/* The maximally mixed state, as a stabilizer state. */
void quantum_state_init(quantum_state_t state, size_t num_qubits);
void quantum_state_clear(quantum_state_t state);
void quantum_state_set(quantum_state_t out, const quantum_state_t in);
void quantum_state_swap(quantum_state_t a, quantum_state_t b);
void quantum_state_set_stabilizer(quantum_state_t out,
                                  const stabilizer_state_t in);
/* Becomes a stabilizer state when every Bloch vector is 0 or a unit vector
   along an axis, so that what holds for those is not lost. */
void quantum_state_set_product(quantum_state_t out, const product_state_t in);

/* rho = in / 2^n, which the caller knows to be a state: coefficient 1 of the
   identity, no negative eigenvalue (see positive.h). */
void quantum_state_set_positive(quantum_state_t out, const pauli_sum_t in);

/* The state as that kind, or NULL when it is of another. */
static inline const stabilizer_state_struct *
quantum_state_stabilizer(const quantum_state_struct *state) {
  return state->kind == STATE_STABILIZER ? state->as.stabilizer : NULL;
}
static inline const product_state_struct *
quantum_state_product(const quantum_state_struct *state) {
  return state->kind == STATE_PRODUCT ? state->as.product : NULL;
}
static inline const pauli_sum_struct *
quantum_state_pauli(const quantum_state_struct *state) {
  return state->kind == STATE_PAULI ? state->as.pauli : NULL;
}

/* out (initialised, empty) = 2^n rho for a product state or one of few strings;
   false, and out unchanged, for a stabilizer state or more than max_terms. */
bool quantum_state_expand(pauli_sum_t out, const quantum_state_t state,
                          size_t max_terms);

/* The same for a stabilizer state: its group, 2^rank strings with their signs. */
bool stabilizer_state_expand(pauli_sum_t out, const stabilizer_state_t state,
                             size_t max_terms);

/* value = Tr(rho [string]). */
void quantum_state_expectation(fmpq_t value, const quantum_state_t state,
                               const uint64_t *string);

#endif
