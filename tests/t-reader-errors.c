/* Bad input: one clear error at the right line and column, the right status,
   an untouched output, and nothing leaked (under a sanitizer). */

#include <stdlib.h>

#include "cli/read/pauli_expr.h"
#include "cli/request/reader.h"
#include "tests/tap.h"

typedef struct {
  const char *text;
  long line, column;
  const char *message; /* part of it */
  status_t status;
} case_t;

#define BAD STATUS_BAD_INPUT
#define LIM STATUS_LIMIT

static const case_t QASM[] = {
  {"qubit[2] q;\nfoo q[0];\n", 2, 1, "unknown gate 'foo'", BAD},
  {"qubit[2] q;\ncx q[0], q[2];\n", 2, 10, "index 2 is outside", BAD},
  {"qubit[2] q;\ncx q[0], q[0];\n", 2, 10, "used twice", BAD},
  {"qubit[2] q;\ncx q[0];\n", 2, 1, "acts on 2 qubits, not on 1", BAD},
  {"qubit[2] q; qubit[3] r;\ncx q, r;\n", 2, 7, "do not match", BAD},
  {"qubit[2] q;\nrx q[0];\n", 2, 1, "takes 1 parameter, not 0", BAD},
  {"qubit[2] q;\nrx(a) q[0];\n", 2, 4, "'a' is not declared", BAD},
  {"qubit[0] q;\n", 1, 7, "at least one qubit", BAD},
  {"x q;\n", 1, 3, "'q' is not declared", BAD},
  {"OPENQASM 3.0;\n", 2, 1, "declares no qubits", BAD},
  {"", 1, 1, "declares no qubits", BAD},
  {"OPENQASM 4.0;\nqubit q;\n", 1, 1, "version 4.0", BAD},
  {"qubit q;\ngate g a {\n  x a;\n", 3, 7, "opened in line 2 is not closed",
   BAD},
  {"qubit q;\ngate g a { g a; }\ng q;\n", 2, 12, "calls itself", BAD},
  {"qubit q;\ngate f a { g a; }\ngate g a { f a; }\nf q;\n", 2, 12,
   "used before it is defined", BAD},
  {"qubit q;\ngate g a { x b; }\ng q;\n", 2, 14, "'b' is not declared", BAD},
  {"qubit q;\ngate g a { measure a; }\n", 2, 12, "no place in the body", BAD},
  {"qubit q;\ngate g a { x a; }\ngate g a { y a; }\n", 3, 6, "defined twice",
   BAD},
  {"qubit q; qubit q;\n", 1, 16, "declared twice", BAD},
  {"qubit q;\nx q\n", 2, 4, "unexpected end of the text", BAD},
  {"qubit q;\nx q x q;\n", 2, 5, "unexpected 'x'", BAD},
  {"qubit q;\n/* never closed\nx q;\n", 2, 1, "comment is not closed", BAD},
  {"include \"stdgates.inc;\nqubit q;\n", 1, 9, "string is not closed", BAD},
  {"include \"other.inc\";\nqubit q;\n", 1, 9, "can be included", BAD},
  {"qubit q; bit c;\nc = measure q;\nx q;\n", 3, 3, "has been measured", BAD},
  {"qubit q;\nx q; reset q;\n", 2, 6, "after a gate is not unitary", BAD},
  {"qubit[2] q;\nfor int i in [0:] x q[i];\n", 2, 1, "both ends of its range",
   BAD},
  {"OPENQASM 2.0;\nopaque g(a) p;\nqreg q[1];\ng(1) q[0];\n", 4, 1, "is opaque",
   BAD},
  {"OPENQASM 2.0;\nqreg q[1];\ncreg c[2];\nif(c==1) x q[0];\n", 4, 4,
   "goes on by measured bits, 'c'", BAD},
  {"qubit q; bit[2] c;\nif (c[1] == 1) x q;\n", 2, 5, "not unitary", BAD},
  {"qubit q;\rx q;\r", 1, 9, "carriage return without a line feed", BAD},
  {"qubit q; // \xe2\x80\xae\nx q;\n", 1, 13, "U+202E RIGHT-TO-LEFT OVERRIDE",
   BAD},
  {"qubit q;\n\xef\xbb\xbfx q;\n", 2, 1, "BYTE ORDER MARK", BAD},
  {"qubit q; bit c;\nif (c) x q;\n", 2, 5, "goes on by measured bits", BAD},
  {"qubit q;\nwhile (true) { x q; }\n", 2, 1, "`while` is not supported", BAD},
  {"qubit q;\nrx(1/0) q;\n", 2, 4, "division by zero", BAD},
  {"qubit q;\nrx(q) q;\n", 2, 4, "is not a number", BAD},
  {"qubit q; bit c;\nrx(c) q;\n", 2, 4, "holds bits", BAD},
  {"qubit q; float x;\nrx(x) q;\n", 2, 4, "has no value", BAD},
  {"qubit q;\nrx(nosuch[0]) q;\n", 2, 4, "is not declared", BAD},
  {"input array[float, 2] p; qubit q;\nrx(p[2]) q;\n", 2, 4, "index 2 is outside",
   BAD},
  {"qubit q;\nrx(sin(1, 2, 3, 4, 5)) q;\n", 2, 20, "too many arguments", BAD},
  {"qubit q;\ngate g a { g a; }\ng q;\n", 2, 12, "calls itself", BAD},
  {"qubit q;\ngate g a { h2 a; }\ng q;\n", 2, 12, "unknown gate", BAD},
  {"qubit q;\ngate g a { h2 a; }\ngate h2 a { x a; }\n", 2, 12, "before it is defined",
   BAD},
  {"qubit q;\nrx(nosuch(1)) q;\n", 2, 4, "unknown function", BAD},
  {"qubit q;\nrx(sqrt(-1)) q;\n", 2, 4, "square root of a negative", BAD},
  {"qubit q;\nrx(2 * (-3) ** 0.5) q;\n", 2, 8, "fractional power", BAD},
  {"qubit q;\nrx(log(pi - 4)) q;\n", 2, 4, "logarithm of a number", BAD},
  {"qubit q;\nrx(arccos(1.5)) q;\n", 2, 4, "beyond 1", BAD},
  {"qubit q;\nrx(asin(-pi)) q;\n", 2, 4, "beyond 1", BAD},
  {"qubit q;\nrx(2 ** 10000000) q;\n", 2, 4, "too large", BAD},
  {"qubit q;\nrx(1e99999) q;\n", 2, 4, "exponent", BAD},
  {"qubit q;\nrx(1.0im) q;\n", 2, 4, "complex", BAD},
  {"qubit[2] q;\npow(1/2) @ h q[0];\n", 2, 1, "no integer", BAD},
  {"input float a; qubit q;\npow(a) @ x q;\n", 2, 1, "rational constant", BAD},
  {"qubit[3] q;\nctrl(0) @ x q[0], q[1];\n", 2, 1, "at least 1", BAD},
  {"input int n;\nqubit[n] q;\n", 2, 7, "known beforehand", BAD},
  {"qubit[4] q;\nfor int i in [0:4] { x q[i]; }\n", 2, 24, "outside", BAD},
  {"qubit q;\nfor int i in [0:0:4] { x q; }\n", 2, 1, "step", BAD},
  {"qubit[4] q;\nx q[2:1][0];\n", 2, 3, "outside of a register of 0", BAD},
  {"qubit[4] q; let r = q[2:1];\nx r[0];\n", 2, 3, "outside", BAD},
  {"qubit q;\nx q[0];\n", 2, 3, "takes no index", BAD},
  {"qubit q;\nx $0;\n", 2, 3, "cannot be mixed", BAD},
  {"const int n = 2; n = 3; qubit[n] q;\n", 1, 18, "cannot be assigned", BAD},
  {"qubit q;\n#pragma liescape observable X0 X0\n", 2, 32, "occurs twice", BAD},
  {"qubit q;\n#pragma liescape observable 1i X0\n", 2, 29, "Hermitian", BAD},
  {"qubit q;\n#pragma liescape observable i X0\n", 2, 29, "Hermitian", BAD},
  {"qubit q;\n#pragma liescape observable X1\n", 2, 29, "qubit 1 does not exist",
   BAD},
  {"qubit q;\n#pragma liescape state nowhere\n", 2, 24, "unknown state", BAD},
  {"qubit q;\n#pragma liescape noise depolarizing=1/0\n", 2, 37,
   "between 0 and 1", BAD},
  {"qubit q;\n#pragma liescape noise\n", 2, 23, "noise is depolarizing=Q", BAD},
  {"qubit q;\n#pragma liescape nothing\n", 2, 18, "must follow", BAD},
  {"qubit[2] q;\n#pragma braket result expectation hermitian([[1]]) q[0]\n", 2,
   35, "only the observables", BAD},
  {"qubit[2] q;\n#pragma braket result expectation x(q[2])\n", 2, 37,
   "index 2 is outside of a register of 2", BAD},
  {"qubit[2] q;\n#pragma braket result expectation x(r[0])\n", 2, 37,
   "a qubit of the program is expected here", BAD},
  {"qubit[2] q;\n#pragma braket result expectation x(q[a])\n", 2, 39,
   "a number is expected here", BAD},
  {"qubit[2] q;\n#pragma braket result expectation x($0)\n", 2, 38,
   "qubit $0 does not occur", BAD},
  {"qubit[2] q;\n#pragma braket result adjoint_gradient x(q[0])\n", 2, 40,
   "`expectation(...)` is expected here", BAD},
  {"qubit[2] q;\n#pragma braket result expectation h(q[0]) + z(q[1])\n", 2, 44,
   "cannot be added", BAD},
  {"OPENQASM 2.0;\nopaque magic a;\n", 3, 1, "declares no qubits", BAD},
  {"OPENQASM 2.0;\nqreg q[1]; creg c[1];\nif (c==1) x q[0];\n", 3, 5,
   "goes on by measured bits", BAD},
  {"qubit[2000000] q;\n", 1, 1, "too many", LIM},
  {"input array[float, 100000] p;\nqubit q;\n", 1, 1, "parameters are too many",
   LIM},
  {"input float a; qubit[21] q;\nctrl(20) @ rx(a) q[0], q[1], q[2], q[3], q[4], "
   "q[5], q[6], q[7], q[8], q[9], q[10], q[11], q[12], q[13], q[14], q[15], q[16], "
   "q[17], q[18], q[19], q[20];\n", 2, 1, "takes more than 16384 rotations", LIM},
  {"input float a; qubit q;\nfor int i in [0:999999] { rx(a) q; rz(a) q; }\n", 2, 36,
   "1000000 rotations", LIM},
  {"qubit q;\npow(90000000) @ h q;\n", 2, 1, "rotations", LIM},
  {"qubit[70] q;\nctrl(65) @ x q;\n", 2, 1, "controls", LIM},
  {"qubit q;\nfor int i in [0:1000000000] { x q; }\n", 2, 1, "steps", LIM},
  {"qubit q; \x01\n", 1, 10, "unexpected character", BAD},
  {"qubit q;\nx \xff q;\n", 2, 3, "UTF-8", BAD},
  {"qubit q;\n\xce\xb8\xce\xb8 = \xc0\xaf q;\n", 2, 6, "UTF-8", BAD},
};

