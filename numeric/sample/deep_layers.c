/* The number of layers, in three steps.

   1. The Pauli-path chain (chain.h) where the strings can be listed, or else the
      second moments themselves on few qubits (second_moments.h): a lower
      bound of 3 times their mixing time (1.5 times on either side of the middle
      layer), twice that of the second moments, whose measure is the stricter one.
      Both see slow modes however slow.
   2. Trajectories. A few hundred circuits are followed layer by layer from the
      identity; windows (T/2, T], T = 2, 4, 8, ..., of the mean and of the
      centred second moment of the loss are compared, trajectory by trajectory,
      with the last window. L0 is the end of the first window from which on all
      agree with the last: within 3.5 standard errors and within a quarter of
      the scale. A mode exp(-r t) of amplitude one that escapes in window
      (L0/2, L0] has exp(-0.75 r L0) < 1/4, so at 4 L0 it is below 1e-3 and, on
      either side of the middle layer of the gradients, at 2 L0, below 3e-2 of
      its share. When the chain is not exact (shared parameters, exponents) a
      slow mode could look flat in the first windows: then L0 is at least the
      number of qubits.
   3. Confirmation: losses (Kolmogorov-Smirnov) and squared gradient norms (the
      same, which sees their scale) at L against 2 L; L is doubled while they can
      be told apart at level 1e-3.
   Where layers of quarter turns are to be had for next to nothing (string_module.h)
   all of this is about layers that come after a random number of those, if that
   saves enough: a chain of n qubits needs of the order of n^2 layers without.
   Deviations decay geometrically with depth. */
#include "numeric/sample/deep_layers.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/machine/order.h"
#include "numeric/sample/chain.h"
#include "numeric/sample/second_moments.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/machine/special.h"

enum { PER_WINDOW = 8, MAX_WINDOWS = 15, MAX_LAYERS = 1 << 15 };
static const double max_operations = 2e10;

/* Times of the windows (2^(w-1), 2^w], w = 0 being {1}; starts[w] indexes the
   first time of window w. */
static size_t window_times(size_t *times, size_t *starts, size_t num_windows) {
  size_t count = 0;
  for (size_t w = 0; w < num_windows; w++) {
    size_t end = (size_t)1 << w, length = w ? end / 2 : 1;
    size_t points = length < PER_WINDOW ? length : PER_WINDOW;
    starts[w] = count;
    for (size_t i = 1; i <= points; i++)
      times[count++] = end - length + i * length / points;
  }
  starts[num_windows] = count;
  return count;
}

/* A loss of so many layers that varies by less does not vary at all. */
static double noise(const sampler_t *s, size_t pair, size_t num_layers) {
  if (s->precision == PRECISION_DOUBLE) return 1e-10;
  return 2 * sampler_tolerance(s, num_layers) *
         s->observables[s->pairs[pair].observable].norm1;
}

/* The same for the square of a gradient, of which `largest` is the greatest. */
static double gradient_noise(const sampler_t *s, size_t pair, size_t num_layers,
                             double largest) {
  double sum = 0, each = noise(s, pair, num_layers);
  if (s->precision == PRECISION_DOUBLE) return each;
  for (size_t k = 0; k < s->program->num_parameters; k++) {
    double bound = sampler_slope_bound(s, k);
    sum += bound * bound;
  }
  each *= sqrt(sum);
  return 2 * each * (sqrt(largest) + each);
}

/* Do two windows agree? value(l) = l, or (l - centre)^2. */
static bool windows_agree(const double *trace, const size_t *starts, size_t a,
                          size_t b, size_t num_samples, double centre,
                          bool square, double scale) {
  double sum = 0, sum2 = 0, n = (double)num_samples;
  for (size_t i = 0; i < num_samples; i++) {
    double mean[2] = {0, 0};
    for (int side = 0; side < 2; side++) {
      size_t w = side ? b : a;
      for (size_t t = starts[w]; t < starts[w + 1]; t++) {
        double l = trace[t * num_samples + i] - centre;
        mean[side] += square ? l * l : l;
      }
      mean[side] /= (double)(starts[w + 1] - starts[w]);
    }
    double d = mean[1] - mean[0];
    sum += d;
    sum2 += d * d;
  }
  double mean = sum / n, variance = fmax(0, sum2 / n - mean * mean);
  return fabs(mean) <= 3.5 * sqrt(variance / n) + 1e-12 * scale &&
         fabs(mean) <= scale / 4;
}

