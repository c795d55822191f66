/* Families through the program: what grows how, and on what it rests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

/* Member of an object by a path "a.b.0.c", as text; "null"; "?" when it is not
   there. */
static const char *member(const json_t *json, const char *path) {
  static char number[32];
  char key[64];
  while (json && *path) {
    size_t length = strcspn(path, ".");
    if (length >= sizeof key) return "?";
    memcpy(key, path, length);
    key[length] = 0;
    json = json_is_array(json) ? json_array_get(json, (size_t)atol(key))
                               : json_object_get(json, key);
    path += length + (path[length] == '.');
  }
  if (json_is_integer(json))
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json));
  return json_is_string(json)    ? json_string_value(json)
         : json_is_integer(json) ? number
         : json_is_null(json)    ? "null"
                                 : "?";
}

typedef struct {
  const char *path, *value;
} expected_t;

static void check_family(const char *what, const char *command,
                         const expected_t *expected, size_t count) {
  run_t run = program_run(command);
  json_t *json = run_json(&run);
  bool ok = run.code == 0 && json;
  for (size_t i = 0; i < count && ok; i++) {
    const char *found = member(json, expected[i].path);
    if (strcmp(found, expected[i].value)) {
      ok = false;
      tap_diag("%s: %s is '%s', not '%s'", command, expected[i].path, found,
               expected[i].value);
    }
  }
  if (run.code != 0) tap_diag("exit %d: %.300s", run.code, run.err);
  tap_ok(ok, "%s", what);
  json_decref(json);
  run_clear(&run);
}

#define SIZES "qubits=4,8,16,32,64,128,256,512,1024"

/* Universal layers: su(2^n), Var = 1/(2^n + 1), the variance of an expectation
   value over a unitary 2-design (McClean et al. 2018, arXiv:1803.11173). */
static void test_universal(void) {
  program_write("hea.ops",
                "qubits 4\nfor i in 0..qubits-1: generator X{i}\n"
                "for i in 0..qubits-1: generator Y{i}\n"
                "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
                "observable Z0\n");
  static const expected_t expected[] = {
      {"growth.classification", "1 x su(2^n)"},
      {"growth.algebra_dimension_formula", "4^n - 1"},
      {"growth.degrees_of_freedom", "exponential"},
      {"growth.degrees_of_freedom_formula", "2^n"},
      {"growth.gradient_variance", "exponential decay"},
      {"growth.basis", "closed form"},
      {"growth.landscapes.0.gaussian_process.verdict", "yes"},
      {"growth.landscapes.0.gaussian_process.sequence.0", "3/4"},
      {"growth.landscapes.0.trainable", "no"},
      {"sweep.0.landscapes.0.variance", "1/17"},
      {"sweep.8.value", "1024"}};
  check_family("universal layers up to 1024 qubits",
               "$L certify hea.ops --sweep " SIZES " --json", expected,
               sizeof expected / sizeof *expected);
  static const expected_t five[] = {
      {"growth.gradient_variance_formula", "2 4^n/((2^n - 1) (2^n + 1)^2)"},
      {"growth.basis", "closed form"},
      {"growth.landscapes.0.trainable", "no"}};
  check_family("five sizes decide",
               "$L certify hea.ops --sweep qubits=4,8,16,32,64 --json", five,
               sizeof five / sizeof *five);
  static const expected_t three[] = {
      {"growth.added.0", "12"},
      {"growth.added.1", "20"},
      {"growth.sizes.2", "12"},
      {"growth.gradient_variance_formula", "2 4^n/((2^n - 1) (2^n + 1)^2)"},
      {"growth.degrees_of_freedom_formula", "2^n"},
      {"added.0.algebra.dimension", "16777215"},
      {"growth.landscapes.0.trainable", "no"}};
  check_family("three sizes are made more",
               "$L certify hea.ops --sweep qubits=4,8,16 --json", three,
               sizeof three / sizeof *three);
}

/* so(2n), O = sum Z Z on zero: E[(dl)^2] = 16 (n-1)^3/(n^2 (2n-1)^2) for every
   parameter, from the projection of O onto the ideal and the Haar average over its
   orbit; by a fit it looks like exponential decay. */