static const case_t OPS[] = {
  {"generator X0\n", 1, 1, "must begin with `qubits N`", BAD},
  {"qubits 0\n", 1, 8, "at least 1", BAD},
  {"qubits 2\n", 2, 1, "no generator", BAD},
  {"", 1, 1, "empty", BAD},
  {"qubits 2\nqubits 3\n", 2, 1, "given twice", BAD},
  {"qubits 2\ngenerator X2\n", 2, 11, "qubit 2 does not exist", BAD},
  {"qubits 2\ngenerator X0 X0\n", 2, 14, "occurs twice", BAD},
  {"qubits 2\ngenerator X0 +\n", 2, 15, "unexpected end of line", BAD},
  {"qubits 2\ngenerator (X0\n", 2, 14, "unexpected end of line", BAD},
  {"qubits 2\nobservable 0.5i X0\n", 2, 12, "Hermitian", BAD},
  {"qubits 2\nobservable 1/0 X0\n", 2, 14, "division by zero", BAD},
  {"qubits 2\nobservable k X0\n", 2, 12, "unknown name", BAD},
  {"qubits 2\nobservable X_0 Z_1\n", 2, 12, "stands behind its letter", BAD},
  {"qubits 2\nobservable x0\n", 2, 12, "letters are capital", BAD},
  {"qubits 2\nobservable PauliZ(0)\n", 2, 12, "0.5 * Z(0) @ Z(1)", BAD},
  {"qubits 2\nobservable SparsePauliOp([\"XX\"], coeffs=[1])\n", 2, 34, "qubit 0 last", BAD},
  {"qubits 2\ngenerator [\"XX\", \"ZZ\"]\n", 2, 22, "the first letter is qubit 0", BAD},
  {"qubits 2\nedge 0 1\n", 2, 1, "did you mean edges?", BAD},
  {"qubits 2\nedge_list 0 1\n", 2, 1, "`edges FILE`", BAD},
  {"qubits 2\nedges ring.edges\n", 2, 7, "the name of a file", BAD},
  {"edges (0,1) (1,1)\n", 1, 14, "from a vertex to itself", BAD},
  {"edges (0,1) (1,2\n", 1, 17, "an edge ends with )", BAD},
  {"edges (0,1) 1 2\n", 1, 13, "the next edge", BAD},
  {"edges (0,1,x)\n", 1, 12, "weight of an edge is a decimal", BAD},
  {"qubits 2\nedges (0,1,1/0)\n", 2, 13, "an edge ends with )", BAD},
  {"edges [] # none\n", 1, 6, "no edges", BAD},
  {"qubits 2\nedges (0,1) (1,2)\n", 2, 7, "vertex 2 is no qubit: there are 2", BAD},
  {"edges (0,1)\nqubits 2\n", 2, 1, "given twice", BAD},
  {"edges (0,1)\nedges (0,1)\n", 2, 1, "given twice", BAD},
  {"qubits 2\nfor i in 0..1: edges (0,1)\n", 2, 16, "can be repeated", BAD},
  {"qubits 2\nobservable XX0\n", 2, 12, "each letter has the number of its qubit", BAD},
  {"qubits 2\nobservable 2 XX 0 1\n", 2, 17, "each letter has the number of its qubit", BAD},
  {"qubits 2\nobservable a^ a\n", 2, 13, "jordan_wigner", BAD},
  {"qubits 2\nobservable 0^ 1\n", 2, 13, "jordan_wigner", BAD},
  {"qubits 2\nobservable XX, ZZ\n", 2, 16, "an operator is a sum, XX + ZZ", BAD},
  {"qubits 2\nobservable Z0 Z1, X0\n", 2, 19, "an operator is a sum", BAD},
  {"qubits 3\nobservable XX\n", 2, 12, "needs the number of its qubit", BAD},
  {"qubits 3\nobservable \"XX\"\n", 2, 12, "the last one for qubit 0", BAD},
  {"qubits 3\nobservable X0 XXI\n", 2, 15, "occurs twice", BAD},
  {"qubits 3\nobservable prod(i in 0..1: X0)\n", 2, 12, "occurs twice", BAD},
  {"qubits 3\nobservable (1+0.5j) X0\n", 2, 15, "Hermitian", BAD},
  {"qubits 3\nobservable [X0\n", 2, 15, "end of line", BAD},
  {"qubits 2\nstate bits 011\n", 2, 12, "3 digits are given, 2 needed", BAD},
  {"qubits 2\nstate bits 0x\n", 2, 13, "only 0 and 1", BAD},
  {"qubits 2\nstate zero plus\n", 2, 12, "unexpected text", BAD},
  {"qubits 2\nstate stabilizer +XX -XX\n", 2, 22, "contradicts", BAD},
  {"qubits 2\nstate stabilizer +XX +XX\n", 2, 22, "product of", BAD},
  {"qubits 2\nstate stabilizer +XX +ZI\n", 2, 22, "anticommutes", BAD},
  {"qubits 2\nstate stabilizer +XXX\n", 2, 18, "3 letters; 2 are needed", BAD},
  {"qubits 2\nstate stabilizer +II\n", 2, 18, "identity", BAD},
  {"qubits 2\nstate\ngenerator X0\n", 2, 6, "unknown state ''", BAD},
  {"qubits 2\nfor i in 0..1: state zero\n", 2, 16, "can be repeated", BAD},
  {"qubits 3\nfor i in 0..2: generator X{i} X{i+1}\n", 2, 31,
   "qubit 3 does not exist", BAD},
  {"qubits 3\nfor i in 0..1/2: generator X0\n", 2, 13, "must be an integer",
   BAD},
  {"qubits 2\nparameters 0\ngenerator X0\n", 2, 12, "at least 1", BAD},
  {"qubits 2\nnonsense\n", 2, 1, "unexpected 'nonsense'", BAD},
  {"qubits 2000000\n", 1, 8, "too many", LIM},
  {"qubits 100000\ngenerator X0\nobservable Z0 + sum(i in 0..19000000: (X0 - "
   "X0))\n", 3, 39, "terms are too many", LIM},
  {"qubits 1000\nfor i in 0..999: generator sum(j in 0..999: sum(k in 0..999: "
   "X{k} + Z{i}))\n", 2, 71, "terms are too many", LIM},
  {"qubits 2\nfor i in 0..399999: observable Z0\n", 2, 21,
   "observables are too many", LIM},
  {"qubits 12\ngenerator X0X1X2X3X4X5X6X7X8X9X10X11X0\n", 2, 37, "occurs twice",
   BAD},
  {"qubits 2\nfor i in 0..1000000000: observable X0\n", 2, 25, "too many", LIM},
};