/* First window that agrees with the last, and all between too, for one pair;
   num_windows - 1 when there is none before the last. */
static size_t first_settled(const double *trace, const size_t *starts,
                            size_t num_windows, size_t num_samples,
                            double rounding) {
  size_t last = num_windows - 1, settled = last;
  double sum = 0, sum2 = 0, count = 0;
  for (size_t t = starts[last]; t < starts[last + 1]; t++)
    for (size_t i = 0; i < num_samples; i++) {
      sum += trace[t * num_samples + i];
      count++;
    }
  double centre = sum / count;
  for (size_t t = starts[last]; t < starts[last + 1]; t++)
    for (size_t i = 0; i < num_samples; i++) {
      double l = trace[t * num_samples + i] - centre;
      sum2 += l * l;
    }
  double variance = sum2 / count;
  /* Rounding of losses that do not vary at all is not a trend. */
  if (variance < rounding * rounding) return 0;
  while (settled > 0 &&
         windows_agree(trace, starts, settled - 1, last, num_samples, centre,
                       true, variance) &&
         windows_agree(trace, starts, settled - 1, last, num_samples, centre,
                       false, sqrt(variance)))
    settled--;
  return settled;
}

static status_t follow(size_t *layers, bool *settled, const sampler_t *s,
                       size_t num_samples, size_t floor, uint64_t seed,
                       const kept_runs_t *how) {
  size_t times[MAX_WINDOWS * PER_WINDOW], starts[MAX_WINDOWS + 1];
  size_t num_windows = 4;
  while ((size_t)1 << (num_windows - 1) < 4 * floor) num_windows++;
  *settled = false;
  for (; num_windows <= MAX_WINDOWS; num_windows++) {
    size_t count = window_times(times, starts, num_windows), worst = 0;
    double cost = sampler_cost(s, (size_t)1 << (num_windows - 1), false);
    if (num_windows > 4 && cost * (double)num_samples > max_operations) break;
    double *trace = memory_get(s->num_pairs * count * num_samples,
                               sizeof *trace);
    char *stage = text_print("pilot, %zu windows", num_windows);
    status_t status = kept_runs_trace(trace, s, seed, RANDOM_PILOT, num_samples,
                                      times, count, stage, how);
    free(stage);
    for (size_t p = 0; status == STATUS_OK && p < s->num_pairs; p++) {
      size_t first = first_settled(trace + p * count * num_samples, starts,
                                   num_windows, num_samples,
                                   noise(s, p, times[count - 1]));
      if (first > worst) worst = first;
    }
    free(trace);
    if (status != STATUS_OK) return status;
    *layers = (size_t)1 << worst;
    if (worst + 2 <= num_windows - 1) {
      *settled = true;
      return STATUS_OK;
    }
  }
  return STATUS_OK;
}

/* Smallest p value of the comparison of L with 2 L layers, times the number of
   comparisons. */
