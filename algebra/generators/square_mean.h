/* square_mean.h - E[Tr(rho U^dag O^2 U)], the second moment of single shots.

   Measured in its own eigenbasis, O has the variance E[O^2] - E[l]^2 per shot at a
   point theta, E[l^2] = Var l + E[l]^2 being what the landscape itself takes:
     shot variance = E[Tr(rho U^dag O^2 U)] - E[l^2].
   Where the average over U is one over rotations about strings with independent
   uniform angles, or over the group that such rotations generate, a string
   averages to itself if it commutes with all of them and to 0 otherwise. So
     E[Tr(rho U^dag O^2 U)] = sum over pairs (P, Q) of terms that commute and have the
   same syndrome against the rotations, of o_P o_Q Tr(rho P Q): terms are sorted by
   their syndromes, O^2 is never written out.

   Layer: algebra, above pauli_sum. */
#ifndef LIESCAPE_SQUARE_MEAN_H
#define LIESCAPE_SQUARE_MEAN_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/status.h"

/* value = Tr(rho [string]). */
typedef void (*square_expectation_t)(fmpq_t value, void *data,
                                     const uint64_t *string);

/* rows: num_rows strings of 2w words, the rotations. STATUS_LIMIT, with mean
   unchanged: more than about a second's work. */
status_t square_mean(fmpq_t mean, const pauli_sum_t observable,
                     const uint64_t *rows, size_t num_rows,
                     square_expectation_t expectation, void *data);

/* out = O^2. STATUS_LIMIT, out unchanged: more than max_pairs pairs of terms. */
status_t square_expand(pauli_sum_t out, const pauli_sum_t observable,
                       size_t max_pairs);

/* Is it a multiple of the identity (0 included)? Then scalar is that number. */
bool square_is_scalar(fmpq_t scalar, const pauli_sum_t square);

/* (sum |o_P|)^2, which no expectation of O^2 exceeds. */
void square_bound(fmpq_t bound, const pauli_sum_t observable);

#endif
