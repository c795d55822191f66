/* Mean neural tangent kernels: at finite depth against a grid of angles with density
   matrices; the deep one on a qubit, where it is that of Bloch vectors; certificates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/eigenvalues_json.h"
#include "cli/format/json_number.h"
#include "tests/depth_tools.h"
#include "tests/program.h"

/* The case's two kinds of state, both ways round. */
static bool compare(const tool_case_t *c, const depth_distribution_t *laws,
                    long *nonzero) {
  depth_state_t a = {.stabilizer = c->stabilizer}, b = {.product = c->product};
  depth_number_t x, y;
  depth_limits_t limits;
  ref_grid_t grid = {.gradient = calloc(c->ansatz->num_parameters + 1, sizeof(double))};
  depth_limits_default(&limits);
  depth_number_init(x);
  depth_number_init(y);
  double want = ref_grid_kernel(c->ansatz, c->observable, a, b, laws);
  ref_grid_moments(&grid, c->ansatz, c->observable, a, laws); /* for its tolerance */
  bool ok = !finite_depth_kernel(x, c->ansatz, c->observable, a, b, laws, &limits) &&
            !finite_depth_kernel(y, c->ansatz, c->observable, b, a, laws, &limits);
  double tolerance = grid.tolerance * (double)(c->ansatz->num_parameters + 1);
  ok = ok && fabs(tool_value(x) - want) <= tolerance && fabs(tool_value(y) - want) <= tolerance;
  *nonzero += fabs(want) > 1e-6;
  if (!ok) {
    tap_diag("found %.15g and %.15g, grid %.15g", tool_value(x), tool_value(y), want);
    tool_case_print(c);
  }
  depth_number_clear(x);
  depth_number_clear(y);
  free(grid.gradient);
  return ok;
}

static void test_grid(tool_kind_t kind, bool with_laws, const char *what) {
  bool ok = true;
  long runs = tap_iterations(40), nonzero = 0;
  for (long i = 0; i < runs && ok; i++) {
    tool_case_t c;
    depth_distribution_t laws[8];
    fmpq_t width;
    tool_random_case(&c, kind);
    fmpq_init(width);
    fmpq_set_si(width, 1, 2);
    for (size_t k = 0; k < c.ansatz->num_parameters; k++)
      laws[k] = (depth_distribution_t){.law = ANGLE_INTERVAL, .width = width};
    if (!with_laws || ref_grid_points(c.ansatz, laws) <= 5000)
      ok = compare(&c, with_laws ? laws : NULL, &nonzero);
    fmpq_clear(width);
    tool_case_clear(&c);
  }
  tap_ok(ok, "%s: kernels of two inputs are those of the grid", what);
  tap_occurred(20 * nonzero > runs, "%ld of %ld are not 0", nonzero, runs);
}

/* One qubit turned everywhere: K_ij = K_00 times the product of the Bloch vectors;
   E[(dl)^2] = E |[H, O']|^2 ... = 4/3 . 1/3 (2 - 0) / 2 for each of three generators
   exp(-i theta H) on a pure state: 8/9 . 3 in all. */
