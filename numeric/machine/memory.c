#include "numeric/machine/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *must(void *p) {
  if (!p) {
    fputs("liescape: out of memory\n", stderr);
    abort();
  }
  return p;
}

void *memory_get(size_t count, size_t size) {
  return must(calloc(count ? count : 1, size));
}

void *memory_resize(void *old, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) must(NULL);
  return must(realloc(old, count ? count * size : 1));
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

char *memory_print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length < 0) must(NULL);
  char *text = memory_get((size_t)length + 1, 1);
  va_start(args, format);
  vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}
