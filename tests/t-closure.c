/* The exact closure against a dense reference and known dimensions. */
#include <stdlib.h>

#include "algebra/generators/symmetry.h"
#include "algebra/closure/closure.h"
#include "tests/ref_closure.h"
#include "tests/tap.h"

/* --- making generators ---------------------------------------------------- */

typedef struct {
  pauli_sum_struct *list;
  size_t count, n;
} set_struct;

static pauli_sum_struct *new_generator(set_struct *set) {
  set->list = realloc(set->list, (set->count + 1) * sizeof *set->list);
  pauli_sum_init(set->list + set->count, set->n);
  return set->list + set->count++;
}

static void set_clear(set_struct *set) {
  for (size_t k = 0; k < set->count; k++) pauli_sum_clear(set->list + k);
  free(set->list);
}

/* Adds (num/den) * letters of word on the qubits at. */
static void add(pauli_sum_struct *sum, long num, unsigned long den,
                const char *word, const size_t *at) {
  size_t w = sum->num_words;
  uint64_t *p = calloc(2 * w + 1, sizeof *p);
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_si(q, num, den);
  for (size_t k = 0; word[k]; k++) {
    static const char letters[] = "IXZY";
    pauli_set(p, w, at[k], (unsigned)(strchr(letters, word[k]) - letters));
  }
  pauli_sum_push(sum, q, p);
  pauli_sum_canonicalise(sum);
  fmpq_clear(q);
  free(p);
}
static void add1(pauli_sum_struct *sum, long c, const char *word, size_t i) {
  add(sum, c, 1, word, (size_t[]){i});
}
static void add2(pauli_sum_struct *sum, long c, const char *word, size_t i,
                 size_t j) {
  add(sum, c, 1, word, (size_t[]){i, j});
}

static void print_set(const set_struct *set) {
  tap_diag("qubits %zu", set->n);
  for (size_t k = 0; k < set->count; k++) {
    char *text = pauli_sum_get_str(set->list + k);
    tap_diag("generator %s", text);
    free(text);
  }
}

/* --- against the reference --------------------------------------------------- */

static void to_dense(fmpq *v, const pauli_sum_struct *sum) {
  for (size_t i = 0; i < (size_t)1 << 2 * sum->num_qubits; i++)
    fmpq_zero(v + i);
  for (size_t t = 0; t < sum->length; t++) {
    static const size_t letter[4] = {0, 1, 3, 2};
    size_t index = 0;
    for (size_t q = 0; q < sum->num_qubits; q++)
      index += letter[pauli_get(pauli_sum_string(sum, t), sum->num_words, q)]
               << 2 * q;
    fmpq_set(v + index, sum->coeffs + t);
  }
}

static bool agrees(const set_struct *set, closure_struct *closure) {
  ref_space_struct space;
  size_t n = set->n;
  ref_space_init(&space, n);
  fmpq **dense = malloc((set->count + 1) * sizeof *dense);
  for (size_t k = 0; k < set->count; k++) {
    dense[k] = ref_vector(n);
    to_dense(dense[k], set->list + k);
  }
  ref_closure(&space, dense, set->count);
  bool ok = closure_compute(closure, set->list, set->count, NULL) ==
                STATUS_OK &&
            closure->proved && closure->dimension == space.dimension;
  if (!ok)
    tap_diag("dimension %zu, reference %zu", closure->dimension,
             space.dimension);
  /* The basis lies in the reference space and is independent. */
  ref_space_struct basis;
  ref_space_init(&basis, n);
  fmpq *v = ref_vector(n);
  pauli_sum_t element;
  pauli_sum_init(element, n);
  for (size_t k = 0; ok && k < closure->dimension; k++) {
    ok = closure_get_basis_element(element, closure, k, 0) == STATUS_OK;
    to_dense(v, element);
    ok = ok && ref_space_add(&space, v) == 0;
    to_dense(v, element);
    ok = ok && ref_space_add(&basis, v) == 1;
    ok = ok && closure_contains(closure, element) == ANSWER_YES;
  }
  /* Membership of strings. */
  for (int i = 0; ok && i < 8; i++) {
    fmpq_t one;
    uint64_t p[2] = {tap_random_below((size_t)1 << n),
                     tap_random_below((size_t)1 << n)};
    fmpq_init(one);
    fmpq_one(one);
    pauli_sum_zero(element);
    pauli_sum_push(element, one, p);
    to_dense(v, element);
    ref_space_struct *s = &space;
    size_t before = s->dimension;
    bool outside = ref_space_add(s, v) == 1;
    if (outside) ref_vector_clear(s->rows[--s->dimension], n);
    ok = before == s->dimension &&
         (closure_contains(closure, element) == ANSWER_YES) == !outside;
    fmpq_clear(one);
  }
  pauli_sum_clear(element);
  ref_vector_clear(v, n);
  ref_space_clear(&basis);
  ref_space_clear(&space);
  for (size_t k = 0; k < set->count; k++) ref_vector_clear(dense[k], n);
  free(dense);
  if (!ok) print_set(set);
  return ok;
}

