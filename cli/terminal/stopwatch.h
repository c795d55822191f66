/* stopwatch.h - a budget of wall-clock time, as limits of algebra/ ask for it.

   Layer: cli, base. */
#ifndef LIESCAPE_CLI_STOPWATCH_H
#define LIESCAPE_CLI_STOPWATCH_H

#include <stdbool.h>
#include <time.h>

typedef struct {
  struct timespec start;
  double limit_s;
  bool spent; /* stays true */
} stopwatch_t;

static inline stopwatch_t stopwatch_start(double limit_s) {
  stopwatch_t watch = {.limit_s = limit_s};
  clock_gettime(CLOCK_MONOTONIC, &watch.start);
  return watch;
}

static inline double stopwatch_elapsed(const stopwatch_t *watch) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - watch->start.tv_sec) +
         1e-9 * (double)(now.tv_nsec - watch->start.tv_nsec);
}

/* For one stage of several under the same limit: what is left, but a tenth of the
   limit at least, so that a cheap stage is not lost to a long one before it. */
static inline stopwatch_t stopwatch_stage(const stopwatch_t *whole) {
  double left = whole->limit_s - stopwatch_elapsed(whole);
  double least = whole->limit_s / 10;
  return stopwatch_start(left > least ? left : least);
}

/* data: a stopwatch_t. */
static inline bool stopwatch_is_up(void *data) {
  stopwatch_t *watch = data;
  if (stopwatch_elapsed(watch) > watch->limit_s) watch->spent = true;
  return watch->spent;
}

#endif
