#include "numeric/kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/statevector.h"

typedef double row_t __attribute__((vector_size(8 * STATEVECTOR_LANES)));

#define TARGET
#define NAME(f) one_##f
#define vec double
#include "numeric/kernel_body.h"
#undef NAME
#undef vec
#define NAME(f) many_##f
#define vec row_t
#include "numeric/kernel_body.h"
#undef NAME
#undef TARGET

static const kernel_set_t portable = {
    "portable",
    {one_rotate, one_add, one_bracket, one_angles},
    {many_rotate, many_add, many_bracket, many_angles}};

#if defined __x86_64__ && defined __GNUC__
#define TARGET __attribute__((target("avx2,fma,popcnt")))
#define NAME(f) many_avx2_##f
#include "numeric/kernel_body.h"
#undef NAME
#undef TARGET
#define TARGET __attribute__((target("avx512f,avx512dq,avx2,fma,popcnt")))
#define NAME(f) many_avx512_##f
#include "numeric/kernel_body.h"
#undef NAME
#undef TARGET

static const kernel_set_t avx2 = {
    "avx2",
    {one_rotate, one_add, one_bracket, one_angles},
    {many_avx2_rotate, many_avx2_add, many_avx2_bracket, many_avx2_angles}};
static const kernel_set_t avx512 = {
    "avx512",
    {one_rotate, one_add, one_bracket, one_angles},
    {many_avx512_rotate, many_avx512_add, many_avx512_bracket, many_avx512_angles}};

const kernel_set_t *kernels_choose(void) {
  const char *limit = getenv("LIESCAPE_SIMD");
  bool any = !limit || !strcmp(limit, "avx512");
  __builtin_cpu_init();
  if (any && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq"))
    return &avx512;
  if ((any || !strcmp(limit, "avx2")) && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("fma"))
    return &avx2;
  return &portable;
}
#else
const kernel_set_t *kernels_choose(void) { return &portable; }
#endif
