/* --expressibility and --operators, run as a program, against dense matrices: the circuit
   at its own depth on a grid of angles that is exact for such trigonometric polynomials,
   the deep circuit by projection on the invariant tensors, the commutant by elimination.
   Every certificate goes through `check`, and an altered one must not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/ref_dense.h"
#include "tests/ref_haar.h"
#include "tests/ref_matrix.h"
#include "tests/tap.h"

enum { N = 2, DIM = 1 << N, GATES = 3, GRID = 5, STRINGS = 1 << 2 * N, SUMS = 3 };

static double number(const json_t *json) {
  const char *text = json_string_value(json), *slash = text ? strchr(text, '/') : NULL;
  if (!text) return NAN;
  return slash ? atof(text) / atof(slash + 1) : atof(text);
}

static const json_t *member(const json_t *json, const char *key) {
  return json_object_get(json, key);
}

/* --- circuits at their own depth -------------------------------------------------------- */

/* exp(-i theta P / 2) with fixed Hadamards and a controlled not in between. */
typedef struct {
  uint64_t x[GATES], z[GATES];
  int hadamard[GATES], cnot[GATES]; /* before gate k: on that qubit or -1; or not */
} circuit_t;

static void hadamard(ref_entry_t *v, int qubit) {
  for (int i = 0; i < DIM; i++) {
    if (i >> qubit & 1) continue;
    ref_entry_t a = v[i], b = v[i | 1 << qubit];
    v[i] = (a + b) * M_SQRT1_2;
    v[i | 1 << qubit] = (a - b) * M_SQRT1_2;
  }
}

static void cnot(ref_entry_t *v) { /* qubit 0 controls qubit 1 */
  ref_entry_t swap = v[1];
  v[1] = v[3];
  v[3] = swap;
}

/* |0> carried through the circuit, the last angle first varied by the caller. */
static void run_circuit(ref_entry_t *v, const circuit_t *c, const double *angles) {
  memset(v, 0, DIM * sizeof *v);
  v[0] = 1;
  for (int k = 0; k < GATES; k++) {
    if (c->hadamard[k] >= 0) hadamard(v, c->hadamard[k]);
    if (c->cnot[k]) cnot(v);
    ref_entry_t *p = ref_string(N, c->x[k], c->z[k]), moved[DIM];
    ref_apply(moved, p, v, N);
    for (int i = 0; i < DIM; i++)
      v[i] = cos(angles[k] / 2) * v[i] - I * sin(angles[k] / 2) * moved[i];
    free(p);
  }
  hadamard(v, 0); /* at the end: cancels in overlaps, not in entanglement */
  cnot(v);
}

static double bloch_square(const ref_entry_t *v, int qubit) {
  ref_entry_t off = 0;
  double z = 0;
  for (int i = 0; i < DIM; i++) {
    int other = i | 1 << qubit;
    double weight = creal(v[i] * conj(v[i]));
    z += i >> qubit & 1 ? -weight : weight;
    if (!(i >> qubit & 1)) off += conj(v[i]) * v[other];
  }
  return z * z + 4 * creal(off * conj(off));
}

static void grid_numbers(double *first, double *second, double *q, const circuit_t *c) {
  enum { POINTS = GRID * GRID * GRID };
  static ref_entry_t states[POINTS][DIM];
  double squares = 0;
  for (int k = 0; k < POINTS; k++) {
    double angles[] = {2 * M_PI * (k % GRID) / GRID, 2 * M_PI * (k / GRID % GRID) / GRID,
                       2 * M_PI * (k / GRID / GRID) / GRID};
    run_circuit(states[k], c, angles);
    for (int qubit = 0; qubit < N; qubit++) squares += bloch_square(states[k], qubit);
  }
  *q = 1 - squares / POINTS / N;
  *first = *second = 0;
  for (int a = 0; a < POINTS; a++)
    for (int b = 0; b < POINTS; b++) {
      ref_entry_t overlap = 0;
      for (int i = 0; i < DIM; i++) overlap += conj(states[a][i]) * states[b][i];
      double f = creal(overlap * conj(overlap));
      *first += f / POINTS / POINTS;
      *second += f * f / POINTS / POINTS;
    }
}