/* Random sums; with probability 1/2 symmetrised over the qubits. */
static void random_set(set_struct *set) {
  size_t n = 1 + tap_random_below(3);
  *set = (set_struct){.n = n};
  size_t count = 1 + tap_random_below(3);
  size_t shift = tap_random_below(2);
  for (size_t k = 0; k < count; k++) {
    pauli_sum_struct *g = new_generator(set);
    size_t terms = tap_random_below(4);
    for (size_t t = 0; t < terms; t++) {
      char word[4] = "III";
      long c = (long)tap_random_below(7) - 3;
      unsigned long den = 1 + tap_random_below(3);
      for (size_t q = 0; q < n; q++)
        if (tap_random_below(2)) word[q] = "IXYZ"[tap_random_below(4)];
      word[n] = 0;
      for (size_t s = 0; s < (shift ? n : 1); s++) {
        size_t at[3];
        for (size_t q = 0; q < n; q++) at[q] = (q + s) % n;
        add(g, c, den, word, at);
      }
    }
    if (k && tap_random_below(6) == 0) pauli_sum_set(g, set->list);
  }
}

static void test_random(void) {
  bool ok = true;
  closure_t closure;
  size_t seen = 0;
  for (long i = 0; i < tap_iterations(250) && ok; i++) {
    set_struct set;
    random_set(&set);
    closure_init(closure, set.n);
    ok = agrees(&set, closure);
    seen += closure->num_symmetries > 1 && closure->dimension > 1;
    closure_clear(closure);
    set_clear(&set);
  }
  tap_ok(ok, "random sums on up to three qubits agree with the reference");
  tap_occurred(seen > 0, "some of them had permutation symmetry");
}

/* --- known dimensions ---------------------------------------------------------- */

static size_t dimension(set_struct *set) {
  closure_t closure;
  closure_init(closure, set->n);
  status_t status = closure_compute(closure, set->list, set->count, NULL);
  size_t d = status == STATUS_OK && closure->proved ? closure->dimension : 0;
  closure_clear(closure);
  set_clear(set);
  return d;
}

static size_t tfim_ring(size_t n) {
  set_struct set = {.n = n};
  pauli_sum_struct *x = new_generator(&set);
  for (size_t i = 0; i < n; i++) add1(x, 1, "X", i);
  pauli_sum_struct *zz = new_generator(&set);
  for (size_t i = 0; i < n; i++) add2(zz, 1, "ZZ", i, (i + 1) % n);
  return dimension(&set);
}

