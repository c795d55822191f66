#include "numeric/machine/random.h"

#include <Random123/philox.h>
#include <math.h>

static double unit(uint64_t bits) {
  return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

static void four(double out[4], uint64_t seed, uint64_t purpose,
                 uint64_t sample, uint64_t layer, uint64_t index) {
  philox4x64_ctr_t counter = {{sample, layer, index, purpose}};
  philox4x64_key_t key = {{seed, UINT64_C(0x6c69657363617065)}};
  philox4x64_ctr_t r = philox4x64(counter, key);
  for (int i = 0; i < 4; i++) out[i] = unit(r.v[i]);
}

void random_uniforms(double *out, size_t count, uint64_t seed, uint64_t purpose,
                     uint64_t sample, uint64_t layer) {
  for (size_t j = 0; j < count; j += 4) {
    double block[4];
    four(block, seed, purpose, sample, layer, j / 4);
    for (size_t i = 0; i < 4 && j + i < count; i++) out[j + i] = block[i];
  }
}

void random_words(uint64_t *out, size_t count, uint64_t seed, uint64_t purpose,
                  uint64_t sample, uint64_t layer) {
  philox4x64_key_t key = {{seed, UINT64_C(0x6c69657363617065)}};
  for (size_t j = 0; j < count; j += 4) {
    philox4x64_ctr_t counter = {{sample, layer, j / 4, purpose}};
    philox4x64_ctr_t r = philox4x64(counter, key);
    for (size_t i = 0; i < 4 && j + i < count; i++) out[j + i] = r.v[i];
  }
}

void random_stream_init(random_stream_t *stream, uint64_t seed,
                        uint64_t purpose, uint64_t sample) {
  *stream =
      (random_stream_t){.seed = seed, .purpose = purpose, .sample = sample};
}

double random_uniform(random_stream_t *stream) {
  size_t at = stream->next % 4;
  if (at == 0)
    four(stream->block, stream->seed, stream->purpose, stream->sample,
         UINT64_MAX, stream->next / 4);
  stream->next++;
  return stream->block[at];
}

double random_normal(random_stream_t *stream) {
  double a, b, s;
  if (stream->have_spare) {
    stream->have_spare = 0;
    return stream->spare_normal;
  }
  do {
    a = 2 * random_uniform(stream) - 1;
    b = 2 * random_uniform(stream) - 1;
    s = a * a + b * b;
  } while (s >= 1 || s == 0);
  s = sqrt(-2 * log(s) / s);
  stream->spare_normal = b * s;
  stream->have_spare = 1;
  return a * s;
}

double random_gamma(random_stream_t *stream, double shape) {
  /* Below 1: Gamma(a) = Gamma(a+1) U^(1/a). */
  double scale = 1;
  if (shape < 1) {
    scale = pow(random_uniform(stream), 1 / shape);
    shape += 1;
  }
  double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double x = random_normal(stream), v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    double u = random_uniform(stream);
    if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) return scale * d * v;
  }
}
