/* Gates of the QASM reader against dense matrices written down here from the
   gates' own definitions: the unitary is rebuilt from the rotation list at
   random angles and compared up to a global phase; under ctrl the phase of the
   gate is thereby compared too. */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/request/reader.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 6, MAX_DIM = 1 << MAX_QUBITS };
typedef double complex cplx;
/* Operand 0 is the most significant bit of an index of a gate's matrix. */
typedef struct {
  size_t n;
  cplx m[MAX_DIM * MAX_DIM];
} dense_t;

static const double PI = 3.14159265358979323846;

static double random_angle(void) {
  return ((double)(tap_random() >> 11) / 9007199254740992.0 - 0.5) * 12;
}

/* --- matrices ------------------------------------------------------------- */

static cplx *at(dense_t *u, size_t row, size_t col) {
  return u->m + (row << u->n) + col;
}

static void set_zero(dense_t *u, size_t n) {
  u->n = n;
  for (size_t i = 0; i < (size_t)1 << 2 * n; i++) u->m[i] = 0;
}

static void set_identity(dense_t *u, size_t n) {
  set_zero(u, n);
  for (size_t i = 0; i < (size_t)1 << n; i++) *at(u, i, i) = 1;
}

static void multiply(dense_t *out, dense_t *a, dense_t *b) {
  static dense_t r;
  set_zero(&r, a->n);
  for (size_t i = 0; i < (size_t)1 << a->n; i++)
    for (size_t k = 0; k < (size_t)1 << a->n; k++)
      for (size_t j = 0; j < (size_t)1 << a->n; j++)
        *at(&r, i, j) += *at(a, i, k) * *at(b, k, j);
  *out = r;
}

static void adjoint(dense_t *u) {
  static dense_t r;
  r.n = u->n;
  for (size_t i = 0; i < (size_t)1 << u->n; i++)
    for (size_t j = 0; j < (size_t)1 << u->n; j++)
      *at(&r, i, j) = conj(*at(u, j, i));
  *u = r;
}

/* out = one more operand in front that controls u. */
static void control(dense_t *u, bool negative) {
  static dense_t r;
  size_t dim = (size_t)1 << u->n;
  set_identity(&r, u->n + 1);
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++)
      *at(&r, negative ? i : dim + i, negative ? j : dim + j) = *at(u, i, j);
  *u = r;
}

static void set_2x2(dense_t *u, cplx a, cplx b, cplx c, cplx d) {
  u->n = 1;
  u->m[0] = a;
  u->m[1] = b;
  u->m[2] = c;
  u->m[3] = d;
}

/* Tensor product, a in front. */
static void kron(dense_t *out, dense_t *a, dense_t *b) {
  static dense_t r;
  set_zero(&r, a->n + b->n);
  size_t d = (size_t)1 << b->n;
  for (size_t i = 0; i < (size_t)1 << a->n; i++)
    for (size_t j = 0; j < (size_t)1 << a->n; j++)
      for (size_t k = 0; k < d; k++)
        for (size_t l = 0; l < d; l++)
          *at(&r, i * d + k, j * d + l) = *at(a, i, j) * *at(b, k, l);
  *out = r;
}

static void pauli(dense_t *u, char letter) {
  if (letter == 'X') set_2x2(u, 0, 1, 1, 0);
  if (letter == 'Y') set_2x2(u, 0, -I, I, 0);
  if (letter == 'Z') set_2x2(u, 1, 0, 0, -1);
  if (letter == 'I') set_2x2(u, 1, 0, 0, 1);
}

/* exp(-i t/2 P1 x P2). */
static void pauli_rotation(dense_t *u, char first, char second, double t) {
  static dense_t a, b;
  pauli(&a, first);
  if (second) {
    pauli(&b, second);
    kron(u, &a, &b);
  } else {
    *u = a;
  }
  for (size_t i = 0; i < (size_t)1 << 2 * u->n; i++) u->m[i] *= -I * sin(t / 2);
  for (size_t i = 0; i < (size_t)1 << u->n; i++) *at(u, i, i) += cos(t / 2);
}

