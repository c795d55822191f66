/* string_covariance.h - exact covariance of the losses of two input states
   under one Haar-random element of the group of Pauli-string generators.

   With the notation of string_moments.h, for stabilizer states a and b,
     Cov(l_a, l_b) = sum over terms P that are not fixed, and terms P' with
       P L = phi_P P', L a string that commutes with every generator, of
         o_P o_P' conj(phi_P) K / |C(P)|,
       K = sum over Q in C(P) of a_Q b_[QL] phi_Q,   Q L = phi_Q [QL].
   Here phi_P and phi_Q are both real or both imaginary. K = 0 unless L =
   a0 b0 up to a phase with a0, b0 in the stabilizer groups A and B; then Q runs
   through the orbit's strings in a0 T, T the intersection of A and B, and
   contributes a_{a0} b_{b0} phi_{a0} times the character a_t b_t of t in T. So K
   is a difference of numbers of strings of the orbit in subgroups of A. For a = b
   this is the variance. Source of the formula: arXiv:2502.16404, evaluated here
   on two stabilizer states.

   Layer: above string_orbit. */
#ifndef LIESCAPE_STRING_COVARIANCE_H
#define LIESCAPE_STRING_COVARIANCE_H

#include "algebra/base/pauli_sum.h"
#include "algebra/strings/string_orbit.h"

/* observable must already be moved through the Cliffords. STATUS_LIMIT, and no
   change, when counting the strings of an orbit in a group takes too large an
   enumeration. */
status_t string_covariance(fmpq_t covariance, const string_algebra_t g,
                           const pauli_sum_t observable,
                           const stabilizer_state_t a,
                           const stabilizer_state_t b);

#endif
