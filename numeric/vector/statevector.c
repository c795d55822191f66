#include "numeric/vector/statevector.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vector/kernels.h"
#include "numeric/machine/memory.h"

enum { BLOCK_BITS = 13, PARALLEL_BITS = 18 };

static const kernels_t *kernels(const statevector_t *v) {
  return kernels_for(v->num_qubits, v->lanes, v->precision);
}

const char *statevector_instructions(void) { return kernels_set()->name; }

size_t statevector_bytes(size_t num_qubits, size_t lanes,
                         precision_t precision) {
  return (2 * precision_bytes(precision) * lanes) << num_qubits;
}

static size_t size_of(const statevector_t *v) {
  return statevector_bytes(v->num_qubits, v->lanes, v->precision);
}

bool statevector_init_as(statevector_t *v, size_t num_qubits, size_t lanes,
                         precision_t precision) {
  assert(num_qubits <= STATEVECTOR_MAX_QUBITS);
  assert(lanes == 1 || lanes == statevector_lanes(precision));
  *v = (statevector_t){num_qubits, lanes, precision, {NULL}};
  v->any = memory_state(size_of(v));
  return v->any != NULL;
}

bool statevector_init(statevector_t *v, size_t num_qubits, size_t lanes) {
  return statevector_init_as(v, num_qubits, lanes, PRECISION_DOUBLE);
}

void statevector_clear(statevector_t *v) {
  free(v->any);
  v->any = NULL;
}

void statevector_zero(statevector_t *v) { memset(v->any, 0, size_of(v)); }

void statevector_copy(statevector_t *out, const statevector_t *in) {
  assert(out->num_qubits == in->num_qubits && out->lanes == in->lanes &&
         out->precision == in->precision);
  memcpy(out->any, in->any, size_of(in));
}

static bool use_threads(const statevector_t *v) {
  return v->num_qubits >= PARALLEL_BITS && !omp_in_parallel();
}

/* A range of units in blocks of 2^BLOCK_BITS amplitudes. */
typedef struct {
  size_t items, each, blocks;
} range_t;

static range_t range(const statevector_t *v, const kernels_t *kernel,
                     bool pairs) {
  size_t items = (size_t)1 << (v->num_qubits - kernel->unit_bits - pairs);
  size_t each = (size_t)1 << (BLOCK_BITS - kernel->unit_bits);
  return (range_t){items, each, (items + each - 1) / each};
}

static size_t block_end(const range_t *r, size_t block) {
  size_t end = (block + 1) * r->each;
  return end < r->items ? end : r->items;
}

