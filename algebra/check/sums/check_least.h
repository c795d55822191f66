/* check_least.h - for `liescape check`: the least eigenvalue of an observable on a sector
   that a pure state populates (check_pure.h), enclosed.

   V_k, spanned over the prime field by the columns of right, is defined over Q when its
   basis in reduced echelon form has residues of small fractions: these are its entries,
   but for a chance of 2^-20 an entry that is none. W, the same basis times denominators,
   has integer entries. With G = W^T W and M = W^T O W, O - mu on V_k has as many negative
   eigenvalues as M - mu G (Sylvester): none iff all pivots of its Cholesky factor are
   positive, some if one is negative, all of them positive before; in balls.

   The mean of the eigenvalues is Tr(G^-1 M) / d.

   Layer: algebra, above check_pure. */
#ifndef LIESCAPE_ALGEBRA_CHECK_LEAST_H
#define LIESCAPE_ALGEBRA_CHECK_LEAST_H

#include "algebra/check/sums/check_pure.h"

/* Does the ball contain the least eigenvalue of P_k O P_k on V_k, less the mean of them
   all? k: number of the populated sector. ANSWER_UNDECIDED: V_k or O is not real and
   rational there, or too large, or a pivot may be 0. */
answer_t check_pure_least(const check_pure_t pure, size_t k,
                          const pauli_sum_struct *observable, const arb_t ball);

#endif
