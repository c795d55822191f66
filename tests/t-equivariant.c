/* Permutation-equivariant generators from the modules of spin J, against the closure in
   the whole space and moments from the module of the observable (independent methods),
   exactly; and sizes that only this way reaches. */
#include <stdlib.h>
#include <string.h>

#include "algebra/sectors/equivariant_moments.h"
#include "algebra/sums/sum_ideals.h"
#include "algebra/sums/sum_structure.h"
#include "tests/symmetric_moments.h"
#include "tests/tap.h"

/* sum += c times all strings with a letters X, b letters Y, d letters Z. */
static void push_type(pauli_sum_struct *sum, const size_t type[3], slong c) {
  size_t n = sum->num_qubits;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_set_si(coeff, c, 1);
  for (uint64_t x = 0; x < (uint64_t)1 << n; x++) {
    for (uint64_t z = 0; z < (uint64_t)1 << n; z++) {
      uint64_t string[2] = {x, z};
      if ((size_t)__builtin_popcountll(x & ~z) == type[0] &&
          (size_t)__builtin_popcountll(x & z) == type[1] &&
          (size_t)__builtin_popcountll(z & ~x) == type[2])
        pauli_sum_push(sum, coeff, string);
    }
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(coeff);
}

/* Up to weight 3; even: an axis whose parity is kept. */
static void random_type(size_t type[3], size_t n, int even) {
  do {
    size_t weight = 1 + tap_random_below(n < 3 ? n : 3);
    memset(type, 0, 3 * sizeof *type);
    while (weight--) type[tap_random_below(3)]++;
  } while (even >= 0 && (type[(even + 1) % 3] + type[(even + 2) % 3]) % 2);
}

static void random_set(symmetric_set_struct *set, size_t least, size_t most) {
  int even = (int)tap_random_below(6) - 3; /* as often without parity */
  size_t count = 2 + tap_random_below(3);
  *set = (symmetric_set_struct){.n = least + tap_random_below(most - least + 1)};
  while (set->count < count) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    for (size_t t = 1 + tap_random_below(2); t--;) {
      size_t type[3];
      random_type(type, set->n, even);
      push_type(sum, type, (slong)tap_random_below(3) + 1);
    }
  }
}

static void show(const symmetric_set_struct *set) {
  tap_diag("qubits %zu", set->n);
  for (size_t k = 0; k < set->count; k++) {
    char *text = pauli_sum_get_str(set->list + k);
    tap_diag("generator %s", text);
    free(text);
  }
}

/* --- the structure --------------------------------------------------------------------- */

/* The total count of sectors and ideals like this one. */
static slong sectors_like(const structure_struct *s, const sector_struct *a) {
  slong count = 0;
  for (size_t k = 0; k < s->num_sectors; k++)
    if (fmpz_equal(s->sectors[k].dimension, a->dimension) &&
        fmpz_equal(s->sectors[k].multiplicity, a->multiplicity) &&
        s->sectors[k].field == a->field)
      count += fmpz_get_si(s->sectors[k].count);
  return count;
}

static bool same_structure(const structure_struct *a, const structure_struct *b) {
  bool same = fmpz_equal(a->dimension, b->dimension) &&
              fmpz_equal(a->center, b->center) && a->num_ideals == b->num_ideals &&
              a->ideals_known && b->ideals_known && a->sectors_known && b->sectors_known;
  for (size_t k = 0; k < a->num_ideals && same; k++)
    same = a->ideals[k].letter == b->ideals[k].letter &&
           fmpz_equal(a->ideals[k].rank, b->ideals[k].rank) &&
           fmpz_equal(a->ideals[k].count, b->ideals[k].count);
  for (size_t k = 0; k < a->num_sectors && same; k++)
    same = sectors_like(a, a->sectors + k) == sectors_like(b, a->sectors + k);
  for (size_t k = 0; k < b->num_sectors && same; k++)
    same = sectors_like(a, b->sectors + k) == sectors_like(b, b->sectors + k);
  return same;
}

