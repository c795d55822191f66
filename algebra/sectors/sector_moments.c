#include "algebra/sectors/sector_moments.h"

#include "algebra/base/stream.h"
#include "algebra/generators/square_mean.h"
#include "algebra/sectors/sector_joined.h"
#include "algebra/sectors/sector_transpose.h"

enum { MAX_PRIMES = 64, MAX_SQUARE_PAIRS = 10000 };
#define MAX_WORK UINT64_C(4000000000) /* products for traces, per prime */

/* --- the numbers sought ----------------------------------------------------------------------- */

/* Per group: */
enum {
  SLOT_MEAN,       /* S_k of the first state */
  SLOT_MEAN_OTHER, /* of the second */
  SLOT_DIAGONAL,   /* d^2 A2 + A1 - d (A3 + A4), or N+ of sector_transpose.h */
  SLOT_SKEW,       /* 0, or N- */
  SLOT_TURNED,     /* Tr (Tr_E O_k) t(Tr_E O_k) where there is a form, and of the first */
  SLOT_SQUARE_TURNED, /* state with the second one, */
  SLOT_WEIGHT,     /* Tr rho_k */
  SLOT_WEIGHT_OTHER,
  SLOT_SQUARE,     /* Tr (Tr_E rho_k)^2 */
  SLOT_CUBE,
  SLOT_TRACE,      /* m Tr X_k */
  SLOT_TRACE2,     /* Tr (Tr_E O_k)^2 */
  SLOT_MEAN_SQUARE, /* S_k of the first state and O^2 */
  SLOT_LEAK,       /* sum over h of ||O_kh||^2 */
  SLOT_DEFECT,     /* m Tr O_kk^2 - Tr (Tr_E O_kk)^2, 0 iff O_kk is X_k (x) 1 */
  NUM_SLOTS
};

/* Then per pair of groups the part between; the squares of O between sectors, times the
   weights of both states there (so 0 iff no two sectors that are populated are joined); for
   every generator the diagonal parts, the skew ones and the parts between. */
typedef struct {
  size_t groups, generators, length;
  fmpz *value;    /* modulo `modulus`, times den */
  fmpz_t modulus;
  fmpz *den, *bound; /* of each: |value| < bound */
} numbers_t;

static size_t slot(size_t g, size_t which) { return NUM_SLOTS * g + which; }
static size_t slot_between(const numbers_t *n, size_t g, size_t h) {
  return NUM_SLOTS * n->groups + g * n->groups + h;
}
static size_t slot_joined(const numbers_t *n) {
  return NUM_SLOTS * n->groups + n->groups * n->groups;
}
static size_t slot_generator(const numbers_t *n, size_t j) {
  return slot_joined(n) + 1 + j * (2 * n->groups + n->groups * n->groups);
}

static void numbers_init(numbers_t *n, size_t groups, size_t generators) {
  *n = (numbers_t){.groups = groups, .generators = generators};
  n->length = slot_generator(n, generators);
  n->value = _fmpz_vec_init((slong)n->length);
  n->den = _fmpz_vec_init((slong)n->length);
  n->bound = _fmpz_vec_init((slong)n->length);
  fmpz_init_set_ui(n->modulus, 1);
}

static void numbers_clear(numbers_t *n) {
  _fmpz_vec_clear(n->value, (slong)n->length);
  _fmpz_vec_clear(n->den, (slong)n->length);
  _fmpz_vec_clear(n->bound, (slong)n->length);
  fmpz_clear(n->modulus);
}

static size_t slot_generator_skew(const numbers_t *n, size_t j) {
  return slot_generator(n, j) + n->groups;
}
static size_t slot_generator_between(const numbers_t *n, size_t j) {
  return slot_generator(n, j) + 2 * n->groups;
}

typedef struct {
  sector_moments_struct *m;
  sector_source_struct observable, states[2], *generators;
  sector_source_struct square; /* O^2, if m->square_known */
  size_t num_sources; /* generators, whether or not gradients are asked for */
  bool has_forms; /* some sectors have so(d) or sp(d/2), and s of sector_transpose.h exists */
  bool meet;      /* sector_joined.h: there may be more than what the formulas say */
} problem_t;

/* bound = ceil(x). */
static void round_up(fmpz_t out, const fmpq_t x) {
  fmpz_cdiv_q(out, fmpq_numref(x), fmpq_denref(x));
}

