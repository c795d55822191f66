/* Suggestions against the program itself: every one is made, certified on its
   own, and compared; and no single change that the test can think of is
   better than the first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

enum { MAX_LINES = 16, MAX_TEXT = 1024 };

typedef struct {
  const char *name;
  int qubits, parameters;
  size_t count;
  const char *generators[MAX_LINES];
  const char *observable, *state;
} input_t;

static const input_t inputs[] = {
    {"universal on three qubits", 3, 16, 8,
     {"X0", "Y0", "X1", "Y1", "X2", "Y2", "Z0 Z1", "Z1 Z2"}, "Z0", "zero"},
    {"transverse-field Ising chain", 4, 14, 7,
     {"X0 X1", "X1 X2", "X2 X3", "Z0", "Z1", "Z2", "Z3"}, "X0", "plus"},
    {"one central generator", 2, 4, 1, {"Z0 Z1"}, "X0 + Z1", "plus"},
    {"two qubits", 2, 3, 3, {"X0", "Z0 Z1", "Y1"}, "Z0 + Z1", "zero"}};

/* The operator file without generators a and b, and with one more. */
static void write_input(const char *path, const input_t *in, size_t a,
                        size_t b, const char *more, int parameters) {
  char text[MAX_TEXT];
  size_t n = (size_t)snprintf(text, sizeof text, "qubits %d\n", in->qubits);
  for (size_t i = 0; i < in->count; i++)
    if (i != a && i != b)
      n += (size_t)snprintf(text + n, sizeof text - n, "generator %s\n",
                            in->generators[i]);
  if (more)
    n += (size_t)snprintf(text + n, sizeof text - n, "generator %s\n", more);
  snprintf(text + n, sizeof text - n,
           "observable %s\nstate %s\nparameters %d\n", in->observable,
           in->state, parameters);
  program_write(path, text);
}

static const json_t *get(const json_t *json, const char *a, const char *b) {
  json = json_object_get(json, a);
  return b ? json_object_get(json, b) : json;
}

static double number(const json_t *json) {
  const char *text = json_string_value(json);
  if (!text) return 0;
  const char *slash = strchr(text, '/');
  return strtod(text, NULL) / (slash ? strtod(slash + 1, NULL) : 1);
}

static int rank(const char *verdict) {
  return !strcmp(verdict, "yes") ? 2 : !strcmp(verdict, "undecided") ? 1 : 0;
}

typedef struct {
  char dimension[40], threshold[40], verdict[16];
  double gradient;
} numbers_t;

static void copy_text(char *out, size_t size, const json_t *json) {
  const char *text = json_string_value(json);
  snprintf(out, size, "%s", text ? text : "null");
}

/* The median (the smaller of two) of the numbers above 0; 0 when there are none. */
static double median(const json_t *list) {
  double values[64];
  size_t count = 0;
  for (size_t k = 0; k < json_array_size(list) && count < 64; k++) {
    double value = number(json_array_get(list, k));
    if (value > 0) values[count++] = value;
  }
  qsort(values, count, sizeof *values, tap_compare_doubles);
  return count ? values[(count - 1) / 2] : 0;
}

static numbers_t certified(const char *path) {
  numbers_t out = {0};
  char command[128];
  snprintf(command, sizeof command, "$L certify %s --json", path);
  run_t run = program_run(command);
  json_t *json = run_json(&run);
  const json_t *l = json_array_get(json_object_get(json, "landscapes"), 0);
  copy_text(out.dimension, sizeof out.dimension,
            get(json, "algebra", "dimension"));
  copy_text(out.threshold, sizeof out.threshold,
            get(l, "minima", "threshold"));
  copy_text(out.verdict, sizeof out.verdict, get(l, "verdict", "trainable"));
  out.gradient = median(json_object_get(l, "gradient_variance"));
  json_decref(json);
  run_clear(&run);
  return out;
}