static size_t equivariant(size_t n, bool with_zz) {
  set_struct set = {.n = n};
  pauli_sum_struct *x = new_generator(&set);
  for (size_t i = 0; i < n; i++) add1(x, 1, "X", i);
  pauli_sum_struct *y = new_generator(&set);
  for (size_t i = 0; i < n; i++) add1(y, 1, "Y", i);
  if (with_zz) {
    pauli_sum_struct *zz = new_generator(&set);
    for (size_t i = 0; i < n; i++)
      for (size_t j = i + 1; j < n; j++) add2(zz, 1, "ZZ", i, j);
  }
  return dimension(&set);
}

/* Spin chain in a field of integer strengths, or hardware-efficient. */
static size_t larocca(size_t n, bool glass) {
  set_struct set = {.n = n};
  pauli_sum_struct *z = new_generator(&set);
  for (size_t i = 0; i < n; i++) {
    if (glass) add1(z, (long)tap_random_below(50) + 1, "Z", i);
    for (size_t j = i + 1; j < (glass ? n : i + 2) && j < n; j++)
      add2(z, glass ? (long)tap_random_below(50) + 1 : 1, "ZZ", i, j);
  }
  pauli_sum_struct *x = glass ? new_generator(&set) : NULL;
  for (size_t i = 0; i < n; i++) {
    add1(glass ? x : new_generator(&set), 1, "X", i);
    if (!glass) add1(new_generator(&set), 1, "Y", i);
  }
  return dimension(&set);
}

static void test_known(void) {
  bool ok = true;
  for (size_t n = 3; n <= 12; n++) ok = ok && tfim_ring(n) == 3 * n - 1;
  tap_ok(ok, "TFIM ring, sums over translations: 3n - 1 (see Larocca et al., "
             "arXiv:2109.11676: free fermions, linear in n)");
  tap_ok(tfim_ring(100) == 299, "TFIM ring at 100 qubits");
  ok = true;
  for (size_t n = 1; n <= 70; n += 23) ok = ok && equivariant(n, false) == 3;
  tap_ok(ok, "collective spin is su(2)");
  /* Sectors of spin j = n/2, n/2 - 1, ... have dimension m = 2j + 1; the
     algebra is the sum of su(m) and the centre that the generators reach:
     sum of ZZ contributes its sector traces (Albertini and D'Alessandro,
     arXiv:1803.06689: everything that commutes with S_n up to the centre). */
  ok = true;
  for (size_t n = 2; n <= 9; n++) {
    size_t expect = 0;
    for (size_t m = n + 1; m >= 1; m -= 2) {
      expect += m * m - 1;
      if (m <= 2) break;
    }
    /* Sector traces of sum ZZ on spin j are those of (4 Jz^2 - n) / 2, i.e.
       m (2 (m^2 - 1) / 3 - n ...): not all zero for n >= 3. */
    size_t got = equivariant(n, true);
    ok = ok && (got == expect + (n >= 2));
    if (!ok) tap_diag("n %zu got %zu semisimple %zu", n, got, expect);
  }
  tap_ok(ok, "S_n-equivariant set: su(m) on each spin sector and one centre");
  tap_ok(larocca(3, false) == 63 && larocca(5, false) == 1023,
         "hardware-efficient set is su(2^n) (Larocca et al.)");
  tap_ok(larocca(4, true) == 255 && larocca(5, true) == 1023,
         "spin glass is su(2^n) (Larocca et al.)");
}

static void test_centre(void) {
  set_struct set = {.n = 2};
  closure_t closure;
  add1(new_generator(&set), 1, "X", 0);
  add1(new_generator(&set), 1, "X", 1);
  pauli_sum_struct *g = new_generator(&set);
  add2(g, 1, "XX", 0, 1);
  add2(g, 1, "YY", 0, 1);
  add2(g, 1, "ZZ", 0, 1);
  closure_init(closure, 2);
  bool ok = agrees(&set, closure);
  pauli_sum_t sum;
  pauli_sum_init(sum, 2);
  add1(sum, 1, "X", 0);
  add1(sum, 1, "X", 1);
  ok = ok && closure_contains(closure, sum) == ANSWER_YES;
  add1(sum, 1, "Y", 1);
  ok = ok && closure_contains(closure, sum) == ANSWER_NO;
  tap_ok(ok, "X0, X1, Heisenberg bond");
  pauli_sum_clear(sum);
  closure_clear(closure);
  set_clear(&set);
}

