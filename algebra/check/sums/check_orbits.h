/* check_orbits.h - for `liescape check`: what strings make of a pure stabilizer state, and
   the dimension of its orbit under the algebra of sums of strings.

   A string P takes |psi> to i^k P_0 |psi>, P_0 the first string that anticommutes with the
   same stabilizers. The vectors |c> = i^y P_0 |psi>, y the number of letters Y of P_0, are
   orthonormal; where all strings that are met are real matrices, and |psi> is a real
   vector, they are real.

   g is made again by brackets, modulo a random prime (check_brackets.h). The elements X of
   g are vectors X|psi>, real and imaginary parts by c, without the component along |psi>,
   which is a phase. Their rank is the dimension; modulo the prime it is less with a
   probability of about 2^-40.

   Layer: algebra, above check_brackets. */
#ifndef LIESCAPE_ALGEBRA_CHECK_ORBITS_H
#define LIESCAPE_ALGEBRA_CHECK_ORBITS_H

#include "algebra/base/row_table.h"
#include "algebra/base/state.h"
#include "algebra/check/check_strings.h"

typedef struct {
  const stabilizer_state_struct *state;
  row_table_t syndromes, first; /* of each class c: P_0; class 0 is the state itself */
  stabilizer_echelon_t echelon;
  uint64_t *room;
} check_classes_struct;
typedef check_classes_struct check_classes_t[1];

void check_classes_init(check_classes_t c, const stabilizer_state_t state);
void check_classes_clear(check_classes_t c);
/* The string on |psi>: i^phase |c>; c is returned, added when it is new. */
size_t check_classes_find(unsigned *phase, check_classes_t c, const uint64_t *string);
/* The string on |from>. */
size_t check_classes_act(unsigned *phase, check_classes_t c, size_t from,
                         const uint64_t *string);

/* False: the state is mixed, there are too many strings, or more than `work` operations
   (10^9 take a second or two). */
bool check_sums_orbit_dimension(size_t *dimension, const check_generators_t generators,
                                const stabilizer_state_t state, int64_t work);

#endif