/* Of the generators, from those of the variance. */
static void set_generator_bounds(numbers_t *n, const problem_t *p) {
  fmpz_t h, t;
  fmpz_init(h);
  fmpz_init(t);
  for (size_t j = 0; j < n->generators; j++) {
    round_up(h, p->generators[j].bound);
    for (size_t g = 0; g < n->groups; g++) {
      size_t d = p->m->groups[g].dimension, i = slot_generator(n, j) + g;
      /* times 2 d Tr h^2 - 2 (Tr h)^2, at most 2 d^2 ||h||^2 */
      fmpz_mul(t, p->generators[j].den, p->generators[j].den);
      fmpz_mul(n->den + i, n->den + slot(g, SLOT_DIAGONAL), t);
      fmpz_mul(n->bound + i, h, h);
      fmpz_mul(n->bound + i, n->bound + i, n->bound + slot(g, SLOT_DIAGONAL));
      fmpz_mul_ui(n->bound + i, n->bound + i, 4 * d * d);
      fmpz_set(n->den + slot_generator_skew(n, j) + g, n->den + i);
      fmpz_set(n->bound + slot_generator_skew(n, j) + g, n->bound + i);
      for (size_t q = 0; q < n->groups; q++) {
        size_t o = slot_between(n, g, q), e = p->m->groups[q].dimension;
        i = slot_generator_between(n, j) + g * n->groups + q;
        fmpz_mul(n->den + i, n->den + o, t);
        fmpz_mul(n->bound + i, h, h);
        fmpz_mul(n->bound + i, n->bound + i, n->bound + o);
        fmpz_mul_ui(n->bound + i, n->bound + i, 4 * d * e);
      }
    }
  }
  fmpz_clear(h);
  fmpz_clear(t);
}

/* den_i and bound_i: header of sector_commutant.h; |A2_kl| <= d_k d_l ||O||^2 since
   Tr rho = 1 (Cauchy and Schwarz), |S_k| <= d_k ||O||, |A3_k|, |A4_k| <= d_k^2 ||O||^2. With
   transposes, which are isometries, d_k m_k ||O||^2 for A2 and d_k times that for A3, A4. */
static void set_bounds(numbers_t *n, const problem_t *p) {
  const sector_commutant_struct *c = p->m->commutant;
  fmpz_t index2, rho, twice, norm, t;
  fmpz_init(index2);
  fmpz_init(rho);
  fmpz_init(twice);
  fmpz_init(norm);
  fmpz_init(t);
  fmpz_mul(index2, c->index, c->index);
  fmpz_mul(rho, p->states[0].den, p->states[1].den);
  fmpz_mul(twice, index2, index2); /* two tensors, O twice, both states */
  fmpz_mul(twice, twice, p->observable.den);
  fmpz_mul(twice, twice, p->observable.den);
  fmpz_mul(twice, twice, rho);
  round_up(norm, p->observable.bound);
  for (size_t g = 0; g < n->groups; g++) {
    size_t d = p->m->groups[g].dimension, count = p->m->groups[g].count;
    size_t m = p->m->groups[g].multiplicity;
    fmpz *den = n->den + slot(g, 0), *bound = n->bound + slot(g, 0);
    for (int which = 0; which < 2; which++) {
      fmpz_mul(den + SLOT_MEAN + which, index2, p->observable.den);
      fmpz_mul(den + SLOT_MEAN + which, den + SLOT_MEAN + which,
               p->states[which].den);
      fmpz_mul_ui(bound + SLOT_MEAN + which, norm, count * d);
    }
    fmpz_mul(den + SLOT_WEIGHT, index2, p->states[0].den);
    fmpz_set_ui(bound + SLOT_WEIGHT, count);
    fmpz_mul(den + SLOT_WEIGHT_OTHER, index2, p->states[1].den);
    fmpz_set_ui(bound + SLOT_WEIGHT_OTHER, count);
    fmpz_mul(den + SLOT_SQUARE, den + SLOT_WEIGHT, den + SLOT_WEIGHT);
    fmpz_set_ui(bound + SLOT_SQUARE, count);
    fmpz_mul(den + SLOT_CUBE, den + SLOT_SQUARE, den + SLOT_WEIGHT);
    fmpz_set_ui(bound + SLOT_CUBE, count);
    fmpz_mul(den + SLOT_TRACE, index2, p->observable.den);
    fmpz_mul_ui(bound + SLOT_TRACE, norm, count * d * m);
    fmpz_mul(den + SLOT_TRACE2, den + SLOT_TRACE, den + SLOT_TRACE);
    fmpz_mul(bound + SLOT_TRACE2, norm, norm);
    fmpz_mul_ui(bound + SLOT_TRACE2, bound + SLOT_TRACE2, count * d * m * m);
    fmpz_set(den + SLOT_LEAK, den + SLOT_TRACE2);
    fmpz_set(bound + SLOT_LEAK, bound + SLOT_TRACE2);
    fmpz_mul(bound + SLOT_MEAN_SQUARE, norm, bound + SLOT_MEAN);
    fmpz_mul(den + SLOT_MEAN_SQUARE, index2, p->states[0].den);
    if (p->m->square_known)
      fmpz_mul(den + SLOT_MEAN_SQUARE, den + SLOT_MEAN_SQUARE, p->square.den);
    fmpz_set(den + SLOT_DEFECT, den + SLOT_TRACE2);
    fmpz_mul_2exp(bound + SLOT_DEFECT, bound + SLOT_TRACE2, 1);
    fmpz_set(den + SLOT_DIAGONAL, twice);
    fmpz_mul(bound + SLOT_DIAGONAL, norm, norm);
    for (int k = 0; k < 4; k++)
      fmpz_mul_ui(bound + SLOT_DIAGONAL, bound + SLOT_DIAGONAL, d);
    fmpz_mul_ui(bound + SLOT_DIAGONAL, bound + SLOT_DIAGONAL, 16 * count * m);
    fmpz_set(den + SLOT_TURNED, den + SLOT_TRACE2);
    fmpz_set(bound + SLOT_TURNED, bound + SLOT_TRACE2);
    fmpz_mul(den + SLOT_SQUARE_TURNED, den + SLOT_WEIGHT, den + SLOT_WEIGHT_OTHER);
    fmpz_set_ui(bound + SLOT_SQUARE_TURNED, count);
    fmpz_set(den + SLOT_SKEW, den + SLOT_DIAGONAL);
    fmpz_set(bound + SLOT_SKEW, bound + SLOT_DIAGONAL);
    for (size_t q = 0; q < n->groups; q++) {
      size_t e = p->m->groups[q].dimension, i = slot_between(n, g, q);
      fmpz_set(n->den + i, twice);
      fmpz_mul(n->bound + i, norm, norm);
      fmpz_mul_ui(n->bound + i, n->bound + i, d * e);
      fmpz_mul_ui(n->bound + i, n->bound + i, count * p->m->groups[q].count);
    }
  }
  size_t i = slot_joined(n);
  fmpz_mul(t, index2, rho); /* of a weight */
  fmpz_mul(t, t, index2);
  fmpz_mul(t, t, p->observable.den);
  fmpz_mul(n->den + i, t, t);
  fmpz_mul(n->bound + i, norm, norm);
  fmpz_mul_2exp(n->bound + i, n->bound + i, c->sectors->space.num_qubits + 2);
  set_generator_bounds(n, p);
  fmpz_clear(index2);
  fmpz_clear(rho);
  fmpz_clear(twice);
  fmpz_clear(norm);
  fmpz_clear(t);
}

