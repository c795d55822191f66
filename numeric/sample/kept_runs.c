#include "numeric/sample/kept_runs.h"

#include <string.h>

#include "numeric/machine/share.h"
#include "numeric/machine/units.h"

static bool tick(void *context, uint64_t done, uint64_t total) {
  (void)done;
  (void)total;
  return units_tick(context);
}

/* --- columns of numbers by sample ------------------------------------------------- */

/* Values of the samples first .. last - 1, to the bytes or from them. */
static void move(char **at, double *values, size_t first, size_t last, bool out) {
  size_t bytes = (last - first) * sizeof *values;
  if (out) memcpy(*at, values + first, bytes);
  else memcpy(values + first, *at, bytes);
  *at += bytes;
}

/* --- samples --------------------------------------------------------------------------- */

typedef struct {
  sampler_job_t *job;
  const sampler_t *sampler;
} samples_run_t;

static size_t chunk_bytes(const samples_run_t *r) {
  const sampler_t *s = r->sampler;
  size_t columns = s->num_pairs * (r->job->gradient_norms ? 2 : 1);
  if (r->job->products) columns += r->job->products->count;
  size_t sums = r->job->chunk_sums ? sampler_sums_row(s) : 0;
  return (columns * s->chunk + sums) * sizeof(double);
}

static void move_chunk(char *at, const samples_run_t *r, size_t chunk, bool out) {
  const sampler_job_t *job = r->job;
  size_t first = chunk * r->sampler->chunk, last = first + r->sampler->chunk;
  size_t row = sampler_sums_row(r->sampler);
  if (last > job->num_samples) last = job->num_samples;
  for (size_t p = 0; p < r->sampler->num_pairs; p++) {
    move(&at, job->losses[p], first, last, out);
    if (job->gradient_norms) move(&at, job->gradient_norms[p], first, last, out);
  }
  for (size_t i = 0; job->products && i < job->products->count; i++)
    move(&at, job->products->values[i], first, last, out);
  if (job->chunk_sums)
    move(&at, job->chunk_sums, chunk * row, (chunk + 1) * row, out);
}

static void pack_chunk(void *out, const void *of, size_t chunk) {
  memset(out, 0, chunk_bytes(of));
  move_chunk(out, of, chunk, true);
}

static void unpack_chunk(void *of, const void *in, size_t chunk) {
  move_chunk((char *)in, of, chunk, false);
}

static bool run_chunks(void *of, units_t *units) {
  samples_run_t *r = of;
  r->job->chunk_done = units->skip;
  r->job->progress = tick;
  r->job->context = units;
  return sampler_run(r->sampler, r->job) == STATUS_OK;
}

status_t kept_runs_samples(sampler_job_t *job, const sampler_t *s, const char *stage,
                           const kept_runs_t *how) {
  samples_run_t run = {job, s};
  if (!how->keeper || share_size() > 1) {
    job->progress = how->progress;
    job->context = how->context;
    return sampler_run(s, job);
  }
  units_t units = {.stage = stage,
                   .num = sampler_chunks(s, job->num_samples),
                   .bytes = chunk_bytes(&run),
                   .of = &run,
                   .pack = pack_chunk,
                   .unpack = unpack_chunk,
                   .run = run_chunks,
                   .keeper = how->keeper,
                   .progress = how->progress,
                   .context = how->context};
  status_t status = units_run(&units);
  if (status == STATUS_OK && job->gradients && job->chunk_sums)
    sampler_add_up(job->gradients, job->chunk_sums, s, job->num_samples);
  return status;
}

/* --- traces ---------------------------------------------------------------------------- */

typedef struct {
  double *trace;
  const sampler_t *sampler;
  uint64_t seed, purpose;
  size_t num_samples, num_times;
  const size_t *times;
} trace_run_t;

static size_t batch_bytes(const trace_run_t *r) {
  return r->sampler->num_pairs * r->num_times * r->sampler->lanes * sizeof(double);
}

static void move_batch(char *at, const trace_run_t *r, size_t batch, bool out) {
  size_t first = batch * r->sampler->lanes, last = first + r->sampler->lanes;
  if (last > r->num_samples) last = r->num_samples;
  for (size_t i = 0; i < r->sampler->num_pairs * r->num_times; i++)
    move(&at, r->trace + i * r->num_samples, first, last, out);
}

static void pack_batch(void *out, const void *of, size_t batch) {
  memset(out, 0, batch_bytes(of));
  move_batch(out, of, batch, true);
}

static void unpack_batch(void *of, const void *in, size_t batch) {
  move_batch((char *)in, of, batch, false);
}

static bool run_batches(void *of, units_t *units) {
  trace_run_t *r = of;
  return sampler_trace(r->sampler, r->trace, r->seed, r->purpose, r->num_samples,
                       r->times, r->num_times, units->skip, tick,
                       units) == STATUS_OK;
}

status_t kept_runs_trace(double *trace, const sampler_t *s, uint64_t seed,
                         uint64_t purpose, size_t num_samples, const size_t *times,
                         size_t num_times, const char *stage,
                         const kept_runs_t *how) {
  trace_run_t run = {trace, s, seed, purpose, num_samples, num_times, times};
  if (!how->keeper || share_size() > 1)
    return sampler_trace(s, trace, seed, purpose, num_samples, times, num_times, NULL,
                         how->progress, how->context);
  units_t units = {.stage = stage,
                   .num = (num_samples + s->lanes - 1) / s->lanes,
                   .bytes = batch_bytes(&run),
                   .of = &run,
                   .pack = pack_batch,
                   .unpack = unpack_batch,
                   .run = run_batches,
                   .keeper = how->keeper,
                   .progress = how->progress,
                   .context = how->context};
  return units_run(&units);
}
