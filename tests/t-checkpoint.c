/* t-checkpoint - verify that is interrupted and goes on, with any number of
   threads and processes: the same certificate to the last byte; and checkpoints
   that must be refused. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char ring[] =
    "qubits 3\nfor i in 0..qubits-1: generator X{i}\n"
    "for i in 0..qubits-1: generator Z{i}\n"
    "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0 Z1\n";

/* Some seconds of work on one thread, of which --minima takes a part. */
static char work[200];

static run_t run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static run_t run(const char *format, ...) {
  va_list args;
  char *command;
  va_start(args, format);
  if (vasprintf(&command, format, args) < 0) abort();
  va_end(args);
  run_t result = program_run(command);
  free(command);
  return result;
}

/* Runs a command that must say so. */
static void expect(int code, const char *out, const char *err,
                   const char *command) {
  run_t r = program_run(command);
  bool ok = r.code == code && strstr(r.out, out) && strstr(r.err, err);
  const char *first = strstr(r.err, "liescape: ");
  if (code == 2) /* one error */
    ok = ok && first && !strstr(first + 1, "liescape: ");
  if (!tap_ok(ok, "%s: exit %d", command, code)) {
    tap_diag("exit %d", r.code);
    tap_diag("stdout: %.300s", r.out);
    tap_diag("stderr: %.300s", r.err);
  }
  run_clear(&r);
}

/* Starts a run in the background ($p), waits until its checkpoint is written
   anew, and a little longer, then sends a signal. */
#define SEND                                                              \
  "new() { stat -c '%%i %%y' *.checkpoint 2>/dev/null; }; old=$(new); "   \
  "env --default-signal=INT $L verify ring.ops %s %s --resume "           \
  "--checkpoint-every 0.02 --threads %zu --json >partial & p=$!; "        \
  "while kill -0 $p 2>/dev/null && [ \"$(new)\" = \"$old\" ]; do "        \
  "sleep 0.01; done; sleep %.3f; kill -%s $p 2>/dev/null; wait $p; e=$?; "

/* told: how often it said where the samples are. A signal while results are
   written, or just after, ends the program without a word. */
static bool interrupt_once(bool *complete, int *told, const char *signal_name,
                           const char *where, const char *reference) {
  run_t r = run(SEND "cat partial; ls *.checkpoint >&2; exit $e", work, where,
                1 + tap_random_below(2), 0.001 * (double)tap_random_below(150),
                signal_name);
  bool there = strstr(r.err, ".checkpoint\n") != NULL, fine = true;
  *complete = r.code == 0 || !there;
  if (*complete) fine = !there && !strcmp(r.out, reference);
  else fine = !*r.out || !strcmp(r.out, reference);
  *told += strstr(r.err, "interrupted; what was sampled is kept in") != NULL;
  if (!fine) tap_diag("exit %d: %.300s%s", r.code, r.out, r.err);
  run_clear(&r);
  return fine;
}

static void test_interruptions(const char *signal_name, const char *where,
                               const char *reference) {
  bool complete = false, fine = true;
  int times = 0, told = 0;
  while (times < 5 && fine && !complete) {
    fine = interrupt_once(&complete, &told, signal_name, where, reference);
    times += fine && !complete;
  }
  if (strcmp(signal_name, "KILL") && told + 1 < times) {
    tap_diag("told %d times", told);
    fine = false;
  }
  run_t r = run("$L verify ring.ops %s %s --resume --json; "
                "ls *.checkpoint* 2>/dev/null >&2", work, where);
  tap_ok(fine && times > 0 && !strcmp(r.out, reference) &&
             !strstr(r.err, ".checkpoint\n"),
         "%s %s: stopped %d times, then the same certificate, no file left",
         signal_name, where, times);
  run_clear(&r);
}

/* A kept number that is altered (and the digest with it) must be found in the
   results: it was taken, not computed anew. */
