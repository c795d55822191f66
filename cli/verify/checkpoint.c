#include "cli/verify/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "algebra/base/hash.h"
#include "algebra/base/text.h"
#include "cli/verify/checkpoint_file.h"
#include "cli/terminal/output.h"
#include "cli/terminal/progress.h"
#include "config.h"

/* A file that is being written. */
static char *volatile unfinished = NULL;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- which run it is ------------------------------------------------------------ */

static uint64_t fnv_text(uint64_t hash, const char *text, size_t length) {
  return hash_bytes(hash_bytes(hash, text, length), "", 1); /* with its end */
}

static uint64_t digest_input(const options_t options, const char *text,
                             size_t length) {
  char format = (char)('0' + (int)options->format);
  uint64_t hash = fnv_text(HASH_START, text, length);
  hash = fnv_text(hash, &format, 1);
  for (size_t i = 0; i < options->num_overrides; i++) {
    hash = fnv_text(hash, options->overrides[i].name,
                    strlen(options->overrides[i].name));
    hash = fnv_text(hash, options->overrides[i].value,
                    strlen(options->overrides[i].value));
  }
  hash = fnv_text(hash, "O", 1);
  for (size_t i = 0; i < options->num_observables; i++)
    hash = fnv_text(hash, options->observables[i],
                    strlen(options->observables[i]));
  hash = fnv_text(hash, "s", 1);
  for (size_t i = 0; i < options->num_states; i++)
    hash = fnv_text(hash, options->states[i], strlen(options->states[i]));
  for (size_t i = 0; i < options->num_data_files; i++)
    hash = fnv_text(hash, options->data_files[i], strlen(options->data_files[i]));
  hash = fnv_text(hash, "angles", 6);
  for (size_t i = 0; i < options->num_angles; i++)
    hash = fnv_text(hash, options->angles[i], strlen(options->angles[i]));
  if (options->noise) {
    hash = fnv_text(hash, "noise", 5);
    hash = fnv_text(hash, options->noise, strlen(options->noise));
  }
  return hash;
}

static json_t *whole(uint64_t number) { return json_sprintf("%" PRIu64, number); }

static json_t *rational(const fmpq_t number) {
  char *text = fmpq_get_str(NULL, 10, number);
  json_t *json = json_string(text);
  flint_free(text);
  return json;
}

/* Names are what messages call them. */
static json_t *identify(const options_t options, const char *text,
                        size_t length) {
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
      "liescape", PACKAGE_VERSION, "input",
      json_sprintf("%016" PRIx64, digest_input(options, text, length)),
      "--seed", whole(options->seed), "--samples", whole(options->num_samples),
      "--layers", whole(options->num_layers), "--minima",
      whole(options->num_minima), "--precision",
      precision_name(options->precision), "--max-dimension",
      whole(options->max_dimension), "--max-strings",
      whole(options->max_strings), "--paths",
      options->sample_paths ? whole(options->num_paths) : json_string("none"),
      "--time-limit",
      json_sprintf("%.17g", options->time_limit_s), "--memory-limit",
      whole(options->memory_limit_bytes), "--max-shots",
      rational(options->max_shots), "--max-trap", rational(options->max_trap));
}

/* What is different, in words; NULL when nothing is. */
static char *difference(const json_t *ours, const json_t *theirs) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)ours, key, value) {
    json_t *other = json_object_get(theirs, key);
    const char *here = json_string_value(value);
    const char *there = json_string_value(other);
    if (json_equal(value, other)) continue;
    return !strcmp(key, "input")
               ? text_copy("its input (file, -O, -s, -D or --angles) was another")
           : !strcmp(key, "liescape")
               ? text_print("it was made by liescape %s", there ? there : "?")
           : strcmp(key, "--seed") &&
                   (!strcmp(here, "0") || (there && !strcmp(there, "0")))
               ? text_print("%s was given in one of them only", key)
               : text_print("its %s was %s, not %s", key, there ? there : "?", here);
  }
  return NULL;
}

/* --- where it is ---------------------------------------------------------------- */

