/* input.h - the source being read, where the readers report into, and an
   arena for their syntax trees. Private to the readers. Layer: cli. */
#ifndef LIESCAPE_CLI_INPUT_H
#define LIESCAPE_CLI_INPUT_H

#include <stdbool.h>

#include "cli/read/source.h"

/* A place in the source: bytes [begin, end), and the line it begins on. */
typedef struct {
  size_t begin, end;
  long line;
} place_t;

typedef struct {
  diagnostic_struct *diag;
  const char *file;
  const char *text;
  size_t length;
  status_t status; /* of the first error */
} input_t;

/* Records an error unless there is one already; returns the status of the
   first. */
status_t input_fail(input_t *input, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
status_t input_limit(input_t *input, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Bump allocator; everything goes at once. Memory comes zeroed. */
typedef struct arena_chunk arena_chunk_t;
typedef struct {
  arena_chunk_t *chunks;
  size_t used, room;
} arena_t;

void arena_init(arena_t *arena);
void arena_clear(arena_t *arena);
void *arena_alloc(arena_t *arena, size_t bytes);
char *arena_copy(arena_t *arena, const char *text, size_t length);

#endif
