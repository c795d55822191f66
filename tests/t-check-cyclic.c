/* t-check-cyclic - averages over a group of products of two vectors, as `check` finds them on
   the module that a vector generates: against the projection on all invariant tensors, found
   by elimination. */
#include <stdlib.h>
#include <string.h>

#include <flint/ulong_extras.h>

#include "algebra/check/sums/check_cyclic.h"
#include "tests/tap.h"

enum { MOST = 9, MAX_OPERATORS = 3 };

static const mp_limb_t prime = (UWORD(1) << 60) + 33;

typedef struct {
  size_t size, count;
  nmod_mat_t matrix[MAX_OPERATORS];
  check_operator_t k[MAX_OPERATORS];
} case_t;

static mp_limb_t draw(nmod_t mod) {
  mp_limb_t x = (mp_limb_t)tap_random_below(9);
  return x < 4 ? nmod_neg(x, mod) : x - 4;
}

/* Antisymmetric: random blocks of 1 to 4, some of them repeated. */
static void case_init(case_t *c, nmod_t mod) {
  size_t start[MOST + 1], length[MOST + 1], blocks = 0;
  int like[MOST + 1];
  c->count = 1 + tap_random_below(MAX_OPERATORS);
  c->size = 0;
  while (c->size < 3 || (c->size < MOST - 4 && tap_random_below(4))) {
    like[blocks] = blocks && tap_random_below(2) ? (int)tap_random_below(blocks) : -1;
    length[blocks] = like[blocks] >= 0 ? length[like[blocks]] : 1 + tap_random_below(4);
    start[blocks] = c->size;
    c->size += length[blocks++];
  }
  for (size_t j = 0; j < c->count; j++) {
    nmod_mat_init(c->matrix[j], (slong)c->size, (slong)c->size, mod.n);
    c->k[j] = (check_operator_t){0, flint_malloc((c->size * c->size + 1) *
                                                 sizeof(check_entry_t))};
    for (size_t b = 0; b < blocks; b++)
      for (size_t i = 0; i < length[b]; i++)
        for (size_t k = 0; k < i; k++) {
          slong row = (slong)(start[b] + i), col = (slong)(start[b] + k);
          mp_limb_t x = draw(mod);
          if (like[b] >= 0)
            x = nmod_mat_entry(c->matrix[j], (slong)(start[like[b]] + i),
                               (slong)(start[like[b]] + k));
          nmod_mat_entry(c->matrix[j], row, col) = x;
          nmod_mat_entry(c->matrix[j], col, row) = nmod_neg(x, mod);
        }
    for (size_t to = 0; to < c->size; to++)
      for (size_t from = 0; from < c->size; from++) {
        mp_limb_t x = nmod_mat_entry(c->matrix[j], (slong)to, (slong)from);
        if (x)
          c->k[j].entries[c->k[j].length++] = (check_entry_t){
              (uint32_t)from, (uint32_t)to, x, n_mulmod_precomp_shoup(x, mod.n)};
      }
  }
}

static void case_clear(case_t *c) {
  for (size_t j = 0; j < c->count; j++) {
    nmod_mat_clear(c->matrix[j]);
    flint_free(c->k[j].entries);
  }
}

