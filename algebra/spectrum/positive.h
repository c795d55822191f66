/* positive.h - has a Pauli sum no negative eigenvalue?

   Sufficient and quick: c_0 >= sum of the other |c|. Exact: terms without
   frustration (spectrum.h); on few qubits, the coefficients of the
   characteristic polynomial det(x - A) of the real symmetric matrix A that
   stands for the sum alternate in sign (Descartes: all its roots are real).
   Otherwise the interval of spectrum.h, which may decide nothing.

   Layer: algebra, above spectrum. */
#ifndef LIESCAPE_POSITIVE_H
#define LIESCAPE_POSITIVE_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"
#include "algebra/base/status.h"

/* Only qubits that some term acts on count for the cost. */
answer_t pauli_sum_is_positive(const pauli_sum_t sum);

/* rho = in / 2^n. STATUS_BAD_INPUT, and no change, when the identity has not the
   coefficient 1 or rho has a negative eigenvalue; STATUS_UNDECIDED when that it
   has none was not shown: it is exact on up to 6 qubits and for terms without
   frustration, and otherwise follows from bounds, such as sum |c| <= 2. */
status_t quantum_state_set_pauli(quantum_state_t out, const pauli_sum_t in);

#endif
