#include "numeric/judge/density.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/judge/law.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { DRAWS = 4000, REFERENCE_SAMPLES = 400000, LEAST_SAMPLES = 20000 };
static const double max_operations = 1e9;
/* Beyond this shape a Gamma law is drawn as a normal one. */
static const double large_shape = 1e6;
static const double pi = 3.14159265358979323846;

double density_normal(double x, double mean, double variance) {
  double d = x - mean;
  return exp(-d * d / (2 * variance)) / sqrt(2 * pi * variance);
}

/* At d from its mean. */
static double gamma_at(double d, double scale, double shape) {
  double y = shape + d / scale;
  if (shape > large_shape) return density_normal(d, 0, scale * scale * shape);
  if (y <= 0) return 0;
  return exp((shape - 1) * log(y) - y - lgamma(shape)) / fabs(scale);
}

static double gamma_variate(random_stream_t *r, double shape) {
  return shape > large_shape ? shape + sqrt(shape) * random_normal(r)
                             : random_gamma(r, shape);
}

static double centred_variate(random_stream_t *r, double shape) {
  return shape > large_shape ? sqrt(shape) * random_normal(r)
                             : random_gamma(r, shape) - shape;
}

static bool same_scale(double a, double b) {
  return fabs(a - b) <= 1e-12 * fabs(a);
}

/* Terms of equal scale added up, the broadest first; returns how many. */
static size_t merge(density_gamma_t *merged, const density_gamma_t *terms,
                    size_t num_terms) {
  size_t count = 0, broadest = 0;
  for (size_t t = 0; t < num_terms; t++) {
    size_t at = 0;
    if (terms[t].scale == 0 || !(terms[t].shape > 0)) continue;
    while (at < count && !same_scale(merged[at].scale, terms[t].scale)) at++;
    if (at == count) merged[count++] = (density_gamma_t){terms[t].scale, 0};
    merged[at].shape += terms[t].shape;
  }
  for (size_t t = 1; t < count; t++)
    if (fabs(merged[t].scale) * sqrt(merged[t].shape) >
        fabs(merged[broadest].scale) * sqrt(merged[broadest].shape))
      broadest = t;
  if (count) {
    density_gamma_t first = merged[0];
    merged[0] = merged[broadest];
    merged[broadest] = first;
  }
  return count;
}

void density_gamma_sum(double *out, const double *x, size_t count, double mean,
                       const density_gamma_t *terms, size_t num_terms, uint64_t seed) {
  density_gamma_t *merged = memory_get(num_terms, sizeof *merged);
  size_t number = merge(merged, terms, num_terms);
  size_t draws = number > 1 ? DRAWS : 1;
  for (size_t i = 0; i < count; i++) out[i] = 0;
  for (size_t d = 0; d < draws && number; d++) {
    random_stream_t stream;
    double rest = mean;
    random_stream_init(&stream, seed, RANDOM_LAW, d);
    for (size_t t = 1; t < number; t++)
      rest += merged[t].scale * centred_variate(&stream, merged[t].shape);
    for (size_t i = 0; i < count; i++)
      out[i] += gamma_at(x[i] - rest, merged->scale, merged->shape) /
                (double)draws;
  }
  free(merged);
}

/* f(z) = int N(z; 0, v) chi^2_k(v) dv by the trapezoidal rule in u = log v,
   which converges exponentially once the step is below the width of the
   integrand, about k^(-1/2). */
static double variance_gamma_at(double z, double k) {
  bool narrow = k > 400;
  double step = narrow ? 0.08 / sqrt(k) : 1.0 / 32;
  int below = narrow ? 400 : 40 * 32, above = narrow ? 400 : 6 * 32;
  double sum = 0, centre = log(narrow ? k : k + fabs(z));
  for (int j = -below; j <= above; j++) {
    double u = centre + step * j, v = exp(u);
    double log_value = -z * z / (2 * v) - v / 2 + (k - 1) / 2 * u -
                       (k + 1) / 2 * log(2) - lgamma(k / 2);
    sum += exp(log_value);
  }
  return sum * step / sqrt(pi);
}

void density_gradient(double *out, const double *x, size_t count,
                      const density_gamma_t *terms, size_t num_terms,
                      double variance, uint64_t seed) {
  density_gamma_t *merged = memory_get(num_terms, sizeof *merged);
  size_t number = merge(merged, terms, num_terms);
  double k = number ? 2 * merged->shape : 0;
  for (size_t i = 0; i < count; i++) out[i] = 0;
  if (number == 1 && k > large_shape) {
    for (size_t i = 0; i < count; i++)
      out[i] = density_normal(x[i], 0, variance);
  } else if (number == 1) {
    double c = sqrt(variance / k);
    for (size_t i = 0; i < count; i++)
      out[i] = variance_gamma_at(x[i] / c, k) / c;
  } else if (number > 1) {
    double mean = 0;
    for (size_t t = 0; t < number; t++)
      mean += merged[t].scale * merged[t].scale * merged[t].shape / 2;
    for (size_t d = 0; d < DRAWS; d++) {
      random_stream_t stream;
      double v = 0;
      random_stream_init(&stream, seed, RANDOM_LAW, d);
      for (size_t t = 0; t < number; t++)
        v += merged[t].scale * merged[t].scale / 4 * 2 *
             gamma_variate(&stream, merged[t].shape);
      for (size_t i = 0; i < count; i++)
        out[i] += density_normal(x[i], 0, v * variance / mean) / DRAWS;
    }
  }
  free(merged);
}

static void beta_density(double *out, const double *x, size_t count,
                         const law_beta_t *law) {
  double width = law->high - law->low;
  double log_norm = lgamma(law->alpha) + lgamma(law->beta) -
                    lgamma(law->alpha + law->beta);
  for (size_t i = 0; i < count; i++) {
    double b = (x[i] - law->low) / width;
    out[i] = b <= 0 || b >= 1 ? 0
                              : exp((law->alpha - 1) * log(b) +
                                    (law->beta - 1) * log1p(-b) - log_norm) /
                                    width;
  }
}

bool density_claim(double *out, bool *is_exact, const double *x, size_t count,
                   const verify_landscape_struct *l, uint64_t seed) {
  law_beta_t law;
  double value, step = count > 1 ? (x[count - 1] - x[0]) / (double)(count - 1)
                                 : 0;
  if (!l->has_law || law_is_constant(&value, l) || !(step > 0)) return false;
  *is_exact = law_is_beta(&law, l);
  if (*is_exact) {
    beta_density(out, x, count, &law);
    return true;
  }
  double fit = max_operations / law_cost(l);
  if (fit < LEAST_SAMPLES) return false;
  size_t samples = fit < REFERENCE_SAMPLES ? (size_t)fit : REFERENCE_SAMPLES;
  double *reference = memory_get(samples, sizeof *reference);
  law_sample(reference, samples, l, seed, RANDOM_LAW, 1);
  for (size_t i = 0; i < count; i++) out[i] = 0;
  for (size_t s = 0; s < samples; s++) {
    double at = floor((reference[s] - x[0]) / step + 0.5);
    if (at >= 0 && at < (double)count)
      out[(size_t)at] += 1 / ((double)samples * step);
  }
  free(reference);
  return true;
}
