/* string_product.h - exact moments of the deep circuit for a product state.
   Private.

   When one component (not free fermions) spans all strings, V = F_2^(2n), its
   orbits are the strings other than the identity, all of them or by the value of
   q, and sums over them factor over the qubits: with rho_v = Tr(rho [v]),
       sum over all v of rho_v^2 = prod_j (1 + x_j^2 + y_j^2 + z_j^2),
   and q(v) = x.z + omega(a, v) for some a, since both sides have the same polar
   form, so that sum (-1)^q(v) rho_v^2 is a product too. Then (nothing but the
   identity commutes with V, hence no cross terms)
       Var l = sum over orbits C of (sum_(P in C) o_P^2 / |C|) sum_(v in C) rho_v^2,
   and the gradient with respect to exp(-i theta P/2) has each C weighted by the
   share of its strings that anticommute with P: 4^n/2 of all, (4^n/2 + G)/2 of
   those with q = 0 and (4^n/2 - G)/2 of those with q = 1, G = sum (-1)^q(v), for
   q(P) = 1.

   Layer: algebra, between string_moments and landscape. */
#ifndef LIESCAPE_STRING_PRODUCT_H
#define LIESCAPE_STRING_PRODUCT_H

#include "algebra/base/product_state.h"
#include "algebra/strings/string_moments.h"

/* Does the above apply to g? */
bool string_product_applies(const string_algebra_t g);
/* moments is initialised; to be called only when it applies. O(n + terms n). */
void string_product_moments(string_moments_t moments, const string_algebra_t g,
                            const pauli_sum_t observable,
                            const product_state_t state);

#endif
