/* keeper.h - where a long computation leaves its parts (see verify.h).

   Layer: numeric/machine. */
#ifndef LIESCAPE_KEEPER_H
#define LIESCAPE_KEEPER_H

#include <stddef.h>
#include <stdint.h>

/* Keeps what has been computed, so that a run that was stopped goes on to the
   same numbers. Pieces are bytes with a name and a number. */
typedef struct {
  void *context;
  /* The piece as it was kept, NULL unless it has so many bytes. */
  const void *(*find)(void *context, const char *name, uint64_t number,
                      size_t size);
  /* A copy is to be kept. Called from one thread at a time, in process 0. */
  void (*keep)(void *context, const char *name, uint64_t number,
               const void *bytes, size_t size);
  /* The run is about to stop before its end. May be NULL. */
  void (*flush)(void *context);
} verify_keeper_t;

#endif
