/* landscape.h - what is proved of the loss of one observable and one state.

   l(theta) = Tr(rho U^dag O U), U distributed by the Haar measure of the
   group of the generators ("deep circuit"). Every number is exact, and has a
   flag that says whether it is known; when it is not, a reason is there.

   Layer: above laws; result type of the exact analysis, filled by
   string_landscape.h and sum_landscape.h. */
#ifndef LIESCAPE_LANDSCAPE_H
#define LIESCAPE_LANDSCAPE_H

#include "algebra/base/reason.h"
#include "algebra/base/status.h"
#include "algebra/generators/generators.h"
#include "algebra/laws/laws.h"

/* law.count independent, identical blocks (sectors that see the same data).
   On each, g acts as the full so(N), su(N), sp(N) (beta = 1, 2, 4) on the N x N
   real symmetric, complex or quaternionic Hermitian matrices; a spin factor, on
   whose m gamma matrices g acts as so(m), is written beta = m - 1, N = 2. The
   law holds beta, N, the rank s of the reduced state, the weight Tr of rho on
   one block, and the spectrum of the traceless part of O there (listed, or its
   moments and a ball for the least eigenvalue). See laws.h. */
typedef struct {
  size_t component; /* of the string algebra */
  size_t sector;    /* index in structure.sectors */
  fmpz_t index;     /* the Hilbert-space trace on the block is index * Tr */
  laws_block_t law;
} wishart_block_struct;

typedef struct {
  size_t observable, state; /* indices in the ansatz */
  bool mean_known, variance_known, gradient_known;
  fmpq_t mean, variance;
  /* When the state or the observable behind fixed gates is irrational, the numbers
     are those of rational approximations, and these bound the distances; else 0. */
  fmpq_t mean_error, variance_error, gradient_error;
  size_t num_parameters;
  /* Of parameter k: landscape_gradient(l, k). Equal numbers may stand once, they are
     as long as the dimension of the algebra: gradient_at[k] <= k tells where. */
  fmpq *gradient_variance;
  size_t *gradient_at;
  bool *gradient_in_pi; /* of each parameter: times pi^2, see generator_set_units */
  reason_code_t reason;    /* why a moment is not known */
  /* E[Tr(rho U^dag O^2 U)]: a single shot that measures O has this less E[l^2] for its
     variance, on average. bounded: an upper bound of it, (sum |o_P|)^2. */
  bool square_known; /* found together with the moments */
  bool square_bounded;
  fmpq_t mean_square;
  size_t orbit_dimension; /* of the state, where the moments tell; else 0 */
  answer_t wishart_applies;
  reason_t wishart_reason; /* always given once it was examined */
  size_t num_blocks;
  wishart_block_struct *blocks;
  /* When it applies: l = loss.constant + the blocks, which have mean 0; the
     constant is the mean. Same order as blocks[]. */
  laws_loss_t loss;
} landscape_struct;
typedef landscape_struct landscape_t[1];

static inline const fmpq *landscape_gradient(const landscape_struct *l, size_t k) {
  return l->gradient_variance + l->gradient_at[k];
}

/* Nothing known yet: numbers zero, no reasons. */
void landscape_init_empty(landscape_t landscape, size_t num_parameters,
                          size_t observable, size_t state);
/* All moments unknown, with the reason. */
void landscape_init_unknown(landscape_t landscape, size_t num_parameters,
                            size_t observable, size_t state,
                            reason_code_t reason);
/* Bounds from those of the observable and the state in set, when all else is
   done. */
void landscape_set_errors(landscape_t landscape, const generator_set_t set);
/* Does a gradient variance have a factor pi^2? */
bool landscape_has_pi(const landscape_t landscape);
static inline bool landscape_is_exact(const landscape_struct *landscape) {
  return fmpq_is_zero(landscape->variance_error);
}
/* No blocks after all: the law is the constant that the mean is. */
void landscape_drop_blocks(landscape_t landscape);
void landscape_clear(landscape_t landscape);

#endif
