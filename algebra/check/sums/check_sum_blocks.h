/* check_sum_blocks.h - for `liescape check`: where the Wishart blocks of a loss come
   from when generators are sums of strings, by a path that shares nothing with
   sum_jordan.

   For algebras with [g, g] the sum of the full su(d), so(d), sp(d/2) of the sectors
   (check_sum_structure.h), modulo the prime. P_s is the central projector on sector
   s, of dimension d and multiplicity m, found from the powers of the central Z.
     x_s = (P_s O + O P_s)/2 - (Tr(P_s O)/(d m)) P_s, the part of O there; O moves s
     if it is not 0. It lies in [g, g] if the nearest element of the span of [g, g],
     by Tr(x y), is x_s itself; then it is a d x d matrix, tensor 1, and
     Tr(x_s^j)/m are the power sums of its eigenvalues;
     R, the element of that span nearest to rho; (Tr(P_s rho)/(d m)) P_s + P_s R is
     rho_s/m tensor 1, rho_s the reduced state, which is a multiple of a projector of
     rank r iff Tr rho_s^2 = w^2/r and Tr rho_s^3 = w^3/r^2, w = Tr rho_s.

   Where O is not in the algebra, another observable X may have the same loss. With
   y_s = P_s R, sigma_s = m y_s the traceless reduced state, and dual bases b_i, b'_i of
   [g, g] (sum b_i Z b'_i = (1 (x) Tr_V Z - Z/d)/m for Z on s):
     1 (x) T = m^2 sum b_i y_s rho b'_i + m y_s rho / d, with P_s on both sides,
               T = Tr_V((sigma_s (x) 1) rho),
     x_s     = m (the nearest element to (O T + T O)/2) / Tr_V sigma_s^2
   is the best approximation in the mean square over Haar, with the variance
     sum_s Tr_V x_s^2 Tr_V sigma_s^2 / (d^2 - 1);
   it has the loss of O iff that is the variance of the loss of O.

   A permutation of qubits that fixes the generators and rho may act on O without a
   change of the loss: O is replaced by its average over all such permutations,
   which are tried one by one.

   Layer: algebra, above check_sum_structure. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SUM_BLOCKS_H
#define LIESCAPE_ALGEBRA_CHECK_SUM_BLOCKS_H

#include "algebra/check/sums/check_sum_structure.h"
#include "algebra/base/quantum_state.h"

/* Of sectors that look alike modulo the prime. */
typedef struct {
  const check_sector_struct *kind;
  bool moved, populated, inside;
  mp_limb_t weight;   /* the trace of the reduced state */
  mp_limb_t state[2]; /* those of its square and cube */
  mp_limb_t *power;   /* d + 1 or 5 of them: [j] = sum of (eigenvalue - mean)^j, if
                         inside, and one sector */
  size_t num_powers;
} check_sum_block_struct;

typedef struct {
  nmod_t mod;
  bool fixed;     /* O, so averaged, commutes with every generator */
  bool between;   /* it has a part between sectors */
  bool saturated; /* [g, g] is as large as its sectors allow */
  bool effective; /* the blocks are those of X, whose loss has this variance (for
                     complex sectors that do not look alike) */
  bool real;  /* populated sectors are so(d), of real states: blocks have beta 1 */
  bool exact; /* nothing was taken instead of O: they are those of the loss itself */
  mp_limb_t variance;
  size_t length;
  check_sum_block_struct *list;
} check_sum_blocks_struct;
typedef check_sum_blocks_struct check_sum_blocks_t[1];

typedef enum { CHECK_OBSERVABLE, CHECK_AVERAGED, CHECK_EFFECTIVE } check_choice_t;

/* False, with nothing to clear, when that was not counted, or a denominator is a
   multiple of the prime. choice: O as it is, averaged, or X instead. */
bool check_sum_blocks_init(check_sum_blocks_t out,
                           const check_sum_structure_t counted,
                           const pauli_sum_t observable,
                           const quantum_state_t state, check_choice_t choice);
void check_sum_blocks_clear(check_sum_blocks_t blocks);
/* Is [g, g] as large as its sectors allow? */
bool check_sum_is_saturated(const check_sum_structure_t s);

/* Is x the number modulo the prime? */
bool check_sum_blocks_is(const check_sum_blocks_t blocks, mp_limb_t number,
                         const fmpq_t x);
/* Are the d eigenvalues with these power sums (power[1] = 0) rational numbers, as far
   as their residues show? */
bool check_sum_blocks_rational(const check_sum_blocks_t blocks,
                               const check_sum_block_struct *block);

#endif
