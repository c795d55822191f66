/* t-properties - random ansaetze in the program's own syntax, derived from the grammars of
   tests/fuzz: what certify accepts, check and verify accept; and certificates whose lies
   agree with one another, which check must refuse, or leave open what it left open
   before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/grammar.h"
#include "tests/program.h"
#include "tests/tap.h"

/* In the shell: a command that has not ended in a minute of the processor exits with 137. */
#define IN_TIME "ulimit -t 60; exec $L "

static int exit_of(const char *command, char **said) {
  run_t r = program_run(command);
  int code = r.code;
  if (said) {
    *said = strdup(*r.err ? r.err : r.out);
    (*said)[strnlen(*said, 600)] = 0;
  }
  run_clear(&r);
  return code;
}

/* --- lies --------------------------------------------------------------------------- */

static long whole(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? strtol(text, NULL, 10) : 0;
}

static void set_whole(json_t *object, const char *key, long value) {
  char text[32];
  snprintf(text, sizeof text, "%ld", value);
  json_object_set_new(object, key, json_string(text));
}

/* su(N) becomes su(N-1), with its type, rank and dimension, and the algebra smaller by
   as much. */
static bool smaller_algebra(json_t *certificate) {
  json_t *algebra = json_object_get(certificate, "algebra");
  json_t *ideal = json_array_get(json_object_get(algebra, "ideals"), 0);
  long n = whole(ideal, "rank") + 1, count = whole(ideal, "count");
  const char *type = json_string_value(json_object_get(ideal, "type"));
  char text[32];
  if (!type || *type != 'A' || n < 3 || count < 1) return false;
  snprintf(text, sizeof text, "A%ld", n - 2);
  json_object_set_new(ideal, "type", json_string(text));
  snprintf(text, sizeof text, "su(%ld)", n - 1);
  json_object_set_new(ideal, "name", json_string(text));
  set_whole(ideal, "rank", n - 2);
  set_whole(ideal, "dimension", (n - 1) * (n - 1) - 1);
  set_whole(algebra, "dimension", whole(algebra, "dimension") - count * (2 * n - 1));
  return true;
}

/* What two landscapes say of moments is exchanged. */
static bool exchanged_landscapes(json_t *certificate) {
  static const char *const keys[] = {"mean", "variance", "gradient_variance",
                                     "mean_square"};
  json_t *list = json_object_get(certificate, "landscapes");
  json_t *a = json_array_get(list, 0), *b = json_array_get(list, 1);
  bool differs = false;
  for (size_t k = 0; k < 4 && b; k++) {
    json_t *x = json_deep_copy(json_object_get(a, keys[k]));
    json_t *y = json_deep_copy(json_object_get(b, keys[k]));
    differs = differs || !json_equal(x, y);
    json_object_set_new(a, keys[k], y);
    json_object_set_new(b, keys[k], x);
  }
  return differs;
}

/* Whole eigenvalues of all blocks go up by 1, with their mean and the least. */
static size_t shift(json_t *json) {
  static const char *const keys[] = {"eigenvalue", "mean_eigenvalue", "least_eigenvalue"};
  size_t count = 0, i;
  const char *key;
  json_t *value;
  json_array_foreach(json, i, value) count += shift(value);
  json_object_foreach(json, key, value) {
    if (json_is_object(value) || json_is_array(value)) count += shift(value);
    bool is_level = false;
    for (size_t k = 0; k < 3; k++) is_level = is_level || !strcmp(key, keys[k]);
    if (!is_level || !json_is_string(value) || strpbrk(json_string_value(value), "/."))
      continue;
    set_whole(json, key, whole(json, key) + 1); /* value is gone */
    count++;
  }
  return count;
}

static bool shifted_levels(json_t *certificate) {
  size_t i, count = 0;
  json_t *landscape;
  json_array_foreach(json_object_get(certificate, "landscapes"), i, landscape)
    count += shift(json_object_get(landscape, "wishart"));
  return count > 0;
}

/* The variance and all gradients are twice as large, and the mean square. */
static bool doubled_moments(json_t *certificate) {
  json_t *l = json_array_get(json_object_get(certificate, "landscapes"), 0);
  json_t *list = json_object_get(l, "gradient_variance");
  const char *keys[] = {"variance", "mean_square"};
  bool any = false;
  for (int k = 0; k < 2; k++) {
    const char *text = json_string_value(json_object_get(l, keys[k]));
    if (!text || strchr(text, '/') || !strcmp(text, "0")) continue;
    set_whole(l, keys[k], 2 * whole(l, keys[k]));
    any = any || k == 0;
  }
  for (size_t i = 0; i < json_array_size(list); i++) {
    const char *text = json_string_value(json_array_get(list, i));
    char twice[32];
    if (!text || strchr(text, '/') || !strcmp(text, "0") || strlen(text) > 9) continue;
    snprintf(twice, sizeof twice, "%ld", 2 * strtol(text, NULL, 10));
    json_array_set_new(list, i, json_string(twice));
    any = true;
  }
  return any;
}

