/* t-sum-claims - `check` counts algebras of sums of strings by a path of its own:
   it agrees with certify on random ones, and notices each number that is altered
   in what it counts (LIESCAPE_TEST_MULTIPLIER 4 tries all alterations). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/check.h"
#include "tests/program.h"
#include "tests/sum_inputs.h"
#include "tests/tap.h"

static size_t left_open; /* by the last check, but for what was sampled */

static size_t count_failures(const json_t *root, json_t *open) {
  check_result_t result = {.quiet = true, .silent = true, .open = open};
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = check_certificate(&result, diag, "sums", root);
  diagnostic_clear(diag);
  left_open = result.num_open;
  return status == STATUS_OK ? result.num_failed : 1000;
}

/* Alters one member, or a sample of one in so many; counts those that pass
   unnoticed. */
static size_t one_in;

static void alter(json_t *root, json_t *object, const char *key, json_t *other,
                  size_t *missed) {
  json_t *old = json_incref(json_object_get(object, key));
  if (!json_equal(old, other) && !tap_random_below(one_in)) {
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

/* What acts on one kind of sectors: each number and word, and the list. */
static void alter_actions(json_t *root, json_t *sector, size_t num_ideals,
                          size_t *missed) {
  json_t *actions = json_object_get(sector, "actions"), *item;
  size_t i;
  if (!json_is_array(actions)) return;
  alter(root, sector, "actions", json_null(), missed);
  json_array_foreach(actions, i, item) {
    json_int_t ideal = json_integer_value(json_object_get(item, "ideal"));
    const char *word =
        json_string_value(json_object_get(item, "representation"));
    const char *weight =
        json_string_value(json_object_get(item, "highest_weight"));
    json_t *fewer = json_deep_copy(actions), *more = json_deep_copy(actions);
    json_array_remove(fewer, i);
    json_array_append(more, item);
    alter(root, sector, "actions", fewer, missed);
    alter(root, sector, "actions", more, missed);
    alter_number(root, item, "pairs", missed);
    alter_number(root, item, "dimension", missed);
    alter(root, item, "ideal",
          json_integer((ideal + 1) % (json_int_t)(num_ideals + 1)), missed);
    alter(root, item, "ideal", json_integer(-1), missed);
    alter(root, item, "representation",
          json_string(strcmp(word, "defining") ? "defining" : "conjugate"),
          missed);
    alter(root, item, "representation",
          json_sprintf("%s, up to an outer automorphism", word), missed);
    alter(root, item, "highest_weight",
          weight ? json_null() : json_string("w1"), missed);
    alter(root, item, "highest_weight",
          json_string(weight && !strcmp(weight, "w2") ? "w1" : "w2"), missed);
    alter(root, item, "highest_weight", json_string("w1 + w2"), missed);
  }
}

static bool is_open(const json_t *open, const char *where, const char *key) {
  size_t i, length = strlen(where);
  json_t *item;
  json_array_foreach(open, i, item)
    if (!strncmp(json_string_value(item), where, length) &&
        !strcmp(json_string_value(item) + length, key))
      return true;
  return false;
}

/* Another ball of the same radius: its last digit, or its first one, is another. */
static json_t *other_ball(const json_t *ball, bool first) {
  char *mid = strdup(json_string_value(json_object_get(ball, "mid")));
  char *digit = mid + (first ? strcspn(mid, "123456789") : strcspn(mid, "e") - 1);
  *digit = (char)('0' + (*digit - '0' + (first ? 1 : 5)) % 10);
  json_t *other = json_pack("{s:s, s:O}", "mid", mid, "rad", json_object_get(ball, "rad"));
  free(mid);
  return other;
}

static void alter_balls(json_t *root, json_t *block, const char *where, const json_t *open,
                        size_t *missed) {
  static const char *const balls[] = {"least_eigenvalue", "mean_eigenvalue", "r_exact"};
  for (size_t k = 0; k < sizeof balls / sizeof *balls; k++) {
    const json_t *ball = json_object_get(block, balls[k]);
    if (!json_is_object(ball) || is_open(open, where, balls[k])) continue;
    alter(root, block, balls[k], other_ball(ball, true), missed);
    alter(root, block, balls[k], other_ball(ball, false), missed);
  }
  if (!is_open(open, where, "r")) alter_number(root, block, "r", missed);
}

/* Where a block comes from, and the numbers that follow from it. */
static void alter_block(json_t *root, json_t *blocks, size_t i, const char *where,
                        const json_t *open, size_t *missed) {
  static const char *const keys[] = {"beta", "N",     "index",   "rank",
                                     "count", "weight", "radicand"};
  static const char *const moments[] = {"mean", "central2", "central3",
                                        "central4"};
  json_t *block = json_array_get(blocks, i);
  json_t *spectrum = json_object_get(block, "spectrum"), *item;
  size_t k;
  for (k = 0; k < sizeof keys / sizeof *keys; k++)
    if (!is_open(open, where, keys[k])) alter_number(root, block, keys[k], missed);
  for (k = 0; k < 4 && !is_open(open, where, "moments"); k++)
    alter_number(root, json_object_get(block, "moments"), moments[k], missed);
  for (k = 0; k < 2 && !is_open(open, where, "sector"); k++) {
    static const char *const places[] = {"sector", "component"};
    json_int_t place = json_integer_value(json_object_get(block, places[k]));
    alter(root, block, places[k], json_integer(place + 1), missed);
    alter(root, block, places[k], json_integer(place - 1), missed);
  }
  alter_balls(root, block, where, open, missed);
  json_array_foreach(spectrum, k, item) {
    alter_number(root, item, "eigenvalue", missed);
    alter_number(root, item, "multiplicity", missed);
  }
  if (!is_open(open, where, "spectrum"))
    alter(root, block, "spectrum",
          json_is_null(spectrum) ? json_array() : json_null(), missed);
}

static void alter_wishart(json_t *root, json_t *wishart, const char *where,
                          const json_t *open, size_t *missed) {
  static const char *const codes[] = {
      "observable_is_conserved", "observable_is_a_number",
      "effective_observable_unknown", "algebra_not_full_on_sectors", "sector_not_complex",
      "observable_in_jordan_algebra", "it_is_so", ""};
  static const char *const truths[] = {"applies", "decided"};
  json_t *blocks = json_object_get(wishart, "blocks");
  bool decided = json_is_true(json_object_get(wishart, "decided"));
  for (size_t k = 0; k < 2; k++)
    if (!is_open(open, where, truths[k]))
      alter(root, wishart, truths[k],
            json_boolean(!json_is_true(json_object_get(wishart, truths[k]))),
            missed);
  /* Two reasons not to know, or two that say why not, may be true together. */
  for (size_t k = 0; k < sizeof codes / sizeof *codes && decided; k++)
    if (!is_open(open, where, "reason_code") &&
        (k > 1 || json_is_true(json_object_get(wishart, "applies"))))
      alter(root, wishart, "reason_code", json_string(codes[k]), missed);
  for (size_t i = 0; i < json_array_size(blocks); i++) {
    char below[96];
    json_t *fewer = json_deep_copy(blocks), *more = json_deep_copy(blocks);
    snprintf(below, sizeof below, "%sblocks[%zu].", where, i);
    json_array_remove(fewer, i);
    json_array_append(more, json_array_get(blocks, i));
    alter(root, wishart, "blocks", fewer, missed);
    alter(root, wishart, "blocks", more, missed);
    alter_block(root, blocks, i, below, open, missed);
  }
}

static size_t alter_landscapes(json_t *root, const json_t *open) {
  size_t missed = 0, i;
  json_t *item;
  json_array_foreach(json_object_get(root, "landscapes"), i, item) {
    char where[64];
    snprintf(where, sizeof where, "landscapes[%zu].wishart.", i);
    alter_wishart(root, json_object_get(item, "wishart"), where, open, &missed);
  }
  return missed;
}

/* How many answers there are, and how many of them are left open. */
static void count_answers(size_t *answers, size_t *left, size_t *blocks,
                          const json_t *root, const json_t *open) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(root, "landscapes"), i, item) {
    char where[64];
    snprintf(where, sizeof where, "landscapes[%zu].wishart.", i);
    ++*answers;
    *left += is_open(open, where, "applies");
    *blocks += json_array_size(
        json_object_get(json_object_get(item, "wishart"), "blocks"));
  }
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
    alter_actions(root, item, json_array_size(ideals), &missed);
  }
  return missed;
}

