/* Structure of algebras of sums: against the F_2 classification of strings (an
   independent method), on strings and on strings rotated by rational angles,
   which makes sums of them and changes nothing; and known algebras. */
#include <stdio.h>
#include <stdlib.h>

#include "algebra/sums/cartan.h"
#include "algebra/base/flint_compat.h"
#include "algebra/sums/sum_ideals.h"
#include "algebra/strings/string_algebra.h"
#include "algebra/sums/sum_structure.h"
#include "tests/sum_inputs.h"
#include "tests/tap.h"

static char *describe(const structure_struct *s) {
  size_t room = 100 + 200 * (s->num_ideals + s->num_sectors), used = 0;
  char *text = malloc(room);
  used += (size_t)snprintf(text, room, "centre %ld", (long)fmpz_get_si(s->center));
  for (size_t k = 0; k < s->num_ideals; k++) {
    char *type = ideal_get_type(s->ideals + k);
    used += (size_t)snprintf(text + used, room - used, " %ld*%s",
                             (long)fmpz_get_si(s->ideals[k].count), type);
    free(type);
  }
  /* Sectors sorted by dimension, multiplicity, field. */
  bool *done = calloc(s->num_sectors + 1, sizeof *done);
  for (size_t i = 0; i < s->num_sectors; i++) {
    size_t best = s->num_sectors;
    for (size_t k = 0; k < s->num_sectors; k++) {
      const sector_struct *a = s->sectors + k, *b = s->sectors + best;
      if (done[k]) continue;
      int c = best == s->num_sectors ? -1
                                     : fmpz_cmp(a->dimension, b->dimension);
      if (c == 0) c = fmpz_cmp(a->multiplicity, b->multiplicity);
      if (c == 0) c = (int)a->field - (int)b->field;
      if (c < 0) best = k;
    }
    done[best] = true;
    const sector_struct *b = s->sectors + best;
    used += (size_t)snprintf(
        text + used, room - used, " %ld*(%ld,%ld,%s)",
        (long)fmpz_get_si(b->count), (long)fmpz_get_si(b->dimension),
        (long)fmpz_get_si(b->multiplicity), field_get_str(b->field));
  }
  free(done);
  return text;
}

/* Pairs (copy, sector) in which an ideal of this type acts by a representation of
   this dimension on sectors like this one. */
static slong count_pairs(const structure_struct *s, const sector_struct *sector,
                         const action_struct *like) {
  slong pairs = 0;
  for (size_t k = 0; k < s->num_actions; k++) {
    const action_struct *a = s->actions + k;
    const sector_struct *on = s->sectors + a->sector;
    if (on->field == sector->field &&
        fmpz_equal(on->dimension, sector->dimension) &&
        fmpz_equal(on->multiplicity, sector->multiplicity) &&
        a->letter == like->letter && fmpz_equal(a->rank, like->rank) &&
        fmpz_equal(a->dimension, like->dimension))
      pairs += fmpz_get_si(a->pairs);
  }
  return pairs;
}

static bool same_actions(const structure_struct *a, const structure_struct *b) {
  bool ok = a->actions_known && b->actions_known;
  for (size_t k = 0; k < a->num_actions && ok; k++) {
    const sector_struct *sector = a->sectors + a->actions[k].sector;
    ok = count_pairs(a, sector, a->actions + k) ==
         count_pairs(b, sector, a->actions + k);
  }
  return ok;
}

