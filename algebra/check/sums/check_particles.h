/* check_particles.h - for `liescape check`: spectra of a law where the generators are sums of
   bilinears of the Majorana modes gamma_2k = Z..Z X_k, gamma_2k+1 = Z..Z Y_k (Jordan and
   Wigner, in the order of the qubits), and one algebra acts on all of them.

   A generator is sum over a < b of A_ab i gamma_a gamma_b. All symmetric and antisymmetric X
   with [X, A_j] = 0 are found by elimination modulo a prime, which gives no fewer than there
   are over Q, lifted and checked. When 1 is the only symmetric one:
     1 antisymmetric one, J:  the generators lie in u(M/2), J^2 = -q;
     3 of them:               in sp(M/4).
   So [g, g] is su(M/2) or sp(M/4) when it has that dimension, which the caller knows. The
   observable and the state, B and S_ab = Tr(rho i gamma_a gamma_b), are made to commute with
   the X by means over them, and for su made free of trace. Numbers: the eigenvalues of J B,
   each twice, or b of +-i b of B, each pair twice.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PARTICLES_H
#define LIESCAPE_ALGEBRA_CHECK_PARTICLES_H

#include "algebra/base/flint_compat.h"
#include "algebra/check/check_strings.h"

typedef struct {
  bool found;
  bool symplectic; /* sp(size), else su(size) */
  size_t size;
  slong dimension; /* of su or sp */
  /* su: sum a^(r + 1); sp: sum b^(2 (r + 1)), r < size; of the state up to a factor. */
  fmpq *observable, *state;
} check_particles_struct;
typedef check_particles_struct check_particles_t[1];

/* The algebra alone: of what, and does it act on all modes? */
bool check_particles_act(size_t *size, bool *symplectic, const check_generators_t generators,
                         size_t max_modes);
/* out->found is false when it is not so, or there are more than max_modes. */
void check_particles_init(check_particles_t out, const check_generators_t generators,
                          const pauli_sum_struct *observable, const quantum_state_t state,
                          size_t max_modes);
void check_particles_clear(check_particles_t particles);

#endif
