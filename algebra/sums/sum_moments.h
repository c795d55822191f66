/* sum_moments.h - exact moments of the loss when generators are sums of Pauli
   strings, U Haar on the group G.

   W = the smallest space that holds O and is mapped into itself by ad g. It is a
   real orthogonal representation of G (inner product Tr(A B) / 2^n). The G-invariant
   tensors of W (x) W are T_phi = sum_k phi(e_k) (x) e_k, phi in End_g(W), e_k an
   orthonormal basis, and the Haar average of O (x) O is its projection on them:
     E[O (x) O] = T_M,   M in End_g(W) with  tr(phi M) = <O, phi O>  for all phi.
   (The trace form on the semisimple algebra End_g(W) is not degenerate; nothing is
   split into irreducibles, isomorphic ones and centres need no care.) With r(w) =
   Tr(rho w) and s the element of W with <s, w> = r(w):
     E[l]    = <O, f> r(f) / <f, f>, f spanning the fixed vectors of W (at most one
               dimension, since O generates W), 0 if there are none;
     E[l l'] = r'(M s)   for inputs rho and rho';
     E[(dl/dtheta)^2], gate exp(-i theta H) between two Haar elements, K = i[H, .]:
               T_N with tr(phi N) = -tr(phi M K^2).
   Everything is linear algebra over Q in the coordinates of algebra/closure/module.h; for
   E[l^2] as a sum over irreducibles see M. Ragone et al., arXiv:2309.09342.

   Layer: above closure, quantum_state and generators. */
#ifndef LIESCAPE_SUM_MOMENTS_H
#define LIESCAPE_SUM_MOMENTS_H

#include <flint/fmpq_mat.h>

#include "algebra/base/reason.h"
#include "algebra/closure/closure.h"
#include "algebra/generators/generators.h"

struct sum_module; /* private: algebra/sums/sum_module.h */

typedef struct {
  size_t dimension;      /* of W; 0 while unknown */
  size_t num_invariants; /* dim End_g(W) */
  reason_code_t reason;  /* REASON_NONE: everything is there */
  struct sum_module *module;
} sum_moments_struct;
typedef sum_moments_struct sum_moments_t[1];

/* Observable: moved through the Cliffords. generators: none zero. Sets reason when
   a limit (limits->max_dimension for dim W, time, memory) stopped it. */
void sum_moments_init(sum_moments_t moments, const generator_set_t set,
                      const pauli_sum_t observable,
                      const closure_limits_t *limits);
void sum_moments_clear(sum_moments_t moments);

/* out = the element of W nearest to a, by Tr(A B). False: it takes too long. */
bool sum_moments_nearest(pauli_sum_t out, const sum_moments_t moments,
                         const pauli_sum_t a, size_t max_terms);

/* What one input state sees of W. */
typedef struct {
  fmpq_t mean, variance;
  fmpq_mat_t r, s; /* 1 x dim W: the functional, and what represents it */
  fmpq_mat_t seen; /* 1 x dim End: r(s phi_a) */
} sum_input_struct;
typedef sum_input_struct sum_input_t[1];

/* REASON_NONE, or why it is not known; input is then not
   initialised. Needs no moments->reason. */
reason_code_t sum_input_init(sum_input_t input, const sum_moments_t moments,
                             const quantum_state_t state);
void sum_input_clear(sum_input_t input);

/* E[l_a l_b] - E[l_a] E[l_b] for two inputs of the same moments. */
void sum_covariance(fmpq_t covariance, const sum_moments_t moments,
                    const sum_input_t a, const sum_input_t b);

/* variance[k] = E[(dl/dtheta_k)^2] for each parameter of the set that the moments
   come from. REASON_NONE, or a reason, with variance unspecified. */
reason_code_t sum_gradient(fmpq *variance, const sum_moments_t moments,
                           const sum_input_t input);

/* Another observable with the same loss for each of these inputs, since they and
   the generators share permutations of the qubits: its average over them (the
   observable itself when there are none). Often with a far smaller W. */
void sum_symmetric_observable(pauli_sum_t out, const generator_set_t set,
                              const pauli_sum_t observable,
                              const quantum_state_struct *const *states,
                              size_t num_states);

#endif
