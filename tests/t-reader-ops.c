/* Operator files and Pauli expressions: a table, and random sums against an
   evaluation that keeps terms as text. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/read/pauli_expr.h"
#include "cli/request/reader.h"
#include "tests/tap.h"

static char *expression(const char *text, size_t num_qubits) {
  pauli_sum_t sum;
  diagnostic_t diag;
  char *out = NULL;
  diagnostic_init(diag);
  pauli_sum_init(sum, num_qubits);
  if (pauli_expr_parse(sum, diag, "--observable", text, num_qubits))
    out = diagnostic_get_str(diag);
  else
    out = pauli_sum_get_str(sum);
  pauli_sum_clear(sum);
  diagnostic_clear(diag);
  return out;
}

static void test_expressions(void) {
  static const struct {
    const char *text, *sum;
  } cases[] = {
    {"1/2 X0 X1 - 0.25 Z3 + Y2", "1/2 X0 X1 + Y2 - 1/4 Z3"},
    {"Z3*X0", "X0 Z3"}, {"2 * X(0) @ Z{1}", "2 X0 Z1"}, {"X0Y1Z2", "X0 Y1 Z2"},
    {"0.1 X0", "1/10 X0"}, {"1e-3 X0", "1/1000 X0"}, {".5X0", "1/2 X0"},
    {"X0 - X0", "0"}, {"3", "3 I"}, {"I - Z0 I1", "-Z0 + I"},
    {"0.5 * (X0 + 2 Z1) Y2", "1/2 X0 Y2 + Y2 Z1"}, {"-X0", "-X0"},
    {"(X0 + Z0) (Y1 - 1)", "X0 Y1 - X0 + Z0 Y1 - Z0"},
    {"X0 * -2 / 4", "-1/2 X0"}, {"X0\n+ Z1 # rest", "X0 + Z1"},
    {"sum(i in 0..qubits-2: Z{i} Z{i+1})", "Z0 Z1 + Z1 Z2 + Z2 Z3 + Z3 Z4"},
    {"sum(i in 0..2: sum(j in i+1..2: (i+2*j) X{i} X{j}))",
     "2 X0 X1 + 4 X0 X2 + 5 X1 X2"},
    /* as other programs have them */
    {"XXIII + 2 IZIIY", "X0 X1 + 2 Z1 Y4"}, {"\"XXIII\"", "X3 X4"},
    {"\"XXIII\": 0.5, \"ZIIIY\": -1", "1/2 X3 X4 - Y0 Z4"},
    {"(0.5+0j) [X0 Z1] + (-1+0.0j) []", "1/2 X0 Z1 - I"},
    {"0.5 * Z(0) @ Z(1) - 1.5 * X(2)", "1/2 Z0 Z1 - 3/2 X2"},
    {"4 prod(i in 0..1: (1 + Z{i})/2)", "Z0 Z1 + Z0 + Z1 + I"},
    {"prod(k in 1..4: k) X0 + prod(i in 1..0: X{i})", "24 X0 + I"},
    {"sum(i in 3..2: X{i}) + Y0", "Y0"},
    {"sum(i in 0..3: Z{(2*i+1) % 5})", "Z0 + Z1 + Z2 + Z3"},
    {"sum(i in 0..4: i Z{i})", "Z1 + 2 Z2 + 3 Z3 + 4 Z4"},
    {"123456789012345678901234567890/2 X4", "61728394506172839450617283945 X4"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *text = expression(cases[i].text, 5);
    /* Y2 Z1 and the like: compare as operators, not as text */
    char *wanted = expression(cases[i].sum, 5);
    if (!tap_ok(!strcmp(text, wanted) && strncmp(text, "--", 2), "expression %zu",
                i))
      tap_diag("got %s, wanted %s", text, wanted);
    free(text);
    free(wanted);
  }
}

/* Random terms on 4 qubits: coefficients k/12 are added up in a table indexed
   by the four letters. */
