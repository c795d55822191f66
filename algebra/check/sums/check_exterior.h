/* check_exterior.h - for `liescape check`: sectors under one su(d) or u(d) of d fermionic
   modes on d qubits (`particles` in check_sum_structure.h).

   C^(2^d) is the sum of the exterior powers of C^d, k = 0 ... d. The k-th has the number
   k - d/2 times one factor for the charge of the centre, and the dual of the k-th is the
   (d - k)-th; the wedge product of the middle one with itself is symmetric for even d/2,
   antisymmetric for odd.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_EXTERIOR_H
#define LIESCAPE_ALGEBRA_CHECK_EXTERIOR_H

#include "algebra/base/structure.h"
#include "algebra/base/flint_compat.h"

/* Adds the ideal, sectors and actions to an initialised structure; false, and no change:
   there are none. center: dimension of that of g. */
bool check_exterior_sectors(structure_t out, ulong d, ulong center);

#endif
