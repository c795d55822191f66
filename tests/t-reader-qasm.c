/* What OpenQASM programs mean: expressions against the compiler's own
   arithmetic, statements against the circuit written out by hand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/request/reader.h"
#include "tests/tap.h"

static const double A = 0.37, B = -1.23, PI = 3.14159265358979323846;

static bool read_text(ansatz_t a, const char *text,
                      const reader_override_t *overrides, size_t count) {
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = reader_read_text(a, diag, "test", text, strlen(text),
                                     FORMAT_QASM, overrides, count);
  if (status) {
    char *message = diagnostic_get_str(diag);
    tap_diag("%s", message);
    free(message);
  }
  diagnostic_clear(diag);
  return status == STATUS_OK;
}

static double rational(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

static double value(const ansatz_t a, const angle_t angle) {
  double x = rational(angle->rad_part) + PI * rational(angle->pi_part);
  for (size_t j = 0; j < angle->num_terms; j++)
    x += rational(angle->terms[j].coeff) *
         (angle->terms[j].times_pi ? PI : 1) *
         (a->parameters[angle->terms[j].parameter].name[0] == 'a' ? A : B);
  return x;
}

/* The rotations as one line of text: "X0 1/2*a+1/4pi; ...". */
static char *circuit_text(const ansatz_t a) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  for (size_t i = 0; i < a->num_rotations; i++) {
    const angle_struct *angle = a->rotations[i].angle;
    char *string = pauli_get_str(a->rotations[i].string, a->num_qubits), *number;
    fprintf(out, "%s%s ", i ? "; " : "", string);
    free(string);
    for (size_t j = 0; j < angle->num_terms; j++) {
      number = fmpq_get_str(NULL, 10, angle->terms[j].coeff);
      fprintf(out, "%s%s*%s", j ? "+" : "", number,
              a->parameters[angle->terms[j].parameter].name);
      if (angle->terms[j].times_pi) fputs("*pi", out);
      flint_free(number);
    }
    if (!fmpq_is_zero(angle->pi_part) || !angle->num_terms) {
      number = fmpq_get_str(NULL, 10, angle->pi_part);
      fprintf(out, "%s%spi", angle->num_terms ? "+" : "", number);
      flint_free(number);
    }
    if (!fmpq_is_zero(angle->rad_part)) {
      number = fmpq_get_str(NULL, 10, angle->rad_part);
      fprintf(out, "+%s", number);
      flint_free(number);
    }
  }
  fclose(out);
  return text;
}

#define EXPRESSION(text) {#text, (text)}
static void test_expressions(void) {
  const double a = A, b = B, pi = PI, tau = 2 * PI;
  const struct {
    const char *text;
    double value;
  } exact[] = {
    EXPRESSION(a + b), EXPRESSION(2*(a + pi/2)), EXPRESSION(a/2 - b/3 + 0.1),
    EXPRESSION(-(a - b)*0.25), EXPRESSION((0.5*a)*pi), EXPRESSION(pi*(a + 1)),
    EXPRESSION(a*pi/(2*pi)), EXPRESSION(tau/8 - 3*pi), EXPRESSION(1e-3*a),
    EXPRESSION(-a + -b), EXPRESSION(+a), EXPRESSION(2.5e1 - 1.), EXPRESSION(0),
    EXPRESSION((a + b)*(3 - 1)/4), EXPRESSION(sin(pi/6)*a),
    EXPRESSION(cos(pi)*b + cos(0)), EXPRESSION(sqrt(2.25)*pi),
    EXPRESSION(0.3 - 0.1 - 0.2 + a), EXPRESSION(a - b - b - a),
    {"2**3*pi/2**2", 2 * PI}, {"-2**2", -4}, {"2**-2", 0.25}, {"2**3**2", 512},
    {"(-2)**3", -8}, {"4**0.5", 2}, {"\xcf\x80/4", PI / 4}, {"1/2*pi", PI / 2},
    {"7 % 4", 3}, {"3*n/4", 2}, {"(n - 1)/2*a", A}, {"float(n)/2*a", 1.5 * A},
    {"arcsin(0.5)", PI / 6}, {"arccos(-1)", PI}, {"arctan(-1)", -PI / 4},
    {"int(3.7)", 3}, {"1 << 4 | 1", 17}, {"0x1f + 0b11", 34},
    {"(2 < 3) + (pi > 3)", 2}, {"floor(2.5) + ceiling(2.5)", 5},
    {"abs(-1/2)", 0.5}, {"mod(7*pi, 2*pi)", PI}, {"1_000 * a", 1000 * A},
    {"\xce\xb8", 0.75},
  };
  bool ok = true;
  for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
    char text[400];
    ansatz_t c;
    snprintf(text, sizeof text, "input float a;\ninput float b;\n"
             "const int n = 3; const float \xce\xb8 = 0.75;\nqubit q;\n"
             "rx(%s + 1) q;\nry(a) q; rz(b) q;\n", exact[i].text);
    if (!read_text(c, text, NULL, 0)) {
      ok = false;
      continue;
    }
    /* + 1 keeps the rotation when the value is zero; it may itself be dropped
       when the value is -1 */
    double found = c->num_rotations == 3 ? value(c, c->rotations[0].angle) : 0;
    if (fabs(found - exact[i].value - 1) > 1e-12 || c->upper_bound) {
      tap_diag("%s: %.15g, not %.15g", exact[i].text, found - 1, exact[i].value);
      ok = false;
    }
    ansatz_clear(c);
  }
  tap_ok(ok, "expressions that are affine over Q + Q pi");
}

