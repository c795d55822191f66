/* kernels.h - the inner loops of statevector.c, for one instruction set.

   Every function works on a range of the pairs {i, i^x} (numbered by the
   indices with a zero at the highest bit of x) or, when x = 0, of the indices.
   Private to statevector.c. */
#ifndef LIESCAPE_NUMERIC_KERNELS_H
#define LIESCAPE_NUMERIC_KERNELS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  /* exp(-i a P/2) on pairs first..last-1; s[0] = sin(a/2) lane by lane, s[1]
     = its negative, both multiplied by the real or imaginary sign of P. */
  void (*rotate)(double *amps, uint64_t x, uint64_t z, const double *c,
                 const double *s, size_t first, size_t last);
  /* out += f P in; f[0], f[1] the real and imaginary part of the factor. */
  void (*add)(double *out, uint64_t x, uint64_t z, const double *f,
              const double *in, size_t first, size_t last);
  /* r[0], r[1] += real and imaginary part of <a|P|b>. */
  void (*bracket)(double *r, const double *a, uint64_t x, uint64_t z,
                  const double *b, size_t first, size_t last);
  /* Cosines and sines of one row of half angles. */
  void (*angles)(double *cosines, double *sines, const double *half);
} kernels_t;

typedef struct {
  const char *name;
  kernels_t one, many; /* 1 lane, STATEVECTOR_LANES lanes */
} kernel_set_t;

const kernel_set_t *kernels_choose(void);

#endif
