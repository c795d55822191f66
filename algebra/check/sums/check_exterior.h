/* check_exterior.h - for `liescape check`: sectors under one su(d) or u(d) of d fermionic
   modes on d qubits, where what commutes with the generators on one particle is 1 and J
   (check_particles.h) and [g, g] has the dimension d^2 - 1.

   C^(2^d) is the sum of the exterior powers of C^d, k = 0 ... d. The k-th has the number
   k - d/2 times one factor for the charge of the centre, and the dual of the k-th is the
   (d - k)-th; the wedge product of the middle one with itself is symmetric for even d/2,
   antisymmetric for odd.

   Layer: algebra, above check_particles. */
#ifndef LIESCAPE_ALGEBRA_CHECK_EXTERIOR_H
#define LIESCAPE_ALGEBRA_CHECK_EXTERIOR_H

#include "algebra/base/structure.h"
#include "algebra/check/check_strings.h"

/* Adds the ideal, sectors and actions to an initialised structure; false, and no change: it is not so.
   derived: dim [g, g], center: of g, both proved. */
bool check_exterior_sectors(structure_t out, const check_generators_t generators,
                            ulong derived, ulong center);

#endif
