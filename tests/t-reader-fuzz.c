/* Mutated programs: whatever the reader is given, it either reads it or
   reports one error with a place. Deterministic for a seed; worth most under
   a sanitizer. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/request/reader.h"
#include "tests/tap.h"

static const char *const SEEDS[] = {
  "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float[64] a; input angle b;\n"
  "const int n = 4;\nqubit[n] q; bit[4] c;\n"
  "gate g(t, u) x0, x1 { rz(t/2 + pi) x0; ctrl @ ry(-u) x0, x1; gphase(t); }\n"
  "g(a, 2*b) q[0], q[1];\nlet r = q[0:2] ++ q[3];\nh r;\n"
  "for int i in [0:n-2] { ctrl(1) @ inv @ pow(2) @ s q[i], q[i+1]; }\n"
  "if (n == 4) rx(sin(a)*b) q[0]; else x q[1];\nbarrier q;\n"
  "rz(1.5707963267948966) q[2]; u3(a, b, 0.25e-1) q[3]; negctrl @ x q[1], q[0];\n"
  "#pragma liescape observable sum(i in 0..n-2: 1/2 Z{i} Z{i+1}) - X0\n"
  "#pragma liescape state stabilizer +XXII -ZZII\n"
  "#pragma braket result expectation h(q[0]) @ x(q[1])\nc = measure q;\n",
  "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3];\ncreg c[3];\n"
  "gate f(p) a,b { cx a,b; u1(p^2) b; cx a,b; }\nu2(0,pi/2) q[0];\n"
  "rx(0.3) q;\nf(-1.5) q[0],q[2]; cu1(pi/4) q[1],q[2];\nmeasure q -> c;\n",
  "qubits 5\n# a comment\ngenerator X0 X1 + Y0 Y1\n"
  "for i in 0..qubits-2: generator 0.5 * Z{i} @ Z{i+1}\n"
  "observable sum(i in 0..3: (i+1)/2 Z{i}) - 3\nstate bits 01010\n"
  "state stabilizer +XXXXX -ZZIII\nparameters 2*qubits\n",
};
enum { NUM_SEEDS = sizeof SEEDS / sizeof *SEEDS, ROOM = 1 << 14 };

static const char *const PIECES[] = {
  "(", ")", "{", "}", "[", "]", ";", ",", "@", "ctrl @ ", "inv @ ", "pow(3) @ ",
  "gate ", "qubit", "input ", "pi", "a", "q", "-", "**", "/0", "1e9", "999999999",
  "..", "sum(", "X0", "Z{", "for ", "\n", "\"", "/*", "//", "#", "$3", "measure ",
  "\xce\xb8", "\xff", "0x", "let z = q[{0,1}];", "end;", "sin(", "i", "[0:-1:3]",
};
enum { NUM_PIECES = sizeof PIECES / sizeof *PIECES };

static size_t mutate(char *text, size_t length) {
  size_t at = tap_random_below(length + 1), n;
  const char *piece;
  switch (tap_random_below(5)) {
  case 0: /* delete */
    n = tap_random_below(8);
    if (at + n > length) n = length - at;
    memmove(text + at, text + at + n, length - at - n);
    return length - n;
  case 1: /* change a byte */
    if (at < length) text[at] = (char)tap_random();
    return length;
  case 2: /* copy a stretch elsewhere */
    n = tap_random_below(60);
    if (at + n > length) n = length - at;
    if (length + n >= ROOM) return length;
    {
      char stretch[64];
      size_t to = tap_random_below(length + 1);
      memcpy(stretch, text + at, n);
      memmove(text + to + n, text + to, length - to);
      memcpy(text + to, stretch, n);
    }
    return length + n;
  case 3: /* cut off */
    return tap_random_below(8) ? length : at;
  default: /* insert a piece */
    piece = PIECES[tap_random_below(NUM_PIECES)];
    n = strlen(piece);
    if (length + n >= ROOM) return length;
    memmove(text + at + n, text + at, length - at);
    memcpy(text + at, piece, n);
    return length + n;
  }
}

int main(void) {
  static char text[ROOM + 64];
  long read = 0, refused = 0;
  bool ok = true;
  tap_begin("t-reader-fuzz");
  for (long i = 0; i < tap_iterations(40000) && ok; i++) {
    size_t which = tap_random_below(NUM_SEEDS), length = strlen(SEEDS[which]);
    memcpy(text, SEEDS[which], length);
    for (size_t k = tap_random_below(6); k-- > 0;) length = mutate(text, length);
    char *copy = malloc(length + 1); /* exact size, so that overruns show */
    memcpy(copy, text, length);
    ansatz_t a;
    diagnostic_t diag;
    diagnostic_init(diag);
    status_t status = reader_read_text(a, diag, "fuzz", copy, length,
                                       which == 2 ? FORMAT_OPS : FORMAT_QASM,
                                       NULL, 0);
    if (status == STATUS_OK) {
      read++;
      ok = a->num_qubits > 0 && !diag->message;
      for (size_t r = 0; r < a->num_rotations; r++)
        ok = ok && !pauli_is_identity(a->rotations[r].string,
                                      pauli_words(a->num_qubits));
      ansatz_clear(a);
    } else {
      refused++;
      ok = diag->message && diag->line > 0 && diag->column > 0;
    }
    if (!ok) tap_diag("iteration %ld:\n%.*s", i, (int)length, text);
    diagnostic_clear(diag);
    free(copy);
  }
  tap_ok(ok && read && refused, "%ld mutants read, %ld refused", read, refused);
  return tap_end();
}
