/* t-alarms - what certify writes of a random small ansatz, verify can read and does
   not refute.

   Operator files (strings and sums) and circuits (shared parameters, controlled
   rotations, Clifford and other fixed gates, offsets of angles, laws of angles),
   with input states pure and mixed, at few samples: where laws of averages are
   least normal. LIESCAPE_TEST_MULTIPLIER=100 is the long run, of 2,000. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

enum { ROOM = 4096 };

static size_t below(size_t n) { return tap_random_below(n); }
static bool chance(size_t percent) { return below(100) < percent; }

static void put(char *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put(char *text, const char *format, ...) {
  size_t length = strlen(text);
  va_list args;
  va_start(args, format);
  vsnprintf(text + length, ROOM - length, format, args);
  va_end(args);
}

static const char *pick(const char *const *list, size_t count) {
  return list[below(count)];
}
#define PICK(list) pick(list, sizeof(list) / sizeof *(list))

static void put_string(char *text, size_t n) {
  size_t sure = below(n);
  for (size_t q = 0; q < n; q++)
    if (q == sure || chance(50)) put(text, " %c%zu", "XYZ"[below(3)], q);
}

static void put_sum(char *text, size_t n, size_t terms) {
  static const char *const coefficients[] = {"", "2", "1/2", "3/2", "5/4",
                                             "1/3", "1/4"};
  for (size_t t = 0; t < terms; t++) {
    put(text, "%s", t ? chance(50) ? " + " : " - " : " ");
    put(text, "%s", PICK(coefficients));
    put_string(text, n);
  }
}

static void put_state(char *text, size_t n) {
  switch (below(8)) {
    case 0: put(text, " plus"); break;
    case 1: put(text, n > 1 ? " ghz" : " zero"); break;
    case 2: put(text, " mixed"); break;
    case 3:
      put(text, " stabilizer %c", "+-"[below(2)]);
      for (size_t q = 0; q + 1 < n; q++) put(text, "%c", "IXYZ"[below(4)]);
      put(text, "%c", "XYZ"[below(3)]);
      break;
    case 4:
      put(text, " bits ");
      for (size_t q = 0; q < n; q++) put(text, "%c", "01"[below(2)]);
      break;
    default: put(text, " zero");
  }
}

static size_t random_qubits(void) {
  static const size_t sizes[] = {1, 2, 2, 3, 3, 3, 4};
  return sizes[below(7)];
}

static void random_operators(char *text) {
  bool sums = chance(40);
  size_t n = random_qubits(), generators = 1 + below(6);
  if (sums && n > 3) n = 3; /* 4 take half a minute each */
  put(text, "qubits %zu\n", n);
  for (size_t g = 0; g < generators; g++) {
    put(text, "generator");
    put_sum(text, n, sums ? 1 + below(3) : 1);
    put(text, "\n");
  }
  for (size_t o = 1 + chance(25); o-- > 0;) {
    put(text, "observable");
    put_sum(text, n, 1 + below(3));
    put(text, "\n");
  }
  for (size_t s = 1 + chance(25); s-- > 0;) {
    put(text, "state");
    put_state(text, n);
    put(text, "\n");
  }
}

static void put_angle(char *text, size_t parameters, size_t gate) {
  static const char *const scales[] = {"2*", "-", "0.5*"};
  static const char *const offsets[] = {"+pi/2", "+pi/4", "+0.3"};
  put(text, "%s", chance(10) ? PICK(scales) : "");
  put(text, "a%zu",
      chance(30) ? below(parameters) : gate < parameters ? gate : parameters - 1);
  put(text, "%s", chance(8) ? PICK(offsets) : "");
}

