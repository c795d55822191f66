/* check_pure.h - for `liescape check`: a pure state on the sectors that
   check_decomposition.h found, modulo its prime.

   rho = |phi><phi|. Where A phi, A the associative algebra of the generators, is the sum of
   one copy V_k of every sector that phi populates, only O_kl = P_k O P_l matters, P_k the
   projector on V_k (check_pure_loss.h).

   phi is a projector applied to a random vector, so known up to a number; <phi| the same
   with the complex conjugate projector. V_k is spanned by X^i s, with s a vector of
   the copy that matches that of the module, its dual by the same for the conjugate where
   generators are symmetric matrices; else by (X^T)^i <phi_k|.

   Layer: algebra, above check_decomposition. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PURE_H
#define LIESCAPE_ALGEBRA_CHECK_PURE_H

#include "algebra/base/quantum_state.h"
#include "algebra/check/sums/check_decomposition.h"

/* Of one populated sector. Matrices are |U| x d, U the states of the blocks where phi is:
   the span of the columns of right is V_k, that of left the same for the conjugate of phi,
   left^T right = 1. */
typedef struct {
  size_t found; /* of the decomposition */
  size_t block; /* the sector is all of this block, and nowhere else; or SIZE_MAX */
  size_t dimension;
  mp_limb_t weight;
  mp_limb_t *vector[2]; /* s, and that of the conjugate, on the whole space */
  nmod_poly_t ratio[2]; /* phi = ratio(X) s */
  nmod_mat_t left, right;
  bool has_matrices;
} check_populated_t;

typedef struct {
  check_decomposition_struct *d;
  size_t size, *place; /* |U|; place of a state in U, or SIZE_MAX */
  uint32_t *states;
  mp_limb_t *phi[2]; /* and the conjugate, on the whole space */
  size_t length;
  check_populated_t *list;
  bool real; /* phi is its own conjugate, and generators are symmetric matrices */
  bool apart; /* every populated sector is su(d), d = 1 included, with no ideal in two */
  /* Every generator is i times an antisymmetric matrix in the frame, phi is its own conjugate
     up to a factor, and every populated sector is so(d), d = 3 or d > 4, or a line, with no
     ideal in two: so V_k is its own conjugate too. */
  bool turns;
} check_pure_struct;
typedef check_pure_struct check_pure_t[1];

/* False, with nothing to clear: it is not pure, or not of that kind, or too large. */
bool check_pure_init(check_pure_t out, check_decomposition_t d,
                     const quantum_state_t state);
void check_pure_clear(check_pure_t pure);

/* out = m x, by columns. */
void check_pure_apply(nmod_mat_t out, const check_rows_t *m, const nmod_mat_t x,
                      check_prime_t *p);
/* out = left_k^T O right_l */
void check_pure_between(nmod_mat_t out, const check_rows_t *o, const check_populated_t *k,
                        const check_populated_t *l, check_prime_t *p);

#endif