static void write_circuit(char *text, const circuit_t *c) {
  static const char *const rotations[] = {"", "rx", "rz", "ry"};
  text += sprintf(text, "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                        "input float a0; input float a1; input float a2;\nqubit[2] q;\n");
  for (int k = 0; k < GATES; k++) {
    if (c->hadamard[k] >= 0) text += sprintf(text, "h q[%d];\n", c->hadamard[k]);
    if (c->cnot[k]) text += sprintf(text, "cx q[0], q[1];\n");
    int on0 = (int)((c->x[k] & 1) | (c->z[k] & 1) << 1);
    int on1 = (int)((c->x[k] >> 1) | (c->z[k] >> 1) << 1);
    text += sprintf(text, "%s(a%d) q[%d];\n", rotations[on0 ? on0 : on1], k, on0 ? 0 : 1);
  }
  sprintf(text, "h q[0];\ncx q[0], q[1];\n");
}

static void random_circuit(circuit_t *c) {
  for (int k = 0; k < GATES; k++) {
    int letter = 1 + (int)tap_random_below(3), shift = (int)tap_random_below(2);
    c->x[k] = (uint64_t)(letter & 1) << shift;
    c->z[k] = (uint64_t)(letter >> 1) << shift;
    c->hadamard[k] = (int)tap_random_below(3) - 1;
    c->cnot[k] = (int)tap_random_below(2);
  }
}

static void test_circuits(void) {
  long done = 0, entangled = 0, iterations = tap_iterations(12);
  for (; done < iterations; done++) {
    circuit_t c;
    char text[1024];
    double first, second, q;
    random_circuit(&c);
    write_circuit(text, &c);
    program_write("c.qasm", text);
    run_t run = program_run("$L certify c.qasm --expressibility --operators --json");
    json_t *json = run_json(&run);
    const json_t *entry = json_array_get(member(json, "expressibility"), 0);
    const json_t *own = member(entry, "finite_depth");
    grid_numbers(&first, &second, &q, &c);
    bool ok = fabs(number(member(own, "frame_potential_1")) - first) < 1e-10 &&
              fabs(number(member(own, "frame_potential_2")) - second) < 1e-10 &&
              fabs(number(member(own, "entanglement")) - q) < 1e-10;
    entangled += q > 0.01;
    if (!ok) {
      tap_diag("seed %llu, %s", (unsigned long long)tap_seed(), text);
      tap_diag("expected %.12g %.12g %.12g", first, second, q);
    }
    json_decref(json);
    run_clear(&run);
    if (!ok) break;
  }
  tap_ok(done == iterations, "circuits at their own depth: %ld against grids", done);
  tap_occurred(entangled > 0, "some of them entangle");
}

/* --- groups ------------------------------------------------------------------------------- */

/* Sums of two strings with small coefficients, and their text. */
static void random_sum(pauli_sum_t sum, char **text) {
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, N);
  while (!sum->length) {
    for (int t = 0; t < 2; t++) {
      uint64_t p[2] = {tap_random_below(DIM), tap_random_below(DIM)};
      if (!(p[0] | p[1])) p[1] = 1;
      fmpq_set_si(c, (long)tap_random_below(3) - 1, 1);
      pauli_sum_push(sum, c, p);
    }
    pauli_sum_canonicalise(sum);
  }
  *text = pauli_sum_get_str(sum);
  fmpq_clear(c);
}

/* rho = |00><00| over the strings, in the order of ref_haar: 1/4 of I, Z0, Z1, Z0 Z1. */
static void state_vector(double *v, double scale) {
  memset(v, 0, STRINGS * sizeof *v);
  for (int z = 0; z < DIM; z++) v[z << N] = scale;
}

/* E[(Tr rho U^dag O U)^2], O by its coefficients. */
static double second_moment(const ref_haar_t *ref, const double *o) {
  double *x = malloc(STRINGS * STRINGS * sizeof *x), r[STRINGS], sum = 0;
  for (int i = 0; i < STRINGS; i++)
    for (int j = 0; j < STRINGS; j++) x[i * STRINGS + j] = o[i] * o[j];
  ref_haar_project(x, ref);
  state_vector(r, 1);
  for (int i = 0; i < STRINGS; i++)
    for (int j = 0; j < STRINGS; j++) sum += r[i] * r[j] * x[i * STRINGS + j];
  free(x);
  return sum;
}

static double haar_entanglement(const ref_haar_t *ref) {
  double sum = 0;
  for (int qubit = 0; qubit < N; qubit++)
    for (int letter = 1; letter < 4; letter++) {
      double o[STRINGS] = {0};
      o[(letter & 1) << qubit | (letter >> 1) << (qubit + N)] = 1;
      sum += second_moment(ref, o);
    }
  return 1 - sum / N;
}

/* What all maps kill: STRINGS less the rank of them above each other. */
static int nullity(const ref_haar_t *ref) {
  size_t rows = ref->count * STRINGS;
  double *m = malloc(rows * STRINGS * sizeof *m);
  for (size_t k = 0; k < ref->count; k++)
    memcpy(m + k * STRINGS * STRINGS, ref->k[k], STRINGS * STRINGS * sizeof *m);
  size_t rank = ref_matrix_rank(m, rows, STRINGS, 1e-9);
  free(m);
  return STRINGS - (int)rank;
}

