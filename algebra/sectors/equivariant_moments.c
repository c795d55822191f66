#include "algebra/sectors/equivariant_moments.h"

#include <stdlib.h>

enum { MAX_POWERS = 80 };

/* One operator on V_m, cut into the parts of the sectors first .. first + count - 1. */
typedef struct {
  size_t count;
  gauss_matrix_t *part; /* [k * count + l]: from l to k */
} cut_t;

static void cut_init(cut_t *out, const type_table_t t, size_t m, size_t first,
                     size_t count, const equivariant_struct *e) {
  gauss_matrix_t whole;
  size_t N = e->num_qubits - 2 * m;
  gauss_matrix_init(whole, N + 1, N + 1);
  type_table_matrix(whole, t, m, &e->krawtchouk);
  out->count = count;
  out->part = flint_malloc((count * count + 1) * sizeof *out->part);
  for (size_t k = 0; k < count; k++)
    for (size_t l = 0; l < count; l++) {
      const equivariant_sector_struct *a = e->list + first + k, *b = e->list + first + l;
      gauss_matrix_init(out->part[k * count + l], a->dimension, b->dimension);
      equivariant_part(out->part[k * count + l], whole, a, b);
    }
  gauss_matrix_clear(whole);
}

static void cut_clear(cut_t *c) {
  for (size_t k = 0; k < c->count * c->count; k++) gauss_matrix_clear(c->part[k]);
  flint_free(c->part);
}

/* --- one module ----------------------------------------------------------------------------- */

typedef struct {
  sector_moments_struct *m;
  const equivariant_struct *e;
  size_t first;
  cut_t x, r[2]; /* O, f_m times the states */
  cut_t *h;      /* generators */
  bool small;    /* coherences of small sectors were met */
} module_t;

static gauss_matrix_struct *part(const cut_t *c, size_t k, size_t l) {
  return c->part[k * c->count + l];
}

/* a b - c d / n */
static void connected(fmpq_t out, const fmpq_t ab, const fmpq_t a, const fmpq_t b,
                      size_t n) {
  fmpq_t t;
  fmpz_t den;
  fmpq_init(t);
  fmpz_init_set_ui(den, n);
  fmpq_mul(t, a, b);
  fmpq_div_fmpz(t, t, den);
  fmpq_sub(out, ab, t);
  fmpq_clear(t);
  fmpz_clear(den);
}

/* power[j] = Tr X^j up to the d-th, the fourth at least. */
static void set_powers(sector_group_struct *g, const gauss_matrix_t x) {
  size_t d = g->dimension, most = d < 4 ? 4 : d;
  gauss_matrix_t now, next;
  if (d > MAX_POWERS) most = 4;
  g->num_powers = most + 1;
  g->power = _fmpq_vec_init((slong)most + 1);
  gauss_matrix_init(now, d, d);
  gauss_matrix_init(next, d, d);
  fmpz_mat_set(now->re, x->re);
  fmpz_mat_set(now->im, x->im);
  fmpz_set(now->den, x->den);
  fmpq_set_si(g->power, (slong)d, 1);
  for (size_t j = 1; j <= most; j++) {
    gauss_matrix_trace(g->power + j, now);
    if (j == most) break;
    gauss_matrix_mul(next, now, x);
    gauss_matrix_struct swap = *now;
    *now = *next;
    *next = swap;
  }
  gauss_matrix_clear(now);
  gauss_matrix_clear(next);
}

static void set_group(module_t *w, size_t k, const fmpq_t other) {
  const equivariant_sector_struct *s = w->e->list + w->first + k;
  sector_group_struct *g = w->m->groups + w->first + k;
  const gauss_matrix_struct *x = part(&w->x, k, k), *r = part(w->r, k, k);
  gauss_matrix_t square;
  gauss_matrix_init(square, s->dimension, s->dimension);
  gauss_matrix_mul(square, r, r);
  gauss_matrix_trace(g->weight, r);
  gauss_matrix_trace(g->square, square);
  gauss_matrix_trace_product(g->cube, square, r);
  gauss_matrix_trace(g->trace, x);
  gauss_matrix_trace_product(g->trace2, x, x);
  g->tensor = g->stays = true;
  g->populated = !fmpq_is_zero(g->weight) || !fmpq_is_zero(other);
  set_powers(g, x);
  gauss_matrix_clear(square);
}

