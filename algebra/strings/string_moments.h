/* string_moments.h - exact mean, variance and gradient variance of the loss
   for Pauli-string generators, U distributed by the Haar measure of the group.

   With o_P the coefficients of O, rho_P = Tr(rho P), rho a stabilizer state:
     E[l]   = sum over fixed P of o_P rho_P,
     Var l  = sum over terms P that are not fixed
                (N(P) / |C(P)|) sum over P' of o_P o_P' phi rho_L,
   C(P) the orbit, N(P) how many of its strings lie in the stabilizer group up
   to sign, and P' the terms of O with P L = phi P', L = a string that commutes
   with every generator (P' = P included: L = I). This is the twofold-commutant
   formula of arXiv:2502.16404 evaluated on a stabilizer state, where
   rho_Q rho_QL phi* = rho_L for every Q of the stabilizer group.
   For a gate exp(-i theta h / 2) between two independent Haar-random group
   elements, h a generator of component c, E[(dl/dtheta)^2] is the same sum with
   each term times the fraction of C(P) that anticommutes with h.

   Layer: above string_orbit. */
#ifndef LIESCAPE_STRING_MOMENTS_H
#define LIESCAPE_STRING_MOMENTS_H

#include "algebra/base/reason.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/strings/string_orbit.h"

typedef struct {
  fmpq_t mean;
  bool variance_known;
  fmpq_t variance;
  size_t num_components;
  fmpq *gradient; /* per component, for exp(-i theta h / 2) */
  reason_code_t reason; /* when the variance is not known */
} string_moments_struct;
typedef string_moments_struct string_moments_t[1];

/* observable must already be moved through the Cliffords. */
void string_moments_init(string_moments_t moments, const string_algebra_t g,
                         const pauli_sum_t observable,
                         const stabilizer_state_t state);
/* The sums above with rho_L replaced by Tr(rho M L), M = shift a string of the
   radical (2w words, sign +1; NULL: the identity), over the terms P that
   commute with M: gradient[c] is then what string_gradient.h needs, the
   variance a part of no meaning alone, the mean as above. */
void string_moments_init_shifted(string_moments_t moments,
                                 const string_algebra_t g,
                                 const pauli_sum_t observable,
                                 const stabilizer_state_t state,
                                 const uint64_t *shift);
/* Nothing added yet, everything known. */
void string_moments_init_zero(string_moments_t moments,
                              const string_algebra_t g);
/* Adds the share of a term on which the group acts so. */
void string_moments_add(string_moments_t moments, const string_action_t action,
                        const fmpq_t share);
void string_moments_clear(string_moments_t moments);

#endif