static bool operators_are_right(const json_t *json, const ref_haar_t *ref) {
  const json_t *operators = member(json, "operators");
  int listed = (int)json_array_size(member(operators, "commutant"));
  bool products = !strcmp(json_string_value(member(operators, "commutant_is")), "products");
  int centre = (int)json_array_size(member(operators, "centre"));
  const char *said = json_string_value(member(member(json, "algebra"), "center"));
  return (products ? 1 << listed : listed) == nullity(ref) && said && centre == atoi(said);
}

static bool one_group(long *with_centre, long *with_more) {
  pauli_sum_struct sums[SUMS];
  size_t count = 1 + tap_random_below(SUMS);
  char text[1024] = "qubits 2\n";
  for (size_t k = 0; k < count; k++) {
    char *line;
    random_sum(sums + k, &line);
    sprintf(text + strlen(text), "generator %s\n", line);
    free(line);
  }
  ref_haar_t ref;
  ref_haar_init(&ref, sums, count, N);
  program_write("g.ops", text);
  run_t run = program_run("$L certify g.ops --expressibility --operators --json");
  json_t *json = run_json(&run);
  const json_t *entry = json_array_get(member(json, "expressibility"), 0);
  double rho[STRINGS];
  state_vector(rho, 1.0 / DIM);
  double second = second_moment(&ref, rho), q = haar_entanglement(&ref);
  bool ok = fabs(number(member(entry, "frame_potential_2")) - second) < 1e-9 &&
            fabs(number(member(entry, "entanglement")) - q) < 1e-9 &&
            operators_are_right(json, &ref);
  *with_centre += json_array_size(member(member(json, "operators"), "centre")) > 0;
  *with_more += nullity(&ref) > 1;
  if (!ok) tap_diag("expected %.12g %.12g, commutant %d of\n%s", second, q, nullity(&ref), text);
  json_decref(json);
  run_clear(&run);
  ref_haar_clear(&ref);
  for (size_t k = 0; k < count; k++) pauli_sum_clear(sums + k);
  return ok;
}

static void test_groups(void) {
  long done = 0, with_centre = 0, with_more = 0, iterations = tap_iterations(30);
  while (done < iterations && one_group(&with_centre, &with_more)) done++;
  tap_ok(done == iterations, "groups: %ld against projections", done);
  tap_occurred(with_centre > 0 && with_more > 0, "some have a centre, some a commutant");
}

/* --- what must be refused ------------------------------------------------------------------- */

static void test_alterations(void) {
  static const struct {
    const char *edit, *what;
  } list[] = {
      {"s|\"frame_potential_2\": \"1/5\"|\"frame_potential_2\": \"1/4\"|", "a frame potential"},
      {"s|\"X0 X1 + Y0 Y1 + Z0 Z1\"|\"X0 X1 + Y0 Y1 - Z0 Z1\"|", "an operator of the commutant"},
      {"s|\"centre\": \\[\\]|\"centre\": [\"X0 X1 + Y0 Y1 + Z0 Z1\"]|", "a centre"},
      {"s|\"entanglement\": \"[0-9/]*\"|\"entanglement\": \"1/7\"|", "the entanglement"}};
  program_write("s.ops", "qubits 2\ngenerator X0 + X1\ngenerator Z0 + Z1\n");
  run_t run = program_run("$L certify s.ops -q --expressibility --operators --json=s.json && "
                          "$L check s.json | tail -1");
  tap_ok(run.code == 0 && strstr(run.out, " 0 fail"), "the collective spin is accepted");
  run_clear(&run);
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    char command[512];
    snprintf(command, sizeof command, "sed '%s' s.json >t.json; cmp -s s.json t.json && exit 9; "
                                      "$L check t.json", list[i].edit);
    run = program_run(command);
    tap_ok(run.code == 1, "%s that was altered is refused", list[i].what);
    run_clear(&run);
  }
}

/* --- reasons ------------------------------------------------------------------------------ */

static void test_reasons(void) {
  run_t run = program_run("printf 'qubits 2\\ngenerator X0\\ngenerator Z0 Z1\\nstate mixed\\n' | "
                          "$L certify - --format ops --expressibility --json");
  json_t *json = run_json(&run);
  const json_t *entry = json_array_get(member(json, "expressibility"), 0);
  const char *code = json_string_value(member(entry, "reason_code"));
  tap_ok(code && !strcmp(code, "state_mixed") &&
             json_is_null(member(entry, "frame_potential_2")) &&
             json_is_null(member(entry, "entanglement")), "a mixed state: unknown, and why");
  json_decref(json);
  run_clear(&run);
  run = program_run("$L certify g.ops --operators --sweep n=2,3");
  tap_ok(run.code == 2, "not with --sweep");
  run_clear(&run);
}

int main(void) {
  tap_begin("t-states");
  test_circuits();
  test_groups();
  test_alterations();
  test_reasons();
  program_end();
  return tap_end();
}