static void test_structure(void) {
  bool ok = true;
  long recognised = 0, split = 0, all = tap_iterations(120);
  for (long i = 0; i < all && ok; i++) {
    symmetric_set_struct set;
    equivariant_struct e;
    random_set(&set, 2, 5);
    if (equivariant_init(&e, set.list, set.count, set.n, NULL)) {
      structure_t got, expect;
      closure_t closure;
      structure_init(got);
      structure_init(expect);
      recognised++;
      split += e.length > set.n / 2 + 1;
      equivariant_structure(got, &e);
      closure_init(closure, set.n);
      closure_compute(closure, set.list, set.count, NULL);
      sum_structure_general(expect, closure, set.list, set.count, NULL);
      ok = same_structure(got, expect);
      if (!ok) show(&set);
      closure_clear(closure);
      structure_clear(got);
      structure_clear(expect);
      equivariant_clear(&e);
    }
    symmetric_set_clear(&set);
  }
  tap_diag("%ld of %ld recognised, %ld with a parity", recognised, all, split);
  tap_ok(ok, "random equivariant generators: as the closure");
  tap_occurred(recognised * 4 >= all && split * 20 >= all, "a fair part is recognised");
}

/* --- moments ----------------------------------------------------------------------------- */

static void random_state(quantum_state_struct *out, size_t n, bool symmetric) {
  static const slong bloch[4][4] = {
      {3, 0, 4, 5}, {2, -1, 2, 3}, {0, 1, 0, 2}, {-2, 3, 6, 7}};
  stabilizer_state_t s;
  quantum_state_init(out, n);
  if (tap_random_below(2)) {
    symmetric_product(out, bloch, 4, symmetric);
    return;
  }
  stabilizer_state_init(s, n);
  if (symmetric) {
    size_t kind = tap_random_below(3);
    if (kind == 0) stabilizer_state_set_zero(s);
    if (kind == 1) stabilizer_state_set_ghz(s);
    if (kind == 2) stabilizer_state_set_plus(s);
  } else {
    symmetric_stabilizers(s, tap_random_below(n + 1));
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

typedef struct {
  long compared, all, joined;
} tally_t;

static bool compare(const equivariant_struct *e, const generator_set_t g,
                    const pauli_sum_t o, const quantum_state_struct *a,
                    const quantum_state_struct *b, tally_t *tally) {
  sector_moments_struct m;
  tally->all++;
  if (equivariant_moments_init(&m, e, NULL, o, a, b, g->generators, g->num_generators))
    return true;
  tally->joined += !m.block_diagonal;
  bool ok = symmetric_moments_agree(&m, g, o, a, b, &tally->compared);
  sector_moments_clear(&m);
  return ok;
}

static void random_observable(pauli_sum_t o, size_t n, bool symmetric) {
  static const char *const words[] = {"Z", "ZZ", "X", "XX", "XY", "Y", "YY"};
  for (size_t t = 1 + tap_random_below(2); t--;) {
    size_t type[3], i = tap_random_below(n), j = (i + 1 + tap_random_below(n - 1)) % n;
    random_type(type, n, -1);
    if (symmetric) push_type(o, type, (slong)tap_random_below(3) + 1);
    else symmetric_push(o, words[tap_random_below(7)], i, j, (slong)tap_random_below(4) + 1);
  }
}

static bool try_set(const equivariant_struct *e, const symmetric_set_struct *set,
                    tally_t *tally) {
  bool ok = true;
  for (int i = 0; i < 4 && ok; i++) {
    bool plain = tap_random() & 1; /* the observable, or the states */
    pauli_sum_t o;
    quantum_state_t a, b;
    generator_set_t g;
    pauli_sum_init(o, set->n);
    random_observable(o, set->n, plain);
    random_state(a, set->n, !plain);
    random_state(b, set->n, !plain);
    symmetric_generators(g, set, o);
    ok = compare(e, g, o, a, a, tally) && compare(e, g, o, a, b, tally);
    if (!ok) {
      char *text = pauli_sum_get_str(o);
      tap_diag("observable %s, state kinds %d %d", text, a->kind, b->kind);
      free(text);
      show(set);
    }
    generator_set_clear(g);
    pauli_sum_clear(o);
    quantum_state_clear(a);
    quantum_state_clear(b);
  }
  return ok;
}

static void test_moments(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(42) && ok; i++) {
    symmetric_set_struct set;
    equivariant_struct e;
    random_set(&set, 3, 4);
    if (equivariant_init(&e, set.list, set.count, set.n, NULL)) {
      ok = try_set(&e, &set, &tally);
      equivariant_clear(&e);
    }
    symmetric_set_clear(&set);
  }
  tap_diag("%ld of %ld compared, %ld with coherences", tally.compared, tally.all,
           tally.joined);
  tap_ok(ok, "mean, covariance and gradient variances as from the module");
  tap_occurred(tally.compared * 2 >= tally.all && tally.joined > 0, "most are known");
}

/* --- spectra -------------------------------------------------------------------------------- */

static void test_powers(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(20) && ok; i++) {
    symmetric_set_struct set = {.n = 2 + tap_random_below(4)};
    static const size_t types[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 2}};
    equivariant_struct e;
    sector_moments_struct m;
    quantum_state_t zero;
    pauli_sum_t o;
    fmpq *expected = _fmpq_vec_init(4), *sum = _fmpq_vec_init(4);
    for (int k = 0; k < 3; k++) push_type(symmetric_set_add(&set), types[k], 1);
    pauli_sum_init(o, set.n);
    random_observable(o, set.n, true);
    quantum_state_init(zero, set.n);
    symmetric_traces(expected, o);
    ok = equivariant_init(&e, set.list, set.count, set.n, NULL);
    if (ok && !equivariant_moments_init(&m, &e, NULL, o, zero, zero, NULL, 0)) {
      for (size_t g = 0; g < m.num_groups; g++)
        for (size_t k = 2; k < 4; k++) {
          fmpz_t f;
          fmpq_t t;
          fmpz_init_set_ui(f, m.groups[g].full);
          fmpq_init(t);
          fmpq_mul_fmpz(t, m.groups[g].power + k, f);
          fmpq_add(sum + k, sum + k, t);
          fmpq_clear(t);
          fmpz_clear(f);
        }
      for (size_t k = 2; k < 4; k++) ok = ok && symmetric_near("trace", sum + k, expected + k);
      sector_moments_clear(&m);
    }
    if (ok) equivariant_clear(&e);
    _fmpq_vec_clear(expected, 4);
    _fmpq_vec_clear(sum, 4);
    pauli_sum_clear(o);
    quantum_state_clear(zero);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "traces of powers add up to those of the whole space");
}

