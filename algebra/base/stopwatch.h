/* stopwatch.h - a budget of wall-clock time, and of a caller's patience, as the
   limits of the other rooms ask for it.

   Times are whole nanoseconds. Layer: base. */
#ifndef LIESCAPE_STOPWATCH_H
#define LIESCAPE_STOPWATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define STOPWATCH_SECOND INT64_C(1000000000)

typedef struct {
  struct timespec start;
  int64_t limit_ns;
  bool spent;   /* the time is over, or the caller said stop; stays true */
  bool stopped; /* the caller said stop */
  bool (*abort)(void *data); /* of the caller, or NULL */
  void *abort_data;
} stopwatch_t;

static inline stopwatch_t stopwatch_start(int64_t limit_ns) {
  stopwatch_t watch = {.limit_ns = limit_ns};
  clock_gettime(CLOCK_MONOTONIC, &watch.start);
  return watch;
}

static inline int64_t stopwatch_elapsed(const stopwatch_t *watch) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)(now.tv_sec - watch->start.tv_sec) * STOPWATCH_SECOND +
         (now.tv_nsec - watch->start.tv_nsec);
}

/* Another budget under the same caller. */
static inline stopwatch_t stopwatch_part(const stopwatch_t *whole, int64_t limit_ns) {
  stopwatch_t watch = stopwatch_start(limit_ns);
  watch.abort = whole->abort;
  watch.abort_data = whole->abort_data;
  return watch;
}

/* For one stage of several under the same limit: two thirds of what is left, so that
   a cheap stage is not lost to a long one before it and all of them together keep
   the limit; a hundredth of the limit at least. */
static inline stopwatch_t stopwatch_stage(const stopwatch_t *whole) {
  int64_t share = (whole->limit_ns - stopwatch_elapsed(whole)) / 3 * 2;
  int64_t least = whole->limit_ns / 100;
  return stopwatch_part(whole, share > least ? share : least);
}

/* For one of `parts` pieces of work that are left of a stage: as much for each. */
static inline stopwatch_t stopwatch_share(const stopwatch_t *stage, size_t parts) {
  return stopwatch_part(stage, (stage->limit_ns - stopwatch_elapsed(stage)) / (int64_t)parts);
}

/* data: a stopwatch_t. */
static inline bool stopwatch_is_up(void *data) {
  stopwatch_t *watch = (stopwatch_t *)data;
  if (watch->abort && watch->abort(watch->abort_data))
    watch->spent = watch->stopped = true;
  if (stopwatch_elapsed(watch) > watch->limit_ns) watch->spent = true;
  return watch->spent;
}

#endif