static void random_circuit(char *text) {
  static const char *const turns[] = {"rx", "ry", "rz"};
  static const char *const controlled[] = {"cp", "crx", "cry", "crz"};
  static const char *const cliffords[] = {"h", "s", "x", "z", "sdg"};
  static const char *const others[] = {"t", "rx(0.3)"};
  size_t n = random_qubits(), parameters = 1 + below(5), gates = 1 + below(10);
  put(text, "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n");
  for (size_t p = 0; p < parameters; p++) put(text, "input float a%zu;\n", p);
  put(text, "qubit[%zu] q;\n", n);
  for (size_t g = 0; g < gates; g++) {
    size_t kind = below(100), q = below(n), r = (q + 1 + below(n)) % n;
    bool two = r != q;
    if (kind < 50 || (kind < 85 && !two)) {
      put(text, "%s(", PICK(turns));
      put_angle(text, parameters, g);
      put(text, ") q[%zu];\n", q);
    } else if (kind < 62) {
      put(text, "%s(", PICK(controlled));
      put_angle(text, parameters, g);
      put(text, ") q[%zu], q[%zu];\n", q, r);
    } else if (kind < 85) {
      put(text, "%s q[%zu], q[%zu];\n", chance(70) ? "cx" : "cz", q, r);
    } else {
      put(text, "%s q[%zu];\n", kind < 97 ? PICK(cliffords) : PICK(others), q);
    }
  }
  put(text, "#pragma liescape observable");
  put_sum(text, n, 1 + below(3));
  put(text, "\n#pragma liescape state");
  put_state(text, n);
  put(text, "\n");
}

static bool has_split(const json_t *json) {
  return json_array_size(json_object_get(json_object_get(json, "ansatz"),
                                         "split")) > 0;
}

static void tell_failures(const json_t *json) {
  size_t i;
  json_t *check;
  json_array_foreach(json_object_get(json, "checks"), i, check)
    if (json_is_false(json_object_get(check, "holds"))) {
      char *text = json_dumps(check, JSON_COMPACT);
      tap_diag("%s", text);
      free(text);
    }
}

typedef struct {
  size_t runs, refuted, unjudged, split, broken;
} tally_t;

static void run_one(tally_t *tally) {
  static const char *const laws[] = {"", "", "", " --angles normal:0.3",
                                     " --angles interval:1/2"};
  static const char *const samples[] = {"400", "1000", "3000"};
  char text[ROOM] = "", command[300];
  bool circuit = chance(50);
  if (circuit) random_circuit(text);
  else random_operators(text);
  program_write(circuit ? "one.qasm" : "one.ops", text);
  snprintf(command, sizeof command,
           /* of the processor, whatever else the machine does */
           "ulimit -t 600; $L certify -q one.%s%s --json=one.json; c=$?; "
           "[ $c = 0 ] || [ $c = 3 ] || exit 100; "
           "$L verify -q --threads 1 one.json --json --samples %s "
           "--seed %zu",
           circuit ? "qasm" : "ops", circuit ? PICK(laws) : "", PICK(samples),
           below(1000000));
  run_t run = program_run(command);
  json_t *json = run_json(&run);
  bool split = has_split(json);
  /* Exit 1 is that of a sanitizer as well. */
  bool refuted = json_is_false(json_object_get(json, "consistent"));
  tally->runs++;
  tally->split += split;
  tally->unjudged += run.code == 3;
  if (run.code == 1 && refuted) tally->refuted++;
  else if (run.code != 0 && run.code != 3) tally->broken++;
  if (run.code != 0 && run.code != 3) {
    tap_diag("exit %d of %s\n%s%.1000s", run.code, command, text, run.err);
    tell_failures(json);
  }
  json_decref(json);
  run_clear(&run);
}

int main(void) {
  tally_t tally = {0};
  tap_begin("t-alarms");
  long count = tap_iterations(20);
  for (long i = 0; i < count; i++) run_one(&tally);
  tap_ok(tally.broken == 0, "%zu certificates are read and tested", tally.runs);
  tap_ok(tally.refuted <= tally.runs / 1000,
         "%zu of %zu true certificates are refuted (%zu with split parameters, "
         "%zu not judged)",
         tally.refuted, tally.runs, tally.split, tally.unjudged);
  tap_ok(tally.unjudged <= tally.runs / 10 + 2, "%zu of %zu not judged",
         tally.unjudged, tally.runs);
  program_end();
  return tap_end();
}