static bool test_random(void) {
  long table[256] = {0};
  char text[4096];
  size_t used = 0, n = 4;
  for (size_t t = 0; t < 1 + tap_random_below(12); t++) {
    long k = (long)tap_random_below(25) - 12;
    size_t index = 0, start = tap_random_below(n);
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%ld/12",
                             k < 0 ? " - " : " + ", labs(k));
    for (size_t j = 0; j < n; j++) {
      size_t qubit = (start + j) % n, letter = tap_random_below(4);
      if (tap_random_below(2) || letter == 0) continue;
      index += letter << 2 * qubit;
      used += (size_t)snprintf(text + used, sizeof text - used, " %c%zu",
                               "IXZY"[letter], qubit);
    }
    table[index] += k;
  }
  pauli_sum_t sum;
  diagnostic_t diag;
  diagnostic_init(diag);
  pauli_sum_init(sum, n);
  bool ok = pauli_expr_parse(sum, diag, "random", text, n) == STATUS_OK;
  size_t terms = 0;
  for (size_t i = 0; i < 256; i++) terms += table[i] != 0;
  ok = ok && terms == sum->length;
  for (size_t t = 0; t < sum->length && ok; t++) {
    size_t index = 0;
    fmpq_t c;
    for (size_t j = 0; j < n; j++)
      index += (size_t)pauli_get(pauli_sum_string(sum, t), 1, j) << 2 * j;
    fmpq_init(c);
    fmpq_set_si(c, table[index], 12);
    ok = fmpq_equal(c, sum->coeffs + t);
    fmpq_clear(c);
  }
  if (!ok) tap_diag("%s", text);
  pauli_sum_clear(sum);
  diagnostic_clear(diag);
  return ok;
}

static bool read_file(ansatz_t a, const char *text, const char *qubits) {
  diagnostic_t diag;
  reader_override_t o = {"qubits", qubits};
  diagnostic_init(diag);
  status_t status = reader_read_text(a, diag, "-", text, strlen(text),
                                     FORMAT_AUTO, &o, qubits != NULL);
  if (status) tap_diag("%s", diag->message);
  diagnostic_clear(diag);
  return status == STATUS_OK;
}

static bool generator_is(const ansatz_t a, size_t j, const char *wanted) {
  char *text = pauli_sum_get_str(a->generators + j);
  bool ok = !strcmp(text, wanted);
  if (!ok) tap_diag("generator %zu is %s", j, text);
  free(text);
  return ok;
}

static void test_files(void) {
  static const char text[] =
      "# a comment first\n\n  qubits 4   # and one here\n"
      "generator X0 X1 + Y0 Y1\r\ngenerator -1/2 Z0 + 3\n"
      "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
      "for i in 0..1: for j in i+1..2: observable Z{i} Z{j}\n"
      "observable sum(k in 0..3: X{k})\nstate zero\nstate bits 01"
      "10\nstate ghz\nstate mixed\nparameters 3*qubits\n";
  ansatz_t a;
  bool ok = read_file(a, text, NULL);
  tap_ok(ok && a->kind == ANSATZ_OPERATORS && a->num_qubits == 4 &&
         a->num_generators == 5 && a->num_parameters == 12 &&
         generator_is(a, 0, "X0 X1 + Y0 Y1") &&
         generator_is(a, 1, "-1/2 Z0 + 3 I") && generator_is(a, 4, "Z2 Z3"),
         "generators as written, ranges, parameters");
  tap_ok(ok && a->num_observables == 4 && !strcmp(a->observables[1].text, "Z0 Z2")
         && !strcmp(a->observables[3].text, "sum(k in 0..3: X{k})") &&
         a->observables[3].sum->length == 4, "observables and their texts");
  tap_ok(ok && a->num_states == 4 && !strcmp(a->states[1].text, "bits 0110") &&
         a->states[1].state->as.stabilizer->signs[1] == 1 && a->states[1].state->as.stabilizer->signs[3] == 0 &&
         a->states[3].state->as.stabilizer->rank == 0, "states");
  if (ok) ansatz_clear(a);
  ok = read_file(a, "qubits 4\nfor i in 0..qubits-2: generator Z{i} Z{i+1}\n",
                 "7");
  tap_ok(ok && a->num_qubits == 7 && a->num_generators == 6 &&
         a->num_parameters == 6, "qubits set from outside");
  if (ok) ansatz_clear(a);
}

