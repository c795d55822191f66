/* t-claims - `liescape verify` as a program: what a certificate says is what
   is tested, whoever wrote it, and an altered number is refuted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char pair[] =
    "qubits 2\ngenerator X0\ngenerator Y0\ngenerator X1\ngenerator Y1\n"
    "generator Z0 Z1\nobservable Z0 + 1/2 Z0 Z1\n";
static const char circuit[] =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\ninput float a;\ninput float b;\n"
    "input float c;\nqubit[2] q;\nrx(a) q[0];\nry(b) q[0];\ncx q[0], q[1];\n"
    "rz(c) q[1];\nh q[1];\n#pragma liescape observable Z0\n";

/* Replaces the value at a path like "landscapes.0.variance". */
static bool replace(json_t *json, const char *path, const char *value) {
  const char *key = strrchr(path, '.');
  char parent[96];
  snprintf(parent, sizeof parent, "%.*s", key ? (int)(key - path) : 0, path);
  json = json_at(json, parent);
  key = key ? key + 1 : path;
  if (json_is_array(json))
    return !json_array_set_new(json, strtoul(key, NULL, 10),
                               json_loads(value, JSON_DECODE_ANY, NULL));
  return json_object_get(json, key) &&
         !json_object_set_new(json, key,
                              json_loads(value, JSON_DECODE_ANY, NULL));
}

static void test_command(const char *command, int code, const char *out,
                         const char *err) {
  run_t run = program_run(command);
  if (!tap_ok(run.code == code && strstr(run.out, out) && strstr(run.err, err),
              "%s: exit %d", command, code))
    tap_diag("exit %d\n%.1500s\n%.300s", run.code, run.out, run.err);
  run_clear(&run);
}

/* value NULL: verify must agree; else the path gets the value. */
static void test_altered(const char *certificate, const char *path,
                         const char *value, int code) {
  static bool any;
  char command[100];
  if (any && !tap_is_tried()) return;
  any = true;
  snprintf(command, sizeof command, "cat %s", certificate);
  run_t run = program_run(command);
  json_t *json = json_loads(run.out, 0, NULL);
  run_clear(&run);
  bool there = replace(json, path, value);
  program_write_json("altered.json", json);
  json_decref(json);
  run = program_run("$L verify -q --samples 4000 altered.json");
  if (!tap_ok(there && run.code == code, "%s: %s = %s gives exit %d",
              certificate, path, value, code))
    tap_diag("exit %d: %.300s", run.code, run.err);
  run_clear(&run);
}

/* Of pair.json, and what verify answers. */
static const struct {
  const char *path, *value;
  int code;
} alterations[] = {
    {"landscapes.0.mean", "\"1/10\"", 1},
    {"landscapes.0.variance", "\"1/3\"", 1},
    {"landscapes.0.gradient_variance.1", "\"1/10\"", 1},
    {"landscapes.0.wishart.constant", "\"1/10\"", 1},
    {"landscapes.0.wishart.blocks.0.weight", "\"3/4\"", 1},
    {"landscapes.0.wishart.blocks.0.beta", "\"1\"", 1},
    {"landscapes.0.wishart.blocks.0.N", "\"8\"", 1},
    {"landscapes.0.wishart.blocks.0.r", "\"9\"", 1},
    {"landscapes.0.wishart.blocks.0.r_exact", "\"7/3\"", 1},
    {"landscapes.0.wishart.blocks.0.mean_eigenvalue", "\"5\"", 1},
    {"landscapes.0.wishart.blocks.0.spectrum.0.eigenvalue", "\"-3\"", 1},
    {"landscapes.0.wishart.blocks.0.spectrum.0.multiplicity", "\"3\"", 1},
    {"ansatz.qubits", "3", 1},
    {"landscapes.0.wishart.variance", "\"9/7\"", 1},
    {"landscapes.0.wishart.variance_ratio", "\"9/7\"", 1},
    {"landscapes.0.wishart.blocks.0.index", "\"7\"", 1},
    {"landscapes.0.gaussian_process.excess_kurtosis", "\"9/7\"", 1},
    {"landscapes.0.gaussian_process.tv_bound", "\"9/70\"", 1},
    {"landscapes.0.minima.gamma", "\"1/7\"", 1},
    {"landscapes.0.minima.threshold", "\"7\"", 1},
    {"landscapes.0.minima.trap_level", "\"1/9\"", 1},
    {"landscapes.0.minima.trap_level_relative", "\"1/9\"", 1},
    {"landscapes.0.minima.parameters_missing", "\"2\"", 1},
    {"landscapes.0.minima.law.parameters", "4", 1},
    {"landscapes.0.minima.law.edge", "0.1", 1},
    {"landscapes.0.verdict.trainable", "\"no\"", 1},
    {"landscapes.0.verdict.gradients", "\"no\"", 1},
    {"landscapes.0.verdict.traps", "\"no\"", 1},
    {"landscapes.0.verdict.shots_per_gradient.typical", "\"5\"", 1},
    {"landscapes.0.verdict.shots_per_gradient.worst", "\"5\"", 1},
    {"landscapes.0.verdict.shots_per_gradient.upper_bound", "true", 1},
    {"landscapes.0.verdict.parameters_that_move_the_loss", "4", 1},
    {"landscapes.0.verdict.dead_parameters", "[\"0\"]", 1},
    {"algebra.center", "\"1\"", 1},
    {"algebra.ideals.0.dimension", "\"14\"", 1},
    {"algebra.ideals.0.dimension", "\"31/2\"", 1}, /* no count at all */
    {"algebra.ideals.0.rank", "\"7/2\"", 1},
    {"landscapes.0.wishart.blocks.0.index", "\"3/2\"", 1},
    {"algebra.ideals.0.rank", "\"2\"", 1},
    {"algebra.ideals.0.count", "\"2\"", 1},
    {"sectors.0.multiplicity", "\"2\"", 1},
    {"sectors.0.dimension", "\"2\"", 1},
    {"sectors.0.field", "\"real\"", 1},
    {"sectors.0.field", "\"quaternionic\"", 1},
    {"algebra.dimension", "\"14\"", 1},
    {"algebra.dimension", "\"16\"", 1},
    {"ansatz.parameters", "9", 1},
    {"landscapes.0.variance", "null", 0},
    {"landscapes.0.variance", "\"2/6\"", 2},
    {"landscapes.0.variance", "0.25", 2},
    {"landscapes.0.observable", "\"Z1\"", 2},
    {"landscapes.0.state", "\"plus\"", 2},
    {"landscapes.0.gradient_variance", "[]", 2},
    {"landscapes", "[]", 2},
    {"ansatz.freed", "[99]", 2},
    {"format", "\"liescape-certificate/9\"", 2},
};