static void test_taken(const char *reference) {
  run_t r = run(SEND "od -An -v -tx1 mine.checkpoint | tr -d ' \\n'", work,
                "--checkpoint mine.checkpoint", (size_t)1, 0.05, "TERM");
  size_t size = strlen(r.out) / 2;
  unsigned char *bytes = malloc(size + 1), *at;
  for (size_t i = 0; i < size; i++) {
    unsigned byte = 0;
    sscanf(r.out + 2 * i, "%2x", &byte);
    bytes[i] = (unsigned char)byte;
  }
  run_clear(&r);
  at = memmem(bytes, size, "samples", 7);
  /* Of the last piece. */
  for (unsigned char *next = at; next;
       next = memmem(at + 1, size - (size_t)(at + 1 - bytes), "samples", 7))
    at = next;
  if (tap_ok(at && size > 1000, "a checkpoint with samples")) {
    double loss = 0.9375;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    memcpy(at + 7, &loss, sizeof loss);
    for (size_t i = 0; i < size - 8; i++)
      hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    memcpy(bytes + size - 8, &hash, sizeof hash);
    program_write_bytes("mine.checkpoint", bytes, size);
    r = run("$L verify ring.ops %s --checkpoint mine.checkpoint --resume "
            "--json", work);
    tap_ok(r.code == 0 && strlen(r.out) > 1000 && strcmp(r.out, reference),
           "a number that was kept is taken");
    run_clear(&r);
  }
  free(bytes);
}

static void test_threads(const char *reference) {
  for (int threads = 2; threads <= 3; threads++) {
    if (!tap_is_tried()) continue;
    run_t r = run("$L verify ring.ops %s --json --threads %d", work, threads);
    tap_ok(!strcmp(r.out, reference), "%d threads: the same certificate",
           threads);
    run_clear(&r);
  }
}

/* Stopped as soon as something of the pilot run is in the file: it is kept, and the end
   is the same. */
static void test_pilot(void) {
  program_write("slow.ops",
                "qubits 6\nfor i in 0..qubits-1: generator X{i}\n"
                "for i in 0..qubits-1: generator Z{i}\n"
                "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
                "observable Z0 Z1\n");
  run_t r = run("env --default-signal=INT $L verify slow.ops --samples 16000 "
                "--checkpoint p.checkpoint --checkpoint-every 0.02 --threads 1 --json "
                ">partial & p=$!; while kill -0 $p 2>/dev/null && "
                "! grep -aqs 'pilot, ' p.checkpoint; do sleep 0.01; done; "
                "kill -INT $p; wait $p; echo $?; grep -ac 'pilot, ' p.checkpoint; "
                "grep -ac samples p.checkpoint");
  bool ok = tap_ok(!strncmp(r.out, "130\n", 4) && strstr(r.err, "what was sampled is kept"),
                   "a pilot run is stopped, and kept");
  if (!ok) tap_diag("%.200s%.300s", r.out, r.err);
  run_clear(&r);
  r = run("$L verify slow.ops --samples 16000 --checkpoint p.checkpoint --resume "
          "--threads 1 --json >a; $L verify slow.ops --samples 16000 --json >b; "
          "cmp a b && test ! -e p.checkpoint");
  ok = tap_ok(r.code == 0, "... and goes on to the same certificate");
  if (!ok) tap_diag("%.300s%.300s", r.out, r.err);
  run_clear(&r);
}

/* Sanitizers take leaks of MPI for ours. */
#define MPIRUN                                                       \
  "ASAN_OPTIONS=detect_leaks=0 OMPI_ALLOW_RUN_AS_ROOT=1 "           \
  "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe "

static bool has_mpi(void) {
  run_t r = program_run("$L --version && " MPIRUN "-n 2 $L --version");
  bool yes = r.code == 0 && strstr(r.out, "MPI");
  run_clear(&r);
  return yes;
}

/* Stopped with two processes, continued with one; exit status 9 when it came to
   its end before. */