/* --- corner cases ------------------------------------------------------------------ */

static void test_corners(void) {
  closure_t closure;
  closure_init(closure, 2);
  tap_ok(closure_compute(closure, NULL, 0, NULL) == STATUS_OK &&
             closure->dimension == 0 && closure->proved,
         "no generators");
  set_struct set = {.n = 2};
  new_generator(&set); /* zero */
  pauli_sum_struct *one = new_generator(&set);
  add1(one, 3, "I", 0);
  pauli_sum_struct *two = new_generator(&set);
  add1(two, 3, "I", 0);
  add1(two, 1, "Z", 0);
  pauli_sum_struct *three = new_generator(&set);
  add1(three, -2, "Z", 0);
  tap_ok(closure_compute(closure, set.list, set.count, NULL) == STATUS_OK &&
             closure->dimension == 2,
         "zero, identity and dependent generators");
  closure_clear(closure);
  set_clear(&set);

  /* X0 + c X1 and Z0 + Z1 with a c of 3000 digits: su(2) + su(2). */
  set = (set_struct){.n = 2};
  pauli_sum_struct *g = new_generator(&set);
  add1(g, 1, "X", 0);
  add1(g, 1, "X", 1);
  for (size_t t = 0; t < 2; t++)
    if (pauli_get(pauli_sum_string(g, t), 1, 1)) {
      fmpz_set_ui(fmpq_numref(g->coeffs + t), 7);
      fmpz_pow_ui(fmpq_numref(g->coeffs + t), fmpq_numref(g->coeffs + t),
                  3500);
      fmpz_set_ui(fmpq_denref(g->coeffs + t), 3);
    }
  pauli_sum_struct *h = new_generator(&set);
  add1(h, 1, "Z", 0);
  add1(h, 1, "Z", 1);
  tap_ok(closure_compute(closure, set.list, set.count, NULL) == STATUS_OK &&
             closure->dimension == 6,
         "coefficients of thousands of digits");
  closure_limits_t limits = {.max_dimension = 3};
  tap_ok(closure_compute(closure, set.list, set.count, &limits) ==
                 STATUS_LIMIT &&
             !closure->proved && closure->dimension <= 6 &&
             closure_contains(closure, g) == ANSWER_UNDECIDED,
         "a dimension limit leaves a lower bound");
  set_clear(&set);

  /* A rational basis with long numbers: c X0 + X1 commutes with everything
     else here, and the echelon form of {a, b} has entries of 400 digits. */
  set = (set_struct){.n = 3};
  for (int k = 0; k < 2; k++) {
    g = new_generator(&set);
    for (size_t q = 0; q < 3; q++) add1(g, 1, "Z", q);
    for (size_t t = 0; t < 3; t++) {
      fmpz_set_ui(fmpq_numref(g->coeffs + t), (ulong)(3 + 2 * k) + t * t);
      fmpz_pow_ui(fmpq_numref(g->coeffs + t), fmpq_numref(g->coeffs + t),
                  500 + t);
    }
  }
  closure_clear(closure);
  closure_init(closure, 3);
  tap_ok(closure_compute(closure, set.list, set.count, NULL) == STATUS_OK &&
             closure->dimension == 2 && closure->proved,
         "a basis that needs many primes");
  closure_clear(closure);
  set_clear(&set);
}

static bool stop_at_once(void *data) {
  ++*(int *)data;
  return true;
}

