/* t-verdicts - true certificates that are hard to test, and false ones that are hard
   to tell from them: verify's verdict on each. */
#include <stdio.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char header[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float t;\ninput float s;\n";

/* text: an operator file, or what follows the header of a circuit. */
static void write_ansatz(const char *name, const char *text) {
  char all[2000];
  bool circuit = strstr(name, ".qasm") != NULL;
  snprintf(all, sizeof all, "%s%s", circuit ? header : "", text);
  program_write(name, all);
}

/* With a small multiplier: some, but the first of each group always. */
static bool tried_any;

/* `change`, a sed command on the certificate, or "". */
static void test_verdict(const char *name, const char *options,
                         const char *change, int code, const char *says,
                         const char *how) {
  char command[1000];
  if (tried_any && !tap_is_tried()) return;
  tried_any = true;
  snprintf(command, sizeof command,
           "$L certify -q %s %s --json=v.json; sed -i -e '%s' v.json; "
           "timeout 300 $L verify v.json %s",
           name, options, change, how);
  run_t run = program_run(command);
  if (!tap_ok(run.code == code && strstr(run.out, says), "%s %s %s: exit %d", name,
              options, change, code))
    tap_diag("exit %d\n%.200s\n%s", run.code, run.err,
             strstr(run.out, "Verification") ? strstr(run.out, "Verification")
                                             : run.out);
  run_clear(&run);
}

/* Laws of angles, whether sampled as vectors or in the module of few strings. */
static void test_angle_laws(void) {
  write_ansatz("one.qasm", "qubit[1] q;\nrx(t) q[0];\nrz(s) q[0];\n"
                           "#pragma liescape observable Z0\n");
  test_verdict("one.qasm", "--angles normal:0.3", "", 0, "stands", "");
  /* The mean of cos t is exp(-0.045); uniform angles have 0. */
  test_verdict("one.qasm", "--angles normal:0.3",
               "/finite_depth/,/variance/s/\"mean\": {/\"mean\": null, \"x\": {/; "
               "/finite_depth/,/gradient/s/\"variance\": {/\"variance\": \"1\\/2\", "
               "\"y\": {/",
               1, "own depth: variance", "");
  write_ansatz("two.qasm", "qubit[2] q;\nrx(t) q[0];\nry(s) q[1];\n"
                           "rzz(t) q[0], q[1];\nrx(s) q[1];\n"
                           "#pragma liescape observable Z0 + X1\n");
  test_verdict("two.qasm", "--angles interval:1/2", "", 0, "stands", "");
}

/* Free fermions with a spin factor: their few minima are fewer and higher than those of
   vectors turned as a whole, of which nothing is claimed. */
static void test_spin_factor(void) {
  program_write("fermions.ops", "qubits 4\ngenerator X0\ngenerator X1\ngenerator X2\n"
                                "generator X3\ngenerator Z0 Z1\ngenerator Z1 Z2\n"
                                "generator Z2 Z3\nobservable Z0\nstate zero\n");
  test_verdict("fermions.ops", "", "", 0, "stands", "--samples 300 --minima 40");
}

/* Losses that do not vary, and states that do not move: only rounding does. */
static void test_constants(void) {
  tried_any = false;
  write_ansatz("third.ops", "qubits 1\ngenerator Z0\nobservable 1/3 Z0\n");
  test_verdict("third.ops", "", "", 0, "stands", "");
  test_verdict("third.ops", "", "s/\"mean\": \"1\\/3\"/\"mean\": \"1\\/3000000\"/", 1,
               "mean", "");
  write_ansatz("fixed.qasm", "qubit[1] q;\nrz(t) q[0];\nrx(0.3) q[0];\nrz(s) q[0];\n"
                             "#pragma liescape observable Z0\n");
  test_verdict("fixed.qasm", "", "", 0, "own depth: mean", "");
  write_ansatz("still.qasm", "qubit[2] q;\nrz(t) q[1];\ncp(t) q[1], q[0];\n"
                             "#pragma liescape observable 1/2 Z0\n");
  test_verdict("still.qasm", "", "", 0, "orbit of zero", "");
}

/* A spin factor on a state of full rank in it. */
static void test_full_rank(void) {
  tried_any = false;
  write_ansatz("spin.ops",
               "qubits 3\nfor i in 0..1: generator Z{i} Z{i+1}\n"
               "for i in 0..2: generator X{i}\nobservable Z0\n"
               "state stabilizer +XXI -ZZI\nstate mixed\n");
  test_verdict("spin.ops", "", "", 0, "stands", "");
}

/* Offsets shift angles; where one is treated as a fixed gate that is free, it is
   free here too. */
static void test_offsets(void) {
  tried_any = false;
  static const char *const circuits[] = {
      "qubit[2] q;\ncry(-t/2 + pi/4) q[0], q[1];\n#pragma liescape observable Z1\n",
      "qubit[2] q;\nrx(s) q[0];\ncry(-t/2 + pi/4) q[0], q[1];\n"
      "#pragma liescape observable Z1\n",
      "qubit[2] q;\nrx(t + 0.3) q[0];\ncx q[0], q[1];\nrz(s) q[1];\n"
      "ry(t) q[1];\n#pragma liescape observable Z1 + X0\n"};
  for (size_t i = 0; i < sizeof circuits / sizeof *circuits; i++) {
    write_ansatz("offset.qasm", circuits[i]);
    test_verdict("offset.qasm", "", "", 0, "dimension by Fisher rank", "");
  }
}

/* Couplings so weak that losses look settled at 64 layers: the variance is 1/21 only
   after 500. What has not mixed is not refuted. */
static void test_slow_mixing(void) {
  write_ansatz("weak.ops",
               "qubits 3\ngenerator -4/3 Z0 Z2 + 2 Z0 - 4/3 X1 Z2\n"
               "generator Y1\ngenerator -1/4 Y2 - 5/2 X2\n"
               "generator 5/4 X0 + 5/4 Z0 Z2 + 5/4 X1 Z2\ngenerator Z1 Y2\n"
               "generator -8/3 Z0 Z2 + 4 Z0 - 8/3 X1 Z2\n"
               "observable Z0 - Y2 + Y1 Y2 + 3/2 I\nstate stabilizer +XZX\n");
  if (!tap_is_tried()) return;
  test_verdict("weak.ops", "", "", 0, "the second moments mix in", "--samples 400");
  test_verdict("weak.ops", "", "", 3, "not judged", "--samples 3000 --layers 64");
  if (!tap_is_tried()) return;
  /* A thousandth of Z0 beside X0: some million layers. */
  write_ansatz("weaker.ops", "qubits 1\ngenerator X0 + 1/1000 Z0\ngenerator X0\n"
                             "observable Z0 + 1/2 X0\n");
  test_verdict("weaker.ops", "", "", 3, "not judged", "--samples 2000");
  write_ansatz("strong.ops", "qubits 1\ngenerator X0 + 1/2 Z0\ngenerator X0\n"
                             "observable Z0 + 1/2 X0\n");
  test_verdict("strong.ops", "", "", 0, "stands", "");
  test_verdict("strong.ops", "", "s/\"variance\": \"5\\/12\"/\"variance\": \"1\\/2\"/",
               1, "refuted", "");
}

int main(void) {
  tap_begin("t-verdicts");
  test_angle_laws();
  test_spin_factor();
  test_constants();
  test_full_rank();
  test_offsets();
  test_slow_mixing();
  program_end();
  return tap_end();
}