static bool same_as_strings(size_t n, const uint64_t *strings, size_t count,
                            int rotations) {
  string_algebra_t g;
  structure_t expect, got;
  structure_init(expect);
  structure_init(got);
  string_algebra_init(g, strings, count, n);
  string_algebra_structure(expect, g);
  pauli_sum_struct *sums = malloc((count + 1) * sizeof *sums);
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t k = 0; k < count; k++) {
    pauli_sum_init(sums + k, n);
    pauli_sum_push(sums + k, one, strings + 2 * k);
  }
  for (int i = 0; i < rotations; i++) {
    uint64_t axis[2] = {tap_random_below((size_t)1 << n),
                        tap_random_below((size_t)1 << n)};
    for (size_t k = 0; k < count; k++) sum_inputs_rotate(sums + k, axis);
  }
  closure_t closure;
  closure_init(closure, n);
  closure_compute(closure, sums, count, NULL);
  sum_structure_general(got, closure, sums, count, NULL);
  char *a = describe(expect), *b = describe(got);
  bool ok = got->ideals_known && got->sectors_known && got->proved &&
            fmpz_equal(got->dimension, expect->dimension) &&
            strcmp(a, b) == 0 && same_actions(expect, got) &&
            same_actions(got, expect);
  if (!ok) {
    tap_diag("expected %s", a);
    tap_diag("found    %s", b);
    tap_diag("reason   %s", reason_code_word(got->reason.code));
    tap_diag("qubits %zu, %d rotations", n, rotations);
    for (size_t k = 0; k < count; k++) {
      char *text = pauli_sum_get_str(sums + k);
      tap_diag("generator %s", text);
      free(text);
    }
  }
  free(a);
  free(b);
  for (size_t k = 0; k < count; k++) pauli_sum_clear(sums + k);
  free(sums);
  fmpq_clear(one);
  closure_clear(closure);
  string_algebra_clear(g);
  structure_clear(expect);
  structure_clear(got);
  return ok;
}

static void test_strings(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    size_t n = 1 + tap_random_below(3), count = 0;
    uint64_t strings[12];
    size_t want = 1 + tap_random_below(n == 3 ? 5 : 4);
    for (size_t k = 0; k < want; k++) {
      uint64_t p[2] = {tap_random_below((size_t)1 << n),
                       tap_random_below((size_t)1 << n)};
      bool seen = pauli_is_identity(p, 1);
      for (size_t j = 0; j < count; j++)
        seen = seen || pauli_equal(p, strings + 2 * j, 1);
      if (!seen) memcpy(strings + 2 * count++, p, sizeof p);
    }
    if (count) ok = same_as_strings(n, strings, count, (int)(i % 3));
  }
  tap_ok(ok, "random strings, rotated 0 to 2 times: as the F_2 classification");
}

/* --- known algebras ----------------------------------------------------------- */

typedef struct {
  pauli_sum_struct list[4];
  size_t count, n;
} set_struct;

static pauli_sum_struct *new_generator(set_struct *set) {
  pauli_sum_init(set->list + set->count, set->n);
  return set->list + set->count++;
}

static void add(pauli_sum_struct *sum, const char *word, size_t i, size_t j,
                slong c) {
  uint64_t p[2] = {0};
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_si(q, c, 1);
  for (size_t k = 0; word[k]; k++)
    pauli_set(p, 1, k ? j : i, word[k] == 'X' ? 1 : word[k] == 'Y' ? 3 : 2);
  pauli_sum_push(sum, q, p);
  pauli_sum_canonicalise(sum);
  fmpq_clear(q);
}

static void check(set_struct *set, const char *expect, const char *what) {
  closure_t closure;
  structure_t s;
  closure_init(closure, set->n);
  structure_init(s);
  closure_compute(closure, set->list, set->count, NULL);
  sum_structure(s, closure, set->list, set->count, NULL);
  char *got = describe(s);
  if (!tap_ok(s->ideals_known && s->sectors_known && !strcmp(got, expect),
              "%s", what))
    tap_diag("got %s (%s)", got, reason_code_word(s->reason.code));
  free(got);
  structure_clear(s);
  closure_clear(closure);
  for (size_t k = 0; k < set->count; k++) pauli_sum_clear(set->list + k);
}