static bool check(const char *text, size_t length, reader_format_t format,
                  const case_t *wanted) {
  ansatz_t a, before;
  diagnostic_t diag;
  memset(a, 0x5a, sizeof *a);
  *before = *a;
  diagnostic_init(diag);
  status_t status = reader_read_text(a, diag, "input", text, length, format,
                                     NULL, 0);
  char *message = diagnostic_get_str(diag);
  bool ok = status == wanted->status && diag->line == wanted->line &&
            diag->column == wanted->column && diag->message &&
            strstr(diag->message, wanted->message) &&
            !memcmp(a, before, sizeof *a);
  if (!ok)
    tap_diag("got status %d, %s; wanted %ld:%ld: %s\n# for: %.200s",
             (int)status, message, wanted->line, wanted->column,
             wanted->message, text);
  if (status == STATUS_OK) ansatz_clear(a);
  free(message);
  diagnostic_clear(diag);
  return ok;
}

/* A repeated piece between a head and a tail. */
static char *repeat(const char *head, const char *piece, size_t times,
                    const char *tail) {
  size_t n = strlen(piece);
  char *text = malloc(strlen(head) + n * times + strlen(tail) + 1), *p = text;
  p = stpcpy(p, head);
  for (size_t i = 0; i < times; i++) p = stpcpy(p, piece);
  strcpy(p, tail);
  return text;
}

