#include "cli/terminal/progress.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/read/source.h"
#include "cli/terminal/interrupt.h"

enum { BAR = 24 };
static const double first_line_seconds = 0.08, line_seconds = 0.2;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static pthread_t drawer;
/* Under the lock. */
static bool is_drawing, is_dumb, ended;
static const char *stage;
static double stage_start;
static uint64_t units_done, units_total, units_before;
static volatile bool is_shown; /* a line stands on the screen */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_time(char *text, double seconds) {
  long s = (long)(seconds + 0.5);
  if (s >= 3600) snprintf(text, 32, "%ld h %ld min", s / 3600, s % 3600 / 60);
  else if (s >= 60) snprintf(text, 32, "%ld min %ld s", s / 60, s % 60);
  else snprintf(text, 32, "%ld s", s);
}

/* --- the line ------------------------------------------------------------------ */

static void draw_bar(char *out, size_t size, double elapsed) {
  char bar[BAR + 1], time[32];
  double share = (double)units_done / (double)units_total;
  for (int i = 0; i < BAR; i++) bar[i] = i < (int)(share * BAR) ? '#' : '.';
  bar[BAR] = 0;
  snprintf(out, size, " [%s] %3d%%", bar, (int)(100 * share));
  /* By the pace of this stage, without what had been kept. */
  if (elapsed < 1 || units_done <= units_before) return;
  progress_time(time, elapsed * (double)(units_total - units_done) /
                          (double)(units_done - units_before));
  snprintf(out + strlen(out), size - strlen(out), ", %s left", time);
}

static void draw(void) {
  char rest[120] = "", time[32];
  double elapsed = now() - stage_start;
  if (interrupt_noted()) {
    snprintf(rest, sizeof rest, ": stopping after what is under way");
  } else if (units_total) {
    draw_bar(rest, sizeof rest, elapsed);
  } else if (elapsed >= 1) {
    progress_time(time, elapsed);
    snprintf(rest, sizeof rest, ", %s", time);
  }
  fprintf(stderr, "\r\033[Kliescape: %s%s", stage, rest);
  fflush(stderr);
  is_shown = true;
}

void progress_wipe(void) {
  if (!is_shown) return;
  ssize_t written = write(STDERR_FILENO, "\r\033[K", 4);
  (void)written;
  is_shown = false;
}

static void wait_until(double seconds) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += (long)(seconds * 1e9);
  t.tv_sec += t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  pthread_cond_timedwait(&woken, &lock, &t);
}

static void *draw_lines(void *nothing) {
  double pause = first_line_seconds;
  pthread_mutex_lock(&lock);
  while (!ended) {
    wait_until(pause);
    if (!ended) draw();
    pause = line_seconds;
  }
  pthread_mutex_unlock(&lock);
  return nothing;
}

/* --- for the others ---------------------------------------------------------------- */

static void set_stage(const char *text) {
  stage = text;
  stage_start = now();
  units_done = units_total = units_before = 0;
  if (is_dumb) fprintf(stderr, "liescape: %s\n", text);
}

void progress_begin(bool quiet, const char *text) {
  const char *term = getenv("TERM");
  if (is_drawing || is_dumb || quiet || !isatty(STDERR_FILENO)) return;
  is_dumb = !term || !*term || !strcmp(term, "dumb");
  set_stage(text);
  ended = false;
  is_drawing = !is_dumb && pthread_create(&drawer, NULL, draw_lines, NULL) == 0;
}

void progress_end(void) {
  if (is_drawing) {
    pthread_mutex_lock(&lock);
    ended = true;
    pthread_cond_signal(&woken);
    pthread_mutex_unlock(&lock);
    pthread_join(drawer, NULL);
    progress_wipe();
  }
  is_drawing = is_dumb = false;
}

void progress_stage(const char *text) {
  if (!is_drawing && !is_dumb) return;
  pthread_mutex_lock(&lock);
  set_stage(text);
  pthread_mutex_unlock(&lock);
}

void progress_report(const char *text, uint64_t done, uint64_t total) {
  if (!is_drawing && !is_dumb) return;
  pthread_mutex_lock(&lock);
  if (strcmp(text, stage)) set_stage(text);
  /* Begun again: a stage of the same name. */
  if (done < units_done || total != units_total) {
    stage_start = now();
    units_before = done ? done - 1 : 0;
  }
  units_done = done;
  units_total = total;
  pthread_mutex_unlock(&lock);
}

void progress_part(const char *part, uint64_t done, uint64_t total) {
  if (!is_drawing && !is_dumb) return;
  pthread_mutex_lock(&lock);
  if (strcmp(part, stage)) {
    stage = part;
    if (is_dumb) fprintf(stderr, "liescape: %s\n", part);
  }
  if (!units_total || total != units_total) {
    stage_start = now();
    units_before = done ? done - 1 : 0;
  }
  units_done = done;
  units_total = total;
  pthread_mutex_unlock(&lock);
}

void progress_note(const char *format, ...) {
  va_list args;
  pthread_mutex_lock(&lock);
  progress_wipe();
  va_start(args, format);
  source_vsay(format, args);
  va_end(args);
  pthread_mutex_unlock(&lock);
}
