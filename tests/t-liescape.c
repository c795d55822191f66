/* t-liescape.c - the front door as a user has it: linked with the shared library
   alone, by its one header. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "liescape/liescape.h"
#include "tests/program.h"
#include "tests/tap.h"

/* sums: closure by elimination, sectors, blocks */
static const char xxz[] =
    "qubits 4\n"
    "generator sum(i in 0..qubits-2: X{i} X{i+1} + Y{i} Y{i+1})\n"
    "generator sum(i in 0..qubits-2: Z{i} Z{i+1})\n"
    "generator Z0\n"
    "observable Z0 Z1\nstate bits 0101\nstate plus\n";
/* strings */
static const char tfim[] =
    "qubits 5\n"
    "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
    "for i in 0..qubits-1: generator X{i}\n"
    "observable Z0\nobservable X0\n";
static const char circuit[] =
    "OPENQASM 3;\ninput float a;\ninput float b;\ninput float c;\n"
    "qubit[3] q;\nrx(a) q[0];\ncx q[0], q[1];\nrzz(b) q[1], q[2];\nry(c) q[2];\n";
/* a symbol: special values of a coupling */
static const char symbol[] =
    "qubits 3\nsymbol d\n"
    "generator X0 X1 + Y0 Y1 + d Z0 Z1\ngenerator X1 X2 + Y1 Y2 + d Z1 Z2\n";

static liescape_input_t *input_of(const char *name, const char *text) {
  return liescape_input_new(name, text, strlen(text));
}

static bool text_is(const liescape_analysis_t *a, const char *path,
                    const char *expected) {
  const char *text = liescape_get_text(a, path);
  bool same = text && expected ? !strcmp(text, expected) : text == expected;
  if (!same) tap_diag("%s: %s, not %s", path, text ? text : "(null)",
                      expected ? expected : "(null)");
  return same;
}

/* X and Z on a qubit: su(2). For |0> and O = Z the loss is the z coordinate of a
   uniform point of the sphere: mean 0, variance 1/3. */
static void test_values(void) {
  const char *generators[] = {"X0", "Z0"};
  liescape_input_t *input = liescape_input_new_generators(1, generators, 2);
  liescape_analysis_t *a = NULL;
  liescape_input_add_observable(input, "Z0");
  tap_ok(liescape_analyze(&a, NULL, input, NULL) == LIESCAPE_OK &&
             liescape_is_complete(a),
         "a qubit is analysed");
  tap_ok(text_is(a, "algebra.dimension", "3") &&
             text_is(a, "algebra.ideals.0.name", "su(2)") &&
             text_is(a, "algebra.ideals.1.name", NULL) &&
             liescape_get_length(a, "algebra.ideals") == 1,
         "its algebra is su(2)");
  tap_ok(text_is(a, "landscapes.0.mean", "0") &&
             text_is(a, "landscapes.0.variance", "1/3"),
         "the loss is a coordinate of the sphere");
  tap_ok(liescape_get_integer(a, "ansatz.qubits", -1) == 1 &&
             liescape_get_integer(a, "algebra.proved", -1) == 1 &&
             liescape_get_integer(a, "algebra.dimension", -1) == 3 &&
             liescape_get_integer(a, "landscapes.0.variance", -1) == -1 &&
             liescape_get_integer(a, "nothing.here", -7) == -7,
         "whole numbers and truth values");
  tap_ok(!liescape_get_text(a, "landscapes.9.mean") &&
             !liescape_get_text(a, "landscapes.x.mean") &&
             !liescape_get_text(a, "landscapes..mean") &&
             !liescape_get_text(a, "landscapes.99999999999999999999999") &&
             !liescape_get_text(a, "") && !liescape_get_length(a, "algebra"),
         "what is not there is NULL, or a list of length 0");
  liescape_input_free(input);
  tap_ok(text_is(a, "ansatz.source.text",
                 "qubits 1\ngenerator X0\ngenerator Z0\n"),
         "a result outlives its input, and holds its text");
  liescape_analysis_free(a);
}