/* 2 bound den < modulus for all? */
static bool is_enough(const numbers_t *n) {
  fmpz_t t;
  bool ok = true;
  fmpz_init(t);
  for (size_t i = 0; i < n->length && ok; i++) {
    fmpz_mul(t, n->bound + i, n->den + i);
    fmpz_mul_2exp(t, t, 1);
    ok = fmpz_cmp(t, n->modulus) < 0;
  }
  fmpz_clear(t);
  return ok;
}

/* A value beyond its bound is none: something is wrong. */
static bool are_within_bounds(const numbers_t *n) {
  fmpz_t t;
  bool ok = true;
  fmpz_init(t);
  for (size_t i = 0; i < n->length && ok; i++) {
    fmpz_mul(t, n->bound + i, n->den + i);
    ok = fmpz_cmpabs(n->value + i, t) <= 0;
  }
  fmpz_clear(t);
  return ok;
}

/* --- one prime ----------------------------------------------------------------------------------- */

static void add_to(mp_limb_t *out, mp_limb_t v, nmod_t mod) {
  *out = nmod_add(*out, v, mod);
}

static void sum_generator(mp_limb_t *out, const numbers_t *n, size_t j,
                          const problem_t *p, const sector_local_struct *l,
                          const size_t *group_of, const sector_rows_struct *index,
                          const mp_limb_t *diag, const mp_limb_t *skew,
                          const mp_limb_t *off) {
  const sector_units_struct *u = l->u;
  size_t m = index->c->dimension, K = u->length;
  nmod_t mod = l->mod;
  sector_operand_struct h;
  mp_limb_t *t = flint_malloc((m + 1) * sizeof *t);
  mp_limb_t *one = flint_malloc((m + 1) * sizeof *one);
  mp_limb_t *two = flint_malloc((m + 1) * sizeof *two);
  mp_limb_t inverse = nmod_inv(fmpz_fdiv_ui(p->generators[j].den, mod.n), mod);
  sector_commutant_operand(&h, p->generators + j, index->c, mod, u->root);
  sector_traces(t, &h, index, mod);
  sector_to_units(one, t, u, m);
  sector_square_traces(t, &h, index, mod);
  sector_to_units(two, t, u, m);
  for (size_t k = 0; k < K; k++) {
    one[k] = nmod_mul(one[sector_unit_at(u, k, 0, 0)], inverse, mod); /* start >= k */
    two[k] = nmod_mul(two[sector_unit_at(u, k, 0, 0)], nmod_mul(inverse, inverse, mod), mod);
  }
  for (size_t k = 0; k < K; k++) {
    mp_limb_t d = u->dimension[k];
    mp_limb_t c = nmod_sub(nmod_mul(d, two[k], mod),
                           nmod_mul(one[k], one[k], mod), mod);
    c = nmod_mul(2, c, mod); /* 2 d Tr h^2 with a form */
    add_to(out + slot_generator(n, j) + group_of[k], nmod_mul(c, diag[k], mod),
           mod);
    add_to(out + slot_generator_skew(n, j) + group_of[k], nmod_mul(c, skew[k], mod), mod);
    for (size_t q = 0; q < K; q++) {
      if (q == k) continue;
      mp_limb_t e = u->dimension[q];
      c = nmod_add(nmod_mul(e, two[k], mod), nmod_mul(d, two[q], mod), mod);
      c = nmod_sub(c, nmod_mul(2, nmod_mul(one[k], one[q], mod), mod), mod);
      add_to(out + slot_generator_between(n, j) + group_of[k] * n->groups + group_of[q],
             nmod_mul(c, off[k * K + q], mod), mod);
    }
  }
  sector_operand_clear(&h);
  flint_free(t);
  flint_free(one);
  flint_free(two);
}

