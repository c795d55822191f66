/* t-check - `liescape check`: true certificates pass, and every claim that it
   says it covers is caught when it is altered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

/* --- altering one leaf ------------------------------------------------------------- */

/* A larger radius of a ball that is no rounding is a weaker claim, and true; so
   are what depends on a least eigenvalue that only a ball encloses, and the
   kurtosis of a reduced state of higher rank: see t-alterations. */
static const char *const uncovered[] = {"rad"};

static bool is_uncovered(const char *key) {
  for (size_t i = 0; i < sizeof uncovered / sizeof *uncovered; i++)
    if (!strcmp(key, uncovered[i])) return true;
  return false;
}

/* Another value of the same kind. */
static json_t *altered(const json_t *leaf) {
  if (json_is_integer(leaf)) return json_integer(json_integer_value(leaf) + 1);
  if (json_is_boolean(leaf)) return json_boolean(!json_is_true(leaf));
  if (!json_is_string(leaf)) return NULL;
  const char *text = json_string_value(leaf);
  if (!strcmp(text, "0")) return json_string("1");
  if (strspn(text, "0123456789-/") == strlen(text)) {
    if (*text == '-') return json_string(text + 1);
    return json_sprintf("-%s", text);
  }
  if (strspn(text, "0123456789.e+-") < strlen(text))
    return json_sprintf("%s1", text); /* a word */
  char *copy = strdup(text); /* a decimal: another leading digit */
  char *digit = copy + strcspn(copy, "123456789");
  if (*digit) *digit = *digit == '9' ? '8' : (char)(*digit + 1);
  json_t *other = json_string(copy);
  free(copy);
  return other;
}

typedef struct {
  json_t *root;
  const char *name; /* of the input */
  size_t caught, missed;
} trial_t;

static void try_one(trial_t *trial, const char *path) {
  program_write_json("altered.json", trial->root);
  run_t run = program_run("$L check -q altered.json");
  if (run.code == 1 || run.code == 2) {
    trial->caught++;
  } else {
    trial->missed++;
    tap_diag("%s: altering %s was not noticed (exit %d)", trial->name, path,
             run.code);
  }
  run_clear(&run);
}

static void walk(trial_t *trial, json_t *json, const char *path) {
  const char *key;
  json_t *item;
  size_t i;
  char below[256];
  if (json_is_object(json)) {
    void *iter = json_object_iter(json);
    for (; iter; iter = json_object_iter_next(json, iter)) {
      key = json_object_iter_key(iter);
      item = json_object_iter_value(iter);
      if (is_uncovered(key)) continue;
      /* what was sampled claims no proof */
      if (!strcmp(key, "law") || !strcmp(key, "curvature")) continue;
      if (!strcmp(key, "verdict") && strstr(path, "gaussian")) continue;
      snprintf(below, sizeof below, "%.200s.%s", path, key);
      json_t *other = altered(item);
      if (!other) {
        walk(trial, item, below);
        continue;
      }
      json_incref(item);
      json_object_iter_set_new(json, iter, other);
      try_one(trial, below);
      json_object_iter_set_new(json, iter, item);
    }
  } else if (json_is_array(json)) {
    for (i = 0; i < json_array_size(json); i++) {
      item = json_array_get(json, i);
      snprintf(below, sizeof below, "%.200s[%zu]", path, i);
      json_t *other = altered(item);
      if (!other) {
        walk(trial, item, below);
        continue;
      }
      json_incref(item);
      json_array_set_new(json, i, other);
      try_one(trial, below);
      json_array_set_new(json, i, item);
    }
  }
}

/* --- true ones --------------------------------------------------------------------------- */

/* A random list of generators, an observable and a state. */
static char *random_input(void) {
  static const char letters[] = "XYZ";
  static const char *const states[] = {"zero", "plus", "ghz", "mixed",
                                       "product 3/5,0,4/5"};
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  size_t n = 2 + tap_random_below(3), count = 2 + tap_random_below(7);
  fprintf(stream, "qubits %zu\n", n);
  for (size_t j = 0; j < count + 2; j++) {
    size_t a = tap_random_below(n), b = tap_random_below(n);
    fprintf(stream, "%s %c%zu", j < count ? "generator" : "observable",
            letters[tap_random_below(3)], a);
    if (a != b && tap_random_below(3))
      fprintf(stream, " %c%zu", letters[tap_random_below(3)], b);
    if (j == count)
      fprintf(stream, " + 1/2 %c%zu", letters[tap_random_below(3)],
              tap_random_below(n));
    fputc('\n', stream);
  }
  fprintf(stream, "state %s\n", states[tap_random_below(5)]);
  fclose(stream);
  return text;
}

