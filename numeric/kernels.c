#include "numeric/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
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

/* Chunks are multiples of 64 bytes, or shorter and then of 16. */
static inline void copy(char *to, const char *from, size_t bytes) {
  if (bytes % 64) {
    for (size_t i = 0; i < bytes; i += 16)
      *(amps1_t *)(to + i) = *(const amps1_t *)(from + i);
    return;
  }
  for (size_t i = 0; i < bytes; i += 64)
    *(amps4_t *)(to + i) = *(const amps4_t *)(from + i);
}

static void gather(void *tile, const void *from, size_t base,
                   const size_t *offsets, size_t count, size_t bytes) {
  for (size_t k = 0; k < count; k++)
    copy((char *)tile + k * bytes, (const char *)from + (base ^ offsets[k]),
         bytes);
}

/* Stores that pass the caches write whole lines without reading them first. */
static void scatter(void *to, const void *tile, size_t base,
                    const size_t *offsets, size_t count, size_t bytes,
                    bool past) {
  for (size_t k = 0; k < count; k++) {
    char *out = (char *)to + (base ^ offsets[k]);
    const char *in = (const char *)tile + k * bytes;
#ifdef __SSE2__
    if (past) {
      for (size_t i = 0; i < bytes; i += 16)
        _mm_stream_pd((double *)(out + i), _mm_load_pd((const double *)(in + i)));
      continue;
    }
#endif
    copy(out, in, bytes);
  }
#ifdef __SSE2__
  if (past) _mm_sfence();
#endif
}

static void one_angles(double *cosines, double *sines, const double *half) {
  *cosines = cos(*half);
  *sines = sin(*half);
}

#define ONE(prefix, bits)                                                     \
  {bits, prefix##_prepare, prefix##_load, prefix##_rotate, prefix##_back, prefix##_follow, prefix##_add,      \
   prefix##_bracket, one_angles, gather, scatter}
#define MANY(prefix)                                                          \
  {0, prefix##_prepare, prefix##_load, prefix##_rotate, prefix##_back, prefix##_follow, prefix##_add,         \
   prefix##_bracket, prefix##_angles, gather, scatter}

#define TARGET
#define real double
#define vec amps1_t
#define WIDTH_BITS 0
#define SHUFFLE SHUFFLE2
#define UNIT_BITS 0
#define NAME(f) tiny_##f
#include "numeric/kernel_one.h"
#undef NAME
#undef UNIT_BITS
#define UNIT_BITS 2
#define NAME(f) one_##f
#include "numeric/kernel_one.h"
#undef NAME
#undef SHUFFLE
#undef WIDTH_BITS
#undef vec
#define NAME(f) many_##f
#define vec row_t
#include "numeric/kernel_many.h"
#undef NAME
#undef TARGET

static const kernel_set_t portable = {"portable", ONE(one, 2), ONE(tiny, 0),
                                      MANY(many)};

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
#include "numeric/kernel_one.h"
#undef SHUFFLE
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
#include "numeric/kernel_one.h"
#undef SHUFFLE
#undef WIDTH_BITS
#undef vec
#undef NAME
#undef TARGET

static const kernel_set_t avx2 = {"avx2", ONE(one_avx2, 3), ONE(tiny, 0),
                                  MANY(many_avx2)};
static const kernel_set_t avx512 = {"avx512", ONE(one_avx512, 4), ONE(tiny, 0),
                                    MANY(many_avx512)};

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