static void test_ising_sum(void) {
  program_write("sum.ops",
                "qubits 3\nfor i in 0..qubits-2: generator Z{i} Z{i+1}\n"
                "for i in 0..qubits-1: generator X{i}\n"
                "observable sum(i in 0..qubits-2: Z{i} Z{i+1})\nstate zero\n");
  static const expected_t expected[] = {
      {"growth.gradient_variance", "polynomial decay"},
      {"growth.gradient_variance_formula", "16 (n - 1)^3/(n^2 (2 n - 1)^2)"},
      {"growth.basis", "closed form"},
      {"growth.landscapes.0.trainable", "undecided"},
      {"sweep.7.landscapes.0.gradient_variance.0", "2916/9025"}};
  check_family("sum of Z Z on the Ising chain, n = 3..10",
               "$L certify sum.ops --sweep qubits=3,4,5,6,7,8,9,10 --json",
               expected, sizeof expected / sizeof *expected);
  check_family("the same from three sizes",
               "$L certify sum.ops --sweep qubits=3,4,5 --json", expected, 4);
}

/* Free fermions: so(n) + so(n) and so(2n) (Wiersema et al., arXiv:2309.05690).
   On plus, X0 is the first Majorana mode of expectation 1: a spin factor of 2n
   generators, whose loss is a coordinate of a uniform point on a sphere,
   E[l^2] = 1/(2n), p* = 2n - 1. */
static void test_fermions(void) {
  program_write("xy.ops",
                "qubits 4\nfor i in 0..qubits-2: generator X{i} X{i+1}\n"
                "for i in 0..qubits-2: generator Y{i} Y{i+1}\n"
                "observable Z0\n");
  static const expected_t xy[] = {
      {"growth.classification", "2 x so(n)"},
      {"growth.algebra_dimension_formula", "n^2 - n"},
      {"growth.gradient_variance", "polynomial decay"},
      {"growth.gradient_variance_basis", "closed form"},
      {"growth.landscapes.0.trainable", "undecided"}};
  check_family("XY chain up to 1024 qubits",
               "$L certify xy.ops --sweep " SIZES " --json", xy,
               sizeof xy / sizeof *xy);
  program_write("tfim.ops",
                "qubits 4\nfor i in 0..qubits-2: generator X{i} X{i+1}\n"
                "for i in 0..qubits-1: generator Z{i}\n"
                "observable X0\nobservable Z0\nstate plus\n");
  static const expected_t tfim[] = {
      {"growth.classification", "1 x so(2 n)"},
      {"growth.algebra_dimension", "polynomial"},
      {"growth.degrees_of_freedom", "polynomial"},
      {"growth.degrees_of_freedom_formula", "2 n - 1"},
      {"growth.gradient_variance", "polynomial decay"},
      {"growth.basis", "closed form"},
      {"growth.landscapes.0.gaussian_process.verdict", "yes"},
      {"growth.landscapes.0.gaussian_process.sequence.0", "12/7"},
      {"growth.landscapes.0.gaussian_process.kurtosis_finite_formula",
       "-3/(n + 1)"},
      {"growth.landscapes.0.trainable", "yes"},
      {"growth.landscapes.1.trainable", "undecided"},
      {"growth.landscapes.1.gaussian_process.verdict", "undecided"}};
  check_family("transverse-field Ising chain up to 256 qubits",
               "$L certify tfim.ops --sweep qubits=4,8,16,32,64,128,256 --json", tfim,
               sizeof tfim / sizeof *tfim);
}

/* Independent qubits: each expectation value is uniform on [-1, 1], excess
   kurtosis -6/5, and that of n of them is -6/(5 n). */
static void test_products(void) {
  program_write("product.ops",
                "qubits 4\nfor i in 0..qubits-1: generator X{i}\n"
                "for i in 0..qubits-1: generator Y{i}\n"
                "observable Z0\nobservable sum(i in 0..qubits-1: Z{i})\n");
  static const expected_t expected[] = {
      {"growth.classification", "n x su(2)"},
      {"growth.degrees_of_freedom", "constant"},
      {"growth.landscapes.0.gaussian_process.verdict", "no"},
      {"growth.landscapes.0.gaussian_process.sequence_finite.5", "-6/5"},
      {"growth.landscapes.1.gaussian_process.verdict", "yes"},
      {"growth.landscapes.1.gaussian_process.kurtosis_finite_formula",
       "-6/(5 n)"},
      {"growth.landscapes.1.degrees_of_freedom_formula", "2 n"},
      {"growth.landscapes.1.trainable", "yes"}};
  check_family("independent qubits",
               "$L certify product.ops --sweep "
               "qubits=64,2,3,4,5,6,8,16,32 --json", expected,
               sizeof expected / sizeof *expected);
}

/* The layers of a hardware-efficient circuit: no size. Own variances by enumeration of
   Pauli paths (finite_depth.h), the same as of each circuit by itself. */