/* The reading of U in the OpenQASM 3 library. */
static void u_gate(dense_t *u, double t, double p, double l, double g) {
  set_2x2(u, cexp(I * g) * cos(t / 2), -cexp(I * (g + l)) * sin(t / 2),
          cexp(I * (g + p)) * sin(t / 2), cexp(I * (g + p + l)) * cos(t / 2));
}

static void permutation(dense_t *u, size_t n, const char *images) {
  set_zero(u, n);
  for (size_t i = 0; i < (size_t)1 << n; i++)
    *at(u, (size_t)(images[i] - '0'), i) = 1;
}

static void diagonal4(dense_t *u, cplx a, cplx b, cplx c, cplx d) {
  set_zero(u, 2);
  *at(u, 0, 0) = a;
  *at(u, 1, 1) = b;
  *at(u, 2, 2) = c;
  *at(u, 3, 3) = d;
}

/* cos p X + sin p Y */
static void equatorial(dense_t *u, double p) {
  set_2x2(u, 0, cexp(-I * p), cexp(I * p), 0);
}

static bool one_qubit(dense_t *u, const char *g, const double *v) {
  double s = sqrt(0.5);
  if (!strcmp(g, "x")) set_2x2(u, 0, 1, 1, 0);
  else if (!strcmp(g, "id") || !strcmp(g, "i") || !strcmp(g, "u0"))
    set_2x2(u, 1, 0, 0, 1);
  else if (!strcmp(g, "y")) set_2x2(u, 0, -I, I, 0);
  else if (!strcmp(g, "z")) set_2x2(u, 1, 0, 0, -1);
  else if (!strcmp(g, "h")) set_2x2(u, s, s, s, -s);
  else if (!strcmp(g, "s")) set_2x2(u, 1, 0, 0, I);
  else if (!strcmp(g, "sdg") || !strcmp(g, "si")) set_2x2(u, 1, 0, 0, -I);
  else if (!strcmp(g, "t")) set_2x2(u, 1, 0, 0, s + I * s);
  else if (!strcmp(g, "tdg") || !strcmp(g, "ti")) set_2x2(u, 1, 0, 0, s - I * s);
  else if (!strcmp(g, "sx") || !strcmp(g, "v"))
    set_2x2(u, (1 + I) / 2, (1 - I) / 2, (1 - I) / 2, (1 + I) / 2);
  else if (!strcmp(g, "sxdg") || !strcmp(g, "vi"))
    set_2x2(u, (1 - I) / 2, (1 + I) / 2, (1 + I) / 2, (1 - I) / 2);
  else if (!strcmp(g, "rx")) pauli_rotation(u, 'X', 0, v[0]);
  else if (!strcmp(g, "ry")) pauli_rotation(u, 'Y', 0, v[0]);
  else if (!strcmp(g, "rz"))
    set_2x2(u, cexp(-I * v[0] / 2), 0, 0, cexp(I * v[0] / 2));
  else if (!strcmp(g, "p") || !strcmp(g, "phase") || !strcmp(g, "u1") ||
           !strcmp(g, "phaseshift"))
    set_2x2(u, 1, 0, 0, cexp(I * v[0]));
  else if (!strcmp(g, "U") || !strcmp(g, "u")) u_gate(u, v[0], v[1], v[2], 0);
  else if (!strcmp(g, "u2")) u_gate(u, PI / 2, v[0], v[1], -(v[0] + v[1]) / 2);
  else if (!strcmp(g, "u3")) u_gate(u, v[0], v[1], v[2], -(v[1] + v[2]) / 2);
  else if (!strcmp(g, "gpi")) equatorial(u, v[0]);
  else if (!strcmp(g, "gpi2"))
    set_2x2(u, s, -I * s * cexp(-I * v[0]), -I * s * cexp(I * v[0]), s);
  else if (!strcmp(g, "r") || !strcmp(g, "prx"))
    set_2x2(u, cos(v[0] / 2), -I * cexp(-I * v[1]) * sin(v[0] / 2),
            -I * cexp(I * v[1]) * sin(v[0] / 2), cos(v[0] / 2));
  else return false;
  return true;
}

