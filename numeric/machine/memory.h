/* memory.h - allocation for the floating-point module.

   Small arrays: exhaustion aborts, as it does in FLINT. State vectors are
   sized against a budget before they are asked for (memory_state). */
#ifndef LIESCAPE_NUMERIC_MEMORY_H
#define LIESCAPE_NUMERIC_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed; never NULL, even for nothing. */
void *memory_get(size_t count, size_t size);
void *memory_resize(void *old, size_t count, size_t size);
/* Zeroed, aligned to 64 bytes, or NULL when the machine refuses. Free with
   free(). */
void *memory_state(size_t bytes);

#endif
