/* --widths, run as a program: one angle against its closed form, exact numbers against
   --angles normal:W, the best width, check, and verify, which notice what is wrong. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char one[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float t;\nqubit[1] q;\nrx(t) q[0];\n"
    "#pragma liescape observable Z0\n";
static const char two[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float t;\ninput float s;\n"
    "input float u;\nqubit[2] q;\nrx(t) q[0];\nry(s) q[1];\nrzz(2*t) q[0], q[1];\n"
    "rx(s/3) q[1];\ncz q[0], q[1];\nry(u + pi/2) q[0];\nrx(u) q[1];\n"
    "#pragma liescape observable Z0 + X1 + 1/2 Z0 Z1\n";

static json_t *at(json_t *json, size_t landscape) {
  return json_object_get(
      json_array_get(json_object_get(json, "landscapes"), landscape), "initialisation");
}

/* A ball's middle, or a whole number. */
static double number(const json_t *json) {
  const json_t *mid = json_object_get(json, "mid");
  const char *text = json_string_value(mid ? mid : json);
  return text ? strtod(text, NULL) : NAN;
}

static double member(const json_t *row, const char *key) {
  return number(json_object_get(row, key));
}

/* l = cos t: E = exp(-w^2/2), E[l^2] = (1 + exp(-2 w^2))/2, E[l'^2] = 1 - that. */
static void test_closed_form(void) {
  program_write("one.qasm", one);
  run_t run = program_run("$L certify one.qasm --widths --json");
  json_t *json = run_json(&run), *rows = json_object_get(at(json, 0), "widths"), *row;
  size_t i;
  bool good = json_array_size(rows) == 8;
  json_array_foreach(rows, i, row) {
    double w = ldexp(1, (int)i - 6), mean = exp(-w * w / 2);
    double second = (1 + exp(-2 * w * w)) / 2;
    double shots = fmax(1, (1 - second) / (1 - second));
    good = good && fabs(member(row, "mean") - mean) < 1e-12 &&
           fabs(member(row, "variance") - second + mean * mean) < 1e-12 &&
           fabs(member(row, "median_gradient_variance") - 1 + second) < 1e-12 &&
           fabs(member(row, "shots") - shots) < 1e-9 &&
           !strcmp(json_string_value(json_object_get(row, "gradients")), "yes");
  }
  tap_ok(good, "one angle has the moments of the closed form");
  tap_ok(!strcmp(json_string_value(json_object_get(at(json, 0), "best")), "2"),
         "of equal widths the greatest is best");
  json_decref(json);
  run_clear(&run);
}

/* Where few widths are good the verdict says where to start. */
static void test_thresholds(void) {
  program_write("two.qasm", two);
  run_t run = program_run("$L certify two.qasm --widths --max-shots 3 --json");
  json_t *json = run_json(&run), *rows = json_object_get(at(json, 0), "widths"), *row;
  const char *best = json_string_value(json_object_get(at(json, 0), "best"));
  double fewest = INFINITY, chosen = NAN;
  bool good = true, some = false, others = false;
  size_t i;
  json_array_foreach(rows, i, row) {
    double shots = member(row, "shots");
    const char *width = json_string_value(json_object_get(row, "width"));
    bool yes = !strcmp(json_string_value(json_object_get(row, "gradients")), "yes");
    good = good && yes == (shots <= 3);
    some = some || yes;
    others = others || !yes;
    fewest = fmin(fewest, shots);
    if (best && !strcmp(best, width)) chosen = shots;
  }
  tap_ok(good && some && others && chosen == fewest,
         "few shots by --max-shots, the best of them named (%s)", best ? best : "-");
  json_decref(json);
  run_clear(&run);
}

/* Each row is the circuit at its own depth with that law. */
static void test_angles(void) {
  static const char *const options[] = {"", "--noise depolarizing=1/50"};
  program_write("two.qasm", two);
  for (size_t o = 0; o < 2; o++) {
    char command[200];
    snprintf(command, sizeof command, "$L certify two.qasm --widths %s --json", options[o]);
    run_t run = program_run(command);
    json_t *json = run_json(&run), *rows = json_object_get(at(json, 0), "widths");
    run_clear(&run);
    snprintf(command, sizeof command, "$L certify two.qasm --angles normal:1/4 %s --json",
             options[o]);
    run = program_run(command);
    json_t *other = run_json(&run);
    json_t *depth = json_object_get(
        json_array_get(json_object_get(other, "landscapes"), 0), o ? "noise" : "finite_depth");
    json_t *row = json_array_get(rows, 4);
    tap_ok(row && json_equal(json_object_get(row, "mean"), json_object_get(depth, "mean")) &&
               json_equal(json_object_get(row, "variance"),
                          json_object_get(depth, "variance")) &&
               json_equal(json_object_get(row, "mean_square"),
                          json_object_get(depth, "mean_square")),
           "a width is that law of all angles %s", options[o]);
    json_decref(json);
    json_decref(other);
    run_clear(&run);
  }
}

static void expect(const char *command, int code, const char *says, const char *what) {
  run_t run = program_run(command);
  if (!tap_ok(run.code == code && strstr(run.out, says), "%s", what))
    tap_diag("exit %d, not %d\n%s%.2000s", run.code, code, run.err, run.out);
  run_clear(&run);
}

/* The member of row 3 of the certificate w.json, or of the object itself, becomes another;
   check and verify refuse x.json. */
static void test_change(const char *key, bool of_row, json_t *value, const char *says) {
  run_t run = program_run("cat w.json");
  json_t *json = json_loads(run.out, 0, NULL), *widths = at(json, 0);
  json_t *row = json_array_get(json_object_get(widths, "widths"), 3);
  json_object_set_new(of_row ? row : widths, key, value);
  program_write_json("x.json", json);
  json_decref(json);
  run_clear(&run);
  expect("$L check x.json 2>&1", 1, says, says);
}

static void test_alterations(void) {
  program_write("two.qasm", two);
  expect("$L certify -q two.qasm --widths --json=w.json && $L check w.json", 0,
         "0 fail, 0 were not re-proved", "check proves every width again");
  test_change("shots", true, json_string("1"), "widths[3].shots does not hold");
  test_change("gradients", true, json_string("no"), "widths[3].gradients does not hold");
  test_change("width", true, json_string("1/9"), "widths[3].width does not hold");
  test_change("best", false, json_string("1/64"), "initialisation.best does not hold");
  test_change("law", false, json_string("uniform"), "initialisation.law does not hold");
  test_change("median_gradient_variance", true, json_string("1/4"),
              "widths[3].median_gradient_variance does not hold");
  test_change("mean", true, json_string("1/4"), "widths[3].mean does not hold");
  test_change("variance", true, json_string("3/2"), "widths[3].variance does not hold");
  expect("$L verify w.json --samples 2000", 0, "width 0.125: variance",
         "verify samples some widths");
  expect("$L verify x.json --samples 2000", 1, "refuted",
         "verify refutes a wrong variance");
}

int main(void) {
  tap_begin("t-widths");
  test_closed_form();
  test_thresholds();
  test_angles();
  test_alterations();
  program_end();
  return tap_end();
}
