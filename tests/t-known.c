/* Numbers that are known from elsewhere, through the program: certify says them, and
   check agrees with the whole certificate. Sources beside each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

typedef struct {
  const char *name;
  bool qasm;
  const char *text, *options;
  const char *paths[6], *values[6]; /* dots between members; "null" */
} known_t;

#define QASM "OPENQASM 3.0; include \"stdgates.inc\"; "
#define GRADIENT "landscapes.0.gradient_variance."

/* Sources: dense Haar projectors over 4^n strings on both sides of the circuit, its
   angles averaged on a grid (numpy), unless said otherwise. */
static const known_t cases[] = {
    {"equal gates of one parameter beside another", true,
     QASM "input float a; qubit[1] q; rx(a) q[0]; rx(a) q[0]; ry(a) q[0];",
     "-O Z0", {GRADIENT "0"}, {"10/9"}},
    {"a controlled gate and its target", true,
     QASM "input float a; input float b; qubit[2] q; crx(a) q[0],q[1]; "
          "rz(a) q[1]; ry(b) q[1];",
     "-O Z1", {GRADIENT "0", GRADIENT "1"}, {"2/9", "2/9"}},
    {"layers of one parameter", true,
     QASM "input float a; input float b; qubit[3] q; h q; for int i in [1:3] { "
          "cp(a) q[0],q[1]; cp(a) q[1],q[2]; cp(a) q[0],q[2]; rx(b) q; }",
     "-O 'Z0 Z1 + Z1 Z2 + Z0 Z2'", {GRADIENT "0", GRADIENT "1"},
     {"40/21", "32/21"}},
    {"through a swap", true,
     QASM "input float t; qubit[2] q; cp(t) q[0],q[1]; cp(t) q[1],q[0]; "
          "pow(2) @ rx(t) q[1]; swap q[0],q[1]; z q[1]; cry(t) q[1],q[0];",
     "-O 'Z0 + I' -s 'bits 01'", {GRADIENT "0"}, {"8/9"}},
    /* the fixed gate only shifts a1: z0 uniform on the sphere, <Z1> = 1, <X1> = 0 */
    {"a fixed gate before a rotation about its own axis", true,
     QASM "input float a1; input float a2; qubit[2] q; rx(0.3) q[0]; rx(a1) q[0]; "
          "rz(-a2) q[1]; rz(a2) q[0];",
     "-O '1/4 Z0 Z1 + 5/4 Z0 X1 - X0 X1'",
     {"landscapes.0.mean", "landscapes.0.variance"}, {"0", "1/48"}},
    /* rho is maximally mixed on each qubit but 0 and 1: Z2 ... Z19 are constants */
    {"blocks that the state fills", false,
     "qubits 20\nfor i in 0..19: generator X{i}\nfor i in 0..19: generator Z{i}\n"
     "generator Z0 Z1\n",
     "-O 'Z0 Z1 + Z2 + Z3 + Z4 + Z5 + Z6 + Z7 + Z8 + Z9 + Z10 + Z11 + Z12 + Z13 + "
     "Z14 + Z15 + Z16 + Z17 + Z18 + Z19' -s ghz",
     {"landscapes.0.wishart.variance", "landscapes.0.gaussian_process."
      "excess_kurtosis"}, {"1/4", "3/2"}},
    /* gamma = 3/12, z_edge = 0.13623...; least loss of rank 2: (-3 - 1)/2 */
    {"traps of a state of rank 2", false,
     "qubits 2\nfor i in 0..1: generator X{i}\nfor i in 0..1: generator Z{i}\n"
     "generator Z0 Z1\nparameters 3\n",
     "-O 'Z0 + 2 Z1' -s 'stabilizer +ZI'",
     {"landscapes.0.minima.trap_level.mid", "landscapes.0.minima.threshold"},
     {"2.7233488537882897226e-1", "12"}},
    /* Of 500 random circuits all minima: 1.24 +- 0.02 per period, half of them above 0.48;
       Wishart matrices of 6 degrees of freedom have 1.505, and half above 0.24. */
    {"minima of three levels on four dimensions", false,
     "qubits 2\nparameters 2\nfor i in 0..1: generator X{i}\n"
     "for i in 0..1: generator Z{i}\ngenerator Z0 Z1\n",
     "-O 'Z0 + Z1' -s zero",
     {"landscapes.0.minima.law.kind", "landscapes.0.curvature.kind"},
     {"sampled", "sampled"}},
    {"minima of two levels on four dimensions", false,
     "qubits 2\nparameters 2\nfor i in 0..1: generator X{i}\n"
     "for i in 0..1: generator Z{i}\ngenerator Z0 Z1\n",
     "-O Z0 -s zero", {"landscapes.0.minima.law.kind"}, {"sampled"}},
    /* rotations about X and Y of every qubit in turn: su(2)^12, 1/3; after 7 layers
       1/4, by hand */
    {"a layer that carries its rotations round", true,
     QASM "input array[float, 4] t; qubit[12] q; for int l in [0:1] { "
          "rx(t[2*l]) q[0]; ry(t[2*l+1]) q[6]; "
          "for int j in [0:10] { swap q[j], q[j+1]; } }",
     "-O Z5", {"landscapes.0.finite_depth.layers.deep_variance",
     "landscapes.0.finite_depth.layers.variance.0",
     "landscapes.0.finite_depth.layers.variance.6",
     "landscapes.0.finite_depth.layers.layers_to_deep",
     "landscapes.0.finite_depth.layers.layers_seen",
     "landscapes.0.finite_depth.layers.rotations"},
     {"1/3", "1/2", "1/4", "19", "37", "2"}},
    /* Z0 and Z1 in turn, 0 and 1/2 on |+0> */
    {"a layer without a limit", true,
     QASM "input array[float, 4] t; qubit[2] q; for int l in [0:1] { "
          "rx(t[2*l]) q[0]; rx(t[2*l+1]) q[1]; swap q[0], q[1]; }",
     "-O Z0 -s 'stabilizer +XI +IZ'",
     {"landscapes.0.finite_depth.layers.deep_variance",
      "landscapes.0.finite_depth.layers.layers_to_deep",
      "landscapes.0.finite_depth.layers.variance.0",
      "landscapes.0.finite_depth.layers.variance.1"},
     {"null", "null", "1/2", "0"}},
    /* 3^-12 prod |b_j|^2 */
    {"a product state on twelve su(2)", false,
     "qubits 12\nfor i in 0..11: generator X{i}\nfor i in 0..11: generator Z{i}\n",
     "-O 'X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11' -s 'product 3/5,0,4/5 3/5,0,4/5 "
     "3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 3/5,0,4/5 "
     "3/5,0,4/5 1/2,1/2,1/2'",
     {"landscapes.0.variance", GRADIENT "0"}, {"1/708588", "2/531441"}},
    /* (number of strings of weight 26 in the group of GHZ: 2^25 + 1) / 3^26 */
    {"ghz on 26 su(2)", false,
     "qubits 26\nfor i in 0..25: generator X{i}\nfor i in 0..25: generator Z{i}\n",
     "-s ghz -O 'X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15 X16 X17 X18 X19 "
     "X20 X21 X22 X23 X24 X25'",
     {"landscapes.0.variance"}, {"11184811/847288609443"}},
    /* (prod_j (1 + a_j . b_j) - 1) / (4^10 - 1), a_j . b_j = 12/13, 0, 1 */
    {"covariance of product states under su(2^10)", false,
     "qubits 10\nfor i in 0..9: generator X{i}\nfor i in 0..9: generator Z{i}\n"
     "for i in 0..8: generator Z{i} Z{i+1}\n",
     "-O 'Z0 Z1' -s 'product 5/13,0,12/13 1,0,0 0,0,1 0,0,1 0,0,1 0,0,1 0,0,1 0,0,1 "
     "0,0,1 0,0,1' -s zero", {"covariance.0.matrix.0.1"}, {"2129/4543825"}},
    /* state vectors at 40^3 points of Gauss and Hermite (numpy): 12 digits agree */
    {"three shared parameters with laws", true,
     QASM "input float a; input float b; input float c; qubit[3] q; "
          "for int l in [0:1] { rx(a) q; rzz(b) q[0],q[1]; rzz(b) q[1],q[2]; "
          "ry(c) q; }",
     "-O 'Z0 Z1' --angles normal:0.3",
     {"landscapes.0.finite_depth.mean.mid", "landscapes.0.finite_depth.variance.mid"},
     {"5.6750465318741487161e-1", "9.4611243439637643106e-2"}},
    /* V of spin n/2, dimension n + 1, holds the state: Z0 Z1 has the eigenvalues
       ((n - 2 k)^2 - n)/(n (n - 1)) */
    {"all permutations of six qubits", false,
     "qubits 6\ngenerator sum(i in 0..5: X{i})\ngenerator sum(i in 0..5: Z{i})\n"
     "generator sum(i in 0..4: sum(j in i+1..5: Z{i} Z{j}))\nobservable Z0 Z1\n", "",
     {"landscapes.0.wishart.applies", "landscapes.0.variance",
      "landscapes.0.wishart.blocks.0.N", "landscapes.0.wishart.variance",
      "landscapes.0.gaussian_process.excess_kurtosis"},
     {"true", "2/75", "7", "16/225", "3/2"}},
    {"all permutations of four qubits, seen through a Clifford", false,
     "qubits 4\n"
     "generator 1 Z0 Z1 + 1 Y0 Y1 Y2 + 1 Y2 + 1 X3\n"
     "generator 1 Y0 + 1 Z1 + 1 Z1 Z2 + 1 Z3\n"
     "generator 1 Y0 Z1 + 1 Y0 Z1 Z2 + 1 Z2 + 1 Y0 Z3 + 1 Z1 Z3 + 1 Z1 Z2 Z3\n"
     "parameters 3\n"
     "observable 1 Y0 Z1\n"
     "state stabilizer +YIII +IZII +IZZI +IIIZ\n", "",
     {"landscapes.0.wishart.applies", "landscapes.0.variance",
      "landscapes.0.wishart.blocks.0.N", "landscapes.0.wishart.variance",
      "landscapes.0.gaussian_process.excess_kurtosis_finite"},
     {"true", "7/135", "5", "4/27", "-393/686"}},
    /* cos(0.3); rz does nothing to |0> */
    {"a fixed rotation behind a dead one", true,
     QASM "input float a; qubit[1] q; rz(a) q[0]; rx(0.3) q[0];", "-O Z0",
     {"landscapes.0.finite_depth.mean.mid", "landscapes.0.verdict.trainable",
      "landscapes.0.verdict.dead_parameters.0",
      "landscapes.0.verdict.shots_per_gradient"},
     {"9.5533648912560601964e-1", "no", "a", "null"}},
    /* X1 is 0 and Z2 is 1 whatever ry does to qubit 0; Z1 is cos(a), and Z0 Z1 cos(0.3)
       times that: cos(0.3)^2 / 2 */
    {"an approximate fixed gate beside the observables", true,
     QASM "input float a; qubit[3] q; ry(0.3) q[0]; rx(a) q[1];", "-O X1 -O Z2 -O Z1",
     {"landscapes.0.mean", "landscapes.0.variance", "landscapes.1.mean",
      "landscapes.1.variance", "landscapes.2.variance", "landscapes.2.verdict.gradients"},
     {"0", "0", "1", "0", "1/2", "yes"}},
    {"an approximate fixed gate before an observable", true,
     QASM "input float a; qubit[3] q; ry(0.3) q[0]; rx(a) q[1];", "-O X1 -O 'Z0 Z1'",
     {"landscapes.0.variance.mid", "landscapes.0.verdict.dead_parameters.0",
      "landscapes.1.variance.mid", "landscapes.1.finite_depth.variance.mid"},
     {"0", "a", "4.5633390372741957431e-1", "4.5633390372741957431e-1"}},
    {"fixed gates that cancel", true,
     QASM "input float a; qubit[1] q; t q[0]; tdg q[0]; rx(a) q[0];", "-O Z0",
     {"algebra.dimension", "ansatz.upper_bound", "landscapes.0.variance"},
     {"1", "false", "1/2"}},
    {"a unitary gate before rotations", true,
     QASM "input float a; input float b; qubit[2] q; U(0.3, 0.2, 1.1) q[0]; rx(a) q[0]; "
          "rx(b) q[1];", "-O Z1",
     {"algebra.dimension", "ansatz.upper_bound", "landscapes.0.variance.mid"},
     {"2", "false", "5.0000000000000000000e-1"}},
    {"rotations on both sides of a Toffoli gate", true,
     QASM "input array[float, 6] t; qubit[3] q; for int i in [0:2] { ry(t[i]) q[i]; } "
          "ccx q[0],q[1],q[2]; for int i in [0:2] { ry(t[3+i]) q[i]; }", "-O Z0",
     {"algebra.dimension", "ansatz.upper_bound", "landscapes.0.variance", GRADIENT "0",
      GRADIENT "3"}, {"28", "false", "1/5", "4/35", "4/35"}},
    {"a Toffoli and a controlled swap", true,
     QASM "input float a; input float b; qubit[3] q; rx(a) q[0]; ccx q[0],q[1],q[2]; "
          "cswap q[0],q[1],q[2]; ry(b) q[2];", "-O Z2",
     {"algebra.dimension", "landscapes.0.variance", GRADIENT "0", GRADIENT "1"},
     {"6", "5/24", "17/144", "17/144"}},
    {"QAOA of a path in the gates of a machine", true,
     QASM "input array[float, 4] t; qubit[3] q; for int i in [0:2] { rz(pi/2) q[i]; sx q[i]; "
          "rz(pi/2) q[i]; } for int k in [0:1] { for int i in [0:1] { cx q[i],q[i+1]; "
          "rz(2*t[2*k]) q[i+1]; cx q[i],q[i+1]; } for int i in [0:2] { rz(pi/2) q[i]; "
          "sx q[i]; rz(2*t[2*k+1] + pi) q[i]; sx q[i]; rz(5*pi/2) q[i]; } }",
     "-O 'Z0 Z1 + Z1 Z2'",
     {"algebra.dimension", "ansatz.upper_bound", "landscapes.0.variance", GRADIENT "0",
      GRADIENT "1"}, {"9", "false", "2/3", "4", "16/3"}},
    {"one rotation about XYZ as OpenQASM 2 has it", true,
     "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[3]; h q[0]; "
     "rx(1.5707963267948966) q[1]; cx q[0],q[1]; cx q[1],q[2]; rz(0.37) q[2]; "
     "cx q[1],q[2]; cx q[0],q[1]; rx(-1.5707963268) q[1]; h q[0];", "-O Z0",
     {"algebra.dimension", "ansatz.parameters", "ansatz.upper_bound",
      "landscapes.0.verdict.trainable"}, {"1", "1", "true", "undecided"}},
    {"three hundred fixed rotations", true,
     QASM "input float a; qubit[2] q; rx(a) q[0]; for int i in [1:100] { rx(0.01*i) q[0]; "
          "ry(0.7) q[1]; rz(0.03*i) q[0]; cx q[0],q[1]; }", "-O Z0",
     {"landscapes.0.mean.mid", "landscapes.0.finite_depth.variance.mid"},
     {"6.8200676090057412831e-3", "1.7765210170736154798e-3"}},
    {"an offset of an angle that drives a controlled gate", true,
     QASM "input float t; qubit[2] q; cry(-t/2 + pi/4) q[0],q[1];", "-O Z1",
     {"algebra.dimension", "landscapes.0.variance", GRADIENT "0",
      "landscapes.0.finite_depth.variance", "ansatz.upper_bound"},
     {"1", "0", "0", "0", "false"}},
    {"offsets of one parameter in two gates", true,
     QASM "input float t; input float s; qubit[2] q; ry(s) q; rx(2*t + 0.6) q[0]; "
          "rzz(s) q[0],q[1]; rx(-t - 0.3 + pi/2) q[1];", "-O 'Z0' -O Y1",
     {"ansatz.upper_bound", "landscapes.0.finite_depth.variance"}, {"true", "1/4"}},
    {"a Toffoli gate that commutes with the observable", true,
     QASM "input float a; input float b; qubit[3] q; ry(a) q[0]; ccx q[0],q[1],q[2]; "
          "ry(b) q[0];", "-O Z0",
     {"landscapes.0.variance", GRADIENT "0", GRADIENT "1"}, {"1/2", "1/2", "1/2"}},
    /* one layer: su(2) on each qubit; two: Z of a qubit becomes Z Z of a bond, su(8) */
    {"a layer that generates more when it is repeated", true,
     QASM "input array[float, 6] t; qubit[3] q; for int i in [0:2] { ry(t[2*i]) q[i]; "
          "rz(t[2*i+1]) q[i]; } cz q[0],q[1]; cz q[1],q[2];", "-O Z0",
     {"algebra.dimension", "algebra.repeated.repetitions",
      "algebra.repeated.dimension"}, {"9", "2", "63"}},
    {"a layer that does not", true,
     QASM "input array[float, 3] t; qubit[3] q;\nh q;\nfor int i in [0:1] { "
          "cx q[i],q[i+1]; rz(t[i]) q[i+1]; cx q[i],q[i+1]; } rx(t[2]) q[0];", "-O Z0",
     {"algebra.repeated"}, {"missing"}},
    /* V of dimension 3 and its dual, one su(3): 0.2530 +- 0.006 in 3000 samples, and 1/4
       from the module on 4 qubits */
    {"a sector and its dual behind idle qubits", false,
     "qubits 6\ngenerator 2 Z0 Z2\ngenerator Y0 + Y2\ngenerator 2 Z0 Z1 + 2 Z2 Z3\n"
     "observable 2 Y2 Y3\nstate product 1,0,0 0,0,-1 1,0,0 1,0,0 0,0,1 0,0,1\n", "",
     {"landscapes.0.variance", GRADIENT "0", GRADIENT "1"}, {"1/4", "8/3", "5/3"}},
    /* free fermions with a reflection: u(n), n = 8; with gates of one parameter in both
       layers at most so(2 n) */
    {"a warm start before a uniform Ising chain", true,
     QASM "input array[float, 4] t; qubit[8] q; ry(0.3) q; for int k in [0:1] { "
          "for int i in [0:6] { rzz(t[2*k]) q[i], q[i+1]; } rx(t[2*k+1]) q; }",
     "-O Z0", {"algebra.dimension", "algebra.proved", "ansatz.upper_bound"},
     {"64", "true", "false"}},
    {"a warm start before layers that share their angles", true,
     QASM "input float a; input float b; qubit[8] q; ry(0.3) q; "
          "for int k in [0:1] { for int i in [0:6] { rzz(a) q[i], q[i+1]; } rx(b) q; }",
     "-O Z0", {"algebra.dimension", "algebra.ideals.0.name", "ansatz.upper_bound",
     "landscapes.0.verdict.trainable"}, {"120", "so(16)", "true", "undecided"}},
    /* 2.14 +- 0.06 and 1.00 +- 0.03 for 3,000 random circuits of 60 layers */
    {"a warm start before a ring of free fermions", true,
     QASM "input float a; input float b; qubit[7] q; ry(1.0) q; for int i in [0:5] { "
          "rzz(a) q[i], q[i+1]; } rzz(a) q[6], q[0]; rx(b) q;",
     "-O 'Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z4 + Z4 Z5 + Z5 Z6 + Z6 Z0'",
     {"landscapes.0.mean.mid", "landscapes.0.variance.mid",
      "landscapes.0.adjoint.ideals", "landscapes.0.traps_on_group.orbit_dimension"},
     {"1.0000000000000000000", "2.1784752634982348765", "null", "null"}},
    {"angles in units of pi", true,
     QASM "input float a; input float b; qubit[1] q; rx(pi*b) q[0]; ry(a) q[0];", "-O Z0",
     {GRADIENT "0", GRADIENT "1"}, {"2/9", "2/9*pi^2"}},
    {"units of pi that cancel", true,
     QASM "input float b; qubit[1] q; rx(2*pi*(b/(2*pi))) q[0]; ry(pi*b/pi) q[0];",
     "-O Z0", {GRADIENT "0"}, {"4/9"}},
    {"a split parameter in units of pi", true,
     QASM "input float a; qubit[1] q; rx(pi*a) q[0]; rx(pi*a) q[0]; ry(pi*a) q[0];",
     "-O Z0", {GRADIENT "0"}, {"10/9*pi^2"}},
    {"a parameter in two units", true,
     QASM "input float a; qubit[1] q; rx(pi*a) q[0]; ry(a) q[0];", "-O Z0",
     {"landscapes.0.gradient_variance", "landscapes.0.reason_code"},
     {"null", "parameter_in_units_of_pi"}},
    {"inputs that nothing depends on", true,
     QASM "input float a; input float b; input float c; qubit[2] q; rx(b) q[0]; "
          "rx(sin(c)) q[1]; cx q[0],q[1];",
     "-O Z1", {GRADIENT "0", GRADIENT "1", GRADIENT "2", "ansatz.parameters",
     "landscapes.0.finite_depth.gradient_variance.0"},
     {"0", "1/4", "1/4", "3", "0"}},
};