/* "liescape-NAME-" of the input, in the current folder. */
static char *name_begin(const options_t options) {
  const char *slash = strrchr(options->file, '/');
  const char *base = slash ? slash + 1 : options->file;
  if (!strcmp(base, "-")) base = "stdin";
  const char *dot = strrchr(base, '.');
  char *name;
  int length = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
  name = text_print("liescape-%.*s-", length, base);
  return name;
}

static char *default_path(const options_t options, const json_t *identity) {
  char *all = json_dumps(identity, JSON_COMPACT | JSON_SORT_KEYS);
  char *begin = name_begin(options), *path;
  if (!all) flint_abort();
  uint64_t hash = fnv_text(HASH_START, all, strlen(all));
  path = text_print("%s%08" PRIx64 ".checkpoint", begin, hash >> 32);
  free(begin);
  free(all);
  return path;
}

/* A checkpoint of another run on a file of that name, or NULL. */
static char *other_checkpoint(const options_t options) {
  char *begin = name_begin(options), *pattern, *found = NULL;
  glob_t paths;
  /* A name with wildcards finds more or less; it is only for a message. */
  pattern = text_print("%s????????.checkpoint", begin);
  if (glob(pattern, 0, NULL, &paths) == 0) {
    found = text_copy(paths.gl_pathv[0]);
    globfree(&paths);
  }
  free(pattern);
  free(begin);
  return found;
}

/* --- the keeper ------------------------------------------------------------------ */

static const void *find(void *context, const char *name, uint64_t number,
                        size_t size) {
  const checkpoint_struct *c = context;
  const checkpoint_piece_t *piece = checkpoint_get(c, name, number);
  return piece && piece->size == size ? piece->bytes : NULL;
}

static void write_now_and_then(checkpoint_struct *c) {
  double before = now();
  if (before < c->next_write_s) return;
  checkpoint_write(c);
  /* At most a fifth of the time goes into writing. */
  double after = now(), rest = 4 * (after - before);
  c->next_write_s = after + (rest > c->interval_s ? rest : c->interval_s);
}

static void keep(void *context, const char *name, uint64_t number,
                 const void *bytes, size_t size) {
  checkpoint_struct *c = context;
  checkpoint_put(c, name, number, bytes, size);
  c->is_dirty = true;
  write_now_and_then(c);
}

static void flush_now(void *context) { checkpoint_write(context); }

/* --- life ---------------------------------------------------------------------- */

void checkpoint_init(checkpoint_t c, const options_t options, const char *text,
                     size_t length) {
  *c = (checkpoint_struct){.is_chosen = options->checkpoint_path != NULL,
                           .interval_s = options->checkpoint_every_s,
                           .identity = identify(options, text, length)};
  c->keeper = (verify_keeper_t){c, find, keep, flush_now};
  c->path = c->is_chosen ? text_copy(options->checkpoint_path)
                         : default_path(options, c->identity);
  if (!c->identity) flint_abort();
}

void checkpoint_clear(checkpoint_t c) {
  checkpoint_forget(c);
  json_decref(c->identity);
  free(c->path);
  *c = (checkpoint_struct){0};
}

/* Reads and compares the file at path. */
static status_t read_file(checkpoint_t c, diagnostic_t diag, const char *path) {
  char *text = NULL, *different;
  size_t length;
  json_t *identity = NULL;
  status_t status = source_read(&text, &length, diag, path, SIZE_MAX / 2);
  if (status != STATUS_OK) return STATUS_BAD_INPUT;
  const char *wrong = checkpoint_scan(c, &identity, text, length);
  free(text);
  if (wrong) {
    diagnostic_set(diag, path, NULL, 0, 0, "%s", wrong);
    return STATUS_BAD_INPUT;
  }
  different = difference(c->identity, identity);
  if (different) {
    diagnostic_set(diag, path, NULL, 0, 0,
                   "this checkpoint is of another run: %s", different);
    status = STATUS_BAD_INPUT;
  }
  free(different);
  json_decref(identity);
  return status;
}