/* --- large ones --------------------------------------------------------------------------------- */

static void push_all(pauli_sum_struct *sum, const char *word, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (word[1])
      for (size_t j = i + 1; j < n; j++) symmetric_push(sum, word, i, j, 1);
    else
      symmetric_push(sum, word, i, 0, 1);
  }
}

/* sum over J of (2 J + 1)^2 - 1, and the centre; Schatzki et al. (2024), equation (10):
   the commutant of S_n has dimension C(n + 3, 3). */
static void test_large(void) {
  for (size_t n = 16; n <= 40; n += 8) {
    symmetric_set_struct set = {.n = n};
    equivariant_struct e;
    structure_t s;
    push_all(symmetric_set_add(&set), "X", n);
    push_all(symmetric_set_add(&set), "Y", n);
    push_all(symmetric_set_add(&set), "ZZ", n);
    bool ok = equivariant_init(&e, set.list, set.count, n, NULL);
    fmpz_t whole, part, expect;
    fmpz_init(whole);
    fmpz_init(part);
    fmpz_init(expect);
    structure_init(s);
    if (ok) {
      equivariant_structure(s, &e);
      for (size_t k = 0; k < s->num_sectors; k++) {
        fmpz_mul(part, s->sectors[k].dimension, s->sectors[k].multiplicity);
        fmpz_addmul(whole, part, s->sectors[k].count);
      }
      fmpz_bin_uiui(expect, n + 3, 3); /* sum of squares */
      fmpz_sub_ui(expect, expect, n / 2 + 1);
      fmpz_add_ui(expect, expect, 1);
      ok = fmpz_equal(s->dimension, expect) && fmpz_is_one(s->center);
      fmpz_one_2exp(expect, n);
      ok = ok && fmpz_equal(whole, expect);
      equivariant_clear(&e);
    }
    tap_ok(ok, "sum X, sum Y, sum ZZ on %zu qubits", n);
    structure_clear(s);
    fmpz_clear(whole);
    fmpz_clear(part);
    fmpz_clear(expect);
    symmetric_set_clear(&set);
  }
}

