/* Sectors first, against the closure of the algebra in the whole space (an
   independent method) on random symmetric ansaetze, and known algebras that are too
   large to be closed here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/sectors/sectors.h"
#include "algebra/sums/sum_ideals.h"
#include "algebra/sums/sum_structure.h"
#include "tests/symmetric_inputs.h"
#include "tests/tap.h"

static int compare(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted lines, so that the order of sectors does not matter. */
static char *describe(const structure_struct *s) {
  size_t room = s->num_ideals + s->num_sectors + s->num_actions + 2, count = 0;
  char **lines = malloc(room * sizeof *lines);
  if (asprintf(lines + count++, "dimension %ld centre %ld",
               (long)fmpz_get_si(s->dimension), (long)fmpz_get_si(s->center)) < 0)
    abort();
  for (size_t k = 0; k < s->num_ideals; k++) {
    char *type = ideal_get_type(s->ideals + k);
    if (asprintf(lines + count++, "%ld*%s", (long)fmpz_get_si(s->ideals[k].count),
                 type) < 0)
      abort();
    free(type);
  }
  bool *done = calloc(s->num_sectors + 1, sizeof *done);
  for (size_t k = 0; k < s->num_sectors; k++) {
    const sector_struct *a = s->sectors + k;
    slong copies = 0;
    if (done[k]) continue;
    for (size_t l = k; l < s->num_sectors; l++) {
      const sector_struct *b = s->sectors + l;
      if (!fmpz_equal(a->dimension, b->dimension) || a->field != b->field ||
          !fmpz_equal(a->multiplicity, b->multiplicity))
        continue;
      done[l] = true;
      copies += fmpz_get_si(b->count);
    }
    if (asprintf(lines + count++, "%ld*(%ld,%ld,%s)", (long)copies,
                 (long)fmpz_get_si(a->dimension),
                 (long)fmpz_get_si(a->multiplicity),
                 field_get_str(a->field)) < 0)
      abort();
  }
  free(done);
  qsort(lines, count, sizeof *lines, compare);
  size_t length = 1;
  for (size_t k = 0; k < count; k++) length += strlen(lines[k]) + 1;
  char *text = calloc(length, 1);
  for (size_t k = 0; k < count; k++) {
    strcat(strcat(text, lines[k]), " ");
    free(lines[k]);
  }
  free(lines);
  return text;
}

/* Pairs of an ideal and a sector in which the ideal acts, by dimension of it. */
static slong count_pairs(const structure_struct *s, char letter, const fmpz_t rank,
                         const fmpz_t dimension) {
  slong pairs = 0;
  for (size_t k = 0; k < s->num_actions; k++) {
    const action_struct *a = s->actions + k;
    if (a->letter == letter && fmpz_equal(a->rank, rank) &&
        fmpz_equal(a->dimension, dimension))
      pairs += fmpz_get_si(a->pairs);
  }
  return pairs;
}

static bool same_actions(const structure_struct *a, const structure_struct *b) {
  for (size_t k = 0; k < a->num_actions; k++) {
    const action_struct *x = a->actions + k;
    if (count_pairs(a, x->letter, x->rank, x->dimension) !=
        count_pairs(b, x->letter, x->rank, x->dimension))
      return false;
  }
  return true;
}

static bool find(structure_t out, const symmetric_set_struct *set) {
  const pauli_sum_struct *list[SYMMETRIC_MAX];
  sectors_t s;
  for (size_t k = 0; k < set->count; k++) list[k] = set->list + k;
  sectors_init(s, set->n, list, set->count, NULL);
  reason_code_t reason = sectors_recognise(s);
  if (!reason) sectors_structure(out, s);
  out->reason = reason_of(reason);
  bool ok = !reason && fmpz_equal_ui(out->dimension, sectors_dimension(s));
  sectors_clear(s);
  return ok;
}

/* --- against the closure ----------------------------------------------------------- */

