/* Symbols in generators, against the dense reference closure at many values, a
   known model, and strings rotated by 45 degrees for quadratic coefficients. */
#include <stdlib.h>
#include <string.h>

#include "algebra/couplings/couplings.h"
#include "algebra/couplings/quadratic.h"
#include "algebra/strings/string_algebra.h"
#include "tests/ref_closure.h"
#include "tests/tap.h"

enum { N = 2 };

typedef struct {
  couplings_input_t input;
  pauli_sum_struct parts[16];
} model_t;

static void model_init(model_t *model, size_t num_generators, size_t degree) {
  model->input = (couplings_input_t){N, num_generators, degree, model->parts};
  for (size_t k = 0; k < num_generators * (degree + 1); k++)
    pauli_sum_init(model->parts + k, N);
}
static void model_clear(model_t *model) {
  for (size_t k = 0; k < model->input.num_generators *
                             (model->input.degree + 1); k++)
    pauli_sum_clear(model->parts + k);
}

/* Index in the reference: letters I X Y Z = 0 1 2 3; here I X Z Y. */
static size_t dense_index(const uint64_t *p) {
  static const size_t code[] = {0, 1, 3, 2};
  size_t index = 0;
  for (size_t q = N; q-- > 0;) index = 4 * index + code[pauli_get(p, 1, q)];
  return index;
}

static size_t reference_dimension(const couplings_input_t *input,
                                  const fmpq_t value) {
  fmpq *dense[8];
  ref_space_struct space;
  pauli_sum_t sum;
  pauli_sum_init(sum, N);
  ref_space_init(&space, N);
  for (size_t j = 0; j < input->num_generators; j++) {
    dense[j] = ref_vector(N);
    couplings_evaluate(sum, input, j, value);
    for (size_t t = 0; t < sum->length; t++)
      fmpq_set(dense[j] + dense_index(pauli_sum_string(sum, t)),
               sum->coeffs + t);
  }
  ref_closure(&space, dense, input->num_generators);
  size_t dimension = space.dimension;
  for (size_t j = 0; j < input->num_generators; j++)
    ref_vector_clear(dense[j], N);
  ref_space_clear(&space);
  pauli_sum_clear(sum);
  return dimension;
}

/* Listed with the right dimension, or generic. */
static bool agrees_at(const couplings_struct *c, const couplings_input_t *input,
                      slong p, ulong q) {
  fmpq_t value;
  fmpq_init(value);
  fmpq_set_si(value, p, q);
  size_t expect = c->dimension, found = reference_dimension(input, value);
  for (size_t k = 0; k < c->num_values; k++)
    if (c->values[k].radicand == 1 &&
        fmpq_equal(c->values[k].rational, value))
      expect = fmpz_get_ui(c->values[k].structure->dimension);
  fmpq_clear(value);
  return found == expect;
}

static void random_model(model_t *model) {
  size_t num = 2 + tap_random_below(2), degree = 1 + tap_random_below(2);
  fmpq_t c;
  fmpq_init(c);
  model_init(model, num, degree);
  for (size_t k = 0; k < num * (degree + 1); k++) {
    for (size_t t = tap_random_below(3); t > 0; t--) {
      uint64_t p[2] = {tap_random_below(4), tap_random_below(4)};
      fmpq_set_si(c, (slong)tap_random_below(5) - 2, 1);
      pauli_sum_push(model->parts + k, c, p);
    }
    pauli_sum_canonicalise(model->parts + k);
  }
  for (size_t j = 0; j < num; j++) { /* no generator is zero */
    bool zero = true;
    for (size_t k = 0; k <= degree; k++)
      zero = zero && !model->parts[j * (degree + 1) + k].length;
    uint64_t p[2] = {1 + tap_random_below(3), 0};
    fmpq_one(c);
    if (zero) pauli_sum_push(model->parts + j * (degree + 1), c, p);
  }
  fmpq_clear(c);
}

static void print_model(const model_t *model) {
  size_t width = model->input.degree + 1;
  for (size_t k = 0; k < model->input.num_generators * width; k++) {
    char *text = pauli_sum_get_str(model->parts + k);
    tap_diag("generator %zu, x^%zu times: %s", k / width, k % width, text);
    free(text);
  }
}

static void test_random(void) {
  bool ok = true;
  size_t special = 0;
  for (long i = 0; i < tap_iterations(120) && ok; i++) {
    model_t model;
    couplings_t c;
    random_model(&model);
    couplings_init(c, &model.input, NULL);
    ok = c->proved && c->complete;
    for (slong p = -6; p <= 6 && ok; p++)
      for (ulong q = 1; q <= 3 && ok; q++)
        ok = agrees_at(c, &model.input, p, q);
    for (size_t k = 0; k < c->num_values && ok; k++)
      ok = fmpz_cmp_ui(c->values[k].structure->dimension, c->dimension) < 0;
    special += c->num_values;
    if (!ok) print_model(&model);
    couplings_clear(c);
    model_clear(&model);
  }
  tap_ok(ok, "random polynomials: the dense reference agrees at 39 values");
  tap_occurred(special > 0, "%zu special values found", special);
}

static void push(pauli_sum_struct *sum, slong c, uint64_t x, uint64_t z) {
  uint64_t p[2] = {x, z};
  fmpq_t f;
  fmpq_init(f);
  fmpq_set_si(f, c, 1);
  pauli_sum_push(sum, f, p);
  pauli_sum_canonicalise(sum);
  fmpq_clear(f);
}

