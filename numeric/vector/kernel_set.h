/* kernel_set.h - the loops of kernels.h in one precision, for every instruction
   set, written once.

   Included by kernels.c for each precision with
     real        the numbers,   PRECISION(f)   the name of f in that precision,
     LEAST_BITS  log2 of the amplitudes in 16 bytes. */

typedef real PRECISION(amp_t)
    __attribute__((vector_size(2 * sizeof(real)), may_alias));
typedef real PRECISION(vec16_t) __attribute__((vector_size(16), may_alias));
typedef real PRECISION(vec32_t) __attribute__((vector_size(32), may_alias));
typedef real PRECISION(vec64_t) __attribute__((vector_size(64), may_alias));

/* Of the sums: see KERNEL_PARTIAL. Doubles are added up in one go. */
#define PARTIAL_END(from, last)                                         \
  (sizeof(real) == sizeof(double) || (last) - (from) <= KERNEL_PARTIAL  \
       ? (last)                                                         \
       : (from) + KERNEL_PARTIAL)

#define TARGET
#define vec PRECISION(amp_t)
#define WIDTH_BITS 0
#define UNIT_BITS 0
#define NAME(f) PRECISION(tiny_##f)
#include "numeric/vector/kernel_one.h"
#undef NAME
#undef UNIT_BITS
#undef WIDTH_BITS
#undef vec
#define UNIT_BITS 2
#define vec PRECISION(vec16_t)
#define WIDTH_BITS LEAST_BITS
#define NAME(f) PRECISION(one_##f)
#include "numeric/vector/kernel_one.h"
#define STREAM(p, v) (*(p) = (v))
#include "numeric/vector/kernel_tiles.h"
#undef STREAM
#undef NAME
#undef WIDTH_BITS
#undef vec
#define NAME(f) PRECISION(many_##f)
#define vec PRECISION(vec64_t)
#include "numeric/vector/kernel_many.h"
#undef NAME
#undef vec
#undef TARGET

static const kernel_family_t PRECISION(portable) = {
    LOOPS(PRECISION(one), PRECISION(one)),
    LOOPS(PRECISION(tiny), PRECISION(one)),
    LOOPS(PRECISION(many), PRECISION(one))};

#ifdef KERNELS_X86
#define TARGET TARGET_AVX2
#define NAME(f) PRECISION(one_avx2_##f)
#define vec PRECISION(vec32_t)
#define WIDTH_BITS (LEAST_BITS + 1)
#include "numeric/vector/kernel_one.h"
#define STREAM(p, v) _mm256_stream_pd((double *)(p), (__m256d)(v))
#include "numeric/vector/kernel_tiles.h"
#undef STREAM
#undef NAME
#undef WIDTH_BITS
#undef vec
#define NAME(f) PRECISION(many_avx2_##f)
#define vec PRECISION(vec64_t)
#include "numeric/vector/kernel_many.h"
#undef NAME
#undef vec
#undef TARGET

#define TARGET TARGET_AVX512
#define NAME(f) PRECISION(one_avx512_##f)
#define vec PRECISION(vec64_t)
#define WIDTH_BITS (LEAST_BITS + 2)
#include "numeric/vector/kernel_one.h"
#define STREAM(p, v) _mm512_stream_pd((double *)(p), (__m512d)(v))
#include "numeric/vector/kernel_tiles.h"
#undef STREAM
#undef NAME
#undef WIDTH_BITS
#define NAME(f) PRECISION(many_avx512_##f)
#include "numeric/vector/kernel_many.h"
#undef NAME
#undef vec
#undef TARGET

static const kernel_family_t PRECISION(avx2) = {
    LOOPS(PRECISION(one_avx2), PRECISION(one_avx2)),
    LOOPS(PRECISION(tiny), PRECISION(one_avx2)),
    LOOPS(PRECISION(many_avx2), PRECISION(one_avx2))};
static const kernel_family_t PRECISION(avx512) = {
    LOOPS(PRECISION(one_avx512), PRECISION(one_avx512)),
    LOOPS(PRECISION(tiny), PRECISION(one_avx512)),
    LOOPS(PRECISION(many_avx512), PRECISION(one_avx512))};
#endif
#undef UNIT_BITS
#undef PARTIAL_END
