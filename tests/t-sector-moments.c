/* Moments on sectors against those from the module of the observable (sum_moments, an
   independent method), exactly: random symmetric ansaetze, states of all kinds. */
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/generators/square_mean.h"
#include "algebra/sectors/sector_powers.h"
#include "algebra/spectrum/positive.h"
#include "algebra/sums/sum_jordan.h"
#include "algebra/sums/sum_moments.h"
#include "tests/symmetric_moments.h"
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

static void random_product(quantum_state_struct *out, bool pure) {
  static const slong bloch[5][4] = {
      {3, 0, 4, 5}, {2, -1, 2, 3}, {0, 0, -1, 1}, {1, 0, 0, 1}, {-2, 3, 6, 7}};
  static const slong mixed[3][4] = {{1, 0, 1, 2}, {0, 0, 1, 3}, {0, 0, 0, 1}};
  symmetric_product(out, pure ? bloch : mixed, pure ? 5 : 3, false);
}

static void random_state(quantum_state_struct *out, size_t n) {
  size_t kind = tap_random_below(5);
  quantum_state_init(out, n);
  if (kind < 2) {
    random_product(out, kind);
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
  symmetric_stabilizers(s, want);
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

typedef struct {
  long compared, all, withheld;
  long orbits; /* compared on what symmetries of the states fix */
  long joined; /* compared, populated sectors joined by the observable */
  long real, quaternionic, repeated; /* compared, with so(d), sp(d/2), the latter on more
                                        than one copy of the sector */
} tally_t;

static void count_forms(tally_t *tally, const sector_moments_struct *m) {
  bool real = false, quaternionic = false, repeated = false;
  for (size_t k = 0; k < m->num_groups; k++) {
    const sector_group_struct *g = m->groups + k;
    if (!g->populated || (g->kind != SECTOR_ORTHOGONAL && g->kind != SECTOR_SYMPLECTIC))
      continue;
    real = real || g->kind == SECTOR_ORTHOGONAL;
    quaternionic = quaternionic || g->kind == SECTOR_SYMPLECTIC;
    repeated = repeated || g->multiplicity > 1;
  }
  tally->real += real;
  tally->quaternionic += quaternionic;
  tally->repeated += repeated;
}

/* E[Tr(rho U^dag O^2 U)] as the mean of O^2 written out. */
static bool same_square(const sector_moments_struct *m, const generator_set_t g) {
  pauli_sum_t square;
  sum_moments_t w;
  sum_input_t x;
  bool ok = m->square_known;
  pauli_sum_init(square, g->num_qubits);
  ok = ok && square_expand(square, m->observable, 10000) == STATUS_OK;
  sum_moments_init(w, g, square, NULL);
  if (ok && !w->reason && !sum_input_init(x, w, m->states[0])) {
    ok = symmetric_near("mean square", m->mean + 2, x->mean);
    sum_input_clear(x);
  }
  sum_moments_clear(w);
  pauli_sum_clear(square);
  return ok;
}

/* Every group is one of the sectors that were recognised: traces of the commutant agree. */
static bool are_recognised(const sector_moments_struct *m) {
  const sectors_struct *s = m->commutant->sectors;
  bool all = true;
  for (size_t k = 0; k < m->num_groups; k++) {
    bool any = false;
    for (size_t l = 0; l < s->length; l++) any = any || m->groups[k].candidates[l];
    all = all && any;
  }
  if (!all) tap_diag("a group is none of the sectors");
  return all;
}

/* Both ways for one observable and two states. */
static bool compare(const sectors_struct *s, const generator_set_t g,
                    const pauli_sum_t o, const quantum_state_struct *a,
                    const quantum_state_struct *b, tally_t *tally) {
  sector_moments_struct m;
  reason_code_t reason = sector_moments_init(&m, s, NULL, o, a, b, g->generators,
                                             g->num_generators, true);
  tally->all++;
  if (reason) {
    tally->withheld++;
    return true;
  }
  long before = tally->compared;
  bool ok = are_recognised(&m) && symmetric_moments_agree(&m, g, o, a, b, &tally->compared);
  if (tally->compared > before) count_forms(tally, &m);
  if (tally->compared > before) tally->orbits += m.has_orbits;
  if (tally->compared > before) tally->joined += !m.block_diagonal;
  if (a == b && tally->compared > before) ok = ok && same_square(&m, g);
  sector_moments_clear(&m);
  return ok;
}

/* Keeps the number of ones: numbers, their products, hopping with a phase. */
static void conserving_observable(pauli_sum_struct *o, size_t n) {
  size_t terms = 1 + tap_random_below(3);
  for (size_t t = 0; t < terms; t++) {
    size_t i = tap_random_below(n), j = (i + 1 + tap_random_below(n - 1)) % n;
    slong c = (slong)tap_random_below(4) + 1;
    bool turned = tap_random_below(2);
    switch (tap_random_below(3)) {
      case 0: symmetric_push(o, "Z", i, 0, c); break;
      case 1: symmetric_push(o, "ZZ", i, j, c); break;
      default:
        symmetric_push(o, turned ? "XY" : "XX", i, j, c);
        symmetric_push(o, turned ? "YX" : "YY", i, j, turned ? -c : c);
    }
  }
}

/* Ones and zeros, or with a pair |01> + phase |10>, or any state. */
static void conserving_state(quantum_state_struct *out, size_t n) {
  stabilizer_state_t s;
  size_t pair = tap_random_below(2) ? tap_random_below(n - 1) : n;
  if (tap_random_below(8) == 0) {
    random_state(out, n);
    return;
  }
  quantum_state_init(out, n);
  stabilizer_state_init(s, n);
  for (size_t j = 0; j < n; j++) {
    uint64_t p[2] = {0}, q[2] = {0};
    if (j == pair) {
      bool turned = tap_random_below(2), minus = tap_random_below(2);
      pauli_set(p, 1, j, 1);
      pauli_set(p, 1, j + 1, turned ? 3 : 1);
      pauli_set(q, 1, j, 2);
      pauli_set(q, 1, j + 1, 2);
      stabilizer_state_add(s, p, minus);
      stabilizer_state_add(s, q, true);
      j++;
    } else {
      pauli_set(p, 1, j, 2);
      stabilizer_state_add(s, p, tap_random_below(2));
    }
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

typedef void (*observable_t)(pauli_sum_struct *, size_t);
typedef void (*state_t)(quantum_state_struct *, size_t);

static bool try_set_with(const symmetric_set_struct *set, observable_t make_observable,
                         state_t make_state, tally_t *tally) {
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
      make_observable(o, set->n);
      make_state(a, set->n);
      make_state(b, set->n);
      symmetric_generators(g, set, o);
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

static bool try_set(const symmetric_set_struct *set, bool conserving, tally_t *tally) {
  return conserving ? try_set_with(set, conserving_observable, conserving_state, tally)
                    : try_set_with(set, random_observable, random_state, tally);
}

/* The same product on all qubits, or zeros and ones by turns, or pairs |01> - |10>; less often
   one that no permutation fixes. */
static void even_state(quantum_state_struct *out, size_t n) {
  size_t kind = tap_random_below(9);
  stabilizer_state_t s;
  if (kind == 8) {
    conserving_state(out, n);
    return;
  }
  quantum_state_init(out, n);
  stabilizer_state_init(s, n);
  for (size_t j = 0; j < n; j++) {
    uint64_t p[2] = {0}, q[2] = {0};
    if (kind == 7 && j + 1 < n) {
      for (size_t i = 0; i < 2; i++) {
        pauli_set(p, 1, j + i, 1);
        pauli_set(q, 1, j + i, 2);
      }
      stabilizer_state_add(s, p, true);
      stabilizer_state_add(s, q, true);
      j++;
    } else { /* X, Z or Y, of either sign, or by turns */
      pauli_set(p, 1, j, (unsigned)(1 + kind % 3));
      stabilizer_state_add(s, p, kind < 3 ? j & 1 : kind > 4);
    }
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

/* Sums that rotations, reflections or all permutations keep; observables that they need not
   keep. */
static void test_orbits(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(20) && ok; i++) {
    static const char *const words[] = {"ZZ", "XX", "YY", "XY", "ZX"};
    symmetric_set_struct set = {.n = 3 + (tap_random_below(12) == 0)};
    size_t count = 2 + tap_random_below(2), shape = tap_random_below(3);
    for (size_t k = 0; k < count; k++) {
      pauli_sum_struct *sum = symmetric_set_add(&set);
      const char *word = k ? words[tap_random_below(5)] : "Z";
      if (k == 1 && tap_random_below(2)) word = "X";
      for (size_t a = 0; a < set.n; a++)
        for (size_t b = 1; b < set.n; b++)
          if (shape == 0 ? b == 1 : shape == 1 ? b == 1 && a + 1 < set.n : a + b < set.n)
            symmetric_push(sum, word, a, (a + b) % set.n, 1);
    }
    ok = try_set_with(&set, random_observable, even_state, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "states that symmetries fix: the same");
  tap_occurred(tally.orbits > 4, "and often on orbits alone");
  tap_diag("%ld of %ld compared, %ld on orbits", tally.compared, tally.all, tally.orbits);
}

static void test_random(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    symmetric_set_struct set;
    symmetric_set_random(&set, 4);
    ok = try_set(&set, false, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "mean, covariance and gradient variances as from the module");
  tap_occurred(tally.compared * 3 >= tally.all, "most of them are known");
  tap_occurred(tally.joined > 0, "some with coherences between sectors");
  tap_diag("%ld of %ld compared, %ld of them with coherences, %ld withheld", tally.compared,
           tally.all, tally.joined, tally.withheld);
}

/* so(d) and sp(d/2), with forms of either sign on the multiplicity spaces. */
static void test_forms(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(80) && ok; i++) {
    symmetric_set_struct set;
    bool excitations = i % 2; /* so(d) above all */
    (excitations ? symmetric_set_excitations : symmetric_set_transposed)(&set, 4);
    ok = try_set(&set, excitations, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "so(d) and sp(d/2): mean, covariance and gradient variances as from the module");
  tap_occurred(tally.real > 5 && tally.quaternionic > 5 && tally.repeated > 5,
               "both kinds, and several copies, occurred");
  tap_diag("%ld of %ld compared, %ld so(d), %ld sp(d/2), %ld with copies", tally.compared,
           tally.all, tally.real, tally.quaternionic, tally.repeated);
}

/* Sums that are symmetric under reflection: interaction, fields, hopping. */
static void hubbard_observable(pauli_sum_struct *o, size_t n) {
  slong c[3];
  for (int k = 0; k < 3; k++) c[k] = (slong)tap_random_below(5) - 2;
  if (!c[0]) c[0] = 1;
  for (size_t i = 0; i < n; i++) {
    if (i < n / 2) symmetric_push(o, "ZZ", i, i + n / 2, c[0]);
    if (c[1]) symmetric_push(o, "Z", i, 0, c[1]);
    if (!c[2] || i % (n / 2) + 1 == n / 2) continue;
    symmetric_push(o, "XX", i, i + 1, c[2]);
    symmetric_push(o, "YY", i, i + 1, c[2]);
  }
}

/* Every site with one electron, spins by turns, or any basis state. */
static void hubbard_state(quantum_state_struct *out, size_t n) {
  stabilizer_state_t s;
  bool any = tap_random_below(3) == 0, first = tap_random_below(2);
  quantum_state_init(out, n);
  stabilizer_state_init(s, n);
  for (size_t j = 0; j < n; j++) {
    uint64_t p[2] = {0};
    pauli_set(p, 1, j, 2);
    stabilizer_state_add(s, p, any ? tap_random_below(2) : (j + (j >= n / 2) + first) % 2);
  }
  quantum_state_set_stabilizer(out, s);
  stabilizer_state_clear(s);
}

/* Generators with a charge in them: their transposes are found without it. */
static void test_charges(void) {
  tally_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(6) && ok; i++) {
    symmetric_set_struct set;
    symmetric_set_hubbard(&set, i % 6 == 5 ? 4 : 2 + (size_t)i % 2);
    ok = try_set_with(&set, hubbard_observable, hubbard_state, &tally);
    symmetric_set_clear(&set);
  }
  tap_ok(ok, "electrons that repel each other: moments as from the module");
  tap_occurred(tally.real + tally.quaternionic > 0, "a sector with a form occurred");
  tap_diag("%ld of %ld compared, %ld withheld, %ld so(d), %ld sp(d/2)", tally.compared,
           tally.all, tally.withheld, tally.real, tally.quaternionic);
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
    ok = try_set(&set, false, &tally);
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
  sector_commutant_init(c, s, NULL, NULL, NULL);
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

/* --- spectra ------------------------------------------------------------------------ */

/* The first three power sums of the roots, by den. */
static void root_sums(fmpq sums[4], const fmpz_poly_t f, const fmpz_t den) {
  slong d = fmpz_poly_degree(f);
  fmpz e[4], *s[4];
  for (int k = 0; k < 4; k++) {
    fmpz_init(e + k);
    s[k] = fmpq_numref(sums + k);
    if (k <= d) fmpz_poly_get_coeff_fmpz(e + k, f, d - k);
  }
  fmpz_neg(s[1], e + 1);
  fmpz_mul(s[2], e + 1, e + 1);
  fmpz_submul_ui(s[2], e + 2, 2);
  fmpz_mul(s[3], e + 1, s[2]); /* p3 = - e1 p2 - e2 p1 - 3 e3 */
  fmpz_addmul(s[3], e + 2, s[1]);
  fmpz_addmul_ui(s[3], e + 3, 3);
  fmpz_neg(s[3], s[3]);
  for (int k = 1; k < 4; k++) {
    fmpz_pow_ui(fmpq_denref(sums + k), den, (ulong)k);
    fmpq_canonicalise(sums + k);
    fmpz_clear(e + k);
  }
}

typedef struct {
  long polynomials, levels, cut; /* cut: polynomials of O that leave the sector */
} spectra_t;

/* Power sums of one sector by three ways; adds m p_j to sums. */
static bool same_spectrum(fmpq sums[4], const sector_moments_struct *m,
                          const sector_group_struct *g, const pauli_sum_t o,
                          spectra_t *tally) {
  enum { ROOM = 64 };
  fmpq *power = _fmpq_vec_init(5), *other = _fmpq_vec_init(5), *level = _fmpq_vec_init(ROOM);
  fmpz *count = _fmpz_vec_init(ROOM);
  fmpq_t t;
  fmpz_t den;
  fmpz_poly_t f;
  slong length;
  fmpq_init(t);
  fmpz_init(den);
  fmpz_poly_init(f);
  bool ok = sector_powers(power, 4, m->commutant, g, o);
  if (ok && sector_polynomial(f, den, m->commutant, g, o)) {
    tally->polynomials++;
    tally->cut += !g->stays;
    root_sums(other, f, den);
    for (int j = 1; j < 4; j++) ok = ok && symmetric_near("roots", other + j, power + j);
  }
  if (ok && sector_levels(level, count, &length, ROOM, m->commutant, g, o)) {
    tally->levels++;
    for (ulong j = 1; j < 5; j++) {
      fmpq_zero(other + j);
      for (slong i = 0; i < length; i++) {
        fmpq_pow_si(t, level + i, (slong)j);
        fmpq_mul_fmpz(t, t, count + i);
        fmpq_add(other + j, other + j, t);
      }
      ok = ok && symmetric_near("levels", other + j, power + j);
    }
  }
  fmpz_set_ui(den, g->multiplicity);
  for (int j = 1; j < 4; j++) {
    fmpq_mul_fmpz(t, power + j, den);
    fmpq_add(sums + j, sums + j, t);
  }
  _fmpq_vec_clear(power, 5);
  _fmpq_vec_clear(other, 5);
  _fmpq_vec_clear(level, ROOM);
  _fmpz_vec_clear(count, ROOM);
  fmpq_clear(t);
  fmpz_clear(den);
  fmpz_poly_clear(f);
  return ok;
}

/* The mixed state populates all; O is a combination of generators, and sometimes any string
   more. */
static bool try_spectra(const symmetric_set_struct *set, spectra_t *tally) {
  const pauli_sum_struct *list[SYMMETRIC_MAX];
  sectors_t s;
  sector_moments_struct m;
  pauli_sum_t o;
  quantum_state_t mixed;
  fmpq_t c;
  bool ok = true, all = true;
  for (size_t k = 0; k < set->count; k++) list[k] = set->list + k;
  pauli_sum_init(o, set->n);
  quantum_state_init(mixed, set->n);
  fmpq_init(c);
  for (size_t k = 0, few = tap_random_below(2); k < set->count; k++) {
    fmpq_set_si(c, (slong)tap_random_below(5) - 2, 1 + tap_random_below(2));
    if (!few || k == 0) pauli_sum_addmul(o, o, c, list[k]);
  }
  if (tap_random_below(3) == 0) random_observable(o, set->n);
  sectors_init(s, set->n, list, set->count, NULL);
  if (!sectors_recognise(s) &&
      !sector_moments_init(&m, s, NULL, o, mixed, mixed, NULL, 0, false)) {
    fmpq *sums = _fmpq_vec_init(4);
    for (size_t g = 0; g < m.num_groups && ok; g++) {
      bool plain = m.groups[g].tensor && m.groups[g].count == 1;
      all = all && plain && m.groups[g].stays;
      if (plain) ok = same_spectrum(sums, &m, m.groups + g, o, tally);
    }
    fmpq *whole = _fmpq_vec_init(4);
    symmetric_traces(whole, o);
    for (int j = 2; j < 4 && ok && all; j++)
      ok = symmetric_near("whole trace", sums + j, whole + j);
    _fmpq_vec_clear(whole, 4);
    _fmpq_vec_clear(sums, 4);
    sector_moments_clear(&m);
  }
  sectors_clear(s);
  pauli_sum_clear(o);
  quantum_state_clear(mixed);
  fmpq_clear(c);
  return ok;
}

static void test_spectra(void) {
  spectra_t tally = {0};
  bool ok = true;
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    symmetric_set_struct set;
    symmetric_set_random(&set, 5);
    ok = try_spectra(&set, &tally);
    for (size_t k = 0; k < set.count && !ok; k++) {
      char *text = pauli_sum_get_str(set.list + k);
      tap_diag("generator %s", text);
      free(text);
    }
    symmetric_set_clear(&set);
  }
  tap_diag("%ld polynomials, %ld of observables that leave, %ld spectra", tally.polynomials,
           tally.cut, tally.levels);
  tap_ok(ok, "spectra on sectors: polynomials, levels and powers agree");
  tap_occurred(tally.polynomials > 5 && tally.levels > 5 && tally.cut > 2, "all ways occurred");
}

/* prod (t - a_i) (t^2 - 2 c), a_i and c random. */
static void test_least_root(void) {
  bool ok = true;
  for (long i = 0; i < tap_iterations(20) && ok; i++) {
    size_t d = tap_random_below(150);
    slong least = 0, a = -(slong)tap_random_below(300), c = 1 + (slong)tap_random_below(400);
    fmpz_poly_t f, factor;
    arb_t ball, expected;
    fmpz_poly_init(f);
    fmpz_poly_init(factor);
    arb_init(ball);
    arb_init(expected);
    fmpz_poly_set_coeff_si(f, 2, 1);
    fmpz_poly_set_coeff_si(f, 0, -2 * c * c); /* +- c sqrt 2 */
    for (size_t k = 0; k < d; k++, a += 1 + (slong)tap_random_below(4)) {
      if (k == 0) least = a;
      fmpz_poly_zero(factor);
      fmpz_poly_set_coeff_si(factor, 1, 1);
      fmpz_poly_set_coeff_si(factor, 0, -a);
      fmpz_poly_mul(f, f, factor);
    }
    arb_sqrt_ui(expected, 2, 200);
    arb_mul_si(expected, expected, -c, 200);
    if (d && least * least > 2 * c * c && least < 0) arb_set_si(expected, least);
    ok = sum_least_root(ball, f) && arb_overlaps(ball, expected) &&
         arb_rel_accuracy_bits(ball) > 70;
    if (!ok) tap_diag("degree %zu, from %ld, c %ld", d + 2, (long)least, (long)c);
    fmpz_poly_clear(f);
    fmpz_poly_clear(factor);
    arb_clear(ball);
    arb_clear(expected);
  }
  tap_ok(ok, "least roots of large polynomials");
}

int main(void) {
  tap_begin("t-sector-moments");
  test_random();
  test_orbits();
  test_forms();
  test_charges();
  if (tap_iterations(10) >= 100) test_chains(); /* minutes with an unlucky observable */
  test_traces();
  test_spectra();
  test_least_root();
  return tap_end();
}
