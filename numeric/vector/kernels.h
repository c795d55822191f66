/* kernels.h - the inner loops of state vectors, for one instruction set.

   A string P acts on index i through w = -i P v,
       w_i = sigma(i) v_(i^x) up to swapping real and imaginary part,
   with a sign sigma(i) = +-(-1)^(z.i): for |x&z| odd sigma is real, for |x&z|
   even (re, im) -> (im, -re). kernel_turn_t holds those signs, multiplied by
   a sine or not, in the form in which the loops need them. Flipping all of
   them (parity = 1) is free; so a block of a larger vector, whose strings
   differ from those of other blocks by a sign only, uses the same turn.

   Every function works on a range of units of 2^unit_bits amplitudes, or, in
   rotate and back when x reaches beyond a unit (turn->paired), of the pairs of
   units {i, i^x} numbered by the indices with a zero at the highest bit of x.
   A vector has at least one unit.

   The loops are written once and compiled for either precision (kernel_set.h);
   rows of cosines, sines, factors and sums are doubles in both. In single
   precision products are added up as floats over KERNEL_PARTIAL items, and those
   partial sums as doubles. Private to numeric. */
#ifndef LIESCAPE_NUMERIC_KERNELS_H
#define LIESCAPE_NUMERIC_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numeric/machine/precision.h"

enum { KERNEL_PARTIAL = 64, KERNEL_SUMS = 16, KERNEL_PARTS = 8 };

typedef struct {
  /* Rows of 64 bytes, of floats in single precision: cos, sin, sigma at the first
     vector of a unit, and table[parity][vector of the unit]. */
  double cosine[8], sine[8], sigma[8], table[2][4][8];
  uint8_t flips[4]; /* sigma of the other vectors: relative signs */
  uint64_t x, z;   /* beyond the unit, shifted down */
  unsigned within; /* x inside the unit, by vectors */
  unsigned kind;   /* permutation inside a vector of registers */
  bool odd, paired;
} __attribute__((aligned(64))) kernel_turn_t;

typedef struct {
  unsigned unit_bits;
  /* The string; phase = |x&z| of P (x and z may be those of P in other
     coordinates). */
  void (*prepare)(kernel_turn_t *turn, uint64_t x, uint64_t z, unsigned phase);
  /* For exp(-i a P/2), c and s rows (one number, or one for each lane) of
     cos(a/2) and sin(a/2), aligned when they are rows of lanes. unit: the
     table without the sine, for all functions below but rotate. */
  void (*load)(kernel_turn_t *turn, const double *c, const double *s,
               bool unit);
  /* v <- exp(-i a P/2) v. */
  void (*rotate)(void *amps, const kernel_turn_t *turn, unsigned parity,
                 size_t first, size_t last);
  /* sums (KERNEL_SUMS numbers) += Im <lambda|P|psi>, lane by lane; for one lane
     in KERNEL_PARTS parts, to be added up; then both are rotated. */
  void (*back)(void *psi, void *lambda, double *sums,
               const kernel_turn_t *turn, unsigned parity, size_t first,
               size_t last);
  /* The same, but psi stays. */
  void (*follow)(void *psi, void *lambda, double *sums,
                 const kernel_turn_t *turn, unsigned parity, size_t first,
                 size_t last);
  /* out += f P in; f: a row of real and one of imaginary parts. */
  void (*add)(void *out, const kernel_turn_t *turn, const double *f,
              const void *in, size_t first, size_t last);
  /* r[0], r[1]: rows; += real and imaginary part of <a|P|b>. */
  void (*bracket)(double *r, const void *a, const kernel_turn_t *turn,
                  unsigned parity, const void *b, size_t first, size_t last);
  /* table[i + half] = f table[i], i < half amplitudes; f: a row of real and one
     of imaginary parts. */
  void (*double_up)(void *table, size_t half, const double *f);
  /* amps[i] *= table[i]. */
  void (*multiply)(void *amps, const void *table, size_t count);
  /* q[i] = Im(conj(lambda[i]) psi[i]), rows of lanes; for one lane two numbers
     each, q[i] and -q[i]. */
  void (*cross)(void *q, const void *psi, const void *lambda, size_t count);
  /* q[z] <- sum_i (-1)^(z.i) q[i] over 2^bits places. */
  void (*hadamard)(void *q, unsigned bits);
  /* count chunks of `bytes` (a multiple of 64) each at base ^ offsets[k] to or
     from consecutive places; past: by stores that do not stay in the caches. base
     and offsets in bytes. */
  void (*gather)(void *tile, const void *from, size_t base,
                 const size_t *offsets, size_t count, size_t bytes);
  void (*scatter)(void *to, const void *tile, size_t base,
                  const size_t *offsets, size_t count, size_t bytes, bool past);
} kernels_t;

/* For one vector, for one vector of fewer amplitudes than a unit of that, and for
   a row of vectors. */
typedef struct {
  kernels_t one, tiny, many;
} kernel_family_t;

typedef struct {
  const char *name;
  const kernel_family_t *families[2]; /* by precision */
  /* Cosines and sines of STATEVECTOR_LANES half angles. */
  void (*angles)(double *cosines, double *sines, const double *half);
} kernel_set_t;

/* By LIESCAPE_SIMD and the machine. */
const kernel_set_t *kernels_choose(void);
/* The set in use: chosen at the first call. */
const kernel_set_t *kernels_set(void);
/* The loops for vectors of that many qubits and lanes. */
const kernels_t *kernels_for(size_t num_qubits, size_t lanes,
                             precision_t precision);

#endif