static void test_random(void) {
  size_t missed = 0, caught = 0;
  long runs = tap_iterations(60), altered_runs = tap_iterations(4);
  for (long i = 0; i < runs; i++) {
    char *text = random_input();
    program_write("random.ops", text);
    run_t run = program_run("$L certify -q random.ops --json=r.json");
    bool made = run.code == 0 || run.code == 3;
    run_clear(&run);
    run = program_run("$L check r.json");
    if (!made || run.code != 0) {
      missed++;
      tap_diag("exit %d: %s", run.code, run.err);
      tap_diag("input:\n%s", text);
    }
    run_clear(&run);
    if (made && i < altered_runs) {
      run = program_run("cat r.json");
      trial_t trial = {.root = json_loads(run.out, 0, NULL), .name = "random"};
      walk(&trial, trial.root, "");
      if (trial.missed) tap_diag("input:\n%s", text);
      caught += trial.caught;
      missed += trial.missed;
      json_decref(trial.root);
      run_clear(&run);
    }
    free(text);
  }
  tap_ok(missed == 0, "%ld random certificates hold; alterations of %ld of them "
         "are caught", runs, altered_runs);
  tap_occurred(caught > 0, "%zu alterations were made", caught);
}

/* True certificates with suggestions. */
static void test_suggestions(void) {
  long runs = tap_iterations(50), failed = 0;
  size_t suggestions = 0, not_proved = 0;
  for (long i = 0; i < runs; i++) {
    char *text = random_input();
    program_write("random.ops", text);
    run_t run = program_run("$L certify -q random.ops --suggest --json=r.json; "
                            "cat r.json");
    json_t *json = json_loads(run.out, 0, NULL);
    suggestions += json_array_size(json_object_get(json, "suggestions"));
    json_decref(json);
    run_clear(&run);
    run = program_run("$L check r.json");
    for (const char *at = run.out; (at = strstr(at, "not re-proved    suggest"));
         at++)
      not_proved += strncmp(at, "not re-proved    suggest.tried:", 31) != 0;
    if (run.code != (strstr(run.out, "not re-proved") ? 3 : 0)) {
      failed++;
      tap_diag("exit %d: %s", run.code, run.err);
      tap_diag("input:\n%s", text);
    }
    run_clear(&run);
    free(text);
  }
  tap_ok(failed == 0 && suggestions >= (size_t)runs && not_proved == 0,
         "%ld random certificates with %zu suggestions hold, %zu claims of "
         "suggestions are not re-proved", runs, suggestions, not_proved);
}

/* Forms of numbers that are refused, with the place. */
static void test_numbers(void) {
  static const char *const forms[] = {
      "2/4",  "+3",  "007", "1e3", "-0",  "1/1", "1/-3", "0/3", " 1",
      "1 ",   "0x1", "1/0", "3/",  "/3",  "1/03", "",    "-",   "1.5",
      "1/3/5", "--1", "\u0663"};
  size_t refused = 0, count = sizeof forms / sizeof *forms;
  for (size_t i = 0; i < count; i++) {
    char command[200];
    snprintf(command, sizeof command,
             "sed 's|\"variance\": \"1/3\"|\"variance\": \"%s\"|' c.json | "
             "$L check -", forms[i]);
    run_t run = program_run(command);
    bool right = run.code == 2 && strstr(run.err, "liescape: -:") &&
                 strstr(run.err, "a number under \"variance\" is not in "
                                 "canonical form");
    refused += right;
    if (!right) tap_diag("%s: exit %d, %s", forms[i], run.code, run.err);
    run_clear(&run);
  }
  tap_ok(refused == count, "%zu of %zu forms of numbers are refused", refused,
         count);
}