static run_t stop_two(long many) {
  return run("{ " MPIRUN "-n 2 $L verify ring.ops %s --samples %ld "
             "--checkpoint m.checkpoint --checkpoint-every 0.05 --json "
             "--threads 1 >partial & } 2>/dev/null; p=$!; "
             "while kill -0 $p 2>/dev/null && "
             "[ $(cat m.checkpoint 2>/dev/null | wc -c) -lt 20000 ]; "
             "do sleep 0.02; done; kill -TERM $p; wait $p; "
             "test ! -s partial || { rm -f m.*; exit 9; }; "
             "$L verify ring.ops %s --samples %ld "
             "--checkpoint m.checkpoint --resume --json >a; rm -f m.*; "
             "$L verify ring.ops %s --samples %ld --json >b; cmp a b",
             work, many, work, many, work, many);
}

static void test_processes(const char *reference) {
  if (!has_mpi()) {
    tap_skip("liescape was built without MPI, or there is no mpirun");
    return;
  }
  for (int n = 2; n <= 3; n++) {
    if (!tap_is_tried()) continue;
    run_t r = run(MPIRUN "-n %d $L verify ring.ops %s --json --threads 1", n,
                  work);
    if (!tap_ok(!strcmp(r.out, reference),
                "%d processes: the same certificate", n))
      tap_diag("%.300s", r.err);
    run_clear(&r);
  }
  /* A pilot run, and standard input, which only one process reads. */
  run_t one = program_run("$L verify - --format ops --samples 600 --json "
                          "<ring.ops");
  run_t two = program_run(MPIRUN "-n 2 $L verify - --format ops --samples 600 "
                          "--json --threads 1 <ring.ops");
  tap_ok(two.code == 0 && !strcmp(one.out, two.out),
         "standard input with two processes: the same certificate");
  run_clear(&one);
  run_clear(&two);
  long many = 3000 + tap_iterations(12000);
  run_t r;
  for (int attempt = 0;; attempt++) { /* until it is stopped in time */
    r = stop_two(many);
    if (r.code != 9 || attempt == 4) break;
    run_clear(&r);
    many *= 4;
  }
  if (!tap_ok(r.code == 0, "stopped with two processes, continued with one"))
    tap_diag("%ld samples, exit %d: %.300s", many, r.code, r.err);
  run_clear(&r);
  r = program_run(MPIRUN "-n 2 $L verify absent.ops");
  const char *once = strstr(r.err, "absent.ops");
  tap_ok(r.code == 2 && once && !strstr(once + 1, "absent.ops"),
         "one message for all processes, and the exit status");
  run_clear(&r);
  r = program_run(MPIRUN "-n 2 $L verify ring.ops --memory-limit 1000 -q");
  tap_ok(r.code == 3 && strstr(r.err, "do not fit"),
         "no memory with two processes: exit 3");
  run_clear(&r);
}

static void test_single(void) {
  run_t r = run("$L verify ring.ops %s --precision single --json --threads 1",
                work);
  tap_ok(r.code == 0 && strstr(r.out, "\"precision\": \"single\""),
         "a run in single precision at one go");
  test_interruptions("TERM", "--precision single", r.out);
  if (has_mpi()) {
    run_t two = run(MPIRUN "-n 2 $L verify ring.ops %s --precision single --json "
                    "--threads 1", work);
    tap_ok(!strcmp(r.out, two.out),
           "single precision, 2 processes: the same certificate");
    run_clear(&two);
  }
  run_clear(&r);
}

#define SMALL "$L verify ring.ops --samples 2000 --layers 100 -q "

