#include "numeric/machine/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "algebra/base/text.h"

void *memory_get(size_t count, size_t size) {
  return memory_must(calloc(count ? count : 1, size));
}

void *memory_resize(void *old, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) memory_must(NULL);
  return memory_must(realloc(old, count ? count * size : 1));
}

void *memory_state(size_t bytes) {
  void *p = NULL;
  size_t page = (size_t)1 << 21, align = bytes >= page ? page : 64;
  bytes = (bytes + align - 1) / align * align;
  if (posix_memalign(&p, align, bytes ? bytes : align)) return NULL;
#ifdef MADV_HUGEPAGE
  /* Sweeps jump over the vector: small pages would miss at every jump. */
  if (align == page) (void)madvise(p, bytes, MADV_HUGEPAGE);
#endif
  return memset(p, 0, bytes);
}