static status_t compare_depths(double *p_value, const sampler_t *s,
                               size_t num_layers, size_t num_samples,
                               bool gradients, uint64_t seed,
                               const kept_runs_t *how) {
  size_t pairs = s->num_pairs;
  double **values = memory_get(4 * pairs, sizeof *values);
  status_t status = STATUS_OK;
  for (size_t i = 0; i < 4 * pairs; i++)
    values[i] = memory_get(num_samples, sizeof **values);
  for (size_t side = 0; side < 2 && status == STATUS_OK; side++) {
    sampler_job_t job = {.seed = seed,
                         .purpose = RANDOM_CONFIRM + ((side + 1) << 8),
                         .num_samples = num_samples,
                         .num_layers = num_layers << side,
                         .losses = values + 2 * side * pairs};
    char *stage = text_print("pilot, %zu layers, side %zu", num_layers, side);
    if (gradients) job.gradient_norms = values + (2 * side + 1) * pairs;
    status = kept_runs_samples(&job, s, stage, how);
    free(stage);
  }
  double least = 1;
  for (size_t i = 0; status == STATUS_OK && i < 2 * pairs; i++) {
    double *a = values[i], *b = values[2 * pairs + i];
    if (i >= pairs && !gradients) break;
    qsort(a, num_samples, sizeof *a, order_doubles);
    qsort(b, num_samples, sizeof *b, order_doubles);
    /* Values that do not vary beyond rounding are equal. */
    double largest = fmax(a[num_samples - 1], b[num_samples - 1]);
    double rounding =
        i < pairs ? noise(s, i, 2 * num_layers)
                  : gradient_noise(s, i - pairs, 2 * num_layers, largest);
    if (largest - fmin(a[0], b[0]) < rounding) continue;
    double d = special_ks2_distance(a, num_samples, b, num_samples, 0);
    least = fmin(least, special_ks2_p_value(d, num_samples, num_samples));
  }
  *p_value = fmin(1, least * (double)((gradients ? 2 : 1) * pairs));
  for (size_t i = 0; i < 4 * pairs; i++) free(values[i]);
  free(values);
  return status;
}

static size_t clamp(size_t low, size_t value, size_t high) {
  return value < low ? low : value > high ? high : value;
}

/* Shuffles are taken when they make a sample SHUFFLE_GAIN times cheaper, and when
   only with them the chain mixes within the budget. */
enum { SHUFFLE_GAIN = 4, PLAIN_QUBITS = 20 };
static const double chain_relative = 1e-3, chain_variation = 0.02;
/* Times 2^-n: the norm of what is averaged is about 2^n times what E[l^2] takes of
   it. */
static const double moments_relative = 3e-3;

static void run_chain(depth_t *depth, const sampler_t *s) {
  chain_t chain;
  size_t limit = SIZE_MAX;
  if (!chain_init(&chain, s)) return;
  unsigned bits = sampler_can_shuffle(s) ? chain_shuffle_bits(&chain) : 0;
  if (bits) {
    sampler_t shuffled = *s;
    shuffled.shuffle_bits = bits;
    depth->chain = chain_mixing_layers(&chain, bits, chain_relative,
                                       chain_variation, MAX_LAYERS);
    if (depth->chain) {
      depth->shuffle_bits = bits;
      limit = (size_t)(SHUFFLE_GAIN *
                       sampler_cost(&shuffled, depth->chain, true) /
                       sampler_cost(s, 1, true));
    }
  }
  /* Where state vectors may go the plain depth is of use too. */
  size_t n = s->program->num_qubits;
  size_t plain = chain_mixing_layers(&chain, 0, chain_relative, chain_variation,
                                     n <= PLAIN_QUBITS ? MAX_LAYERS : limit);
  depth->plain_layers = plain ? 3 * plain : 3 * n * n;
  if (plain && plain <= limit) {
    depth->chain = plain;
    depth->shuffle_bits = 0;
  }
  chain_clear(&chain);
}

/* Where the chain is not that of the circuit; and no shuffles then, of which this
   knows nothing. */
static void run_second_moments(depth_t *depth, const sampler_t *s) {
  double layers;
  depth->exact = depth->chain && chain_is_exact(s->program);
  if (depth->exact ||
      !second_moments_layers(&layers, s, ldexp(moments_relative,
                                               -(int)s->program->num_qubits)))
    return;
  depth->exact = true;
  depth->shuffle_bits = 0;
  depth->chain = 0;
  if (2 * layers > MAX_LAYERS) depth->hopeless = layers;
  else depth->chain = (size_t)ceil(layers);
  depth->plain_layers = 2 * depth->chain;
}