static void test_large(void) {
  /* 2 x 2^16 terms that all commute. */
  size_t n = 40;
  set_struct set = {.n = n};
  closure_t closure;
  fmpq_t c;
  fmpq_init(c);
  for (int k = 0; k < 2; k++) {
    pauli_sum_struct *g = new_generator(&set);
    for (uint64_t z = 1; z < 1 << 16; z++) {
      uint64_t p[2] = {0, z << 7};
      fmpq_set_si(c, (slong)(z * z % 1000) + 1 + k, 1 + z % 3);
      pauli_sum_push(g, c, p);
    }
    pauli_sum_canonicalise(g);
  }
  closure_init(closure, n);
  tap_ok(closure_compute(closure, set.list, 2, NULL) == STATUS_OK &&
             closure->dimension == 2,
         "long commuting sums");
  int calls = 0;
  closure_limits_t limits = {.abort = stop_at_once, .abort_data = &calls};
  tap_ok(closure_compute(closure, set.list, 2, &limits) == STATUS_LIMIT &&
             calls > 0 && !closure->proved && closure->dimension <= 2,
         "the caller can stop it");
  pauli_sum_struct *x = new_generator(&set);
  for (size_t q = 0; q < n; q++) add1(x, (long)q + 1, "X", q);
  limits = (closure_limits_t){.max_bytes = 30000000};
  tap_ok(closure_compute(closure, set.list, 3, &limits) == STATUS_LIMIT &&
             !closure->proved && closure->dimension >= 1,
         "a memory limit leaves a lower bound");
  closure_clear(closure);
  fmpq_clear(c);
  set_clear(&set);
}

static void test_bracket(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(100) && ok; i++) {
    set_struct set;
    random_set(&set);
    size_t n = set.n;
    fmpq *a = ref_vector(n), *b = ref_vector(n), *expect = ref_vector(n);
    fmpq *got = ref_vector(n);
    pauli_sum_struct *x = set.list, *y = set.list + set.count - 1;
    to_dense(a, x);
    to_dense(b, y);
    ref_bracket(expect, a, b, n);
    closure_bracket(x, x, y);
    to_dense(got, x);
    for (size_t k = 0; k < (size_t)1 << 2 * n; k++)
      ok = ok && fmpq_equal(got + k, expect + k);
    ref_vector_clear(a, n);
    ref_vector_clear(b, n);
    ref_vector_clear(expect, n);
    ref_vector_clear(got, n);
    set_clear(&set);
  }
  tap_ok(ok, "bracket, output aliased with an input");
}

static void test_symmetry(void) {
  /* Ring, complete bipartite graph, path with equal ends: known orders. */
  struct {
    size_t n, order;
    int kind;
  } table[] = {{7, 14, 0}, {70, 140, 0}, {6, 72, 1}, {5, 2, 2}, {8, 384, 3}};
  bool ok = true;
  for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
    size_t n = table[k].n;
    set_struct set = {.n = n};
    pauli_sum_struct *g = new_generator(&set);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) {
        bool edge = table[k].kind == 0   ? j == (i + 1) % n
                    : table[k].kind == 1 ? i < 3 && j >= 3
                    : table[k].kind == 2 ? j == i + 1
                                         : j == i + 1 && i % 2 == 0;
        if (edge) add2(g, 1, "ZZ", i, j);
      }
    symmetry_struct symmetry;
    const pauli_sum_struct *list[1] = {g};
    symmetry_init(&symmetry, n, list, 1, 4096);
    ok = ok && symmetry_order(&symmetry) == table[k].order;
    if (!ok) tap_diag("case %zu: order %zu", k, symmetry_order(&symmetry));
    ok = ok && symmetry_fixes(&symmetry, g);
    symmetry_clear(&symmetry);
    set_clear(&set);
  }
  tap_ok(ok, "orders of permutation groups");
}

int main(void) {
  tap_begin("t-closure");
  test_bracket();
  test_symmetry();
  test_random();
  test_known();
  test_centre();
  test_corners();
  test_large();
  return tap_end();
}
