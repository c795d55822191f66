#include "numeric/sample/samples.h"

#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

void samples_init(samples_t *s, const sampler_t *sampler, size_t num_samples,
                  const size_t *kept_parameters, const slope_products_t *products) {
  *s = (samples_t){.num_pairs = sampler->num_pairs,
                   .num_samples = num_samples,
                   .num_chunks = sampler_chunks(sampler, num_samples),
                   .chunk = sampler->chunk};
  s->losses = memory_get(s->num_pairs, sizeof *s->losses);
  for (size_t p = 0; p < s->num_pairs; p++)
    s->losses[p] = memory_get(num_samples, sizeof(double));
  if (!kept_parameters) return;
  s->products = products;
  s->sums_row = sampler_sums_row(sampler);
  s->chunk_sums = memory_get(s->num_chunks * s->sums_row, sizeof(double));
  s->kept_parameters = memory_get(s->num_pairs, sizeof *s->kept_parameters);
  s->kept_gradients = memory_get(s->num_pairs, sizeof *s->kept_gradients);
  for (size_t p = 0; p < s->num_pairs; p++) {
    s->kept_parameters[p] = kept_parameters[p];
    if (kept_parameters[p] != PROGRAM_NONE)
      s->kept_gradients[p] = memory_get(num_samples, sizeof(double));
  }
}

void samples_clear(samples_t *s) {
  for (size_t p = 0; p < s->num_pairs; p++) {
    if (s->losses) free(s->losses[p]);
    if (s->kept_gradients) free(s->kept_gradients[p]);
  }
  free(s->losses);
  free(s->kept_gradients);
  free(s->kept_parameters);
  free(s->chunk_sums);
  *s = (samples_t){0};
}

double samples_bytes_each(const sampler_t *sampler, bool gradients, size_t num_products) {
  double columns = (double)(sampler->num_pairs * (gradients ? 2 : 1) + num_products);
  double sums = gradients ? (double)sampler_sums_row(sampler) : 0;
  return sizeof(double) * (columns + sums / (double)sampler->chunk);
}

void samples_aim(sampler_job_t *job, const samples_t *s) {
  job->num_samples = s->num_samples;
  job->losses = s->losses;
  job->kept_parameters = s->kept_parameters;
  job->kept_gradients = s->kept_gradients;
  job->chunk_sums = s->chunk_sums;
  job->products = s->products;
}

/* What there may be of numbers by sample: losses, kept gradients, products. */
static size_t max_columns(const samples_t *s) {
  return 2 * s->num_pairs + (s->products ? s->products->count : 0);
}

/* NULL: it is not kept. */
static double *column(const samples_t *s, size_t i) {
  if (i < s->num_pairs) return s->losses[i];
  if (i < 2 * s->num_pairs)
    return s->kept_gradients ? s->kept_gradients[i - s->num_pairs] : NULL;
  return s->products->values[i - 2 * s->num_pairs];
}

static size_t num_columns(const samples_t *s) {
  size_t columns = 0;
  for (size_t i = 0; i < max_columns(s); i++) columns += column(s, i) != NULL;
  return columns;
}

size_t samples_chunk_bytes(const samples_t *s) {
  return (num_columns(s) * s->chunk + s->sums_row) * sizeof(double);
}

/* Copies between a packed chunk and the arrays, in the direction asked for. */
static void move_chunk(char *packed, const samples_t *s, size_t chunk,
                       bool out) {
  size_t first = chunk * s->chunk, count = s->chunk;
  if (first + count > s->num_samples) count = s->num_samples - first;
  for (size_t i = 0; i < max_columns(s); i++) {
    double *values = column(s, i);
    if (!values) continue;
    if (out) memcpy(packed, values + first, count * sizeof *values);
    else memcpy(values + first, packed, count * sizeof *values);
    packed += s->chunk * sizeof *values;
  }
  if (!s->sums_row) return;
  double *sums = s->chunk_sums + chunk * s->sums_row;
  if (out) memcpy(packed, sums, s->sums_row * sizeof *sums);
  else memcpy(sums, packed, s->sums_row * sizeof *sums);
}

void samples_pack(void *out, const void *samples, size_t chunk) {
  memset(out, 0, samples_chunk_bytes(samples));
  move_chunk(out, samples, chunk, true);
}

void samples_unpack(void *samples, const void *in, size_t chunk) {
  move_chunk((char *)(uintptr_t)in, samples, chunk, false);
}
