/* Whether an observable lies in the algebra of sums, up to what commutes with it, as
   `check` decides it: against dense rational elimination of g and its commutant. */
#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_member.h"
#include "algebra/base/flint_compat.h"
#include "tests/ref_closure.h"
#include "tests/tap.h"

enum { MAX_GENERATORS = 3 };
static const int64_t enough = 1000000000;

static uint64_t below(uint64_t n) { return tap_random() % n; }

/* The place of a string among 4^n: letters I X Y Z = 0 1 2 3 of ref_closure.h. */
static size_t place(const uint64_t *string, size_t n) {
  static const size_t letters[4] = {0, 1, 3, 2}; /* I X Z Y */
  size_t out = 0;
  for (size_t j = n; j-- > 0;) out = 4 * out + letters[pauli_get(string, 1, j)];
  return out;
}

static void random_sum(pauli_sum_t sum, size_t n, size_t terms) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < terms; t++) {
    uint64_t string[2] = {below(UINT64_C(1) << n), below(UINT64_C(1) << n)};
    fmpq_set_si(c, (slong)below(7) - 3, 1 + below(3));
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

static void set_vector(fmpq *v, const pauli_sum_struct *sum, size_t n) {
  for (size_t t = 0; t < sum->length; t++)
    fmpq_set(v + place(pauli_sum_string(sum, t), n), sum->coeffs + t);
}

static void set_sum(pauli_sum_t sum, const fmpq *v, size_t n) {
  for (uint64_t x = 0; x >> n == 0; x++)
    for (uint64_t z = 0; z >> n == 0; z++) {
      uint64_t string[2] = {x, z};
      size_t at = place(string, n);
      if (!fmpq_is_zero(v + at)) pauli_sum_push(sum, v + at, string);
    }
  pauli_sum_canonicalise(sum);
}

/* --- the reference ---------------------------------------------------------------------- */

typedef struct {
  size_t n, size, count;
  fmpq *generators[MAX_GENERATORS];
  ref_space_struct algebra, both; /* g; g and what commutes with it */
} reference_t;

/* A basis of what commutes with all generators, each a column of the matrix. */
static slong commutant(fmpz_mat_t basis, const reference_t *r) {
  fmpq_mat_t q;
  fmpz_mat_t z;
  fmpq *unit = ref_vector(r->n), *image = ref_vector(r->n);
  fmpq_mat_init(q, (slong)(r->count * r->size), (slong)r->size);
  fmpz_mat_init(z, (slong)(r->count * r->size), (slong)r->size);
  for (size_t k = 0; k < r->size; k++) {
    fmpq_one(unit + k);
    for (size_t j = 0; j < r->count; j++) {
      ref_bracket(image, r->generators[j], unit, r->n);
      for (size_t i = 0; i < r->size; i++)
        fmpq_set(fmpq_mat_entry(q, (slong)(j * r->size + i), (slong)k), image + i);
    }
    fmpq_zero(unit + k);
  }
  fmpq_mat_get_fmpz_mat_rowwise(z, NULL, q);
  slong rank = fmpz_mat_nullspace(basis, z);
  fmpq_mat_clear(q);
  fmpz_mat_clear(z);
  ref_vector_clear(unit, r->n);
  ref_vector_clear(image, r->n);
  return rank;
}

/* `column` (of the commutant) as a vector; NULL for none. */
static fmpq *column_of(const fmpz_mat_t basis, slong column, size_t n) {
  fmpq *v = ref_vector(n);
  for (slong i = 0; i < fmpz_mat_nrows(basis); i++)
    fmpq_set_fmpz(v + i, fmpz_mat_entry(basis, i, column));
  return v;
}

static void reference_init(reference_t *r, const pauli_sum_struct *sums, size_t count,
                           size_t n, fmpz_mat_t basis, slong *dimension) {
  *r = (reference_t){.n = n, .size = (size_t)1 << (2 * n), .count = count};
  for (size_t j = 0; j < count; j++) {
    r->generators[j] = ref_vector(n);
    set_vector(r->generators[j], sums + j, n);
  }
  ref_space_init(&r->algebra, n);
  ref_space_init(&r->both, n);
  ref_closure(&r->algebra, r->generators, count);
  fmpz_mat_init(basis, (slong)r->size, (slong)r->size);
  *dimension = commutant(basis, r);
  for (size_t k = 0; k < r->algebra.dimension; k++) {
    fmpq *copy = ref_vector(n);
    for (size_t i = 0; i < r->size; i++) fmpq_set(copy + i, r->algebra.rows[k] + i);
    ref_space_add(&r->both, copy);
    ref_vector_clear(copy, n);
  }
  for (slong c = 0; c < *dimension; c++) {
    fmpq *v = column_of(basis, c, n);
    ref_space_add(&r->both, v);
    ref_vector_clear(v, n);
  }
}

static void reference_clear(reference_t *r) {
  for (size_t j = 0; j < r->count; j++) ref_vector_clear(r->generators[j], r->n);
  ref_space_clear(&r->algebra);
  ref_space_clear(&r->both);
}

/* --- observables -------------------------------------------------------------------------- */

/* Random combinations of g and of the commutant, and for `outside` a string besides. */
static void random_observable(pauli_sum_t o, const reference_t *r, const fmpz_mat_t basis,
                              slong dimension, bool outside) {
  fmpq *v = ref_vector(r->n);
  fmpq_t c;
  fmpq_init(c);
  for (size_t k = 0; k < r->algebra.dimension; k++) {
    fmpq_set_si(c, (slong)below(5) - 2, 1);
    for (size_t i = 0; i < r->size; i++) fmpq_addmul(v + i, c, r->algebra.rows[k] + i);
  }
  for (slong k = 0; k < dimension; k++) {
    fmpq *z = column_of(basis, k, r->n);
    fmpq_set_si(c, (slong)below(3) - 1, 1);
    for (size_t i = 0; i < r->size; i++) fmpq_addmul(v + i, c, z + i);
    ref_vector_clear(z, r->n);
  }
  fmpq_set_si(c, 1, 1);
  if (outside) {
    size_t at = below(r->size);
    fmpq_add(v + at, v + at, c);
  }
  set_sum(o, v, r->n);
  ref_vector_clear(v, r->n);
  fmpq_clear(c);
}

static bool agrees(const reference_t *r, const check_generators_t g,
                   const pauli_sum_struct *o, long counts[2]) {
  fmpq *v = ref_vector(r->n);
  set_vector(v, o, r->n);
  bool inside = true;
  size_t before = r->both.dimension;
  ref_space_struct *space = (ref_space_struct *)&r->both;
  if (ref_space_add(space, v)) {
    inside = false;
    ref_vector_clear(space->rows[--space->dimension], r->n);
  }
  if (space->dimension != before) abort();
  answer_t found = check_member(g, o, enough);
  counts[inside]++;
  ref_vector_clear(v, r->n);
  if (found == (inside ? ANSWER_YES : ANSWER_NO)) return true;
  char *text = pauli_sum_get_str(o);
  tap_diag("observable %s: %d, by elimination %d", text, (int)found, (int)inside);
  free(text);
  return false;
}

static bool one_case(long counts[2]) {
  size_t n = 2 + below(2), count = 1 + below(MAX_GENERATORS);
  ansatz_t a;
  check_generators_t g;
  reference_t r;
  fmpz_mat_t basis;
  slong dimension;
  pauli_sum_struct sums[MAX_GENERATORS];
  ansatz_init(a, ANSATZ_OPERATORS, n);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_init(sums + j, n);
    while (!sums[j].length) random_sum(sums + j, n, 1 + below(3));
    ansatz_add_generator(a, sums + j);
  }
  a->num_parameters = count;
  check_generators_init(g, a, NULL);
  reference_init(&r, sums, count, n, basis, &dimension);
  bool ok = true;
  for (int kind = 0; kind < 3 && ok; kind++) {
    pauli_sum_t o;
    pauli_sum_init(o, n);
    if (kind == 2) random_sum(o, n, 1 + below(3));
    else random_observable(o, &r, basis, dimension, kind == 1);
    ok = agrees(&r, g, o, counts);
    pauli_sum_clear(o);
  }
  for (size_t j = 0; j < count && !ok; j++) {
    char *text = pauli_sum_get_str(sums + j);
    tap_diag("qubits %zu, generator %s", n, text);
    free(text);
  }
  for (size_t j = 0; j < count; j++) pauli_sum_clear(sums + j);
  fmpz_mat_clear(basis);
  reference_clear(&r);
  check_generators_clear(g);
  ansatz_clear(a);
  return ok;
}

static void test_random(void) {
  long counts[2] = {0, 0}, runs = tap_iterations(40);
  bool ok = true;
  for (long i = 0; i < runs && ok; i++) ok = one_case(counts);
  tap_ok(ok, "%ld observables inside, %ld outside", counts[1], counts[0]);
  tap_occurred(counts[0] && counts[1], "both");
}

/* Too little work is no answer. */
static void test_limit(void) {
  ansatz_t a;
  check_generators_t g;
  pauli_sum_t sum;
  ansatz_init(a, ANSATZ_OPERATORS, 3);
  pauli_sum_init(sum, 3);
  while (sum->length < 3) random_sum(sum, 3, 4);
  ansatz_add_generator(a, sum);
  a->num_parameters = 1;
  check_generators_init(g, a, NULL);
  bool ok = check_member(g, sum, 10) == ANSWER_UNDECIDED &&
            check_member(g, sum, enough) == ANSWER_YES;
  pauli_sum_clear(sum);
  tap_ok(ok, "a generator lies in the algebra, when there is time to see it");
  check_generators_clear(g);
  ansatz_clear(a);
}

int main(void) {
  tap_begin("t-check-member");
  test_random();
  test_limit();
  return tap_end();
}