static void test_certificate(void) {
  liescape_input_t *input = input_of("circuit.qasm", circuit);
  liescape_analysis_t *a = NULL;
  liescape_input_add_observable(input, "Z0 Z2 + 1/2 X1");
  liescape_input_add_state(input, "ghz");
  liescape_input_add_angles(input, "b=normal:1/10");
  bool good = liescape_analyze(&a, NULL, input, NULL) == LIESCAPE_OK;
  tap_ok(good && liescape_get_length(a, "landscapes.0.finite_depth.gradient_"
                                        "variance") == 3,
         "OpenQASM with observable, state and laws of angles");
  program_write("certificate.json", liescape_certificate(a));
  program_write("circuit.qasm", circuit);
  run_t run = program_run("$L check certificate.json");
  tap_ok(run.code == 0 && strstr(run.out, " 0 fail"),
         "check re-proves the certificate, laws of angles too");
  run_clear(&run);
  run = program_run("$L certify circuit.qasm -O 'Z0 Z2 + 1/2 X1' -s ghz "
                    "--angles b=normal:1/10 -q --json=-");
  tap_ok(!strcmp(run.out, liescape_certificate(a)),
         "the program writes the same certificate");
  run_clear(&run);
  liescape_analysis_free(a);
  liescape_input_free(input);
}

static void test_errors(void) {
  liescape_input_t *input = input_of("bad.ops", "qubits 2\ngenerator X0 @@ Z1\n");
  liescape_analysis_t *a = NULL;
  liescape_error_t error;
  liescape_error_init(&error);
  tap_ok(liescape_analyze(&a, &error, input, NULL) == LIESCAPE_BAD_INPUT && !a,
         "a mistake is refused, the output left alone");
  tap_ok(!strcmp(error.file, "bad.ops") && error.line == 2 &&
             error.column == 15 && *error.message &&
             !strcmp(error.excerpt, "generator X0 @@ Z1") &&
             error.excerpt_column == 15,
         "with its place: %s:%ld:%ld: %s", error.file, error.line,
         error.column, error.message);
  char *text = liescape_error_text(&error);
  tap_ok(!strncmp(text, "bad.ops:2:15: ", 14) && strstr(text, "\n"),
         "and as text");
  free(text);
  tap_ok(liescape_analyze(&a, NULL, input, NULL) == LIESCAPE_BAD_INPUT,
         "an error need not be asked for");
  liescape_input_free(input);
  input = input_of("ok.ops", "qubits 2\ngenerator X0\n");
  liescape_input_add_observable(input, "Q7");
  tap_ok(liescape_analyze(&a, &error, input, NULL) == LIESCAPE_BAD_INPUT &&
             !strcmp(error.file, "--observable"),
         "an observable that is none");
  liescape_input_free(input);
  input = input_of("big.ops", "qubits 1000000\ngenerator X0\n");
  liescape_status_t status = liescape_analyze(&a, &error, input, NULL);
  tap_ok(status == LIESCAPE_LIMIT && !a, "too many qubits: %s", error.message);
  liescape_limits_t limits;
  liescape_limits_init(&limits);
  limits.max_trap = "much";
  tap_ok(liescape_analyze(&a, &error, input, &limits) == LIESCAPE_BAD_INPUT &&
             !a && !strcmp(error.file, "max_trap"),
         "a threshold that is no number");
  limits.max_trap = "0.1";
  limits.max_shots = "0";
  tap_ok(liescape_analyze(&a, &error, input, &limits) == LIESCAPE_BAD_INPUT,
         "no shots at all");
  liescape_error_clear(&error);
  tap_ok(!error.message && !error.file, "a cleared error is empty");
  liescape_input_free(input);
  liescape_input_free(NULL);
  liescape_analysis_free(NULL);
  liescape_error_clear(NULL);
}

typedef struct {
  size_t stages, calls, stop_after;
} watcher_t;

