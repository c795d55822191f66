/* check_pure_loss.h - for `liescape check`: moments of the loss of a pure state on sectors
   (check_pure.h), modulo the prime.

   On every V_k the group is SU(d_k), independent ones: with w_k =
   <phi|P_k|phi>, t_k = Tr O_kk, O'_kk the traceless part, c_kl = Tr O_kl O_lk,
     E[l]   = sum_k w_k t_k / d_k
     E[l^2] = E[l]^2 + sum_k w_k^2 (1 - 1/d_k) Tr O'_kk^2 / (d_k^2 - 1)
              + sum_(k != l) w_k w_l c_kl / (d_k d_l)
   and, H anew between two Haar unitaries, H'_k its traceless part on V_k,
     E[(d l)^2] = sum_k w_k^2 (1 - 1/d_k) 2 d_k Tr O'_kk^2 Tr H'_k^2 / (d_k^2 - 1)^2
              + sum_(k != l) w_k w_l c_kl / (d_k d_l) *
                (Tr H_k^2/d_k + Tr H_l^2/d_l - 2 Tr H_k Tr H_l / (d_k d_l)),
   by Schur's lemma: traceless matrices on V_k, and V_k (x) V_l*, are irreducible and no two
   are alike. Of sectors of dimension 1 (told apart by the centre) two may be populated.
   Where generators are i times antisymmetric matrices, phi is real and the group is SO(d_k)
   on every V_k (pure->turns), the loss of an antisymmetric matrix is 0: O is its symmetric
   part, O'_kk one of the traceless symmetric matrices, which are irreducible, D_k =
   (d_k + 2) (d_k - 1)/2 of them; and V_k (x) V_l is its own dual, so that c_kl counts twice:
     E[l^2] = E[l]^2 + sum_k w_k^2 (1 - 1/d_k) Tr O'_kk^2 / D_k
              + sum_(k != l) w_k w_l 2 c_kl / (d_k d_l);
   for gradients the term of k is to be multiplied by 2 Tr H_k^2 / (d_k - 1), the ratio of
   Casimir operators (2 d on these matrices, d - 1 on V) times Tr H_k^2 / d_k, that of k, l
   by Tr H_k^2/d_k + Tr H_l^2/d_l.
   Coherences of more lines, and of sectors of dimension 2, and sectors on which something
   else acts, as check_twirl.h has it.

   Layer: algebra, above check_twirl. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PURE_LOSS_H
#define LIESCAPE_ALGEBRA_CHECK_PURE_LOSS_H

#include "algebra/check/sums/check_twirl.h"

/* An observable on these sectors. */
typedef struct {
  nmod_t mod;
  size_t length;
  bool turned; /* pure->turns: then O is its symmetric part */
  mp_limb_t *trace, *square; /* t_k, Tr O_kk^2 */
  nmod_mat_t coherence;      /* c_kl, 0 for k = l */
  nmod_mat_struct *part;     /* O_kk; empty where diagonal has it, or it is too large */
  /* The only sector is all of its block, and O is diagonal there, or a sum of products of
     flips (X in the frame) that do not leave the block: its eigenvalues there, each of
     num_values / d of these. A state of the block has the same square of its product with
     each of the 2^n eigenvectors of all flips, so that it is their values on all of the
     space that count. NULL: neither. */
  mp_limb_t *values;
  size_t num_values;
  mp_limb_t mean, second;
  bool has_twirl; /* then second, and gradients, come from it, and from all[k length + l] */
  check_twirl_t twirl;
  nmod_mat_struct *all;
} check_pure_loss_struct;
typedef check_pure_loss_struct check_pure_loss_t[1];

/* False: a denominator is a multiple of the prime, or coherences are not covered. */
bool check_pure_loss_init(check_pure_loss_t out, check_pure_t pure,
                          const pauli_sum_struct *observable);
void check_pure_loss_clear(check_pure_loss_t loss);
/* E[(dl)^2] for exp(-i theta H). */
bool check_pure_gradient(mp_limb_t *out, const check_pure_loss_t loss,
                         check_pure_t pure, const pauli_sum_struct *h);

/* E[l] alone, whatever the coherences are. */
bool check_pure_mean(mp_limb_t *out, check_pure_t pure, const pauli_sum_struct *observable);
/* Of the orbit of rho: that of check_twirl.h, or 2 d_k - 1 for every sector of dimension d_k > 1,
   since SU(d_k), and Sp(d_k/2), moves phi_k over a sphere (d_k - 1 for SO(d_k) and a real phi_k); phases on the others, as many as the centre has there; less the
   phase of phi as a whole, counted as one of them. False: a denominator vanishes. */
bool check_pure_orbit_dimension(size_t *out, check_pure_t pure);

#endif
