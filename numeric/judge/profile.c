#include "numeric/judge/profile.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MOST_SAMPLES = 4000, LEAST_SAMPLES = 200, MOST_TIMES = 40 };
static const double max_operations = 5e9;

/* Powers of two below num_layers, and num_layers. */
static size_t times_of(size_t *times, size_t num_layers) {
  size_t count = 0;
  for (size_t t = 1; t < num_layers && count < MOST_TIMES - 1; t *= 2)
    times[count++] = t;
  times[count++] = num_layers;
  return count;
}

/* Variance of the values and its standard error. */
static void estimate(verify_point_t *out, const double *values, size_t count) {
  double n = (double)count, mean = 0, second = 0, fourth = 0;
  for (size_t i = 0; i < count; i++) mean += values[i] / n;
  for (size_t i = 0; i < count; i++) {
    double d = values[i] - mean;
    second += d * d / n;
    fourth += d * d * d * d / n;
  }
  out->mean = mean;
  out->variance = second * n / (n - 1);
  out->standard_error = sqrt(fmax(0, fourth - second * second) / n);
}

double profile_cost(const sampler_t *s, size_t num_layers, size_t num_samples) {
  double each = sampler_cost(s, num_layers, false);
  size_t samples = num_samples < MOST_SAMPLES ? num_samples : MOST_SAMPLES;
  return fmin(max_operations, (double)samples * each);
}

status_t profile_run(verify_report_t report, const sampler_t *sampler,
                     size_t num_layers, size_t num_samples, uint64_t seed,
                     const kept_runs_t *how) {
  size_t times[MOST_TIMES], count = times_of(times, num_layers);
  sampler_t plain = *sampler;
  const sampler_t *s = &plain;
  plain.shuffle_bits = 0; /* the circuit itself, layer by layer */
  double fit = max_operations / sampler_cost(s, num_layers, false);
  size_t samples = num_samples < MOST_SAMPLES ? num_samples : MOST_SAMPLES;
  if (fit < (double)samples) samples = (size_t)fit;
  if (samples < LEAST_SAMPLES) return STATUS_OK;
  double *trace =
      memory_get(s->num_pairs * count * samples, sizeof *trace);
  status_t status = kept_runs_trace(trace, s, seed, RANDOM_PROFILE, samples, times,
                                    count, "profile", how);
  if (status == STATUS_OK) {
    verify_profile_t *p = &report->profile;
    *p = (verify_profile_t){.num_samples = samples, .num_points = count};
    p->layers = memory_get(count, sizeof *p->layers);
    p->points = memory_get(s->num_pairs * count, sizeof *p->points);
    for (size_t t = 0; t < count; t++) p->layers[t] = times[t];
    for (size_t i = 0; i < s->num_pairs * count; i++)
      estimate(p->points + i, trace + i * samples, samples);
  }
  free(trace);
  return status;
}
