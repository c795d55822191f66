/* t-verdict - verdicts are about the circuit that is given: cases with the answers
   that follow from their exact numbers, and E[O^2] against a plain average. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

#define QASM "OPENQASM 3.0; include \"stdgates.inc\"; "

typedef struct {
  const char *name, *file, *text, *options;
  const char *paths[5], *values[5];
} case_t;

#define V "landscapes.0.verdict."

static const case_t cases[] = {
    {"an observable that the light cone cannot reach: no gradient at all", "c.qasm",
     QASM "input array[float,11] t; qubit[6] q; "
          "for int i in [0:4] { rzz(t[i]) q[i], q[i+1]; } "
          "for int i in [0:5] { rx(t[5+i]) q[i]; }",
     "-O 'X0 X1 X2 X3 X4 Z5'",
     {V "trainable", V "gradients", V "basis", V "shots_per_gradient",
      V "parameters_that_move_the_loss"},
     {"no", "no", "this circuit", NULL, "0"}},
    /* E[O^2] = 1, E[l^2] = 1/2, E[(dl)^2] = 1/2: (1 - 1/2)/(1/2). */
    {"shots by the variance of a shot", "c.qasm",
     QASM "input float a; qubit[1] q; rx(a) q[0];", "-O Z0",
     {V "gradients", V "shots_per_gradient.typical", "landscapes.0.mean_square",
      V "parameters_that_move_the_loss"},
     {"yes", "1", "1", "1"}},
    /* O^2 = 2 + 2 Z0 Z1: on |00> after independent rx, E[Z0 Z1] = 0. */
    {"the square of a sum", "c.qasm",
     QASM "input float a; input float b; qubit[2] q; rx(a) q[0]; rx(b) q[1];",
     "-O 'Z0 + Z1'",
     {"landscapes.0.finite_depth.mean_square", "landscapes.0.mean_square",
      V "shots_per_gradient.typical", V "gradients"},
     {"2", "2", "2", "yes"}},
    /* cos^2: E[(Z0 + Z1)^2] = 2 + 2 E[cos^2 a] = 3; Var = 2, dl = -2 sin a: 2;
       V/E = (3 - 2)/2 < 1. */
    {"one angle for two gates", "c.qasm",
     QASM "input float a; qubit[2] q; rx(a) q[0]; rx(a) q[1];", "-O 'Z0 + Z1'",
     {"landscapes.0.finite_depth.mean_square", V "shots_per_gradient.typical",
      V "gradients"},
     {"3", "1", "yes"}},
    {"gates that are fixed or do not merge stay as they are: gradients are judged, traps "
     "are not", "c.qasm",
     QASM "input float a; qubit[2] q; rx(a) q[0]; cx q[0],q[1]; rz(0.3) q[1]; "
          "rx(a) q[1]; ry(0.7) q[0]; rzz(a) q[0],q[1];",
     "-O 'Z0'", {V "trainable", V "gradients", V "traps", "ansatz.upper_bound",
                 "ansatz.as_written"},
     {"undecided", "yes", "undecided", "true", "true"}},
    /* l = cos b, whatever a is. */
    {"a parameter of gates that do not merge, and a dead one", "c.qasm",
     QASM "input float a; input float b; qubit[2] q; crx(a) q[0],q[1]; rz(a) q[1]; ry(b) q[1];",
     "-O Z1", {V "gradients", V "shots_per_gradient.typical", V "dead_parameters.0",
               V "parameters_that_move_the_loss", V "traps"},
     {"yes", "1", "a", "1", "yes"}},
    /* 150 descents of deep circuits: half of them above 0.27 at 6 parameters and above 0.09
       at 9; 0.066 at 7 by the law of a Wishart matrix with 6 degrees of freedom, 0.25 by
       the true matrices */
    {"a law of minima that is not known well enough says nothing", "c.ops",
     "qubits 3\nfor i in 0..2: generator X{i}\nfor i in 0..2: generator Z{i}\n"
     "for i in 0..1: generator Z{i} Z{i+1}\nparameters 7\n",
     "-O 'Z0 + Z1 + Z2'", {V "gradients", V "traps", "landscapes.0.wishart.variance_ratio"},
     {"yes", "undecided", "9/2"}},
    {"no gate that does not merge moves the loss: no", "c.qasm",
     QASM "input float a; qubit[2] q; crx(a) q[0],q[1]; rz(a) q[1];",
     "-O Z1", {V "trainable", V "gradients", "ansatz.upper_bound"}, {"no", "no", "true"}},
    {"numbers of OpenQASM 2 are no parameters: nothing is judged", "c.qasm",
     "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; rx(0.3) q[0]; ry(0.7) q[0];",
     "-O Z0", {V "trainable", V "gradients", V "traps", "ansatz.as_written"},
     {"undecided", "undecided", "undecided", "false"}},
    {"nor is an angle that is not affine", "c.qasm",
     QASM "input float a; qubit[1] q; rx(sin(a)) q[0]; ry(a) q[0];",
     "-O Z0", {V "trainable", V "gradients", V "traps", "ansatz.as_written"},
     {"undecided", "undecided", "undecided", "false"}},
    /* l = cos b1: the deep circuit would have traps at one parameter of two. */
    {"one live parameter: a cosine", "c.qasm",
     QASM "input float b0; input float b1; input float g0; input float g1; qubit[2] q; "
          "rx(g0) q[0]; ry(b0) q[0]; rz(g1) q[1]; rx(b1) q[1];",
     "-O Z1", {V "traps", V "trainable", "ansatz.slopes"}, {"yes", "yes", "1"}},
    /* cos(a/2) + cos(2 b) + 3 sin c: each by itself. */
    {"a sum of cosines", "c.qasm",
     QASM "input float a; input float b; input float c; qubit[3] q; rx(a/2) q[0]; "
          "ry(2*b) q[1]; rx(c) q[2];",
     "-O 'Z0 + Z1 - 3 Y2'", {V "traps", "ansatz.slopes.0", "ansatz.slopes.1", V "trainable"},
     {"yes", "1/2", "2", "yes"}},
    /* cos a cos b = (cos(a + b) + cos(a - b))/2 */
    {"a product of two cosines", "c.qasm",
     QASM "input float a; input float b; qubit[2] q; rx(a) q[0]; ry(b) q[1];",
     "-O 'Z0 Z1'", {V "traps", V "trainable"}, {"yes", "yes"}},
    /* (1 + 2 cos a)(2 + 5 cos b) has minima of two heights, -7 and -9. */
    {"a product of two that are no cosines is no sum of them", "c.qasm",
     QASM "input float a; input float b; qubit[2] q; rx(a) q[0]; ry(b) q[1];",
     "-O '2 I + 5 Z1 + 4 Z0 + 10 Z0 Z1'", {V "basis"}, {"this circuit"}},
    /* Every descent ends in a global minimum (numpy, BFGS), though the variances, 3/4 and
       1/4, are near those of the deep circuit, 3/5 and 4/9: its law is not theirs. */
    {"a shallow circuit of five parameters is none of the deep ones", "c.qasm",
     QASM "input array[float, 5] t; qubit[3] q; rzz(t[0]) q[1],q[0]; ry(t[1]) q[2]; "
          "rx(t[2]) q[2]; rz(t[3]) q[0]; cx q[2],q[1]; ry(t[4]) q[1];",
     "-O 'Z2 + Z0 Z1 Z2 - Y1'", {V "gradients", V "traps", V "trainable"},
     {"yes", "undecided", "undecided"}},
    {"nor one of seven", "c.qasm",
     QASM "input array[float, 7] t; qubit[3] q; cx q[0],q[1]; rx(t[0]) q[0]; rx(t[1]) q[1]; "
          "rz(t[2]) q[2]; ry(t[3]) q[1]; cx q[1],q[0]; ry(t[4]) q[0]; cx q[0],q[2]; "
          "rx(t[5]) q[0]; rx(t[6]) q[2];",
     "-O '2 Y1 Z0 X2'", {V "gradients", V "traps", V "trainable"},
     {"yes", "undecided", "undecided"}},
    {"one parameter of two gates: not by this", "c.qasm",
     QASM "input float a; qubit[2] q; rx(a) q[0]; rx(a) q[0]; ry(a) q[0];",
     "-O Z0", {V "traps", "ansatz.slopes.0"}, {"undecided", NULL}},
    {"a list of operators has no depth", "c.ops",
     "qubits 2\ngenerator X0\ngenerator Z0\ngenerator Z1\ngenerator Z0 Z1\ngenerator X1\n"
     "parameters 40\n",
     "-O Z0", {V "basis", V "gradients", V "traps", V "trainable"},
     {"deep circuit", "yes", "yes", "yes"}},
};

