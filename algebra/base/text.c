#include "algebra/base/text.h"

#include <stdlib.h>
#include <string.h>

static void (*handler)(void);

void memory_on_failure(void (*end)(void)) { handler = end; }

void *memory_must(void *p) {
  if (p) return p;
  if (handler) handler();
  fputs("liescape: out of memory\n", stderr);
  abort();
}

char *text_vprint(const char *format, va_list args) {
  char *text = NULL;
  if (vasprintf(&text, format, args) < 0) text = NULL;
  return memory_must(text);
}

char *text_print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *text = text_vprint(format, args);
  va_end(args);
  return text;
}

char *text_copy(const char *text) { return memory_must(strdup(text)); }

char *text_copy_part(const char *text, size_t length) {
  return memory_must(strndup(text, length));
}

FILE *text_open(char **text, size_t *length) {
  return memory_must(open_memstream(text, length));
}

/* glibc's fclose sets *text to NULL, and reports nothing, when it finds no memory to
   make the text as short as it is. */
void text_close(FILE *stream, char *const *text) {
  int failed = ferror(stream);
  memory_must(fclose(stream) != 0 || failed ? NULL : *text);
}
