/* string_product.h - exact moments of the deep circuit for product states. Private.

   When the components act on disjoint sets A_c of qubits, all strings of A_c being in
   V_c, the group is a product over the A_c, and so is the state. A term P = P_I
   prod_c P_c, P_I on the qubits that nothing acts on, has the orbit P_I prod_c C_c,
   and strings that differ only by what commutes with everything differ by P_I:
       Cov(l_a, l_b) = sum over P_A = prod P_c of  a(O_P) b(O_P)
                       prod_c (1/|C_c|) sum_(v in C_c) a_v b_v,
   O = sum P_A O_P, O_P on the idle qubits, a_v = Tr(a [v]). The orbit C_c of P_c:
   all strings of A_c but the identity, or those of one value of q. With
       sum over all v of a_v b_v = prod_j (1 + a_j . b_j),  Bloch vectors,
   and q(v) = x.z + omega(s, v) for some s, since both sides have the same polar
   form, sum (-1)^q(v) a_v b_v is a product over the qubits too. For free
   fermions on few qubits the orbit is listed.

   Layer: algebra, between string_moments and landscape. */
#ifndef LIESCAPE_STRING_PRODUCT_H
#define LIESCAPE_STRING_PRODUCT_H

#include "algebra/base/quantum_state.h"
#include "algebra/strings/string_moments.h"

/* Does the above apply to g? */
bool string_product_applies(const string_algebra_t g);
/* out (initialised) = the state, if it is a product over the qubits. */
bool string_product_factors(product_state_t out, const quantum_state_t state);
/* moments is initialised; to be called only when it applies. O(n terms). */
void string_product_moments(string_moments_t moments, const string_algebra_t g,
                            const pauli_sum_t observable,
                            const product_state_t state);
void string_product_covariance(fmpq_t covariance, const string_algebra_t g,
                               const pauli_sum_t observable,
                               const product_state_t a,
                               const product_state_t b);

#endif
