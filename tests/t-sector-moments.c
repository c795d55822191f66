/* Moments on sectors against those from the module of the observable (sum_moments, an
   independent method), exactly: random symmetric ansaetze, states of all kinds. */
#include <stdio.h>
#include <stdlib.h>

#include "algebra/sectors/sector_moments.h"
#include "algebra/spectrum/positive.h"
#include "algebra/sums/sum_moments.h"
#include "tests/symmetric_inputs.h"
#include "tests/tap.h"

static void random_observable(pauli_sum_struct *o, size_t n) {
  static const char *const words[] = {"Z", "ZZ", "X", "XX", "XY", "Y", "YY"};
  size_t terms = 1 + tap_random_below(3);
  for (size_t t = 0; t < terms; t++) {
    size_t i = tap_random_below(n), j = (i + 1 + tap_random_below(n - 1)) % n;
    symmetric_push(o, words[tap_random_below(7)], i, j,
                   (slong)tap_random_below(4) + 1);
  }
  if (tap_random_below(2)) return;
  for (size_t i = 0; i < n; i++) symmetric_push(o, "Z", i, 0, 1);
}

static void random_product(quantum_state_struct *out, size_t n, bool pure) {
  static const slong bloch[5][4] = {
      {3, 0, 4, 5}, {2, -1, 2, 3}, {0, 0, -1, 1}, {1, 0, 0, 1}, {-2, 3, 6, 7}};
  static const slong mixed[3][4] = {{1, 0, 1, 2}, {0, 0, 1, 3}, {0, 0, 0, 1}};
  product_state_t p;
  fmpq_t c[3];
  for (int k = 0; k < 3; k++) fmpq_init(c[k]);
  product_state_init(p, n);
  for (size_t j = 0; j < n; j++) {
    const slong *v = pure ? bloch[tap_random_below(5)] : mixed[tap_random_below(3)];
    for (int k = 0; k < 3; k++) fmpq_set_si(c[k], v[k], (ulong)v[3]);
    if (product_state_set_bloch(p, j, c[0], c[1], c[2]) != STATUS_OK) abort();
  }
  quantum_state_set_product(out, p);
  product_state_clear(p);
  for (int k = 0; k < 3; k++) fmpq_clear(c[k]);
}

