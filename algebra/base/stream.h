/* stream.h - reproducible streams of words; nothing rests on their quality.
   SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014). Private to algebra.
   Layer: base. */
#ifndef LIESCAPE_ALGEBRA_STREAM_H
#define LIESCAPE_ALGEBRA_STREAM_H

#include <stdint.h>

#define STREAM_STEP UINT64_C(0x9e3779b97f4a7c15)

/* A word that depends on every bit of z. */
static inline uint64_t stream_mix(uint64_t z) {
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}
/* The next word; any state will do to begin with. */
static inline uint64_t stream_next(uint64_t *state) {
  return stream_mix(*state += STREAM_STEP);
}

#endif
