/* pair_kernels.h - the inner loops of the module sampler.

   Vectors are rows of STATEVECTOR_LANES numbers, one for each element; c and s
   rows of cosines and sines; everything aligned to 64 bytes. AVX-512, AVX2 or
   portable, as statevector.h chooses. Private to string_module. */
#ifndef LIESCAPE_NUMERIC_PAIR_KERNELS_H
#define LIESCAPE_NUMERIC_PAIR_KERNELS_H

#include "numeric/circuit/reach.h"

typedef struct {
  /* v_a, v_b <- c v_a - s v_b, c v_b + s v_a for every pair. */
  void (*rotate)(double *v, const reach_pair_t *pairs, size_t count,
                 const double *c, const double *s);
  /* slope += sum of v_a w_b - v_b w_a over the pairs; then rotates both. */
  void (*back)(double *slope, double *v, double *w, const reach_pair_t *pairs,
               size_t count, const double *c, const double *s);
  /* out += sum of v_i w_i. */
  void (*dot)(double *out, const double *v, const double *w, size_t count);
} pair_kernels_t;

const pair_kernels_t *pair_kernels(void);

#endif