static void random_state(quantum_state_struct *out, size_t n) {
  size_t kind = tap_random_below(5);
  quantum_state_init(out, n);
  if (kind < 2) {
    random_product(out, n, kind);
    return;
  }
  if (kind == 2) { /* few strings */
    pauli_sum_t sum;
    uint64_t zero[2] = {0};
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    pauli_sum_init(sum, n);
    pauli_sum_push(sum, one, zero);
    symmetric_push(sum, "ZX", 0, 1, 1);
    if (quantum_state_set_pauli(out, sum) != STATUS_OK) abort();
    pauli_sum_clear(sum);
    fmpq_clear(one);
    return;
  }
  stabilizer_state_t s;
  size_t want = kind == 3 ? n : tap_random_below(n + 1);
  stabilizer_state_init(s, n);
  if (tap_random_below(3) == 0 && want == n) stabilizer_state_set_zero(s);
  while (s->rank < want) {
    uint64_t p[2] = {tap_random_below((size_t)1 << n),
                     tap_random_below((size_t)1 << n)};
    if (!pauli_is_identity(p, 1)) stabilizer_state_add(s, p, tap_random() & 1);
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

static bool near(const char *what, const fmpq_t got, const fmpq_t expected) {
  if (fmpq_equal(got, expected)) return true;
  char *a = fmpq_get_str(NULL, 10, got), *b = fmpq_get_str(NULL, 10, expected);
  tap_diag("%s: %s, expected %s", what, a, b);
  flint_free(a);
  flint_free(b);
  return false;
}

typedef struct {
  long compared, all, withheld;
} tally_t;

static void make_generators(generator_set_t g, const symmetric_set_struct *set,
                            const pauli_sum_t o) {
  ansatz_t ansatz;
  ansatz_init(ansatz, ANSATZ_OPERATORS, set->n);
  for (size_t j = 0; j < set->count; j++)
    ansatz_add_generator(ansatz, set->list + j);
  for (size_t j = 0; j < set->count; j++) ansatz_add_parameter(ansatz, NULL, false);
  ansatz_add_observable(ansatz, o, "O");
  generator_set_init(g, ansatz);
  ansatz_clear(ansatz);
}

/* Both ways for one observable and two states. */
static bool compare(const sectors_struct *s, const generator_set_t g,
                    const pauli_sum_t o, const quantum_state_struct *a,
                    const quantum_state_struct *b, tally_t *tally) {
  sector_moments_struct m;
  sum_moments_t w;
  sum_input_t x, y;
  reason_code_t reason = sector_moments_init(&m, s, NULL, o, a, b, g->generators,
                                             g->num_generators);
  tally->all++;
  if (reason) {
    tally->withheld++;
    return true;
  }
  bool ok = true;
  sum_moments_init(w, g, o, NULL);
  if (!w->reason && !sum_input_init(x, w, a)) {
    if (!sum_input_init(y, w, b)) {
      fmpq_t expected;
      fmpq *gradient = _fmpq_vec_init((slong)g->num_parameters + 1);
      tally->compared++;
      fmpq_init(expected);
      sum_covariance(expected, w, x, y);
      ok = near("mean", m.mean, x->mean) && near("mean", m.mean + 1, y->mean) &&
           near("covariance", m.covariance, expected);
      if (a == b && ok && !sum_gradient(gradient, w, x))
        for (size_t u = 0; u < g->num_uses && ok; u++) {
          fmpq_mul(expected, g->uses[u].scale, g->uses[u].scale);
          fmpq_mul(expected, expected, m.gradient + g->uses[u].generator);
          ok = near("gradient", expected, gradient + g->uses[u].parameter);
        }
      fmpq_clear(expected);
      _fmpq_vec_clear(gradient, (slong)g->num_parameters + 1);
      sum_input_clear(y);
    }
    sum_input_clear(x);
  }
  sum_moments_clear(w);
  sector_moments_clear(&m);
  return ok;
}

static bool try_set(const symmetric_set_struct *set, tally_t *tally) {
  const pauli_sum_struct *list[SYMMETRIC_MAX];
  sectors_t s;
  bool ok = true;
  for (size_t k = 0; k < set->count; k++) list[k] = set->list + k;
  sectors_init(s, set->n, list, set->count, NULL);
  if (!sectors_recognise(s)) {
    for (int i = 0; i < 3 && ok; i++) {
      pauli_sum_t o;
      quantum_state_t a, b;
      generator_set_t g;
      pauli_sum_init(o, set->n);
      random_observable(o, set->n);
      random_state(a, set->n);
      random_state(b, set->n);
      make_generators(g, set, o);
      ok = compare(s, g, o, a, a, tally) && compare(s, g, o, a, b, tally);
      if (!ok) {
        char *text = pauli_sum_get_str(o);
        tap_diag("observable %s, state kinds %d %d, qubits %zu", text, a->kind,
                 b->kind, set->n);
        free(text);
        for (size_t k = 0; k < set->count; k++) {
          text = pauli_sum_get_str(set->list + k);
          tap_diag("generator %s", text);
          free(text);
        }
      }
      generator_set_clear(g);
      pauli_sum_clear(o);
      quantum_state_clear(a);
      quantum_state_clear(b);
    }
  }
  sectors_clear(s);
  return ok;
}

static void test_random(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    symmetric_set_struct set;
    symmetric_set_random(&set, 4);
    ok = try_set(&set, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "mean, covariance and gradient variances as from the module");
  tap_ok(tally.compared * 3 >= tally.all, "most of them are known");
  tap_diag("%ld of %ld compared, %ld withheld", tally.compared, tally.all,
           tally.withheld);
}

/* Large multiplicities, elements of the commutant with many entries. */
static void test_chains(void) {
  tally_t tally = {0};
  bool ok = true;
  for (size_t kind = 0; kind < 3 && ok; kind++) {
    static const char *const words[3] = {"XX", "YY", "ZZ"};
    symmetric_set_struct set = {.n = kind == 2 ? 6 : 5};
    for (size_t i = 0; i + 1 < set.n; i++) { /* bonds, all or by parity; next bonds */
      pauli_sum_struct *sum =
          kind && i >= 2 ? set.list + i % 2 : symmetric_set_add(&set);
      for (size_t k = 0; k < 3; k++) symmetric_push(sum, words[k], i, i + 1, 1);
    }
    pauli_sum_struct *next = kind == 2 ? symmetric_set_add(&set) : NULL;
    for (size_t i = 0; next && i + 2 < set.n; i++)
      for (size_t k = 0; k < 3; k++) symmetric_push(next, words[k], i, i + 2, 1);
    ok = try_set(&set, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok && tally.compared > 0, "the same for chains that keep the total spin");
  tap_diag("%ld of %ld compared", tally.compared, tally.all);
}

/* Traces of products by matrix elements and by full matrices. */
static bool same_traces(const sectors_struct *s, const pauli_sum_t a,
                        const pauli_sum_t b) {
  sector_commutant_t c;
  sector_source_struct x, y;
  sector_operand_struct p, q;
  sector_rows_struct rows;
  nmod_mat_t sparse, dense;
  nmod_t mod;
  mp_limb_t prime = UINT64_C(1) << 62;
  while (prime % 4 != 1 || !n_is_prime(prime)) prime--;
  nmod_init(&mod, prime);
  sector_commutant_init(c, s, NULL, NULL);
  slong m = (slong)c->dimension;
  nmod_mat_init(sparse, m, m, prime);
  nmod_mat_init(dense, m, m, prime);
  sector_source_operator(&x, a, s->space.frame);
  sector_source_operator(&y, b, s->space.frame);
  sector_operand_init(&p, &x, s->space.size, mod, n_sqrtmod(prime - 1, prime));
  sector_operand_init(&q, &y, s->space.size, mod, n_sqrtmod(prime - 1, prime));
  sector_rows_init(&rows, c, mod);
  sector_sparse_traces(sparse, &p, &q, &rows, mod);
  sector_dense_traces(dense, &p, &q, c, mod);
  bool same = nmod_mat_equal(sparse, dense);
  sector_sparse_traces(sparse, &p, &p, &rows, mod);
  sector_dense_traces(dense, &p, &p, c, mod);
  same = same && nmod_mat_equal(sparse, dense) && m > 0;
  sector_rows_clear(&rows);
  sector_operand_clear(&p);
  sector_operand_clear(&q);
  sector_source_clear(&x);
  sector_source_clear(&y);
  nmod_mat_clear(sparse);
  nmod_mat_clear(dense);
  sector_commutant_clear(c);
  return same;
}

static void test_traces(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(10) && ok; i++) {
    static const char *const words[3] = {"XX", "YY", "ZZ"};
    symmetric_set_struct set = {.n = 4 + tap_random_below(2)};
    const pauli_sum_struct *list[SYMMETRIC_MAX];
    sectors_t s;
    pauli_sum_t a, b;
    for (size_t j = 0; j + 1 < set.n; j++)
      for (size_t k = 0; k < 3; k++)
        symmetric_push(k ? set.list + j : symmetric_set_add(&set), words[k], j, j + 1, 1);
    for (size_t k = 0; k < set.count; k++) list[k] = set.list + k;
    pauli_sum_init(a, set.n);
    pauli_sum_init(b, set.n);
    random_observable(a, set.n);
    random_observable(b, set.n);
    symmetric_push(a, "Y", 0, 1, 1000003);
    sectors_init(s, set.n, list, set.count, NULL);
    ok = s->complete && same_traces(s, a, b);
    sectors_clear(s);
    pauli_sum_clear(a);
    pauli_sum_clear(b);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "traces of products: by matrix elements as by full matrices");
}

int main(void) {
  tap_begin("t-sector-moments");
  test_random();
  test_chains();
  test_traces();
  return tap_end();
}