static numbers_t claimed(const json_t *json) {
  numbers_t out = {0};
  copy_text(out.dimension, sizeof out.dimension, get(json, "dimension", NULL));
  copy_text(out.threshold, sizeof out.threshold, get(json, "threshold", NULL));
  copy_text(out.verdict, sizeof out.verdict, get(json, "verdict", NULL));
  out.gradient = number(get(json, "gradient_variance", NULL));
  return out;
}

/* Decimal readings of equal fractions and of their reciprocals. */
static bool same_numbers(const numbers_t *a, const numbers_t *b) {
  return !strcmp(a->dimension, b->dimension) &&
         !strcmp(a->threshold, b->threshold) &&
         !strcmp(a->verdict, b->verdict) &&
         a->gradient <= b->gradient * (1 + 1e-12) &&
         b->gradient <= a->gradient * (1 + 1e-12);
}

/* Verdict, then gradient. */
static bool is_better(const numbers_t *a, const numbers_t *b) {
  if (rank(a->verdict) != rank(b->verdict))
    return rank(a->verdict) > rank(b->verdict);
  return a->gradient > b->gradient * (1 + 1e-12);
}

static size_t find_generator(const input_t *in, const json_t *name) {
  for (size_t i = 0; i < in->count; i++)
    if (!strcmp(in->generators[i], json_string_value(name))) return i;
  return SIZE_MAX;
}

static bool suggestion_holds(const input_t *in, const json_t *s) {
  const json_t *names = get(s, "generators", NULL);
  bool drop = !strcmp(json_string_value(get(s, "action", NULL)), "drop");
  const json_t *first = json_array_get(names, 0);
  size_t a = drop ? find_generator(in, first) : SIZE_MAX;
  size_t b = drop && json_array_size(names) > 1
                 ? find_generator(in, json_array_get(names, 1))
                 : SIZE_MAX;
  if (drop && a == SIZE_MAX) return false;
  write_input("changed.ops", in, a, b, drop ? NULL : json_string_value(first),
              (int)json_integer_value(get(s, "parameters", NULL)));
  numbers_t found = certified("changed.ops"), said = claimed(s);
  if (same_numbers(&found, &said)) return true;
  tap_diag("%s %s: says dimension %s, p* %s, gradient %g, %s; it is %s, %s, %g, "
           "%s", drop ? "drop" : "add", json_string_value(first),
           said.dimension, said.threshold, said.gradient, said.verdict,
           found.dimension, found.threshold, found.gradient, found.verdict);
  return false;
}

/* Dropping any one, adding any letter on any qubit. */
static bool nothing_beats(const input_t *in, const numbers_t *best) {
  bool ok = true;
  for (size_t i = 0; i < in->count && in->count > 1; i++) {
    int p = (int)((in->parameters * ((int)in->count - 1) + (int)in->count - 1) /
                  (int)in->count);
    write_input("changed.ops", in, i, i, NULL, p);
    numbers_t found = certified("changed.ops");
    ok = ok && !is_better(&found, best);
  }
  for (int q = 0; q < in->qubits; q++)
    for (const char *letter = "XYZ"; *letter; letter++) {
      char name[16];
      snprintf(name, sizeof name, "%c%d", *letter, q);
      int p = (int)((in->parameters * ((int)in->count + 1) + (int)in->count -
                     1) / (int)in->count);
      write_input("changed.ops", in, SIZE_MAX, SIZE_MAX, name, p);
      numbers_t found = certified("changed.ops");
      ok = ok && !is_better(&found, best);
    }
  return ok;
}