static void test_known(void) {
  set_struct a = {.n = 4};
  pauli_sum_struct *x = new_generator(&a), *y = new_generator(&a);
  for (size_t q = 0; q < 4; q++) {
    add(x, "X", q, 0, 1);
    add(y, "Y", q, 0, 1);
  }
  check(&a, "centre 0 1*A1 1*(1,2,real) 1*(3,3,real) 1*(5,1,real)",
        "collective spin, four qubits: integer spins (Clebsch-Gordan)");
  set_struct b = {.n = 3};
  x = new_generator(&b);
  y = new_generator(&b);
  for (size_t q = 0; q < 3; q++) {
    add(x, "X", q, 0, 1);
    add(y, "Y", q, 0, 1);
  }
  check(&b, "centre 0 1*A1 1*(2,2,quaternionic) 1*(4,1,quaternionic)",
        "collective spin, three qubits: half-integer spins");
  /* On the triplet X0 + X1 is diag(2,0,-2) of spin 1; the bond acts as 1 on
     the triplet and -3 on the singlet: one-dimensional and complex. */
  set_struct c = {.n = 2};
  add(new_generator(&c), "X", 0, 0, 1);
  add(new_generator(&c), "X", 1, 0, 1);
  x = new_generator(&c);
  add(x, "XX", 0, 1, 1);
  add(x, "YY", 0, 1, 1);
  add(x, "ZZ", 0, 1, 1);
  check(&c, "centre 2 1*A1 2*(1,1,complex) 1*(2,1,complex)",
        "X0, X1, Heisenberg bond: the centre holds X0 + X1");
  set_struct d = {.n = 4};
  x = new_generator(&d);
  y = new_generator(&d);
  pauli_sum_struct *z = new_generator(&d);
  for (size_t q = 0; q < 4; q++) {
    add(x, "X", q, 0, 1);
    add(y, "Y", q, 0, 1);
    for (size_t r = q + 1; r < 4; r++) add(z, "ZZ", q, r, 1);
  }
  check(&d, "centre 1 1*A2 1*A4 1*(1,2,complex) 1*(3,3,complex) 1*(5,1,complex)",
        "S_4-equivariant set: su(2j + 1) on every spin sector; sum ZZ is -2 on "
        "the singlets");
}

/* Schur and Weyl: spin j in the n-fold tensor power of spin 1/2 has multiplicity
   C(n, n/2 - j) - C(n, n/2 - j - 1). */
static void test_schur_weyl(void) {
  for (size_t n = 2; n <= 10; n += 2) {
    set_struct a = {.n = n};
    pauli_sum_struct *x = new_generator(&a), *y = new_generator(&a);
    pauli_sum_struct *z = new_generator(&a);
    for (size_t q = 0; q < n; q++) {
      add(x, "X", q, 0, 1);
      add(y, "Y", q, 0, 1);
      for (size_t r = q + 1; r < n; r++) add(z, "ZZ", q, r, 1);
    }
    char expect[600];
    size_t used = (size_t)snprintf(expect, sizeof expect, "centre 1");
    for (size_t d = 3; d <= n + 1; d += 2)
      used += (size_t)snprintf(expect + used, sizeof expect - used, " 1*A%zu",
                               d - 1);
    for (size_t d = 1; d <= n + 1; d += 2) {
      size_t k = (n + 1 - d) / 2, m = 1, below = 1; /* C(n, k), C(n, k - 1) */
      for (size_t i = 0; i < k; i++) {
        below = m;
        m = m * (n - i) / (i + 1);
      }
      if (k) m -= below;
      used += (size_t)snprintf(expect + used, sizeof expect - used,
                               " 1*(%zu,%zu,complex)", d, m);
    }
    check(&a, expect, "permutation-equivariant set: multiplicities of Schur "
                      "and Weyl");
  }
  set_struct c = {.n = 3}; /* found undecided once: a bad central element */
  pauli_sum_struct *g = new_generator(&c);
  add(g, "ZZ", 0, 1, 64);
  add(g, "ZZ", 1, 2, -3);
  add(g, "Z", 2, 0, 1);
  g = new_generator(&c);
  add(g, "Z", 1, 0, 1);
  uint64_t p[2] = {0, 7};
  fmpq_t two;
  fmpq_init(two);
  fmpq_set_si(two, 2, 1);
  pauli_sum_push(g, two, p);
  pauli_sum_canonicalise(g);
  fmpq_clear(two);
  check(&c, "centre 2 8*(1,1,complex)", "commuting sums: every bit string");
}