static void test_states(void) {
  quantum_state_t spec;
  diagnostic_t diag;
  uint64_t xx[2] = {3, 0}, zz[2] = {0, 3}, iz[2] = {0, 4}, z0[2] = {0, 1};
  diagnostic_init(diag);
  quantum_state_init(spec, 3);
  bool ok = state_spec_parse(spec, diag, "--state", "stabilizer +XXI -ZZI",
                             3) == STATUS_OK;
  const stabilizer_state_struct *state = spec->as.stabilizer;
  tap_ok(ok && state->rank == 2 && stabilizer_state_expectation(state, xx) == 1 &&
         stabilizer_state_expectation(state, zz) == -1 &&
         stabilizer_state_expectation(state, iz) == 0 &&
         stabilizer_state_expectation(state, z0) == 0,
         "stabilizers: the leftmost letter is qubit 0");
  quantum_state_clear(spec);
  diagnostic_clear(diag);
}

static bool spec_fails(const char *text) {
  quantum_state_t state;
  diagnostic_t diag;
  diagnostic_init(diag);
  quantum_state_init(state, 2);
  bool fails = state_spec_parse(state, diag, "--state", text, 2) ==
               STATUS_BAD_INPUT;
  quantum_state_clear(state);
  diagnostic_clear(diag);
  return fails;
}

static void test_product_states(void) {
  quantum_state_t state;
  diagnostic_t diag;
  uint64_t xz[2] = {1, 2}, y1[2] = {2, 2};
  fmpq_t value, expected;
  diagnostic_init(diag);
  quantum_state_init(state, 2);
  fmpq_init(value);
  fmpq_init(expected);
  bool ok = state_spec_parse(state, diag, "--state",
                             "product 3/5,0,4/5  -0.1,+1/3,-5e-1",
                             2) == STATUS_OK;
  ok = ok && state->kind == STATE_PRODUCT;
  if (ok) quantum_state_expectation(value, state, xz);
  fmpq_set_si(expected, -3, 10);
  ok = ok && fmpq_equal(value, expected);
  if (ok) quantum_state_expectation(value, state, y1);
  fmpq_set_si(expected, 1, 3);
  tap_ok(ok && fmpq_equal(value, expected), "product state");
  ok = state_spec_parse(state, diag, "--state", "product 3/5,0,4/5", 2) ==
       STATUS_OK;
  if (ok) quantum_state_expectation(value, state, xz);
  fmpq_set_si(expected, 12, 25);
  tap_ok(ok && fmpq_equal(value, expected), "one Bloch vector for all qubits");
  ok = state_spec_parse(state, diag, "--state", "product 0,0,-1 0,0,0", 2) ==
       STATUS_OK;
  tap_ok(ok && state->kind == STATE_STABILIZER &&
             state->as.stabilizer->rank == 1 &&
             state->as.stabilizer->signs[0] == 1,
         "vectors along axes give a stabilizer state");
  tap_ok(spec_fails("product") && spec_fails("product 1,1,0") &&
             spec_fails("product 1,0") && spec_fails("product 1/0,0,0") &&
             spec_fails("product 1,0,0 1,0,0 1,0,0") &&
             spec_fails("product 1,0,0x") && spec_fails("products 1,0,0"),
         "malformed product states are refused");
  fmpq_clear(value);
  fmpq_clear(expected);
  quantum_state_clear(state);
  diagnostic_clear(diag);
}

int main(void) {
  tap_begin("t-reader-ops");
  test_product_states();
  test_expressions();
  bool ok = true;
  for (long i = 0; i < tap_iterations(2000) && ok; i++) ok = test_random();
  tap_ok(ok, "random sums");
  test_files();
  test_states();
  return tap_end();
}