static void test_closure(void (*set_random)(symmetric_set_struct *, size_t),
                         const char *what) {
  bool ok = true;
  long recognised = 0, all = tap_iterations(60);
  for (long i = 0; i < all && ok; i++) {
    symmetric_set_struct set;
    set_random(&set, 5);
    structure_t got, expect;
    closure_t closure;
    structure_init(got);
    structure_init(expect);
    if (find(got, &set)) {
      recognised++;
      closure_init(closure, set.n);
      closure_compute(closure, set.list, set.count, NULL);
      sum_structure_general(expect, closure, set.list, set.count, NULL);
      char *a = describe(expect), *b = describe(got);
      ok = expect->ideals_known && expect->sectors_known && !strcmp(a, b) &&
           (!expect->actions_known ||
            (same_actions(expect, got) && same_actions(got, expect)));
      if (!ok) {
        tap_diag("expected %s", a);
        tap_diag("found    %s", b);
        tap_diag("qubits %zu", set.n);
        for (size_t k = 0; k < set.count; k++) {
          char *text = pauli_sum_get_str(set.list + k);
          tap_diag("generator %s", text);
          free(text);
        }
      }
      free(a);
      free(b);
      closure_clear(closure);
    }
    structure_clear(got);
    structure_clear(expect);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "random %s: as the closure", what);
  tap_ok(recognised * 4 >= all, "a fair part of them is recognised");
  tap_diag("%ld of %ld recognised", recognised, all);
}

/* Sums of Majorana bilinears, so(2n) by half-spinors in the end; so(8) for n = 4. */
static void set_bilinears(symmetric_set_struct *set, size_t most) {
  static const char *const words[] = {"XX", "YY", "XY", "YX", "Z"};
  size_t count = 2 + tap_random_below(3);
  *set = (symmetric_set_struct){.n = 3 + tap_random_below(most - 2)};
  for (size_t k = 0; k < count; k++) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    const char *word = words[k ? tap_random_below(5) : 4];
    bool few = tap_random_below(3) == 0;
    for (size_t i = 0; i + (word[0] != 'Z') < set->n; i++)
      if (!i || !few || tap_random_below(2)) symmetric_push(sum, word, i, i + 1, 1);
  }
}

/* --- known algebras ---------------------------------------------------------------------- */

static void check(symmetric_set_struct *set, slong dimension, slong centre, size_t sectors,
                  const char *what) {
  structure_t s;
  structure_init(s);
  bool ok = find(s, set);
  size_t count = 0;
  for (size_t k = 0; k < s->num_sectors; k++)
    count += fmpz_get_ui(s->sectors[k].count);
  if (!tap_ok(ok && fmpz_equal_si(s->dimension, dimension) &&
                  fmpz_equal_si(s->center, centre) && count == sectors,
              "%s", what)) {
    char *text = describe(s);
    tap_diag("%s %s", text, reason_code_word(s->reason.code));
    free(text);
  }
  structure_clear(s);
  symmetric_set_clear(set);
}

static void number_chain(symmetric_set_struct *set, size_t n) {
  *set = (symmetric_set_struct){.n = n};
  for (size_t i = 0; i < n; i++) {
    symmetric_push(symmetric_set_add(set), "Z", i, 0, 1);
    if (i + 1 == n) continue;
    symmetric_push(symmetric_set_add(set), "ZZ", i, i + 1, 1);
    pauli_sum_struct *bond = symmetric_set_add(set);
    symmetric_push(bond, "XX", i, i + 1, 1);
    symmetric_push(bond, "YY", i, i + 1, 1);
  }
}