size_t depth_guess(depth_t *depth, const sampler_t *s) {
  size_t n = s->program->num_qubits;
  *depth = (depth_t){.chain = 0};
  run_chain(depth, s);
  run_second_moments(depth, s);
  return depth->chain ? clamp(8, 3 * depth->chain, MAX_LAYERS)
                      : clamp(8, 4 * n, MAX_LAYERS);
}

/* Second moments do not see how few components a shuffled string has: a layer
   makes two or so out of one. log2 N layers spread it over all N, and 8 more let
   higher moments settle, on either side of the middle layer. (Measured on Ising chains:
   the law of the derivatives is off below 20 layers at N = 40, right from 24.) */
static size_t spreading_layers(const sampler_t *s) {
  double strings = (double)s->module->reach.num_strings;
  return 2 * (size_t)ceil(log2(strings + 1) + 8);
}

static size_t pilot_samples(size_t num_samples) {
  return clamp(128, num_samples / 16, 1024);
}

double depth_cost(const sampler_t *s, size_t guess, size_t num_samples,
                  bool gradients) {
  double count = (double)pilot_samples(num_samples);
  return count * (sampler_cost(s, 3 * guess, gradients) + sampler_cost(s, guess, false));
}

static char *describe(const depth_t *depth, const sampler_t *s) {
  if (depth->hopeless > 0 && isfinite(depth->hopeless))
    return text_print("the second moments take %.2g layers to mix: more than are "
                      "sampled", depth->hopeless);
  if (depth->hopeless > 0)
    return text_print("the second moments do not mix in any number of layers that "
                      "could be sampled");
  if (!depth->chain) return text_print("the Pauli paths cannot be listed here");
  if (depth->exact && !chain_is_exact(s->program))
    return text_print("the second moments mix in %zu layers", depth->chain);
  return text_print("the Pauli-path chain%s mixes in %zu layers",
                    depth->exact ? "" : " (angles taken as independent)",
                    depth->chain);
}

status_t depth_choose(depth_t *depth, const sampler_t *sampler,
                      size_t num_samples, bool gradients, uint64_t seed,
                      const kept_runs_t *how) {
  sampler_t shuffled = *sampler, *s = &shuffled;
  s->shuffle_bits = depth->shuffle_bits;
  bool exact = depth->exact, settled;
  size_t chain = depth->chain, start = 1;
  size_t floor = exact && chain ? 1 : clamp(4, s->program->num_qubits, 64);
  size_t followed = pilot_samples(num_samples);
  status_t status = follow(&start, &settled, s, followed, floor, seed, how);
  if (status != STATUS_OK) return status;
  start = clamp(floor, start, MAX_LAYERS);
  size_t layers = (exact && chain ? 2 : 4) * start;
  size_t times = exact && !chain_is_exact(s->program) ? 2 : 3;
  if (layers < times * chain) layers = times * chain;
  if (s->shuffle_bits && layers < spreading_layers(s))
    layers = spreading_layers(s);
  layers = clamp(4, layers, MAX_LAYERS);
  double p_value = 1;
  size_t compared = followed;
  for (int round = 0; round < 4; round++) {
    if (sampler_cost(s, 3 * layers, gradients) * (double)compared >
        4 * max_operations)
      break;
    status = compare_depths(&p_value, s, layers, compared, gradients, seed, how);
    if (status != STATUS_OK) return status;
    if (p_value > 1e-3) break;
    layers = clamp(1, 2 * layers, MAX_LAYERS);
  }
  depth->num_layers = layers;
  if (!s->shuffle_bits) depth->plain_layers = layers;
  depth->settled = settled && p_value > 1e-3 && depth->hopeless == 0;
  char *walk = describe(depth, sampler);
  depth->reason = text_print(
      "%zu layers%s: %s; losses of a pilot run are steady from layer %zu%s; "
      "%zu and %zu layers %s (p = %.2g)",
      layers,
      s->shuffle_bits ? ", each after a random number of layers of quarter turns"
                      : "",
      walk, start, settled ? "" : " (not settled within the budget)",
      layers, 2 * layers,
      p_value > 1e-3 ? "cannot be told apart" : "can still be told apart",
      p_value);
  free(walk);
  return STATUS_OK;
}
