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

/* data: a stopwatch_t. */
static inline bool stopwatch_is_up(void *data) {
  stopwatch_t *watch = data;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double elapsed = (double)(now.tv_sec - watch->start.tv_sec) +
                   1e-9 * (double)(now.tv_nsec - watch->start.tv_nsec);
  if (elapsed > watch->limit_s) watch->spent = true;
  return watch->spent;
}

#endif
