/* spectrum.h - spectra of Pauli sums: exact where the terms allow, certified
   balls by dense linear algebra, and rigorous intervals beyond.

   Conventions: O = sum_j c_j P_j; all moments are per dimension, i.e. of the
   uniform law on the eigenvalues.

   Layer: above pauli_sum. Exact rationals and balls. */
#ifndef LIESCAPE_SPECTRUM_H
#define LIESCAPE_SPECTRUM_H

#include <flint/flint.h>
#include <flint/fmpq.h>
#if __FLINT_RELEASE >= 30000
#include <flint/arb.h>
#else
#include <arb.h>
#endif

#include "algebra/laws/laws.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/status.h"

/* O = sum_i c_i Z_i, Z_i commuting strings no product of which (of a non-empty
   set) is a multiple of the identity, on a block of dimension N (2^length
   divides N): every sign pattern occurs equally often. Sets the block's
   spectrum if at most max_levels distinct sums occur, else its moments
     mean 0, S = sum c^2, 0, 3 S^2 - 2 sum c^4  and least = -sum |c|.
   STATUS_BAD_INPUT: 2^length does not divide N. */
status_t spectrum_commuting(laws_block_t block, const fmpz_t dimension,
                            const fmpq *coeffs, slong length,
                            slong max_levels);

/* O = sum_i c_i G_i, G_i mutually anticommuting: O^2 = sum c^2, eigenvalues
   +-1 in units of sqrt(R), R = sum c^2, N/2 times each (R is 1 and the levels
   are scaled if sum c^2 is a square). STATUS_BAD_INPUT: N odd or O = 0. */
status_t spectrum_anticommuting(laws_block_t block, const fmpz_t dimension,
                                const fmpq *coeffs, slong length);

/* Spin factor: O = sum_{a<=m} o_a gamma_a, v_a = Tr(rho gamma_a);
   o2 = |o|^2, v2 = |v|^2. Block of N = 2, beta = m - 1, levels +-1, s = 1,
   R = o2 v2, weight 1 (R folded into the weight when it is a square).
   STATUS_BAD_INPUT: m < 2 or R <= 0. */
status_t spectrum_spin_factor(laws_block_t block, ulong m, const fmpq_t o2,
                              const fmpq_t v2);

/* mean, central2, central3, central4 of O on all n qubits (or on any space
   where every string of the products below but the identity has trace zero),
   exactly, by multiplying terms. STATUS_LIMIT: more than max_terms distinct
   strings in O^2. */
status_t spectrum_moments(fmpq_t mean, fmpq_t central2, fmpq_t central3,
                          fmpq_t central4, const pauli_sum_t sum,
                          size_t max_terms);

/* A ball that contains the least eigenvalue of O, given that every string but
   the identity has trace zero. Lower end: c_0 - sum over a greedy partition
   of the terms into mutually anticommuting sets of sqrt(sum c^2). Upper end:
   the better of the energy of a greedily chosen stabilizer state and,
   when they are cheap, the two-point bound from the moments m2, m3,
     mean - (sqrt(m3^2 + 4 m2^3) - m3) / (2 m2)
   (from E[(o - least)(o - t)^2] >= 0 for all t; note that -sqrt(m2) alone is
   not a bound: Z0 + Z1 + Z0 Z1 has m2 = 3 and least -1).
   O(length^2 w). */
void spectrum_least_interval(arb_t least, const pauli_sum_t sum,
                             slong prec_bits);

/* Is c_0 - sum |c_j| attained, by the stabilizer state that the function above
   finds? Then it is the least eigenvalue, exactly. false decides nothing. Same
   condition on traces: a sum that holds on n qubits, or on a sector where
   distinct strings stay independent. O(length rank w). */
bool spectrum_least_unfrustrated(fmpq_t least, const pauli_sum_t sum);

/* Encloses the least eigenvalue of O on n qubits. A vector found by the
   Lanczos method (midpoints, no rigour) gives the upper end as its Rayleigh
   quotient, in balls. For the lower end, an approximate Cholesky factor L of
   O - mu, mu just below, and the residual E = O - mu - L L^T in balls:
   least >= mu - |E|. Width about 2^-tol_bits sum |c_j|.
   O(8^n) operations; a sum with odd numbers of Y in whatever labelling of the
   letters is embedded in real matrices of twice the dimension.
   STATUS_LIMIT: n > max_qubits, or a matrix of more than 2048 rows.
   STATUS_UNDECIDED: no enclosure was proved. */
status_t spectrum_least_dense(arb_t least, const pauli_sum_t sum,
                              size_t max_qubits, slong tol_bits);

#endif
