/* sum_jordan.h - Wishart blocks of an observable and a state when generators are
   sums of strings. Private to algebra; called by sum_landscape.c.

   Decided when [g, g] is the direct sum of the full algebras of its sectors
   (sum_projectors_struct.saturated): each sector then has an ideal of its own, and
   no two are linked. On a complex sector of dimension d, multiplicity m and
   projector e, seen by O and populated by rho:
     X = e O - (Tr(e O) / Tr e) e must lie in [g, g] (then O acts as a Hermitian
       d x d matrix, traceless part X, tensor 1); with the O in question this is
       membership in g, since no other central element is traceless there;
     its spectrum comes from Tr X^k / m, k <= d, by Newton's identities;
     the reduced state rho' (d x d) is a multiple of a projector of rank s iff its
       power sums satisfy p_1 p_3 = p_2^2; s = p_1^2 / p_2. Its traceless part is
       the part in su(d) of the element that represents rho (sum_moments.h).
   Blocks: beta = 2, N = d, index m, weight p_1. Real and quaternionic sectors,
   sectors conjugate over a number field, and algebras that are not saturated are
   left undecided, with the reason. */
#ifndef LIESCAPE_ALGEBRA_SUM_JORDAN_H
#define LIESCAPE_ALGEBRA_SUM_JORDAN_H

#include "algebra/laws/landscape.h"
#include "algebra/sums/sum_entry.h"

/* Sets wishart_applies, wishart_reason, blocks and loss (whose constant is set).
   observable: that of the moments. */
void sum_jordan_analyse(landscape_struct *landscape,
                        const sum_landscapes_struct *sums,
                        const pauli_sum_struct *observable,
                        const sum_moments_struct *moments,
                        const sum_input_struct *input,
                        const quantum_state_struct *state);

/* REASON_NONE when blocks can be looked for. */
reason_code_t sum_jordan_obstacle(const sum_algebra_struct *algebra);

/* (a b + b a) / 2. False, and no change, when there are more than max_pairs pairs
   of terms. */
bool sum_jordan_product(pauli_sum_t out, const pauli_sum_t a,
                        const pauli_sum_t b, size_t max_pairs);
/* x = e a - (Tr(e a) / Tr e) e, and the quotient. */
bool sum_jordan_traceless(pauli_sum_t x, fmpq_t mean, const pauli_sum_t e,
                          const pauli_sum_t a);
/* Tr(rho a). */
void sum_jordan_expectation(fmpq_t out, const quantum_state_struct *state,
                            const pauli_sum_struct *a);
/* Tr(a b) / 2^n. */
void sum_inner(fmpq_t out, const pauli_sum_t a, const pauli_sum_t b);

/* Spectrum (or moments and a ball for the least eigenvalue) of d numbers with
   power sums power[1..d], power[1] = 0. False: d is too large. */
bool sum_spectrum(laws_block_t law, const fmpq *power, size_t d);
/* A ball around the least root of a monic f, all of whose roots are real and simple; false:
   none was found. */
bool sum_least_root(arb_t least, const fmpz_poly_t f);

#endif
