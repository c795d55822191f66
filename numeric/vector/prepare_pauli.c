/* States given by few strings, as vectors: the operator is written out on the
   qubits that some string acts on, diagonalised by LAPACK, and purified with one
   ancilla for each qubit, independently of the modules that define the state. */
#include <assert.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/blas_threads.h"
#include "numeric/vector/statevector.h"

/* LAPACK, as OpenBLAS holds it. */
void zheev_(const char *job, const char *triangle, const int *n,
            double complex *a, const int *lda, double *eigenvalues,
            double complex *work, const int *length, double *real_work,
            int *info);

uint64_t statevector_pauli_support(const pauli_sum_struct *state) {
  uint64_t support = 0;
  for (size_t t = 0; t < state->length; t++) {
    const uint64_t *p = pauli_sum_string(state, t);
    support |= p[0] | p[state->num_words];
  }
  return support;
}

/* The bits of index at the places of mask, close together. */
static size_t gather(uint64_t index, uint64_t mask) {
  size_t out = 0;
  for (size_t k = 0; mask; k++, mask &= mask - 1)
    if (index & mask & -mask) out |= (size_t)1 << k;
  return out;
}

/* rho on the support, column by column: P|b> = i^|x&z| (-1)^(z.b) |b^x>. */
static void write_out(double complex *rho, size_t size,
                      const pauli_sum_struct *state, uint64_t support) {
  static const double complex phases[4] = {1, I, -1, -I};
  for (size_t t = 0; t < state->length; t++) {
    const uint64_t *p = pauli_sum_string(state, t);
    size_t x = gather(p[0], support), z = gather(p[state->num_words], support);
    double complex c = fmpq_get_d(state->coeffs + t) / (double)size *
                       phases[__builtin_popcountll(x & z) & 3];
    for (size_t b = 0; b < size; b++)
      rho[b * size + (b ^ x)] += __builtin_parityll(z & b) ? -c : c;
  }
}

/* Column k becomes sqrt(lambda_k) u_k. */
static void split(double complex *rho, size_t size) {
  int n = (int)size, length = 66 * n, info;
  double *lambda = memory_get(size, sizeof *lambda);
  double *real_work = memory_get(3 * size, sizeof *real_work);
  double complex *work = memory_get((size_t)length, sizeof *work);
  blas_need();
  zheev_("V", "U", &n, rho, &n, lambda, work, &length, real_work, &info);
  assert(info == 0);
  for (size_t k = 0; k < size; k++)
    for (size_t b = 0; b < size; b++)
      rho[k * size + b] *= sqrt(lambda[k] > 0 ? lambda[k] : 0);
  free(lambda);
  free(real_work);
  free(work);
}

void statevector_prepare_pauli(statevector_t *v, const pauli_sum_struct *state) {
  size_t n = state->num_qubits;
  uint64_t support = statevector_pauli_support(state);
  size_t num = (size_t)__builtin_popcountll(support), size = (size_t)1 << num;
  assert(v->num_qubits == 2 * n && num <= STATEVECTOR_PAULI_QUBITS);
  double complex *rho = memory_get(size * size, sizeof *rho);
  memset(rho, 0, size * size * sizeof *rho);
  write_out(rho, size, state, support);
  split(rho, size);
  double rest = ldexp(1, -(int)(n - num));
  statevector_zero(v);
  for (uint64_t b = 0; b < UINT64_C(1) << n; b++)
    for (size_t k = 0; k < size; k++) {
      /* ancillas: k on the support, a copy of b elsewhere */
      uint64_t ancilla = b & ~support, mask = support;
      for (size_t j = 0; mask; j++, mask &= mask - 1)
        if (k >> j & 1) ancilla |= mask & -mask;
      double complex amplitude =
          sqrt(rest) * rho[k * size + gather(b, support)];
      statevector_set(v, (size_t)(b | ancilla << n), creal(amplitude),
                      cimag(amplitude));
    }
  free(rho);
}
