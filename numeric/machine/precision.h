/* precision.h - the numbers that state vectors are made of.

   Single precision halves memory and time; losses and derivatives then are off by
   about 1e-6 of the norm of the observable, and are doubles all the same. Where it
   is used: numeric/sample/sampler.h. Layer: numeric. */
#ifndef LIESCAPE_PRECISION_H
#define LIESCAPE_PRECISION_H

#include <stddef.h>

typedef enum { PRECISION_DOUBLE, PRECISION_SINGLE } precision_t;

static inline const char *precision_name(precision_t p) {
  return p == PRECISION_SINGLE ? "single" : "double";
}

static inline size_t precision_bytes(precision_t p) {
  return p == PRECISION_SINGLE ? sizeof(float) : sizeof(double);
}

/* 2^-53 or 2^-24: half a unit in the last place of a number below 1. */
static inline double precision_unit(precision_t p) {
  return p == PRECISION_SINGLE ? 0x1p-24 : 0x1p-53;
}

#endif
