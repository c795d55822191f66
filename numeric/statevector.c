#include "numeric/statevector.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/kernels.h"
#include "numeric/memory.h"

enum { BLOCK_BITS = 13, PARALLEL_BITS = 18 };

static const kernel_set_t *chosen;

static const kernel_set_t *kernels(void) {
  const kernel_set_t *set;
#pragma omp atomic read
  set = chosen;
  if (!set) {
    set = kernels_choose();
#pragma omp atomic write
    chosen = set;
  }
  return set;
}

static const kernels_t *kernels_for(const statevector_t *v) {
  return v->lanes == 1 ? &kernels()->one : &kernels()->many;
}

const char *statevector_instructions(void) { return kernels()->name; }

size_t statevector_bytes(size_t num_qubits, size_t lanes) {
  return ((size_t)16 * lanes) << num_qubits;
}

bool statevector_init(statevector_t *v, size_t num_qubits, size_t lanes) {
  assert(num_qubits <= STATEVECTOR_MAX_QUBITS);
  assert(lanes == 1 || lanes == STATEVECTOR_LANES);
  *v = (statevector_t){num_qubits, lanes, NULL};
  v->amps = memory_state(statevector_bytes(num_qubits, lanes));
  return v->amps != NULL;
}

void statevector_clear(statevector_t *v) {
  free(v->amps);
  v->amps = NULL;
}

void statevector_copy(statevector_t *out, const statevector_t *in) {
  assert(out->num_qubits == in->num_qubits && out->lanes == in->lanes);
  memcpy(out->amps, in->amps, statevector_bytes(in->num_qubits, in->lanes));
}

static bool use_threads(const statevector_t *v) {
  return v->num_qubits >= PARALLEL_BITS && !omp_in_parallel();
}

static size_t num_blocks(size_t items) {
  return (items + ((size_t)1 << BLOCK_BITS) - 1) >> BLOCK_BITS;
}

static size_t block_end(size_t block, size_t items) {
  size_t end = (block + 1) << BLOCK_BITS;
  return end < items ? end : items;
}

void statevector_rotate(statevector_t *v, uint64_t x, uint64_t z,
                        const double *cos_half, const double *sin_half) {
  double c[STATEVECTOR_LANES] __attribute__((aligned(64)));
  double s[2][STATEVECTOR_LANES] __attribute__((aligned(64)));
  size_t lanes = v->lanes, items = (size_t)1 << (v->num_qubits - (x != 0));
  /* The sign of i^m: real for m even (m = 2), imaginary for m odd. */
  double sign = (__builtin_popcountll(x & z) & 2) ? -1 : 1;
  double *minus = lanes == 1 ? s[0] + 1 : s[1];
  for (size_t k = 0; k < lanes; k++) {
    c[k] = cos_half[k];
    s[0][k] = sign * sin_half[k];
    minus[k] = -s[0][k];
  }
  const kernels_t *kernel = kernels_for(v);
  if (!use_threads(v)) {
    kernel->rotate(v->amps, x, z, c, s[0], 0, items);
    return;
  }
#pragma omp parallel for schedule(static)
  for (size_t b = 0; b < num_blocks(items); b++)
    kernel->rotate(v->amps, x, z, c, s[0], b << BLOCK_BITS,
                   block_end(b, items));
}

void statevector_angles(double *cos_half, double *sin_half, const double *half,
                        size_t lanes) {
  (lanes == 1 ? &kernels()->one : &kernels()->many)
      ->angles(cos_half, sin_half, half);
}

void statevector_add_string(statevector_t *out, uint64_t x, uint64_t z,
                            const double *factor_re, const double *factor_im,
                            const statevector_t *in) {
  double f[2 * STATEVECTOR_LANES] __attribute__((aligned(64)));
  size_t lanes = in->lanes, items = (size_t)1 << in->num_qubits;
  assert(out->amps != in->amps);
  for (size_t k = 0; k < lanes; k++) {
    f[k] = factor_re[k];
    f[lanes + k] = factor_im[k];
  }
  const kernels_t *kernel = kernels_for(in);
  if (!use_threads(in)) {
    kernel->add(out->amps, x, z, f, in->amps, 0, items);
    return;
  }
#pragma omp parallel for schedule(static)
  for (size_t b = 0; b < num_blocks(items); b++)
    kernel->add(out->amps, x, z, f, in->amps, b << BLOCK_BITS,
                block_end(b, items));
}

void statevector_apply_sum(statevector_t *out, const double_sum_t *sum,
                           const statevector_t *in) {
  double re[STATEVECTOR_LANES], im[STATEVECTOR_LANES] = {0};
  memset(out->amps, 0, statevector_bytes(out->num_qubits, out->lanes));
  for (size_t j = 0; j < sum->length; j++) {
    for (size_t k = 0; k < in->lanes; k++) re[k] = sum->coeffs[j];
    statevector_add_string(out, sum->x[j], sum->z[j], re, im, in);
  }
}

/* Sums of blocks, added in order. */
void statevector_bracket(double *re, double *im, const statevector_t *a,
                         uint64_t x, uint64_t z, const statevector_t *b) {
  size_t lanes = a->lanes, items = (size_t)1 << a->num_qubits;
  size_t blocks = num_blocks(items), row = 2 * lanes;
  const kernels_t *kernel = kernels_for(a);
  double total[2 * STATEVECTOR_LANES] __attribute__((aligned(64))) = {0};
  if (blocks == 1) {
    kernel->bracket(total, a->amps, x, z, b->amps, 0, items);
  } else {
    double *part = memory_state(blocks * row * sizeof *part);
    if (!part) abort();
    bool threads = use_threads(a);
#pragma omp parallel for schedule(static) if (threads)
    for (size_t k = 0; k < blocks; k++)
      kernel->bracket(part + k * row, a->amps, x, z, b->amps, k << BLOCK_BITS,
                      block_end(k, items));
    for (size_t k = 0; k < blocks; k++)
      for (size_t i = 0; i < row; i++) total[i] += part[k * row + i];
    free(part);
  }
  memcpy(re, total, lanes * sizeof *re);
  memcpy(im, total + lanes, lanes * sizeof *im);
}

void statevector_expectation(double *out, const statevector_t *v,
                             const double_sum_t *sum) {
  double re[STATEVECTOR_LANES], im[STATEVECTOR_LANES];
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