static const char *found_text(const json_t *json, const char *path) {
  const json_t *at = json_at(json, path);
  return json_is_boolean(at) ? json_is_true(at) ? "true" : "false" : json_text_at(json, path);
}

static void test_case(const case_t *c) {
  char command[512];
  program_write(c->file, c->text);
  snprintf(command, sizeof command, "$L certify %s %s --json", c->file,
           c->options);
  run_t run = program_run(command);
  json_t *json = run_json(&run);
  bool good = json != NULL;
  for (size_t i = 0; i < 5 && c->paths[i]; i++) {
    const char *found = found_text(json, c->paths[i]);
    bool same = c->values[i] ? found && !strcmp(found, c->values[i]) : !found;
    if (!same)
      tap_diag("%s is %s, not %s", c->paths[i], found ? found : "null",
               c->values[i] ? c->values[i] : "null");
    good = good && same;
  }
  tap_ok(good, "%s", c->name);
  json_decref(json);
  run_clear(&run);
  snprintf(command, sizeof command,
           "$L certify %s %s -q --json=v.json; $L check v.json -q", c->file,
           c->options);
  run = program_run(command);
  tap_ok(run.code != 1 && run.code != 2, "%s: check finds nothing wrong (%d)",
         c->name, run.code);
  run_clear(&run);
}

