/* Highest weights: dimensions and Casimir eigenvalues from tables (W. G. McKay and
   J. Patera, 1981; Casimir of so(n) and su(n) on tensors), counts of small
   representations. */
#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_weights.h"
#include "algebra/sectors/weights.h"
#include "tests/tap.h"

typedef struct {
  char letter;
  size_t rank;
  unsigned labels[8];
  ulong dimension;
  slong p;
  ulong q;
  const char *name;
} case_t;

static void test_table(void) {
  static const case_t cases[] = {
      {'A', 1, {1}, 2, 3, 8, "defining"},
      {'A', 1, {4}, 5, 3, 1, "symmetric power 4"},
      {'A', 1, {2}, 3, 1, 1, "symmetric power 2"},
      {'A', 2, {1, 0}, 3, 4, 9, "defining"},
      {'A', 2, {0, 1}, 3, 4, 9, "conjugate"},
      {'A', 2, {1, 1}, 8, 1, 1, "adjoint"},
      {'A', 3, {0, 1, 0}, 6, 5, 8, "exterior power 2"},
      {'A', 3, {2, 0, 0}, 10, 9, 8, "symmetric power 2"},
      {'B', 3, {1, 0, 0}, 7, 3, 5, "defining"},
      {'B', 3, {0, 0, 1}, 8, 21, 40, "spin"},
      {'B', 3, {0, 1, 0}, 21, 1, 1, "adjoint"},
      {'C', 2, {1, 0}, 4, 5, 12, "defining"},
      {'C', 2, {0, 1}, 5, 2, 3, "other"},
      {'C', 3, {1, 0, 0}, 6, 7, 16, "defining"},
      {'C', 3, {2, 0, 0}, 21, 1, 1, "adjoint"},
      {'D', 4, {1, 0, 0, 0}, 8, 7, 12, "defining"},
      {'D', 4, {0, 0, 0, 1}, 8, 7, 12, "half-spin"},
      {'D', 5, {0, 0, 0, 0, 1}, 16, 45, 64, "half-spin"},
      {'D', 5, {0, 1, 0, 0, 0}, 45, 1, 1, "adjoint"},
      {'G', 2, {1, 0}, 7, 1, 2, "defining"},
      {'G', 2, {0, 1}, 14, 1, 1, "adjoint"},
      {'F', 4, {0, 0, 0, 1}, 26, 2, 3, "other"},
      {'F', 4, {1, 0, 0, 0}, 52, 1, 1, "adjoint"},
      {'E', 6, {1, 0, 0, 0, 0, 0}, 27, 13, 18, "other"},
      {'E', 6, {0, 1, 0, 0, 0, 0}, 78, 1, 1, "adjoint"},
      {'E', 7, {0, 0, 0, 0, 0, 0, 1}, 56, 19, 24, "other"},
      {'E', 8, {0, 0, 0, 0, 0, 0, 0, 1}, 248, 1, 1, "adjoint"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const case_t *c = cases + i;
    root_system_t s;
    fmpz_t dimension;
    fmpq_t casimir;
    fmpz_init(dimension);
    fmpq_init(casimir);
    root_system_init(s, c->letter, c->rank);
    weight_dimension(dimension, c->labels, s);
    weight_casimir(casimir, c->labels, s);
    char *name = weight_get_name(c->labels, s);
    if (!tap_ok(fmpz_equal_ui(dimension, c->dimension) &&
                    fmpz_equal_si(fmpq_numref(casimir), c->p) &&
                    fmpz_equal_ui(fmpq_denref(casimir), c->q) &&
                    !strcmp(name, c->name),
                "%c%zu: %s of dimension %lu", c->letter, c->rank, c->name,
                c->dimension)) {
      char *text = fmpq_get_str(NULL, 10, casimir);
      tap_diag("dimension %ld, Casimir %s, %s", fmpz_get_si(dimension), text,
               name);
      flint_free(text);
    }
    free(name);
    root_system_clear(s);
    fmpz_clear(dimension);
    fmpq_clear(casimir);
  }
}

typedef struct {
  size_t count, related;
  const root_system_struct *system;
  const unsigned *first;
} count_t;

static void count_one(const unsigned *labels, size_t dimension, void *data) {
  count_t *count = data;
  (void)dimension;
  count->count++;
  count->related += weight_is_related(labels, count->first, count->system);
}

/* Small representations: of su(3): 3 3* 6 6* 8 10 10* (up to 10); of so(8) the
   three of dimension 8 and the adjoint (up to 28). */
static void test_enumerate(void) {
  static const unsigned one[] = {1, 0, 0, 0};
  root_system_t s;
  root_system_init(s, 'A', 2);
  count_t a = {.system = s, .first = one};
  weight_enumerate(s, 10, count_one, &a);
  tap_ok(a.count == 7 && a.related == 2, "su(3): seven up to dimension 10");
  root_system_clear(s);
  root_system_init(s, 'D', 4);
  count_t d = {.system = s, .first = one};
  weight_enumerate(s, 28, count_one, &d);
  tap_ok(d.count == 4 && d.related == 3, "so(8): triality");
  root_system_clear(s);
  tap_ok(!root_system_init(s, 'E', 5) && !root_system_init(s, 'A', 0) &&
             !root_system_init(s, 'A', 1000),
         "no other types");
}

/* --- the representations of `check` ------------------------------------------------- */

typedef struct {
  const root_system_struct *system;
  const check_roots_struct *roots;
  size_t count, wrong;
} comparison_t;

static bool same_text(char *a, char *b) {
  bool same = !strcmp(a, b);
  free(a);
  free(b);
  return same;
}

static void compare(const unsigned *labels, size_t dimension, void *data) {
  comparison_t *c = data;
  fmpz_t d;
  fmpq_t x, y;
  unsigned image[CHECK_MAX_RANK];
  bool moves = false;
  fmpz_init(d);
  fmpq_init(x);
  fmpq_init(y);
  weight_dimension(d, labels, c->system);
  weight_casimir(x, labels, c->system);
  check_weight_casimir(y, labels, c->roots);
  bool same = fmpz_equal_ui(d, dimension) && fmpq_equal(x, y) &&
              same_text(weight_get_str(labels, c->system),
                        check_weight_text(labels, c->roots)) &&
              same_text(weight_get_name(labels, c->system),
                        check_weight_word(labels, c->roots));
  for (size_t k = 0; check_weight_turn(image, labels, c->roots, k); k++) {
    moves = moves || memcmp(image, labels, c->roots->rank * sizeof *labels);
    same = same && weight_is_related(image, labels, c->system) &&
           check_weight_is_turned(labels, image, c->roots);
  }
  same = same && moves == check_weight_moves(labels, c->roots);
  c->count++;
  c->wrong += !same;
  fmpz_clear(d);
  fmpq_clear(x);
  fmpq_clear(y);
}

static void test_other_path(void) {
  size_t types = 0, count = 0, wrong = 0;
  for (char letter = 'A'; letter <= 'G'; letter++)
    for (size_t rank = 1; rank <= 12; rank++) {
      root_system_t s;
      check_roots_t roots;
      if (!check_roots_init(roots, letter, rank)) continue;
      types++;
      root_system_init(s, letter, rank);
      count_t all = {.system = s, .first = (const unsigned[64]){1}};
      comparison_t c = {.system = s, .roots = roots};
      weight_enumerate(s, 300, count_one, &all);
      check_weights_list(roots, 300, compare, &c);
      wrong += c.wrong + (c.count != all.count) +
               (roots->num_roots != s->num_roots);
      count += c.count;
      root_system_clear(s);
      check_roots_clear(roots);
    }
  tap_ok(!wrong && types == 47, "%zu representations of %zu types by two paths",
         count, types);
  check_roots_t roots;
  tap_ok(!check_roots_init(roots, 'B', 2) && !check_roots_init(roots, 'D', 3) &&
             !check_roots_init(roots, 'A', CHECK_MAX_RANK + 1),
         "one name for each small algebra");
}

/* Real or quaternionic: J. Tits, Tabellen zu den einfachen Lie Gruppen (1967). */
static void test_odd(void) {
  static const struct {
    char letter;
    size_t rank, at; /* the fundamental weight */
    bool odd;
  } cases[] = {{'A', 1, 1, true},  {'A', 3, 2, false}, {'A', 5, 3, true},
               {'B', 3, 3, false}, {'B', 4, 4, false}, {'B', 5, 5, true},
               {'B', 6, 6, true},  {'C', 3, 1, true},  {'C', 3, 2, false},
               {'C', 3, 3, true},  {'D', 4, 3, false}, {'D', 6, 6, true},
               {'D', 8, 8, false}, {'E', 7, 7, true},  {'E', 7, 1, false},
               {'F', 4, 4, false}, {'G', 2, 1, false}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    unsigned labels[CHECK_MAX_RANK] = {0};
    check_roots_t roots;
    labels[cases[k].at - 1] = 1;
    check_roots_init(roots, cases[k].letter, cases[k].rank);
    tap_ok(check_weight_is_odd(labels, roots) == cases[k].odd,
           "%c%zu: w%zu is %s", cases[k].letter, cases[k].rank, cases[k].at,
           cases[k].odd ? "quaternionic" : "real");
    check_roots_clear(roots);
  }
}

int main(void) {
  tap_begin("t-weights");
  test_table();
  test_enumerate();
  test_other_path();
  test_odd();
  return tap_end();
}
