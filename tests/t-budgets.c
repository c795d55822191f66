/* t-budgets - small texts that stand for much work: an error with the place, while
   reading, or an answer; and bounded memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

/* Two GB of address space, of which much is the libraries'; a sanitizer takes more. */
#ifdef __SANITIZE_ADDRESS__
#define BOUNDED "$L "
#else
#define BOUNDED "ulimit -v 2000000; $L "
#endif

static void expect(int code, const char *said, const char *command) {
  run_t r = program_run(command);
  const char *first = strstr(r.err, "liescape: ");
  bool ok = r.code == code && strstr(r.err, said) && (code == 0 || first) &&
            (!first || !strstr(first + 1, "liescape: "));
  if (!tap_ok(ok, "%.60s: exit %d, %s", command + strlen(BOUNDED), code, said))
    tap_diag("exit %d: %.300s", r.code, r.err);
  run_clear(&r);
}

/* The text as a file of that name, certified. */
static void text_expect(int code, const char *said, const char *name, const char *text) {
  char command[200];
  program_write(name, text);
  snprintf(command, sizeof command, BOUNDED "certify %s -q --json=/dev/null", name);
  expect(code, said, command);
}

/* head, `count` times `part`, tail. */
static char *repeated(const char *head, const char *part, size_t count, const char *tail) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (!out) abort();
  fputs(head, out);
  for (size_t i = 0; i < count; i++) fputs(part, out);
  fputs(tail, out);
  fclose(out);
  return text;
}

static void repeated_expect(int code, const char *said, const char *name, const char *head,
                            const char *part, size_t count, const char *tail) {
  char *text = repeated(head, part, count, tail);
  text_expect(code, said, name, text);
  free(text);
}

#define HEAD "OPENQASM 3.0; include \"stdgates.inc\"; input float a; qubit[21] q;\n"
#define ALL \
  "q[0],q[1],q[2],q[3],q[4],q[5],q[6],q[7],q[8],q[9],q[10],q[11],q[12],q[13],q[14]," \
  "q[15],q[16],q[17],q[18],q[19],q[20];\n"

static void test_circuits(void) {
  text_expect(3, "controls.qasm:2:1: with its controls", "controls.qasm",
              HEAD "ctrl(20) @ rx(a) " ALL);
  repeated_expect(3, "tower.qasm:2:", "tower.qasm", HEAD, "ctrl @ ", 20, "rx(a) " ALL);
  text_expect(3, "loop.qasm:1:17: more than 90000 parameters", "loop.qasm",
              "OPENQASM 3.0;   input array[float, 100000] p; qubit[2] q;\n"
              "for int i in [0:99999] { rx(p[i]) q[0]; rz(p[i]) q[1]; }\n");
  text_expect(3, "one.qasm:3:", "one.qasm",
              "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q;\ninput float a;\n"
              "for int i in [0:99999999] { rx(a) q[0]; }\n");
  text_expect(3, "pow.qasm:2:1: ", "pow.qasm", HEAD "pow(2**60) @ ch q[0], q[1];\n");
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  fputs(HEAD "gate g0(t) x { rx(t) x; }\n", out);
  for (int k = 1; k < 40; k++)
    fprintf(out, "gate g%d(t) x { g%d(t) x; g%d(t) x; }\n", k, k - 1, k - 1);
  fputs("g39(a) q[0];\n", out);
  fclose(out);
  text_expect(3, "rotations", "double.qasm", text);
  free(text);
}

static void test_operators(void) {
  text_expect(3, "terms.ops:3:", "terms.ops",
              "qubits 100000\ngenerator X0\n"
              "observable Z0 + sum(i in 0..19000000: (X0 - X0))\n");
  text_expect(3, "terms are too many", "scaled.ops",
              "qubits 10\ngenerator X0\nobservable Z0 + sum(i in 0..19000000: i X0)\n");
  text_expect(3, "nested.ops:2:", "nested.ops",
              "qubits 1000\nfor i in 0..qubits-1: for j in 0..qubits-1: for k in "
              "0..qubits-1: generator sum(l in 0..qubits-1: X{l})\nobservable Z0\n");
  text_expect(3, "sums.ops:2:", "sums.ops",
              "qubits 1000\nfor i in 0..qubits-1: generator sum(j in 0..qubits-1: X{j}) + "
              "1/(i+1) Z{i}\nobservable Z0\n");
  text_expect(3, "equal.ops:3:21: more than 10000 observables", "equal.ops",
              "qubits 2\ngenerator X0\nfor i in 0..399999: observable Z0\n");
  repeated_expect(3, "lines.ops:10003:1: more than 10000 observables", "lines.ops",
                  "qubits 2\ngenerator X0\n", "observable Z0\n", 400000, "");
  repeated_expect(2, "line.ops:2:13: qubit 0 occurs twice", "line.ops",
                  "qubits 2\ngenerator ", "X0", 500000, "\nobservable Z0\n");
  repeated_expect(2, "digits.ops:2:11: a number with more than 1000 digits", "digits.ops",
                  "qubits 2\ngenerator ", "9", 8000, " X0\n");
  repeated_expect(3, "factors.ops:2:", "factors.ops", "qubits 2\ngenerator ",
                  "99999999999999999999 * ", 3000, "X0\n");
  repeated_expect(0, "", "fraction.ops",
                  "qubits 2\ngenerator (7/3 + 8/77777777777777777777777", "7", 900,
                  ") X0\ngenerator Z0\nobservable Z0\n");
  text_expect(3, "parameters.ops:2:12: more than 500000 parameters", "parameters.ops",
              "qubits 2\nparameters 1000000\ngenerator X0\nobservable Z0\n");
  text_expect(2, "exponent", "small.ops", "qubits 2\ngenerator 1e-1000 X0\n");
}

