/* t-particle-sectors.c - sectors of number-conserving sums of bilinears by exterior powers
   (particle_sectors.h) against those that the whole space shows (sum_structure.h): chains of
   4 to 6 modes with random real hopping, complex or not, with a centre or without, an idle
   qubit or none, qubits in any order of the string's letters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/sums/particle_sectors.h"
#include "algebra/sums/sum_structure.h"
#include "tests/program.h"
#include "tests/tap.h"

enum { MAX_GENERATORS = 16 };

typedef struct {
  size_t n, count;
  pauli_sum_struct list[MAX_GENERATORS];
} generators_t;

static void add_word(pauli_sum_struct *sum, const char *letters, size_t from, slong c) {
  uint64_t row[2] = {0, 0};
  fmpq_t coefficient;
  fmpq_init(coefficient);
  fmpq_set_si(coefficient, c, 1);
  for (size_t j = 0; letters[j]; j++)
    pauli_set(row, 1, from + j, (unsigned)(strchr("IXZY", letters[j]) - "IXZY"));
  pauli_sum_push(sum, coefficient, row);
  fmpq_clear(coefficient);
}

static pauli_sum_struct *next(generators_t *g) {
  pauli_sum_init(g->list + g->count, g->n);
  return g->list + g->count++;
}

/* a (XX + YY) + b (XY - YX) on each bond; Z on each qubit, or differences of neighbours. */
static void set_chain(generators_t *g, size_t modes, size_t idle, bool charged, bool twisted) {
  *g = (generators_t){.n = modes + idle};
  for (size_t j = 0; j + 1 < modes; j++) {
    slong a = 1 + (slong)tap_random_below(3), b = twisted ? (slong)tap_random_below(3) : 0;
    pauli_sum_struct *hop = next(g);
    add_word(hop, "XX", j, a);
    add_word(hop, "YY", j, a);
    if (b) add_word(hop, "XY", j, b);
    if (b) add_word(hop, "YX", j, -b);
    pauli_sum_canonicalise(hop);
    pauli_sum_struct *field = next(g);
    add_word(field, "Z", j, 1);
    if (!charged) add_word(field, "Z", j + 1, -1);
    pauli_sum_canonicalise(field);
  }
}

static bool same_sectors(const structure_t a, const structure_t b) {
  if (a->num_sectors != b->num_sectors || a->num_actions != b->num_actions) return false;
  for (size_t i = 0; i < a->num_sectors; i++) {
    const sector_struct *x = a->sectors + i;
    size_t j = 0;
    for (; j < b->num_sectors; j++) {
      const sector_struct *y = b->sectors + j;
      if (fmpz_equal(x->dimension, y->dimension) && x->field == y->field &&
          fmpz_equal(x->multiplicity, y->multiplicity) && fmpz_equal(x->count, y->count))
        break;
    }
    if (j == b->num_sectors) return false;
  }
  return true;
}

static bool same_actions(const structure_t a, const structure_t b) {
  for (size_t i = 0; i < a->num_actions; i++) {
    const action_struct *x = a->actions + i;
    size_t j = 0;
    for (; j < b->num_actions; j++) {
      const action_struct *y = b->actions + j;
      const char *u = x->highest_weight, *v = y->highest_weight;
      if (!strcmp(x->representation, y->representation) && fmpz_equal(x->pairs, y->pairs) &&
          x->letter == y->letter && fmpz_equal(x->rank, y->rank) &&
          fmpz_equal(x->dimension, y->dimension) && !u == !v && (!u || !strcmp(u, v)) &&
          fmpz_equal(a->sectors[x->sector].dimension, b->sectors[y->sector].dimension))
        break;
    }
    if (j == b->num_actions) return false;
  }
  return true;
}