/* Of a gate of generator j, (ad H)^2 on the pair of sectors. */
static void gate_factor(fmpq_t out, const module_t *w, size_t j, size_t k, size_t l) {
  size_t d = w->e->list[w->first + k].dimension, c = w->e->list[w->first + l].dimension;
  const gauss_matrix_struct *h = part(w->h + j, k, k), *i = part(w->h + j, l, l);
  fmpq_t t, u;
  fmpz_t den;
  fmpq_init(t);
  fmpq_init(u);
  fmpz_init(den);
  if (k == l) { /* (2 d Tr h^2 - 2 (Tr h)^2) / (d^2 - 1) */
    gauss_matrix_trace_product(out, h, h);
    gauss_matrix_trace(t, h);
    connected(out, out, t, t, d);
    fmpq_mul_ui(out, out, 2 * d);
    fmpz_set_ui(den, d * d - 1);
    fmpq_div_fmpz(out, out, den);
  } else { /* Tr h_k^2 / d_k + Tr h_l^2 / d_l - 2 Tr h_k Tr h_l / (d_k d_l) */
    gauss_matrix_trace_product(out, h, h);
    fmpz_set_ui(den, d);
    fmpq_div_fmpz(out, out, den);
    gauss_matrix_trace_product(t, i, i);
    fmpz_set_ui(den, c);
    fmpq_div_fmpz(t, t, den);
    fmpq_add(out, out, t);
    gauss_matrix_trace(t, h);
    gauss_matrix_trace(u, i);
    fmpq_mul(t, t, u);
    fmpq_mul_ui(t, t, 2);
    fmpz_set_ui(den, d * c);
    fmpq_div_fmpz(t, t, den);
    fmpq_sub(out, out, t);
  }
  fmpq_clear(t);
  fmpq_clear(u);
  fmpz_clear(den);
}

/* The share of (k, l) in the covariance and the gradients; c is used up. */
static void add_share(const module_t *w, size_t k, size_t l, const fmpq_t c) {
  fmpq_t t;
  fmpq_init(t);
  fmpq_add(w->m->covariance, w->m->covariance, c);
  for (size_t j = 0; j < w->m->num_generators; j++) {
    gate_factor(t, w, j, k, l);
    fmpq_addmul(w->m->gradient + j, t, c);
  }
  fmpq_clear(t);
}

static void add_diagonal(module_t *w, size_t k) {
  sector_moments_struct *m = w->m;
  size_t d = w->e->list[w->first + k].dimension;
  const gauss_matrix_struct *x = part(&w->x, k, k);
  const gauss_matrix_struct *r[2] = {part(w->r, k, k), part(w->r + 1, k, k)};
  fmpq_t o, p[2], oo, pp, t;
  fmpz_t den;
  for (size_t i = 0; i < 2; i++) fmpq_init(p[i]);
  fmpq_init(o);
  fmpq_init(oo);
  fmpq_init(pp);
  fmpq_init(t);
  fmpz_init_set_ui(den, d);
  gauss_matrix_trace(o, x);
  for (size_t i = 0; i < 2; i++) {
    gauss_matrix_trace(p[i], r[i]);
    fmpq_mul(t, o, p[i]);
    fmpq_div_fmpz(t, t, den);
    fmpq_add(m->mean + i, m->mean + i, t);
  }
  set_group(w, k, p[1]);
  if (d > 1) {
    gauss_matrix_trace_product(oo, x, x);
    gauss_matrix_trace_product(pp, r[0], r[1]);
    connected(oo, oo, o, o, d);
    connected(pp, pp, p[0], p[1], d);
    fmpq_mul(t, oo, pp);
    fmpz_set_ui(den, d * d - 1);
    fmpq_div_fmpz(t, t, den);
    fmpq_set(m->groups[w->first + k].variance, t);
    add_share(w, k, k, t);
  }
  for (size_t i = 0; i < 2; i++) fmpq_clear(p[i]);
  fmpq_clear(o);
  fmpq_clear(oo);
  fmpq_clear(pp);
  fmpq_clear(t);
  fmpz_clear(den);
}

static void add_between(module_t *w, size_t k, size_t l) {
  size_t d = w->e->list[w->first + k].dimension, c = w->e->list[w->first + l].dimension;
  const gauss_matrix_struct *x = part(&w->x, k, l), *y = part(&w->x, l, k);
  const gauss_matrix_struct *r = part(w->r, k, l), *q = part(w->r + 1, l, k);
  fmpq_t t, u;
  fmpz_t den;
  if (gauss_matrix_is_zero(x)) return;
  fmpq_init(t);
  fmpq_init(u);
  fmpz_init_set_ui(den, d * c);
  if (w->m->groups[w->first + k].populated && w->m->groups[w->first + l].populated) {
    w->m->block_diagonal = false;
    if (d <= 2 && c <= 2) w->small = true;
  }
  gauss_matrix_trace_product(t, x, y);
  gauss_matrix_trace_product(u, r, q);
  fmpq_mul(t, t, u);
  fmpq_div_fmpz(t, t, den);
  if (!fmpq_is_zero(t)) add_share(w, k, l, t);
  fmpq_clear(t);
  fmpq_clear(u);
  fmpz_clear(den);
}

static void scale(cut_t *c, const fmpz_t f) {
  for (size_t k = 0; k < c->count * c->count; k++) {
    fmpz_mat_scalar_mul_fmpz(c->part[k]->re, c->part[k]->re, f);
    fmpz_mat_scalar_mul_fmpz(c->part[k]->im, c->part[k]->im, f);
    gauss_matrix_reduce(c->part[k]);
  }
}

