/* quadratic.h - generators A_j + sqrt(m) B_j with rational A_j, B_j.

   Exactly, by restriction of scalars. Two more qubits carry an operator
       G = a X + b Y + c Z X' + d Z Y',   a^2 + b^2 + c^2 + d^2 = m,  G^2 = m,
   so that A (x) 1 + B (x) G multiplies as A + sqrt(m) B does. The rational span
   of the brackets of A_j (x) 1 + B_j (x) G and of the same times G has twice the
   dimension of the algebra g over Q(sqrt m), which is that of g over R. As an
   algebra over R it is g + g', g' with -sqrt(m); every ideal simple over Q has a
   centroid that contains Q(sqrt m) and is totally real, so that half of its simple
   ideals over R belong to g, and g and g' have the same dimension, centre and
   types.

   Layer: algebra, above sum_structure. */
#ifndef LIESCAPE_QUADRATIC_H
#define LIESCAPE_QUADRATIC_H

#include "liescape/sum_structure.h"

/* out (initialised): everything but the sectors, which stay unknown. m > 1, no
   square (STATUS_LIMIT when it exceeds 10^6). Statuses of closure_compute; with
   STATUS_LIMIT out holds a proved lower bound for the dimension. */
status_t quadratic_structure(structure_t out, const pauli_sum_struct *a,
                             const pauli_sum_struct *b, size_t num_generators,
                             ulong m, const closure_limits_t *limits);

#endif
