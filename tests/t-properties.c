/* t-properties - random ansaetze in the program's own syntax, derived from the grammars of
   tests/fuzz: what certify accepts, check and verify accept; and certificates whose lies
   agree with one another, which check must refuse, or leave open what it left open
   before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/grammar.h"
#include "tests/lies.h"
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

/* --- ansaetze ------------------------------------------------------------------------ */

typedef struct {
  long accepted, refused, told[LIES_NUM], verified;
} tally_t;

static json_t *read_certificate(void) {
  run_t r = program_run("cat c.json");
  json_t *json = json_loads(r.out, 0, NULL);
  run_clear(&r);
  return json;
}

/* open: check leaves some members of the true certificate open, maybe these. */
static bool lies_are_noticed(tally_t *tally, const char *text, bool open) {
  static json_t *other;
  bool all = true;
  for (size_t k = 0; k < LIES_NUM && all; k++) {
    json_t *certificate = read_certificate();
    if (lie_tell(certificate, k, other)) {
      char *said;
      program_write_json("lie.json", certificate);
      int code = exit_of(IN_TIME "check -q lie.json", &said);
      tally->told[k] += code == 1;
      all = code == 1 || (open && code == 3);
      if (!all) tap_diag("%s: check exits with %d, %s for\n%s", lie_name(k), code, said, text);
      free(said);
    }
    json_decref(certificate);
  }
  json_decref(other);
  other = read_certificate();
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

static void show_lies(const tally_t *tally) {
  for (size_t k = 0; k < LIES_NUM; k++)
    if (tally->told[k]) tap_diag("noticed: %s, %ld times", lie_name(k), tally->told[k]);
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
  tap_ok(fine, "%s: %ld accepted (%ld verified), %ld refused", rule, tally.accepted,
         tally.verified, tally.refused);
  show_lies(&tally);
}

/* Where every lie can be told: between them these know all. */
static void test_known(void) {
  static const char *const known[] = {
      "qubits 2\ngenerator X0\ngenerator X1\ngenerator Y0\ngenerator Y1\n"
      "generator Z0 Z1\nobservable Z0\nobservable 3 X1 + Z0\n",
      /* so(7) on its spinors; two copies of su(2); sums with a multiplicity */
      "qubits 3\nfor i in 0..2: generator Z{i}\ngenerator X0 X1\ngenerator X1 X2\n"
      "generator X0\nobservable Z0\n",
      "qubits 2\nfor i in 0..1: generator X{i}\nfor i in 0..1: generator Z{i}\n"
      "observable Z0 + X1\n",
      "qubits 3\ngenerator X0 + X1 + X2\ngenerator Z0 + Z1 + Z2\nobservable Z0\n"};
  tally_t tally = {0};
  bool fine = true;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    fine = try_one(&tally, "a.ops", known[i]) && fine;
  for (size_t k = 0; k < LIES_NUM; k++)
    tap_ok(fine && tally.told[k], "a lie is noticed: %s, %ld times", lie_name(k),
           tally.told[k]);
}

int main(void) {
  tap_begin("t-properties");
  test_known();
  test_kind("ansatz", "a.ops", tap_iterations(60));
  test_kind("summed", "s.ops", tap_iterations(40));
  test_kind("circuit", "a.qasm", tap_iterations(40));
  test_kind("qasm3", "a.qasm", tap_iterations(40)); /* mostly refused */
  test_kind("qasm2", "b.qasm", tap_iterations(40));
  program_end();
  return tap_end();
}