static void test_qubit(void) {
  program_write("bloch.ops", "qubits 1\ngenerator X0\ngenerator Y0\ngenerator Z0\n"
                             "observable Z0\nstate zero\nstate bits 1\nstate plus\n"
                             "state product 3/5,0,4/5\nstate product 1/2,0,0\n");
  run_t run = program_run("$L certify bloch.ops --json");
  json_t *json = run_json(&run);
  static const double bloch[5][3] = {
      {0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {0.6, 0, 0.8}, {0.5, 0, 0}};
  const json_t *deep = cert_at(json, "kernel.deep");
  double total = 0;
  bool ok = json_array_size(deep) == 5;
  for (size_t k = 0; k < 3; k++)
    total += cert_get_double(json_array_get(
        json_object_get(json_array_get(json_object_get(json, "landscapes"), 0),
                        "gradient_variance"), k));
  for (size_t i = 0; i < 5 && ok; i++)
    for (size_t j = 0; j < 5 && ok; j++) {
      double dot = 0;
      for (int x = 0; x < 3; x++) dot += bloch[i][x] * bloch[j][x];
      double value = cert_get_double(json_array_get(json_array_get(deep, i), j));
      ok = fabs(value - total * dot) < 1e-14;
      if (!ok) tap_diag("entry %zu %zu: %.15g, not %.15g", i, j, value, total * dot);
    }
  tap_ok(ok && total > 0, "a qubit: the deep kernel is that of Bloch vectors");
  json_decref(json);
  run_clear(&run);
}

/* A rank-one matrix, a double eigenvalue, and irrational ones. */
static void test_eigenvalues(void) {
  static const struct {
    const char *rows;
    size_t n;
    double values[3];
  } cases[] = {{"[[\"1\",\"1\"],[\"1\",\"1\"]]", 2, {2, 0}},
               {"[[\"1/2\",\"0\"],[\"0\",\"1/2\"]]", 2, {0.5, 0.5}},
               {"[[\"0\",\"1\",\"0\"],[\"1\",\"0\",\"1\"],[\"0\",\"1\",\"0\"]]", 3,
                {1.4142135623730951, 0, -1.4142135623730951}}};
  bool ok = true;
  for (size_t c = 0; c < sizeof cases / sizeof *cases && ok; c++) {
    json_t *rows = json_loads(cases[c].rows, 0, NULL);
    arb_ptr values = _arb_vec_init(3);
    ok = eigenvalues_find(values, rows, cases[c].n);
    for (size_t i = 0; i < cases[c].n && ok; i++)
      ok = fabs(arf_get_d(arb_midref(values + i), ARF_RND_NEAR) - cases[c].values[i]) <
               1e-15 &&
           mag_get_d(arb_radref(values + i)) < 1e-30;
    if (!ok) tap_diag("case %zu", c);
    _arb_vec_clear(values, 3);
    json_decref(rows);
  }
  tap_ok(ok, "eigenvalues");
}

static void test_program(void) {
  program_write("states.txt", "bits 01 # one\n\n  plus\n# none\nghz\n");
  program_write("bad.txt", "zero\n bits 0x\n");
  program_write("c.qasm", "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a;\n"
                          "input float b; input float c;\nqubit[2] q;\nrx(a) q[0];\n"
                          "ry(b) q[1];\ncx q[0], q[1];\nrx(c) q[1];\n"
                          "#pragma liescape observable Z0 + X1\n");
  run_t run = program_run("$L certify c.qasm --data states.txt --json=k.json && "
                          "$L check k.json; $L verify k.json --samples 400");
  tap_ok(run.code == 0 && strstr(run.out, "holds            kernel.finite_depth") &&
             strstr(run.out, "holds            kernel.deep") &&
             strstr(run.out, " kernel with plus") &&
             strstr(run.out, "own depth: kernel with plus") &&
             strstr(run.out, "Mean neural tangent kernel of the 3 inputs"),
         "states of a file: certified, checked, verified (exit %d)", run.code);
  run_clear(&run);
  run = program_run("$L certify c.qasm --data bad.txt");
  tap_ok(run.code == 2 && strstr(run.err, "bad.txt:2:8: "),
         "a bad line is told with its place");
  if (run.code != 2) tap_diag("%s", run.err);
  run_clear(&run);
  run = program_run("$L certify c.qasm --data none.txt");
  tap_ok(run.code == 2 && strstr(run.err, "none.txt"), "a file that is not there");
  run_clear(&run);
}

/* How many checks have a name that begins so, and how many of them fail. */
static size_t count_checks(const json_t *verified, const char *begin, size_t *failed) {
  const json_t *checks = json_object_get(verified, "checks"), *check;
  size_t i, count = 0;
  *failed = 0;
  json_array_foreach((json_t *)checks, i, check) {
    const char *name = json_string_value(json_object_get(check, "name"));
    if (strncmp(name, begin, strlen(begin))) continue;
    count++;
    *failed += json_is_false(json_object_get(check, "holds"));
  }
  return count;
}

/* verify, on samples: of the kernel as certified nothing falls, of one with another
   entry that entry. */
static void verify_kernel(json_t *certificate, const char *member, const char *begin,
                          const char *layers, const char *what) {
  char command[100];
  snprintf(command, sizeof command, "$L verify altered.json --samples 1000 --json %s",
           layers);
  json_t *matrix = json_object_get(json_object_get(certificate, "kernel"), member);
  json_t *row = json_array_get(matrix, 0), *other = json_array_get(matrix, 1);
  json_t *old = json_incref(json_array_get(row, 1));
  size_t failed[2], counts[2];
  for (int altered = 0; altered < 2; altered++) {
    if (altered) {
      fmpq_t number, half;
      fmpq_init(number);
      fmpq_init(half);
      fmpq_set_si(half, 1, 2);
      cert_get_fmpq(number, old);
      fmpq_addmul(number, number, half);
      json_array_set_new(row, 1, cert_fmpq(number));
      json_array_set_new(other, 0, cert_fmpq(number));
      fmpq_clear(number);
      fmpq_clear(half);
    }
    program_write_json("altered.json", certificate);
    run_t run = program_run(command);
    json_t *verified = json_loads(run.out, 0, NULL);
    counts[altered] = count_checks(verified, begin, failed + altered);
    json_decref(verified);
    run_clear(&run);
  }
  json_array_set(row, 1, old);
  json_array_set_new(other, 0, old);
  tap_ok(counts[0] == 6 && !failed[0] && counts[1] == 6 && failed[1] == 1,
         "%s, %s: %zu entries stand, and %zu falls", what, member, counts[0], failed[1]);
}

static void test_verify(const char *file, const char *what, bool is_deep, bool has_depth) {
  char command[64];
  snprintf(command, sizeof command, "$L certify %s --json -q", file);
  run_t run = program_run(command);
  json_t *certificate = run_json(&run);
  if (is_deep) verify_kernel(certificate, "deep", "kernel with ", "", what);
  if (has_depth)
    verify_kernel(certificate, "finite_depth", "own depth: kernel with ",
                  is_deep ? "" : "--layers 8", what);
  json_decref(certificate);
  run_clear(&run);
}

/* Overlapping inputs, pure and mixed: a list of sums in which a generator comes twice as
   often as another; a circuit with shared angles; and one of eight qubits. */
static void test_sampled(void) {
  static const char states[] = "state zero\nstate product 3/5,0,4/5\n"
                               "state product 1/3,0,1/2\n";
  char text[400];
  snprintf(text, sizeof text, "qubits 1\ngenerator X0\ngenerator Y0\nobservable Z0\n"
                              "%sparameters 3\n", states);
  program_write("list.ops", text);
  program_write("shared.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a;\n"
                "input float b;\nqubit[2] q;\nrx(a) q[0];\nrx(a) q[1];\n"
                "cx q[0], q[1];\nrz(b) q[1];\ncx q[0], q[1];\nry(b) q[0];\n"
                "#pragma liescape observable X0 X1 + Z0\n"
                "#pragma liescape state zero\n#pragma liescape state bits 10\n"
                "#pragma liescape state product 3/5,0,4/5 0,0,1\n");
  program_write("eight.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput array[float, 16] t;\n"
                "qubit[8] q;\nfor int i in [0:7] { rx(t[i]) q[i]; }\n"
                "for int i in [0:6] { cz q[i], q[i + 1]; }\n"
                "for int i in [0:7] { ry(t[8 + i]) q[i]; }\n"
                "#pragma liescape observable Z0 + Z1\n#pragma liescape state zero\n"
                "#pragma liescape state product 0,0,1/2 0,0,1 0,3/5,4/5 0,0,1 0,0,1 0,0,1 "
                "0,0,1 0,0,1\n#pragma liescape state bits 01000000\n");
  test_verify("list.ops", "a list", true, false);
  test_verify("shared.qasm", "shared angles", true, true);
  test_verify("eight.qasm", "eight qubits", false, true);
}

int main(void) {
  tap_begin("t-kernel");
  test_grid(TOOL_INDEPENDENT, false, "angles of their own");
  test_grid(TOOL_ANY, false, "shared and fixed angles");
  test_grid(TOOL_INDEPENDENT, true, "laws");
  test_eigenvalues();
  test_qubit();
  test_program();
  test_sampled();
  program_end();
  return tap_end();
}
