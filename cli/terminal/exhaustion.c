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

static void say(const char *message) {
  ssize_t written = write(STDERR_FILENO, message, strlen(message));
  (void)written;
}

static void end(const char *message) {
  say(message);
  output_discard();
  if (last) last();
  _exit(EXIT_LIMIT);
}

void exhaustion_end(void) {
  end("liescape: out of memory\n");
  abort(); /* not reached */
}

static void *must(void *memory) {
  if (!memory) exhaustion_end();
  return memory;
}

static void *get(size_t size) { return must(malloc(size ? size : 1)); }

static void *get_zeroed(size_t count, size_t size) {
  return must(count && size ? calloc(count, size) : calloc(1, 1));
}

static void *resize(void *memory, size_t size) {
  return must(realloc(memory, size ? size : 1));
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
  mp_set_memory_functions(get, gmp_resize, gmp_release);
  __flint_set_memory_functions(get, get_zeroed, resize, free);
  json_set_alloc_funcs(get, free);
  memory_on_failure(exhaustion_end);
  atexit(on_exit_of_a_library);
}