static status_t load_absent(checkpoint_t c, diagnostic_t diag,
                            const options_t options) {
  char *other = c->is_chosen ? NULL : other_checkpoint(options);
  status_t status = STATUS_OK;
  if (other) status = read_file(c, diag, other);
  free(other);
  checkpoint_forget(c);
  if (status == STATUS_OK)
    progress_note("%s: there is no such checkpoint to resume from; starting "
                  "from the beginning", c->path);
  return status;
}

status_t checkpoint_load(checkpoint_t c, diagnostic_t diag,
                         const options_t options) {
  struct stat info;
  bool exists = lstat(c->path, &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    diagnostic_set(diag, c->path, NULL, 0, 0,
                   "a checkpoint must be a regular file");
    return STATUS_BAD_INPUT;
  }
  if (!options->resume) {
    if (exists && c->is_chosen) {
      diagnostic_set(diag, c->path, NULL, 0, 0,
                     "this file exists already: --resume goes on from it");
      return STATUS_BAD_INPUT;
    }
    if (exists)
      progress_note("%s: samples of an interrupted run are kept there, and "
                    "--resume would go on from them; starting from the "
                    "beginning", c->path);
    return STATUS_OK;
  }
  if (!exists) return load_absent(c, diag, options);
  status_t status = read_file(c, diag, c->path);
  c->is_written = status == STATUS_OK;
  return status;
}

status_t checkpoint_begin(checkpoint_t c, diagnostic_t diag,
                          const json_t *certificate, int code) {
  c->next_write_s = now() + c->interval_s;
  if (c->certificate) return STATUS_OK;
  c->certificate = json_dumps(certificate, JSON_COMPACT | JSON_PRESERVE_ORDER);
  if (!c->certificate) flint_abort();
  c->code = code;
  if (!c->is_chosen) return STATUS_OK;
  c->is_dirty = true;
  c->has_failed = true; /* not to be said twice */
  if (!checkpoint_write(c)) {
    diagnostic_set(diag, c->path, NULL, 0, 0,
                   "the checkpoint cannot be written: %s", strerror(errno));
    return STATUS_BAD_INPUT;
  }
  return STATUS_OK;
}

/* --- writing ------------------------------------------------------------------ */

/* Complete and on the disk; false with errno. */
static bool write_file(const checkpoint_t c, int descriptor) {
  FILE *stream = fdopen(descriptor, "w");
  if (!stream) {
    close(descriptor);
    return false;
  }
  errno = 0;
  bool ok = fchmod(descriptor, output_default_mode()) == 0 &&
            checkpoint_print(c, stream) && fflush(stream) == 0 &&
            fsync(descriptor) == 0;
  int error = errno ? errno : EIO;
  if (fclose(stream) != 0 && ok) return false;
  errno = error;
  return ok;
}

static bool replace_file(checkpoint_t c) {
  char *name = text_print("%s.XXXXXX", c->path);
  int descriptor = mkstemp(name);
  if (descriptor < 0) {
    free(name);
    return false;
  }
  unfinished = name;
  bool ok = write_file(c, descriptor) && rename(name, c->path) == 0;
  int error = errno;
  if (!ok) unlink(name);
  unfinished = NULL;
  free(name);
  errno = error;
  return ok;
}

bool checkpoint_write(checkpoint_t c) {
  if (!c->is_dirty) return c->is_written;
  if (replace_file(c)) {
    c->is_written = true;
    c->is_dirty = c->has_failed = false;
    return true;
  }
  int error = errno;
  if (!c->has_failed)
    progress_note("%s: samples so far cannot be kept: %s", c->path,
                  strerror(error));
  c->has_failed = true;
  errno = error;
  return false;
}

bool checkpoint_has_samples(const checkpoint_t c) { return c->num_stages > 0; }

void checkpoint_remove(checkpoint_t c) {
  if (c->is_written) unlink(c->path);
  c->is_written = false;
}

void checkpoint_discard(void) {
  if (unfinished) unlink(unfinished);
}
