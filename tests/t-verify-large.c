/* verify beyond state vectors: free fermions on 200 qubits are sampled in the
   module of the observable, an altered certificate is refuted, and what cannot be
   sampled is said. */
#include <jansson.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

static const char *const ising =
    "qubits 200\n"
    "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
    "for i in 0..qubits-1: generator X{i}\n"
    "observable Z0\n"
    "state zero\n";

/* Z0 is a product of two Majorana operators, Z0 Z1 Z2 of six: far too many
   strings, and no state vector has so many qubits. */
static const char *const matchgates =
    "qubits 50\n"
    "for i in 0..qubits-2: generator X{i} X{i+1}\n"
    "for i in 0..qubits-2: generator Y{i} Y{i+1}\n"
    "for i in 0..qubits-1: generator Z{i}\n"
    "observable Z0\n"
    "observable Z0 Z1 Z2\n"
    "state mixed\n"
    "state zero\n";

static bool says(const run_t *run, const char *text) {
  return run->out && strstr(run->out, text) != NULL;
}

static void report(bool ok, const run_t *run) {
  if (!ok) tap_diag("exit status %d: %s", run->code, run->err);
}

static void test_ising(void) {
  program_write("ising.ops", ising);
  run_t run = program_run("$L verify ising.ops --samples 800 --seed 5");
  bool ok = run.code == 0 && says(&run, "every prediction stands") &&
            says(&run, "module of the observable, 400 strings") &&
            says(&run, "gradient variance of 399 parameters: 399 hold");
  report(ok, &run);
  tap_ok(ok, "200 qubits: Z0 of an Ising chain");
  run_clear(&run);

  run = program_run("$L certify ising.ops -q --json");
  json_t *certificate = run_json(&run);
  run_clear(&run);
  json_t *landscape =
      json_array_get(json_object_get(certificate, "landscapes"), 0);
  const char *variance =
      json_string_value(json_object_get(landscape, "variance"));
  tap_ok(variance && !strcmp(variance, "1/400"), "its variance is 1/(2n)");
  json_object_set_new(landscape, "variance", json_string("1/320"));
  program_write_json("altered.json", certificate);
  json_decref(certificate);
  run = program_run("$L verify altered.json --samples 800 --seed 5");
  ok = run.code == 1 && says(&run, "a prediction is refuted");
  report(ok, &run);
  tap_ok(ok, "an altered variance is refuted");
  run_clear(&run);
}

static void test_left_out(void) {
  program_write("matchgates.ops", matchgates);
  run_t run = program_run("$L verify matchgates.ops --samples 400 "
                          "--memory-limit 100000000 --json");
  json_t *certificate = run_json(&run);
  json_t *consistent = json_object_get(certificate, "consistent");
  bool judged = false, skipped = true;
  size_t i;
  json_t *check;
  json_array_foreach(json_object_get(certificate, "checks"), i, check) {
    json_int_t at = json_integer_value(json_object_get(check, "landscape"));
    judged = judged || at == 1;
    skipped = skipped && at < 2;
    if (!json_is_true(json_object_get(check, "holds"))) skipped = false;
  }
  bool ok = run.code == 3 && json_is_null(consistent) && judged && skipped;
  report(ok, &run);
  tap_ok(ok, "what cannot be sampled is left out, and the exit status says so");
  json_decref(certificate);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-verify-large");
  test_ising();
  test_left_out();
  program_end();
  return tap_end();
}
