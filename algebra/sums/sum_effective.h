/* sum_effective.h - an observable of the algebra with the same loss.

   The loss of one input, l_O(U) = Tr(rho U^dag O U), can be that of an element of the
   associative algebra A although O is none: under a symmetry of rho, or on sectors that
   rho does not populate. Let [g, g] be the sum of the full su(d_k) of complex sectors,
   and y_k / 2^n the projection of rho on su(d_k) (x) 1, so that Tr(rho U^dag X U) =
   <y_k, U^dag X U> for X in su(d_k) (x) 1, <A, B> = Tr(A B) / 2^n. In the mean square
   over Haar the best X is, by Schur,
     X_k = (d_k^2 - 1) C_k / <y_k, y_k>,   C_k = E[l_O(U) U y_k U^dag],
   0 where y_k = 0, since E[l_X l_X'] = <X, X'> <y_k, y_k> / (d_k^2 - 1). Coefficients
   of different irreducible representations are orthogonal, so
     Var(l_O) = Var(l_X) + Var(l_O - l_X),   X = sum X_k,
   and l_O = l_X + constant iff the two variances are equal: otherwise no element of A
   has this loss. Nothing of that depends on a basis of the space.

   O is first replaced by its part in the module of what represents rho on the module
   of O: the loss is the same. C_k then comes from the module of v = O + b, b an element
   of g, in which y_k lies: E[U y U^dag (x) U r U^dag] contracted with v is v phi, phi
   the endomorphism with tr(psi phi) = r(y psi) for all psi, r the functional of rho
   (sum_moments.h); and b is its own X.

   Layer: private to algebra, above sum_jordan. */
#ifndef LIESCAPE_ALGEBRA_SUM_EFFECTIVE_H
#define LIESCAPE_ALGEBRA_SUM_EFFECTIVE_H

#include "algebra/sums/sum_entry.h"

/* out = X; moments and input: of the observable and the state. The algebra has known projectors and is saturated. False when a limit, or
   the choice of b, is in the way, with out unspecified. */
bool sum_effective(pauli_sum_t out, const sum_landscapes_struct *sums,
                   const pauli_sum_t observable, const sum_moments_t moments,
                   const sum_input_t input, const quantum_state_struct *state);

#endif
