/* fail-allocation - a library to be preloaded (LD_PRELOAD): one allocation of the program
   fails.

   Counted are the calls of malloc, calloc, realloc, posix_memalign and aligned_alloc after
   main has begun, from whatever library. LIESCAPE_FAIL_AT=K lets the K-th fail (from 1);
   LIESCAPE_FAIL_COUNT=FILE writes how many there were to FILE when the program ends. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_bool armed;
static atomic_long calls;
static long fail_at;

static bool fails(void) {
  if (!armed || ++calls != fail_at) return false;
  errno = ENOMEM;
  return true;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }

void *calloc(size_t count, size_t size) {
  return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  return fails() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (fails()) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

static void write_count(void) {
  const char *path = getenv("LIESCAPE_FAIL_COUNT");
  char text[32];
  armed = false;
  if (!path) return;
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  int length = snprintf(text, sizeof text, "%ld\n", (long)calls);
  if (file < 0 || write(file, text, (size_t)length) != length) abort();
  close(file);
}

static int (*real_main)(int, char **, char **);

static int counted_main(int argc, char **argv, char **environment) {
  const char *at = getenv("LIESCAPE_FAIL_AT");
  fail_at = at ? atol(at) : 0;
  atexit(write_count);
  armed = true;
  return real_main(argc, argv, environment);
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      int (*init)(int, char **, char **), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end) {
  typedef int start_t(int (*)(int, char **, char **), int, char **,
                      int (*)(int, char **, char **), void (*)(void), void (*)(void),
                      void *);
  void *found = dlsym(RTLD_NEXT, "__libc_start_main");
  start_t *start;
  memcpy(&start, &found, sizeof start);
  real_main = program;
  return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