static void test_known(void) {
  symmetric_set_struct set;
  number_chain(&set, 8);
  check(&set, 12863, 2, 9,
        "hopping, fields and ZZ on an open chain of 8: su(C(8,k)), centre 2");
  number_chain(&set, 12); /* sum C(12,k)^2 - 1 = 2704156 - 13, and 2 */
  check(&set, 2704145, 2, 13, "the same for 12");
  set = (symmetric_set_struct){.n = 8};
  for (size_t part = 0; part < 4; part++) {
    pauli_sum_struct *sum = symmetric_set_add(&set);
    for (size_t i = part % 2; i + 1 < 8; i += 2) {
      symmetric_push(sum, part < 2 ? "XX" : "ZZ", i, i + 1, 1);
      if (part < 2) symmetric_push(sum, "YY", i, i + 1, 1);
    }
  }
  check(&set, 3291, 3, 11, "even and odd bonds of an XXZ chain of 8");
  set = (symmetric_set_struct){.n = 8};
  for (size_t i = 0; i + 1 < 8; i++) {
    pauli_sum_struct *bond = symmetric_set_add(&set);
    symmetric_push(bond, "XX", i, i + 1, 1);
    symmetric_push(bond, "YY", i, i + 1, 1);
    symmetric_push(bond, "ZZ", i, i + 1, 1);
  }
  /* Marin (2007): transpositions generate sl on every two-row diagram but hooks that
     repeat; dimensions 1, 7, 20, 28, 14. */
  check(&set, 1426, 1, 5, "exchanges on a chain of 8: total spin is kept");
}

static void ring(symmetric_set_struct *set, size_t n) {
  *set = (symmetric_set_struct){.n = n};
  static const char *const words[3] = {"X", "ZZ", "Z"};
  for (size_t k = 0; k < 3; k++) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    for (size_t i = 0; i < n; i++) symmetric_push(sum, words[k], i, (i + 1) % n, 1);
  }
}

/* Exchange and ZZ on even and on odd bonds, next neighbours too or not, on a ring. */
static void bond_ring(symmetric_set_struct *set, size_t n, bool next) {
  *set = (symmetric_set_struct){.n = n};
  for (size_t part = 0; part < (next ? 3u : 4u); part++) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    size_t step = next && part == 2 ? 1 : 2, gap = next && part == 2 ? 2 : 1;
    for (size_t i = step == 1 ? 0 : part % 2; i < n; i += step)
      for (size_t k = 0; k < 3; k++) {
        static const char *const words[3] = {"XX", "YY", "ZZ"};
        if (!next && (k == 2) != (part >= 2)) continue;
        symmetric_push(sum, words[k], i, (i + gap) % n, 1);
      }
  }
}

/* Two sectors with one ideal that only a map between them shows. */
static void test_links(void) {
  symmetric_set_struct set;
  bond_ring(&set, 8, false); /* as the closure of the algebra finds */
  check(&set, 849, 4, 24, "even and odd bonds of an XXZ ring of 8: two of C^6 linked");
  bond_ring(&set, 10, false); /* as the decomposition of algebra/check finds */
  check(&set, 9532, 2, 25, "the same for 10: a line with two ones occurs twice there");
  bond_ring(&set, 8, true);
  check(&set, 200, 3, 18, "even, odd and next bonds of a Heisenberg ring of 8");
  bond_ring(&set, 10, true); /* as the closure finds: two doublets over Q(sqrt 5) linked to two */
  check(&set, 1776, 2, 20, "the same for 10: links that conjugation exchanges");
}

/* Multiplicity spaces on which permutations do not act by all matrices. The dimension as the
   decomposition of algebra/check finds it. */
static void test_petersen(void) {
  symmetric_set_struct set = {.n = 10};
  pauli_sum_struct *cut = symmetric_set_add(&set), *mixer = symmetric_set_add(&set);
  for (size_t i = 0; i < 5; i++) {
    symmetric_push(cut, "ZZ", i, (i + 1) % 5, 1);
    symmetric_push(cut, "ZZ", i, i + 5, 1);
    symmetric_push(cut, "ZZ", i + 5, (i + 2) % 5 + 5, 1);
  }
  for (size_t i = 0; i < 10; i++) symmetric_push(mixer, "X", i, 0, 1);
  check(&set, 4649, 1, 17, "cut of the Petersen graph");
}

