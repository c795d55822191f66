/* check_spins.h - for `liescape check`: sums that every permutation of the n qubits fixes,
   on modules of spin J, modulo the prime of check_prime.h.

   By Schur and Weyl, (C^2)^(x) n is the sum of V_J (x) S_J, J = n/2 - b, 2 b <= n, dim S_J =
   C(n, b) - C(n, b - 1), and such a sum acts on the V_J alone. V_J lies there once as b
   singlets on the first 2 b qubits, times Sym^m, m = n - 2 b; in the basis D_k = the sum of
   all basis states with k ones, k <= m. Let S_xyz^n be the sum of all strings with x letters
   X, y letters Y and z letters Z. A pair in a singlet has <PP> = -1 and 0 for other letters:
     S_xyz^n = sum over a + b' + c <= b of b!/(a! b'! c! (b - a - b' - c)!) (-1)^(a + b' + c)
               S^m_(x - 2 a, y - 2 b', z - 2 c),
   and <D_k'| S^m D_k>, as coefficients, count the letters on the ones and zeros of one state
   with k' ones: x0, y0 flip zeros to ones, x1, y1 ones to zeros, z0, z1 stay:
     k'!/(x0! y0! z1! ...) (m - k')!/(x1! y1! z0! ...) i^(y0 - y1) (-1)^z1.

   On Sym^n any string acts, between two projections, as the mean over its placements.

   Layer: algebra, above check_prime. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SPINS_H
#define LIESCAPE_ALGEBRA_CHECK_SPINS_H

#include "algebra/base/quantum_state.h"
#include "algebra/check/sums/check_prime.h"

/* On fewer qubits the copies are few, and the space does as it is; on more dim S_J does not
   fit in a word. */
enum { CHECK_SPINS_FEWEST = 9, CHECK_SPINS_QUBITS = 60 };

/* c S_xyz */
typedef struct {
  size_t x, y, z, sum; /* sum: which generator */
  mp_limb_t c;
} check_type_t;

/* Does every permutation of the qubits, so many of them, fix every generator? */
bool check_spins_are_fixed(const check_prime_t *p);
/* A sum, averaged over all permutations: types appended to out, which has room for all its
   terms; denominators do not vanish. */
void check_spins_add(check_type_t *out, size_t *count, const check_prime_t *p,
                     const pauli_sum_struct *h, size_t number);
/* out (m + 1 rows) = sum_t scale[sum_t] types[t] on V_J; scale NULL: 1. */
void check_spins_matrix(nmod_mat_t out, const check_prime_t *p, const check_type_t *types,
                        size_t count, const mp_limb_t *scale, size_t singlets);
/* dim S_J */
uint64_t check_spins_copies(size_t num_qubits, size_t singlets);
/* v[k], k <= n: the coefficients of a multiple of phi, or (dual) the values of <phi| on the
   D_k. False: phi is no product of n equal pure states. */
bool check_spins_state(mp_limb_t *v, const check_prime_t *p, const quantum_state_struct *phi,
                       bool dual);

#endif
