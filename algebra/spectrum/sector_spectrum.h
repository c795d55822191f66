/* sector_spectrum.h - the spectrum of a Pauli sum on a sector, as a block.
   Private to algebra/. */
#ifndef LIESCAPE_SECTOR_SPECTRUM_H
#define LIESCAPE_SECTOR_SPECTRUM_H

#include "algebra/laws/laws.h"
#include "algebra/base/pauli_sum.h"

/* Fills spectrum or moments, and what is certain of the least eigenvalue, of a
   non-zero traceless sum on k qubits, whose eigenvalues are taken N times in
   all (N = 2^k, or 2^(k-1) when every one of them is doubly degenerate).
   Listed: one term; all terms anticommute; they commute and have few
   independent signs, or are independent with few distinct sums, or their signs
   form a code with a small trellis and their coefficients are commensurable.
   Else exact moments, and the least eigenvalue exactly (commuting terms with a
   small trellis; sums whose bound -sum |c| is attained), as a narrow ball (at
   most max_dense_qubits qubits, O(8^k)), or as a wide one.
   STATUS_LIMIT when not even the moments are feasible. */
status_t sector_spectrum(laws_block_t block, const pauli_sum_t sum,
                         const fmpz_t dimension, size_t max_dense_qubits);

#endif