static void prepare(kernel_turn_t *turn, const kernels_t *kernel, uint64_t x,
                    uint64_t z) {
  static const double none[STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  kernel->prepare(turn, x, z, (unsigned)__builtin_popcountll(x & z));
  kernel->load(turn, none, none, true);
}

void statevector_rotate(statevector_t *v, uint64_t x, uint64_t z,
                        const double *cos_half, const double *sin_half) {
  double c[STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  double s[STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  memcpy(c, cos_half, v->lanes * sizeof *c);
  memcpy(s, sin_half, v->lanes * sizeof *s);
  const kernels_t *kernel = kernels(v);
  kernel_turn_t turn;
  kernel->prepare(&turn, x, z, (unsigned)__builtin_popcountll(x & z));
  kernel->load(&turn, c, s, false);
  range_t r = range(v, kernel, turn.paired);
  if (!use_threads(v)) {
    kernel->rotate(v->any, &turn, 0, 0, r.items);
    return;
  }
#pragma omp parallel for schedule(static)
  for (size_t b = 0; b < r.blocks; b++)
    kernel->rotate(v->any, &turn, 0, b * r.each, block_end(&r, b));
}

void statevector_angles(double *cos_half, double *sin_half, const double *half,
                        size_t lanes) {
  for (size_t k = 0; lanes > 1 && k < lanes; k += STATEVECTOR_LANES)
    kernels_set()->angles(cos_half + k, sin_half + k, half + k);
  if (lanes > 1) return;
  *cos_half = cos(*half);
  *sin_half = sin(*half);
}

void statevector_add_string(statevector_t *out, uint64_t x, uint64_t z,
                            const double *factor_re, const double *factor_im,
                            const statevector_t *in) {
  double f[2 * STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  size_t lanes = in->lanes;
  assert(out->any != in->any);
  memcpy(f, factor_re, lanes * sizeof *f);
  memcpy(f + lanes, factor_im, lanes * sizeof *f);
  const kernels_t *kernel = kernels(in);
  kernel_turn_t turn;
  prepare(&turn, kernel, x, z);
  range_t r = range(in, kernel, false);
  if (!use_threads(in)) { /* a team of one costs more than a small vector */
    kernel->add(out->any, &turn, f, in->any, 0, r.items);
    return;
  }
#pragma omp parallel for schedule(static)
  for (size_t b = 0; b < r.blocks; b++)
    kernel->add(out->any, &turn, f, in->any, b * r.each, block_end(&r, b));
}

/* Block by block of out, all strings at once. */
void statevector_apply_sum(statevector_t *out, const double_sum_t *sum,
                           const statevector_t *in) {
  assert(out->any != in->any);
  const kernels_t *kernel = kernels(in);
  range_t r = range(in, kernel, false);
  size_t lanes = in->lanes;
  size_t bytes = size_of(in) / r.items;
  bool threads = use_threads(in);
  kernel_turn_t *turns = memory_state(sum->length * sizeof *turns);
  if (!turns) abort();
  for (size_t j = 0; j < sum->length; j++)
    prepare(turns + j, kernel, sum->x[j], sum->z[j]);
#pragma omp parallel for schedule(static) if (threads)
  for (size_t b = 0; b < r.blocks; b++) {
    double f[2 * STATEVECTOR_MAX_LANES] __attribute__((aligned(64))) = {0};
    size_t first = b * r.each, end = block_end(&r, b);
    memset((char *)out->any + first * bytes, 0, (end - first) * bytes);
    for (size_t j = 0; j < sum->length; j++) {
      for (size_t k = 0; k < lanes; k++) f[k] = sum->coeffs[j];
      kernel->add(out->any, turns + j, f, in->any, first, end);
    }
  }
  free(turns);
}

/* Sums of blocks, added in order. */
void statevector_bracket(double *re, double *im, const statevector_t *a,
                         uint64_t x, uint64_t z, const statevector_t *b) {
  const kernels_t *kernel = kernels(a);
  range_t r = range(a, kernel, false);
  size_t lanes = a->lanes, row = 2 * lanes;
  double total[2 * STATEVECTOR_MAX_LANES] __attribute__((aligned(64))) = {0};
  kernel_turn_t turn;
  prepare(&turn, kernel, x, z);
  if (r.blocks == 1) {
    kernel->bracket(total, a->any, &turn, 0, b->any, 0, r.items);
  } else {
    double *part = memory_state(r.blocks * row * sizeof *part);
    if (!part) abort();
    bool threads = use_threads(a);
#pragma omp parallel for schedule(static) if (threads)
    for (size_t k = 0; k < r.blocks; k++)
      kernel->bracket(part + k * row, a->any, &turn, 0, b->any, k * r.each,
                      block_end(&r, k));
    for (size_t k = 0; k < r.blocks; k++)
      for (size_t i = 0; i < row; i++) total[i] += part[k * row + i];
    free(part);
  }
  memcpy(re, total, lanes * sizeof *re);
  memcpy(im, total + lanes, lanes * sizeof *im);
}

void statevector_expectation(double *out, const statevector_t *v,
                             const double_sum_t *sum) {
  double re[STATEVECTOR_MAX_LANES], im[STATEVECTOR_MAX_LANES];
  for (size_t k = 0; k < v->lanes; k++) out[k] = 0;
  for (size_t j = 0; j < sum->length; j++) {
    statevector_bracket(re, im, v, sum->x[j], sum->z[j], v);
    for (size_t k = 0; k < v->lanes; k++) out[k] += sum->coeffs[j] * re[k];
  }
}

void double_sum_init(double_sum_t *sum, size_t length) {
  sum->length = length;
  sum->x = memory_get(length, sizeof *sum->x);
  sum->z = memory_get(length, sizeof *sum->z);
  sum->coeffs = memory_get(length, sizeof *sum->coeffs);
  sum->norm1 = 0;
}

void double_sum_clear(double_sum_t *sum) {
  free(sum->x);
  free(sum->z);
  free(sum->coeffs);
  *sum = (double_sum_t){0};
}
