/* sphere_orbit.h - orbits that are whole spheres, and products of them: there a loss of
   any observable is a quadratic form, and has no traps.

   R = the real span of G|psi>. When it is no complex space and the orbit has the
   dimension of its sphere, the orbit is that sphere. When it is one, of complex dimension
   N, the associative algebra of the generators acts on it, and what commutes with that
   action has some complex dimension k. If it commutes in itself, R is the sum of k
   inequivalent irreducible spaces, G keeps the lengths r_i of the parts psi_i of |psi> in
   them, and an orbit of dimension 2N - k - 1 (up to phase) is all of the product of their
   spheres.

   l(x) = x^+ M x on that product. At a local minimum (M - L) x = 0 with real multipliers
   L = sum L_i 1_i, and M - L >= 0 on all d with Re x_i^+ d_i = 0. If M - L >= 0 on
   everything, l(y) = y^+ (M - L) y + sum L_i r_i^2 >= l(x) for every y: x is global. Else
   it has a negative eigenvector v; v is orthogonal to the kernel, and x is in that, so the
   k numbers x_i^+ v_i add up to 0.
     k = 1: v itself is a direction of descent, real or complex.
     k = 2: v and iv, with one real condition left: one combination is a direction.
     k = 3, M real in a basis in which the spaces are real: take v real, x = u + iw; u, w
     are in the kernel. (Re, Im) x_i^+ v_i span at most the plane of sum 0 in R^3, and
     combinations c v + d u + e w are directions of descent unless |u_i|^2, u_i.w_i,
     |w_i|^2 are all in proportion to r_i^2. Then x is cos(s) u' + i sin(s) w' up to phase,
     u' real with parts of length r_i, and l is constant along s -> 0, where iv is a
     direction of descent.
   So there are no local minima but global ones, for k = 3 none that no path along which l
   does not rise leads out of.

   Layer: above state_action. */
#ifndef LIESCAPE_SPHERE_ORBIT_H
#define LIESCAPE_SPHERE_ORBIT_H

#include "algebra/analysis/state_action.h"
#include "algebra/base/pauli_sum.h"

typedef struct {
  bool holds;
  bool is_real;   /* one real sphere */
  size_t spheres; /* k: 1, 2, or 3 */
  size_t dimension; /* of R, real */
  /* Of the set of global minima in the orbit; SIZE_MAX: not known. It is known where
     |psi> itself is a global minimum, and is dim R less the multiplicity there. */
  size_t codimension;
} sphere_orbit_t;

/* The orbit of the pure state under the algebra of the generators, of the dimension given
   (up to phase); .holds is false too where the spaces are too large to tell. */
sphere_orbit_t sphere_orbit_find(const pauli_sum_struct *generators,
                                 size_t num_generators,
                                 const stabilizer_state_t state, size_t orbit_dimension,
                                 const pauli_sum_t observable);

#endif
