/* t-check-on-pairs - sectors on which so(n) acts as on pairs, by certify and by `check`:
   unitary coupled cluster of two electrons in five orbitals. Two electrons of one spin are
   moved by the single excitations alone, which generate so(5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

enum { QUBITS = 10 };

static size_t put_tail(char *out, int from, int to) {
  size_t length = 0;
  for (int q = from + 1; q < to; q++) length += (size_t)sprintf(out + length, "Z%d ", q);
  return length;
}

/* a^dag_to a_from - h.c., times -2 i or so */
static size_t put_single(char *out, int from, int to) {
  size_t length = (size_t)sprintf(out, "generator Y%d ", from);
  length += put_tail(out + length, from, to);
  length += (size_t)sprintf(out + length, "X%d - X%d ", to, from);
  length += put_tail(out + length, from, to);
  return length + (size_t)sprintf(out + length, "Y%d\n", to);
}

/* From 0, 1 to p < q. */
static size_t put_double(char *out, int p, int q) {
  static const char *const words[] = {"YYYX", "-XXYX", "YXXX", "XYXX", "-YXYY", "-XYYY", "YYXY",
                                      "-XXXY"};
  size_t length = (size_t)sprintf(out, "generator ");
  for (int k = 0; k < 8; k++) {
    const char *w = words[k] + (words[k][0] == '-');
    length += (size_t)sprintf(out + length, "%s%c0 %c1 %c%d ",
                              k ? (w > words[k] ? " - " : " + ") : "", w[0], w[1], w[2], p);
    length += put_tail(out + length, p, q);
    length += (size_t)sprintf(out + length, "%c%d", w[3], q);
  }
  return length + (size_t)sprintf(out + length, "\n");
}

static void write_ansatz(void) {
  char *text = malloc(1 << 16);
  size_t length = (size_t)sprintf(text, "qubits %d\n", QUBITS);
  for (int a = 2; a < QUBITS; a++) length += put_single(text + length, a % 2, a);
  for (int a = 2; a < QUBITS; a += 2)
    for (int b = 3; b < QUBITS; b += 2)
      length += put_double(text + length, a < b ? a : b, a < b ? b : a);
  sprintf(text + length, "observable Z1 Z2\nstate bits 1100000000\n");
  program_write("core.ops", text);
  free(text);
}

static void replace(const char *name, const char *from, const char *to) {
  char *command;
  if (asprintf(&command, "sed 's/%s/%s/' core.json > %s", from, to, name) < 0) abort();
  run_t run = program_run(command);
  run_clear(&run);
  free(command);
}

static void expect(const char *command, int code, const char *what) {
  run_t run = program_run(command);
  tap_ok(run.code == code && strstr(run.out, what), "%s: %d", command, run.code);
  if (run.code != code || !strstr(run.out, what)) tap_diag("%s", run.out);
  run_clear(&run);
}

/* Sectors by numbers of electrons of both spins, (a, b) ~ C(5, a) C(5, b); closed in floating
   point: so(5) on (1, 0) and as on pairs on (2, 0), (3, 0), so(25), so(50), so(100). */
int main(void) {
  tap_begin("t-check-on-pairs");
  write_ansatz();
  run_t run = program_run("$L certify core.ops --json=core.json --time-limit 120");
  tap_ok(run.code == 0 && strstr(run.out, "dimension             30820,") &&
             strstr(run.out, "2 x sp(2)") &&
             strstr(run.out, "2 of dimension 10, multiplicity 4, real"),
         "so(5) on C^5 and on its pairs");
  if (run.code) tap_diag("%s", run.out);
  run_clear(&run);
  expect("$L check core.json", 0, " 0 fail, 0 were not re-proved");
  replace("other.json", "\"30820\"", "\"30840\"");
  expect("$L check other.json", 1, " 1 fail, ");
  replace("other.json", "\"2 w1\"", "\"w2\"");
  expect("$L check other.json", 1, " 1 fail, ");
  program_end();
  return tap_end();
}
