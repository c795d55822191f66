/* positive.h - has a Pauli sum no negative eigenvalue? Private.

   Sufficient and quick: c_0 >= sum of the other |c|. Exact: terms without
   frustration (spectrum.h); on few qubits, the coefficients of the
   characteristic polynomial det(x - A) of the real symmetric matrix A that
   stands for the sum alternate in sign (Descartes: all its roots are real).
   Otherwise the interval of spectrum.h, which may decide nothing.

   Layer: algebra, above spectrum. */
#ifndef LIESCAPE_ALGEBRA_POSITIVE_H
#define LIESCAPE_ALGEBRA_POSITIVE_H

#include "liescape/pauli_sum.h"
#include "liescape/status.h"

/* Only qubits that some term acts on count for the cost. */
answer_t pauli_sum_is_positive(const pauli_sum_t sum);

#endif