static void test_malformed(void) {
  static const struct {
    const char *command, *err;
    int code;
  } cases[] = {
      {"$L check c.json", "", 0},
      {"head -c 300 c.json | $L check -", "not a certificate", 2},
      {"sed 's|certificate/2|certificate/1|' c.json | $L check -",
       "liescape-certificate/1', made by another version of the program", 2},
      {"sed 's|\"variance\": \"1/3\"|\"variance\": \"2/6\"|' c.json | "
       "$L check -", "canonical", 2},
      {"sed 's|\"variance\": \"1/3\"|\"variance\": \"+1/3\"|' c.json | "
       "$L check -", "canonical", 2},
      {"sed 's|\"dimension\": \"3\"|\"dimension\": \"03\"|' c.json | "
       "$L check -", "canonical", 2},
      {"head -c 1000000 /dev/zero | tr '\\0' '[' | $L check -",
       "-:1:2049: not a certificate: it is nested too deeply", 2},
      {"(printf '{\"a\":'; head -c 1000000 /dev/zero | tr '\\0' '[') | $L check -",
       "-:1:2053: not a certificate: it is nested too deeply", 2},
      {"(sed '$d' c.json; printf ', \"x\":\\n'; head -c 1000000 /dev/zero | "
       "tr '\\0' '['; head -c 1000000 /dev/zero | tr '\\0' ']'; echo '}') | "
       "$L check -", "nested too deeply", 2},
      {"sed '2s/^/ \"format\": \"x\",\\n/' c.json | $L check -",
       "-:3:9: not a certificate: duplicate object key", 2},
      {"sed 's|\"mean\": \"0\"|\"mean\": \"0\\\\u0000\"|' c.json | $L check -",
       "a NUL character in a string", 2},
      {"sed 's|\"qubits\": 1|\"qubits\": 10000000000000000000000|' c.json | "
       "$L check -", "too big integer", 2},
      {"sed 's|\"qubits\": 1|\"qubits\": 1e999|' c.json | $L check -",
       "overflow", 2},
      {"sed \"s|\\\"variance\\\": \\\"1/3\\\"|\\\"variance\\\": "
       "\\\"1/$(head -c 100000 /dev/zero | tr '\\0' 3)\\\"|\" c.json > h.json; "
       "$L check h.json", "landscapes[0].variance does not hold", 1},
      {"(cat c.json; cat c.json) | $L check -", "end of file expected", 2},
      {"printf '' | $L check -", "-:1:1:", 2},
      {"(printf '['; cat c.json; printf ']') | $L check -", "no \"format\"", 2},
      {"sed 's|\"format\": \".*\"|\"format\": 1|' c.json | $L check -",
       "no \"format\"", 2},
      {"$L check nowhere.json", "nowhere.json", 2},
      {"$L check .", "directory", 2},
      {"head -c 1000 /dev/zero | $L check -", "", 2},
      {"echo '{}' | $L check -", "no \"format\"", 2},
      {"echo '{\"format\": \"liescape-certificate/2\"}' | $L check -", "source",
       2},
      {"sed 's|generator X0|generator X7|' c.json | $L check -", ":2:", 2},
      {"sed 's|\"variance\": \"1/3\"|\"variance\": \"1/4\"|' c.json | "
       "$L check -", "landscapes[0].variance does not hold", 1},
      {"sed 's|\"dimension\": \"3\"|\"dimension\": \"4\"|' c.json | $L check -",
       "algebra.dimension does not hold", 1},
  };
  program_write("bloch.ops",
                "qubits 1\ngenerator X0\ngenerator Y0\nobservable Z0\n");
  run_t run = program_run("$L certify -q bloch.ops --json=c.json");
  run_clear(&run);
  test_numbers();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    run = program_run(cases[i].command);
    if (!tap_ok(run.code == cases[i].code && strstr(run.err, cases[i].err),
                "%s: exit %d", cases[i].command, cases[i].code))
      tap_diag("exit %d: %.300s", run.code, run.err);
    run_clear(&run);
  }
}

/* The sector of zero momentum of a ring of 11 has 126 dimensions, on which sum Z has integer
   levels: too many to be listed, and no lie that they are not. */
static void test_large_block(void) {
  program_write("ring.ops",
                "qubits 11\ngenerator sum(i in 0..10: X{i})\n"
                "generator sum(i in 0..10: Z{i} Z{(i+1)%11})\ngenerator sum(i in 0..10: Z{i})\n"
                "observable Z0\n");
  run_t run = program_run("$L certify -q ring.ops --json=ring.json && $L check ring.json && "
                          "sed 's|\"43/363\"|\"41/363\"|' ring.json > lie.json && "
                          "! cmp -s ring.json lie.json && { $L check -q lie.json; [ $? = 1 ]; }");
  tap_ok(run.code == 0, "a block of 126 levels that are not listed");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

/* One rotation of a plane: two lines over the complex numbers, on which it is not 0. */
static void test_one_turn(void) {
  program_write("turn.ops", "qubits 2\ngenerator Y0 Z1 - 1/2 Y0\nobservable Z0 Z1 + Z0 X1\n"
                            "state bits 11\n");
  run_t run = program_run("$L certify -q turn.ops --json=turn.json && "
                          "grep '\"variance\": \"1/2\"' turn.json && $L check turn.json");
  tap_ok(run.code == 0, "one generator that turns a plane: variance 1/2");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-check");
  test_one_turn();
  test_large_block();
  test_malformed();
  test_random();
  test_suggestions();
  program_end();
  return tap_end();
}
