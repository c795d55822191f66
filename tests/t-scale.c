/* t-scale - thousands of qubits: chains are sparse, and sparse elimination is what
   certifies and checks them in tenths of a second. Dense, they took half a minute. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

enum { N = 4000 };

/* Seconds of processor time and kB of address space. */
#ifdef __SANITIZE_ADDRESS__
#define BOUNDED "$L "
#else
#define BOUNDED "ulimit -t 8; ulimit -v 1500000; $L "
#endif

/* Neighbours: the Majorana operators make two paths of N, so(N) each. */
static void write_chain(FILE *out) {
  for (int i = 0; i + 1 < N; i++)
    fprintf(out, "generator X%d X%d\ngenerator Y%d Y%d\n", i, i + 1, i, i + 1);
}

/* Each qubit whole, and joined to the next: everything. */
static void write_universal(FILE *out) {
  for (int i = 0; i < N; i++)
    fprintf(out, "generator X%d\ngenerator Y%d\ngenerator Z%d\n", i, i, i);
  for (int i = 0; i + 1 < N; i++) fprintf(out, "generator Z%d Z%d\n", i, i + 1);
}

/* Neighbours are anywhere. */
static void write_random(FILE *out) {
  static const char letters[] = "XYZ";
  for (int k = 0; k < 3 * N; k++) {
    unsigned a = (unsigned)tap_random_below(N), b = (unsigned)tap_random_below(N - 1);
    b += b >= a;
    fprintf(out, "generator %c%u %c%u\n", letters[tap_random_below(3)], a,
            letters[tap_random_below(3)], b);
  }
}

/* The name and number of the first ideal, where they are known. */
static void is_certified(const char *what, void (*generators)(FILE *),
                         const char *observable, const char *name, const char *count) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (!out) abort();
  fprintf(out, "qubits %d\n", N);
  generators(out);
  fprintf(out, "observable %s\n", observable);
  fclose(out);
  program_write("large.ops", text);
  free(text);
  run_t r = program_run(BOUNDED "certify large.ops -q --json=large.json && cat large.json");
  json_t *json = r.code == 0 ? json_loads(r.out, 0, NULL) : NULL;
  bool ok = json && json_is_true(json_at(json, "algebra.proved"));
  if (ok && name)
    ok = !strcmp(json_text_at(json, "algebra.ideals.0.name"), name) &&
         !strcmp(json_text_at(json, "algebra.ideals.0.count"), count);
  if (!tap_ok(ok, "%s of %d qubits is certified", what, N))
    tap_diag("exit %d: %.300s", r.code, r.err);
  json_decref(json);
  run_clear(&r);
  r = program_run(BOUNDED "check large.json -q");
  if (!tap_ok(r.code == 0, "and checked, nothing open"))
    tap_diag("exit %d: %.300s", r.code, r.err);
  run_clear(&r);
}

/* Certified at its own depth, exactly or in balls, and checked: nothing open. */
static void is_long(const char *what, const char *text, bool exact) {
  program_write("long.qasm", text);
  run_t r = program_run(BOUNDED "certify long.qasm -q --json=long.json && cat long.json");
  json_t *json = r.code == 0 ? json_loads(r.out, 0, NULL) : NULL;
  json_t *variance = json_at(json, "landscapes.0.finite_depth.variance");
  bool ok = exact ? json_is_string(variance) && !strcmp(json_string_value(variance), "1/2")
                  : json_is_object(variance);
  if (!tap_ok(ok, "%s: certified at its own depth", what))
    tap_diag("exit %d: %.300s", r.code, r.err);
  json_decref(json);
  run_clear(&r);
  r = program_run(BOUNDED "check long.json -q");
  if (!tap_ok(r.code == 0, "and checked, nothing open"))
    tap_diag("exit %d: %.300s", r.code, r.err);
  run_clear(&r);
}

/* Thousands of averages one after another: those that change nothing make no number
   longer, and exact numbers that would be too long become balls. */
static void test_long(void) {
  is_long("20,000 rotations about one axis",
          "OPENQASM 3.0; input array[float, 20000] p; qubit[1] q;\n"
          "for int i in [0:19999] { rx(p[i]) q[0]; }\n"
          "#pragma liescape observable Z0\n", true);
  is_long("5,000 rotations about changing axes",
          "OPENQASM 3.0; input array[float, 5000] p; qubit[2] q;\n"
          "for int i in [0:2499] { rx(p[2*i]) q[0]; rz(p[2*i+1]) q[0]; cx q[0], q[1]; }\n"
          "#pragma liescape observable Z0\n", false);
}

/* Fixed angles that are no multiples of pi/4, 60,000 of them: what does not fit is left
   open, in time. */
static void test_fixed(void) {
  program_write("fixed.qasm",
                "OPENQASM 3.0; include \"stdgates.inc\"; input float a; qubit[2] q; rx(a) q[0];\n"
                "for int i in [0:29999] { rx(0.1) q[0]; rz(0.2) q[0]; cx q[0], q[1]; }\n"
                "#pragma liescape observable Z0\n");
  run_t r = program_run(BOUNDED "certify fixed.qasm -q --json=fixed.json");
  bool certified = r.code == 0;
  run_clear(&r);
  r = program_run(BOUNDED "check fixed.json -q");
  if (!tap_ok(certified && r.code == 3, "60,000 fixed gates: what does not fit is open"))
    tap_diag("exit %d: %.300s", r.code, r.err);
  run_clear(&r);
}

int main(void) {
  tap_begin("t-scale");
  is_certified("an XY chain", write_chain, "Z0", "so(4000)", "2");
  is_certified("a hardware-efficient set", write_universal, "Z0 Z1", "su(2^4000)", "1");
  is_certified("random two-local strings", write_random, "Z0 Z1", NULL, NULL);
  test_long();
  test_fixed();
  program_end();
  return tap_end();
}
