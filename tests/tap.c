#include "tests/tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "algebra/base/stream.h"

static int num_run, num_failed;
static uint64_t seed = 20261123, stream, choices;
static double multiplier = 1;

void tap_begin(const char *program) {
  const char *text = getenv("LIESCAPE_TEST_SEED");
  if (text) seed = strtoull(text, NULL, 0);
  text = getenv("LIESCAPE_TEST_MULTIPLIER");
  if (text) multiplier = strtod(text, NULL);
  stream = seed;
  choices = ~seed;
  for (; *program; program++) choices = 31 * choices + (unsigned char)*program;
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("# %s: seed %llu, multiplier %g\n", program,
         (unsigned long long)seed, multiplier);
}

/* Of this process, or of the programs it ran and waited for. */
static double cpu_seconds(int who) {
  struct rusage u;
  if (getrusage(who, &u)) return 0;
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
         1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

int tap_end(void) {
  printf("1..%d\n", num_run);
  printf("# took %.1f CPU seconds\n",
         cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN));
  return num_failed ? 1 : 0;
}

static void report(bool ok, const char *note, const char *format,
                   va_list args) {
  num_run++;
  if (!ok) num_failed++;
  printf("%s %d %s", ok ? "ok" : "not ok", num_run, note);
  vprintf(format, args);
  putchar('\n');
}

bool tap_ok(bool ok, const char *format, ...) {
  va_list args;
  va_start(args, format);
  report(ok, "- ", format, args);
  va_end(args);
  return ok;
}

bool tap_occurred(bool all, const char *format, ...) {
  bool few = !all && multiplier < 1;
  va_list args;
  va_start(args, format);
  report(all || few, few ? "# SKIP too few cases: " : "- ", format, args);
  va_end(args);
  return all;
}

void tap_diag(const char *format, ...) {
  va_list args;
  va_start(args, format);
  printf("# ");
  vprintf(format, args);
  putchar('\n');
  va_end(args);
}

void tap_skip(const char *format, ...) {
  va_list args;
  va_start(args, format);
  report(true, "# SKIP ", format, args);
  va_end(args);
}

long tap_iterations(long base) {
  double n = (double)base * multiplier;
  return n < 1 ? 1 : (long)n;
}

uint64_t tap_random(void) { return stream_next(&stream); }

bool tap_is_tried(void) {
  double share = (double)(stream_next(&choices) >> 11) * 0x1p-53;
  return share * share < multiplier;
}

size_t tap_random_below(size_t n) { return (size_t)(tap_random() % n); }

uint64_t tap_seed(void) { return seed; }

int tap_compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
