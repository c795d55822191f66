#include "numeric/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "numeric/statevector.h"

typedef double row_t __attribute__((vector_size(8 * STATEVECTOR_LANES), may_alias));
typedef double amps1_t __attribute__((vector_size(16), may_alias));
typedef double amps2_t __attribute__((vector_size(32), may_alias));
typedef double amps4_t __attribute__((vector_size(64), may_alias));

#define SHUFFLE2(v, k) __builtin_shufflevector(v, v, 0 ^ k, 1 ^ k)
#define SHUFFLE4(v, k) \
  __builtin_shufflevector(v, v, 0 ^ k, 1 ^ k, 2 ^ k, 3 ^ k)
#define SHUFFLE8(v, k)                                              \
  __builtin_shufflevector(v, v, 0 ^ k, 1 ^ k, 2 ^ k, 3 ^ k, 4 ^ k, \
                          5 ^ k, 6 ^ k, 7 ^ k)
#define EVEN2(v) __builtin_shufflevector(v, v, 0, 0)
#define ODD2(v) __builtin_shufflevector(v, v, 1, 1)
#define EVEN4(v) __builtin_shufflevector(v, v, 0, 0, 2, 2)
#define ODD4(v) __builtin_shufflevector(v, v, 1, 1, 3, 3)
#define EVEN8(v) __builtin_shufflevector(v, v, 0, 0, 2, 2, 4, 4, 6, 6)
#define ODD8(v) __builtin_shufflevector(v, v, 1, 1, 3, 3, 5, 5, 7, 7)

static void one_angles(double *cosines, double *sines, const double *half) {
  *cosines = cos(*half);
  *sines = sin(*half);
}

#define LOOPS(prefix)                                                      \
  prefix##_prepare, prefix##_load, prefix##_rotate, prefix##_back,         \
      prefix##_follow, prefix##_add, prefix##_bracket, prefix##_double_up, \
      prefix##_multiply, prefix##_cross, prefix##_hadamard
#define ONE(prefix, bits, tiles) \
  {bits, LOOPS(prefix), one_angles, tiles##_gather, tiles##_scatter}
#define MANY(prefix, tiles) \
  {0, LOOPS(prefix), prefix##_angles, tiles##_gather, tiles##_scatter}

#define TARGET
#define real double
#define vec amps1_t
#define WIDTH_BITS 0
#define SHUFFLE SHUFFLE2
#define EVEN EVEN2
#define ODD ODD2
#define UNIT_BITS 0
#define NAME(f) tiny_##f
#include "numeric/kernel_one.h"
#undef NAME
#undef UNIT_BITS
#define UNIT_BITS 2
#define NAME(f) one_##f
#include "numeric/kernel_one.h"
#define STREAM(p, v) (*(p) = (v))
#include "numeric/kernel_tiles.h"
#undef STREAM
#undef NAME
#undef SHUFFLE
#undef EVEN
#undef ODD
#undef WIDTH_BITS
#undef vec
#define NAME(f) many_##f
#define vec row_t
#include "numeric/kernel_many.h"
#undef NAME
#undef TARGET

static const kernel_set_t portable = {"portable", ONE(one, 2, one), ONE(tiny, 0, one),
                                      MANY(many, one)};

#if defined __x86_64__ && defined __GNUC__
#define TARGET __attribute__((target("avx2,fma,popcnt")))
#define NAME(f) many_avx2_##f
#include "numeric/kernel_many.h"
#undef NAME
#undef vec
#define NAME(f) one_avx2_##f
#define vec amps2_t
#define WIDTH_BITS 1
#define SHUFFLE SHUFFLE4
#define EVEN EVEN4
#define ODD ODD4
#include "numeric/kernel_one.h"
#undef NAME
#define NAME(f) avx2_##f
#define STREAM(p, v) _mm256_stream_pd((double *)(p), (__m256d)(v))
#include "numeric/kernel_tiles.h"
#undef STREAM
#undef SHUFFLE
#undef EVEN
#undef ODD
#undef WIDTH_BITS
#undef vec
#undef NAME
#undef TARGET

#define TARGET \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma,popcnt")))
#define vec row_t
#define NAME(f) many_avx512_##f
#include "numeric/kernel_many.h"
#undef NAME
#undef vec
#define NAME(f) one_avx512_##f
#define vec amps4_t
#define WIDTH_BITS 2
#define SHUFFLE SHUFFLE8
#define EVEN EVEN8
#define ODD ODD8
#include "numeric/kernel_one.h"
#undef NAME
#define NAME(f) avx512_##f
#define STREAM(p, v) _mm512_stream_pd((double *)(p), (__m512d)(v))
#include "numeric/kernel_tiles.h"
#undef STREAM
#undef SHUFFLE
#undef EVEN
#undef ODD
#undef WIDTH_BITS
#undef vec
#undef NAME
#undef TARGET

static const kernel_set_t avx2 = {"avx2", ONE(one_avx2, 3, avx2), ONE(tiny, 0, avx2),
                                  MANY(many_avx2, avx2)};
static const kernel_set_t avx512 = {"avx512", ONE(one_avx512, 4, avx512), ONE(tiny, 0, avx512),
                                    MANY(many_avx512, avx512)};

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

const kernels_t *kernels_for(size_t num_qubits, size_t lanes) {
  const kernel_set_t *set = kernels_set();
  if (lanes > 1) return &set->many;
  return num_qubits < set->one.unit_bits ? &set->tiny : &set->one;
}