/* What is of one sector alone. */
static void sum_sector(mp_limb_t *out, const sector_local_struct *l, size_t k) {
  const sector_units_struct *u = l->u;
  nmod_t mod = l->mod;
  size_t m = u->multiplicity[k];
  mp_limb_t trace2 = 0, square = 0, cube = 0;
  add_to(out + SLOT_MEAN, sector_single(l, k, 0), mod);
  add_to(out + SLOT_MEAN_OTHER, sector_single(l, k, 1), mod);
  if (l->square) add_to(out + SLOT_MEAN_SQUARE, sector_square_single(l, k), mod);
  for (size_t i = 0; i < m; i++) {
    add_to(out + SLOT_WEIGHT, l->r[0][sector_unit_at(u, k, i, i)], mod);
    add_to(out + SLOT_WEIGHT_OTHER, l->r[1][sector_unit_at(u, k, i, i)], mod);
    add_to(out + SLOT_TRACE, l->o[sector_unit_at(u, k, i, i)], mod);
    for (size_t j = 0; j < m; j++) {
      trace2 = nmod_add(
          trace2, nmod_mat_entry(l->oo, sector_unit_at(u, k, j, i), sector_unit_at(u, k, i, j)), mod);
      square = nmod_add(
          square, nmod_mat_entry(l->rr, sector_unit_at(u, k, j, i), sector_unit_at(u, k, i, j)), mod);
      for (size_t h = 0; h < m; h++)
        cube = nmod_addmul(cube, l->r[0][sector_unit_at(u, k, i, j)],
                           nmod_mul(l->r[0][sector_unit_at(u, k, j, h)],
                                    l->r[0][sector_unit_at(u, k, h, i)], mod),
                           mod);
    }
  }
  add_to(out + SLOT_TRACE2, trace2, mod);
  add_to(out + SLOT_SQUARE, square, mod);
  add_to(out + SLOT_CUBE, cube, mod);
  add_to(out + SLOT_DEFECT,
         nmod_sub(nmod_mul(m, sector_between(l, k, k), mod), trace2, mod), mod);
}

/* With an ideal so(d) or sp(d/2)? */
static bool has_form(const sector_group_struct *g) {
  return g->kind == SECTOR_ORTHOGONAL || g->kind == SECTOR_SYMPLECTIC;
}

/* May the module be its own dual, so that those of two sectors can meet twice between
   them? */
static bool may_be_self_dual(const sector_group_struct *g) {
  return g->dimension <= 2 || g->kind != SECTOR_LINEAR;
}

/* The diagonal part of sector k; false: a form is missing. */
static bool sum_diagonal(mp_limb_t parts[4], const sector_moments_struct *m,
                         const sector_local_struct *l, size_t k, size_t group) {
  for (int i = 0; i < 4; i++) parts[i] = 0;
  if (l->u->dimension[k] < 2) return true;
  if (has_form(m->groups + group)) return sector_transposed_diagonal(parts, l, k);
  parts[0] = sector_diagonal(l, k);
  return true;
}

