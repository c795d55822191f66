/* t-hostile - names and texts of an input that try to break out: of a message or a report
   into the terminal, of a gnuplot script into commands, of a page into markup, of a
   certificate into other members. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

/* Ends a gnuplot string, runs a command, opens an element, ends an attribute, colours the
   terminal, turns the direction, ends a line, is C1. */
static const char hostile[] =
    "x'; system(\"touch pwned\") #`touch pwned`$(touch pwned)<script>\"&\\\x1b[31m"
    "\xe2\x80\xae\xc2\x9b" "31m";

static bool is_clean(const char *text) {
  for (const char *c = text; *c; c++)
    if (((unsigned char)*c < ' ' && *c != '\n' && *c != '\t') || *c == 0x7f ||
        !strncmp(c, "\xe2\x80\xae", 3) || !strncmp(c, "\xc2\x9b", 2))
      return false;
  return true;
}

/* Pages and pictures; nothing was run. */
static void expect_pictures(const char *folder) {
  char command[300];
  snprintf(command, sizeof command,
           "cat %s/*.html %s/*.svg; test -e pwned -o -e %s/pwned && echo IT WAS RUN",
           folder, folder, folder);
  run_t r = program_run(command);
  tap_ok(strlen(r.out) > 1000 && is_clean(r.out) && !strstr(r.out, "<script"),
         "%s: pages and pictures hold the name as text", folder);
  tap_ok(!strstr(r.out, "IT WAS RUN"), "%s: nothing was run", folder);
  run_clear(&r);
}

static void expect_clean(const char *command, const char *what) {
  run_t r = program_run(command);
  bool ok = r.code < 100 && is_clean(r.out) && is_clean(r.err) &&
            strlen(r.out) + strlen(r.err) > 0;
  if (!tap_ok(ok, "%s: exit %d, nothing for the terminal but text", what, r.code))
    tap_diag("%.200s%.200s", r.out, r.err);
  run_clear(&r);
}

static bool has_gnuplot(void) {
  run_t r = program_run("gnuplot --version");
  bool has = r.code == 0;
  run_clear(&r);
  return has;
}

/* A file of that name; in the shell $f. */
static void test_name(void) {
  program_write("name", hostile);
  run_t r = program_run("f=\"$(cat name).ops\"; printf 'qubits 2\\ngenerator X0\\n"
                        "generator Z0 Z1\\nobservable Z0\\n' >\"$f\"; "
                        "$L certify \"$f\" -q --json");
  json_t *certificate = json_loads(r.out, 0, NULL);
  const json_t *source =
      json_object_get(json_object_get(certificate, "ansatz"), "source");
  const char *name = json_string_value(json_object_get(source, "name"));
  tap_ok(r.code == 0 && name && !strncmp(name, hostile, strlen(hostile)),
         "the certificate holds the name of the file as it is");
  json_decref(certificate);
  run_clear(&r);
  expect_clean("$L certify \"$(cat name).ops\"", "the report");
  expect_clean("$L certify \"$(cat name).absent\"", "a file that is not there");
  expect_clean("$L certify \"$(cat name).ops\" \"--$(cat name)\"", "an option");
  expect_clean("$L certify \"$(cat name).ops\" -O \"$(cat name)\"", "an observable");
  expect_clean("$L certify \"$(cat name).ops\" -s \"$(cat name)\"", "a state");
  expect_clean("$L certify \"$(cat name).ops\" -q --json=\"$(cat name)/no\"", "a path");
  if (!has_gnuplot()) return;
  r = program_run("$L certify \"$(cat name).ops\" -q --plot drawn");
  tap_ok(r.code == 0, "pictures are drawn");
  run_clear(&r);
  expect_pictures("drawn");
}

/* Replaces every text that no one computes with. */
static void poison(json_t *json) {
  static const char *const keys[] = {
      "name", "reason", "because", "method", "representation", "program", "evidence"};
  const char *key;
  json_t *value;
  size_t i;
  json_array_foreach(json, i, value) poison(value);
  json_object_foreach(json, key, value) {
    bool chosen = false;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      chosen = chosen || !strcmp(key, keys[k]);
    if (json_is_string(value) && chosen) json_string_set(value, hostile);
    else if (json_is_array(value) &&
             (!strcmp(key, "notes") || !strcmp(key, "parameter_names")))
      for (i = 0; i < json_array_size(value); i++)
        json_array_set_new(value, i, json_string(hostile));
    else poison(value);
  }
}

static void test_certificate(void) {
  run_t r = program_run("printf 'qubits 2\\ngenerator X0\\ngenerator Z0 Z1\\n"
                        "observable Z0\\n' >a.ops; $L certify a.ops -q --json");
  json_t *certificate = json_loads(r.out, 0, NULL);
  run_clear(&r);
  poison(certificate);
  /* As escapes, which do not stand in the text itself. */
  char *text = json_dumps(certificate, JSON_ENSURE_ASCII);
  program_write("poisoned.json", text);
  free(text);
  json_decref(certificate);
  expect_clean("$L check poisoned.json", "check of a poisoned certificate");
  expect_clean("$L verify poisoned.json --samples 200", "verify of it");
  expect_clean("$L verify poisoned.json --samples 200 --details", "verify --details of it");
  if (!has_gnuplot()) return;
  r = program_run("$L verify poisoned.json --samples 200 -q --plot poisoned");
  run_clear(&r);
  expect_pictures("poisoned");
}

/* In programs: wherever a name or a text may stand. */
static void test_programs(void) {
  static const char *const texts[] = {
      "OPENQASM 3.0; qubit q; \x1b[31m q;", "OPENQASM 3.0; gate \xc2\x9bx a { }",
      "OPENQASM 3.0; include \"\x1b[2J\"; qubit q;", "qubits 1\ngenerator \x1b[31mX0\n",
      "qubits 1\ngenerator X0\nstate \x1b]0;title\x07\n", "qubits 1\n\x7f\n",
      "OPENQASM 3.0; qubit q; // \xe2\x80\xae\n", "OPENQASM 3.0; input float \xe2\x80\xa8;"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    program_write("bad.qasm", texts[i]);
    expect_clean("$L certify bad.qasm --format " /* both readers */
                 "$(grep -q qubits bad.qasm && echo ops || echo qasm)",
                 "a program with control characters");
  }
}

int main(void) {
  tap_begin("t-hostile");
  test_name();
  test_certificate();
  test_programs();
  program_end();
  return tap_end();
}