static void test_refusals(void) {
  /* The file of a run that was stopped: the first write is the last. */
  expect(0, "", "",
         "{ " SMALL "--samples 4000000 --checkpoint c --checkpoint-every 0.02 & } "
         "2>/dev/null; p=$!; while [ $(cat c 2>/dev/null | wc -c) -lt 20000 ]; do "
         "sleep 0.02; done; kill -9 $p; wait $p 2>/dev/null; rm -f c.??????");
  expect(2, "", "its --seed was 1, not 2", SMALL
         "--samples 4000000 --checkpoint c --resume --seed 2");
  expect(2, "", "its --precision was double, not single", SMALL
         "--samples 4000000 --checkpoint c --resume --precision single");
  expect(2, "", "its --samples was 4000000, not 2000", SMALL
         "--checkpoint c --resume");
  expect(2, "", "its input", SMALL "--samples 4000000 --checkpoint c --resume "
         "-O X0");
  expect(2, "", "its input", "sed s/X/Y/ ring.ops >other.ops; $L verify "
         "other.ops --samples 4000000 --layers 100 --checkpoint c --resume -q");
  expect(2, "", "exists already", SMALL "--checkpoint c");
  expect(2, "", "not a checkpoint of liescape", SMALL
         "--checkpoint ring.ops --resume");
  expect(2, "", "exists already", SMALL "--checkpoint ring.ops");
  expect(2, "", "regular file", SMALL "--checkpoint . --resume");
  expect(2, "", "regular file", SMALL "--checkpoint /dev/full");
  expect(2, "", "No such file", SMALL "--checkpoint none/c");
  expect(2, "", "another version of liescape",
         "sed '1s/1$/7/' c >v; " SMALL "--checkpoint v --resume");
  expect(2, "", "not a checkpoint", ": >v; " SMALL "--checkpoint v --resume");
  expect(2, "", "wants a path", SMALL "--checkpoint=");
  expect(2, "", "wants seconds", SMALL "--checkpoint-every -1");
  expect(3, "", "samples do not fit in 0.105 GB of memory: up to ",
         "$L verify ring.ops --samples 4000000000 --memory-limit 100M -q");
  expect(0, "", "no such checkpoint to resume from", SMALL
         "--checkpoint absent --resume && test ! -e absent");
  /* Cut short, and with one byte altered, anywhere. */
  for (int i = 0; i < 6; i++) {
    if (!tap_is_tried()) continue;
    char command[400];
    snprintf(command, sizeof command,
             "n=$(wc -c <c); head -c $((n * %zu / 1000)) c >v; " SMALL
             "--samples 4000000 --checkpoint v --resume",
             30 + tap_random_below(969));
    expect(2, "", "cut short or altered", command);
    snprintf(command, sizeof command,
             "n=$(wc -c <c); k=$((22 + (n - 23) * %zu / 1000)); cp c v; "
             "b=$(tail -c +$((k + 1)) v | head -c 1 | od -An -tu1); "
             "printf \"\\\\$(printf %%o $(((b + 1) %% 256)))\" | "
             "dd of=v bs=1 seek=$k conv=notrunc 2>/dev/null; " SMALL
             "--samples 4000000 --checkpoint v --resume",
             tap_random_below(1000));
    expect(2, "", "checkpoint", command);
  }
}

/* What cannot be decided is complete all the same: nothing to go on from. */
static void test_undecided(void) {
  program_write("slowly.ops", "qubits 1\ngenerator X0 + 1/20 Z0\ngenerator X0\n"
                              "observable Z0\n");
  expect(3, "not judged", "not every prediction",
         "$L verify slowly.ops --samples 2000 --layers 4 --checkpoint u; e=$?; "
         "test ! -e u || exit 9; exit $e");
}

