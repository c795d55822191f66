/* units.h - a long computation in units: shared out among processes, kept as it
   goes, and continued.

   A unit (a chunk of samples, a start of a search) is computed as a whole and
   its numbers depend on its index only, not on who computes it, nor on what
   was computed before. So a run on K processes, or one that was stopped and
   went on from what a keeper had kept, ends with the same numbers to the last bit.

   Processes work in rounds: what is not done yet is dealt out in turn, everyone
   works until its share is done or the time of the round is up, then the results
   go to process 0. Fast processes thus get more; time is lost for one unit
   per thread and round, so that rounds last as long as some 20 units.

   Layer: numeric, above share. */
#ifndef LIESCAPE_NUMERIC_UNITS_H
#define LIESCAPE_NUMERIC_UNITS_H

#include <stdbool.h>

#include "numeric/machine/keeper.h"
#include "algebra/base/status.h"

typedef struct units units_t;
struct units {
  /* Set by the caller. */
  const char *stage; /* name for the keeper: different in each stage of a run */
  size_t num, bytes; /* units, and bytes of one when packed */
  void *of;          /* what the functions are called with */
  void (*pack)(void *out, const void *of, size_t unit);
  void (*unpack)(void *of, const void *in, size_t unit);
  /* Computes units with skip[unit] == 0, setting it and calling units_tick after
     each (one thread at a time), until units_tick returns false. False: memory
     was refused (or it was told to stop). */
  bool (*run)(void *of, units_t *units);
  const verify_keeper_t *keeper; /* or NULL */
  bool (*progress)(void *context, uint64_t done, uint64_t total); /* or NULL */
  void *context;
  /* For run. */
  unsigned char *skip;
  /* Private. */
  unsigned char *done; /* results are here (process 0: or were received) */
  uint64_t num_done, num_mine, num_ticks;
  double round_ends, round_seconds, last_scan, unit_seconds;
  bool paused, stopped;
};

/* All units, on all processes together; the results are in process 0.
   STATUS_LIMIT when some process was stopped or lacked memory. */
status_t units_run(units_t *units);
/* See run. */
bool units_tick(units_t *units);

#endif