static bool check_long(reader_format_t format, char *text, long line,
                       long column, const char *message, status_t status) {
  case_t wanted = {text, line, column, message, status};
  bool ok = check(text, strlen(text), format, &wanted);
  free(text);
  return ok;
}

/* Either reads or reports; never crashes. */
static bool survives(reader_format_t format, char *text) {
  ansatz_t a;
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = reader_read_text(a, diag, "input", text, strlen(text),
                                     format, NULL, 0);
  bool ok = status == STATUS_OK || (diag->message && diag->line > 0);
  if (status == STATUS_OK) ansatz_clear(a);
  diagnostic_clear(diag);
  free(text);
  return ok;
}

static void test_sizes(void) {
  const size_t many = 100000;
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\nrx(", "(", many, "1")),
         "100,000 open parentheses");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\nrx(", "-", many, "1) q;")),
         "100,000 signs");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\nrx(1", "**1", many, ") q;")),
         "100,000 powers");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\nrx(1", "+1", many, ") q;")),
         "100,000 terms");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\n", "{", many, "")),
         "100,000 blocks");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\n", "if(1) ", many, "x q;")),
         "100,000 conditions");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\nrx(", "sin(", many, "1")),
         "100,000 functions");
  tap_ok(survives(FORMAT_QASM, repeat("qubit q;\n", "inv @ ", many, "x q;")),
         "100,000 modifiers");
  tap_ok(survives(FORMAT_QASM, repeat("input float a; qubit q;\nrx(a", "*a",
                                      2000, ") q;")), "a power by products");
  tap_ok(survives(FORMAT_OPS, repeat("qubits 2\ngenerator ", "(", many, "X0")),
         "100,000 open parentheses in a generator");
  tap_ok(survives(FORMAT_OPS, repeat("qubits 2\ngenerator ", "X{", many, "0")),
         "100,000 open braces in a generator");
  tap_ok(survives(FORMAT_OPS, repeat("qubits 2\ngenerator X0", " + X0", many,
                                     "\n")), "100,000 terms in a generator");
  tap_ok(survives(FORMAT_OPS, repeat("qubits 2\n", "for i in 0..1: ", many,
                                     "generator X0\n")), "100,000 loops");
  tap_ok(check_long(FORMAT_QASM, repeat("qubit q;\nrx(", "7", 10000, ") q;"),
                    2, 4, "digits", BAD), "a number of 10,000 digits");
  tap_ok(check_long(FORMAT_OPS, repeat("qubits ", "7", 10000, "\n"), 1, 8,
                    "digits", BAD), "10,000 digits of qubits");
  tap_ok(check_long(FORMAT_OPS, repeat("qubits 2\ngenerator X", "7", 10000,
                                       "\n"), 2, 11, "does not exist", BAD),
         "a qubit of 10,000 digits");
  tap_ok(check_long(FORMAT_QASM, repeat("qubit q; ", "abcdefghij", 1000000,
                                        " = 1"), 1, 10000014, "unexpected end",
                    BAD), "a line of 10 MB");
  tap_ok(survives(FORMAT_OPS, repeat("", "abcdefghij", 1000000, "")),
         "a line of 10 MB as operators");
}