/* False: the formulas are not all. */
static bool sum_numbers(mp_limb_t *out, const numbers_t *n, const problem_t *p,
                        const sector_local_struct *l, const size_t *group_of,
                        const sector_rows_struct *index) {
  const sector_units_struct *u = l->u;
  size_t K = u->length;
  bool *joined = flint_calloc(K * K + 1, sizeof *joined);
  bool *self_dual = flint_calloc(K + 1, sizeof *self_dual);
  nmod_t mod = l->mod;
  mp_limb_t *diag = flint_calloc(K + 1, sizeof *diag);
  mp_limb_t *skew = flint_calloc(K + 1, sizeof *skew), parts[4];
  mp_limb_t *off = flint_calloc(K * K + 1, sizeof *off);
  mp_limb_t *weight = flint_calloc(K + 1, sizeof *weight); /* of both states */
  for (size_t k = 0; k < K; k++)
    for (size_t i = 0; i < u->multiplicity[k]; i++)
      for (int which = 0; which < 2; which++)
        add_to(weight + k, l->r[which][sector_unit_at(u, k, i, i)], mod);
  for (size_t k = 0; k < K; k++) {
    size_t g = group_of[k];
    self_dual[k] = may_be_self_dual(p->m->groups + g);
    if (!sum_diagonal(parts, p->m, l, k, g)) p->m->groups[g].formless = true;
    diag[k] = parts[0];
    skew[k] = parts[1];
    sum_sector(out + slot(g, 0), l, k);
    add_to(out + slot(g, SLOT_DIAGONAL), diag[k], mod);
    add_to(out + slot(g, SLOT_SKEW), skew[k], mod);
    add_to(out + slot(g, SLOT_TURNED), parts[2], mod);
    add_to(out + slot(g, SLOT_SQUARE_TURNED), parts[3], mod);
    for (size_t h = 0; h < K; h++) {
      if (h == k) continue;
      off[k * K + h] = sector_pair(l, k, h);
      add_to(out + slot_between(n, g, group_of[h]), off[k * K + h], mod);
      mp_limb_t square = sector_between(l, k, h);
      add_to(out + slot(g, SLOT_LEAK), square, mod);
      square = nmod_mul(square, nmod_mul(weight[k], weight[h], mod), mod);
      joined[k * K + h] = square != 0;
      add_to(out + slot_joined(n), square, mod);
    }
  }
  for (size_t j = 0; j < n->generators; j++)
    sum_generator(out, n, j, p, l, group_of, index, diag, skew, off);
  bool all = !sector_joined_meet(l, index, p->generators, p->num_sources, self_dual, joined);
  flint_free(joined);
  flint_free(self_dual);
  flint_free(diag);
  flint_free(skew);
  flint_free(off);
  flint_free(weight);
  return all;
}

/* Chinese remainders of value den. */
static void absorb(numbers_t *n, const mp_limb_t *out, nmod_t mod) {
  for (size_t i = 0; i < n->length; i++) {
    mp_limb_t v = nmod_mul(out[i], fmpz_fdiv_ui(n->den + i, mod.n), mod);
    fmpz_CRT_ui(n->value + i, n->value + i, n->modulus, v, mod.n, 1);
  }
  fmpz_mul_ui(n->modulus, n->modulus, mod.n);
}

/* One prime more; the first makes the groups and the bounds. */
static bool add_prime(numbers_t *n, problem_t *p, size_t number) {
  const sector_commutant_struct *c = p->m->commutant;
  const sector_units_struct *u = sector_units_take(c, number);
  if (!u) return false;
  size_t *group_of = flint_malloc((u->length + 1) * sizeof *group_of);
  bool ok = fmpz_fdiv_ui(c->index, u->mod.n) != 0 && sector_units_as_recognised(u, c);
  if (ok && !p->m->groups) {
    sector_groups_init(p->m, u);
    numbers_init(n, p->m->num_groups, p->m->num_generators);
    set_bounds(n, p);
  }
  ok = ok && sector_groups_fit(group_of, u, p->m);
  if (ok) {
    sector_rows_struct index;
    sector_local_struct l;
    mp_limb_t *out = flint_calloc(n->length + 1, sizeof *out);
    sector_rows_init(&index, c, u->mod);
    sector_local_init(&l, u, &p->observable,
                      p->m->square_known ? &p->square : NULL, p->states, &index);
    if (p->has_forms)
      sector_local_transpose(&l, &p->observable, p->states, c->sectors->transposer, &index);
    if (!sum_numbers(out, n, p, &l, group_of, &index)) p->meet = true;
    absorb(n, out, u->mod);
    sector_local_clear(&l);
    sector_rows_clear(&index);
    flint_free(out);
  }
  flint_free(group_of);
  sector_units_release(c, u);
  return ok;
}