static void test_layers(void) {
  static const expected_t expected[] = {
      {"growth.variable", "value"},
      {"growth.classification", "null"},
      {"growth.algebra_dimension_formula", "null"},
      {"growth.degrees_of_freedom_formula", "null"},
      {"growth.trainable", "undecided"},
      {"growth.landscapes.0.circuits.0.variance", "1/4"},
      {"growth.landscapes.0.circuits.0.live_parameters", "2"},
      {"growth.landscapes.0.circuits.1.variance", "21/128"},
      {"growth.landscapes.0.circuits.1.median_gradient_variance", "13/128"},
      {"growth.landscapes.0.circuits.1.shots", "107/13"},
      {"growth.landscapes.0.circuits.2.variance", "1016129/8388608"},
      {"growth.landscapes.0.circuits.2.live_parameters", "23"},
      {"growth.landscapes.0.circuits.3.live_parameters", "79"},
      {"growth.landscapes.0.circuits.3.parameters", "320"},
      {"sweep.0.algebra.dimension", "60"},
      {"sweep.3.algebra.dimension", "1099511627775"}};
  const char *srcdir = getenv("srcdir");
  char *root = realpath(srcdir ? srcdir : ".", NULL), command[4096];
  static const char format[] = "$L certify '%s/examples/hardware_efficient.qasm' "
                               "-D n=20 --sweep layers=%s --json %s";
  snprintf(command, sizeof command, format, root, "1,2,4,8", "");
  check_family("a sweep over layers of 20 qubits", command, expected,
               sizeof expected / sizeof *expected);
  static const expected_t no[] = {{"growth.trainable", "no"},
                                  {"sweep.0.landscapes.0.verdict.trainable", "no"},
                                  {"growth.algebra_dimension_formula", "null"}};
  snprintf(command, sizeof command, format, root, "1,2,4", "--max-shots 2");
  check_family("all of them no", command, no, sizeof no / sizeof *no);
  static const expected_t mixed[] = {
      {"growth.trainable", "undecided"},
      {"sweep.0.landscapes.0.verdict.trainable", "yes"}, /* a sum of two cosines */
      {"sweep.2.landscapes.0.verdict.trainable", "no"}};
  snprintf(command, sizeof command, format, root, "1,2,4", "--max-shots 20");
  check_family("some of them no", command, mixed, sizeof mixed / sizeof *mixed);
  static const expected_t width[] = {
      {"growth.gradient_variance", "exponential decay"},
      {"growth.own_variance", "constant"},
      {"growth.own_variance_formula", "1016129/8388608"},
      {"growth.own_variance_from", "8"},
      {"growth.own_variance_basis", "exact values"},
      {"growth.own_gradient_variance_formula", "325569/8388608"},
      {"growth.trainable", "undecided"}};
  snprintf(command, sizeof command,
           "$L certify '%s/examples/hardware_efficient.qasm' "
           "--sweep n=4,8,16,32,64 --json", root);
  check_family("four layers at any width", command, width,
               sizeof width / sizeof *width);
  free(root);
}

/* The verdict of a family in a size. One layer of RX and a ladder of CX: the last Z is
   the product of all, E[(dl)^2] = 2^-n by hand. */
static void test_verdicts(void) {
  program_write("ladder.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst int n = 3;\n"
                "input array[float[64], n] a;\nqubit[n] q;\n"
                "#pragma liescape observable Z{n-1}\n"
                "for int i in [0:n - 1] { rx(a[i]) q[i]; }\n"
                "for int i in [0:n - 2] { cx q[i], q[i + 1]; }\n");
  static const expected_t ladder[] = {
      {"growth.own_gradient_variance", "exponential decay"},
      {"growth.own_gradient_variance_formula", "1/2^n"},
      {"growth.own_gradient_variance_basis", "exact values"},
      {"growth.own_variance_formula", "1/2^n"},
      {"growth.landscapes.0.circuits.2.median_gradient_variance", "1/32"},
      {"sweep.0.landscapes.0.verdict.trainable", "undecided"},
      {"growth.trainable", "no"}};
  check_family("exponential decay at a circuit's own depth",
               "$L certify ladder.qasm --sweep n=3,4,5,6,7 --json", ladder,
               sizeof ladder / sizeof *ladder);
  static const expected_t polynomial[] = {
      {"growth.gradient_variance", "polynomial decay"},
      {"sweep.0.landscapes.0.verdict.trainable", "yes"},
      {"sweep.3.landscapes.0.verdict.trainable", "no"},
      {"growth.landscapes.0.trainable", "no"}};
  check_family("polynomial decay, but too many shots at the largest sizes",
               "$L certify tfim.ops --sweep qubits=4,8,16,32,64 --max-shots 50 "
               "--json", polynomial, sizeof polynomial / sizeof *polynomial);
  static const expected_t largest[] = {
      {"sweep.4.landscapes.0.verdict.trainable", "no"},
      {"sweep.3.landscapes.0.verdict.trainable", "yes"},
      {"growth.landscapes.0.trainable", "undecided"}};
  check_family("polynomial decay, but too many shots at the largest size",
               "$L certify tfim.ops --sweep qubits=4,8,16,32,64 --max-shots 1000 "
               "--json", largest, sizeof largest / sizeof *largest);
}

