/* closure_limits.h - how much work a closure may take, and how its dimension was proved.

   Layer: private to algebra. */
#ifndef LIESCAPE_CLOSURE_LIMITS_H
#define LIESCAPE_CLOSURE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  size_t max_dimension; /* stop beyond it; 0: no limit */
  size_t max_bytes;     /* memory of the elimination; 0: 4 GB */
  unsigned num_threads; /* 0: what OpenMP offers */
  /* Called now and then from the calling thread; true stops the work. */
  bool (*abort)(void *data);
  void *abort_data;
} closure_limits_t;

typedef enum {
  CLOSURE_UNPROVED,       /* dimension is a lower bound only */
  CLOSURE_FILLS_STRINGS,  /* W is the span of all (orbits of) strings reached */
  CLOSURE_EXACT_CHECK     /* basis over Q, invariance verified exactly */
} closure_proof_t;

#endif
