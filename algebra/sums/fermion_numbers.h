/* fermion_numbers.h - what laws of free fermions take from matrices and states.

   Private to algebra/. Layer: above quantum_state. */
#ifndef LIESCAPE_FERMION_NUMBERS_H
#define LIESCAPE_FERMION_NUMBERS_H

#include <stdbool.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

enum { FERMION_PREC_BITS = 192 }; /* of spectra */

/* The roots of f, all real, ascending; the caller clears the vector. */
arb_struct *fermion_real_roots(const fmpq_poly_t f);
/* Of an antisymmetric matrix of even size. */
void fermion_pfaffian(fmpq_t out, const fmpq_mat_t x);
/* out += Tr(rho O) */
void fermion_expectation(fmpq_t out, const pauli_sum_t o, const quantum_state_t state);
bool fermion_commutes(const pauli_sum_t rest, const pauli_sum_struct *generators,
                      size_t num_generators);

#endif