/* --- results -------------------------------------------------------------------------------------- */

static void get(fmpq_t out, const numbers_t *n, size_t i) {
  fmpz_set(fmpq_numref(out), n->value + i);
  fmpz_set(fmpq_denref(out), n->den + i);
  fmpq_canonicalise(out);
}

static void add_quotient(fmpq_t sum, const numbers_t *n, size_t i,
                         const fmpz_t den) {
  fmpq_t t;
  fmpq_init(t);
  get(t, n, i);
  fmpq_div_fmpz(t, t, den);
  fmpq_add(sum, sum, t);
  fmpq_clear(t);
}

/* Tr X^2 - Tr X t(X) = 2 ||X_odd||^2 for Hermitian X. */
static void set_even(sector_group_struct *g, const numbers_t *n, size_t i) {
  fmpq_t turned, plain;
  fmpq_init(turned);
  fmpq_init(plain);
  get(turned, n, i + SLOT_TURNED);
  get(plain, n, i + SLOT_TRACE2);
  g->even = has_form(g) && fmpq_equal(turned, plain);
  get(turned, n, i + SLOT_SQUARE_TURNED);
  get(plain, n, i + SLOT_SQUARE);
  g->even = g->even && fmpq_equal(turned, plain);
  fmpq_clear(turned);
  fmpq_clear(plain);
}

static void set_group(sector_group_struct *g, const numbers_t *n, size_t i) {
  get(g->weight, n, i + SLOT_WEIGHT);
  get(g->square, n, i + SLOT_SQUARE);
  get(g->cube, n, i + SLOT_CUBE);
  get(g->trace, n, i + SLOT_TRACE);
  get(g->trace2, n, i + SLOT_TRACE2);
  fmpz_t m;
  fmpz_init_set_ui(m, g->multiplicity);
  fmpq_div_fmpz(g->trace, g->trace, m);
  fmpz_mul(m, m, m);
  fmpq_div_fmpz(g->trace2, g->trace2, m);
  fmpz_clear(m);
  g->tensor = fmpz_is_zero(n->value + i + SLOT_DEFECT);
  g->stays = fmpz_is_zero(n->value + i + SLOT_LEAK);
  set_even(g, n, i);
}

/* N+ / (4 d^2 D+) + N- / (4 D-); times 2 d Tr h^2 / (d (d - e)) and
   2 d (d - 2 e) Tr h^2 / (d^2 (d - e)) for gradients. */
static void set_form_results(sector_moments_struct *m, const numbers_t *n, size_t g) {
  sector_group_struct *group = m->groups + g;
  size_t d = group->dimension;
  bool real = group->kind == SECTOR_ORTHOGONAL; /* e = 1 */
  size_t less = real ? d - 1 : d + 1;           /* d - e */
  size_t more = real ? d + 2 : d - 2;           /* d + 2 e */
  size_t odd = real ? d - 2 : d + 2;            /* d - 2 e */
  fmpz_t even_den, skew_den, t;
  fmpq_t part;
  fmpz_init(t);
  fmpq_init(part);
  fmpz_init_set_ui(even_den, 2 * d * d * less);
  fmpz_mul_ui(even_den, even_den, more);
  fmpz_init_set_ui(skew_den, 2 * d * less);
  if (more) add_quotient(group->variance, n, slot(g, SLOT_DIAGONAL), even_den);
  add_quotient(group->variance, n, slot(g, SLOT_SKEW), skew_den);
  fmpq_add(m->covariance, m->covariance, group->variance);
  for (size_t j = 0; j < n->generators; j++) {
    fmpz_mul_ui(t, even_den, d * less);
    if (more) add_quotient(m->gradient + j, n, slot_generator(n, j) + g, t);
    get(part, n, slot_generator_skew(n, j) + g);
    fmpz_set_ui(t, odd);
    fmpq_mul_fmpz(part, part, t);
    fmpz_mul_ui(t, skew_den, d * d * less);
    fmpq_div_fmpz(part, part, t);
    fmpq_add(m->gradient + j, m->gradient + j, part);
  }
  fmpz_clear(even_den);
  fmpz_clear(skew_den);
  fmpz_clear(t);
  fmpq_clear(part);
}