/* X0 + x X1 and Z0 + (x^2 - 2) Z1. With c = x^2 - 2 the brackets give Y0 + x c Y1,
   Z0 + x^2 c Z1, X0 + x c^2 X1: everything unless x = 0, c = 0 (one spin stays a
   centre) or x^2 = c^2 = 1 (diagonal spins). x^2 = 3 (c = 1) is not special. */
static void test_quadratic_values(void) {
  model_t model;
  couplings_t c;
  model_init(&model, 2, 2);
  push(model.parts, 1, 1, 0);
  push(model.parts + 1, 1, 2, 0);
  push(model.parts + 3, 1, 0, 1);
  push(model.parts + 3, -2, 0, 2);
  push(model.parts + 5, 1, 0, 2);
  couplings_init(c, &model.input, NULL);
  bool ok = c->proved && c->complete && c->dimension == 6 &&
            c->num_values == 5 && c->num_roots == 0 && !c->reason;
  for (size_t k = 0; k < c->num_values && ok; k++) {
    coupling_value_struct *v = c->values + k;
    bool diagonal = v->radicand == 1 && !fmpq_is_zero(v->rational);
    ok = fmpz_equal_ui(v->structure->dimension, diagonal ? 3 : 4) &&
         fmpz_equal_ui(v->structure->center, diagonal ? 0 : 1) &&
         (k < 3 ? v->radicand == 1 && fmpq_equal_si(v->rational, (slong)k - 1)
                : v->radicand == 2 && fmpq_is_zero(v->rational));
  }
  tap_ok(ok, "two spins: special at 0, 1, -1 and the square roots of 2 alone");
  couplings_clear(c);
  model_clear(&model);
}

/* 45 degrees about G: P -> (P - i G P) sqrt(2)/2 when they anticommute. */
static bool rotated_strings_agree(void) {
  size_t count = 0, want = 1 + tap_random_below(4);
  uint64_t strings[8], axis[2] = {tap_random_below(4), tap_random_below(4)};
  for (size_t k = 0; k < want; k++) {
    uint64_t p[2] = {tap_random_below(4), tap_random_below(4)};
    bool seen = pauli_is_identity(p, 1);
    for (size_t j = 0; j < count; j++)
      seen = seen || pauli_equal(p, strings + 2 * j, 1);
    if (!seen) memcpy(strings + 2 * count++, p, sizeof p);
  }
  if (!count) return true;
  pauli_sum_struct parts[8];
  fmpq_t half;
  fmpq_init(half);
  for (size_t k = 0; k < count; k++) {
    const uint64_t *p = strings + 2 * k;
    uint64_t r[2];
    pauli_sum_struct *a = parts + 2 * k, *b = a + 1;
    pauli_sum_init(a, N);
    pauli_sum_init(b, N);
    fmpq_set_si(half, 1, 1);
    if (!pauli_anticommute(axis, p, 1)) {
      pauli_sum_push(a, half, p);
      continue;
    }
    unsigned e = pauli_mul(r, axis, p, 1);
    fmpq_set_si(half, 1, 2);
    pauli_sum_push(b, half, p);
    fmpq_set_si(half, e == 1 ? 1 : -1, 2);
    pauli_sum_push(b, half, r);
    pauli_sum_canonicalise(b);
  }
  string_algebra_t g;
  structure_t expect, got;
  structure_init(expect);
  structure_init(got);
  string_algebra_init(g, strings, count, N);
  string_algebra_structure(expect, g);
  ulong two = 2;
  bool ok = quadratic_structure(got, parts, count, &two, 1, NULL) ==
                STATUS_OK &&
            got->proved && got->ideals_known &&
            fmpz_equal(got->dimension, expect->dimension) &&
            fmpz_equal(got->center, expect->center) &&
            got->num_ideals == expect->num_ideals;
  for (size_t k = 0; k < got->num_ideals && ok; k++)
    ok = got->ideals[k].letter == expect->ideals[k].letter &&
         fmpz_equal(got->ideals[k].rank, expect->ideals[k].rank) &&
         fmpz_equal(got->ideals[k].count, expect->ideals[k].count);
  /* The string method has one kind of sectors. */
  ok = ok && got->sectors_known && got->num_sectors == expect->num_sectors &&
       fmpz_equal(got->sectors->dimension, expect->sectors->dimension) &&
       fmpz_equal(got->sectors->multiplicity, expect->sectors->multiplicity) &&
       fmpz_equal(got->sectors->count, expect->sectors->count) &&
       got->sectors->field == expect->sectors->field;
  structure_clear(expect);
  structure_clear(got);
  string_algebra_clear(g);
  for (size_t k = 0; k < 2 * count; k++) pauli_sum_clear(parts + k);
  fmpq_clear(half);
  return ok;
}

static bool at_once(void *data) {
  (void)data;
  return true;
}

static void test_limits(void) {
  model_t model;
  couplings_t c;
  closure_limits_t limits = {.abort = at_once};
  random_model(&model);
  couplings_init(c, &model.input, &limits);
  tap_ok(!c->complete && c->reason, "stopped at once: nothing is claimed");
  couplings_clear(c);
  model_clear(&model);
}

int main(void) {
  tap_begin("t-couplings");
  test_random();
  test_quadratic_values();
  bool ok = true;
  for (long i = 0; i < tap_iterations(40) && ok; i++)
    ok = rotated_strings_agree();
  tap_ok(ok, "strings rotated by 45 degrees: the structure of the strings");
  test_limits();
  return tap_end();
}