static const struct {
  const char *name, *text, *circuit;
  size_t qubits;
} circuits[] = {
  {"declared order, not order of use",
   "input float b; input float a; qubit q; rx(a) q; ry(b) q;",
   "X0 1*a; Y0 1*b", 1},
  {"registers in a row", "input float a; qubit[2] q; qubit r; rx(a) r; ry(a) q;",
   "X2 1*a; Y0 1*a; Y1 1*a", 3},
  {"loops", "input array[float[64], 3] t; qubit[4] q;\n"
   "for int i in [0:2] { rzz(t[i]) q[i], q[i+1]; }\nfor int i in {3, 0} x q[i];\n"
   "for uint k in [3:-2:0] z q[k];",
   "Z0 Z1 1*t[0]; Z1 Z2 1*t[1]; Z2 Z3 1*t[2]; X3 1pi; X0 1pi; Z3 1pi; Z1 1pi", 4},
  {"aliases", "qubit[4] q; let r = q[1:3]; let s = r[{2, 0}]; x s[0]; y r[0];\n"
   "let t = q[0] ++ r; z t[-1];", "X3 1pi; Y1 1pi; Z3 1pi", 4},
  {"broadcast", "qubit[2] a; qubit[2] b; rzz(pi/3) a, b; rzz(1) a[0], b;",
   "Z0 Z2 1/3pi; Z1 Z3 1/3pi; Z0 Z2 0pi+1; Z0 Z3 0pi+1", 4},
  {"formal parameter shadows an input",
   "input float a; input float b; qubit q; gate g(a) p { rx(2*a) p; } g(b) q; "
   "rz(a) q;", "X0 2*b; Z0 1*a", 1},
  {"a gate of the program wins", "qubit q; gate t p { x p; } t q;", "X0 1pi", 1},
  {"conditions on constants", "const int n = 2; qubit q; if (n == 2) x q; else "
   "y q; if (n > 2 || false) { z q; }", "X0 1pi", 1},
  {"variables", "int k = 1; qubit[5] q; for int i in [1:3] { k += i; } x q[k-3];",
   "X4 1pi", 5},
  {"crx", "input float a; qubit[2] q; crx(a) q[0], q[1];",
   "X1 1/2*a; Z0 X1 -1/2*a", 2},
  {"cx is Clifford", "qubit[2] q; cx q[0], q[1];",
   "X1 1/2pi; Z0 X1 -1/2pi; Z0 1/2pi", 2},
  {"powers of a parameter", "input float a; qubit q; pow(1/2) @ rx(a) q; pow(-3) "
   "@ rz(a) q;", "X0 1/2*a; Z0 -3*a", 1},
  {"powers of gates that do not commute", "input float a; qubit q; gate g(t) p "
   "{ rx(t) p; rz(t) p; } pow(2) @ g(a) q; pow(0) @ g(a) q;",
   "X0 1*a; Z0 1*a; X0 1*a; Z0 1*a", 1},
  {"truth", "qubit q; const bool b = 3; const bool c = pi; if (true && !false) "
   "rx(tau/4) q; if (!true) x q; if (b) z q; if (c) y q;",
   "X0 1/2pi; Z0 1pi; Y0 1pi", 1},
  {"a remainder has the sign of what is divided",
   "qubit[4] q; x q[-7 % 4 + 4]; rz((3*pi) % (2*pi)) q[0];", "X1 1pi; Z0 1pi", 4},
  {"rccx as qelib1.inc defines it", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
   "qreg q[3];\nrccx q[0],q[1],q[2];",
   "Z2 1pi; Y2 1/2pi; Z2 1/4pi; X2 1/2pi; Z1 X2 -1/2pi; Z1 1/2pi; Z2 -1/4pi; "
   "X2 1/2pi; Z0 X2 -1/2pi; Z0 1/2pi; Z2 1/4pi; X2 1/2pi; Z1 X2 -1/2pi; Z1 1/2pi; "
   "Z2 -1/4pi; Z2 1pi; Y2 1/2pi", 3},
  {"physical qubits", "x $3; y $0;", "X3 1pi; Y0 1pi", 4},
  {"tket's symbols", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[1];\n"
   "rz((a)*pi) q[0]; rx(0.5*pi) q[0];", "Z0 1*a*pi; X0 1/2pi", 1},
  {"numbers of OpenQASM 2", "OPENQASM 2.0;\nqreg q[1];\nrz(0.3) q[0];\n"
   "u3(1,2,3) q[0]; s q[0];", "Z0 1*rz@3; Z0 1*u3[2]@4#3; Y0 1*u3[0]@4; Z0 1*u3[1]@4#2; "
   "Z0 1/2pi", 1},
  {"floats that are multiples of pi", "qubit q; rx(1.5707963267948966) q; "
   "ry(-2.356194490192345) q; rz(0.3926990817) q; rx(1.5707) q;",
   "X0 1/2pi; Y0 -3/4pi; Z0 1/8pi; X0 0pi+15707/10000", 1},
  {"an angle by pi and times pi", "input float a; input float b; qubit q; "
   "rx(2*pi*(b/(2*pi))) q; ry(pi*(3*a/pi + 1/2)) q; rz((a + pi/2)/pi*pi) q;",
   "X0 1*b; Y0 3*a+1/2pi; Z0 1*a+1/2pi", 1},
  {"open slices", "qubit[4] q; x q[1:]; y q[:1]; z q[:][3]; h q[:3:][1]; "
   "x q[3:-2:]; let r = q[-2:]; s r[0];",
   "X1 1pi; X2 1pi; X3 1pi; Y0 1pi; Y1 1pi; Z3 1pi; Z3 1pi; Y3 1/2pi; X3 1pi; "
   "X1 1pi; Z2 1/2pi", 4},
  {"single quotes, reset before the gates, opaque delay", "OPENQASM 2.0;\n"
   "include 'qelib1.inc';\nopaque delay(t) q;\nqreg q[2];\nreset q;\n"
   "delay(100) q[0];\nx q[0];\nreset q[1];", "X0 1pi", 2},
  {"hqslib1.inc", "OPENQASM 2.0;\ninclude \"hqslib1.inc\";\nqreg q[2];\n"
   "U1q(0.5*pi,0.0*pi) q[0];\nZZ q[0],q[1];\nRZZ(a*pi) q[0],q[1];\n"
   "Rz(pi) q[1];", "X0 1/2pi; Z0 Z1 1/2pi; Z0 Z1 1*a*pi; Z1 1pi", 2},
  {"a byte order mark, and lines of Windows",
   "\xef\xbb\xbfqubit q;\r\nx q;\r\n", "X0 1pi", 1},
  {"multiples of pi/2 of OpenQASM 2 are fixed", "OPENQASM 2.0;\nqreg q[1];\n"
   "rx(1.5707963267948966) q[0];\nrx(1.5708) q[0];\nrz(-3.1416) q[0];\n"
   "rx(pi/2) q[0];\nrx(1.57) q[0];\nry(0) q[0];\nrx(pi/4) q[0];\n"
   "u3(0.5,-pi/2,pi/2) q[0];",
   "X0 1/2pi; X0 1/2pi; Z0 -1pi; X0 1/2pi; X0 1*rx@7; Y0 1*ry@8; X0 1*rx@9; "
   "Z0 1/2pi; Y0 1*u3[0]@10; Z0 -1/2pi", 1},
  {"numbers within gates of OpenQASM 2", "OPENQASM 2.0;\nqreg q[2];\n"
   "gate A(p0,p1) a,b {\nry(0.7) a;\nu1(p0/2) b;\nrx(pi/2) b;\n}\n"
   "A(0.1,0.2) q[0],q[1];\nA(pi/2,0.2) q[0],q[1];",
   "Y0 1*ry@4#2; Z1 1/2*A[0]@8; X1 1/2pi; Y0 1*ry@4#4; Z1 1/4pi; X1 1/2pi", 2},
  {"a box, a barrier, an annotation, the end", "qubit q; box { x q; } barrier q;\n"
   "@note anything\ny q; end; z q;", "X0 1pi; Y0 1pi", 1},
};

