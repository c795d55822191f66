#include "numeric/circuit/pair_kernels.h"

#include <string.h>

typedef double row_t __attribute__((vector_size(8 * STATEVECTOR_LANES)));

#define DEFINE_KERNELS(SET, TARGET)                                            \
  static TARGET void SET##_rotate(double *vector, const reach_pair_t *pairs,   \
                                  size_t count, const double *c_row,           \
                                  const double *s_row) {                       \
    row_t *v = (row_t *)vector;                                                \
    const row_t c = *(const row_t *)c_row, s = *(const row_t *)s_row;          \
    for (size_t k = 0; k < count; k++) {                                       \
      row_t *a = v + pairs[k].a, *b = v + pairs[k].b;                          \
      const row_t x = *a, y = *b;                                              \
      *a = c * x - s * y;                                                      \
      *b = c * y + s * x;                                                      \
    }                                                                          \
  }                                                                            \
  static TARGET void SET##_back(double *slope, double *first, double *second,  \
                                const reach_pair_t *pairs, size_t count,       \
                                const double *c_row, const double *s_row) {    \
    row_t *v = (row_t *)first, *w = (row_t *)second;                           \
    row_t sum = *(row_t *)slope;                                               \
    const row_t c = *(const row_t *)c_row, s = *(const row_t *)s_row;          \
    for (size_t k = 0; k < count; k++) {                                       \
      const size_t a = pairs[k].a, b = pairs[k].b;                             \
      const row_t va = v[a], vb = v[b], wa = w[a], wb = w[b];                  \
      sum += va * wb - vb * wa;                                                \
      v[a] = c * va - s * vb;                                                  \
      v[b] = c * vb + s * va;                                                  \
      w[a] = c * wa - s * wb;                                                  \
      w[b] = c * wb + s * wa;                                                  \
    }                                                                          \
    *(row_t *)slope = sum;                                                     \
  }                                                                            \
  static TARGET void SET##_dot(double *out, const double *first,               \
                               const double *second, size_t count) {           \
    const row_t *v = (const row_t *)first, *w = (const row_t *)second;         \
    row_t sum = *(row_t *)out;                                                 \
    for (size_t i = 0; i < count; i++) sum += v[i] * w[i];                     \
    *(row_t *)out = sum;                                                       \
  }                                                                            \
  static const pair_kernels_t SET = {SET##_rotate, SET##_back, SET##_dot};

DEFINE_KERNELS(portable, )

#if defined __x86_64__ && defined __GNUC__
DEFINE_KERNELS(avx2, __attribute__((target("avx2,fma"))))
DEFINE_KERNELS(avx512, __attribute__((target("avx512f,avx2,fma"))))

const pair_kernels_t *pair_kernels(void) {
  const char *name = statevector_instructions();
  return !strcmp(name, "avx512") ? &avx512
         : !strcmp(name, "avx2") ? &avx2
                                 : &portable;
}
#else
const pair_kernels_t *pair_kernels(void) { return &portable; }
#endif
