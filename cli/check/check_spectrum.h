/* check_spectrum.h - is a list of eigenvalues the spectrum of a Pauli sum?

   For O on k qubits and distinct rational o_1 .. o_L with multiplicities m_i
   that add up to N: let T_0 = 1, T_j = T_{j-1} (O - o_j). The list is right iff
   T_L = 0 and, for j < L, the trace of T_j per dimension is
   (1/N) sum_i m_i prod_{t<=j} (o_i - o_t)  (Newton's form of the power sums).
   Products of Pauli sums, nothing else. Private to check. Layer: cli. */
#ifndef LIESCAPE_CLI_CHECK_SPECTRUM_H
#define LIESCAPE_CLI_CHECK_SPECTRUM_H

#include <jansson.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/status.h"

/* spectrum: [{"eigenvalue", "multiplicity"}, ...] in units of sqrt(radicand),
   ascending. ANSWER_UNDECIDED: the products are too long. */
answer_t check_spectrum(const json_t *spectrum, const pauli_sum_t sum,
                        const fmpz_t dimension, const fmpq_t radicand);

/* (1/N) Tr O and (1/N) Tr (O - mean)^j, j = 2, 3, 4; false when too long. */
bool check_spectrum_moments(fmpq *moments, const pauli_sum_t sum);

/* Is least, in a sum of commuting terms, attained with every term at its
   least value? False decides nothing. */
bool check_spectrum_least(const fmpq_t least, const pauli_sum_t sum);

/* Does the ball contain the least eigenvalue of the sum? By Sylvester's law of
   inertia: O - mu = L D L^* in balls has as many negative pivots as O has
   eigenvalues below mu; none at the lower end, some at the upper.
   ANSWER_UNDECIDED: more than 7 qubits, or a pivot that may be 0. */
answer_t check_spectrum_enclosure(const arb_t ball, const pauli_sum_t sum);

#endif
