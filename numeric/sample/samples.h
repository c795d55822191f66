/* samples.h - what the sampler leaves of one attempt, chunk by chunk.

   A chunk (sampler->chunk samples) is computed as a whole and its numbers depend
   on the seed only, so that an attempt may be interrupted, continued, or shared
   out among processes, and still give the same numbers to the last bit: sums
   over the samples are formed from those of the chunks, in order.

   Layer: numeric; above sampler. */
#ifndef LIESCAPE_NUMERIC_SAMPLES_H
#define LIESCAPE_NUMERIC_SAMPLES_H

#include "numeric/sample/sampler.h"

typedef struct {
  size_t num_pairs, num_samples, num_chunks;
  size_t chunk;              /* samples of one */
  size_t sums_row;           /* numbers of one chunk in chunk_sums, or 0 */
  double **losses;           /* [pair][sample] */
  size_t *kept_parameters;   /* [pair], see sampler_job_t */
  double **kept_gradients;   /* [pair][sample]; NULL for a pair without one */
  double *chunk_sums;        /* [chunk][sums_row] */
  const slope_products_t *products; /* borrowed */
} samples_t;

/* kept_parameters is copied; NULL: no gradients at all. products: with room, or NULL. */
void samples_init(samples_t *samples, const sampler_t *sampler,
                  size_t num_samples, const size_t *kept_parameters,
                  const slope_products_t *products);
void samples_clear(samples_t *samples);
/* Bytes that one sample takes, on average, that many products included. */
double samples_bytes_each(const sampler_t *sampler, bool gradients, size_t num_products);
/* Makes job write into these samples, all but chunk_done. */
void samples_aim(sampler_job_t *job, const samples_t *samples);

/* One chunk, packed: losses, kept gradients and products of its samples, then its sums. The
   void pointers to samples are for units.h. */
size_t samples_chunk_bytes(const samples_t *samples);
void samples_pack(void *out, const void *samples, size_t chunk);
void samples_unpack(void *samples, const void *in, size_t chunk);

#endif