/* Gates that share parameters, and cannot be brought together or each can: the search
   for that looks at no gate outside of their span. Some tenths of a second. */
static void test_shared(void) {
  static const char *const loops[] = {
      "for int i in [0:3999] { rx(p[i]) q[0]; }\nfor int i in [0:3999] { rz(p[i]) q[0]; }\n",
      "for int i in [0:3999] { rx(p[i]) q[0]; rz(p[i]) q[1]; }\n"};
  for (size_t k = 0; k < sizeof loops / sizeof *loops; k++) {
    char text[400];
    snprintf(text, sizeof text,
             "OPENQASM 3.0; include \"stdgates.inc\";\n"
             "input array[float, 4000] p; qubit[2] q;\n%s"
             "#pragma liescape observable Z0\n", loops[k]);
    program_write("shared.qasm", text);
    run_t r = program_run("ulimit -t 15; $L certify shared.qasm -q --json=/dev/null");
    if (!tap_ok(r.code == 0 || r.code == 3, "4000 shared parameters: %.60s", loops[k]))
      tap_diag("exit %d: %.300s", r.code, r.err);
    run_clear(&r);
  }
}

/* check keeps the exponents of the parameters in use at one time: in a fifth of the room
   that those of all take. */
static void test_shared_check(void) {
#ifdef __SANITIZE_ADDRESS__
  const char *bound = "";
#else
  const char *bound = "ulimit -v 500000; ";
#endif
  char command[200];
  program_write("long.qasm", "OPENQASM 3.0; include \"stdgates.inc\";\n"
                "input array[float, 6000] p; qubit[2] q;\n"
                "for int i in [0:5999] { rx(p[i]) q[0]; rz(p[i]) q[1]; }\n"
                "#pragma liescape observable Z0\n");
  snprintf(command, sizeof command,
           "%s$L certify long.qasm -q --json=long.json && $L check -q long.json", bound);
  run_t r = program_run(command);
  if (!tap_ok(r.code == 0, "6000 shared parameters checked in 500 MB"))
    tap_diag("exit %d: %.300s", r.code, r.err);
  run_clear(&r);
}

/* Sectors that do not fit: refused, with what does, and what is known besides. */
static void test_sectors(void) {
  static const struct {
    const char *qubits, *limits, *most;
  } cases[] = {{"20", "", "those of 18 qubits"}, {"14", "--memory-limit 5M", "those of 10 qubits"}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    char text[300], command[200];
    snprintf(text, sizeof text,
             "qubits %s\nfor i in 0..qubits-2: generator X{i} X{i+1} + Y{i} Y{i+1}\n"
             "for i in 0..qubits-1: generator Z{i}\n"
             "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0 Z1\nstate zero\n",
             cases[k].qubits);
    program_write("number.ops", text);
    snprintf(command, sizeof command,
             BOUNDED "certify number.ops %s --time-limit 3 -q --json=number.json; "
             "e=$?; cat number.json; exit $e", cases[k].limits);
    run_t r = program_run(command);
    const char *said = strstr(r.out, cases[k].most), *code = strstr(r.out, "sectors_beyond_memory");
    if (!tap_ok(r.code == 3 && said && code, "%s qubits %s: %s", cases[k].qubits,
                cases[k].limits, cases[k].most))
      tap_diag("exit %d: %.300s", r.code, r.err);
    run_clear(&r);
  }
}

int main(void) {
  tap_begin("t-budgets");
  test_sectors();
  test_shared();
  test_shared_check();
  test_circuits();
  test_operators();
  /* Many controls that fit, analysed. */
  text_expect(0, "", "fits.qasm",
              "OPENQASM 3.0; include \"stdgates.inc\"; input float a; qubit[9] q;\n"
              "ctrl(8) @ rx(a) q[0],q[1],q[2],q[3],q[4],q[5],q[6],q[7],q[8];\n"
              "#pragma liescape observable Z0\n");
  program_end();
  return tap_end();
}
