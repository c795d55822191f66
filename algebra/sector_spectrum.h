/* sector_spectrum.h - the spectrum of a Pauli sum on a sector, as a block.
   Private to algebra/. */
#ifndef LIESCAPE_SECTOR_SPECTRUM_H
#define LIESCAPE_SECTOR_SPECTRUM_H

#include "liescape/laws.h"
#include "liescape/pauli_sum.h"

/* Fills spectrum or moments, and what is certain of the least eigenvalue, of a
   non-zero traceless sum on k qubits, whose eigenvalues are taken N times in
   all (N = 2^k, or 2^(k-1) when every one of them is doubly degenerate):
   listed when there is one term, when all terms anticommute, or when they
   commute and have few independent signs; else exact moments. STATUS_LIMIT when not even the moments are feasible. */
status_t sector_spectrum(laws_block_t block, const pauli_sum_t sum,
                         const fmpz_t dimension);

#endif
