/* t-plot - the folder of pictures: what is in it, and that nothing half-written
   is left when something goes wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char circuit[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int n = 3;\n"
    "input array[float, 4 * n] t;\nqubit[n] q;\n"
    "for int l in [0:1] {\n"
    "  for int i in [0:n-1] { ry(t[2*(n*l+i)]) q[i]; rz(t[2*(n*l+i)+1]) q[i]; }\n"
    "  for int i in [0:n-2] { cz q[i], q[i+1]; }\n}\n"
    "#pragma liescape observable Z0 Z1\n#pragma liescape observable X0 - Z2\n";

/* Runs, and passes when the exit status and what is said are right. */
static void expect(const char *command, int code, const char *out,
                   const char *err) {
  run_t run = program_run(command);
  bool ok = run.code == code && strstr(run.out, out) && strstr(run.err, err);
  if (!tap_ok(ok, "%s: exit %d", command, code)) {
    tap_diag("exit %d", run.code);
    tap_diag("stdout: %.300s", run.out);
    tap_diag("stderr: %.300s", run.err);
  }
  run_clear(&run);
}

static bool has_gnuplot(void) {
  run_t run = program_run("gnuplot --version");
  bool has = run.code == 0;
  run_clear(&run);
  return has;
}

/* A column pair of block 0: sum of density times bin width. */
static void check_histogram(const char *file) {
  char command[200];
  snprintf(command, sizeof command,
           "awk '/^$/ {exit} !/^#/ {s += $2; if (n++) w = $1 - x; x = $1} "
           "END {printf \"%%.4f\", s * w}' %s", file);
  run_t run = program_run(command);
  double total = atof(run.out);
  tap_ok(total > 0.99 && total < 1.0001, "%s: the histogram adds up to %s", file,
         run.out);
  run_clear(&run);
}

static void test_verify(void) {
  expect("$L verify c.qasm --samples 2000 -q --plot v && ls -A v | tr '\\n' ' '",
         0,
         "convergence-0.dat convergence-0.gp convergence-0.svg "
         "convergence-1.dat convergence-1.gp convergence-1.svg "
         "depth-0.dat depth-0.gp depth-0.svg "
         "depth-1.dat depth-1.gp depth-1.svg "
         "gradient-0.dat gradient-0.gp gradient-0.svg "
         "gradient-1.dat gradient-1.gp gradient-1.svg "
         "layers-0.dat layers-0.gp layers-0.svg "
         "layers-1.dat layers-1.gp layers-1.svg "
         "loss-0.dat loss-0.gp loss-0.svg loss-1.dat loss-1.gp loss-1.svg "
         "minima-0.dat minima-0.gp minima-0.svg "
         "minima-1.dat minima-1.gp minima-1.svg report.html "
         "slice-0.dat slice-0.gp slice-0.svg slice-1.dat slice-1.gp slice-1.svg "
         "style.gp ", "");
  check_histogram("v/loss-0.dat");
  check_histogram("v/gradient-1.dat");
  expect("grep -c '</svg>' v/report.html", 0, "14\n", "");
  /* a square grid in blocks; the middle is the end of the descent, to five digits */
  expect("grep -v '^#' v/slice-0.dat | awk 'NF == 3 {n++} END {print n, sqrt(n)}'", 0,
         "1681 41\n", "");
  expect("awk '/^# centre/ {end = $NF} $1 == 0 && $2 == 0 {d = $3 - end; "
         "print (d * d < 1e-8 ? \"same\" : d)}' v/slice-0.dat", 0, "same\n", "");
  expect("grep -c 'samples' v/loss-0.svg", 0, "", "");
  expect("grep -h '^<title>' v/*-0.svg", 0,
         "<title>Convergence, deep circuit: O = Z0 Z1 on zero</title>\n"
         "<title>From this circuit to the deep one: O = Z0 Z1 on zero</title>\n"
         "<title>Derivative, deep circuit: O = Z0 Z1 on zero</title>\n"
         "<title>This circuit, 2 layers, and others: O = Z0 Z1 on zero</title>\n"
         "<title>Loss, deep circuit: O = Z0 Z1 on zero</title>\n"
         "<title>Local minima, deep circuit: O = Z0 Z1 on zero</title>\n"
         "<title>Landscape, this circuit, 2 layers: O = Z0 Z1 on zero</title>\n", "");
  expect("grep -L '^<desc>[A-Z]' v/*.svg; grep -l 'Produced by' v/*.svg", 1, "", "");
  expect("grep -q '>this circuit<' v/layers-0.svg && grep -c 'prefers-color-scheme:dark' "
         "v/report.html", 0, "1", "");
  /* the verdict before the numbers, and the pictures before the algebra */
  expect("grep -oE 'Trainable: |<h3>(This|Deep) circuit|<figure>|<h2>Ansatz' v/report.html "
         "| uniq | head -5 | tr '\\n' ,", 0,
         "Trainable: ,<h3>This circuit,<h3>Deep circuit,<figure>,Trainable: ,", "");
  expect("grep -q 'probability density' v/loss-0.svg && grep -q 'per radian' "
         "v/gradient-0.svg", 0, "", "");
  expect("grep -o 'href=\"[^#][^\"]*' v/report.html", 1, "", "");
  expect("cd v && rm *.svg && gnuplot loss-0.gp && ls *.svg", 0, "loss-0.svg",
         "");
}