/* Nothing is left open of the algebra and the sectors but words. */
static bool is_counted(const json_t *root, const json_t *open) {
  size_t i;
  json_t *item;
  if (!json_is_null(json_object_get(json_object_get(root, "algebra"), "reason")))
    return false;
  json_array_foreach(open, i, item) {
    const char *name = json_string_value(item);
    if (!strncmp(name, "sectors", 7) ||
        (!strncmp(name, "algebra", 7) && strcmp(name, "algebra.method")))
      return false;
  }
  return true;
}

static void test_random(void) {
  static char text[SUM_INPUTS_ROOM];
  size_t wrong = 0, missed = 0, counted = 0, answers = 0, left = 0, blocks = 0;
  size_t total = (size_t)tap_iterations(8);
  one_in = 1 + 30 / (size_t)tap_iterations(10);
  for (size_t k = 0; k < total; k++) {
    const char *kind = sum_inputs_random(text);
    program_write("sums.ops", text);
    run_t run = program_run("$L certify sums.ops --json --time-limit 20");
    json_t *root = run_json(&run), *open = json_array();
    size_t fails = root ? count_failures(root, open) : 1000;
    if (fails) {
      wrong++;
      tap_diag("%zu claims fail (%s, exit %d):\n%s%s", fails, kind, run.code,
               text, run.err);
    } else if (is_counted(root, open)) {
      size_t mine = alter_all(root) + alter_landscapes(root, open);
      count_answers(&answers, &left, &blocks, root, open);
      counted++;
      missed += mine;
      if (mine) tap_diag("in (%s):\n%s", kind, text);
    } else {
      char *names = json_dumps(open, 0);
      tap_diag("not counted in full (%s): %.300s", kind, names);
      free(names);
    }
    json_decref(open);
    json_decref(root);
    run_clear(&run);
  }
  tap_ok(!wrong, "%zu random certificates hold", total);
  tap_ok(4 * counted > 3 * total, "%zu counted in full, with actions", counted);
  tap_ok(4 * left < answers, "%zu of %zu answers on the Wishart class open, %zu "
         "blocks", left, answers, blocks);
  tap_ok(!missed, "every alteration of an algebra, a sector or the Wishart class is "
         "noticed");
}