static void test_growth(void) {
  /* g0 calls x twice, g1 calls g0 twice, ...: 2^60 gates */
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  fputs("qubit q;\ngate g0 a { id a; id a; }\n", out);
  for (int i = 1; i < 60; i++)
    fprintf(out, "gate g%d a { g%d a; g%d a; }\n", i, i - 1, i - 1);
  fputs("g59 q;\n", out);
  fclose(out);
  ansatz_t a;
  diagnostic_t diag;
  diagnostic_init(diag);
  tap_ok(reader_read_text(a, diag, "input", text, size, FORMAT_QASM, NULL, 0) ==
         STATUS_LIMIT, "gates that double 60 times");
  diagnostic_clear(diag);
  free(text);
  /* numbers that square 60 times */
  out = open_memstream(&text, &size);
  fputs("qubit q;\nconst float c0 = 1.5;\n", out);
  for (int i = 1; i < 60; i++)
    fprintf(out, "const float c%d = c%d * c%d;\n", i, i - 1, i - 1);
  fclose(out);
  diagnostic_init(diag);
  tap_ok(reader_read_text(a, diag, "input", text, size, FORMAT_QASM, NULL, 0) ==
         STATUS_BAD_INPUT, "numbers that square 60 times");
  diagnostic_clear(diag);
  free(text);
  /* names of functions of functions */
  out = open_memstream(&text, &size);
  fputs("input float a;\nqubit q;\nconst float c0 = a * a;\n", out);
  for (int i = 1; i < 60; i++)
    fprintf(out, "const float c%d = c%d * c%d;\n", i, i - 1, i - 1);
  fputs("rx(c59) q;\n", out);
  fclose(out);
  diagnostic_init(diag);
  bool ok = reader_read_text(a, diag, "input", text, size, FORMAT_QASM, NULL,
                             0) == STATUS_OK;
  tap_ok(ok && a->num_parameters == 1 && a->parameters[0].derived &&
         a->upper_bound && strlen(a->parameters[0].name) < 100,
         "a product that doubles 60 times is one derived parameter");
  if (ok) ansatz_clear(a);
  diagnostic_clear(diag);
  free(text);
}

