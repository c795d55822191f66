/* What `check` makes of fixed gates at the ends of a circuit: states and observables
   behind random rotations against dense matrices in double precision; and certificates of
   random circuits with such gates, which must hold, and no longer when a digit of a moment
   is another one. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/check/check_turned.h"
#include "tests/program.h"
#include "tests/ref_dense.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 3, MAX_GATES = 5, ROOM = 4096 };

/* --- against dense matrices ------------------------------------------------------------- */

typedef struct {
  size_t n, count;
  uint64_t rows[MAX_GATES][2];
  long twelfths[MAX_GATES], hundredths[MAX_GATES];
} gates_t;

static void random_string(uint64_t *row, size_t n) {
  uint64_t mask = ((uint64_t)1 << n) - 1;
  do {
    row[0] = tap_random() & tap_random() & mask;
    row[1] = tap_random() & mask;
  } while (!(row[0] | row[1]));
}

static void random_gates(gates_t *g) {
  g->n = 1 + tap_random_below(MAX_QUBITS);
  g->count = 1 + tap_random_below(MAX_GATES);
  for (size_t i = 0; i < g->count; i++) {
    random_string(g->rows[i], g->n);
    g->twelfths[i] = (long)tap_random_below(47) - 23;
    g->hundredths[i] = tap_random_below(4) ? 0 : (long)tap_random_below(200) - 100;
  }
}

/* F = F_last ... F_first. */
static ref_entry_t *dense_gates(const gates_t *g) {
  ref_entry_t *out = ref_identity(g->n);
  for (size_t i = 0; i < g->count; i++) {
    ref_entry_t *p = ref_string(g->n, g->rows[i][0], g->rows[i][1]);
    double angle = (double)g->twelfths[i] * M_PI / 12 + (double)g->hundredths[i] / 100;
    ref_entry_t *f = ref_exponential(p, angle / 2, g->n);
    ref_entry_t *next = ref_product(f, out, g->n);
    free(p);
    free(f);
    free(out);
    out = next;
  }
  return out;
}

static ref_entry_t *dagger(const ref_entry_t *m, size_t n) {
  size_t dim = (size_t)1 << n;
  ref_entry_t *out = ref_zero(n);
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++) out[i * dim + j] = conj(m[j * dim + i]);
  return out;
}

static ref_entry_t *dense_sum(const pauli_sum_t sum) {
  ref_entry_t *out = ref_zero(sum->num_qubits);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *row = pauli_sum_string(sum, t);
    ref_entry_t *p = ref_string(sum->num_qubits, row[0], row[1]);
    ref_add(out, fmpq_get_d(sum->coeffs + t), p, sum->num_qubits);
    free(p);
  }
  return out;
}

/* 2^n rho */
static ref_entry_t *dense_state(const quantum_state_t rho) {
  size_t n = rho->num_qubits;
  ref_entry_t *out = ref_zero(n);
  fmpq_t value;
  fmpq_init(value);
  for (uint64_t code = 0; code < (uint64_t)1 << 2 * n; code++) {
    uint64_t row[2] = {code & (((uint64_t)1 << n) - 1), code >> n};
    ref_entry_t *p = ref_string(n, row[0], row[1]);
    if (code) quantum_state_expectation(value, rho, row);
    ref_add(out, code ? fmpq_get_d(value) : 1, p, n);
    free(p);
  }
  fmpq_clear(value);
  return out;
}

/* Entries of size 8 at most, through five products of 8 x 8 matrices. */
static bool are_near(const ref_entry_t *a, const ref_entry_t *b, size_t n) {
  double worst = 0;
  for (size_t i = 0; i < (size_t)1 << 2 * n; i++) worst = fmax(worst, cabs(a[i] - b[i]));
  return worst < 1e-11;
}

static void make_turns(check_turns_t *turns, const gates_t *g) {
  fmpq_t pi, radians;
  fmpq_init(pi);
  fmpq_init(radians);
  check_turns_init(turns, g->count);
  for (size_t i = 0; i < g->count; i++) {
    fmpq_set_si(pi, g->twelfths[i], 12);
    fmpq_set_si(radians, g->hundredths[i], 100);
    check_turns_add(turns, g->rows[i], pi, radians);
  }
  fmpq_clear(pi);
  fmpq_clear(radians);
}

