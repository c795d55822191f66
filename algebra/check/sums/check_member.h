/* check_member.h - for `liescape check`: does an observable lie in the algebra of sums of
   strings, up to what commutes with it?

   iO in g + (what commutes with g) iff some x in g has the brackets of O with every
   generator: [H_j, O] = [H_j, x] for all j. g is made again by brackets with generators,
   as vectors over the strings they reach, and the vectors ([H_j, x])_j over all j
   together are eliminated, modulo a random prime: no centre, no commutant and no other
   structure is asked for. Members are found at every prime; what is no member passes for
   one at an unlucky prime, with a probability of about 2^-40.

   Layer: algebra, above check_prime. */
#ifndef LIESCAPE_ALGEBRA_CHECK_MEMBER_H
#define LIESCAPE_ALGEBRA_CHECK_MEMBER_H

#include "algebra/base/status.h"
#include "algebra/check/check_strings.h"

/* ANSWER_UNDECIDED: too many strings, or more than `work` operations (10^9 take a second
   or two). */
answer_t check_member(const check_generators_t generators,
                      const pauli_sum_struct *observable, int64_t work);

#endif