typedef bool lie_t(json_t *);
static const struct {
  const char *name;
  lie_t *tell;
} lies[] = {{"a smaller algebra with its ideals", smaller_algebra},
            {"exchanged landscapes", exchanged_landscapes},
            {"shifted levels", shifted_levels},
            {"doubled moments", doubled_moments}};
enum { NUM_LIES = sizeof lies / sizeof *lies };

/* --- ansaetze ------------------------------------------------------------------------ */

typedef struct {
  long accepted, refused, told[NUM_LIES], verified;
} tally_t;

static json_t *read_certificate(void) {
  run_t r = program_run("cat c.json");
  json_t *json = json_loads(r.out, 0, NULL);
  run_clear(&r);
  return json;
}

/* open: check leaves some members of the true certificate open, maybe these. */
static bool lies_are_noticed(tally_t *tally, const char *text, bool open) {
  bool all = true;
  for (size_t k = 0; k < NUM_LIES && all; k++) {
    json_t *certificate = read_certificate();
    if (lies[k].tell(certificate)) {
      program_write_json("lie.json", certificate);
      int code = exit_of(IN_TIME "check -q lie.json", NULL);
      tally->told[k] += code == 1;
      all = code == 1 || (open && code == 3);
      if (!all) tap_diag("%s: check exits with %d for\n%s", lies[k].name, code, text);
    }
    json_decref(certificate);
  }
  return all;
}

static bool try_one(tally_t *tally, const char *name, const char *text) {
  char command[200], *said;
  program_write(name, text);
  snprintf(command, sizeof command, IN_TIME "certify %s -q --time-limit 5 --json=c.json",
           name);
  int code = exit_of(command, &said);
  bool fine = code == 0 || code == 2 || code == 3;
  bool made = code == 0;
  if (!fine) tap_diag("certify exits with %d: %s\n%s", code, said, text);
  free(said);
  if (!made) {
    tally->refused++;
    return fine;
  }
  tally->accepted++;
  code = exit_of(IN_TIME "check -q c.json", &said);
  fine = code == 0 || code == 3;
  if (!fine) tap_diag("check exits with %d: %s\n%s", code, said, text);
  free(said);
  if (fine) fine = lies_are_noticed(tally, text, code == 3);
  if (!fine || tap_random_below(4)) return fine;
  code = exit_of(IN_TIME "verify c.json -q --samples 300", &said);
  tally->verified++;
  fine = code == 0 || code == 3;
  if (!fine) tap_diag("verify exits with %d: %s\n%s", code, said, text);
  free(said);
  return fine;
}

static void test_kind(const char *rule, const char *name, long runs) {
  static char bytes[3001];
  fuzz_random_t random = {tap_random()};
  tally_t tally = {0};
  bool fine = true;
  for (long i = 0; i < runs && fine; i++) {
    fuzz_text_t text = {bytes, 0, 3000};
    grammar_derive(&text, &random, rule);
    bytes[text.length] = 0;
    fine = try_one(&tally, name, bytes);
  }
  tap_ok(fine, "%s: %ld accepted (%ld verified), %ld refused; lies: %ld smaller, "
         "%ld exchanged, %ld shifted, %ld doubled", rule, tally.accepted, tally.verified,
         tally.refused, tally.told[0], tally.told[1], tally.told[2], tally.told[3]);
}

/* Where every lie can be told. */
static void test_known(void) {
  tally_t tally = {0};
  tap_ok(try_one(&tally, "a.ops", "qubits 2\ngenerator X0\ngenerator X1\ngenerator Y0\n"
                 "generator Y1\ngenerator Z0 Z1\nobservable Z0\nobservable 3 X1 + Z0\n") &&
             tally.told[0] && tally.told[1] && tally.told[2],
         "a known ansatz: %ld smaller, %ld exchanged, %ld shifted, %ld doubled",
         tally.told[0], tally.told[1], tally.told[2], tally.told[3]);
}

int main(void) {
  tap_begin("t-properties");
  test_known();
  test_kind("ansatz", "a.ops", tap_iterations(60));
  test_kind("circuit", "a.qasm", tap_iterations(40));
  test_kind("qasm3", "a.qasm", tap_iterations(40)); /* mostly refused */
  test_kind("qasm2", "b.qasm", tap_iterations(40));
  program_end();
  return tap_end();
}