static void test_circuits(void) {
  for (size_t i = 0; i < sizeof circuits / sizeof *circuits; i++) {
    ansatz_t a;
    bool ok = read_text(a, circuits[i].text, NULL, 0);
    if (ok) {
      char *text = circuit_text(a);
      ok = !strcmp(text, circuits[i].circuit) &&
           a->num_qubits == circuits[i].qubits;
      if (!ok) tap_diag("got    %s\n# wanted %s", text, circuits[i].circuit);
      free(text);
      ansatz_clear(a);
    }
    tap_ok(ok, "%s", circuits[i].name);
  }
}

static bool has_note(const ansatz_t a, const char *part) {
  for (size_t i = 0; i < a->num_notes; i++)
    if (strstr(a->notes[i], part)) return true;
  return false;
}

static void test_notes(void) {
  ansatz_t a;
  bool ok = read_text(a, "input float a; input float b; input float c; qubit q;\n"
                      "rx(a*b) q; ry(a*b) q; rz(sin(0.3)) q; bit d = measure q;",
                      NULL, 0);
  tap_ok(ok && a->num_parameters == 3 && !strcmp(a->parameters[0].name, "c") &&
         !a->parameters[0].derived && a->parameters[1].derived && a->upper_bound && has_note(a, "not an affine") &&
         has_note(a, "non-Clifford") && has_note(a, "measurements") &&
         has_note(a, "2 inputs do not occur") &&
         has_note(a, "1 input does not occur"),
         "what is not affine becomes one derived parameter, with notes");
  if (ok) ansatz_clear(a);
  ok = read_text(a, "qubit q; gate g(t) p { x p; } g(0.5) q; delay[100ns] q;",
                 NULL, 0);
  tap_ok(ok && has_note(a, "does not use its parameter t") &&
         has_note(a, "delays") && !a->upper_bound, "an unused gate parameter");
  if (ok) ansatz_clear(a);
  static const char numbers[] = "OPENQASM 2.0;\nqreg q[2];\nrx(0.3) q[0];\n"
      "rz(1.5708) q[0];\nrz(-0.3) q[1];\nrx(0.25) q[0];\nrx(0.3) q[1];\n";
  ok = read_text(a, numbers, NULL, 0);
  tap_ok(ok && a->upper_bound && a->num_parameters == 4 &&
         has_note(a, "2 of 4 freed numbers repeat another") &&
         has_note(a, "such as 1.5708") && has_note(a, "qasm3.dumps"),
         "numbers of OpenQASM 2 give an upper bound, with a safe route");
  if (ok) ansatz_clear(a);
  const reader_override_t share = {READER_SHARE_EQUAL_ANGLES, "1"};
  ok = read_text(a, numbers, &share, 1);
  char *text = ok ? circuit_text(a) : NULL;
  tap_ok(ok && a->upper_bound && has_note(a, "read as one parameter") &&
         !strcmp(text, "X0 1*rx@3; Z0 1/2pi; Z1 -1*rx@3; X0 1*rx@6; X1 1*rx@3"),
         "equal numbers are one parameter when asked for");
  free(text);
  if (ok) ansatz_clear(a);
  tap_ok(!read_text(a, "input float a; qubit q; rx(a) q;", &share, 1),
         "which is refused for a circuit that has parameters");
  ok = read_text(a, "input float a; qubit[2] q; gate g(a, b) p { rx(a) p; ry(b) "
                 "p; }\nfloat b = 1; g(b, a) q[0]; rx(1/2*pi) q[1];", NULL, 0);
  tap_ok(ok && has_note(a, "line 2: gate g is called with the names") &&
         has_note(a, "line 2: a quotient of integers such as 1/2"),
         "notes on formal names in another order and on quotients of integers");
  if (ok) ansatz_clear(a);
  ok = read_text(a, "gate g(a, b) p { rx(a) p; ry(b) p; } input float a; float b "
                 "= 1; qubit[2] q; g(a, b) q[0]; g(a, a) q[1]; rx(4/2) q[0];",
                 NULL, 0);
  tap_ok(ok && !has_note(a, "is called with the names") &&
         !has_note(a, "quotient"), "and none where there is nothing to say");
  if (ok) ansatz_clear(a);
  ok = read_text(a, "const float c = sqrt(2); qubit q; t q;", NULL, 0);
  tap_ok(ok && !a->upper_bound && a->num_parameters == 0 && a->num_notes == 0,
         "an irrational constant that is not used frees nothing");
  if (ok) ansatz_clear(a);
}