static bool two_qubits(dense_t *u, const char *g, const double *v) {
  static dense_t a, b;
  double s = sqrt(0.5), c = cos(v[0] / 2), d = sin(v[0] / 2);
  if (!strcmp(g, "swap")) permutation(u, 2, "0213");
  else if (!strcmp(g, "dcx")) permutation(u, 2, "0312"); /* cx a,b; cx b,a */
  else if (!strcmp(g, "iswap")) {
    permutation(u, 2, "0213");
    *at(u, 1, 2) = *at(u, 2, 1) = I;
  } else if (!strcmp(g, "pswap")) {
    permutation(u, 2, "0213");
    *at(u, 1, 2) = *at(u, 2, 1) = cexp(I * v[0]);
  } else if (!strcmp(g, "ecr")) {
    set_zero(u, 2);
    *at(u, 0, 2) = *at(u, 1, 3) = *at(u, 2, 0) = *at(u, 3, 1) = s;
    *at(u, 0, 3) = *at(u, 1, 2) = I * s;
    *at(u, 2, 1) = *at(u, 3, 0) = -I * s;
  } else if (!strcmp(g, "xy")) {
    diagonal4(u, 1, c, c, 1);
    *at(u, 1, 2) = *at(u, 2, 1) = I * d;
  } else if (!strcmp(g, "rxx") || !strcmp(g, "xx"))
    pauli_rotation(u, 'X', 'X', v[0]);
  else if (!strcmp(g, "ryy") || !strcmp(g, "yy"))
    pauli_rotation(u, 'Y', 'Y', v[0]);
  else if (!strcmp(g, "rzz") || !strcmp(g, "zz"))
    diagonal4(u, c - I * d, c + I * d, c + I * d, c - I * d);
  else if (!strcmp(g, "rzx")) pauli_rotation(u, 'Z', 'X', v[0]);
  else if (!strcmp(g, "cphaseshift00")) diagonal4(u, cexp(I * v[0]), 1, 1, 1);
  else if (!strcmp(g, "cphaseshift01")) diagonal4(u, 1, cexp(I * v[0]), 1, 1);
  else if (!strcmp(g, "cphaseshift10")) diagonal4(u, 1, 1, cexp(I * v[0]), 1);
  else if (!strcmp(g, "ms")) {
    equatorial(&a, v[0]);
    equatorial(&b, v[1]);
    kron(u, &a, &b);
    for (size_t i = 0; i < 16; i++) u->m[i] *= -I * sin(v[2] / 2);
    for (size_t i = 0; i < 4; i++) *at(u, i, i) += cos(v[2] / 2);
  } else return false;
  return true;
}

/* Relative-phase Toffoli gates: the block of each value of the controls. */
static bool relative_phase(dense_t *u, const char *g) {
  size_t n = !strcmp(g, "rccx") ? 3 : !strcmp(g, "rc3x") ? 4 : 0;
  if (!n) return false;
  size_t last = ((size_t)1 << n) - 1;
  set_identity(u, n);
  *at(u, last, last) = *at(u, last - 1, last - 1) = 0;
  *at(u, last - 1, last) = n == 3 ? -I : 1;
  *at(u, last, last - 1) = n == 3 ? I : -1;
  if (n == 4) *at(u, last - 3, last - 3) = I;
  *at(u, last - 2, last - 2) = n == 3 ? -1 : -I;
  return true;
}

