/* check_twirl.h - for `liescape check`: second moments of the loss of a pure state whatever
   acts on its sectors (check_pure.h): one ideal on several of them, by a representation or
   its dual, su(d), so(d) or sp(d/2); modulo the prime.

   W = sum V_k, dim W = w. E[l^2] = <rho (x) rho, T>, T the projection of O (x) O to the
   operators on W (x) W that the group fixes. It acts on the part V_m (x) V_n -> V_k (x) V_l:
   invariants are none unless the centre has the same characters on both sides, and else
   pairings of the four legs: with J: V_m -> V_k, c in V_k (x) V_l, c* in the dual of
   V_m (x) V_n, maps that [g, g] fixes (one or none each, by Schur's lemma),
     J_mk (x) J_nl,   swap (J_nk (x) J_ml),   c_kl c*_mn.
   These are all, but for the determinant of d legs: nothing is said where d legs of one
   ideal su(d), so(d) may be among four (d = 2 has none but these; of so(3), su(3) one leg
   must be a line). A is projected to sum_ij s_i (G^-1)_ij Tr(t_j A), s and t the pairings
   one way and the other, G_ij = Tr(t_i s_j), of independent ones.

   E[(d l)^2] with H anew between two Haar unitaries: -<rho (x) rho, P (ad H (x) ad H) P
   (O (x) O)>, P this projection.

   Layer: algebra, above check_pure. */
#ifndef LIESCAPE_ALGEBRA_CHECK_TWIRL_H
#define LIESCAPE_ALGEBRA_CHECK_TWIRL_H

#include "algebra/check/sums/check_pure.h"

typedef struct {
  check_pure_struct *pure;
  nmod_t mod;
  size_t length;
  nmod_mat_struct *map, *pair, *dual; /* [a length + b]: J: V_a -> V_b; c, c* of V_a and V_b;
                                         0 x 0: none */
  mp_limb_t *character;               /* [a num_sums + j]: Tr H_j / d on V_a */
  mp_limb_t **state, **costate;       /* phi and its conjugate on V_a; rho = state costate^T */
} check_twirl_struct;
typedef check_twirl_struct check_twirl_t[1];

/* False, with nothing to clear: W is too large, or determinants may be among the invariants. */
bool check_twirl_init(check_twirl_t out, check_pure_t pure);
void check_twirl_clear(check_twirl_t t);

/* E[l^2], and E[(d l)^2] for exp(-i theta H) when h is not NULL. part[k length + l] is the
   matrix O_kl. False: a denominator is a multiple of the prime. */
bool check_twirl_second(mp_limb_t *out, const check_twirl_t t, const nmod_mat_struct *part,
                        const pauli_sum_struct *h);
/* Of the orbit of rho: the rank of all [x, rho] on W, x in g, which is made by brackets.
   False: a denominator is a multiple of the prime, or W is too large. */
bool check_twirl_orbit_dimension(size_t *out, const check_twirl_t t);

#endif
