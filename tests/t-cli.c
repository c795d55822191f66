/* t-cli - the program as a program: commands, exit codes, messages, reports,
   certificates read back, and that nothing half-written stays behind. */
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

/* Command, exit code, a part of standard output, a part of standard error. */
typedef struct {
  const char *command;
  int code;
  const char *out, *err;
} case_t;

static const char bloch[] =
    "qubits 1\ngenerator X0\ngenerator Y0\nobservable Z0\n";
static const char pair[] =
    "qubits 2\ngenerator X0\ngenerator Y0\ngenerator X1\ngenerator Y1\n"
    "generator Z0 Z1\nobservable Z0\nobservable Z0 + Z1\n";
static const char phase[] =
    "qubits 1\ngenerator Z0\nobservable Z0 + X0\n";
static const char chain[] =
    "qubits 4\nfor i in 0..qubits-1: generator X{i}\n"
    "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
    "observable Z0\nobservable Z0 Z1\n";
static const char circuit[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int n = 2;\n"
    "input float a;\ninput float b;\nqubit[n] q;\nrx(a) q[0];\ncx q[0], q[1];\n"
    "ry(2*b) q[1];\n#pragma liescape observable Z0\n";

/* Eight qubits, angles around zero, a product state: sampled as it is written,
   by state vectors. */
static const char eight[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int n = 8;\n"
    "input array[float, 32] t;\nqubit[n] q;\nfor int l in [0:1] {\n"
    "  for int i in [0:n-1] { ry(t[16*l + 2*i]) q[i]; rz(t[16*l + 2*i + 1]) q[i]; "
    "}\n  for int i in [0:n-2] { cz q[i], q[i+1]; }\n}\n"
    "#pragma liescape observable Z3 Z4 + X2\n"
    "#pragma liescape state product 3/5,0,4/5\n"
    "#pragma liescape angles t=normal:0.4\n";

/* A Heisenberg chain of ten, bonds of one parity driven together. */
static const char heisenberg[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int n = 10;\n"
    "input array[float, 24] t;\nqubit[n] q;\nfor int l in [0:7] {\n"
    "  for int p in [0:1] { for int i in [p:2:n-2] {\n"
    "    rxx(t[3*l + p]) q[i], q[i+1]; ryy(t[3*l + p]) q[i], q[i+1];\n"
    "    rzz(t[3*l + p]) q[i], q[i+1]; } }\n"
    "  for int i in [0:n-1] { rz(t[3*l + 2]) q[i]; }\n}\n"
    "#pragma liescape observable X4 X5 + Y4 Y5 + Z4 Z5\n";

static void check_case(const case_t *c) {
  run_t run = program_run(c->command);
  bool ok = run.code == c->code && strstr(run.out, c->out) &&
            strstr(run.err, c->err);
  if (!tap_ok(ok, "%s: exit %d", c->command, c->code)) {
    tap_diag("exit %d", run.code);
    tap_diag("stdout: %.300s", run.out);
    tap_diag("stderr: %.300s", run.err);
  }
  run_clear(&run);
}

/* Free fermions at 0, exchanges at 1 and (after a rotation) -1; su(4) on one
   magnon and one hole alike, two su(3) on half filling, and a phase elsewhere. */
static const char xxz[] =
    "qubits 4\nsymbol delta\nfor i in 0..qubits-2: generator X{i} X{i+1} + "
    "Y{i} Y{i+1} + delta Z{i} Z{i+1}\n";
static const char spins[] =
    "qubits 2\nsymbol d\ngenerator X0 + d X1\ngenerator Z0 + (d d - 2) Z1\n";

/* Two spins, different ratios: all of su(2) + su(2). */
static const char surd[] =
    "qubits 2\ngenerator X0 + sqrt(8) X1\ngenerator Z0 - 1/sqrt(2) Z1\n";

/* Two layers of MaxCut on a path, bound to numbers as OpenQASM 2 has them. */
static const char numbers[] =
    "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3];\nh q;\n"
    "rzz(0.3) q[0],q[1]; rzz(0.3) q[1],q[2]; rx(0.7) q;\n"
    "rzz(0.4) q[0],q[1]; rzz(0.4) q[1],q[2]; rx(0.8) q;\n";

static void test_openqasm2(void) {
  static const case_t cases[] = {
      {"$L certify numbers.qasm -O 'Z0 Z1'", 0, "upper bound", ""},
      {"$L certify numbers.qasm -O 'Z0 Z1' --json n.json && $L check n.json; grep "
       "-o '\"parameters\": [0-9]*' n.json; grep -o '\"trainable\": .*' n.json", 0,
       "\"parameters\": 6\n\"trainable\": \"undecided\"", ""},
      {"$L certify --json s.json numbers.qasm --share-equal-angles -q && $L check "
       "s.json; grep -o '\"parameters\": [0-9]*' s.json", 0, "\"parameters\": 4", ""},
      {"$L verify s.json --samples 300", 0, "", ""},
      /* a warm start, numbers with roots, pi and balls in the report */
      {"printf 'qubit[2] q; input float a; ry(pi/4) q[0]; ry(a) q[1];' >root.qasm; $L "
       "certify root.qasm -O 'Z1 + Z0 Z1'", 0, "0, 3/4 + 1/2*sqrt(2) = 1.457", ""},
      {"$L certify root.qasm -O 'Z1 + Z0 Z1'", 0,
       "E[(dl/dtheta)^2]      3/4 + 1/2*sqrt(2) = 1.457", ""},
      {"printf 'qubit q; input float b; rx(pi*b) q;' >pi.qasm; $L certify pi.qasm -O "
       "Z0", 0, "1/2*pi^2 = 4.935", ""},
      {"(echo 'qubit[2] q; input float a; rx(a) q[0];'; for i in $(seq 1 150); do echo "
       "\"rx(0.$i) q[0]; ry(0.7) q[1]; rz(0.$i) q[0]; cx q[0], q[1];\"; done) "
       ">many.qasm; $L certify many.qasm -O Z0 --json=many.json -q; $L check many.json; "
       "grep -o '\"rad\": \"[^\"]*' many.json | grep -v e- | grep -v '\"0$'", 1,
       "0 fail", ""},
      {"$L certify circuit.qasm --share-equal-angles", 2, "",
       "parameters of its own"},
      {"$L certify --json numbers.qasm other.json", 2, "", "one file at a time"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

static void test_own_depth(void) {
  static const case_t cases[] = {
      {"$L verify eight.qasm --samples 800 >eight.txt && grep 'own depth: variance' "
       "eight.txt && grep 'drawn normal:2/5' eight.txt", 0, "", ""},
      {"$L certify circuit.qasm --max-strings 1 --json=sampled.json -q && $L check "
       "sampled.json; $L verify sampled.json --samples 500",
       0, "finite_depth.sampled: sampled, not exact", ""},
      {"$L certify circuit.qasm --noise depolarizing=0.1,readout=1/50 --json=noisy.json "
       "&& $L verify noisy.json --samples 500", 0, "noise: gradient variance b", ""},
      {"$L certify circuit.qasm --noise depolarizing=0.1", 0,
       "This circuit with noise, depolarizing=1/10", ""},
      {"$L certify circuit.qasm --noise depolarizing=0.1", 0,
       "of this circuit with its", ""},
      {"$L certify circuit.qasm --noise depolarizing=2", 2, "",
       "--noise:1:14: a probability is a number between 0 and 1"},
      {"$L certify circuit.qasm --noise readot=0.1", 2, "", "did you mean readout?"},
      {"$L certify circuit.qasm --noise pauli=0.5:0.5:0.1", 2, "", "more than 1"},
      {"$L certify circuit.qasm --noise readout=0 --noise readout=1", 2, "",
       "given twice"},
      {"$L certify chain.ops --noise depolarizing=0.1", 2, "", "has no gates"},
      {"$L verify noisy.json --noise readout=0", 2, "", "a certificate fixes"},
      {"$L certify circuit.qasm --angles nope=uniform", 2, "",
       "there is no parameter 'nope'"},
      {"$L certify chain.ops --angles uniform", 2, "", "angles are drawn for"},
      {"$L certify circuit.qasm --angles normal:0", 2, "", "a number above 0"},
      {"$L certify circuit.qasm -s 'product 1,1,0'", 2, "", "longer than 1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

/* All of su(16): vectors are cheaper than strings. */
static const char full[] =
    "qubits 4\nfor i in 0..qubits-1: generator X{i}\n"
    "for i in 0..qubits-1: generator Z{i}\n"
    "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0 Z1\n";

static void test_precision(void) {
  static const case_t cases[] = {
      {"$L verify full.ops --precision half", 2, "",
       "--precision wants single or double, not 'half'"},
      {"$L verify full.ops --precision", 2, "", "wants a value"},
      {"$L certify full.ops --precision single", 2, "", "'--precision'"},
      {"$L verify full.ops --samples 3000 --precision single --json=single.json", 0,
       "(single precision, ", ""},
      {"grep -o '\"precision\": \"single\"' single.json", 0, "single", ""},
      {"$L verify full.ops --samples 3000 --json", 0, "\"precision\": \"double\"",
       ""},
      {"$L verify eight.qasm --samples 800 --precision single", 0,
       "(single precision, ", ""},
      /* A certificate of somebody else. */
      {"$L verify single.json --samples 8000 --precision single", 0,
       "every prediction stands", ""},
      {"sed 's|\"variance\": \"1/17\"|\"variance\": \"1/14\"|' single.json "
       ">altered.json; ! cmp -s single.json altered.json && $L verify altered.json "
       "--samples 8000 --precision single", 1, "a prediction is refuted", ""},
      {"$L verify pair.ops --samples 500 --precision single --json", 0,
       "\"precision\": \"double\"", ""},
      {"printf 'qubits 2\ngenerator X0 + Z0 X1\ngenerator Z0 + Y0\nobservable "
       "Z1\n' >sums.ops; $L verify sums.ops --samples 500 --precision single", 0,
       "is sampled in double precision:", ""},
      {"$L verify full.ops -D qubits=13 --memory-limit 300000 --threads 1 "
       "--samples 64 --layers 40 -q", 3, "", "up to 12 qubits would"},
      {"$L verify full.ops -D qubits=13 --memory-limit 300000 --threads 1 "
       "--samples 64 --layers 40 --precision single | grep 'state vectors'", 0,
       "13 qubits (single precision, ", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

/* Slips, and observables and graphs from files. */
static void test_hints(void) {
  static const case_t cases[] = {
      {"$L certify bloch.ops --smaples 3", 2, "", "'--smaples'"},
      {"$L verify bloch.ops --smaples 3", 2, "", "did you mean --samples?"},
      {"$L certify bloch.ops --samples=3", 2, "", "'--samples=3' belongs to verify"},
      {"$L check c.json --json", 2, "", "belongs to certify and verify"},
      {"$L verfiy bloch.ops", 2, "", "did you mean verify?"},
      {"$L bloch.ops", 2, "", "did you mean liescape certify bloch.ops?"},
      {"printf 'qubits 2\\ngenrator X0\\n' >slip.ops; $L certify slip.ops", 2, "",
       "slip.ops:2:1: unexpected 'genrator'; did you mean generator?"},
      {"printf 'qubit[2] q; cnott q[0], q[1];' >slip.qasm; $L certify slip.qasm", 2, "",
       "unknown gate 'cnott'; did you mean cnot?"},
      {"printf '# energy\\n{\"XI\": 0.5,\\n \"IZ\": -1}\\n' >o.txt; $L certify pair.ops "
       "--observable-file o.txt --json | grep '\"observable\": '", 0, "\"-Z0 + 1/2 X1\"", ""},
      {"printf '\"XI\": 0.5 # half\\n\"IZ\": -1' >o.txt; $L certify pair.ops "
       "--observable-file o.txt --json | grep '\"observable\": '", 0, "\"-Z0 + 1/2 X1\"", ""},
      {"printf '(0.5+0j) [X0 Z1] +\\n1 []\\n' >o.txt; $L certify pair.ops "
       "--observable-file o.txt --json | grep '\"observable\": '", 0, "\"1/2 X0 Z1 + I\"",
       ""},
      {"printf 'X{1}\\n - 2 Z{0}' >o.txt; $L certify pair.ops "
       "--observable-file o.txt --json | grep '\"observable\": '", 0, "\"-2 Z0 + X1\"", ""},
      {"$L certify pair.ops --observable-file none.txt", 2, "", "none.txt: cannot be opened"},
      {"$L verify --help | tail -1", 0, "liescape --version", ""},
      {"printf '# a ring\\n0 1\\n1,2 # so\\n2 3 {}\\n\\n3 0 1.0' >g.edges; $L certify g.edges "
       "-D layers=2 --json >g.json; grep -A1 '\"dimension\": \"11\"' g.json; grep -o "
       "'\"state\": \"[a-z]*\"' g.json", 0, "\"center\": \"2\"", ""},
      /* minus the cut: the state plus cuts half of the edges */
      {"grep -o '\"mean\": \"-2\"' g.json | head -1; $L check -q g.json; test $? = 1 || echo "
       "holds", 0, "\"mean\": \"-2\"\nholds", ""},
      {"printf \"0 1 -0.5\\n1 2 {'weight': 3}\" | $L certify - --format edges --json | "
       "grep '\"observable\": '", 0, "-1/4 Z0 Z1 + 3/2 Z1 Z2 - 5/4 I", ""},
      {"printf '0 1 -1/2\\n1 2 3' | $L certify - --format edges --json | "
       "grep '\"observable\": '", 0, "-1/4 Z0 Z1 + 3/2 Z1 Z2 - 5/4 I", ""},
      {"printf '0 1\\n1 one\\n' >g.edges; $L certify g.edges", 2, "", "g.edges:2:3: an edge is"},
      {"printf '0 1\\n1 1\\n' >g.edges; $L certify g.edges", 2, "", "g.edges:2:1: an edge from"},
      {"printf '0 1 1/0\\n' >g.edges; $L certify g.edges", 2, "", "g.edges:1:6: an edge has"},
      {"printf '# none\\n' >g.edges; $L verify g.edges", 2, "", "no edges"},
      {"$L certify pair.ops --json out.txt", 2, "", "did you mean --json=out.txt?"},
      {"$L check pair.ops", 2, "", "certify FILE --json=c.json writes one"},
      {"echo 'import qiskit' >c.py; $L certify c.py", 2, "", "liescape.certify(circuit, observable)"},
      {"echo 'X0 X1' >w.ops; $L certify w.ops", 2, "", "w.ops:1:1: unexpected 'X0'; a line begins"},
      /* the same graph in an operator file: its algebra, its observable and state */
      {"mkdir gr; printf '0 1\\n1 2\\n2 3\\n3 0\\n' >gr/g.edges; printf '# ring\\n edges g.edges # so"
       "\\n' >gr/g.ops; $L certify gr/g.ops --json >g.json; grep -A1 '\"dimension\": \"11\"' g.json; "
       "grep -o '\"state\": \"[a-z]*\"' g.json; $L check -q g.json; test $? = 1 || echo holds",
       0, "\"center\": \"2\",\n\"state\": \"plus\"\nholds", ""},
      {"grep '\"observable\": ' g.json; $L certify g.json; rm gr/g.edges; $L verify -q g.json "
       "--samples 200 && echo again", 0,
       "1/2 Z0 Z1 + 1/2 Z0 Z3 + 1/2 Z1 Z2 + 1/2 Z2 Z3 - 2 I\",\nagain", "this is a certificate"},
      {"$L certify gr/g.ops", 2, "", "gr/g.ops:2:8: gr/g.edges: cannot be opened"},
      {"printf '0 1\\n1 x\\n' >gr/g.edges; $L certify gr/g.ops", 2, "", "gr/g.edges:2:3: an edge is"},
      {"printf 'edges [(0, 1, {\\047weight\\047: 3}), (1, 2)]\\nobservable Z0\\nstate ghz' | $L certify - "
       "--json | grep -o '\"\\(observable\\|state\\)\": \"[A-Za-z0]*\"'", 0,
       "\"observable\": \"Z0\"\n\"state\": \"ghz\"", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

static void test_usage(void) {
  static const case_t cases[] = {
      {"$L --help", 0, "certify FILE", ""},
      {"$L --version", 0, "liescape ", ""},
      {"$L certify --help", 0, "--observable EXPR", ""},
      {"$L verify --help", 0, "--samples N", ""},
      {"$L check --help", 0, "CERTIFICATE", ""},
      {"$L", 2, "", "no command"},
      {"$L improve x.ops", 2, "", "unknown command 'improve'"},
      {"$L certify", 2, "", "no file given"},
      {"$L certify a.ops b.ops", 2, "", "'b.ops' is one too many"},
      {"$L certify bloch.ops --frobnicate", 2, "", "'--frobnicate'"},
      {"$L certify bloch.ops -x", 2, "", "'-x'"},
      {"$L certify bloch.ops -O", 2, "", "wants a value"},
      {"$L certify bloch.ops --quiet=1", 2, "", "takes no value"},
      {"$L certify bloch.ops -D n", 2, "", "wants NAME=VALUE, not 'n'"},
      {"$L certify bloch.ops --sweep n=1,,2", 2, "", "empty value"},
      {"$L certify bloch.ops --max-shots 0", 2, "", "above 0"},
      {"$L certify bloch.ops --max-shots 1/0", 2, "", "--max-shots"},
      {"$L certify bloch.ops --threads -1", 2, "", "--threads"},
      {"$L certify bloch.ops --time-limit never", 2, "", "seconds"},
      {"$L certify bloch.ops --format tex", 2, "", "not 'tex'"},
      {"$L certify absent.ops", 2, "", "absent.ops: cannot be opened"},
      {"$L certify .", 2, "", "is a directory"},
      {"$L certify bloch.ops -O Q7", 2, "", "--observable:1:1:"},
      {"$L certify bloch.ops -s wrong", 2, "", "--state:"},
      {"printf 'qubits 0\\n' | $L certify - --format ops", 2, "",
       "<stdin>:1:8:"},
      {"printf 'qubits 1\\ngenerator X9\\n' >bad.ops; $L certify bad.ops", 2, "",
       "bad.ops:2:"},
      {"$L certify surd.ops -s 'pauli 1 + X0 + Z0'", 2, "", "negative eigenvalue"},
      {"$L certify surd.ops -s 'pauli 1/2 + X0'", 2, "", "coefficient 1"},
      {"$L certify bloch.ops -s 'pauli 1 + 3/5 X0 + 4/5 Z0'", 0, "pauli 1 + 3/5",
       ""},
      {"$L certify surd.ops --json", 0, "\"su(2)\"", ""},
      {"$L certify surd.ops", 0, "dimension             6, centre", ""},
      {"$L certify surd.ops -O Z0 -q --json=surd.json; $L check surd.json", 3,
       "not re-proved    algebra.dimension", ""},
      {"$L certify surd.ops -O 'sqrt(2) Z0'", 2, "", "in generators only"},
      {"printf 'qubits 1\\ngenerator sqrt(30011) X0 + sqrt(2)*sqrt(3) Z0 "
       "+ sqrt(5) Z0 + sqrt(7) Y0\\n' >bad.ops; $L certify bad.ops", 3, "",
       "too many"},
      {"printf 'qubits 1\\ngenerator sqrt(1000003) X0 + Z0\\n' >bad.ops; "
       "$L certify bad.ops", 3, "", "too large"},
      {"printf 'qubits 2\\ngenerator X0\\ngenerator Z0 Z1 - Z0 Z1\\n' "
       ">zero.ops; $L certify zero.ops", 0, "generator 2 is zero", ""},
      {"printf 'qubits 3\\ngenerator X0 + X1 + X2\\ngenerator Y0 + Y1 + Y2\\n"
       "generator Z0 Z1 + Z1 Z2 + Z0 Z2\\n' >s3.ops; "
       "$L certify s3.ops --max-dimension 5", 3,
       "1 of dimension 4, multiplicity 1", ""},
      {"printf 'qubits 2\\nsymbol d\\ngenerator X0 - d d X0 + d*d X0 - X0\\n"
       "generator d Z0\\ngenerator X0\\n' >sym.ops; $L certify sym.ops", 0,
       "d = 0        dimension 1", ""},
      {"$L certify sym.ops --json=sym.json -q; $L check sym.json", 3, "0 fail",
       ""},
      {"printf 'qubits 1\\ngenerator sqrt(-2) X0\n' >bad.ops; $L certify bad.ops",
       2, "", "negative"},
      {"$L certify xxz.ops -D delta=pi", 2, "", "a rational number is needed"},
      {"$L certify xxz.ops -D gamma=1", 2, "", "`qubits` and its symbols"},
      {"printf 'qubits 1\\nsymbol d\\nsymbol e\\ngenerator d X0\\n' >bad.ops; "
       "$L certify bad.ops", 2, "", "bad.ops:3:8: a second symbol"},
      {"printf 'qubits 1\\nsymbol d\\ngenerator d X0\\n' >one.ops; "
       "$L certify one.ops", 0, "d = 0        dimension 0", ""},
      {"printf 'qubits 1\\nsymbol d\\ngenerator 1/d X0\\n' >bad.ops; "
       "$L certify bad.ops", 2, "", "bad.ops:3:13:"},
      {"printf 'qubits 2\\nsymbol d\\ngenerator X{d}\\n' >bad.ops; "
       "$L certify bad.ops", 2, "", "the number of a qubit"},
      {"printf 'qubits 2\\nsymbol d\\ngenerator X0\\nobservable d Z0\\n' "
       ">bad.ops; $L certify bad.ops", 2, "", "an observable"},
      {"printf '\\377\\376' >bad.ops; $L certify bad.ops", 2, "",
       "not a text file"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

/* command, path, value as compact JSON. */
typedef struct {
  const char *command, *path, *value;
} golden_t;

/* Derivations: on one qubit z is uniform on [-1, 1], variance 1/3; half the
   module {X,Y,Z} but one anticommutes with X, so exp(-i theta X) has
   E = 4 (1/3) (2/3). On two qubits su(4): Tr O'^2 Tr rho'^2 / 15 with
   Tr rho'^2 = 3/4; Z0 + Z1 has eigenvalues 2, 0, 0, -2, shifted 4, 2, 2, 0, so
   64/24 degrees of freedom. Ising chain: 8 Majoranas, Z0 one of them, Z0 Z1 one
   of C(8,2), of which the zero state sees 4; a generator anticommutes with 2
   of 8, 12 of 28. */
static const golden_t golden_numbers[] = {
      {"$L certify bloch.ops --json", "algebra.dimension", "\"3\""},
      {"$L certify bloch.ops --json", "algebra.ideals.0.name", "\"su(2)\""},
      {"$L certify bloch.ops --json", "landscapes.0.mean", "\"0\""},
      {"$L certify bloch.ops --json", "landscapes.0.variance", "\"1/3\""},
      {"$L certify bloch.ops --json", "landscapes.0.gradient_variance",
       "[\"8/9\",\"8/9\"]"},
      {"$L certify bloch.ops --json", "landscapes.0.wishart.applies", "true"},
      {"$L certify bloch.ops --json", "landscapes.0.wishart.blocks.0.r",
       "\"1\""},
      {"$L certify bloch.ops --json", "landscapes.0.minima.threshold", "\"2\""},
      {"$L certify bloch.ops --json", "landscapes.0.minima.gamma", "\"1\""},
      {"$L certify bloch.ops --json", "landscapes.0.verdict.trainable",
       "\"yes\""},
      {"$L certify bloch.ops --json --max-shots 1", "thresholds.max_shots",
       "\"1\""},
      {"$L certify bloch.ops --json --max-shots 1",
       "landscapes.0.verdict.gradients", "\"yes\""},
      {"$L certify bloch.ops -s mixed --json", "landscapes.0.variance",
       "\"0\""},
      {"$L certify pair.ops --json", "algebra.dimension", "\"15\""},
      {"$L certify pair.ops --json", "landscapes.0.variance", "\"1/5\""},
      {"$L certify pair.ops --json", "landscapes.1.variance", "\"2/5\""},
      {"$L certify pair.ops --json", "landscapes.1.wishart.blocks.0.r_exact",
       "\"8/3\""},
      {"$L certify pair.ops --json", "landscapes.1.wishart.blocks.0.r",
       "\"3\""},
      {"$L certify bloch.ops -s zero -s plus -s 'bits 1' --json",
       "covariance.0.matrix",
       "[[\"1/3\",\"0\",\"-1/3\"],[\"0\",\"1/3\",\"0\"],"
       "[\"-1/3\",\"0\",\"1/3\"]]"},
      {"$L certify bloch.ops --json", "covariance", "nothing"},
      {"$L certify phase.ops --json", "landscapes.0.mean", "\"1\""},
      {"$L certify phase.ops --json", "landscapes.0.variance", "\"0\""},
      {"$L certify phase.ops --json", "algebra.center", "\"1\""},
      {"$L certify phase.ops -s plus --json", "landscapes.0.variance",
       "\"1/2\""},
      {"$L certify chain.ops --json", "algebra.dimension", "\"28\""},
      {"$L certify chain.ops --json", "algebra.ideals.0.type", "\"D4\""},
      {"$L certify chain.ops --json", "landscapes.0.variance", "\"1/8\""},
      {"$L certify chain.ops --json", "landscapes.1.variance", "\"3/28\""},
      {"$L certify chain.ops --json", "landscapes.0.gradient_variance.0",
       "\"1/8\""},
      {"$L certify chain.ops --json", "landscapes.0.finite_depth", "null"},
      {"$L certify chain.ops -D qubits=3 --json", "algebra.dimension", "\"15\""},
      {"cat chain.ops | $L certify - --format ops --json", "algebra.dimension",
       "\"28\""},
      {"$L certify circuit.qasm --json", "ansatz.qubits", "2"},
      {"$L certify circuit.qasm -O X1 -s plus --json", "ansatz.observables",
       "[\"Z0\",\"X1\"]"},
      {"$L certify circuit.qasm -O X1 -s plus --json", "landscapes.1.observable",
       "\"X1\""},
      {"$L certify circuit.qasm -O X1 -s plus --json", "landscapes.1.state",
       "\"plus\""},
      {"$L certify circuit.qasm --json", "ansatz.upper_bound", "false"},
      {"$L certify circuit.qasm --json", "landscapes.0.finite_depth.kind",
       "\"exact\""},
      {"$L certify circuit.qasm -s 'product 3/5,0,4/5' --json",
       "landscapes.1.finite_depth.variance", "nothing"},
      {"$L certify circuit.qasm -s 'product 3/5,0,4/5' --json",
       "landscapes.0.finite_depth.variance", "\"8/25\""},
      {"$L certify circuit.qasm --angles normal:0.1 --angles b=uniform --json",
       "ansatz.angles", "[\"normal:1/10\",\"uniform\"]"},
      {"$L certify circuit.qasm --angles interval:pi/8 --json",
       "landscapes.0.finite_depth.kind", "\"ball\""},
      {"$L certify circuit.qasm --max-strings 1 --paths 1000 --json",
       "landscapes.0.finite_depth.kind", "\"sampled\""},
      {"$L certify circuit.qasm --noise bit_flip=0.1 --max-strings 1 --paths 1000 --json",
       "landscapes.0.noise.kind", "\"sampled\""},
      /* O = Z0 behind rx, cx: l = 4/5 4/5 cos a */
      {"$L certify circuit.qasm --noise bit_flip=0.1 --json",
       "landscapes.0.noise.variance", "\"128/625\""},
      {"$L certify circuit.qasm --noise bit_flip=0.1 --json", "landscapes.0.noise.places",
       "4"},
      {"$L certify circuit.qasm --noise pauli=1/10:0.1:1e-1,readout=0.5 --json",
       "landscapes.0.noise.channel", "\"depolarizing=3/10,readout=1/2\""},
      {"$L certify circuit.qasm --json", "landscapes.0.noise", "nothing"},
      {"$L certify circuit.qasm --max-strings 1 --paths 1000 --json",
       "landscapes.0.finite_depth.sampled.paths", "1024"},
      {"$L certify circuit.qasm --max-strings 1 --paths 0 --json",
       "landscapes.0.finite_depth.kind", "\"unknown\""},
      {"$L certify chain.ops --sweep qubits=3,4,5 --json",
       "sweep.2.algebra.dimension", "\"45\""},
      {"$L certify xxz.ops --json", "algebra.dimension", "\"32\""},
      {"$L certify xxz.ops --json", "couplings.complete", "true"},
      {"$L certify xxz.ops --json", "couplings.special.0.value", "\"-1\""},
      {"$L certify xxz.ops --json", "couplings.special.1.value", "\"0\""},
      {"$L certify xxz.ops --json", "couplings.special.1.algebra.dimension",
       "\"6\""},
      {"$L certify xxz.ops --json", "couplings.special.2.algebra.dimension",
       "\"12\""},
      {"$L certify xxz.ops --json", "couplings.special.3", "nothing"},
      {"$L certify xxz.ops --json -D delta=0", "couplings", "nothing"},
      {"$L certify xxz.ops --json -D delta=0", "algebra.dimension", "\"6\""},
      {"$L certify xxz.ops --json -D delta=-1", "algebra.dimension", "\"12\""},
      {"$L certify spins.ops --json", "couplings.special.3.value",
       "\"-sqrt(2)\""},
      {"$L certify spins.ops --json", "couplings.special.4.algebra.dimension",
       "\"4\""},
      {"printf 'qubits 1\\ngenerator sqrt(9/4) X0\n' | $L certify - --format ops "
       "--json", "algebra.dimension", "\"1\""},
      {"$L certify chain.ops --sweep qubits=3,4,5 --json", "sweep.1.value",
       "\"4\""},
};

static void test_numbers(void) {
  const char *last = "";
  run_t run = {.code = 0};
  json_t *json = NULL;
  for (size_t i = 0; i < sizeof golden_numbers / sizeof *golden_numbers; i++) {
    const golden_t *c = golden_numbers + i;
    if (strcmp(c->command, last)) {
      if (*last) run_clear(&run);
      json_decref(json);
      run = program_run(last = c->command);
      json = run_json(&run);
    }
    const json_t *found = json_at(json, c->path);
    char *text = found ? json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY)
                       : strdup("nothing");
    if (!tap_ok(run.code == 0 && !strcmp(text, c->value), "%s: %s is %s",
                c->command, c->path, c->value))
      tap_diag("exit %d, %s; %.200s", run.code, text, run.err);
    free(text);
  }
  json_decref(json);
  run_clear(&run);
}

/* Names that fill lines, parameters that do nothing, numbers of many digits. */
static const char names[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
    "input array[float, 12] a_name_that_is_long_for_a_parameter;\n"
    "input float alone;\nqubit[4] q;\nfor int i in [0:3] {\n"
    "  ry(a_name_that_is_long_for_a_parameter[3*i]) q[i];\n"
    "  rz(a_name_that_is_long_for_a_parameter[3*i+1]) q[i];\n"
    "  rx(a_name_that_is_long_for_a_parameter[3*i+2]) q[i]; }\n"
    "cz q[0], q[1]; ry(alone) q[1];\n"
    "#pragma liescape observable 1234567/891011 Z1 + 31415926/27182817 X0 X1\n";

static void test_reports(void) {
  static const case_t cases[] = {
      /* the answer first, then this circuit, the deep one, the algebra */
      {"$L certify names.qasm --details >names.txt; grep -oE "
       "'^(Trainable|This circuit|Deep circuit|Lie algebra)' names.txt | tr '\\n' ,", 0,
       "Trainable,This circuit,Deep circuit,Lie algebra,", ""},
      {"grep -c '^.\\{81,\\}' names.txt", 1, "0", ""},
      {"$L verify names.qasm --samples 300 | grep -c '^.\\{81,\\}'", 1, "0", ""},
      {"grep -A1 'dead parameters' names.txt", 0, "parameter[6]..[11]", ""},
      {"grep -c '(alone)\\|^  alone' names.txt", 0, "", ""},
      {"grep -E '[0-9]{9}' names.txt | grep -vc ' O = '", 1, "0", ""},
      {"$L certify circuit.qasm --sweep n=2,3,4 | grep -c '^.\\{81,\\}'", 1, "0", ""},
      {"$L certify phase.ops | sed -n 2p", 0,
       "operators on 1 qubit, 1 generator, 1 parameter\n", ""},
      {"$L certify bloch.ops", 0, "1/3 = 0.3333", ""},
      {"$L certify bloch.ops -s zero -s 'bits 1'", 0, "-0.3333", ""},
      {"$L certify chain.ops", 0, "1 x so(8)  (D4), dimension 28", ""},
      {"$L certify chain.ops", 0, "U Haar on the group", ""},
      {"$L certify chain.ops --sweep qubits=3,4,5", 0, "0.08889", ""},
      {"printf 'qubits 1\\ngenerator X0\\n' >bare.ops; $L certify bare.ops", 0,
       "No observable is given", ""},
      {"NO_COLOR=1 TERM=xterm $L certify bloch.ops | grep -c '\033'", 1, "0",
       ""},
      {"$L certify bloch.ops -q | wc -c", 0, "0", ""},
      {"$L certify bloch.ops --json | head -c 1", 0, "{", ""},
      {"$L certify c.json", 2, "", "this is a certificate"},
  };
  run_t run = program_run("$L certify bloch.ops -q --json=c.json");
  tap_ok(run.code == 0 && !*run.out && !*run.err, "-q --json=PATH is silent");
  run_clear(&run);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

static void test_output(void) {
  static const case_t cases[] = {
      {"$L certify bloch.ops --json=none/c.json", 2, "", "cannot be written"},
      {"$L certify -q bloch.ops --basis b.jsonl; cat b.jsonl", 0,
       "\"bracket\": [0, 1]", ""},
      {"$L certify -q chain.ops --basis b.jsonl; grep -c element b.jsonl; "
       "tail -n 1 b.jsonl", 0, "28\n{\"end\": 168}", ""},
      {"$L certify -q bloch.ops --basis none/b.jsonl", 2, "",
       "none/b.jsonl: cannot be written"},
      {"$L certify -q bloch.ops --basis /dev/full", 3, "", "write error"},
      {"rm -f b.jsonl; $L certify -q chain.ops --max-dimension 20 --basis b.jsonl; "
       "c=$?; test ! -e b.jsonl; exit $c", 3, "", "no basis was written"},
      {"$L certify -q surd.ops --basis b.jsonl", 3, "", "rational"},
      {"$L certify bloch.ops >/dev/full", 3, "", "standard output"},
      {"$L certify bloch.ops --json >/dev/full", 3, "", "standard output"},
      {"$L certify bloch.ops -q --json=/dev/full", 3, "", "write error"},
      {"$L certify bloch.ops --json >&-", 3, "", "standard output"},
      {"mkdir d; $L certify bad.ops --json=d/c.json; ls d | wc -l", 0, "0",
       "bad.ops"},
      {"echo old >d/c.json; chmod 600 d/c.json; $L certify bloch.ops -q "
       "--json=d/c.json; ls -l d | grep -c '^-rw------- '; ls d | wc -l",
       0, "1\n1", ""},
      {"ln -s c.json d/link; $L certify bloch.ops -q --json=d/link; "
       "test -h d/link && head -c 1 d/c.json", 0, "{", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

/* Phase estimation with eleven qubits for digits, its Fourier transform backwards. */
static const char phases[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a;\ninput float b;\n"
    "qubit[12] q;\nfor int i in [0:10] { h q[i]; }\nrx(b) q[11];\n"
    "for int i in [0:10] { cp(2**i*a) q[i], q[11]; }\nfor int i in [0:10] {\n"
    "  for int j in [0:i-1] { cp(-pi/2**(i-j)) q[j], q[i]; }\n  h q[i];\n}\n"
    "#pragma liescape observable Z0\n";
/* A parameter for every pair of seven, between Hadamard gates. */
static const char pairs[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput array[float, 21] a;\nint k = 0;\n"
    "qubit[7] q;\nh q;\nfor int i in [0:5] { for int j in [i+1:6] {\n"
    "  cp(a[k]) q[i], q[j]; k += 1; } }\nh q;\n";

/* One limit for all stages together: closure, sectors, moments and the circuit at
   its own depth each take far longer than this second. */
static void test_time_limit(void) {
  static const case_t cases[] = {
      {"timeout 20 $L certify heisenberg.qasm --time-limit 1", 3,
       "the time limit", ""},
      {"timeout 20 $L certify heisenberg.qasm --time-limit 1 -O 'X4 X5' "
       "-O 'Y4 Y5' -O 'Z3 Z4 + X3 X4' -O 'Z4 Z5' -s zero -s plus -s ghz -s bits\\ "
       "0101010101 -s bits\\ 0011001100", 3, "memory or time", ""},
      /* which limit is met first is a matter of the machine */
      {"timeout 20 $L certify phases.qasm --time-limit 1", 3, "", ""},
      {"timeout 20 $L certify pairs.qasm --time-limit 1 -O Z0", 3, "", ""},
      {"timeout 20 $L certify heisenberg.qasm --time-limit 1 --basis b.jsonl; "
       "code=$?; test ! -e b.jsonl && exit $code", 3, "the time limit",
       "no basis was written"}};
  program_write("heisenberg.qasm", heisenberg);
  program_write("phases.qasm", phases);
  program_write("pairs.qasm", pairs);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_case(cases + i);
}

int main(void) {
  tap_begin("t-cli");
  program_write("bloch.ops", bloch);
  program_write("pair.ops", pair);
  program_write("phase.ops", phase);
  program_write("chain.ops", chain);
  program_write("circuit.qasm", circuit);
  program_write("names.qasm", names);
  program_write("eight.qasm", eight);
  program_write("xxz.ops", xxz);
  program_write("spins.ops", spins);
  program_write("surd.ops", surd);
  program_write("full.ops", full);
  test_usage();
  test_hints();
  program_write("numbers.qasm", numbers);
  test_openqasm2();
  test_own_depth();
  test_precision();
  test_numbers();
  test_reports();
  test_output();
  test_time_limit();
  program_end();
  return tap_end();
}