/* Sectors that conjugation exchanges: two of so(13), two of su(2) with one ideal. */
static void test_conjugate(void) {
  static const size_t edges[12][2] = {{0, 1}, {0, 2}, {0, 3}, {1, 4}, {1, 5}, {2, 4},
                                      {2, 6}, {3, 5}, {3, 7}, {4, 7}, {5, 6}, {6, 7}};
  symmetric_set_struct set = {.n = 8};
  pauli_sum_struct *cut = symmetric_set_add(&set), *mixer = symmetric_set_add(&set);
  for (size_t e = 0; e < 12; e++)
    symmetric_push(cut, "ZZ", edges[e][0], edges[e][1], 1);
  for (size_t i = 0; i < 8; i++) symmetric_push(mixer, "X", i, 0, 1);
  check(&set, 1348, 1, 18, "cut of a 3-regular graph of 8 vertices, as the closure finds");
}

/* Sectors that permutations of the qubits do not explain. */
static void test_hidden(void) {
  symmetric_set_struct set;
  ring(&set, 8); /* 33, 30 twice, 30, 21, 13, 3 and so(3) on 3: two in one momentum */
  check(&set, 4405, 1, 8, "Ising ring of 8 in a longitudinal field: one so(3)");
  ring(&set, 4);
  check(&set, 47, 1, 4, "the same for 4: a line on which everything is 0");
  static const size_t edges[15][2] = {{0, 2}, {0, 5}, {0, 7}, {1, 3}, {1, 4},
                                      {1, 6}, {2, 3}, {2, 7}, {3, 8}, {4, 5},
                                      {4, 8}, {5, 6}, {6, 9}, {7, 9}, {8, 9}};
  set = (symmetric_set_struct){.n = 10};
  pauli_sum_struct *cut = symmetric_set_add(&set), *mixer = symmetric_set_add(&set);
  for (size_t e = 0; e < 15; e++)
    symmetric_push(cut, "ZZ", edges[e][0], edges[e][1], 1);
  for (size_t i = 0; i < 10; i++) symmetric_push(mixer, "X", i, 0, 1);
  structure_t s;
  structure_init(s);
  bool ok = find(s, &set);
  fmpz_t sum;
  fmpz_init(sum);
  for (size_t k = 0; k < s->num_sectors; k++) {
    fmpz_t t;
    fmpz_init(t);
    fmpz_mul(t, s->sectors[k].dimension, s->sectors[k].multiplicity);
    fmpz_addmul(sum, t, s->sectors[k].count);
    fmpz_clear(t);
  }
  tap_ok(ok && fmpz_equal_ui(sum, 1024),
         "cut of a 3-regular graph of 10 vertices: sectors fill the space");
  fmpz_clear(sum);
  structure_clear(s);
  symmetric_set_clear(&set);
}

/* Singles and doubles of four electrons in four orbitals; qubits 0 to 3 spin up. Real
   generators on N_up, N_down: so(d) with d = C(4,N_up) C(4,N_down); N_down of 0 and 4 do
   not differ, nor 1 and 3 beside them. so(4): 2, so(6): 2, so(16): 4, so(24): 4, so(36). */
static void test_coupled_cluster(void) {
  symmetric_set_struct set = {.n = 8};
  for (size_t i = 0; i < 2; i++)
    for (size_t a = 2; a < 4; a++) {
      symmetric_push_excitation(symmetric_set_add(&set), &a, &i, 1);
      symmetric_push_excitation(symmetric_set_add(&set), (size_t[]){a + 4}, (size_t[]){i + 4},
                                1);
      for (size_t j = 0; j < 2; j++)
        for (size_t b = 2; b < 4; b++)
          symmetric_push_excitation(symmetric_set_add(&set), (size_t[]){a, b + 4},
                                    (size_t[]){j + 4, i}, 2);
    }
  for (size_t spin = 0; spin < 8; spin += 4)
    symmetric_push_excitation(symmetric_set_add(&set), (size_t[]){2 + spin, 3 + spin},
                              (size_t[]){1 + spin, spin}, 2);
  check(&set, 2 * 6 + 2 * 15 + 4 * 120 + 4 * 276 + 630, 0, 14,
        "coupled cluster with singles and doubles, 8 qubits");
}