static bool one_chain(size_t modes, size_t idle, bool charged, bool twisted) {
  generators_t g;
  closure_t closure;
  structure_t whole, found;
  particle_algebra_t a;
  closure_limits_t limits = {.num_threads = 1};
  set_chain(&g, modes, idle, charged, twisted);
  closure_init(closure, g.n);
  structure_init(whole);
  structure_init(found);
  bool good = closure_compute(closure, g.list, g.count, &limits) == STATUS_OK;
  if (good) sum_structure_general(whole, closure, g.list, g.count, &limits);
  good = good && whole->sectors_known && whole->actions_known;
  if (!good) tap_diag("the whole space did not show its sectors");
  if (good) { /* all but the sectors */
    fmpz_set(found->dimension, whole->dimension);
    fmpz_set(found->center, whole->center);
    found->proved = found->center_known = found->ideals_known = true;
    for (size_t i = 0; i < whole->num_ideals; i++)
      structure_add_ideal(found, whole->ideals[i].letter, whole->ideals[i].rank,
                          whole->ideals[i].dimension, whole->ideals[i].count);
    good = particle_algebra_init(a, g.list, g.count, g.n, found);
    if (good) {
      good = particle_sectors(found, a) && same_sectors(found, whole) &&
             same_actions(found, whole);
      particle_algebra_clear(a);
    }
  }
  if (!good)
    tap_diag("%zu modes, %zu idle, charged %d, complex %d", modes, idle, charged, twisted);
  structure_clear(whole);
  structure_clear(found);
  closure_clear(closure);
  for (size_t j = 0; j < g.count; j++) pauli_sum_clear(g.list + j);
  return good;
}

static void test_chains(void) {
  bool good = true;
  for (long i = 0; i < tap_iterations(12) && good; i++)
    good = one_chain(3 + tap_random_below(4), tap_random_below(2), i % 2, i / 2 % 2);
  tap_ok(good, "chains: exterior powers are the sectors of the whole space");
}

/* All bilinears of four modes: so(8), whose sectors are half-spins. */
static void test_other(void) {
  generators_t g = {.n = 4};
  closure_t closure;
  structure_t s;
  particle_algebra_t a;
  closure_limits_t limits = {.num_threads = 1};
  for (size_t j = 0; j < 3; j++) {
    add_word(next(&g), "XX", j, 1);
    add_word(next(&g), "Z", j, 1);
  }
  closure_init(closure, g.n);
  structure_init(s);
  bool good = closure_compute(closure, g.list, g.count, &limits) == STATUS_OK;
  if (good) sum_structure(s, closure, g.list, g.count, &limits);
  size_t before = s->num_sectors;
  good = good && particle_algebra_init(a, g.list, g.count, g.n, s);
  if (good) {
    s->sectors_known = false;
    good = !particle_sectors(s, a) && s->num_sectors == before;
    particle_algebra_clear(a);
  }
  tap_ok(good, "so(8) has other sectors");
  structure_clear(s);
  closure_clear(closure);
  for (size_t j = 0; j < g.count; j++) pauli_sum_clear(g.list + j);
}

/* Eight qubits: certify says them, check finds them by what commutes with the generators, and
   notices others. */
static void test_program(void) {
  static const char *const lies[][2] = {{"28", "29"}, {"real", "quaternionic"},
                                        {"exterior power 3", "exterior power 2"},
                                        {"\"2\"", "\"1\""}};
  program_write("chain.ops", "qubits 8\nfor i in 0..6: generator X{i} X{i+1} + Y{i} Y{i+1}\n"
                             "for i in 0..7: generator Z{i}\nobservable Z0\n"
                             "state bits 10101010\n");
  run_t run = program_run("$L certify -q chain.ops --json"), check;
  json_t *json = run_json(&run);
  program_write_json("chain.json", json);
  check = program_run("$L check chain.json");
  char *sectors = json_dumps(json_at(json, "sectors"), JSON_COMPACT);
  tap_ok(run.code == 0 && json_array_size(json_at(json, "sectors")) == 5 &&
             strstr(check.out, "holds            sectors[4].dimension") &&
             strstr(check.out, " 0 fail") && !strstr(check.out, "re-proved    sectors"),
         "a chain of eight: sectors are re-proved");
  run_clear(&check);
  bool caught = true;
  for (size_t i = 0; i < 4; i++) {
    char *at = strstr(sectors, lies[i][0]);
    if (!at) {
      caught = false;
      continue;
    }
    char *text = malloc(strlen(sectors) + 64);
    sprintf(text, "%.*s%s%s", (int)(at - sectors), sectors, lies[i][1],
            at + strlen(lies[i][0]));
    json_object_set_new(json, "sectors", json_loads(text, 0, NULL));
    program_write_json("lie.json", json);
    check = program_run("$L check lie.json");
    if (check.code != 1) tap_diag("%s for %s: exit %d", lies[i][1], lies[i][0], check.code);
    caught = caught && check.code == 1;
    run_clear(&check);
    free(text);
  }
  tap_ok(caught, "other sectors are refused");
  free(sectors);
  json_decref(json);
  run_clear(&run);
}

int main(void) {
  tap_begin("t-particle-sectors");
  test_chains();
  test_other();
  test_program();
  program_end();
  return tap_end();
}