/* Strings of two words. |0..0> is in J = n/2, d = n + 1, alone, where the average of
   Z_0 + 2 Z_65 is 3/n sum Z: the variance is 9/n^2 Tr (sum Z)^2 / (d (d + 1)) = 3/n. */
static void test_words(void) {
  symmetric_set_struct set = {.n = 66};
  equivariant_struct e;
  sector_moments_struct m;
  pauli_sum_t o;
  fmpq_t expect;
  stabilizer_state_t zero;
  quantum_state_t state;
  push_all(symmetric_set_add(&set), "X", set.n);
  push_all(symmetric_set_add(&set), "Y", set.n);
  push_all(symmetric_set_add(&set), "ZZ", set.n);
  pauli_sum_init(o, set.n);
  symmetric_push(o, "Z", 0, 0, 1);
  symmetric_push(o, "Z", 65, 0, 2);
  pauli_sum_canonicalise(o);
  stabilizer_state_init(zero, set.n);
  stabilizer_state_set_zero(zero);
  quantum_state_init(state, set.n);
  quantum_state_set_stabilizer(state, zero);
  fmpq_init(expect);
  fmpq_set_si(expect, 3, set.n);
  bool made = equivariant_init(&e, set.list, set.count, set.n, NULL);
  bool known = made && !equivariant_moments_init(&m, &e, NULL, o, state, state, NULL, 0);
  tap_ok(known && fmpq_is_zero(m.mean) && fmpq_equal(m.covariance, expect),
         "moments on %zu qubits, two words a string", set.n);
  if (known) sector_moments_clear(&m);
  if (made) equivariant_clear(&e);
  pauli_sum_clear(o);
  fmpq_clear(expect);
  stabilizer_state_clear(zero);
  quantum_state_clear(state);
  symmetric_set_clear(&set);
}

/* What is not for this way: SU(2) alone, a bond left out. */
static void test_refusals(void) {
  symmetric_set_struct set = {.n = 6};
  equivariant_struct e;
  push_all(symmetric_set_add(&set), "X", 6);
  push_all(symmetric_set_add(&set), "Y", 6);
  tap_ok(!equivariant_init(&e, set.list, set.count, 6, NULL), "su(2) by spins is left");
  pauli_sum_struct *bonds = symmetric_set_add(&set);
  push_all(bonds, "ZZ", 6);
  tap_ok(equivariant_init(&e, set.list, set.count, 6, NULL), "all bonds are taken");
  equivariant_clear(&e);
  symmetric_push(bonds, "ZZ", 2, 4, 1);
  tap_ok(!equivariant_init(&e, set.list, set.count, 6, NULL), "one bond twice is not");
  symmetric_set_clear(&set);
}

int main(void) {
  tap_begin("t-equivariant");
  test_structure();
  test_moments();
  test_powers();
  test_large();
  test_words();
  test_refusals();
  return tap_end();
}