/* What a gate is: `controls` controls on another. cu takes a phase. */
static const struct {
  const char *name;
  size_t params, controls;
  const char *base;
} GATES[] = {
  {"x", 0, 0, "x"}, {"y", 0, 0, "y"}, {"z", 0, 0, "z"}, {"h", 0, 0, "h"},
  {"id", 0, 0, "id"}, {"i", 0, 0, "i"}, {"u0", 1, 0, "u0"}, {"s", 0, 0, "s"},
  {"sdg", 0, 0, "sdg"}, {"si", 0, 0, "si"}, {"t", 0, 0, "t"},
  {"tdg", 0, 0, "tdg"}, {"ti", 0, 0, "ti"}, {"sx", 0, 0, "sx"},
  {"v", 0, 0, "v"}, {"sxdg", 0, 0, "sxdg"}, {"vi", 0, 0, "vi"},
  {"rx", 1, 0, "rx"}, {"ry", 1, 0, "ry"}, {"rz", 1, 0, "rz"}, {"p", 1, 0, "p"},
  {"phase", 1, 0, "p"}, {"phaseshift", 1, 0, "p"}, {"u1", 1, 0, "p"},
  {"u2", 2, 0, "u2"}, {"u3", 3, 0, "u3"}, {"U", 3, 0, "U"}, {"u", 3, 0, "u"},
  {"r", 2, 0, "r"}, {"prx", 2, 0, "r"}, {"gpi", 1, 0, "gpi"},
  {"gpi2", 1, 0, "gpi2"}, {"cx", 0, 1, "x"}, {"CX", 0, 1, "x"},
  {"cnot", 0, 1, "x"}, {"cy", 0, 1, "y"}, {"cz", 0, 1, "z"}, {"ch", 0, 1, "h"},
  {"cs", 0, 1, "s"}, {"csdg", 0, 1, "sdg"}, {"csx", 0, 1, "sx"},
  {"cv", 0, 1, "sx"}, {"cp", 1, 1, "p"}, {"cphase", 1, 1, "p"},
  {"cphaseshift", 1, 1, "p"}, {"cu1", 1, 1, "p"}, {"crx", 1, 1, "rx"},
  {"cry", 1, 1, "ry"}, {"crz", 1, 1, "rz"}, {"cu3", 3, 1, "U"},
  {"cu", 4, 1, "cu"}, {"ccx", 0, 2, "x"}, {"ccnot", 0, 2, "x"},
  {"ccz", 0, 2, "z"}, {"c3x", 0, 3, "x"}, {"c4x", 0, 4, "x"},
  {"c3sqrtx", 0, 3, "sx"}, {"c3sx", 0, 3, "sx"}, {"cswap", 0, 1, "swap"},
  {"swap", 0, 0, "swap"}, {"iswap", 0, 0, "iswap"}, {"dcx", 0, 0, "dcx"},
  {"ecr", 0, 0, "ecr"}, {"rxx", 1, 0, "rxx"}, {"ryy", 1, 0, "ryy"},
  {"rzz", 1, 0, "rzz"}, {"rzx", 1, 0, "rzx"}, {"xx", 1, 0, "xx"},
  {"yy", 1, 0, "yy"}, {"zz", 1, 0, "zz"}, {"xy", 1, 0, "xy"},
  {"pswap", 1, 0, "pswap"}, {"cphaseshift00", 1, 0, "cphaseshift00"},
  {"cphaseshift01", 1, 0, "cphaseshift01"},
  {"cphaseshift10", 1, 0, "cphaseshift10"}, {"ms", 3, 0, "ms"},
  {"rccx", 0, 0, "rccx"}, {"rc3x", 0, 0, "rc3x"}, {"rcccx", 0, 0, "rc3x"},
  {"U1q", 2, 0, "r"}, {"Rz", 1, 0, "rz"}, {"RZZ", 1, 0, "rzz"},
};
enum { NUM_GATES = sizeof GATES / sizeof *GATES };

static void gate_matrix(dense_t *u, size_t gate, const double *v) {
  const char *base = GATES[gate].base;
  if (!strcmp(base, "cu")) u_gate(u, v[0], v[1], v[2], v[3]);
  else if (!one_qubit(u, base, v) && !two_qubits(u, base, v) &&
           !relative_phase(u, base))
    abort();
  for (size_t c = 0; c < GATES[gate].controls; c++) control(u, false);
}

static size_t gate_qubits(size_t gate) {
  static dense_t u;
  double v[4] = {0};
  gate_matrix(&u, gate, v);
  return u.n;
}

/* --- the circuit as the reader gives it -------------------------------------- */

/* u = (matrix of the gate on the given qubits) u; qubit j of the circuit is
   bit j of an index. */