static void set_results(sector_moments_struct *m, const numbers_t *n) {
  fmpz_t d, t;
  fmpz_init(d);
  fmpz_init(t);
  for (size_t g = 0; g < n->groups; g++) {
    size_t dim = m->groups[g].dimension;
    set_group(m->groups + g, n, slot(g, 0));
    fmpz_set_ui(d, dim);
    add_quotient(m->mean, n, slot(g, SLOT_MEAN), d);
    add_quotient(m->mean + 1, n, slot(g, SLOT_MEAN_OTHER), d);
    add_quotient(m->mean + 2, n, slot(g, SLOT_MEAN_SQUARE), d);
    fmpz_mul(t, d, d);
    fmpz_sub_ui(t, t, 1);
    if (dim > 1 && has_form(m->groups + g)) {
      set_form_results(m, n, g);
    } else if (dim > 1) {
      fmpz_mul(d, d, d);
      fmpz_mul(d, d, t);
      add_quotient(m->groups[g].variance, n, slot(g, SLOT_DIAGONAL), d);
      fmpq_add(m->covariance, m->covariance, m->groups[g].variance);
      fmpz_mul(d, d, t);
      for (size_t j = 0; j < n->generators; j++)
        add_quotient(m->gradient + j, n, slot_generator(n, j) + g, d);
    }
    for (size_t q = 0; q < n->groups; q++) {
      fmpz_set_ui(d, dim);
      fmpz_mul_ui(d, d, m->groups[q].dimension);
      add_quotient(m->covariance, n, slot_between(n, g, q), d);
      fmpz_mul(d, d, d);
      for (size_t j = 0; j < n->generators; j++)
        add_quotient(m->gradient + j, n,
                     slot_generator_between(n, j) + g * n->groups + q, d);
    }
  }
  m->block_diagonal = fmpz_is_zero(n->value + slot_joined(n));
  fmpz_clear(d);
  fmpz_clear(t);
}

/* The formulas are for independent sectors, with one form each where there is one; others
   must not be populated by the states. so(4) is not simple. */
static reason_code_t check_sectors(const sector_moments_struct *m) {
  const sectors_struct *s = m->commutant->sectors;
  reason_code_t reason = REASON_NONE;
  bool *used = flint_calloc(s->length + 1, sizeof *used);
  for (size_t g = 0; g < m->num_groups; g++) {
    const sector_group_struct *group = m->groups + g;
    bool any = false; /* else it may be every sector of that dimension */
    for (size_t k = 0; k < s->length; k++) any = any || group->candidates[k];
    for (size_t k = 0; k < s->length && group->populated; k++)
      used[k] = used[k] || (any ? group->candidates[k]
                                : s->list[k].dimension == group->dimension);
    if (group->populated &&
        (group->kind == SECTOR_UNDECIDED || group->kind == SECTOR_EXTERIOR || group->formless ||
         (group->kind == SECTOR_ORTHOGONAL && group->dimension == 4)))
      reason = REASON_MOMENTS_NEED_COMPLEX_SECTORS;
  }
  for (size_t k = 0; k < s->length && !reason; k++) {
    if (!used[k]) continue;
    /* C^2 is always its own dual: SU(2) has the second moments of U(2) there. */
    bool linked = s->list[k].self_dual && s->list[k].kind == SECTOR_LINEAR &&
                  s->list[k].dimension > 2;
    for (size_t l = 0; l < k; l++)
      linked = linked || (used[l] && sectors_link_root(s, l) == sectors_link_root(s, k));
    if (linked) reason = REASON_MOMENTS_NEED_INDEPENDENT_SECTORS;
  }
  flint_free(used);
  return reason;
}

static reason_code_t compute(sector_moments_struct *m, problem_t *p) {
  const closure_limits_t *limits = m->commutant->limits;
  reason_code_t reason = REASON_NONE;
  numbers_t n = {0};
  size_t bad = 0;
  if (sector_double_cost(&p->observable, &p->observable, m->commutant) > MAX_WORK ||
      sector_double_cost(p->states, p->states + 1, m->commutant) > MAX_WORK)
    return REASON_SECTOR_TERMS_TOO_MANY;
  for (size_t i = 0; (!m->groups || !is_enough(&n)) && !reason; i++) {
    if (limits && limits->abort && limits->abort(limits->abort_data))
      reason = REASON_SECTOR_MOMENTS_TIME_LIMIT;
    else if (!add_prime(&n, p, i) && ++bad > 4)
      reason = REASON_SYMMETRIES_NOT_SPLIT;
    else if (p->meet)
      reason = REASON_SMALL_SECTORS_JOINED;
    else if (i >= MAX_PRIMES)
      reason = REASON_SECTOR_MOMENTS_TOO_LONG;
  }
  if (!reason && !are_within_bounds(&n)) reason = REASON_SYMMETRIES_NOT_SPLIT;
  for (size_t g = 0; g < m->num_groups && !reason; g++)
    m->groups[g].populated =
        !fmpz_is_zero(n.value + slot(g, SLOT_WEIGHT)) ||
        !fmpz_is_zero(n.value + slot(g, SLOT_WEIGHT_OTHER));
  if (!reason) reason = check_sectors(m);
  if (!reason) set_results(m, &n);
  if (m->groups) numbers_clear(&n);
  return reason;
}

