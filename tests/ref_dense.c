#include "tests/ref_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t side(size_t n) { return (size_t)1 << n; }

ref_entry_t *ref_zero(size_t n) {
  return calloc(side(n) * side(n), sizeof(ref_entry_t));
}

ref_entry_t *ref_identity(size_t n) {
  ref_entry_t *m = ref_zero(n);
  for (size_t i = 0; i < side(n); i++) m[i * side(n) + i] = 1;
  return m;
}

ref_entry_t *ref_string(size_t n, uint64_t x, uint64_t z) {
  static const ref_entry_t letters[4][2][2] = {
      {{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}, {{1, 0}, {0, -1}}, {{0, -I}, {I, 0}}};
  ref_entry_t *m = ref_zero(n);
  for (size_t r = 0; r < side(n); r++)
    for (size_t c = 0; c < side(n); c++) {
      ref_entry_t v = 1;
      for (size_t j = 0; j < n; j++) {
        size_t letter = (size_t)((x >> j & 1) | (z >> j & 1) << 1);
        v *= letters[letter][r >> j & 1][c >> j & 1];
      }
      m[r * side(n) + c] = v;
    }
  return m;
}

void ref_add(ref_entry_t *out, ref_entry_t factor, const ref_entry_t *in,
             size_t n) {
  for (size_t i = 0; i < side(n) * side(n); i++) out[i] += factor * in[i];
}

ref_entry_t *ref_product(const ref_entry_t *a, const ref_entry_t *b, size_t n) {
  size_t s = side(n);
  ref_entry_t *m = ref_zero(n);
  for (size_t i = 0; i < s; i++)
    for (size_t k = 0; k < s; k++)
      for (size_t j = 0; j < s; j++) m[i * s + j] += a[i * s + k] * b[k * s + j];
  return m;
}

static void replace(ref_entry_t **m, ref_entry_t *by) {
  free(*m);
  *m = by;
}

ref_entry_t *ref_stabilizer(const stabilizer_state_struct *state, size_t n) {
  ref_entry_t *rho = ref_identity(n);
  for (size_t j = 0; j < state->rank; j++) {
    const uint64_t *g = stabilizer_state_string(state, j);
    ref_entry_t *factor = ref_identity(n), *p = ref_string(n, g[0], g[1]);
    ref_add(factor, state->signs[j] ? -1 : 1, p, n);
    ref_entry_t *next = ref_product(rho, factor, n);
    free(rho);
    free(factor);
    free(p);
    rho = next;
  }
  double scale = ldexp(1, -(int)n);
  for (size_t i = 0; i < side(n) * side(n); i++) rho[i] *= scale;
  return rho;
}

ref_entry_t *ref_exponential(const ref_entry_t *h, double angle, size_t n) {
  int halvings = 0;
  double norm = 0;
  for (size_t i = 0; i < side(n) * side(n); i++) norm += cabs(h[i]);
  while (ldexp(norm * fabs(angle), -halvings) > 0.5) halvings++;
  ref_entry_t *sum = ref_identity(n), *term = ref_identity(n);
  for (int k = 1; k <= 20; k++) {
    replace(&term, ref_product(term, h, n));
    for (size_t i = 0; i < side(n) * side(n); i++)
      term[i] *= -I * ldexp(angle, -halvings) / k;
    ref_add(sum, 1, term, n);
  }
  while (halvings-- > 0) replace(&sum, ref_product(sum, sum, n));
  free(term);
  return sum;
}

void ref_apply(ref_entry_t *out, const ref_entry_t *m, const ref_entry_t *in,
               size_t n) {
  for (size_t i = 0; i < side(n); i++) {
    out[i] = 0;
    for (size_t j = 0; j < side(n); j++) out[i] += m[i * side(n) + j] * in[j];
  }
}

void ref_conjugate(ref_entry_t *m, const ref_entry_t *u, size_t n) {
  ref_entry_t *left = ref_product(u, m, n), *dagger = ref_zero(n);
  for (size_t i = 0; i < side(n); i++)
    for (size_t j = 0; j < side(n); j++)
      dagger[i * side(n) + j] = conj(u[j * side(n) + i]);
  ref_entry_t *both = ref_product(left, dagger, n);
  memcpy(m, both, side(n) * side(n) * sizeof *m);
  free(left);
  free(dagger);
  free(both);
}

ref_entry_t ref_trace_product(const ref_entry_t *a, const ref_entry_t *b,
                              size_t n) {
  ref_entry_t sum = 0;
  for (size_t i = 0; i < side(n); i++)
    for (size_t j = 0; j < side(n); j++)
      sum += a[i * side(n) + j] * b[j * side(n) + i];
  return sum;
}