static void apply(dense_t *u, dense_t *gate, const size_t *qubits) {
  size_t dim = (size_t)1 << u->n, d = (size_t)1 << gate->n;
  for (size_t col = 0; col < dim; col++)
    for (size_t row = 0; row < dim; row++) {
      cplx in[MAX_DIM], out[MAX_DIM];
      size_t index[MAX_DIM], mask = 0;
      for (size_t j = 0; j < gate->n; j++) mask |= (size_t)1 << qubits[j];
      if (row & mask) continue;
      for (size_t k = 0; k < d; k++) {
        index[k] = row;
        for (size_t j = 0; j < gate->n; j++)
          if (k >> (gate->n - 1 - j) & 1) index[k] |= (size_t)1 << qubits[j];
        in[k] = *at(u, index[k], col);
      }
      for (size_t k = 0; k < d; k++) {
        out[k] = 0;
        for (size_t l = 0; l < d; l++) out[k] += *at(gate, k, l) * in[l];
      }
      for (size_t k = 0; k < d; k++) *at(u, index[k], col) = out[k];
    }
}

static double rational(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

static double angle_value(const ansatz_t a, const angle_t angle,
                          const double *values) {
  double x = rational(angle->rad_part) + PI * rational(angle->pi_part);
  for (size_t j = 0; j < angle->num_terms; j++) {
    const angle_term_struct *t = angle->terms + j;
    double v = values[a->parameters[t->parameter].name[0] - 'a'];
    x += rational(t->coeff) * (t->times_pi ? PI : 1) * v;
  }
  return x;
}

/* Parameters are called a, b, c, d. */
static bool circuit_matrix(dense_t *u, const char *text, const double *values) {
  ansatz_t a;
  diagnostic_t diag;
  diagnostic_init(diag);
  if (reader_read_text(a, diag, "test", text, strlen(text), FORMAT_QASM, NULL,
                       0)) {
    char *message = diagnostic_get_str(diag);
    tap_diag("%s\n%s", message, text);
    free(message);
    diagnostic_clear(diag);
    return false;
  }
  static dense_t rotation, letter;
  set_identity(u, a->num_qubits);
  for (size_t i = 0; i < a->num_rotations; i++) {
    size_t w = pauli_words(a->num_qubits), qubits[MAX_QUBITS], count = 0;
    for (size_t j = 0; j < a->num_qubits; j++) {
      unsigned code = pauli_get(a->rotations[i].string, w, j);
      if (!code) continue;
      pauli(&letter, "IXZY"[code]);
      if (count) kron(&rotation, &rotation, &letter);
      else rotation = letter;
      qubits[count++] = j;
    }
    double t = angle_value(a, a->rotations[i].angle, values);
    for (size_t k = 0; k < (size_t)1 << 2 * count; k++)
      rotation.m[k] *= -I * sin(t / 2);
    for (size_t k = 0; k < (size_t)1 << count; k++)
      *at(&rotation, k, k) += cos(t / 2);
    apply(u, &rotation, qubits);
  }
  ansatz_clear(a);
  diagnostic_clear(diag);
  return true;
}

/* |Tr(a^dag b)| = dim iff equal up to a phase. Entries carry at most a few
   hundred roundings of 1e-16 each; 1e-10 leaves room. */
static bool same(dense_t *a, dense_t *b) {
  cplx trace = 0;
  size_t dim = (size_t)1 << a->n;
  if (a->n != b->n) return false;
  for (size_t i = 0; i < dim * dim; i++) trace += conj(a->m[i]) * b->m[i];
  return fabs(cabs(trace) / (double)dim - 1) < 1e-10;
}

/* Distinct random qubits of n. */
static void choose_qubits(size_t *qubits, size_t count, size_t n) {
  size_t all[MAX_QUBITS];
  for (size_t j = 0; j < n; j++) all[j] = j;
  for (size_t j = 0; j < count; j++) {
    size_t k = j + tap_random_below(n - j), t = all[k];
    all[k] = all[j];
    qubits[j] = all[j] = t;
  }
}

static const char HEAD[] = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                           "input float a; input float b; input float c; "
                           "input float d;\n";

/* name(a, b, ..) q[i], q[j]; */
static void print_call(char *out, size_t room, const char *modifiers,
                       const char *name, size_t params, const size_t *qubits,
                       size_t count) {
  size_t used = (size_t)snprintf(out, room, "%s%s", modifiers, name);
  for (size_t p = 0; p < params; p++)
    used += (size_t)snprintf(out + used, room - used, "%s%c%s", p ? ", " : "(",
                             (int)('a' + p), p + 1 == params ? ")" : "");
  for (size_t j = 0; j < count; j++)
    used += (size_t)snprintf(out + used, room - used, "%s q[%zu]",
                             j ? "," : "", qubits[j]);
  snprintf(out + used, room - used, ";\n");
}

static const char *const MODIFIERS[] = {"", "ctrl @ ", "negctrl @ ", "inv @ ",
  "ctrl @ inv @ ", "pow(2) @ ", "ctrl @ pow(-3) @ ", "inv @ negctrl @ ctrl @ ",
  "pow(2) @ ctrl @ ", "ctrl(2) @ ", "pow(0) @ "};
enum { NUM_MODIFIERS = sizeof MODIFIERS / sizeof *MODIFIERS };

/* Controls that a modifier adds. */
static const size_t ADDED[NUM_MODIFIERS] = {0, 1, 1, 0, 1, 0, 1, 2, 1, 2, 0};

static void power(dense_t *u, int k) {
  static dense_t base, r;
  base = *u;
  if (k < 0) adjoint(&base);
  set_identity(&r, u->n);
  for (int i = 0; i < abs(k); i++) multiply(&r, &r, &base);
  *u = r;
}

static void modify(dense_t *u, size_t modifier) {
  switch (modifier) {
  case 1: control(u, false); break;
  case 2: control(u, true); break;
  case 3: adjoint(u); break;
  case 4: adjoint(u); control(u, false); break;
  case 5: power(u, 2); break;
  case 6: power(u, -3); control(u, false); break;
  case 7: control(u, false); control(u, true); adjoint(u); break;
  case 8: control(u, false); power(u, 2); break;
  case 9: control(u, false); control(u, false); break;
  case 10: power(u, 0); break;
  default: break;
  }
}

static bool test_gate(size_t gate, size_t modifier) {
  static dense_t wanted, u, found;
  static char text[4096], call[512];
  double values[4];
  size_t qubits[MAX_QUBITS], n;
  for (int j = 0; j < 4; j++) values[j] = random_angle();
  if (gate_qubits(gate) + ADDED[modifier] > MAX_QUBITS) return true;
  gate_matrix(&u, gate, values);
  modify(&u, modifier);
  n = u.n + tap_random_below(MAX_QUBITS - u.n + 1);
  choose_qubits(qubits, u.n, n);
  print_call(call, sizeof call, MODIFIERS[modifier], GATES[gate].name,
             GATES[gate].params, qubits, u.n);
  snprintf(text, sizeof text, "%squbit[%zu] q;\n%s", HEAD, n, call);
  set_identity(&wanted, n);
  apply(&wanted, &u, qubits);
  if (circuit_matrix(&found, text, values) && same(&wanted, &found)) return true;
  tap_diag("differs: %s", text);
  return false;
}

/* A gate definition whose body is random gates of formal parameters, called
   with modifiers; the reference multiplies matrices. */
static bool test_definition(void) {
  static dense_t body, u, wanted, found;
  static char text[8192], call[512];
  double values[4], inner[4], formal[4];
  size_t n = 3, qubits[MAX_QUBITS], outer[MAX_QUBITS];
  for (int j = 0; j < 4; j++) values[j] = random_angle();
  /* f(a, b) called with (a + 2*b - pi/4, -b/3): formals shadow the inputs */
  formal[0] = values[0] + 2 * values[1] - PI / 4;
  formal[1] = -values[1] / 3;
  set_identity(&body, n);
  size_t used = (size_t)snprintf(text, sizeof text,
                                 "%sgate f(a, b) q0, q1, q2 {\n", HEAD);
  for (size_t k = 0; k < 1 + tap_random_below(4); k++) {
    size_t gate = tap_random_below(NUM_GATES), m = tap_random_below(4);
    while (gate_qubits(gate) + (m == 1 || m == 2) > n || GATES[gate].params > 2)
      gate = tap_random_below(NUM_GATES);
    inner[0] = formal[0];
    inner[1] = formal[1];
    inner[2] = inner[3] = 0;
    gate_matrix(&u, gate, inner);
    modify(&u, m);
    choose_qubits(qubits, u.n, n);
    print_call(call, sizeof call, MODIFIERS[m], GATES[gate].name,
               GATES[gate].params, qubits, u.n);
    for (char *p = call; (p = strstr(p, "q["));) {
      p[1] = p[2]; /* q[0] -> q0 */
      memmove(p + 2, p + 4, strlen(p + 4) + 1);
    }
    used += (size_t)snprintf(text + used, sizeof text - used, "  %s", call);
    size_t reversed[MAX_QUBITS];
    /* operand 0 of f is its most significant bit */
    for (size_t j = 0; j < u.n; j++) reversed[j] = n - 1 - qubits[j];
    apply(&body, &u, reversed);
  }
  double phase = random_angle();
  if (tap_random_below(2)) {
    used += (size_t)snprintf(text + used, sizeof text - used,
                             "  gphase(-2*a+pi/8)%s;\n",
                             tap_random_below(2) ? " q1" : ""); /* as PennyLane */
    phase = -2 * formal[0] + PI / 8;
    for (size_t i = 0; i < 64; i++) body.m[i] *= cexp(I * phase);
  }
  size_t m = tap_random_below(NUM_MODIFIERS), total = 6;
  modify(&body, m);
  choose_qubits(outer, body.n, total);
  print_call(call, sizeof call, MODIFIERS[m], "f(a + 2*b - pi/4, -b/3)", 0,
             outer, body.n);
  snprintf(text + used, sizeof text - used, "}\nqubit[%zu] q;\n%s", total, call);
  set_identity(&wanted, total);
  apply(&wanted, &body, outer);
  if (circuit_matrix(&found, text, values) && same(&wanted, &found)) return true;
  tap_diag("differs:\n%s", text);
  return false;
}

/* Fractional powers: principal roots of gates with commuting rotations. */
static bool test_root(const char *gate, size_t n, const char *root) {
  static dense_t a, b;
  static char text[2][1024];
  double values[4] = {0};
  const char *qubits = n == 1 ? "q[2], q[0]" : "q[2], q[0], q[1]";
  snprintf(text[0], sizeof text[0], "%squbit[3] q;\nctrl @ pow(1/2) @ %s %s;\n",
           HEAD, gate, qubits);
  snprintf(text[1], sizeof text[1], "%squbit[3] q;\nctrl @ %s %s;\n", HEAD,
           root, qubits);
  bool ok = circuit_matrix(&a, text[0], values) &&
            circuit_matrix(&b, text[1], values) && same(&a, &b);
  if (!ok) tap_diag("root of %s is not %s", gate, root);
  return ok;
}

int main(void) {
  tap_begin("t-gates");
  for (size_t m = 0; m < NUM_MODIFIERS; m++) {
    bool ok = true;
    for (size_t g = 0; g < NUM_GATES; g++)
      for (long i = 0; i < tap_iterations(2); i++) ok = test_gate(g, m) && ok;
    tap_ok(ok, "every gate under '%s'", MODIFIERS[m]);
  }
  bool ok = true;
  for (long i = 0; i < tap_iterations(150) && ok; i++) ok = test_definition();
  tap_ok(ok, "random gate definitions, called with modifiers");
  ok = test_root("z", 1, "s") && test_root("s", 1, "t") &&
       test_root("x", 1, "sx") && test_root("p(pi/4)", 1, "p(pi/8)") &&
       test_root("rx(2)", 1, "rx(1)") && test_root("rzz(1/2)", 2, "rzz(1/4)");
  tap_ok(ok, "square roots");
  return tap_end();
}
