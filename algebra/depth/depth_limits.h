/* depth_limits.h - what the analysis of a finite circuit is given besides the
   circuit: the state, the laws of its parameters, and how far to go.

   Layer: algebra, above ansatz. */
#ifndef LIESCAPE_DEPTH_LIMITS_H
#define LIESCAPE_DEPTH_LIMITS_H

#include "algebra/base/ansatz.h"
#include "algebra/base/flint_compat.h"
#include "algebra/base/product_state.h"

/* Exactly one of them is not NULL; pauli is 2^n rho. */
typedef struct {
  const stabilizer_state_struct *stabilizer;
  const product_state_struct *product;
  const pauli_sum_struct *pauli;
} depth_state_t;

typedef struct {
  angle_law_t law;
  bool times_pi; /* width is in units of pi */
  const fmpq *width; /* positive; unused (NULL) for ANGLE_FULL_PERIOD */
} depth_distribution_t;

typedef struct {
  /* NULL, or a second input: E[l l'] and E[dl dl'] of the two in the place of the
     second moments (the mean is that of the first, the variance means nothing). */
  const depth_state_t *other;
  size_t max_strings; /* live strings or pairs */
  size_t max_bytes;   /* memory for strings, weights and the record of steps */
  slong prec_bits;    /* of balls */
  bool gradients;     /* compute them */
  bool noisy;         /* with the noise of the ansatz, if it has any */
  bool never_fits;    /* without the noise it was found so, see finite_depth_struct */
  /* finite_depth_profile: strings times gates, squared over the layers, before
     it stops; 0: no limit. About 10^8 a second. */
  uint64_t max_work;
  /* NULL, or called now and then while strings or pairs are followed, by the
     thread that called; true stops the work. */
  bool (*abort)(void *data);
  void *abort_data;
} depth_limits_t;

/* Is it time to stop? */
static inline bool depth_limits_stop(const depth_limits_t *limits) {
  return limits->abort && limits->abort(limits->abort_data);
}

/* 2^24 strings, 2 GiB, 128 bits, with gradients. */
void depth_limits_default(depth_limits_t *limits);

/* out = E[exp(i x theta)] under a symmetric law: sin(x width)/(x width), exp(-(x width)^2/2),
   or 0 over a full period, x a frequency that occurs. */
void depth_characteristic(arb_t out, const depth_distribution_t *law, const arb_t x,
                          slong prec);

#endif