static size_t test_input(const input_t *in) {
  write_input("in.ops", in, SIZE_MAX, SIZE_MAX, NULL, in->parameters);
  run_t run = program_run("$L certify in.ops --suggest --json");
  json_t *json = run_json(&run);
  const json_t *list = json_object_get(json, "suggestions");
  const json_t *about = json_object_get(json, "suggest");
  size_t count = json_array_size(list);
  numbers_t present = claimed(get(about, "present", NULL));
  numbers_t now = certified("in.ops"), last = present, best = present;
  bool ok = run.code == 0 && json_is_array(list);
  tap_ok(same_numbers(&present, &now), "%s: the present numbers", in->name);
  tap_ok(json_integer_value(get(about, "tried", NULL)) ==
                 json_integer_value(get(about, "candidates", NULL)) &&
             json_integer_value(get(about, "tried", NULL)) > 0,
         "%s: everything was tried", in->name);
  for (size_t i = 0; i < count && ok; i++) {
    numbers_t here = claimed(json_array_get(list, i));
    ok = suggestion_holds(in, json_array_get(list, i)) &&
         !is_better(&present, &here) && (i == 0 || !is_better(&here, &last));
    last = here;
    if (i == 0) best = here;
  }
  tap_ok(ok, "%s: %zu suggestions, true and in order", in->name, count);
  tap_ok(nothing_beats(in, &best), "%s: no single change is better", in->name);
  json_decref(json);
  run_clear(&run);
  return count;
}

/* The examples with generators that are strings: their certificates hold. */
static void test_examples(void) {
  static const char *const examples[] = {
      "brickwall.qasm", "exported_cirq_hardware_efficient.qasm",
      "exported_pennylane_singles_doubles.qasm",
      "exported_pennylane_strongly_entangling.qasm",
      "exported_qiskit_efficient_su2.qasm",
      "exported_qiskit_real_amplitudes_qasm2.qasm",
      "exported_qiskit_transpiled.qasm", "hardware_efficient.qasm",
      "qaoa_ring_multiangle.qasm", "tfim_hva.ops", "xy_matchgate.qasm"};
  const char *srcdir = getenv("srcdir");
  char *root = realpath(srcdir ? srcdir : ".", NULL), command[4096];
  for (size_t i = 0; i < sizeof examples / sizeof *examples && root; i++) {
    snprintf(command, sizeof command,
             "$L certify -q --suggest --time-limit 1 -O Z0 '%s/examples/%s' "
             "--json=e.json; $L check e.json", root, examples[i]);
    run_t run = program_run(command);
    const char *tried = strstr(run.out, "suggest.tried");
    if (!tap_ok((run.code == 0 || run.code == 3) && tried, "%s: what is suggested holds",
                examples[i]))
      tap_diag("exit %d: %.400s", run.code, run.err);
    run_clear(&run);
  }
  free(root);
}

static void expect(const char *command, int code, const char *part) {
  run_t run = program_run(command);
  if (!tap_ok(run.code == code && (strstr(run.out, part) ||
                                   strstr(run.err, part)), "%s", command))
    tap_diag("exit %d: %.200s %.200s", run.code, run.out, run.err);
  run_clear(&run);
}

