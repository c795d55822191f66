/* random.h - random numbers that are functions of their coordinates.

   Philox 4x64-10 (J. K. Salmon et al., "Parallel random numbers: as easy as
   1, 2, 3", 2011) in counter mode: the number for (seed, purpose, sample,
   layer, parameter) is the same whoever asks and in whatever order, so a run
   does not depend on the number of threads. */
#ifndef LIESCAPE_NUMERIC_RANDOM_H
#define LIESCAPE_NUMERIC_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Separate streams of one seed. */
typedef enum {
  RANDOM_ANGLES = 1, /* + attempt << 8 */
  RANDOM_PILOT,
  RANDOM_CONFIRM,
  RANDOM_LAW,
  RANDOM_SELF_CHECK,
  RANDOM_MINIMA, /* + row << 8, landscape << 16 */
  RANDOM_OWN_DEPTH, /* + attempt << 8 */
  RANDOM_PATHS,
  RANDOM_FISHER, /* + (attempt + 1) << 8 */
  RANDOM_PROFILE,
  RANDOM_MINIMA_LAW,
  RANDOM_CURVATURE,
  RANDOM_SQUARES, /* + attempt << 8, kind << 16 */
  RANDOM_MINIMA_COUNT, /* + p << 8, landscape << 16 */
  RANDOM_SLICE,
  RANDOM_NOISE,   /* + attempt << 8 */
  RANDOM_WIDTHS,  /* likewise, width << 16 */
  RANDOM_ORBIT_MINIMA,
  RANDOM_SPHERE_MINIMA
} random_purpose_t;

/* out[j], j < count: uniform in (0,1), multiples of 2^-53 moved by half a
   step. */
void random_uniforms(double *out, size_t count, uint64_t seed, uint64_t purpose,
                     uint64_t sample, uint64_t layer);

/* out[j], j < count: words of 64 random bits. */
void random_words(uint64_t *out, size_t count, uint64_t seed, uint64_t purpose,
                  uint64_t sample, uint64_t layer);

/* A stream of its own for (seed, purpose, sample): for variates that take an
   unknown number of draws. */
typedef struct {
  uint64_t seed, purpose, sample, next;
  double block[4];
  double spare_normal;
  int have_spare;
} random_stream_t;

void random_stream_init(random_stream_t *stream, uint64_t seed,
                        uint64_t purpose, uint64_t sample);
double random_uniform(random_stream_t *stream);
/* Standard normal (polar form of Box and Muller, G. Marsaglia 1964). */
double random_normal(random_stream_t *stream);
/* Gamma variate of unit scale, shape > 0: G. Marsaglia and W. W. Tsang, "A
   simple method for generating gamma variables", 2000. */
double random_gamma(random_stream_t *stream, double shape);

#endif
