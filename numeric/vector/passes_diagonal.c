/* Diagonal rotations of a tile together: a table of the phases
       T(i) = prod_k exp(-i a_k/2 (-1)^(z_k.i)),
   and one product. The table doubles bit by bit. With the rotations whose z_k
   lies below bit b in it, T(i + 2^b) = T(i) for i < 2^b; then come those whose
   highest bit is b: a rotation of the first 2^(b+1) entries each, or, when b is
   the only bit, a factor exp(i a_k) of the new half, exp(-i a_k/2) being put
   in T(0). So a rotation costs what its highest bit says instead of the whole
   tile. */
#include "numeric/vector/passes_private.h"

enum { ROW = STATEVECTOR_MAX_LANES };

static bool one_bit(uint64_t z) { return !(z & (z - 1)); }

static const kernels_t *kernel_for(const sweep_t *s, unsigned bits) {
  return bits < s->kernel->unit_bits ? s->tiny : s->kernel;
}

void sweep_diagonal_prepare(sweep_t *s, const node_t *leaf,
                            const leaf_op_t *op) {
  for (size_t j = op->first; j < op->first + op->count; j++) {
    const local_t *l = leaf->locals + j;
    s->fused[l->slot] = 1;
    if (one_bit(l->z)) continue;
    const kernels_t *kernel =
        kernel_for(s, 64u - (unsigned)__builtin_clzll(l->z));
    if (kernel == s->tiny) s->fused[l->slot] = 2;
    kernel->prepare(s->turns + l->slot, 0, l->z, 0);
  }
}

/* (re, im) *= c - i sign s, lane by lane. */
static void turn_phase(double *re, double *im, const double *c, const double *s,
                       double sign, size_t lanes) {
  for (size_t k = 0; k < lanes; k++) {
    double t = sign * s[k], r = re[k];
    re[k] = c[k] * r + t * im[k];
    im[k] = c[k] * im[k] - t * r;
  }
}

/* row: ones in the real, zeros in the imaginary parts. */
static void reset(double *row, size_t lanes) {
  for (size_t k = 0; k < lanes; k++) row[k] = 1, row[lanes + k] = 0;
}

void sweep_diagonal_run(const sweep_t *s, thread_t *own, const node_t *leaf,
                        const leaf_op_t *op, void *const *amps,
                        size_t num_vectors, const unsigned char *signs) {
  const local_t *locals = leaf->locals + op->first;
  size_t lanes = s->lanes;
  double factor[2 * ROW] __attribute__((aligned(64)));
  void *table = own->table;
  reset(factor, lanes);
  for (size_t j = 0; j < op->count; j++) {
    size_t slot = locals[j].slot;
    if (!one_bit(locals[j].z)) continue;
    turn_phase(factor, factor + lanes, s->cosines + slot * lanes,
               s->sines + slot * lanes, signs[slot] ? -1 : 1, lanes);
  }
  for (size_t k = 0; k < 2 * lanes; k++)
    statevector_put(table, k, factor[k], s->precision);
  for (unsigned bit = 0; bit < leaf->bits; bit++) {
    size_t half = (size_t)1 << bit;
    const kernels_t *kernel = kernel_for(s, bit + 1);
    reset(factor, lanes);
    for (size_t j = 0; j < op->count; j++) {
      size_t slot = locals[j].slot;
      if (locals[j].z != half) continue;
      /* Twice, and backwards. */
      for (int i = 0; i < 2; i++)
        turn_phase(factor, factor + lanes, s->cosines + slot * lanes,
                   s->sines + slot * lanes, signs[slot] ? 1 : -1, lanes);
    }
    s->kernel->double_up(table, half, factor);
    for (size_t j = 0; j < op->count; j++) {
      size_t slot = locals[j].slot;
      if (locals[j].z >> bit != 1 || locals[j].z == half) continue;
      kernel->rotate(table, s->turns + slot, signs[slot], 0,
                     2 * half >> kernel->unit_bits);
    }
  }
  for (size_t v = 0; v < num_vectors; v++)
    s->kernel->multiply(amps[v], table, (size_t)1 << leaf->bits);
}

/* Diagonal rotations leave q[i] = Im(conj(lambda[i]) psi[i]) as it is, and
   Im <lambda|Z^z|psi> is entry z of its Hadamard transform. */
void sweep_diagonal_slopes(const sweep_t *s, thread_t *own, const node_t *leaf,
                           const leaf_op_t *op, const void *psi,
                           const void *lambda, double *sums, size_t stride,
                           const unsigned char *signs) {
  const local_t *locals = leaf->locals + op->first;
  size_t row = s->lanes == 1 ? 2 : s->lanes;
  void *q = own->table;
  s->kernel->cross(q, psi, lambda, (size_t)1 << leaf->bits);
  s->kernel->hadamard(q, leaf->bits);
  for (size_t j = 0; j < op->count; j++)
    for (size_t k = 0; k < s->lanes; k++) {
      double value = statevector_get(q, locals[j].z * row + k, s->precision);
      sums[locals[j].slot * stride + k] += signs[locals[j].slot] ? -value : value;
    }
}