static void test_alterations(void) {
  run_t run = program_run("$L certify -q pair.ops --json=pair.json");
  run_clear(&run);
  run = program_run("$L certify -q circuit.qasm --json=circuit.json");
  run_clear(&run);
  for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++)
    test_altered("pair.json", alterations[i].path, alterations[i].value,
                 alterations[i].code);
  test_altered("circuit.json", "landscapes.0.variance", "\"1/9\"", 1);
  test_altered("circuit.json", "landscapes.0.curvature.negative_share", "0.3", 1);
  test_altered("circuit.json", "landscapes.0.curvature.quantiles",
               "{\"0.1\": -0.1, \"0.5\": 0.0, \"0.9\": 0.9}", 1);
  run = program_run("$L certify -q circuit.qasm -s zero -s plus "
                    "--json=two.json");
  run_clear(&run);
  test_altered("two.json", "covariance.0.matrix.0.1", "\"1/5\"", 1);
  test_altered("two.json", "covariance.0.matrix.0.1", "[]", 2);
  test_altered("circuit.json", "landscapes.0.finite_depth.mean", "\"1/10\"", 1);
  test_altered("circuit.json", "landscapes.0.finite_depth.variance",
               "\"1/3\"", 1);
  test_altered("circuit.json", "landscapes.0.finite_depth.gradient_variance.1",
               "\"1/3\"", 1);
  test_altered("circuit.json", "landscapes.0.finite_depth.gradient_variance.1",
               "\"1/4*sqrt(3)\"", 2);
  test_altered("circuit.json", "landscapes.0.finite_depth.gradient_variance",
               "[]", 2);
  test_altered("circuit.json", "landscapes.0.finite_depth.variance", "null", 0);
  test_altered("circuit.json", "landscapes.0.verdict.dead_parameters", "[]", 1);
  test_altered("circuit.json", "landscapes.0.verdict.basis", "\"deep circuit\"", 1);
  test_altered("circuit.json", "landscapes.0.verdict.shots_per_gradient.worst",
               "\"5/2\"", 1);
  test_altered("pair.json",
               "landscapes.0.gaussian_process.excess_kurtosis_finite",
               "\"1/2\"", 1);
  test_altered("circuit.json", "landscapes.0.gradient_variance.2", "\"1/90\"",
               1);
}

/* Does the list have the member; with a number for what it notices, if so asked? */
static bool lists(const json_t *json, const char *list, const char *member,
                  bool with_power) {
  const json_t *entries =
      json_object_get(json_object_get(json, "verification"), list);
  for (size_t i = 0; i < json_array_size(entries); i++) {
    const json_t *entry = json_array_get(entries, i);
    const json_t *name = json_is_string(entry) ? entry : json_object_get(entry, "member");
    if (strcmp(json_string_value(name), member)) continue;
    return !with_power || json_real_value(json_object_get(entry, "notices")) > 0;
  }
  return false;
}

