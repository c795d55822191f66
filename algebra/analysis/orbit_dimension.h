/* orbit_dimension.h - the dimension of the orbit of a pure stabilizer state.

   dim G|psi> up to phase = rank over R of the vectors i X |psi>, iX in g, modulo
   i|psi>. A string P takes |psi> to i^k times the stabilizer state P_0|psi>, P_0 any
   string that anticommutes with the same stabilizers (the syndrome): X|psi> is a
   sparse vector over Q(i), and the component along |psi> itself, real for Hermitian X,
   is the phase. As many parameters are needed before the circuit can move the state
   in every direction that the group has.

   Layer: above string_algebra, basis and state. */
#ifndef LIESCAPE_ORBIT_DIMENSION_H
#define LIESCAPE_ORBIT_DIMENSION_H

#include "algebra/base/state.h"
#include "algebra/closure/closure.h"
#include "algebra/strings/string_algebra.h"

/* g the span of strings; each component of at most 2^16 strings is listed. False: it
   is larger, or the state is mixed. */
bool orbit_dimension_strings(size_t *dimension, const string_algebra_t g,
                             const stabilizer_state_t state);
/* g from a proved closure. False: too large, or mixed. */
bool orbit_dimension_closure(size_t *dimension, const closure_t closure,
                             const stabilizer_state_t state);

#endif