/* Far from deep: what 777 of 800 parameters do not move is 20 or so local gates. */
static void test_wide(void) {
  const char *srcdir = getenv("srcdir");
  char *root = realpath(srcdir ? srcdir : ".", NULL), command[4200];
  if (!root) return;
  snprintf(command, sizeof command,
           "$L certify '%s/examples/hardware_efficient.qasm' -D n=100 --json", root);
  free(root);
  run_t run = program_run(command);
  json_t *json = run_json(&run);
  const char *gradients = json_text_at(json, V "gradients");
  const char *basis = json_text_at(json, V "basis");
  const char *live = json_text_at(json, V "parameters_that_move_the_loss");
  tap_ok(gradients && basis && live && !strcmp(gradients, "yes") &&
             !strcmp(basis, "this circuit"),
         "a shallow circuit on 100 qubits has gradients (%s parameters live)",
         live ? live : "?");
  json_decref(json);
  run_clear(&run);
}

static double number_at(const json_t *json, const char *path) {
  const char *text = json_text_at(json, path);
  return text ? strtod(text, NULL) : -1;
}

/* Gradients known from sampled paths alone: the verdict takes each parameter's own, and
   check finds the same in the text. The worst: (1 - Var)/least gradient. */
static void test_sampled(void) {
  const char *srcdir = getenv("srcdir");
  char *root = realpath(srcdir ? srcdir : ".", NULL), command[4200];
  if (!root) return;
  snprintf(command, sizeof command,
           "$L certify '%s/examples/xy_matchgate.qasm' -O Z0 --max-strings 100 "
           "--paths 100000 --json", root);
  free(root);
  run_t run = program_run(command);
  json_t *json = run_json(&run), *l = json_array_get(json_object_get(json, "landscapes"), 1);
  json_t *sampled = json_object_get(json_object_get(l, "finite_depth"), "sampled"), *one;
  double least = 1, variance = json_number_value(
      json_object_get(json_object_get(sampled, "variance"), "estimate"));
  size_t k;
  json_array_foreach(json_object_get(sampled, "gradient_variance"), k, one) {
    double g = json_number_value(json_object_get(one, "estimate"));
    if (g > 0 && g < least) least = g;
  }
  double worst = number_at(l, "verdict.shots_per_gradient.worst.mid");
  double radius = number_at(l, "verdict.shots_per_gradient.worst.rad");
  tap_ok(least < 1 && radius > 0 && fabs(worst - (1 - variance) / least) <= radius,
         "the worst gradient by sampled paths: (1 - %.4f)/%.4f in %g +- %g", variance,
         least, worst, radius);
  json_decref(json);
  run_clear(&run);
}

static void test_exit_status(void) {
  static const struct { const char *option; int code; } rows[] = {
      {"--fail-on no", 1}, {"--fail-on=undecided", 1}, {"", 0}, {"--fail-on maybe", 2}};
  program_write("c.qasm", cases[0].text);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char command[256];
    snprintf(command, sizeof command, "$L certify -q c.qasm %s %s",
             cases[0].options, rows[i].option);
    run_t run = program_run(command);
    tap_ok(run.code == rows[i].code, "a verdict of no, %s: exit status %d",
           rows[i].option, run.code);
    run_clear(&run);
  }
}

int main(void) {
  tap_begin("t-verdict");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    test_case(cases + i);
  test_wide();
  test_sampled();
  test_exit_status();
  program_end();
  return tap_end();
}
