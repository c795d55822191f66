/* t-units - work in units that is stopped, continued and kept: the same numbers
   as at one go, whoever computes them and however often it stops. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "numeric/machine/share.h"
#include "numeric/machine/units.h"
#include "tests/tap.h"

enum { NUM = 500, STAGES = 2 };

/* Work whose unit i is three numbers made of i. */
typedef struct {
  double values[NUM][3];
  size_t num_computed;
  int threads;
} work_t;

static void compute(double *out, size_t i) {
  for (int k = 0; k < 3; k++) out[k] = sin((double)(7 * i) + k);
}

static void pack(void *out, const void *of, size_t i) {
  memcpy(out, ((const work_t *)of)->values[i], 3 * sizeof(double));
}

static void unpack(void *of, const void *in, size_t i) {
  memcpy(((work_t *)of)->values[i], in, 3 * sizeof(double));
}

static bool run(void *of, units_t *units) {
  work_t *w = of;
  bool stop = false;
#pragma omp parallel for schedule(dynamic, 1) num_threads(w->threads)
  for (size_t i = 0; i < units->num; i++) {
    bool stopped;
#pragma omp atomic read
    stopped = stop;
    if (stopped || units->skip[i]) continue;
    compute(w->values[i], i);
#pragma omp critical(test_units)
    {
      w->num_computed++;
      units->skip[i] = 1;
      if (!units_tick(units))
#pragma omp atomic write
        stop = true;
    }
  }
  return !stop;
}

/* A keeper of what is above, and how often it was called. */
typedef struct {
  bool has[STAGES][NUM];
  double kept[STAGES][NUM][3];
  size_t num_kept, num_flushed;
} store_t;

static size_t stage_of(const char *name) { return name[0] == 'b'; }

static const void *find(void *context, const char *name, uint64_t number,
                        size_t size) {
  store_t *s = context;
  return size == 3 * sizeof(double) && s->has[stage_of(name)][number]
             ? s->kept[stage_of(name)][number]
             : NULL;
}

static void keep(void *context, const char *name, uint64_t number,
                 const void *bytes, size_t size) {
  store_t *s = context;
  memcpy(s->kept[stage_of(name)][number], bytes, size);
  s->has[stage_of(name)][number] = true;
  s->num_kept++;
}

static void flush_store(void *context) { ((store_t *)context)->num_flushed++; }

/* Stops after so many units; -1 never. */
static bool countdown(void *context, uint64_t done, uint64_t total) {
  long *left = context;
  return done <= total && (*left < 0 || --*left > 0);
}

static bool is_right(const work_t *w) {
  double right[3];
  for (size_t i = 0; i < NUM; i++) {
    compute(right, i);
    if (memcmp(right, w->values[i], sizeof right)) return false;
  }
  return true;
}

static void test_stops(int threads) {
  store_t store = {0};
  verify_keeper_t keeper = {&store, find, keep, flush_store};
  size_t rounds = 0, computed = 0;
  for (bool complete = false; !complete; rounds++) {
    work_t w = {.threads = threads};
    long left = 1 + (long)tap_random_below(150);
    units_t units = {.stage = "a", .num = NUM, .bytes = 3 * sizeof(double),
                     .of = &w, .pack = pack, .unpack = unpack, .run = run,
                     .keeper = &keeper, .progress = countdown,
                     .context = &left};
    status_t status = units_run(&units);
    computed += w.num_computed;
    complete = status == STATUS_OK;
    if (complete)
      tap_ok(is_right(&w) && computed == NUM && store.num_kept == NUM,
             "%d threads, stopped %zu times: each unit once, all right",
             threads, rounds);
    else if (status != STATUS_LIMIT || store.num_flushed != rounds + 1 ||
             store.num_kept != computed)
      tap_ok(false, "a stop keeps what was computed, status %d", (int)status);
  }
  /* A kept unit is taken, not computed; one of another stage is not. */
  work_t w = {.threads = threads};
  long never = -1;
  store.kept[0][3][0] = 42;
  units_t again = {.stage = "a", .num = NUM, .bytes = 3 * sizeof(double),
                   .of = &w, .pack = pack, .unpack = unpack, .run = run,
                   .keeper = &keeper, .progress = countdown,
                   .context = &never};
  tap_ok(units_run(&again) == STATUS_OK && w.num_computed == 0 &&
             w.values[3][0] == 42, "what was kept is taken as it is");
  again.stage = "b";
  tap_ok(units_run(&again) == STATUS_OK && w.num_computed == NUM &&
             is_right(&w), "another stage is computed");
}

static bool refuse(void *of, units_t *units) {
  (void)of;
  (void)units;
  return false;
}

static void test_failure(void) {
  work_t w = {.threads = 1};
  units_t units = {.stage = "a", .num = 5, .bytes = 3 * sizeof(double),
                   .of = &w, .pack = pack, .unpack = unpack, .run = refuse};
  tap_ok(units_run(&units) == STATUS_LIMIT, "no memory: a limit");
  units.num = 0;
  tap_ok(units_run(&units) == STATUS_OK, "nothing to do: done");
  char *message = NULL;
  tap_ok(share_size() == 1 && share_rank() == 0 && share_neighbours() == 1 &&
             share_agree(STATUS_LIMIT, &message) == STATUS_LIMIT && !message,
         "one process without a launcher");
}

int main(void) {
  tap_begin("t-units");
  for (int threads = 1; threads <= 3; threads++) test_stops(threads);
  test_failure();
  return tap_end();
}
