/* t-packed - long lists of gradients, written as different numbers and which of them each
   entry is: read, the same as the list in full, and what is altered refused. */
#include <stdlib.h>
#include <string.h>

#include "tests/program.h"
#include "tests/tap.h"

enum { PARAMETERS = 20000 };

/* The certificate as it is written; su(2^1000), whose numbers have a thousand digits. */
static json_t *written(void) {
  program_write("su.ops",
                "qubits 1000\nfor i in 0..qubits-1: generator X{i}\n"
                "for i in 0..qubits-1: generator Y{i}\n"
                "for i in 0..qubits-2: generator Z{i} Z{i+1}\n"
                "generator Z0\nobservable Z0 Z1 + X5\nparameters 20000\n");
  run_t run = program_run("$L certify su.ops -q --json=su.json && cat su.json");
  json_t *json = json_loads(run.out, 0, NULL);
  tap_ok(run.code == 0 && json && strlen(run.out) < 1 << 21,
         "20,000 numbers of a thousand digits in %zu bytes", strlen(run.out));
  run_clear(&run);
  return json;
}

static json_t *packed_in(json_t *certificate) {
  json_t *landscape = json_array_get(json_object_get(certificate, "landscapes"), 0);
  return json_object_get(landscape, "gradient_variance");
}

static void put(json_t *certificate, json_t *gradients) {
  json_object_set_new(json_array_get(json_object_get(certificate, "landscapes"), 0),
                      "gradient_variance", gradients);
}

/* Takes the certificate. */
static void expect(int code, const char *what, json_t *certificate) {
  program_write_json("c.json", certificate);
  run_t run = program_run("$L check c.json");
  const char *said = strstr(run.err, "landscapes[0].gradient_variance");
  bool ok = run.code == code && (code == 0) == !said;
  if (!tap_ok(ok, "%s: exit %d", what, code))
    tap_diag("exit %d: %.300s", run.code, run.err);
  run_clear(&run);
  json_decref(certificate);
}

static json_t *list_in_full(const json_t *packed) {
  json_t *list = json_array(), *entry;
  const json_t *values = json_object_get(packed, "values");
  size_t i;
  json_array_foreach(json_object_get(packed, "entries"), i, entry)
    json_array_append(list, json_array_get(values, (size_t)json_integer_value(entry)));
  return list;
}

/* A copy with one entry set to that value. */
static json_t *with_entry(const json_t *certificate, size_t at, json_t *entry) {
  json_t *copy = json_deep_copy(certificate);
  json_array_set_new(json_object_get(packed_in(copy), "entries"), at, entry);
  return copy;
}

static void test_altered(json_t *certificate) {
  json_t *packed = packed_in(certificate), *copy;
  size_t count = json_array_size(json_object_get(packed, "values"));
  for (int i = 0; i < 3; i++) {
    size_t at = tap_random_below(PARAMETERS);
    copy = with_entry(certificate, at, json_integer((json_int_t)count));
    json_array_append_new(json_object_get(packed_in(copy), "values"), json_string("1/3"));
    expect(1, "an entry that is another number", copy);
  }
  expect(1, "an entry beyond the numbers",
         with_entry(certificate, 7, json_integer((json_int_t)count)));
  expect(1, "a negative entry", with_entry(certificate, 7, json_integer(-1)));
  expect(1, "a text as an entry", with_entry(certificate, 7, json_string("0")));
  copy = json_deep_copy(certificate);
  json_array_set_new(json_object_get(packed_in(copy), "values"), 0, json_string("1/7"));
  expect(1, "another number", copy);
  copy = json_deep_copy(certificate);
  json_array_remove(json_object_get(packed_in(copy), "entries"), PARAMETERS - 1);
  expect(1, "an entry too few", copy);
  copy = json_deep_copy(certificate);
  json_array_append_new(json_object_get(packed_in(copy), "entries"), json_integer(0));
  expect(1, "an entry too many", copy);
  copy = json_deep_copy(certificate);
  json_object_set_new(packed_in(copy), "more", json_null());
  expect(1, "a member that is none of the two", copy);
  copy = json_deep_copy(certificate);
  json_object_del(packed_in(copy), "values");
  expect(1, "no numbers", copy);
}

int main(void) {
  tap_begin("t-packed");
  json_t *certificate = written(), *packed = certificate ? packed_in(certificate) : NULL;
  bool ok = json_array_size(json_object_get(packed, "entries")) == PARAMETERS &&
            json_array_size(json_object_get(packed, "values")) < 10;
  tap_ok(ok, "few different numbers, an entry for each parameter");
  if (ok) {
    expect(0, "as written", json_deep_copy(certificate));
    json_t *full = json_deep_copy(certificate);
    put(full, list_in_full(packed));
    expect(0, "the list in full", full);
    test_altered(certificate);
  }
  json_decref(certificate);
  program_end();
  return tap_end();
}