/* A mean square that shots are counted with is sampled. */
static void test_square(void) {
  run_t run = program_run("cat pair.json");
  json_t *json = run_json(&run);
  size_t i, failed = 0;
  const json_t *check;
  run_clear(&run);
  replace(json, "landscapes.0.mean_square", "\"4/3\"");
  program_write_json("altered.json", json);
  json_decref(json);
  run = program_run("$L verify -q --samples 4000 altered.json --json");
  json = json_loads(run.out, 0, NULL);
  json_array_foreach(json_object_get(json, "checks"), i, check)
    failed += !strcmp(json_string_value(json_object_get(check, "name")),
                      "mean of the square") &&
              json_is_false(json_object_get(check, "holds"));
  tap_ok(run.code == 1 && failed == 1, "another mean square is refuted by samples");
  json_decref(json);
  run_clear(&run);
  test_altered("circuit.json", "landscapes.0.finite_depth.mean_square", "\"4/3\"", 1);
}

/* What a run says that it has tested; and a change just beyond that is refuted. */
static void test_power(void) {
  run_t run = program_run("$L verify -q pair.ops --samples 4000 --json");
  json_t *json = run_json(&run);
  tap_ok(lists(json, "tested", "landscapes[0].mean", true) &&
             lists(json, "tested", "landscapes[0].variance", true) &&
             lists(json, "tested", "landscapes[0].gradient_variance", true) &&
             lists(json, "tested", "landscapes[0].wishart.variance", false) &&
             lists(json, "tested", "algebra.center", false) &&
             lists(json, "tested", "landscapes[0].verdict.trainable", false) &&
             lists(json, "tested", "landscapes[0].traps_on_group.orbit_dimension",
                   false) &&
             lists(json, "untested", "landscapes[0].traps_on_group.none", false) &&
             !lists(json, "untested", "landscapes[0].mean", false),
         "members tested, with their power, and not tested");
  const json_t *entries =
      json_object_get(json_object_get(json, "verification"), "tested");
  double notices = 0;
  for (size_t i = 0; i < json_array_size(entries); i++)
    if (!strcmp(json_string_value(json_object_get(json_array_get(entries, i), "member")),
                "landscapes[0].mean"))
      notices = json_real_value(json_object_get(json_array_get(entries, i), "notices"));
  json_decref(json);
  run_clear(&run);
  char value[32];
  snprintf(value, sizeof value, "\"%d/1024\"", (int)(2 * notices * 1024) | 1);
  test_altered("pair.json", "landscapes.0.mean", value, 1);
}

int main(void) {
  tap_begin("t-claims");
  program_write("pair.ops", pair);
  program_write("circuit.qasm", circuit);
  test_command("$L verify pair.ops", 0, "every prediction stands", "");
  test_command("$L verify circuit.qasm", 0, "every prediction stands", "");
  test_command("cat circuit.qasm | $L verify - --format qasm --samples 2000", 0,
               "every prediction stands", "");
  test_alterations();
  test_square();
  test_power();
  test_command("rm pair.ops; $L verify pair.json", 0,
               "every prediction stands", "");
  test_command("cat pair.json | $L verify - -q", 0, "", "");
  test_command("$L verify pair.json -O Z0", 2, "", "-O, -s and -D");
  test_command("for t in 1 2 3; do $L verify pair.json --seed 5 --samples 3000 "
               "--threads $t --json | cksum; done | uniq | wc -l",
               0, "1\n", "");
  test_command("$L verify pair.json --json --samples 2000 | "
               "grep -c '\"consistent\": true'", 0, "1\n", "");
  test_command("printf 'qubits 1\\ngenerator X0\\n' >bare.ops; $L verify bare.ops",
               0, "there is no observable", "");
  test_command("printf 'qubits 30\\nfor i in 0..29: generator X{i}\\n"
               "for i in 0..29: generator Z{i}\\n"
               "for i in 0..28: generator Z{i} Z{i+1}\\n"
               "observable Z0\\n' >big.ops; "
               "$L verify big.ops --memory-limit 10000000",
               3, "U Haar on the group", "qubits would");
  /* The ensemble of the Hessian is not that of a spin factor of 6 gammas. */
  test_command("printf 'qubits 3\\nfor i in 0..2: generator Z{i}\\n"
               "for i in 0..1: generator X{i} X{i+1}\\nobservable X0\\nstate plus\\n' "
               ">spin.ops; $L certify spin.ops -q --json | grep -c negative_share", 1, "0\n",
               "");
  test_command("$L verify spin.ops -q --samples 2000", 0, "", "");
  test_command("$L verify pair.json --sweep qubits=1,2", 2, "", "certify");
  program_end();
  return tap_end();
}