/* Not families in a size. */
static void test_refusals(void) {
  program_write("fixed.qasm",
                "OPENQASM 3.0;\nconst int reps = 1;\ninput array[float, 40] a;\n"
                "qubit[2] q;\nfor int k in [0:reps-1] { rx(a[2*k]) q[0]; "
                "ry(a[2*k+1]) q[0]; }\n#pragma liescape observable Z0\n");
  static const expected_t depth[] = {
      {"growth.variable", "value"},
      {"growth.degrees_of_freedom", "constant"},
      {"growth.landscapes.0.gaussian_process.verdict", "no"}};
  check_family("a sweep over layers",
               "$L certify fixed.qasm --sweep reps=2,4,6,8,10 --json", depth,
               sizeof depth / sizeof *depth);
  static const expected_t shares[] = {
      {"growth.variable", "value"},
      {"growth.sizes", "null"},
      {"growth.reason", "the values are not positive integers"},
      {"growth.landscapes.0.circuits.1.variance", "1/2"},
      {"growth.trainable", "yes"}}; /* one cosine */
  program_write("shift.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                "const float shift = 0;\ninput float a;\nqubit[1] q;\n"
                "rx(a + shift) q[0];\n#pragma liescape observable Z0\n");
  check_family("values that are no whole numbers",
               "$L certify shift.qasm --sweep shift=0.5,0 --json", shares,
               sizeof shares / sizeof *shares);
  static const expected_t twice[] = {
      {"growth.reason", "two members have the same size"}};
  check_family("the same size twice",
               "$L certify product.ops --sweep qubits=2,3,2 --json", twice, 1);
}

/* --- check ------------------------------------------------------------------------ */

static bool is_words(const char *key) {
  return !strcmp(key, "because") || !strcmp(key, "reason");
}

static size_t caught, missed;

/* Alters every leaf below, one at a time, and runs check on the whole. */
static void alter_leaves(json_t *root, json_t *json, const char *key) {
  const char *name;
  json_t *item;
  void *next;
  size_t i;
  if (json_is_object(json))
    json_object_foreach_safe(json, next, name, item) {
      json_incref(item);
      if (json_is_object(item) || json_is_array(item)) {
        alter_leaves(root, item, name);
      } else if (!json_is_null(item) && !is_words(name)) {
        json_object_set_new(json, name,
                            json_is_integer(item)
                                ? json_integer(json_integer_value(item) + 1)
                                : json_sprintf("3 %s",
                                               json_string_value(item)));
        program_write_json("altered.json", root);
        run_t run = program_run("$L check -q altered.json");
        if (run.code == 1) caught++;
        else if (missed++ < 3) tap_diag("%s: exit %d", name, run.code);
        run_clear(&run);
        json_object_set(json, name, item);
      }
      json_decref(item);
    }
  else
    json_array_foreach(json, i, item)
      if (json_is_object(item)) {
        alter_leaves(root, item, key);
      } else if (json_is_string(item)) {
        json_t *other = json_sprintf("1%s", json_string_value(item));
        json_incref(item);
        json_array_set_new(json, i, other);
        program_write_json("altered.json", root);
        run_t run = program_run("$L check -q altered.json");
        if (run.code == 1) caught++;
        else if (missed++ < 3) tap_diag("%s[%zu]: exit %d", key, i, run.code);
        run_clear(&run);
        json_array_set_new(json, i, item);
      }
}

static void test_check(void) {
  run_t run = program_run("$L certify product.ops --sweep "
                          "qubits=2,3,4,5,6 --json=family.json -q && "
                          "$L check -q family.json && cat family.json");
  json_t *json = run_json(&run);
  tap_ok(run.code == 0 && json, "the certificate of a family passes check");
  alter_leaves(json, json_object_get(json, "growth"), "growth");
  tap_ok(json && caught > 40 && !missed,
         "%zu alterations of its growth are caught, %zu are not", caught,
         missed);
  json_decref(json);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-family");
  test_universal();
  test_fermions();
  test_ising_sum();
  test_layers();
  test_verdicts();
  test_products();
  test_refusals();
  test_check();
  program_end();
  return tap_end();
}