static void note_stage(void *data, const char *stage, size_t done,
                       size_t total) {
  watcher_t *w = data;
  w->stages += *stage && !done && !total;
}

static int stop(void *data) {
  watcher_t *w = data;
  return ++w->calls > w->stop_after;
}

/* A closure that takes much longer than this test. */
static void test_budgets(void) {
  const char *generators[] = {
      "X0 X1 + X1 X2 + X2 X3 + X3 X4 + X4 X5 + X5 X6 + 2 Z1 Z4 + Y0 Y6",
      "Z0 Z1 + 3 Z1 Z2 + Z2 Z3 + Z3 Z4 + 5 Z4 Z5 + Z5 Z6 + X2", "Y0 + 7 Y3"};
  liescape_input_t *input = liescape_input_new_generators(7, generators, 3);
  liescape_analysis_t *a = NULL;
  watcher_t watcher = {.stop_after = 5};
  liescape_limits_t limits;
  liescape_input_add_observable(input, "Z0");
  liescape_limits_init(&limits);
  limits.max_dimension = 0;
  limits.abort = stop;
  limits.progress = note_stage;
  limits.data = &watcher;
  tap_ok(liescape_analyze(&a, NULL, input, &limits) == LIESCAPE_OK &&
             !liescape_is_complete(a) && watcher.calls > 5,
         "a caller who stops the work gets what is proved");
  const char *reason = liescape_get_text(a, "algebra.reason");
  tap_ok(reason && strstr(reason, "stopped") &&
             liescape_get_integer(a, "algebra.proved", 1) == 0 &&
             liescape_get_integer(a, "algebra.dimension", 0) > 0 &&
             !liescape_get_text(a, "landscapes.0.variance"),
         "and why there is no more: %s", reason);
  tap_ok(watcher.stages == 3, "%zu stages were begun", watcher.stages);
  liescape_analysis_free(a);
  limits.abort = NULL;
  limits.max_dimension = 50;
  limits.time_limit_s = 1e-3;
  a = NULL;
  tap_ok(liescape_analyze(&a, NULL, input, &limits) == LIESCAPE_OK &&
             !liescape_is_complete(a),
         "a budget");
  liescape_analysis_free(a);
  liescape_input_free(input);
}

static void test_families(void) {
  static const char *const values[] = {"3", "4", "5", "6", "7"};
  liescape_input_t *input = input_of("tfim.ops", tfim);
  liescape_analysis_t *a = NULL;
  liescape_limits_t limits;
  tap_ok(liescape_sweep(&a, NULL, input, "qubits", values, 5, NULL) == LIESCAPE_OK &&
             liescape_get_length(a, "sweep") == 5,
         "a family");
  /* so(2 n): n (2 n - 1) */
  tap_ok(text_is(a, "growth.classification", "1 x so(2 n)") &&
             text_is(a, "growth.algebra_dimension", "polynomial") &&
             text_is(a, "sweep.4.algebra.dimension", "91"),
         "of free fermions");
  liescape_analysis_free(a);
  liescape_limits_init(&limits);
  limits.suggest = 1;
  a = NULL;
  liescape_input_override(input, "qubits", "3");
  tap_ok(liescape_analyze(&a, NULL, input, &limits) == LIESCAPE_OK &&
             text_is(a, "algebra.dimension", "15") &&
             liescape_get_integer(a, "suggest.tried", 0) > 0,
         "a value of a name, and suggestions");
  liescape_analysis_free(a);
  liescape_input_free(input);
}

/* --- several analyses in several threads ------------------------------------------ */

enum { TEXTS = 4, THREADS = 6 };
static const char *const names[TEXTS] = {"xxz.ops", "tfim.ops", "circuit.qasm",
                                         "symbol.ops"};
static const char *const texts[TEXTS] = {xxz, tfim, circuit, symbol};
static char *expected[TEXTS];