/* Does the certificate hold what is known? */
static bool says(const json_t *certificate, const char *path, const char *value) {
  const json_t *found = json_at(certificate, path);
  char *text = found ? json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
  if (!strcmp(value, "missing") && !found) return true;
  bool ok = found && (json_is_string(found) ? !strcmp(json_string_value(found), value)
                                            : !strcmp(text, value));
  if (!ok) tap_diag("%s is %s, not %s", path, text ? text : "missing", value);
  free(text);
  return ok;
}

static void test_known(const known_t *c) {
  char command[600];
  const char *file = c->qasm ? "known.qasm" : "known.ops";
  program_write(file, c->text);
  snprintf(command, sizeof command, "$L certify %s %s --json", file, c->options);
  run_t run = program_run(command);
  json_t *certificate = json_loads(run.out, JSON_REJECT_DUPLICATES, NULL);
  bool ok = certificate != NULL;
  if (!ok) tap_diag("%s: %s", command, run.err);
  for (size_t i = 0; ok && i < 6 && c->paths[i]; i++)
    ok = says(certificate, c->paths[i], c->values[i]) && ok;
  run_clear(&run);
  if (ok) {
    program_write_json("known.json", certificate);
    run = program_run("$L check known.json");
    ok = (run.code == 0 || run.code == 3) && strstr(run.out, " 0 fail");
    if (!ok) tap_diag("check: %s%s", run.out, run.err);
    run_clear(&run);
  }
  json_decref(certificate);
  tap_ok(ok, "%s", c->name);
}