/* One ideal on every sector, by what; as "d:representation:weight ...", sectors by
   ascending dimension. */
static void check_actions(set_struct *set, const char *expect,
                          const char *what) {
  closure_t closure;
  structure_t s;
  char text[600] = "";
  size_t used = 0;
  closure_init(closure, set->n);
  structure_init(s);
  closure_compute(closure, set->list, set->count, NULL);
  sum_structure(s, closure, set->list, set->count, NULL);
  for (slong d = 1; d < 40; d++)
    for (size_t k = 0; k < s->num_actions; k++) {
      const action_struct *a = s->actions + k;
      if (!fmpz_equal_si(s->sectors[a->sector].dimension, d)) continue;
      used += (size_t)snprintf(
          text + used, sizeof text - used, "%s%ld:%c%ld:%s:%s", used ? " " : "",
          (long)d, a->letter, (long)fmpz_get_si(a->rank), a->representation,
          a->highest_weight ? a->highest_weight : "?");
    }
  if (!tap_ok(s->actions_known && !strcmp(text, expect), "%s", what))
    tap_diag("got %s (%s)", text, reason_code_word(s->actions_reason));
  structure_clear(s);
  closure_clear(closure);
  for (size_t k = 0; k < set->count; k++) pauli_sum_clear(set->list + k);
}

static void test_actions(void) {
  set_struct a = {.n = 5};
  pauli_sum_struct *x = new_generator(&a), *y = new_generator(&a);
  for (size_t q = 0; q < 5; q++) {
    add(x, "X", q, 0, 1);
    add(y, "Y", q, 0, 1);
  }
  check_actions(&a,
                "2:A1:defining:w1 4:A1:symmetric power 3:3 w1 "
                "6:A1:symmetric power 5:5 w1",
                "collective spin: spin j is the power 2j");
  set_struct b = {.n = 4};
  x = new_generator(&b);
  y = new_generator(&b);
  pauli_sum_struct *z = new_generator(&b);
  for (size_t q = 0; q < 4; q++) {
    add(x, "X", q, 0, 1);
    add(y, "Y", q, 0, 1);
    for (size_t r = q + 1; r < 4; r++) add(z, "ZZ", q, r, 1);
  }
  check_actions(&b, "3:A2:defining:w1 5:A4:defining:w1",
                "S_4-equivariant set: defining on every spin sector");
  /* Bilinears of neighbours on a path of 7, then 8 Majoranas. */
  for (size_t last = 3; last <= 4; last++) {
    set_struct c = {.n = 4};
    for (size_t q = 0; q + 1 < 4; q++) add(new_generator(&c), "XX", q, q + 1, 1);
    x = new_generator(&c);
    for (size_t q = 0; q < last; q++) add(x, "Z", q, 0, (slong)q + 1);
    check_actions(&c,
                  last == 3 ? "8:B3:spin:w3"
                            : "8:D4:half-spin:w4 8:D4:half-spin:w3",
                  "so(7): spin; so(8): the two half-spin representations");
  }
}

static bool at_once(void *data) {
  (void)data;
  return true;
}
static bool after_a_while(void *data) {
  size_t *calls = data;
  return --*calls == 0 || *calls > 1000000;
}