static char *analyse(size_t which) {
  liescape_input_t *input = input_of(names[which], texts[which]);
  liescape_analysis_t *a = NULL;
  liescape_error_t error;
  liescape_limits_t limits;
  char *text;
  liescape_error_init(&error);
  liescape_limits_init(&limits);
  limits.num_threads = 1;
  limits.suggest = 1;
  limits.time_limit_s = 3600; /* on a busy machine too */
  liescape_input_add_observable(input, "Z0 Z1");
  if (liescape_analyze(&a, &error, input, &limits) == LIESCAPE_OK)
    text = strdup(liescape_certificate(a));
  else
    text = liescape_error_text(&error);
  liescape_error_clear(&error);
  liescape_analysis_free(a);
  liescape_input_free(input);
  return text;
}

typedef struct {
  pthread_t thread;
  size_t first, rounds, wrong;
} worker_t;

static void *work(void *data) {
  worker_t *w = data;
  for (size_t i = 0; i < w->rounds; i++) {
    size_t which = (w->first + i) % TEXTS;
    char *text = analyse(which);
    w->wrong += strcmp(text, expected[which]) != 0;
    free(text);
  }
  liescape_thread_end();
  return NULL;
}

static void test_threads(void) {
  worker_t workers[THREADS];
  size_t rounds = (size_t)tap_iterations(TEXTS), wrong = 0, failed = 0;
  for (size_t t = 0; t < TEXTS; t++) {
    expected[t] = analyse(t);
    if (*expected[t] != '{') failed++, tap_diag("%s", expected[t]);
  }
  tap_ok(failed == 0, "%d texts are analysed", TEXTS);
  for (size_t t = 0; t < THREADS; t++) {
    workers[t] = (worker_t){.first = t, .rounds = rounds};
    pthread_create(&workers[t].thread, NULL, work, workers + t);
  }
  for (size_t t = 0; t < THREADS; t++) {
    pthread_join(workers[t].thread, NULL);
    wrong += workers[t].wrong;
  }
  tap_ok(wrong == 0, "%d threads with %zu analyses each: %zu differ", THREADS,
         rounds, wrong);
  for (size_t t = 0; t < TEXTS; t++) free(expected[t]);
}

/* One input and one analysis for several threads that look only. */
static liescape_input_t *shared_input;
static liescape_analysis_t *shared_analysis;

static void *look(void *data) {
  worker_t *w = data;
  for (size_t i = 0; i < w->rounds; i++) {
    liescape_analysis_t *a = NULL;
    w->wrong += liescape_analyze(&a, NULL, shared_input, NULL) != LIESCAPE_OK;
    w->wrong += !a || strcmp(liescape_certificate(a),
                             liescape_certificate(shared_analysis)) != 0;
    w->wrong += !liescape_get_text(shared_analysis, "landscapes.0.variance");
    liescape_analysis_free(a);
  }
  liescape_thread_end();
  return NULL;
}

static void test_shared(void) {
  worker_t workers[THREADS];
  size_t wrong = 0;
  shared_input = input_of("tfim.ops", tfim);
  if (liescape_analyze(&shared_analysis, NULL, shared_input, NULL)) abort();
  for (size_t t = 0; t < THREADS; t++) {
    workers[t] = (worker_t){.rounds = 3};
    pthread_create(&workers[t].thread, NULL, look, workers + t);
  }
  for (size_t t = 0; t < THREADS; t++) {
    pthread_join(workers[t].thread, NULL);
    wrong += workers[t].wrong;
  }
  tap_ok(wrong == 0, "threads share an input and a result");
  liescape_analysis_free(shared_analysis);
  liescape_input_free(shared_input);
}

int main(void) {
  tap_begin("liescape");
  tap_ok(!strcmp(liescape_version(), LIESCAPE_VERSION), "version %s",
         liescape_version());
  test_values();
  test_certificate();
  test_errors();
  test_budgets();
  test_families();
  test_threads();
  test_shared();
  program_end();
  return tap_end();
}