static void test_overrides(void) {
  ansatz_t a;
  const reader_override_t o[] = {{"n", "5"}, {"x", "-3*pi/4"}};
  bool ok = read_text(a, "const int n = 2; const float x = 1; input float a;\n"
                      "qubit[n] q; rx(x) q[n-1]; ry(a) q[0];", o, 2);
  char *text = ok ? circuit_text(a) : NULL;
  tap_ok(ok && a->num_qubits == 5 && !strcmp(text, "X4 -3/4pi; Y0 1*a"),
         "overrides of constants");
  free(text);
  if (ok) ansatz_clear(a);
}

static char *observables_text(const ansatz_t a) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  for (size_t k = 0; k < a->num_observables; k++) {
    char *sum = pauli_sum_get_str(a->observables[k].sum);
    fprintf(out, "%s%s", k ? ", " : "", sum);
    free(sum);
  }
  fclose(out);
  return text;
}

static void test_pragmas(void) {
  static const struct {
    const char *pragma, *sum;
  } cases[] = {
    {"#pragma liescape observable 1/2 X0 X1 - 0.25 Z3 + Y2",
     "1/2 X0 X1 + Y2 - 1/4 Z3"},
    {"pragma liescape observable sum(i in 0..n-2: Z{i} Z{i+1})",
     "Z0 Z1 + Z1 Z2 + Z2 Z3"},
    {"#pragma braket result expectation x(q[0]) @ z(q[3])", "X0 Z3"},
    {"#pragma braket result expectation h(q[0]) @ h(q[1])",
     "1/2 X0 X1 + 1/2 X0 Z1 + 1/2 Z0 X1 + 1/2 Z0 Z1"},
    {"#pragma braket result expectation h(q[0])", "X0 + Z0"},
    {"#pragma braket result adjoint_gradient expectation(y(q[0]) @ i(q[1]) - 2 * "
     "z(q[2])) a", "Y0 - 2 Z2"},
    /* one for each qubit, told apart by commas */
    {"#pragma braket result expectation x all", "X0, X1, X2, X3"},
    {"#pragma braket result expectation y", "Y0, Y1, Y2, Y3"},
    {"#pragma braket result expectation z all\n#pragma braket result expectation z(q[1])",
     "Z0, Z1, Z2, Z3, Z1"},
    /* what is no expectation value makes none */
    {"#pragma braket result probability q[0]\n#pragma braket result expectation y(q[2])",
     "Y2"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[300];
    ansatz_t a;
    snprintf(text, sizeof text, "const int n = 4; qubit[n] q;\n%s\nx q;\n",
             cases[i].pragma);
    bool ok = read_text(a, text, NULL, 0);
    char *sum = ok ? observables_text(a) : NULL;
    if (!tap_ok(sum && !strcmp(sum, cases[i].sum), "%.*s: %s",
                (int)strcspn(cases[i].pragma, "\n"), cases[i].pragma, cases[i].sum) &&
        sum)
      tap_diag("got %s", sum);
    free(sum);
    if (ok) ansatz_clear(a);
  }
}

/* Every program of the examples is read. */
/* Where noise acts: "after:qubit" for each qubit of each gate. */
static char *places_text(const ansatz_t a) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  for (size_t i = 0; i < a->num_places; i++)
    fprintf(out, "%s%zu:%zu", i ? " " : "", a->places[i].after, a->places[i].qubit);
  fclose(out);
  return text;
}

