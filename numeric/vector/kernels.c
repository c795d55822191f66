#include "numeric/vector/kernels.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#if defined __x86_64__ && defined __GNUC__
#define KERNELS_X86
#define TARGET_AVX2 __attribute__((target("avx2,fma,popcnt")))
#define TARGET_AVX512 \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma,popcnt")))
#endif

/* The table of the loops that begin with p, chunks moved by those of t. */
#define LOOPS(p, t) LOOPS_OF(p, t)
#define LOOPS_OF(p, t)                                                        \
  {                                                                           \
    p##_BITS, p##_prepare, p##_load, p##_rotate, p##_back, p##_follow, p##_add, \
        p##_bracket, p##_double_up, p##_multiply, p##_cross, p##_hadamard,    \
        t##_gather, t##_scatter                                               \
  }

#define real double
#define LEAST_BITS 0
#define PRECISION(f) double_##f
#include "numeric/vector/kernel_set.h"
#undef real
#undef LEAST_BITS
#undef PRECISION

#define real float
#define LEAST_BITS 1
#define PRECISION(f) single_##f
#include "numeric/vector/kernel_set.h"
#undef real
#undef LEAST_BITS
#undef PRECISION

#define vec double_vec64_t
#define TARGET
#define NAME(f) portable_##f
#include "numeric/vector/kernel_angles.h"
#undef TARGET
#undef NAME

/* In the order of precision_t. */
static const kernel_set_t portable = {
    "portable", {&double_portable, &single_portable}, portable_angles};

#ifdef KERNELS_X86
#define TARGET TARGET_AVX2
#define NAME(f) avx2_##f
#include "numeric/vector/kernel_angles.h"
#undef TARGET
#undef NAME
#define TARGET TARGET_AVX512
#define NAME(f) avx512_##f
#include "numeric/vector/kernel_angles.h"
#undef TARGET
#undef NAME

static const kernel_set_t avx2 = {
    "avx2", {&double_avx2, &single_avx2}, avx2_angles};
static const kernel_set_t avx512 = {
    "avx512", {&double_avx512, &single_avx512}, avx512_angles};

const kernel_set_t *kernels_choose(void) {
  const char *limit = getenv("LIESCAPE_SIMD");
  bool any = !limit || !strcmp(limit, "avx512");
  __builtin_cpu_init();
  if (any && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return &avx512;
  if ((any || !strcmp(limit, "avx2")) && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("fma"))
    return &avx2;
  return &portable;
}
#else
const kernel_set_t *kernels_choose(void) { return &portable; }
#endif

const kernel_set_t *kernels_set(void) {
  static const kernel_set_t *chosen;
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

const kernels_t *kernels_for(size_t num_qubits, size_t lanes,
                             precision_t precision) {
  const kernel_family_t *family = kernels_set()->families[precision];
  if (lanes > 1) return &family->many;
  return num_qubits < family->one.unit_bits ? &family->tiny : &family->one;
}