static void random_sum(pauli_sum_t sum, size_t n) {
  uint64_t row[2];
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 1 + tap_random_below(3); t-- > 0;) {
    random_string(row, n);
    fmpq_set_si(c, (long)tap_random_below(9) - 4, 3);
    pauli_sum_push(sum, c, row);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

static void random_state(quantum_state_t out, size_t n) {
  stabilizer_state_t s;
  product_state_t p;
  fmpq_t x, y, z;
  stabilizer_state_init(s, n);
  switch (tap_random_below(4)) {
    case 0: stabilizer_state_set_zero(s); break;
    case 1: stabilizer_state_set_plus(s); break;
    case 2: stabilizer_state_set_ghz(s); break;
    default: break;
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
  if (tap_random_below(4)) return;
  fmpq_init(x);
  fmpq_init(y);
  fmpq_init(z);
  product_state_init(p, n);
  for (size_t j = 0; j < n; j++) {
    fmpq_set_si(x, 3, 5);
    fmpq_set_si(y, (long)tap_random_below(2), 2);
    fmpq_set_si(z, -1, 3);
    product_state_set_bloch(p, j, x, y, z);
  }
  quantum_state_set_product(out, p);
  product_state_clear(p);
  fmpq_clear(x);
  fmpq_clear(y);
  fmpq_clear(z);
}

static bool is_small(const fmpq_t error) { return fmpq_get_d(error) < 1e-80; }

static bool one_sum(const gates_t *g, const check_turns_t *turns, const ref_entry_t *f,
                    long *exact) {
  pauli_sum_t sum;
  fmpq_t error;
  fmpq_init(error);
  pauli_sum_init(sum, g->n);
  random_sum(sum, g->n);
  ref_entry_t *wanted = dense_sum(sum), *back = dagger(f, g->n);
  ref_conjugate(wanted, back, g->n);
  bool ok = check_turned_sum(sum, error, turns) && is_small(error);
  *exact += fmpq_is_zero(error);
  ref_entry_t *got = dense_sum(sum);
  ok = ok && are_near(got, wanted, g->n);
  free(wanted);
  free(back);
  free(got);
  fmpq_clear(error);
  pauli_sum_clear(sum);
  return ok;
}

static bool one_state(const gates_t *g, const check_turns_t *turns, const ref_entry_t *f,
                      long *exact) {
  quantum_state_t rho, out;
  fmpq_t error;
  fmpq_init(error);
  quantum_state_init(rho, g->n);
  quantum_state_init(out, g->n);
  random_state(rho, g->n);
  bool changes = check_turns_state(rho, turns);
  ref_entry_t *wanted = dense_state(rho), *as_before = dense_state(rho);
  ref_conjugate(wanted, f, g->n);
  bool ok = changes || are_near(as_before, wanted, g->n);
  if (changes) {
    ok = check_turned_state(out, error, rho, turns) && is_small(error);
    ref_entry_t *got = dense_state(out);
    ok = ok && are_near(got, wanted, g->n);
    free(got);
  }
  *exact += fmpq_is_zero(error);
  free(wanted);
  free(as_before);
  fmpq_clear(error);
  quantum_state_clear(rho);
  quantum_state_clear(out);
  return ok;
}

static void test_dense(void) {
  long count = tap_iterations(200), exact = 0;
  bool ok = true;
  for (long i = 0; i < count && ok; i++) {
    gates_t g;
    check_turns_t turns;
    random_gates(&g);
    make_turns(&turns, &g);
    ref_entry_t *f = dense_gates(&g);
    ok = one_sum(&g, &turns, f, &exact) && one_state(&g, &turns, f, &exact);
    if (!ok)
      for (size_t k = 0; k < g.count; k++)
        tap_diag("%zu qubits, gate x %llx z %llx, %ld pi/12 + 0.01 %ld", g.n,
                 (unsigned long long)g.rows[k][0], (unsigned long long)g.rows[k][1],
                 g.twelfths[k], g.hundredths[k]);
    free(f);
    check_turns_clear(&turns);
  }
  tap_ok(ok, "%ld sums and states behind fixed gates, %ld of them exact", count, exact);
}

/* --- certificates ------------------------------------------------------------------------- */

static void put(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(char *text, const char *format, ...) {
  size_t length = strlen(text);
  va_list args;
  va_start(args, format);
  vsnprintf(text + length, ROOM - length, format, args);
  va_end(args);
}

static void put_fixed(char *text, size_t n) {
  static const char *const angles[] = {"pi/4", "pi/3", "0.3", "-1.1", "pi/5", "2*pi/3"};
  const char *angle = angles[tap_random_below(6)];
  size_t q = tap_random_below(n);
  if (n > 1 && tap_random_below(4) == 0)
    put(text, "rzz(%s) q[%zu], q[%zu];\n", angle, q, (q + 1) % n);
  else
    put(text, "r%c(%s) q[%zu];\n", "xyz"[tap_random_below(3)], angle, q);
}

static void put_string(char *text, size_t n) {
  size_t sure = tap_random_below(n);
  for (size_t q = 0; q < n; q++)
    if (q == sure || tap_random_below(2)) put(text, " %c%zu", "XYZ"[tap_random_below(3)], q);
}

/* Fixed gates, then some with parameters of their own or a shared one, then fixed ones. */
static void random_circuit(char *text) {
  static const char *const states[] = {"zero", "plus", "mixed", "zero"};
  size_t n = 1 + tap_random_below(3), p = 1 + tap_random_below(4);
  bool shared = tap_random_below(3) == 0;
  put(text, "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n");
  for (size_t k = 0; k < p; k++) put(text, "input float a%zu;\n", k);
  put(text, "qubit[%zu] q;\n", n);
  for (size_t k = tap_random_below(3); k-- > 0;) put_fixed(text, n);
  for (size_t k = 0; k < p; k++) {
    size_t q = tap_random_below(n), angle = shared ? tap_random_below(p) : k;
    if (tap_random_below(4) == 0) put(text, "h q[%zu];\n", q);
    if (n > 1 && tap_random_below(3) == 0)
      put(text, "rzz(a%zu) q[%zu], q[%zu];\n", angle, q, (q + 1) % n);
    else
      put(text, "r%c(a%zu) q[%zu];\n", "xyz"[tap_random_below(3)], angle, q);
  }
  for (size_t k = tap_random_below(3); k-- > 0;) put_fixed(text, n);
  put(text, "#pragma liescape observable");
  put_string(text, n);
  put(text, " + 1/3");
  put_string(text, n);
  put(text, "\n#pragma liescape state %s\n", states[tap_random_below(4)]);
}

/* Another digit somewhere after the first two of a ball of full accuracy. */
static bool change_digit(json_t *ball) {
  const char *mid = json_string_value(json_object_get(ball, "mid"));
  char text[64];
  if (!mid || strlen(mid) < 20 || strlen(mid) >= sizeof text) return false;
  strcpy(text, mid);
  char *digit = text + (text[0] == '-') + 2 + tap_random_below(16);
  if (*digit < '0' || *digit > '9') return false;
  *digit = (char)('0' + (*digit - '0' + 1 + (int)tap_random_below(8)) % 10);
  json_object_set_new(ball, "mid", json_string(text));
  return true;
}

static json_t *pick_number(json_t *landscape) {
  static const char *const keys[] = {"mean", "variance", "gradient_variance",
                                     "mean_square"};
  json_t *at = json_object_get(landscape, keys[tap_random_below(4)]);
  if (json_is_array(at)) at = json_array_get(at, tap_random_below(json_array_size(at)));
  return at;
}

typedef struct {
  long circuits, balls, whole, altered, caught;
  bool ok;
} tally_t;

/* What a family of circuits is certified, checked and lied about with. */
typedef struct {
  void (*circuit)(char *text);
  /* Changes a number of the certificate; false: nothing was changed. */
  bool (*lie)(json_t *certificate, json_t *landscape);
  bool lie_of_whole; /* only where everything is re-proved */
  const char *forbidden[2]; /* not in the report of check; or NULL */
} family_t;

static bool says_none(const char *report, const family_t *family) {
  for (size_t k = 0; k < 2; k++)
    if (family->forbidden[k] && strstr(report, family->forbidden[k])) return false;
  return true;
}

static void one_certificate(tally_t *tally, const family_t *family) {
  char text[ROOM] = "";
  family->circuit(text);
  program_write("one.qasm", text);
  run_t run = program_run("$L certify -q one.qasm --json --time-limit=60; c=$?; "
                          "[ $c = 3 ] && c=0; exit $c");
  json_t *json = run_json(&run);
  json_t *landscape =
      json_array_get(json_object_get(json, "landscapes"), 0);
  program_write("one.json", run.out);
  run_t check = program_run("$L check one.json");
  tally->circuits++;
  tally->balls += json_is_object(json_object_get(landscape, "variance"));
  tally->whole += check.code == 0;
  tally->ok = run.code == 0 && (check.code == 0 || check.code == 3) &&
              says_none(check.out, family);
  if (tally->ok && (check.code == 0 || !family->lie_of_whole) &&
      family->lie(json, landscape)) {
    char *changed = json_dumps(json, JSON_COMPACT);
    program_write("other.json", changed);
    run_t other = program_run("$L check -q other.json");
    tally->altered++;
    tally->caught += other.code == 1;
    tally->ok = other.code == 1;
    run_clear(&other);
    free(changed);
  }
  if (!tally->ok) tap_diag("%s%s%s%s", text, run.err, check.err, check.out);
  json_decref(json);
  run_clear(&run);
  run_clear(&check);
}

static tally_t all_certificates(const family_t *family) {
  tally_t tally = {.ok = true};
  for (long i = tap_iterations(30); i-- > 0 && tally.ok;) one_certificate(&tally, family);
  return tally;
}

static bool change_some_digit(json_t *certificate, json_t *landscape) {
  (void)certificate;
  return change_digit(pick_number(landscape));
}

static void test_certificates(void) {
  static const family_t ends = {random_circuit, change_some_digit, true, {"fixed gates at"}};
  tally_t tally = all_certificates(&ends);
  tap_ok(tally.ok, "%ld circuits with fixed gates at their ends, %ld with balls, %ld "
         "re-proved whole; %ld of %ld other digits noticed", tally.circuits, tally.balls,
         tally.whole, tally.caught, tally.altered);
}

/* --- fixed gates between others ------------------------------------------------------------ */

static void put_between(char *text, size_t n) {
  static const char *const angles[] = {"pi/4", "pi/3", "pi/6", "-3*pi/4"};
  size_t q = tap_random_below(n);
  if (n == 3 && tap_random_below(2))
    put(text, "%s q[%zu], q[%zu], q[%zu];\n", tap_random_below(2) ? "ccx" : "cswap", q,
        (q + 1) % 3, (q + 2) % 3);
  else
    put(text, "r%c(%s) q[%zu];\n", "xyz"[tap_random_below(3)], angles[tap_random_below(4)], q);
}

static void between_circuit(char *text) {
  size_t n = 2 + tap_random_below(2), p = 2 + tap_random_below(4);
  put(text, "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n");
  for (size_t k = 0; k < p; k++) put(text, "input float a%zu;\n", k);
  put(text, "qubit[%zu] q;\n", n);
  for (size_t k = 0; k < p; k++) {
    size_t q = tap_random_below(n);
    if (tap_random_below(3) == 0)
      put(text, "rzz(a%zu) q[%zu], q[%zu];\n", k, q, (q + 1) % n);
    else
      put(text, "r%c(a%zu) q[%zu];\n", "xyz"[tap_random_below(3)], k, q);
    if (k + 1 < p && tap_random_below(2)) put_between(text, n);
  }
  put(text, "#pragma liescape observable");
  put_string(text, n);
  put(text, "\n");
}

/* Another number: of the algebra, of the moments, or the number of generators. */
static bool tell_lie(json_t *json, json_t *landscape) {
  json_t *ansatz = json_object_get(json, "ansatz"), *algebra = json_object_get(json, "algebra");
  json_t *gradient = json_object_get(landscape, "gradient_variance");
  size_t at = tap_random_below(json_array_size(gradient));
  switch (tap_random_below(4)) {
  case 0:
    return !json_object_set_new(algebra, "dimension", json_string("61"));
  case 1:
    return !json_object_set_new(ansatz, "generators", json_integer(17));
  case 2:
    return json_is_string(json_object_get(landscape, "variance")) &&
           !json_object_set_new(landscape, "variance", json_string("1/7919"));
  default:
    return json_is_string(json_array_get(gradient, at)) &&
           !json_array_set_new(gradient, at, json_string("1/7919"));
  }
}

static void test_between(void) {
  static const family_t between = {
      between_circuit, tell_lie, false,
      {"not re-proved    ansatz.", "not re-proved    algebra."}};
  tally_t tally = all_certificates(&between);
  tap_ok(tally.ok && tally.whole * 10 >= tally.circuits * 8,
         "%ld circuits with fixed gates between others, %ld re-proved whole; %ld of %ld other "
         "numbers noticed", tally.circuits, tally.whole, tally.caught, tally.altered);
}

/* --- a warm start ---------------------------------------------------------------------------- */

static const char warm[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput array[float, 38] a;\nqubit[12] q;\n"
    "for int i in [0:11] { ry(0.3) q[i]; }\n"
    "for int i in [0:10] { rzz(a[i]) q[i], q[i + 1]; }\n"
    "for int i in [0:11] { rx(a[11 + i]) q[i]; }\n"
    "#pragma liescape observable Z0 Z1 + Z5 Z6\n";

static void test_warm_start(void) {
  program_write("warm.qasm", warm);
  run_t run = program_run("$L certify -q warm.qasm --json=warm.json && $L check warm.json");
  tap_ok(run.code == 0 && strstr(run.out, " 0 fail, 0 were not re-proved"),
         "a warm start of 12 qubits is re-proved whole");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

/* Angles as programs write them that bind numbers: weights of the pairs are rounded then. */
static const char decimals[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float t;\nqubit[4] q;\nrx(t) q[0];\n"
    "for int l in [0:2] {\n"
    "for int i in [0:3] { ry(pi*0.2500000001*(l + 1)) q[i]; rz(pi*1.7004526419) q[i]; }\n"
    "cz q[0], q[1]; cz q[2], q[3]; cz q[1], q[2];\n}\nrx(t) q[0];\n";

static void test_decimals(void) {
  const char *srcdir = getenv("srcdir");
  char *root = realpath(srcdir ? srcdir : ".", NULL), *command;
  program_write("decimals.qasm", decimals);
  if (!root || asprintf(&command,
                        "for f in decimals.qasm '%s/examples/exported_cirq_hardware_efficient"
                        ".qasm'; do $L certify -q \"$f\" -O 'Z0 Z1' --json=c.json && "
                        "$L check c.json && sed '/\"finite_depth\"/,/mid/s/[.]../.07/' c.json "
                        "> d.json && ! cmp -s c.json d.json && { $L check -q d.json; "
                        "[ $? = 1 ]; } || exit 1; done", root) < 0)
    abort();
  run_t run = program_run(command);
  tap_ok(run.code == 0, "circuits of decimals are re-proved whole, and other means refused");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
  free(command);
  free(root);
}

/* The spectrum of an approximated state has near multiple eigenvalues: no law needs it. */
static const char shared[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput array[float, 4] a;\nqubit[12] q;\n"
    "for int i in [0:11] { ry(0.3) q[i]; }\n"
    "for int l in [0:1] {\n"
    "for int i in [0:10] { rzz(a[2 * l]) q[i], q[i + 1]; }\n"
    "for int i in [0:11] { rx(a[2 * l + 1]) q[i]; }\n}\n"
    "#pragma liescape observable Z0 Z1 + Z5 Z6\n";

static void test_shared_warm_start(void) {
  program_write("shared.qasm", shared);
  run_t run = program_run("ulimit -t 20; $L certify shared.qasm; c=$?; [ $c = 3 ] && c=0; "
                          "exit $c");
  tap_ok(run.code == 0 && strstr(run.out, "0.5908, 0.3777") &&
             strstr(run.out, "0.08333, 0.1081"),
         "two shared layers behind a warm start of 12 qubits are certified in time");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

/* Layers that turn a qubit on by pi/3: the variance is 1/12, 1/12 and 1/3 by turns, near
   that at least, and has no limit. */
static void test_no_limit(void) {
  static const char head[] =
      "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput array[float, 6] a;\nqubit[2] q;\n"
      "for int l in [0:2] { rx(pi/3) q[1]; rx(a[2 * l]) q[0]; ry(a[2 * l + 1]) q[0]; }\n"
      "#pragma liescape observable Z0 Z1\n";
  program_write("turning.qasm", head);
  run_t run = program_run("$L certify -q turning.qasm --json=turning.json; "
                          "grep -A1 '\"deep_variance\"' turning.json");
  tap_ok(strstr(run.out, "\"deep_variance\": null") ||
             strstr(run.out, "\"deep_variance\":null"),
         "layers that turn the state on have no limit");
  if (!strstr(run.out, "null")) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

/* The observable lies in the algebra, and the one rounded string by string does not. */
static void test_rounded_member(void) {
  program_write("member.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a; input float b;\n"
                "qubit[2] q;\ncry(pi/3 - a) q[0], q[1];\nrz(b + pi/4) q[1];\n"
                "cry(pi/8) q[0], q[1];\n#pragma liescape observable -1 Z1\n"
                "#pragma liescape state product 2/3,-1/3,2/3 3/5,0,4/5\n");
  run_t run = program_run("$L certify -q member.qasm --json=member.json; $L check member.json; "
                          "[ $? != 1 ]");
  tap_ok(run.code == 0, "a rounded observable is not called outside of the algebra");
  if (run.code) tap_diag("%s%s", run.out, run.err);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-check-turned");
  test_rounded_member();
  test_dense();
  test_certificates();
  test_between();
  test_warm_start();
  test_decimals();
  test_shared_warm_start();
  test_no_limit();
  program_end();
  return tap_end();
}
