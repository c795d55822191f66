#include "tests/program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static char directory[] = "t-cli.XXXXXX";
static char program[PATH_MAX];

static void begin(void) {
  if (*program) return;
  const char *given = getenv("LIESCAPE");
  if (!realpath(given ? given : "./liescape", program) ||
      !mkdtemp(directory)) {
    perror("the program under test");
    exit(99);
  }
}

static char *slurp(const char *name) {
  char path[256], *text;
  size_t length = 0, room = 4096;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *stream = fopen(path, "rb");
  if (!stream) return strdup("");
  text = malloc(room);
  while ((length += fread(text + length, 1, room - 1 - length, stream)) ==
         room - 1)
    text = realloc(text, room *= 2);
  text[length] = 0;
  fclose(stream);
  return text;
}

run_t program_run(const char *command) {
  char *line = NULL;
  run_t run;
  begin();
  if (asprintf(&line, "cd %s && L='%s' && export L && { %s\n} >.out 2>.err",
               directory, program, command) < 0)
    abort();
  int status = system(line);
  free(line);
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.out = slurp(".out");
  run.err = slurp(".err");
  return run;
}

void run_clear(run_t *run) {
  free(run->out);
  free(run->err);
}

void program_write_bytes(const char *name, const void *bytes, size_t size) {
  char path[256];
  begin();
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *stream = fopen(path, "wb");
  if (!stream) abort();
  fwrite(bytes, 1, size, stream);
  fclose(stream);
}

void program_write(const char *name, const char *text) {
  program_write_bytes(name, text, strlen(text));
}

void program_write_json(const char *name, const json_t *json) {
  char *text = json_dumps(json, JSON_INDENT(1));
  program_write(name, text);
  free(text);
}

/* Certificates that were read, and those of them that check refuses. */
static size_t num_certificates, num_refused;

/* Of certify or of verify: it has a format, and an algebra or rows. */
static bool is_certificate(const json_t *json) {
  return json_object_get(json, "format") &&
         (json_object_get(json, "algebra") || json_object_get(json, "sweep"));
}

json_t *run_json(const run_t *run) {
  json_t *json = json_loads(run->out, JSON_REJECT_DUPLICATES, NULL);
  if (!is_certificate(json)) return json;
  if (num_certificates && !tap_is_tried()) return json;
  program_write(".certificate", run->out);
  run_t check = program_run("$L check -q .certificate");
  num_certificates++;
  if (check.code != 0 && check.code != 3) {
    num_refused++;
    tap_diag("check refuses a certificate, exit %d: %.300s", check.code,
             check.err);
  }
  run_clear(&check);
  return json;
}

void program_end(void) {
  char command[300];
  if (!*program) return;
  snprintf(command, sizeof command, "rm -rf '%s'", directory);
  if (system(command)) perror(command);
  if (num_certificates)
    tap_ok(num_refused == 0, "check refuses none of %zu certificates written",
           num_certificates);
}

json_t *json_at(const json_t *json, const char *path) {
  char key[64];
  while (json && *path) {
    size_t length = strcspn(path, ".");
    snprintf(key, sizeof key, "%.*s", (int)length, path);
    json = json_is_array(json) ? json_array_get(json, strtoul(key, NULL, 10))
                               : json_object_get(json, key);
    path += length + (path[length] == '.');
  }
  return (json_t *)json;
}

const char *json_text_at(const json_t *json, const char *path) {
  static char number[32];
  const json_t *value = json_at(json, path);
  if (!json_is_integer(value)) return json_string_value(value);
  snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
  return number;
}