/* Lines by the dozen, over Q(sqrt 2), Q(sqrt 5), Q(sqrt 3). */
static void test_hubbard(void) {
  symmetric_set_struct set;
  symmetric_set_hubbard(&set, 3);
  check(&set, 13, 2, 15, "Hubbard chain of 3 sites, as a numerical closure finds");
  symmetric_set_hubbard(&set, 4);
  check(&set, 136, 2, 46, "the same of 4 sites");
  symmetric_set_hubbard(&set, 5); /* as the decomposition of algebra/check finds */
  check(&set, 1326, 2, 68, "of 5 sites");
}

/* The cut of a cube: the graph is bipartite, so Y on one half and Z on the other takes the
   generators to minus their transposes, and shows the forms. C^4 and one of the C^5 carry
   one ideal, sp(2) = so(5); the closure finds 420 as well. */
static void test_bipartite(void) {
  symmetric_set_struct set = {.n = 8};
  pauli_sum_struct *cut = symmetric_set_add(&set), *mixer = symmetric_set_add(&set);
  for (size_t i = 0; i < 8; i++) {
    symmetric_push(mixer, "X", i, 0, 1);
    for (size_t bit = 1; bit < 8; bit *= 2)
      if (!(i & bit)) symmetric_push(cut, "ZZ", i, i | bit, 1);
  }
  check(&set, 420, 1, 16, "cut of a cube");
}

/* --- stopped before the end ----------------------------------------------------------- */

static bool count_down(void *data) {
  long *left = data;
  return --*left < 0;
}

/* At least so much when the search is stopped at that question. */
static size_t stopped_at(long question, const symmetric_set_struct *set) {
  const pauli_sum_struct *list[SYMMETRIC_MAX];
  sectors_t s;
  closure_limits_t limits = {.abort = count_down, .abort_data = &question};
  for (size_t k = 0; k < set->count; k++) list[k] = set->list + k;
  sectors_init(s, set->n, list, set->count, &limits);
  size_t least = sectors_least_dimension(s);
  sectors_clear(s);
  return least;
}

/* Exchanges on bonds, Z_i, Z_i Z_i+1: su(C(8, k)) on the sectors, of dimensions 8, 28, 56 (two
   of each) and 70. The bound counts one of each. */
static void test_stopped(void) {
  symmetric_set_struct set = {.n = 8};
  for (size_t i = 0; i < 8; i++) {
    symmetric_push(symmetric_set_add(&set), "Z", i, 0, 1);
    if (i == 7) continue;
    symmetric_push(symmetric_set_add(&set), "ZZ", i, i + 1, 1);
    pauli_sum_struct *hop = symmetric_set_add(&set);
    symmetric_push(hop, "XX", i, i + 1, 1);
    symmetric_push(hop, "YY", i, i + 1, 1);
  }
  size_t all = 63 + 783 + 3135 + 4899, before = 0, between = 0;
  bool ok = stopped_at(0, &set) == 0 && stopped_at(1000000, &set) == all;
  for (long k = 1; k <= 1 << 14 && ok; k *= 2) {
    size_t now = stopped_at(k, &set);
    ok = now >= before && now <= all;
    between += now > 0 && now < all;
    before = now;
  }
  if (!tap_ok(ok && between, "a search that is stopped has a lower bound"))
    tap_diag("%zu of %zu, %zu between", before, all, between);
  symmetric_set_clear(&set);
}

int main(void) {
  tap_begin("t-sectors");
  test_stopped();
  test_closure(symmetric_set_random, "symmetric ansaetze");
  test_closure(symmetric_set_excitations, "excitations");
  test_closure(set_bilinears, "bilinears");
  test_known();
  test_hidden();
  test_links();
  test_petersen();
  test_conjugate();
  test_coupled_cluster();
  test_hubbard();
  test_bipartite();
  return tap_end();
}