/* tables: O, the two states, the generators, folded m times. */
static void add_module(module_t *w, type_table_t *tables, size_t count, size_t m) {
  cut_init(&w->x, tables[0], m, w->first, count, w->e);
  for (size_t i = 0; i < 2; i++) {
    cut_init(w->r + i, tables[1 + i], m, w->first, count, w->e);
    scale(w->r + i, w->e->list[w->first].multiplicity);
  }
  for (size_t j = 0; j < w->m->num_generators; j++)
    cut_init(w->h + j, tables[3 + j], m, w->first, count, w->e);
  for (size_t k = 0; k < count; k++) add_diagonal(w, k);
  for (size_t k = 0; k < count; k++)
    for (size_t l = 0; l < count; l++)
      if (k != l) add_between(w, k, l);
  cut_clear(&w->x);
  for (size_t i = 0; i < 2; i++) cut_clear(w->r + i);
  for (size_t j = 0; j < w->m->num_generators; j++) cut_clear(w->h + j);
}

/* --- all ---------------------------------------------------------------------------------------- */

/* In the frame of e; 0: none is made. */
static size_t make_tables(type_table_t *tables, const equivariant_struct *e,
                          const pauli_sum_struct *observable,
                          const quantum_state_struct *a,
                          const quantum_state_struct *b,
                          const pauli_sum_struct *generators, size_t num_generators) {
  type_table_init(tables[0], observable);
  if (!type_table_init_state(tables[1], a)) {
    type_table_clear(tables[0]);
    return 0;
  }
  if (!type_table_init_state(tables[2], b)) {
    type_table_clear(tables[0]);
    type_table_clear(tables[1]);
    return 0;
  }
  for (size_t j = 0; j < num_generators; j++)
    type_table_init(tables[3 + j], generators + j);
  for (size_t i = 0; i < 3 + num_generators; i++)
    type_table_rotate(tables[i], e->turns);
  return 3 + num_generators;
}

static void groups_init(sector_moments_struct *m, const equivariant_struct *e) {
  m->mean = _fmpq_vec_init(3);
  m->covariance = _fmpq_vec_init(1);
  m->gradient = _fmpq_vec_init((slong)m->num_generators + 1);
  m->block_diagonal = m->cubes = true;
  m->num_groups = e->length;
  m->groups = flint_calloc(e->length + 1, sizeof *m->groups);
  for (size_t k = 0; k < e->length; k++) {
    sector_group_struct *g = m->groups + k;
    g->dimension = e->list[k].dimension;
    g->kind = SECTOR_LINEAR; /* equivariant.h: others are not recognised */
    g->count = 1;
    g->multiplicity = g->full = fmpz_get_ui(e->list[k].multiplicity);
  }
}

reason_code_t equivariant_moments_init(sector_moments_struct *m,
                                       const equivariant_struct *e,
                                       const closure_limits_t *limits,
                                       const pauli_sum_struct *observable,
                                       const quantum_state_struct *a,
                                       const quantum_state_struct *b,
                                       const pauli_sum_struct *generators,
                                       size_t num_generators) {
  *m = (sector_moments_struct){.observable = observable, .states = {a, b},
                               .generators = generators,
                               .num_generators = num_generators};
  module_t w = {.m = m, .e = e};
  type_table_t *tables = flint_malloc((num_generators + 4) * sizeof *tables);
  size_t count = make_tables(tables, e, observable, a, b, generators, num_generators);
  reason_code_t reason = count ? REASON_NONE : REASON_STATE_TOO_LONG;
  if (count && !tables[0]->symmetric && !(tables[1]->symmetric && tables[2]->symmetric))
    reason = REASON_NOT_PERMUTATION_SYMMETRIC;
  if (!reason) {
    groups_init(m, e);
    w.h = flint_malloc((num_generators + 1) * sizeof *w.h);
    for (size_t k = 0, next; k < e->length && !reason; k = next) {
      for (next = k; next < e->length && e->list[next].m == e->list[k].m;) next++;
      w.first = k;
      add_module(&w, tables, next - k, e->list[k].m);
      for (size_t i = 0; i < count; i++) type_table_fold(tables[i]);
      if (limits && limits->abort && limits->abort(limits->abort_data))
        reason = REASON_SECTOR_MOMENTS_TIME_LIMIT;
    }
    if (w.small && !reason) reason = REASON_SMALL_SECTORS_JOINED;
    if (reason) sector_moments_clear(m);
    flint_free(w.h);
  }
  for (size_t i = 0; i < count; i++) type_table_clear(tables[i]);
  flint_free(tables);
  return reason;
}

bool equivariant_mean(fmpq_t mean, const equivariant_struct *e,
                      const pauli_sum_struct *a, const quantum_state_struct *rho) {
  sector_moments_struct m;
  if (equivariant_moments_init(&m, e, NULL, a, rho, rho, NULL, 0)) return false;
  fmpq_set(mean, m.mean);
  sector_moments_clear(&m);
  return true;
}