static void test_places(void) {
  static const struct {
    const char *text, *places;
  } cases[] = {
      /* h and cx are two and three rotations; id none, but a gate */
      {"qubit[2] q;\nh q[0]; id q[1]; cx q[0], q[1]; barrier q;\n", "2:0 2:1 5:0 5:1"},
      /* broadcast */
      {"input float a; qubit[3] q;\nrx(a) q;\n", "1:0 2:1 3:2"},
      /* a defined gate is the gates of its body, a modified call one gate */
      {"input float a; qubit[2] q;\n"
       "gate g(t) x, y { rx(t) x; cz x, y; }\ng(a) q[1], q[0];\n", "1:1 4:1 4:0"},
      {"input float a; qubit[2] q;\n"
       "gate g(t) x { rx(t) x; rz(t) x; }\ninv @ g(a) q[0]; ctrl @ g(a) q[0], q[1];\n",
       "2:0 6:0 6:1"},
      {"qubit[2] q;\ngphase(0.3); x q[1];\n", "1:1"},
      /* a rotation by 0 is left out, its gate is not */
      {"qubit[2] q;\nrx(0) q[1]; x q[0];\n", "0:1 1:0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ansatz_t a;
    char *text = NULL;
    bool ok = read_text(a, cases[i].text, NULL, 0);
    if (ok) {
      text = places_text(a);
      ok = !strcmp(text, cases[i].places);
      ansatz_clear(a);
    }
    if (!tap_ok(ok, "noise acts at %s", cases[i].places))
      tap_diag("found %s", text ? text : "nothing");
    free(text);
  }
}

static void test_examples(void) {
  static const char *const names[] = {
    "brickwall", "exported_braket_heisenberg", "exported_cirq_hardware_efficient",
    "exported_pennylane_singles_doubles", "exported_pennylane_strongly_entangling",
    "exported_qiskit_efficient_su2", "exported_qiskit_givens",
    "exported_qiskit_qaoa_ring", "exported_qiskit_real_amplitudes_qasm2",
    "exported_qiskit_transpiled", "exported_qiskit_uccsd", "hardware_efficient",
    "heisenberg_hva", "qaoa_ring", "qaoa_ring_multiangle", "qcnn",
    "tfim_hva_shared", "xy_matchgate"};
  const char *srcdir = getenv("srcdir");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[512];
    ansatz_t a;
    diagnostic_t diag;
    diagnostic_init(diag);
    snprintf(path, sizeof path, "%s/examples/%s.qasm", srcdir ? srcdir : ".",
             names[i]);
    status_t status = reader_read_file(a, diag, path, FORMAT_AUTO, NULL, 0);
    if (!tap_ok(status == STATUS_OK && a->num_rotations > 0, "%s", names[i])) {
      char *message = diagnostic_get_str(diag);
      tap_diag("%s", message);
      free(message);
    }
    if (status == STATUS_OK) ansatz_clear(a);
    diagnostic_clear(diag);
  }
}

int main(void) {
  tap_begin("t-reader-qasm");
  test_expressions();
  test_circuits();
  test_notes();
  test_overrides();
  test_pragmas();
  test_places();
  test_examples();
  return tap_end();
}
