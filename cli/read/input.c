#include "cli/read/input.h"

#include <flint/flint.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"

static status_t record(input_t *input, status_t status, size_t offset,
                       const char *format, va_list args) {
  if (input->status == STATUS_OK) {
    diagnostic_set_va(input->diag, input->file, input->text, input->length,
                      offset, format, args);
    input->status = status;
  }
  return input->status;
}

status_t input_fail(input_t *input, size_t offset, const char *format, ...) {
  va_list args;
  va_start(args, format);
  status_t status = record(input, STATUS_BAD_INPUT, offset, format, args);
  va_end(args);
  return status;
}

status_t input_limit(input_t *input, size_t offset, const char *format, ...) {
  va_list args;
  va_start(args, format);
  status_t status = record(input, STATUS_LIMIT, offset, format, args);
  va_end(args);
  return status;
}

struct arena_chunk {
  arena_chunk_t *next;
};

enum { CHUNK_BYTES = 1 << 16, ALIGN = 16 };

void arena_init(arena_t *arena) {
  *arena = (arena_t){0};
}

void arena_clear(arena_t *arena) {
  while (arena->chunks) {
    arena_chunk_t *next = arena->chunks->next;
    free(arena->chunks);
    arena->chunks = next;
  }
  arena_init(arena);
}

void *arena_alloc(arena_t *arena, size_t bytes) {
  bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
  if (arena->room - arena->used < bytes) {
    size_t room = bytes > CHUNK_BYTES - ALIGN ? bytes + ALIGN : CHUNK_BYTES;
    arena_chunk_t *chunk = memory_must(calloc(1, room));
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->room = room;
    arena->used = ALIGN;
  }
  void *memory = (char *)arena->chunks + arena->used;
  arena->used += bytes;
  return memory;
}

char *arena_copy(arena_t *arena, const char *text, size_t length) {
  char *copy = arena_alloc(arena, length + 1);
  memcpy(copy, text, length);
  return copy;
}
