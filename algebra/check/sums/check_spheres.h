/* check_spheres.h - for `liescape check`: is the orbit of a pure stabilizer state a whole
   sphere, or a product of two or three, so that no loss on it has traps?

   R is the real span of G|psi>, made by words in the generators. Either R is no complex
   space, and the orbit has the dimension of its sphere; or it is one, of complex dimension
   N, the generators and what commutes with them there have k irreducible parts, and the
   orbit up to phase has dimension 2N - k - 1: that of the product of their spheres. What
   commutes has complex dimension sum m^2 over parts of multiplicity m: if that is k <= 3
   all m are 1.
     k = 1, 2: no conditions.
     k = 3: generators and observable are real in the basis of check_orbits.h, and so are
       the parts: what commutes and is real is symmetric.
   R and what commutes are found modulo a random prime; |psi>, observable and words are
   exact. Where |psi> is a global minimum - the form of the observable less its value there
   is positive, by the signs of its characteristic polynomial - the codimension of them all
   in the orbit is the rank of that form, if the lengths of the parts are independent to
   first order on its kernel.

   Layer: algebra, above check_orbits. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SPHERES_H
#define LIESCAPE_ALGEBRA_CHECK_SPHERES_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/state.h"
#include "algebra/check/check_strings.h"

typedef struct {
  bool holds;
  size_t spheres;     /* 1, 2 or 3 */
  size_t codimension; /* SIZE_MAX: not known */
} check_spheres_struct;

/* orbit: its dimension. False: the spaces are too large. */
bool check_spheres_find(check_spheres_struct *out, const check_generators_t generators,
                        const stabilizer_state_t state, size_t orbit,
                        const pauli_sum_t observable);

#endif