/* What was wrong once is refused. */
static void test_refused(const known_t *c, const char *path, const char *wrong) {
  char command[600];
  program_write("known.qasm", c->text);
  snprintf(command, sizeof command, "$L certify known.qasm %s --json", c->options);
  run_t run = program_run(command);
  json_t *certificate = run_json(&run);
  json_t *list = (json_t *)(uintptr_t)json_at(certificate, path);
  json_array_set_new(list, 0, json_string(wrong));
  run_clear(&run);
  program_write_json("known.json", certificate);
  run = program_run("$L check known.json");
  tap_ok(run.code == 1, "check refuses %s: %s", wrong, c->name);
  run_clear(&run);
  json_decref(certificate);
}

/* Two complex sectors are not a real and a quaternionic one, although the invariant
   forms of both are as many. */
static void test_fields(void) {
  program_write("known.ops",
                "qubits 4\ngenerator X0 + X1 + X2 + Z0 Z1\n"
                "generator Z0 Z1 + Z1 Z2 + X3\ngenerator Z2 Z3 + X0 X1\n"
                "generator Y0 Y3 X1\nobservable X0\n");
  run_t run = program_run("$L certify known.ops --json");
  json_t *certificate = run_json(&run);
  json_t *sectors = json_object_get(certificate, "sectors");
  json_t *first = json_array_get(sectors, 0);
  bool ok = json_array_size(sectors) == 1 &&
            says(certificate, "sectors.0.field", "complex") &&
            says(certificate, "sectors.0.count", "2");
  run_clear(&run);
  json_object_set_new(first, "count", json_string("1"));
  json_array_append_new(sectors, json_deep_copy(first));
  json_object_set_new(first, "field", json_string("real"));
  json_object_set_new(json_array_get(sectors, 1), "field",
                      json_string("quaternionic"));
  program_write_json("known.json", certificate);
  run = program_run("$L check known.json 2>&1");
  ok = ok && run.code == 1 && strstr(run.out, "sectors[0].field does not hold");
  tap_ok(ok, "check refuses real and quaternionic for complex sectors");
  if (!ok) tap_diag("%s", run.out);
  run_clear(&run);
  json_decref(certificate);
}

int main(void) {
  tap_begin("t-known");
  size_t count = sizeof cases / sizeof *cases;
  for (size_t i = 0; i < count; i++)
    if (!i || tap_is_tried()) test_known(cases + i);
  test_refused(cases, "landscapes.0.gradient_variance", "2/3");
  test_refused(cases + 1, "landscapes.0.gradient_variance", "1/3");
  test_refused(cases + 3, "landscapes.0.gradient_variance", "11/9");
  test_fields();
  program_end();
  return tap_end();
}