/* x := its projection on all X with K_j X - X K_j = 0 (K_j^T = -K_j). */
static void project(nmod_mat_t x, const case_t *c, nmod_t mod) {
  slong n = (slong)c->size;
  nmod_mat_t rows, null, gram, turned, value;
  nmod_mat_init(rows, n * n * (slong)c->count, n * n, mod.n);
  nmod_mat_init(null, n * n, n * n, mod.n);
  for (slong j = 0; j < (slong)c->count; j++)
    for (slong a = 0; a < n; a++)
      for (slong b = 0; b < n; b++)
        for (slong s = 0; s < n; s++) {
          slong row = j * n * n + a * n + b;
          mp_limb_t *one = &nmod_mat_entry(rows, row, s * n + b);
          *one = nmod_add(*one, nmod_mat_entry(c->matrix[j], a, s), mod);
          mp_limb_t *other = &nmod_mat_entry(rows, row, a * n + s);
          *other = nmod_sub(*other, nmod_mat_entry(c->matrix[j], s, b), mod);
        }
  slong count = nmod_mat_nullspace(null, rows);
  nmod_mat_init(gram, count, count, mod.n);
  nmod_mat_init(turned, count, n * n, mod.n);
  nmod_mat_init(value, count, 1, mod.n);
  nmod_mat_t used, flat;
  nmod_mat_init(used, n * n, count, mod.n);
  nmod_mat_init(flat, n * n, 1, mod.n);
  for (slong i = 0; i < n * n; i++) {
    nmod_mat_entry(flat, i, 0) = nmod_mat_entry(x, i / n, i % n);
    for (slong k = 0; k < count; k++) nmod_mat_entry(used, i, k) = nmod_mat_entry(null, i, k);
  }
  nmod_mat_transpose(turned, used);
  nmod_mat_mul(gram, turned, used);
  if (!nmod_mat_inv(gram, gram)) abort();
  nmod_mat_mul(value, turned, flat);
  nmod_mat_mul(value, gram, value);
  nmod_mat_mul(flat, used, value);
  for (slong i = 0; i < n * n; i++) nmod_mat_entry(x, i / n, i % n) = nmod_mat_entry(flat, i, 0);
  nmod_mat_clear(rows);
  nmod_mat_clear(null);
  nmod_mat_clear(gram);
  nmod_mat_clear(turned);
  nmod_mat_clear(value);
  nmod_mat_clear(used);
  nmod_mat_clear(flat);
}

/* a random vector of W */
static void choose(mp_limb_t *v, const check_cyclic_struct *c, nmod_t mod) {
  memset(v, 0, c->size * sizeof *v);
  for (size_t i = 0; i < c->dim; i++) {
    mp_limb_t x = draw(mod);
    for (size_t s = 0; s < c->size; s++)
      v[s] = nmod_addmul(v[s], x, nmod_mat_entry(c->basis, (slong)i, (slong)s), mod);
  }
}

static bool agrees(const check_cyclic_struct *c, const case_t *one, const mp_limb_t *a,
                   const mp_limb_t *b, nmod_t mod) {
  slong n = (slong)c->size;
  int64_t work = INT64_MAX;
  mp_limb_t out[MOST * MOST], half = n_invmod(2, mod.n);
  nmod_mat_t x;
  nmod_mat_init(x, n, n, mod.n);
  for (slong i = 0; i < n; i++)
    for (slong k = 0; k < n; k++)
      nmod_mat_entry(x, i, k) =
          nmod_mul(half, nmod_addmul(nmod_mul(a[i], b[k], mod), b[i], a[k], mod), mod);
  project(x, one, mod);
  bool same = check_cyclic_average(out, c, a, b, &work);
  for (slong i = 0; i < n * n && same; i++) same = out[i] == nmod_mat_entry(x, i / n, i % n);
  nmod_mat_clear(x);
  return same;
}

int main(void) {
  tap_begin("t-check-cyclic");
  nmod_t mod;
  size_t total = (size_t)tap_iterations(200), made = 0, wrong = 0, many = 0, smaller = 0;
  nmod_init(&mod, n_nextprime(prime, 0));
  for (size_t t = 0; t < total; t++) {
    case_t one;
    check_cyclic_t c;
    int64_t work = INT64_MAX, few = 10;
    mp_limb_t o[MOST], a[MOST], b[MOST];
    case_init(&one, mod);
    for (size_t i = 0; i < one.size; i++) o[i] = tap_random_below(3) ? draw(mod) : 0;
    o[tap_random_below(one.size)] = 1;
    if (check_cyclic_init(c, one.k, one.count, one.size, o, mod, &work)) {
      made++;
      many += c->num_fixed > 1;
      smaller += c->dim < c->size;
      choose(a, c, mod);
      choose(b, c, mod);
      wrong += !agrees(c, &one, o, o, mod) || !agrees(c, &one, a, b, mod);
      check_cyclic_clear(c);
    }
    wrong += check_cyclic_init(c, one.k, one.count, one.size, o, mod, &few) || few < 0;
    case_clear(&one);
  }
  tap_ok(!wrong, "%zu of %zu modules: averages are projections on invariant tensors", made, total);
  tap_ok(made == total, "none was left out");
  tap_occurred(many > 5 && smaller > 5, "several operators commute, modules are smaller");
  return tap_end();
}