/* Limits on the size of files stand in for full disks. */
static void test_full_disk(void) {
  expect(2, "", "the checkpoint cannot be written: File too large",
         "mkdir d; cp ring.ops d; cd d; ulimit -f 1; $L verify ring.ops -q "
         "--samples 500 --layers 100 --checkpoint c; e=$?; ls c* 2>/dev/null; "
         "exit $e");
  /* It grows beyond the limit later: said once, and the run goes on. */
  run_t r = program_run(
      "cd d; ulimit -f 60; $L verify ring.ops -q --samples 5000 --layers 100 "
      "--checkpoint c --checkpoint-every 0.02 --json >out; "
      "echo $?; ls c* 2>/dev/null");
  const char *once = strstr(r.err, "samples so far cannot be kept");
  if (!tap_ok(once && !strstr(once + 1, "samples so far") &&
                  !strcmp(r.out, "0\n"),
              "a checkpoint that cannot be written any more: said once"))
    tap_diag("%s%s", r.out, r.err);
  run_clear(&r);
  /* The certificate cannot be written at the end, but the samples are kept. */
  expect(0, "", "write error",
         "cd d; $L verify ring.ops -q --samples 500 --layers 100 --checkpoint k "
         "--json=/dev/full; test $? = 3 && test -s k && $L verify ring.ops -q "
         "--samples 500 --layers 100 --checkpoint k --resume --json=x && "
         "test -s x && test ! -e k");
  expect(3, "", "write error: File too large",
         "cd d; rm -f x; ulimit -f 1; $L verify ring.ops -q --samples 500 "
         "--layers 100 --json=x; e=$?; ls x*; exit $e");
}

/* On a terminal, which script(1) makes; without one nothing is written. */
static void test_progress(void) {
  static const char line[] =
      "script -qec \"$L verify ring.ops --layers 100 --samples 4000 %s >/dev/null\" "
      "/dev/null </dev/null | tr '\\r' '\\n' | grep -c '%s'";
  run_t r = program_run("script -qec true /dev/null </dev/null");
  bool works = r.code == 0;
  run_clear(&r);
  if (!works) {
    tap_skip("no script(1)");
    return;
  }
  static const char *const cases[][4] = {
      {"TERM=xterm", "", "liescape: samples .[#.]*. *[0-9]*%", "yes"},
      {"TERM=xterm NO_COLOR=1", "", "[[][0-9;]*m", "no"},
      {"TERM=xterm", "-q", "liescape", "no"},
      {"TERM=dumb", "", "^liescape: samples$", "yes"},
      {"TERM=dumb", "", "[[]K", "no"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (!tap_is_tried()) continue;
    char *text;
    if (asprintf(&text, line, cases[i][1], cases[i][2]) < 0) abort();
    r = run("export %s; %s", cases[i][0], text);
    if (!tap_ok((atoi(r.out) > 0) == !strcmp(cases[i][3], "yes"),
                "%s %s: '%s' on a terminal: %s", cases[i][0], cases[i][1],
                cases[i][2], cases[i][3]))
      tap_diag("%s %s", r.out, r.err);
    run_clear(&r);
    free(text);
  }
  r = program_run("$L verify ring.ops --layers 100 --samples 500 -q");
  tap_ok(!*r.err && !*r.out, "no progress without a terminal");
  run_clear(&r);
}

int main(void) {
  tap_begin("t-checkpoint");
  program_write("ring.ops", ring);
  snprintf(work, sizeof work, "--samples %ld --layers 100 --minima 12",
           1000 + tap_iterations(4000));
  run_t r = run("$L verify ring.ops %s --json --threads 1", work);
  json_t *json = run_json(&r);
  tap_ok(r.code == 0 && json_object_get(json, "minima_found"),
         "a run at one go");
  json_decref(json);
  test_threads(r.out);
  test_interruptions("INT", "", r.out);
  if (tap_is_tried())
    test_interruptions("TERM", "--checkpoint mine.checkpoint", r.out);
  if (tap_is_tried()) test_interruptions("KILL", "", r.out);
  test_taken(r.out);
  test_processes(r.out);
  run_clear(&r);
  if (tap_is_tried()) test_pilot();
  if (tap_is_tried()) test_single();
  test_refusals();
  test_undecided();
  test_full_disk();
  test_progress();
  program_end();
  return tap_end();
}
