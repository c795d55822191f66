/* t-sum-claims - `check` counts algebras of sums of strings by a path of its own:
   it agrees with certify on random ones, and notices each number that is altered
   in what it counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check.h"
#include "tests/program.h"
#include "tests/tap.h"

enum { ROOM = 4096 };

static size_t add_string(char *out, size_t room, size_t num_qubits) {
  size_t used = 0;
  bool any = false;
  for (size_t q = 0; q < num_qubits; q++) {
    size_t code = tap_random_below(4);
    if (!code || !tap_random_below(3)) continue;
    used += (size_t)snprintf(out + used, room - used, "%s%c%zu", any ? " " : "",
                             " XYZ"[code], q);
    any = true;
  }
  if (!any) used = (size_t)snprintf(out, room, "Z0");
  return used;
}

/* Random sums, or those of a model with symmetry (a ring, a star). */
static void random_ansatz(char *text) {
  size_t n = 2 + tap_random_below(3), model = tap_random_below(3);
  size_t used = (size_t)snprintf(text, ROOM, "qubits %zu\n", n);
  static const char *const rings[] = {"X{i} X{(i+1)%qubits}",
                                      "Z{i} Z{(i+1)%qubits}",
                                      "Y{i} Y{(i+1)%qubits}"};
  if (model) {
    for (size_t k = 0; k < model; k++)
      used += (size_t)snprintf(text + used, ROOM - used,
                               "generator sum(i in 0..qubits-%d: %s)\n",
                               n > 2 ? 1 : 2, rings[tap_random_below(3)]);
    snprintf(text + used, ROOM - used,
             "generator sum(i in 0..qubits-1: %c{i})\n",
             "XYZ"[tap_random_below(3)]);
    return;
  }
  for (size_t j = 0, count = 1 + tap_random_below(3); j < count; j++) {
    used += (size_t)snprintf(text + used, ROOM - used, "generator ");
    for (size_t t = 0, terms = 1 + tap_random_below(3); t < terms; t++) {
      used += (size_t)snprintf(text + used, ROOM - used, "%s%zu/%zu ",
                               t ? " + " : "", 1 + tap_random_below(3),
                               1 + tap_random_below(2));
      used += add_string(text + used, ROOM - used, n);
    }
    used += (size_t)snprintf(text + used, ROOM - used, "\n");
  }
}

static size_t count_failures(const json_t *root, json_t *open) {
  check_result_t result = {.quiet = true, .silent = true, .open = open};
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = check_certificate(&result, diag, "sums", root);
  diagnostic_clear(diag);
  return status == STATUS_OK ? result.num_failed : 1000;
}

static bool is_open(const json_t *open, const char *name) {
  size_t i;
  json_t *item;
  json_array_foreach(open, i, item)
    if (!strcmp(json_string_value(item), name)) return true;
  return false;
}

/* Alters one member; counts those that pass unnoticed. */
static void alter(json_t *root, json_t *object, const char *key, json_t *other,
                  size_t *missed) {
  json_t *old = json_incref(json_object_get(object, key));
  if (!json_equal(old, other)) {
    json_object_set(object, key, other);
    if (!count_failures(root, NULL)) {
      ++*missed;
      tap_diag("%s: an alteration was not noticed", key);
    }
    json_object_set(object, key, old);
  }
  json_decref(old);
  json_decref(other);
}

static void alter_number(json_t *root, json_t *object, const char *key,
                         size_t *missed) {
  const char *text = json_string_value(json_object_get(object, key));
  if (!text) return;
  long value = strtol(text, NULL, 10);
  long change = tap_random_below(2) || value == 0 ? 1 : -1;
  alter(root, object, key, json_sprintf("%ld", value + change), missed);
}

static size_t alter_all(json_t *root) {
  json_t *algebra = json_object_get(root, "algebra"), *item;
  json_t *ideals = json_object_get(algebra, "ideals");
  json_t *sectors = json_object_get(root, "sectors");
  size_t missed = 0, i;
  alter_number(root, algebra, "dimension", &missed);
  alter_number(root, algebra, "center", &missed);
  alter(root, algebra, "proved", json_false(), &missed);
  json_array_foreach(ideals, i, item) {
    alter_number(root, item, "dimension", &missed);
    alter_number(root, item, "rank", &missed);
    alter_number(root, item, "count", &missed);
    alter(root, item, "type", json_string("A9"), &missed);
    alter(root, item, "name", json_string("su(10)"), &missed);
  }
  json_array_foreach(sectors, i, item) {
    static const char *const fields[] = {"real", "complex", "quaternionic"};
    alter_number(root, item, "dimension", &missed);
    alter_number(root, item, "multiplicity", &missed);
    alter_number(root, item, "count", &missed);
    alter(root, item, "field", json_string(fields[tap_random_below(3)]),
          &missed);
  }
  return missed;
}

static void test_random(void) {
  static char text[ROOM];
  size_t wrong = 0, missed = 0, counted = 0;
  size_t total = (size_t)tap_iterations(12);
  for (size_t k = 0; k < total; k++) {
    random_ansatz(text);
    program_write("sums.ops", text);
    run_t run = program_run("$L certify sums.ops --json");
    json_t *root = run_json(&run), *open = json_array();
    size_t fails = root ? count_failures(root, open) : 1000;
    if (fails) {
      wrong++;
      tap_diag("%zu claims fail (exit %d):\n%s%s", fails, run.code, text,
               run.err);
    } else if (!is_open(open, "algebra.dimension") &&
               !is_open(open, "algebra.ideals") && !is_open(open, "sectors") &&
               json_is_null(json_object_get(json_object_get(root, "algebra"),
                                            "reason"))) {
      size_t mine = alter_all(root);
      counted++;
      missed += mine;
      if (mine) tap_diag("in:\n%s", text);
    }
    json_decref(open);
    json_decref(root);
    run_clear(&run);
  }
  tap_ok(!wrong, "%zu random certificates hold", total);
  tap_ok(counted > total / 2, "%zu counted in full", counted);
  tap_ok(!missed, "every alteration of an algebra or a sector is noticed");
}

int main(void) {
  tap_begin("t-sum-claims");
  test_random();
  program_end();
  return tap_end();
}
