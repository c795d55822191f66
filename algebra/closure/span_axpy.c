#include "algebra/closure/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

__attribute__((target("avx2"))) static void
axpy_avx2(uint64_t *acc, const uint32_t *row, uint32_t c, size_t length) {
  size_t i = 0;
  __m256i factor = _mm256_set1_epi64x((long long)c);
  for (; i + 8 <= length; i += 8) {
    __m256i *out = (__m256i *)(acc + i);
    __m256i a = _mm256_cvtepu32_epi64(
        _mm_loadu_si128((const __m128i *)(row + i)));
    __m256i b = _mm256_cvtepu32_epi64(
        _mm_loadu_si128((const __m128i *)(row + i + 4)));
    a = _mm256_add_epi64(_mm256_loadu_si256(out), _mm256_mul_epu32(a, factor));
    b = _mm256_add_epi64(_mm256_loadu_si256(out + 1),
                         _mm256_mul_epu32(b, factor));
    _mm256_storeu_si256(out, a);
    _mm256_storeu_si256(out + 1, b);
  }
  for (; i < length; i++) acc[i] += (uint64_t)c * row[i];
}

__attribute__((target("avx512f"))) static void
axpy_avx512(uint64_t *acc, const uint32_t *row, uint32_t c, size_t length) {
  size_t i = 0;
  __m512i factor = _mm512_set1_epi64((long long)c);
  for (; i + 16 <= length; i += 16) {
    __m512i a = _mm512_cvtepu32_epi64(
        _mm256_loadu_si256((const __m256i *)(row + i)));
    __m512i b = _mm512_cvtepu32_epi64(
        _mm256_loadu_si256((const __m256i *)(row + i + 8)));
    a = _mm512_add_epi64(_mm512_loadu_si512(acc + i),
                         _mm512_mul_epu32(a, factor));
    b = _mm512_add_epi64(_mm512_loadu_si512(acc + i + 8),
                         _mm512_mul_epu32(b, factor));
    _mm512_storeu_si512(acc + i, a);
    _mm512_storeu_si512(acc + i + 8, b);
  }
  for (; i < length; i++) acc[i] += (uint64_t)c * row[i];
}
#endif

void span_axpy(uint64_t *acc, const uint32_t *row, uint32_t c, size_t length) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512f")) {
    axpy_avx512(acc, row, c, length);
    return;
  }
  if (__builtin_cpu_supports("avx2")) {
    axpy_avx2(acc, row, c, length);
    return;
  }
#endif
  for (size_t i = 0; i < length; i++) acc[i] += (uint64_t)c * row[i];
}