/* Moments, and the orbit of the state; what is open, or null, is not tried. */
static size_t alter_moments(json_t *root, const json_t *open) {
  static const char *const keys[] = {"mean", "variance", "mean_square"};
  size_t missed = 0, i;
  json_t *item;
  json_array_foreach(json_object_get(root, "landscapes"), i, item) {
    char where[64];
    json_t *gradient = json_object_get(item, "gradient_variance");
    snprintf(where, sizeof where, "landscapes[%zu].", i);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      if (!is_open(open, where, keys[k])) alter_number(root, item, keys[k], &missed);
    alter_number(root, json_object_get(item, "traps_on_group"), "orbit_dimension",
                 &missed);
    if (is_open(open, where, "gradient_variance") || !json_array_size(gradient)) continue;
    json_t *other = json_deep_copy(gradient);
    size_t at = tap_random_below(json_array_size(gradient));
    const char *entry = json_string_value(json_array_get(gradient, at));
    json_array_set_new(other, at, json_sprintf("1%s", entry));
    alter(root, item, "gradient_variance", other, &missed);
  }
  return missed;
}

/* Families with sectors too large to be counted one bracket at a time: what is known of
   them is counted from the space, and alterations are seen. */
static const struct {
  const char *name, *text, *dimension, *centre;
  bool whole; /* nothing is left open */
} families[] = {
    {"particles", "qubits 8\nfor i in 0..qubits-2: generator X{i} X{i+1} + Y{i} Y{i+1}\n"
     "for i in 0..qubits-1: generator Z{i}\n"
     "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0 Z1\n"
     "state bits 01010101\n", "12863", "2", true},
    {"coherent particles", "qubits 7\n"
     "for i in 0..qubits-2: generator X{i} X{i+1} + Y{i} Y{i+1}\n"
     "for i in 0..qubits-1: generator Z{i}\n"
     "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable X0\n"
     "state product 3/5,0,4/5 0,1,0 1,0,0 0,0,1 0,0,-1 4/5,0,3/5 0,3/5,4/5\n", NULL, NULL,
     false},
    {"ring", "qubits 8\ngenerator sum(i in 0..qubits-1: X{i})\n"
     "generator sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits})\n"
     "generator sum(i in 0..qubits-1: Z{i})\nstate plus\n"
     "observable sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits} + Z{i})\n", "4405", "1", true},
    {"graph", "qubits 8\ngenerator Z0 Z1 + Z0 Z2 + Z0 Z3 + Z1 Z4 + Z1 Z5 + Z2 Z4 + Z2 Z6 + "
     "Z3 Z5 + Z3 Z7 + Z4 Z7 + Z5 Z6 + Z6 Z7\n"
     "generator sum(i in 0..qubits-1: X{i})\nobservable Z0 Z1\nstate plus\n", "1348", "1",
     true},
    {"open chain", "qubits 8\n"
     "generator sum(i in 0..qubits-2: (1-i%2) X{i} X{i+1} + (1-i%2) Y{i} Y{i+1})\n"
     "generator sum(i in 0..qubits-2: i%2 X{i} X{i+1} + i%2 Y{i} Y{i+1})\n"
     "generator sum(i in 0..qubits-2: (1-i%2) Z{i} Z{i+1})\n"
     "generator sum(i in 0..qubits-2: i%2 Z{i} Z{i+1})\n"
     "observable sum(i in 0..qubits-2: X{i} X{i+1} + Y{i} Y{i+1} + 1/2 Z{i} Z{i+1})\n"
     "state bits 01010101\n", "3291", "3", true},
    /* total spin: sectors whose vectors have many different entries */
    {"spins", "qubits 8\n"
     "generator sum(i in 0..qubits-2: (1-i%2) X{i} X{i+1} + (1-i%2) Y{i} Y{i+1} + "
     "(1-i%2) Z{i} Z{i+1})\n"
     "generator sum(i in 0..qubits-2: i%2 X{i} X{i+1} + i%2 Y{i} Y{i+1} + i%2 Z{i} Z{i+1})\n"
     "generator sum(i in 0..qubits-3: X{i} X{i+2} + Y{i} Y{i+2} + Z{i} Z{i+2})\n"
     "observable sum(i in 0..qubits-2: X{i} X{i+1} + Y{i} Y{i+1} + Z{i} Z{i+1})\n"
     "state bits 01010101\n", "743", "2", true},
    {"permutations", "qubits 9\ngenerator sum(i in 0..8: X{i})\n"
     "generator sum(i in 0..8: Y{i})\n"
     "generator sum(i in 0..7: sum(j in i+1..8: Z{i} Z{j}))\nobservable Z0\nstate zero\n",
     NULL, NULL, true},
    /* su(6) by its defining representation and by its dual */
    {"ring of bonds", "qubits 8\n"
     "generator sum(i in 0..qubits-1: X{i} X{(i+1)%qubits} + Y{i} Y{(i+1)%qubits})\n"
     "generator sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits})\n", NULL, NULL, false}};