/* Interrupted at any moment, nothing is claimed that was not found. */
static void test_interrupted(void) {
  bool ok = true;
  for (size_t calls = 0; calls < 60; calls++) {
    set_struct a = {.n = 4};
    pauli_sum_struct *x = new_generator(&a), *z = new_generator(&a);
    for (size_t q = 0; q < 4; q++) {
      add(x, "X", q, 0, 1);
      add(z, "ZZ", q, (q + 1) % 4, 1);
    }
    size_t left = calls;
    closure_limits_t limits = {.abort = calls ? after_a_while : at_once,
                               .abort_data = &left};
    closure_t closure;
    structure_t s;
    closure_init(closure, 4);
    structure_init(s);
    closure_compute(closure, a.list, 2, NULL);
    sum_structure_general(s, closure, a.list, 2, &limits);
    ok = ok && s->proved && s->ideals_known == !reason_given(s->reason) &&
         s->sectors_known == !s->sectors_reason;
    if (s->ideals_known)
      ok = ok && s->num_ideals == 1 && fmpz_equal_si(s->ideals->count, 3);
    else
      ok = ok && s->num_ideals == 0;
    if (!s->sectors_known) ok = ok && s->num_sectors == 0;
    structure_clear(s);
    closure_clear(closure);
    pauli_sum_clear(x);
    pauli_sum_clear(z);
  }
  tap_ok(ok, "interrupted anywhere: what is not known is said not to be");
}

static void test_number_field(void) {
  /* TFIM ring of seven sites: su(2) for each momentum; the three momenta of
     each parity sector are conjugate over the cubic field of cos(2 pi / 7). */
  set_struct a = {.n = 7};
  pauli_sum_struct *x = new_generator(&a), *z = new_generator(&a);
  for (size_t q = 0; q < 7; q++) {
    add(x, "X", q, 0, 1);
    add(z, "ZZ", q, (q + 1) % 7, 1);
  }
  closure_t closure;
  structure_t s;
  closure_init(closure, 7);
  structure_init(s);
  closure_compute(closure, a.list, 2, NULL);
  sum_structure(s, closure, a.list, 2, NULL);
  char *got = describe(s);
  bool ok = s->ideals_known && strncmp(got, "centre 2 6*A1", 13) == 0;
  if (!tap_ok(ok, "TFIM ring: ideals conjugate over a number field"))
    tap_diag("got %s (%s)", got, reason_code_word(s->reason.code));
  free(got);
  structure_clear(s);
  closure_clear(closure);
  pauli_sum_clear(x);
  pauli_sum_clear(z);
}

/* Characteristic polynomials of generic elements of B_3 and C_3 (dimension 21)
   from their roots: each must leave its own type alone. */
static void test_cartan(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(20); i++)
    for (int kind = 0; kind < 2; kind++) {
      mp_limb_t p = UINT64_C(1000000007);
      nmod_poly_t poly, factor;
      nmod_poly_init(poly, p);
      nmod_poly_init(factor, p);
      nmod_poly_set_coeff_ui(poly, 3, 1);
      mp_limb_t v[3];
      for (int k = 0; k < 3; k++) v[k] = tap_random_below(1000000) + 1;
      for (int k = 0; k < 9; k++) {
        mp_limb_t r = k < 3 ? v[k] * (kind ? 2 : 1)
                            : k < 6 ? v[k % 3] + v[(k + 1) % 3]
                                    : v[k % 3] + p - v[(k + 1) % 3];
        nmod_poly_zero(factor); /* t^2 + r^2: eigenvalues +-i r */
        nmod_poly_set_coeff_ui(factor, 2, 1);
        nmod_poly_set_coeff_ui(factor, 0, nmod_mul(r % p, r % p, poly->mod));
        nmod_poly_mul(poly, poly, factor);
      }
      char letter = '?';
      size_t rank = 0;
      ok = ok && cartan_decide(&letter, &rank, 21, 64, poly) == 1 &&
           letter == (kind ? 'C' : 'B') && rank == 3;
      nmod_poly_clear(poly);
      nmod_poly_clear(factor);
    }
  tap_ok(ok, "so(7) and sp(3) are told apart by their roots");
}

int main(void) {
  tap_begin("t-sum-structure");
  test_cartan();
  test_known();
  test_number_field();
  test_schur_weyl();
  test_actions();
  test_interrupted();
  test_strings();
  return tap_end();
}
