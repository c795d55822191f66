/* depth_noise.h - Pauli noise on a walk of strings. Private.

   A Pauli channel on a qubit multiplies a string Q by lambda of its letter there, so
   the pair (Q, Q') takes lambda_Q lambda_Q'; nothing else changes. Between two
   averages that a string takes part in these factors are collected to one, a product
   of powers of the three lambdas, each distinct product stored once.

   Layer: algebra, above depth_walk, depth_cone. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_NOISE_H
#define LIESCAPE_ALGEBRA_DEPTH_NOISE_H

#include "algebra/base/flint_compat.h"
#include "algebra/depth/depth_cone.h"
#include "algebra/depth/depth_walk.h"

typedef struct {
  uint32_t (*ops)[2];  /* for each average, the factors of its strings before it */
  uint32_t *last;      /* for each string, the factor after its last average */
  row_table_t powers;  /* factor k: exponents of lambda_X, lambda_Z, lambda_Y */
  arb_ptr factor;      /* its value; factor 0 is 1 */
  uint32_t outside;    /* what [Q]L takes where only L has letters */
  uint32_t most;       /* lambdas that a pair takes at most, on any path */
} depth_noise_struct;
typedef depth_noise_struct depth_noise_t[1];

/* Pairs ([Q], [Q]L) of the walk in the cone; num_start strings begin it. shift: L, on
   the register. O(places strings/64) and the letters met. */
void depth_noise_init(depth_noise_t noise, const depth_frame_t frame,
                      const depth_cone_t cone, const depth_walk_t walk,
                      size_t num_start, const uint64_t *shift, slong prec_bits);
void depth_noise_clear(depth_noise_t noise);

/* As depth_walk_evaluate, in balls: total and gradient[] are added to, which mean nothing
   on STATUS_LIMIT. */
status_t depth_noise_evaluate(arb_t total, arb_ptr gradient,
                              const depth_noise_t noise, const depth_walk_t walk,
                              const fmpz *weights, size_t num_start,
                              const fmpz *values, slong prec_bits,
                              const depth_limits_t *limits);

#endif
