/* t-fuzz - whatever it is given, every reader reads or refuses with a place, keeps what it
   promises, and breaks nothing: tests/fuzz. Deterministic for a seed; worth most under a
   sanitizer.

     t-fuzz                    every harness for a while, TAP
     t-fuzz HARNESS [FILE]...  one harness, or only these inputs
     t-fuzz --seeds FOLDER     what every harness begins with, as files */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/read/source.h"
#include "tests/fuzz/fuzz.h"
#include "tests/tap.h"

enum { ROOM = 1 << 14, MOST_SEEDS = 64 };

typedef struct {
  size_t num;
  char *texts[MOST_SEEDS];
  size_t lengths[MOST_SEEDS];
} seeds_t;

static char *read_all(const char *path, size_t *length) {
  diagnostic_t diag;
  char *text = NULL;
  diagnostic_init(diag);
  if (source_read(&text, length, diag, path, (size_t)1 << 26) != STATUS_OK) text = NULL;
  diagnostic_clear(diag);
  return text;
}

static int compare(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The files of the corpus, in the order of their names. */
static void read_corpus(seeds_t *seeds, const char *name) {
  const char *srcdir = getenv("srcdir");
  char path[4096], *files[MOST_SEEDS];
  size_t num = 0;
  snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name);
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && num < MOST_SEEDS / 2 && (entry = readdir(folder));)
    if (*entry->d_name != '.') {
      char file[8192];
      snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
      files[num++] = strdup(file);
    }
  if (folder) closedir(folder);
  qsort(files, num, sizeof *files, compare);
  for (size_t i = 0; i < num; i++) {
    seeds->texts[seeds->num] = read_all(files[i], seeds->lengths + seeds->num);
    seeds->num += seeds->texts[seeds->num] != NULL;
    free(files[i]);
  }
}

static void make_seeds(seeds_t *seeds, const fuzz_harness_t *harness) {
  seeds->num = 0;
  read_corpus(seeds, harness->name);
  for (size_t k = 0; harness->seed && seeds->num < MOST_SEEDS; k++) {
    char *text = harness->seed(seeds->lengths + seeds->num, k);
    if (!text) break;
    seeds->texts[seeds->num++] = text;
  }
}

static void clear_seeds(seeds_t *seeds) {
  while (seeds->num > 0) free(seeds->texts[--seeds->num]);
}

static int write_seeds(const char *folder) {
  mkdir(folder, 0777);
  for (size_t i = 0; i < fuzz_num_harnesses; i++) {
    char path[4096];
    seeds_t seeds;
    make_seeds(&seeds, fuzz_harnesses + i);
    snprintf(path, sizeof path, "%s/%s", folder, fuzz_harnesses[i].name);
    mkdir(path, 0777);
    for (size_t k = 0; k < seeds.num; k++) {
      snprintf(path, sizeof path, "%s/%s/seed-%zu", folder, fuzz_harnesses[i].name, k);
      FILE *file = fopen(path, "w");
      if (!file || fwrite(seeds.texts[k], 1, seeds.lengths[k], file) != seeds.lengths[k] ||
          fclose(file))
        return 1;
    }
    clear_seeds(&seeds);
  }
  return 0;
}

/* --- running ---------------------------------------------------------------------- */

/* The input that is being run, shown if the program ends on the way. */
static const char *current;
static size_t current_length;

static void show_current(void) {
  FILE *file = current ? fopen("t-fuzz.input", "w") : NULL;
  if (!file) return;
  fwrite(current, 1, current_length, file);
  fclose(file);
  printf("# the input is in t-fuzz.input\n");
  if (!memchr(current, 0, current_length))
    printf("# %.*s\n", (int)(current_length < 2000 ? current_length : 2000), current);
  fflush(stdout);
}

#include <signal.h>
static void on_end(int number) {
  show_current();
  signal(number, SIG_DFL);
  raise(number);
}

static void run_one(const fuzz_harness_t *harness, const char *bytes, size_t length) {
  char *text = malloc(length + 1); /* the exact size, so that overruns show */
  if (!text) abort();
  if (length) memcpy(text, bytes, length);
  text[length] = 0;
  current = text;
  current_length = length;
  harness->run(text, length);
  current = NULL;
  free(text);
}

static void make_input(const fuzz_harness_t *harness, fuzz_text_t *text,
                       const seeds_t *seeds, fuzz_random_t *random) {
  text->length = 0;
  if (harness->rule && (!seeds->num || fuzz_below(random, 2)))
    fuzz_derive(harness, text, random);
  else {
    size_t k = fuzz_below(random, seeds->num);
    fuzz_splice(text, 0, 0, seeds->texts[k], seeds->lengths[k]);
  }
  for (size_t k = fuzz_below(random, 5); k-- > 0;) fuzz_alter(harness, text, random);
}

/* What it says on standard error goes nowhere. */
static void run_harness(const fuzz_harness_t *harness) {
  static char bytes[8 * ROOM + 1];
  fuzz_text_t text = {bytes, 0, harness->rule ? ROOM : 8 * ROOM};
  fuzz_random_t random = {tap_seed()};
  seeds_t seeds;
  long runs = tap_iterations(harness->runs);
  make_seeds(&seeds, harness);
  for (size_t k = 0; k < seeds.num; k++)
    run_one(harness, seeds.texts[k], seeds.lengths[k]);
  for (long i = 0; i < runs; i++) {
    make_input(harness, &text, &seeds, &random);
    run_one(harness, bytes, text.length);
  }
  tap_ok(seeds.num > 0, "%s: %zu seeds, %ld inputs", harness->name, seeds.num, runs);
  clear_seeds(&seeds);
}

static int run_files(const fuzz_harness_t *harness, int num, char **paths) {
  for (int i = 0; i < num; i++) {
    size_t length;
    char *text = read_all(paths[i], &length);
    if (!text) return 1;
    run_one(harness, text, length);
    free(text);
  }
  return 0;
}

int main(int argc, char **argv) {
  const fuzz_harness_t *one = argc > 1 ? fuzz_find(argv[1]) : NULL;
  if (argc > 2 && !strcmp(argv[1], "--seeds")) return write_seeds(argv[2]);
  if (argc > 1 && !one) return 2;
  signal(SIGABRT, on_end);
  signal(SIGSEGV, on_end);
  signal(SIGTERM, on_end);
  if (argc > 2) return run_files(one, argc - 2, argv + 2);
  tap_begin("t-fuzz");
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0 || dup2(nowhere, 2) < 0) return 99;
  for (size_t i = 0; i < fuzz_num_harnesses; i++)
    if (!one || one == fuzz_harnesses + i) run_harness(fuzz_harnesses + i);
  return tap_end();
}
