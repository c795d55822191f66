/* check_commutant.h - for `liescape check`: operators that are said to be a basis of what
   commutes with the generators, or of the centre of their algebra g.

   That they commute is checked exactly, term by term; that they are independent modulo a
   random prime, where independence proves independence over Q. How many there must be is
   known elsewhere (sectors; the dimension of the centre).

   An operator that commutes with the generators is in g iff it is in the span of the
   projections of the generators on the commutant: g is the sum of its centre and [g, g],
   and the projection is the average over the group, which keeps the former and takes the
   latter to 0. With a basis C_a of the commutant and G_ab = Tr(C_a C_b),
       pr(H) = sum_ab C_a (G^-1)_ab Tr(C_b H).

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_COMMUTANT_H
#define LIESCAPE_ALGEBRA_CHECK_COMMUTANT_H

#include "algebra/check/check_strings.h"

/* Do they commute with every generator? *which: the first that does not. */
bool check_commutes(size_t *which, const pauli_sum_struct *list, size_t length,
                    const check_generators_t generators);
/* YES, or UNDECIDED, when they are dependent modulo the prime: almost surely no. */
answer_t check_independent(const pauli_sum_struct *list, size_t length);
/* Is the sum, but for the identity, a combination of generators? Modulo a random prime. */
bool check_in_generators(const pauli_sum_struct *sum, const check_generators_t generators);
/* How many independent strings commute with all strings of the generators. */
size_t check_commuting_strings(const check_generators_t generators);
/* Is the span of the list that of the projections of the generators on the commutant,
   of which `commutant` is a basis? Modulo a random prime. */
bool check_centre_spanned(const pauli_sum_struct *list, size_t length,
                          const pauli_sum_struct *commutant, size_t size,
                          const check_generators_t generators);

#endif