/* Is there a sector with so(d) or sp(d/2) on these blocks? */
static bool has_form_on(const sectors_struct *s, const bool *blocks) {
  for (size_t k = 0; k < s->length; k++)
    for (size_t b = 0; b < s->space.num_blocks && s->list[k].kind != SECTOR_LINEAR; b++)
      if (blocks[b] && s->list[k].per_block[b]) return true;
  return false;
}

/* The commutant on the blocks that the states populate. */
static void set_commutant(sector_moments_struct *m, problem_t *p,
                          const sectors_struct *s, const closure_limits_t *limits) {
  bool *blocks = flint_calloc(s->space.num_blocks + 1, sizeof *blocks);
  for (size_t k = 0; k < 2; k++)
    sector_source_blocks(blocks, p->states + k, &s->space);
  p->has_forms = has_form_on(s, blocks) && sectors_transpose_blocks(blocks, s);
  m->has_orbits = !p->has_forms && sector_orbits_init(&m->orbits, s, blocks, p->states);
  sector_commutant_init(m->commutant, s, blocks, m->has_orbits ? &m->orbits : NULL, limits);
  flint_free(blocks);
}

/* O^2, where gradients are asked for as well and it is not long. */
static void set_square(problem_t *p) {
  sector_moments_struct *m = p->m;
  pauli_sum_t square;
  if (!m->num_generators) return;
  pauli_sum_init(square, m->observable->num_qubits);
  m->square_known =
      square_expand(square, m->observable, MAX_SQUARE_PAIRS) == STATUS_OK;
  if (m->square_known) sector_commutant_source(&p->square, square, m->commutant);
  pauli_sum_clear(square);
}

reason_code_t sector_moments_init(sector_moments_struct *m,
                                const sectors_struct *s,
                                const closure_limits_t *limits,
                                const pauli_sum_struct *observable,
                                const quantum_state_struct *a,
                                const quantum_state_struct *b,
                                const pauli_sum_struct *generators,
                                size_t num_generators, bool gradients) {
  sector_frame_t frame = s->space.frame;
  problem_t p = {.m = m, .num_sources = num_generators};
  *m = (sector_moments_struct){.observable = observable,
                               .states = {a, b}, .generators = generators,
                               .num_generators = gradients ? num_generators : 0};
  if (!sector_source_state(p.states, a, frame))
    return REASON_STATE_TOO_LONG;
  if (!sector_source_state(p.states + 1, b, frame)) {
    sector_source_clear(p.states);
    return REASON_STATE_TOO_LONG;
  }
  m->mean = _fmpq_vec_init(3);
  m->covariance = _fmpq_vec_init(1);
  m->gradient = _fmpq_vec_init((slong)m->num_generators + 1);
  m->cubes = p.states[0].pure;
  set_commutant(m, &p, s, limits);
  sector_commutant_source(&p.observable, observable, m->commutant);
  p.generators = flint_malloc((num_generators + 1) * sizeof *p.generators);
  for (size_t j = 0; j < num_generators; j++)
    sector_commutant_source(p.generators + j, generators + j, m->commutant);
  set_square(&p);
  bool has_square = m->square_known;
  reason_code_t reason = m->commutant->reason;
  if (!reason) reason = compute(m, &p);
  if (reason) sector_moments_clear(m);
  for (size_t j = 0; j < num_generators; j++)
    sector_source_clear(p.generators + j);
  flint_free(p.generators);
  sector_source_clear(p.states);
  sector_source_clear(p.states + 1);
  sector_source_clear(&p.observable);
  if (has_square) sector_source_clear(&p.square);
  return reason;
}

void sector_moments_clear(sector_moments_struct *m) {
  sector_commutant_clear(m->commutant);
  if (m->has_orbits) sector_orbits_clear(&m->orbits);
  _fmpq_vec_clear(m->mean, 3);
  sector_groups_clear(m);
  _fmpq_vec_clear(m->covariance, 1);
  _fmpq_vec_clear(m->gradient, (slong)m->num_generators + 1);
}
