/* string_loss.h - the law of a loss whose observable lies in an algebra of strings that is
   not one of free fermions, up to what commutes with it (the adjoint class).

   Private to algebra/. A component of string_algebra.h, V with symplectic basis e_i, f_i
   (i < k) and radical R of dimension r, has one irreducible representation on C^(2^k) for each
   chi of R: [e_i], [f_i] become letters of qubit i, [t] for t in R the sign chi(t). With B_chi
   and S_chi the images of
     sum of o_P P,    2^(-k-r) sum of Tr(rho P) P,   P the strings of the component,
   a sector of dimension 2^k, multiplicity 2^(n-k-r), adds Tr(B_chi U S_chi U^dag), U Haar on
   SU(2^k), SO(2^k) or Sp(2^(k-1)), independently for each chi; linked ones, chi and chi times
   (-1)^q, are conjugate and alike, so that one stands for both.
     so: letters chosen so that q = 1 are the strings with an odd number of Y. B = i B', B'
         real and antisymmetric, +-b_k its eigenvalues, s_k = 2 sigma_k;
     sp: +-b_k, +-sigma_k, s_k = 2 sigma_k;
     su: b_k and s_k = sigma_k, linked 2 sigma_k.

   Layer: above fermion_loss, string_algebra. */
#ifndef LIESCAPE_STRING_LOSS_H
#define LIESCAPE_STRING_LOSS_H

#include "algebra/strings/string_algebra.h"
#include "algebra/sums/fermion_loss.h"

/* The largest k, and of all numbers of a side. */
enum { STRING_LOSS_PAIRS = 6, STRING_LOSS_NUMBERS = 256 };

/* Every term of the observable lies in the algebra or commutes with it. has_law false: a
   component with a term is of free fermions, or too large. */
void string_loss_init(fermion_loss_t loss, const string_algebra_t algebra,
                      const pauli_sum_t observable, const quantum_state_t state);

#endif
