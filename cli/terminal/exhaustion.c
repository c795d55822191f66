#include "cli/terminal/exhaustion.h"

#include <flint/flint.h>
#include <gmp.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algebra/base/text.h"
#include "cli/request/options.h"
#include "cli/terminal/output.h"

static void (*last)(void);
static bool is_over;

static void end(const char *message) __attribute__((noreturn));
static void end(const char *message) {
  ssize_t written = write(STDERR_FILENO, message, strlen(message));
  (void)written;
  output_discard();
  if (last) last();
  _exit(EXIT_LIMIT);
}

static void end_without_memory(void) { end("liescape: out of memory\n"); }

static void *get(size_t size) { return memory_must(malloc(size ? size : 1)); }

static void *get_zeroed(size_t count, size_t size) {
  return memory_must(count && size ? calloc(count, size) : calloc(1, 1));
}

static void *resize(void *memory, size_t size) {
  return memory_must(realloc(memory, size ? size : 1));
}

static void *gmp_resize(void *memory, size_t old_size, size_t size) {
  (void)old_size;
  return resize(memory, size);
}

static void gmp_release(void *memory, size_t size) {
  (void)size;
  free(memory);
}

/* A library has called exit(): it has said why on standard error. */
static void on_exit_of_a_library(void) {
  if (!is_over) end("liescape: ended by a library: out of memory or of threads\n");
}

void exhaustion_over(void) { is_over = true; }

void exhaustion_install(void (*last_act)(void)) {
  last = last_act;
  memory_on_failure(end_without_memory);
  mp_set_memory_functions(get, gmp_resize, gmp_release);
  __flint_set_memory_functions(get, get_zeroed, resize, free);
  json_set_alloc_funcs(get, free);
  atexit(on_exit_of_a_library);
}