/* Where nothing is tried, the certificate says why, and check agrees. */
static void test_refused(void) {
  static const struct {
    const char *text, *code;
  } cases[] = {{"qubits 2\ngenerator X0\ngenerator Z0 Z1\n", "suggest_needs_observable"},
               {"qubits 2\nsymbol J\ngenerator X0\ngenerator J Z0 Z1\nobservable Z0\n",
                "suggest_needs_numbers"},
               {"qubits 2\ngenerator 0\nobservable Z0\n", "suggest_needs_generator"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    program_write("refused.ops", cases[i].text);
    run_t run = program_run("$L certify -q refused.ops --suggest --json=refused.json; "
                            "cat refused.json");
    json_t *json = run_json(&run);
    const char *code = json_string_value(
        json_object_get(json_object_get(json, "suggest"), "reason_code"));
    bool said = code && !strcmp(code, cases[i].code);
    run_clear(&run);
    run = program_run("$L check -q refused.json");
    tap_ok(said && (run.code == 0 || run.code == 3), "%s: said and checked", cases[i].code);
    if (!said || run.code) tap_diag("%s, exit %d: %s", code ? code : "?", run.code, run.err);
    run_clear(&run);
    json_decref(json);
  }
}

/* In the user's own words: circuit and operator file with one thing left out, by hand
   and by --suggest. */
static void test_whole(const char *what, const char *whole, const char *without,
                       const char *key, const char *named) {
  program_write("whole.in", whole);
  program_write("without.in", without);
  run_t run = program_run("$L certify whole.in --suggest --json");
  json_t *json = run_json(&run), *found = NULL;
  const json_t *list = json_object_get(json, "suggestions");
  for (size_t i = 0; i < json_array_size(list) && !found; i++) {
    json_t *s = json_array_get(list, i), *name = json_object_get(s, key);
    char text[64] = "?";
    if (json_is_integer(name))
      snprintf(text, sizeof text, "%lld", (long long)json_integer_value(name));
    else copy_text(text, sizeof text, json_array_get(name, 0));
    if (!strcmp(text, named)) found = s;
  }
  bool ok = run.code == 0 && found;
  if (ok) {
    numbers_t said = claimed(found), is = certified("without.in");
    copy_text(is.verdict, sizeof is.verdict, get(found, "verdict", NULL));
    ok = same_numbers(&said, &is);
    if (!ok)
      tap_diag("says %s, %g, %s; it is %s, %g, %s", said.dimension,
               said.gradient, said.threshold, is.dimension, is.gradient,
               is.threshold);
  }
  if (!tap_ok(ok, "%s", what)) tap_diag("exit %d: %.200s", run.code, run.err);
  json_decref(json);
  run_clear(&run);
}

/* A singlet is kept by rotations of both qubits alike: only angles of their own move it. */
static void test_split(void) {
  static const char head[] = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                             "input float a;\ninput float b;\ninput float c;\n"
                             "qubit[2] q;\n";
  static const char tail[] = "rz(b) q;\n#pragma liescape observable Z0 Z1\n"
                             "#pragma liescape state stabilizer -XX -ZZ\n";
  char whole[1024], split[1024];
  test_whole("a generator split into its terms",
             "qubits 2\ngenerator X0 + X1\ngenerator Z0 + Z1\nobservable Z0 Z1\n"
             "state stabilizer -XX -ZZ\nparameters 4\n",
             "qubits 2\ngenerator X0\ngenerator X1\ngenerator Z0 + Z1\n"
             "observable Z0 Z1\nstate stabilizer -XX -ZZ\nparameters 6\n",
             "generators", "X0 + X1");
  snprintf(whole, sizeof whole, "%srx(a) q;\n%s", head, tail);
  snprintf(split, sizeof split, "%srx(a) q[0];\nrx(c) q[1];\n%s", head, tail);
  test_whole("the gates of a line split", whole, split, "gates_of_line", "7");
  run_t run = program_run("$L certify -q whole.in --format qasm --suggest --json=s.json; "
                          "$L check s.json; $L certify whole.in --suggest");
  tap_ok(strstr(run.out, "0 fail") && strstr(run.out, "split the gates of line 7"),
         "a line split, in the report, and not refuted");
  run_clear(&run);
}

static void test_shared(void) {
  static const char head[] = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
                             "input float a;\ninput float b;\ninput float c;\n"
                             "qubit[3] q;\n";
  static const char tail[] = "#pragma liescape observable Z0 Z1 + Z1 Z2\n";
  char whole[1024], without[1024];
  snprintf(whole, sizeof whole, "%srx(a) q;\nrzz(b) q[0],q[1];\n"
           "rzz(b) q[1],q[2];\nrz(c) q[0];\n%s", head, tail);
  snprintf(without, sizeof without, "%srx(a) q;\nrzz(b) q[0],q[1];\n"
           "rzz(b) q[1],q[2];\n%s", head, tail);
  test_whole("a parameter left out of shared gates, or its only line", whole,
             without, "gates_of_line", "10");
  test_whole("a generator left out of sums",
             "qubits 3\ngenerator X0 + X1 + X2\ngenerator Z0 Z1 + Z1 Z2\n"
             "generator Z0\nobservable Z0 Z1 + Z1 Z2\nparameters 12\n",
             "qubits 3\ngenerator X0 + X1 + X2\ngenerator Z0 Z1 + Z1 Z2\n"
             "observable Z0 Z1 + Z1 Z2\nparameters 8\n", "generators", "Z0");
  test_split();
  snprintf(whole, sizeof whole, "%scx q[0],q[1];\nrx(a) q[0];\nrz(b) q[1];\n"
           "ry(c) q[0];\n%s", head, tail);
  program_write("named.qasm", whole);
  run_t run = program_run("$L certify named.qasm --suggest --json");
  json_t *json = run_json(&run);
  size_t dropped = 0, named = 0, i;
  json_t *s;
  json_array_foreach(json_object_get(json, "suggestions"), i, s) {
    bool drop = !strcmp(json_string_value(get(s, "action", NULL)), "drop");
    dropped += drop;
    named += drop && json_array_size(get(s, "gates_of", NULL)) > 0;
  }
  tap_ok(json && named == dropped, "%zu of %zu generators dropped name the gates",
         named, dropped);
  json_decref(json);
  run_clear(&run);
}

/* Elements of an array that occur in no gate are no parameters: what is suggested is
   the same with as many as there are gates, and with many more. */
static void test_unused(void) {
  json_t *found[2];
  for (int i = 0; i < 2; i++) {
    char text[512];
    snprintf(text, sizeof text, "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
             "input array[float, %d] t;\nqubit[3] q;\nry(t[0]) q[0];\n"
             "ry(t[1]) q[1];\nry(t[2]) q[2];\ncz q[0], q[1];\ncz q[1], q[2];\n"
             "ry(t[3]) q[0];\n#pragma liescape observable Z0 Z1\n", i ? 90 : 4);
    program_write("array.qasm", text);
    run_t run = program_run("$L certify -q array.qasm --suggest --json=a.json; "
                            "$L check a.json | grep -c ^FAILS; cat a.json");
    const char *brace = strchr(run.out, '{');
    tap_ok(brace && run.out[0] == '0', "suggestions of an array of %d hold", i ? 90 : 4);
    found[i] = brace ? json_loads(brace, 0, NULL) : NULL;
    run_clear(&run);
  }
  const json_t *few = json_object_get(found[0], "suggestions");
  tap_ok(json_array_size(few) > 0 &&
             json_equal(few, json_object_get(found[1], "suggestions")) &&
             json_equal(get(found[0], "suggest", "present"),
                        get(found[1], "suggest", "present")),
         "elements of arrays without gates change no suggestion");
  json_decref(found[0]);
  json_decref(found[1]);
}

int main(void) {
  size_t total = 0;
  tap_begin("t-suggest");
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
    total += test_input(inputs + i);
  test_examples();
  tap_ok(total > 10, "%zu suggestions in all", total);
  program_write("sums.ops", "qubits 2\ngenerator X0 + X1\nobservable Z0\n");
  program_write("bare.ops", "qubits 1\ngenerator X0\n");
  program_write("symbol.ops", "qubits 2\nsymbol d\ngenerator d X0\n"
                "generator Z0\ngenerator Z0 Z1\nobservable Z0\n");
  program_write("c.qasm",
                "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a;\n"
                "input float b;\nqubit[2] q;\nrx(a) q[0];\ncx q[0], q[1];\n"
                "ry(2*b) q[1];\n#pragma liescape observable Z0\n");
  expect("$L certify in.ops --suggest", 0, "What to change");
  expect("$L certify c.qasm --suggest", 0, "changes tried");
  expect("$L certify sums.ops --suggest", 0, "1 of 1 changes tried");
  test_shared();
  test_unused();
  test_refused();
  expect("$L certify bare.ops --suggest", 0, "no observable to judge by");
  expect("$L certify symbol.ops --suggest", 0, "holds a symbol");
  expect("$L certify in.ops --suggest --sweep qubits=2,3", 2,
         "--suggest and --sweep");
  expect("$L verify in.ops --suggest", 2, "--suggest");
  program_end();
  return tap_end();
}
