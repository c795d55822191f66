#include "cli/terminal/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "algebra/base/text.h"
#include "cli/read/source.h"

static char *final_path;                  /* resolved; NULL: nothing to rename */
static char *volatile unfinished = NULL;  /* temporary file to remove */

static void complain(const char *path, const char *what) {
  if (errno == ENOMEM) memory_must(NULL);
  source_say("%s: %s: %s", path ? path : "standard output", what, strerror(errno));
}

mode_t output_default_mode(void) {
  mode_t mask = umask(022);
  umask(mask);
  return 0666 & ~mask;
}

FILE *output_open(const char *path) {
  struct stat info;
  if (!path) return stdout;
  bool exists = stat(path, &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    FILE *direct = fopen(path, "w");
    if (!direct) complain(path, "cannot be written");
    return direct;
  }
  final_path = exists ? realpath(path, NULL) : text_copy(path);
  if (!final_path) {
    complain(path, "cannot be written");
    return NULL;
  }
  char *name = text_print("%s.XXXXXX", final_path);
  int descriptor = mkstemp(name);
  if (descriptor >= 0) unfinished = name;
  FILE *stream = NULL;
  if (descriptor >= 0 &&
      fchmod(descriptor, exists ? info.st_mode & 0777 : output_default_mode()) == 0)
    stream = fdopen(descriptor, "w");
  if (!stream) {
    complain(path, "cannot be written");
    if (descriptor >= 0) close(descriptor);
    else free(name);
    output_discard();
  }
  return stream;
}

bool output_commit(FILE *stream) {
  if (stream == stdout) return output_finish_stdout();
  bool ok = !ferror(stream) && fflush(stream) == 0;
  if (!ok && errno == 0) errno = EIO;
  if (!ok) complain(final_path ? final_path : "output", "write error");
  if (fclose(stream) != 0 && ok) {
    complain(final_path ? final_path : "output", "write error");
    ok = false;
  }
  if (ok && unfinished && rename(unfinished, final_path) != 0) {
    complain(final_path, "cannot be written");
    ok = false;
  }
  if (!ok) output_discard();
  free(unfinished);
  unfinished = NULL;
  free(final_path);
  final_path = NULL;
  return ok;
}

/* --- what an interruption removes --------------------------------------------- */

typedef struct guarded {
  struct guarded *next; /* older */
  bool is_folder;
  char path[];
} guarded_t;

/* A list that only grows at its head, so that a signal handler may walk it. */
static guarded_t *volatile guarded = NULL;

static void guard(const char *path, bool is_folder) {
  size_t size = strlen(path) + 1;
  guarded_t *entry = memory_must(malloc(sizeof *entry + size));
  entry->next = guarded;
  entry->is_folder = is_folder;
  memcpy(entry->path, path, size);
  guarded = entry;
}

void output_guard_file(const char *path) { guard(path, false); }

void output_guard_folder(const char *path) { guard(path, true); }

void output_unguard(void) {
  guarded_t *entry = guarded;
  guarded = NULL;
  while (entry) {
    guarded_t *next = entry->next;
    free(entry);
    entry = next;
  }
}

void output_discard(void) {
  if (unfinished) unlink(unfinished);
  for (const guarded_t *entry = guarded; entry; entry = entry->next)
    if (!entry->is_folder) unlink(entry->path);
  for (const guarded_t *entry = guarded; entry; entry = entry->next)
    if (entry->is_folder) rmdir(entry->path);
}

bool output_finish_stdout(void) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return true;
  if (errno == 0) errno = EIO;
  complain(NULL, "write error");
  return false;
}

bool output_wants_colour(FILE *stream) {
  const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
  if (no_colour && *no_colour) return false;
  if (!term || !*term || !strcmp(term, "dumb")) return false;
  return isatty(fileno(stream));
}
