#include "numeric/machine/units.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "numeric/machine/share.h"
#include "numeric/machine/memory.h"

static const double shortest_round = 0.5, longest_round = 30;
static const double scan_seconds = 0.1;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- units of this process -------------------------------------------------- */

static void keep(const units_t *u, size_t unit, void *packed) {
  if (!u->keeper || share_rank() > 0) return;
  u->pack(packed, u->of, unit);
  u->keeper->keep(u->keeper->context, u->stage, unit, packed, u->bytes);
}

/* Notes the units that were computed since the last look. Those of others are
   skipped too; they are told apart by owner: see deal. */
enum { OTHERS = 2 };

static void scan(units_t *u) {
  void *packed = memory_get(u->bytes, 1);
  for (size_t i = 0; i < u->num; i++)
    if (u->skip[i] == 1 && !u->done[i]) {
      u->done[i] = 1;
      u->num_mine++;
      keep(u, i, packed);
    }
  free(packed);
}

bool units_tick(units_t *u) {
  double time = now();
  if (time - u->last_scan >= scan_seconds) {
    scan(u);
    u->last_scan = time;
  }
  uint64_t done = u->num_done + ++u->num_ticks * (uint64_t)share_size();
  if (done > u->num) done = u->num;
  if (u->progress && !u->progress(u->context, done, u->num)) {
    u->stopped = true;
    return false;
  }
  u->paused = share_size() > 1 && time >= u->round_ends;
  return !u->paused;
}

/* --- rounds ------------------------------------------------------------------ */

/* What is left, in turn. */
static void deal(units_t *u) {
  int turn = 0;
  for (size_t i = 0; i < u->num; i++) {
    u->skip[i] = u->done[i];
    if (u->done[i]) continue;
    if (turn != share_rank()) u->skip[i] = OTHERS;
    turn = (turn + 1) % share_size();
  }
}

/* What a process says after a round, before its units: index and numbers each. */
typedef struct {
  uint64_t num_units;
  double unit_seconds;
  unsigned char failed, stopped;
} word_t;

typedef struct {
  units_t *units;
  word_t all; /* the worst of everything */
  void *packed;
} hearing_t;

static void hear(hearing_t *h, const word_t *word) {
  h->all.failed |= word->failed;
  h->all.stopped |= word->stopped;
  if (word->unit_seconds > h->all.unit_seconds)
    h->all.unit_seconds = word->unit_seconds;
}

static void take(void *context, int rank, const void *data, size_t size) {
  hearing_t *h = context;
  units_t *u = h->units;
  word_t word;
  const char *at = data;
  (void)rank;
  (void)size;
  memcpy(&word, at, sizeof word);
  at += sizeof word;
  hear(h, &word);
  for (uint64_t i = 0; i < word.num_units; i++) {
    uint64_t unit;
    memcpy(&unit, at, sizeof unit);
    memcpy(h->packed, at + sizeof unit, u->bytes);
    at += sizeof unit + u->bytes;
    u->unpack(u->of, h->packed, unit);
    u->done[unit] = 1;
    if (u->keeper)
      u->keeper->keep(u->keeper->context, u->stage, unit, h->packed, u->bytes);
  }
}

/* The units of this round, packed behind the word; *size bytes. */
static char *speak(size_t *size, const units_t *u, const word_t *word,
                   const unsigned char *before) {
  size_t count = word->num_units;
  char *text = memory_get(sizeof *word + count * (8 + u->bytes), 1), *at = text;
  memcpy(at, word, sizeof *word);
  at += sizeof *word;
  for (uint64_t i = 0; i < u->num && count; i++) {
    if (!u->done[i] || before[i]) continue;
    memcpy(at, &i, sizeof i);
    u->pack(at + sizeof i, u->of, i);
    at += sizeof i + u->bytes;
  }
  *size = (size_t)(at - text);
  return text;
}

/* Brings the results of a round together. */
static word_t exchange(units_t *u, word_t word, const unsigned char *before) {
  hearing_t h = {.units = u, .packed = memory_get(u->bytes, 1)};
  size_t size = 0;
  char *text = NULL;
  hear(&h, &word);
  if (share_rank() > 0) text = speak(&size, u, &word, before);
  share_collect(text, size, take, &h);
  free(text);
  free(h.packed);
  share_broadcast(&h.all, sizeof h.all);
  share_broadcast(u->done, u->num);
  return h.all;
}

static word_t run_round(units_t *u) {
  unsigned char *before = memory_get(u->num, 1);
  word_t word = {0};
  memcpy(before, u->done, u->num);
  deal(u);
  u->num_mine = u->num_ticks = 0;
  u->paused = false;
  double start = now();
  u->last_scan = start;
  u->round_ends = start + u->round_seconds;
  bool fine = u->run(u->of, u);
  scan(u);
  word.num_units = u->num_mine;
  word.failed = !fine && !u->paused && !u->stopped;
  word.stopped = u->stopped;
  /* The others may be slow to answer, or gone. */
  if (word.stopped && u->keeper && u->keeper->flush && share_rank() == 0)
    u->keeper->flush(u->keeper->context);
  if (u->num_mine) word.unit_seconds = (now() - start) / (double)u->num_mine;
  if (share_size() > 1) word = exchange(u, word, before);
  free(before);
  return word;
}

/* --- the whole ------------------------------------------------------------------ */

static void recall(units_t *u) {
  for (size_t i = 0; u->keeper && share_rank() == 0 && i < u->num; i++) {
    const void *kept =
        u->keeper->find(u->keeper->context, u->stage, i, u->bytes);
    if (!kept) continue;
    u->unpack(u->of, kept, i);
    u->done[i] = 1;
  }
  share_broadcast(u->done, u->num);
}

static uint64_t count(const unsigned char *flags, size_t num) {
  uint64_t sum = 0;
  for (size_t i = 0; i < num; i++) sum += flags[i] != 0;
  return sum;
}

status_t units_run(units_t *u) {
  status_t status = STATUS_OK;
  u->skip = memory_get(u->num, 1);
  u->done = memory_get(u->num, 1);
  u->stopped = false;
  u->round_seconds = shortest_round;
  recall(u);
  while (status == STATUS_OK &&
         (u->num_done = count(u->done, u->num)) < u->num) {
    word_t word = run_round(u);
    if (word.failed || word.stopped) status = STATUS_LIMIT;
    u->round_seconds = 20 * word.unit_seconds;
    if (u->round_seconds < shortest_round) u->round_seconds = shortest_round;
    if (u->round_seconds > longest_round) u->round_seconds = longest_round;
  }
  free(u->skip);
  free(u->done);
  u->skip = u->done = NULL;
  return status;
}