static void test_family(size_t k) {
  program_write("family.ops", families[k].text);
  run_t run = program_run("$L certify family.ops --json --time-limit 60");
  json_t *root = run_json(&run), *open = json_array();
  size_t fails = root ? count_failures(root, open) : 1000, missed = 0;
  tap_ok(!fails && is_counted(root, open) &&
             (!families[k].whole || !left_open),
         "%s: counted, and it holds%s", families[k].name,
         families[k].whole ? ", all of it" : "");
  const json_t *algebra = json_object_get(root, "algebra");
  const char *dimension = json_string_value(json_object_get(algebra, "dimension"));
  const char *centre = json_string_value(json_object_get(algebra, "center"));
  if (families[k].dimension)
    tap_ok(dimension && !strcmp(dimension, families[k].dimension) && centre &&
               !strcmp(centre, families[k].centre),
           "%s: the numbers that are known", families[k].name);
  if (!fails)
    missed = alter_all(root) + alter_moments(root, open) + alter_landscapes(root, open);
  tap_ok(!missed, "%s: every alteration is noticed", families[k].name);
  json_decref(open);
  json_decref(root);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-sum-claims");
  test_random();
  one_in = 1 + 12 / (size_t)tap_iterations(4);
  for (size_t k = 0; k < sizeof families / sizeof *families; k++) test_family(k);
  program_end();
  return tap_end();
}