/* What is found goes into the report, the certificate and the picture. */
static void test_minima(void) {
  expect("$L verify c.qasm --samples 1000 --minima 6 --plot m --json=m.json", 0,
         "Local minima from 6 random starts", "");
  expect("grep -c '\"ensemble\": \"scrambled\"' m.json", 0, "10\n", "");
  expect("grep -q 'minima found' m/minima-0.svg && grep -q 'Found: descents' "
         "m/report.html", 0, "", "");
  expect("$L verify c.qasm --minima 0", 2, "", "--minima wants");
  expect("$L certify c.qasm --minima 3", 2, "", "--minima");
}

static void test_certify(void) {
  expect("$L certify c.qasm -q --plot c && ls c | tr '\\n' ' '", 0,
         "gradient-0.dat gradient-0.gp gradient-0.svg "
         "gradient-1.dat gradient-1.gp gradient-1.svg layers-0.dat", "");
  expect("$L certify c.qasm -q --sweep n=3,4 --plot s && ls s | tr '\\n' ' '", 0,
         "family-0.dat family-0.gp family-0.svg family-1.dat", "");
}

/* Failures leave the folder as it was, or not there. */
static void test_failures(void) {
  expect("$L certify c.qasm --plot ''", 2, "", "--plot wants");
  expect("$L certify c.qasm --plot c.qasm", 2, "", "c.qasm: pictures need a folder");
  expect("$L certify c.qasm --plot absent/deep", 2, "",
         "cannot be made: No such file");
  expect("$L certify absent.qasm --plot none; ls -d none", 2, "", "");
  expect("printf 'qubits 1\\ngenerator Q\\n' >bad.ops; "
         "$L certify bad.ops --plot none; ls -d none", 2, "", "No such file");
  expect("(trap '' XFSZ; ulimit -f 2; $L certify c.qasm -q --plot none); "
         "echo $?; ls -d none", 2, "3\n", "none: write error: File too large");
  expect("mkdir kept; echo mine >kept/mine; "
         "(trap '' XFSZ; ulimit -f 2; $L certify c.qasm -q --plot kept); "
         "ls -A kept", 0, "mine\n", "write error");
  expect("GNUPLOT=./no-such-program $L certify c.qasm -q --plot bare; echo $?; "
         "ls bare | tr '\\n' ' '", 0, "gradient-0.gp gradient-1.dat",
         "bare: gnuplot was not found");
  expect("ls bare/*.svg", 2, "", "");
  expect("GNUPLOT=false $L certify c.qasm -q --plot none; echo $?; ls -d none", 2,
         "3\n", "gnuplot could not draw the pictures");
  expect("$L verify c.qasm -q --samples 100000000 --plot none & sleep 1; "
         "kill $!; wait $!; ls -d none", 2, "", "No such file");
}

int main(void) {
  tap_begin("t-plot");
  program_write("c.qasm", circuit);
  if (has_gnuplot()) {
    test_verify();
    test_certify();
    test_minima();
  } else {
    tap_skip("gnuplot is not installed: no pictures");
  }
  test_failures();
  program_end();
  return tap_end();
}