static void test_source(void) {
  char *text;
  size_t length;
  diagnostic_t diag;
  diagnostic_init(diag);
  tap_ok(source_read(&text, &length, diag, "/nowhere/at/all.qasm", 1000) ==
         STATUS_BAD_INPUT && strstr(diag->message, "cannot be opened") &&
         diag->line == 0, "a missing file");
  tap_ok(source_read(&text, &length, diag, "/", 1000) == STATUS_BAD_INPUT &&
         strstr(diag->message, "directory"), "a directory");
  tap_ok(source_read(&text, &length, diag, "/dev/zero", 100000) == STATUS_LIMIT,
         "an endless file");
  const case_t nul = {"", 1, 7, "byte 0x00", BAD};
  tap_ok(check("qubit \0q;", 9, FORMAT_QASM, &nul), "a NUL byte");
  diagnostic_set(diag, "f", "one\n\ttwo\x01 three\nfour", 20, 8, "%s", "oops");
  text = diagnostic_get_str(diag);
  tap_ok(!strcmp(text, "f:2:5: oops\n   two? three\n      ^"),
         "an excerpt and its caret");
  free(text);
  diagnostic_clear(diag);
}

static void test_overrides(void) {
  static const struct {
    const char *text, *name, *value, *message;
    reader_format_t format;
  } bad[] = {
    {"qubit q;", "n", "3", "no const or input", FORMAT_QASM},
    {"const int n = 2; qubit[n] q;", "n", "x", "a number is needed", FORMAT_QASM},
    {"const int n = 2; qubit[n] q;", "n", "1/2", "an integer", FORMAT_QASM},
    {"const int n = 2; qubit[n] q;", "n", "0", "at least one", FORMAT_QASM},
    {"qubits 2\ngenerator X0\n", "n", "3", "only `qubits`", FORMAT_OPS},
    {"qubits 2\ngenerator X0\n", "qubits", "0", "positive", FORMAT_OPS},
    {"qubits 2\ngenerator X0\n", "qubits", "1.5", "positive", FORMAT_OPS},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ansatz_t a;
    diagnostic_t diag;
    reader_override_t o = {bad[i].name, bad[i].value};
    diagnostic_init(diag);
    status_t status = reader_read_text(a, diag, "input", bad[i].text,
                                       strlen(bad[i].text), bad[i].format, &o,
                                       1);
    tap_ok(status == STATUS_BAD_INPUT && strstr(diag->message, bad[i].message),
           "-D %s=%s: %s", o.name, o.value, bad[i].message);
    if (!status) ansatz_clear(a);
    diagnostic_clear(diag);
  }
}

int main(void) {
  tap_begin("t-reader-errors");
  for (size_t i = 0; i < sizeof QASM / sizeof *QASM; i++)
    tap_ok(check(QASM[i].text, strlen(QASM[i].text), FORMAT_QASM, QASM + i),
           "OpenQASM: %s", QASM[i].message);
  for (size_t i = 0; i < sizeof OPS / sizeof *OPS; i++)
    tap_ok(check(OPS[i].text, strlen(OPS[i].text), FORMAT_OPS, OPS + i),
           "operators: %s", OPS[i].message);
  test_source();
  test_overrides();
  test_sizes();
  test_growth();
  return tap_end();
}
