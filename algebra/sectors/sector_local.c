#include "algebra/sectors/sector_local.h"

/* --- traces with the basis of the commutant ----------------------------------------- */

static mp_limb_t residue(slong v, nmod_t mod) {
  return v < 0 ? nmod_neg((mp_limb_t)-v % mod.n, mod) : (mp_limb_t)v % mod.n;
}

void sector_rows_init(sector_rows_struct *r, const sector_commutant_struct *c,
                           nmod_t mod) {
  size_t size = c->space->size, total = 0;
  *r = (sector_rows_struct){.c = c, .size = size};
  r->start = flint_calloc(size + 2, sizeof *r->start);
  for (size_t a = 0; a < c->dimension; a++) {
    total += c->basis[a].length;
    for (size_t k = 0; k < c->basis[a].length; k++)
      r->start[c->basis[a].row[k] + 2]++;
  }
  for (size_t s = 0; s < size; s++) r->start[s + 2] += r->start[s + 1];
  r->which = flint_malloc((total + 1) * sizeof *r->which);
  r->col = flint_malloc((total + 1) * sizeof *r->col);
  r->val = flint_malloc((total + 1) * sizeof *r->val);
  for (size_t a = 0; a < c->dimension; a++)
    for (size_t k = 0; k < c->basis[a].length; k++) {
      size_t at = r->start[c->basis[a].row[k] + 1]++;
      r->which[at] = (uint32_t)a;
      r->col[at] = c->basis[a].col[k];
      r->val[at] = residue(c->basis[a].val[k], mod);
    }
}

void sector_rows_clear(sector_rows_struct *r) {
  flint_free(r->start);
  flint_free(r->which);
  flint_free(r->col);
  flint_free(r->val);
}

/* <r| A |c>. */
static inline mp_limb_t element(const sector_operand_struct *a, size_t r, size_t c,
                                size_t size, nmod_t mod) {
  if (a->ket) return nmod_mul(a->ket[r], a->bra[c], mod);
  return sector_operand_entry(a, r, c, size);
}

/* t[a] = Tr(c_a A). */
void sector_traces(mp_limb_t *t, const sector_operand_struct *a,
                   const sector_rows_struct *index, nmod_t mod) {
  const sector_commutant_struct *c = index->c;
  for (size_t i = 0; i < c->dimension; i++) t[i] = 0;
  for (size_t r = 0; r < index->size; r++)
    for (size_t k = index->start[r]; k < index->start[r + 1]; k++)
      t[index->which[k]] = nmod_addmul(
          t[index->which[k]], index->val[k],
          element(a, index->col[k], r, index->size, mod), mod);
}

/* --- traces of products -------------------------------------------------------------------- */

/* Matrix elements of the c_a, and what out[a][b] = Tr(c_a A c_b B) costs by them, or by
   the matrices c_a A on the blocks S. */
typedef struct {
  uint64_t entries, sparse, dense, words; /* words of memory for the latter */
} costs_t;

static uint64_t block_length(const sector_commutant_struct *c, size_t b) {
  const size_t *start = c->space->block_start;
  return start[b + 1] - start[b];
}

static costs_t get_costs(const sector_commutant_struct *c, uint64_t masks) {
  costs_t t = {0};
  uint64_t size = 0, rows = 0;
  for (size_t b = 0; b < c->space->num_blocks; b++)
    if (c->blocks[b]) size += block_length(c, b);
  for (size_t a = 0; a < c->dimension; a++) {
    t.entries += c->basis[a].length;
    rows += block_length(c, c->to[a]);
  }
  uint64_t per = masks * (t.entries / (size + 1) + 1);
  t.sparse = per && t.entries > UINT64_MAX / per ? UINT64_MAX : t.entries * per;
  t.dense = t.entries * masks + rows * rows;
  t.words = 2 * rows * size;
  return t;
}

enum { MAX_DENSE_WORDS = 1 << 28 };

static bool prefer_dense(const costs_t *t) {
  return t->dense < t->sparse && t->words <= MAX_DENSE_WORDS;
}

/* c_a A: rows of block to[a], columns as numbered by place. */
static mp_limb_t *times_operand(const sector_commutant_struct *c, size_t a,
                                const sector_operand_struct *o, const size_t *place,
                                size_t size, nmod_t mod) {
  const sector_space_struct *space = c->space;
  const sector_sparse_struct *x = c->basis + a;
  size_t rows = block_length(c, c->to[a]);
  mp_limb_t *out = flint_calloc(rows * size + 1, sizeof *out);
  for (size_t k = 0; k < x->length; k++) {
    mp_limb_t *row = out + (size_t)space->local_of[x->row[k]] * size;
    mp_limb_t v = residue(x->val[k], mod);
    size_t num = sector_operand_row_length(o, x->col[k]), t;
    for (size_t i = 0; i < num; i++) { /* <col|A|t> */
      mp_limb_t w = sector_operand_in_row(&t, o, x->col[k], i, space->size);
      if (!w || place[t] == SIZE_MAX) continue;
      w = v == 1 ? w : nmod_mul(v, w, mod);
      row[place[t]] = nmod_add(row[place[t]], w, mod);
    }
  }
  return out;
}

static mp_limb_t *transpose(const mp_limb_t *a, size_t rows, size_t cols) {
  enum { TILE = 16 };
  mp_limb_t *out = flint_malloc((rows * cols + 1) * sizeof *out);
  for (size_t r = 0; r < rows; r += TILE)
    for (size_t c = 0; c < cols; c++)
      for (size_t i = r; i < rows && i < r + TILE; i++) out[c * rows + i] = a[i * cols + c];
  return out;
}

/* Residues below 2^62: sixteen products fit into 128 bits. */
static mp_limb_t dot(const mp_limb_t *x, const mp_limb_t *y, size_t length,
                     nmod_t mod) {
  mp_limb_t sum = 0, t;
  for (size_t i = 0; i < length;) {
    size_t end = length - i > 15 ? i + 15 : length;
    unsigned __int128 part = sum;
    for (; i < end; i++) part += (unsigned __int128)x[i] * y[i];
    NMOD2_RED2(t, (mp_limb_t)(part >> 64), (mp_limb_t)part, mod);
    sum = t;
  }
  return sum;
}

void sector_dense_traces(nmod_mat_t out, const sector_operand_struct *a,
                         const sector_operand_struct *b,
                         const sector_commutant_struct *c, nmod_t mod) {
  const sector_space_struct *space = c->space;
  size_t m = c->dimension, size = 0;
  size_t *place = flint_malloc(space->size * sizeof *place); /* block after block */
  for (size_t s = 0; s < space->size; s++) place[s] = SIZE_MAX;
  for (size_t s = 0; s < space->size; s++)
    if (c->blocks[space->block_of[space->states[s]]]) place[space->states[s]] = size++;
  mp_limb_t **y = flint_malloc((m + 1) * sizeof *y);
  mp_limb_t **z = flint_malloc((m + 1) * sizeof *z);
  for (size_t i = 0; i < m; i++) {
    size_t rows = block_length(c, c->to[i]);
    y[i] = times_operand(c, i, a, place, size, mod);
    if (a == b) {
      z[i] = transpose(y[i], rows, size);
    } else {
      mp_limb_t *t = times_operand(c, i, b, place, size, mod);
      z[i] = transpose(t, rows, size);
      flint_free(t);
    }
  }
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      size_t row = place[space->states[space->block_start[c->to[i]]]];
      size_t col = place[space->states[space->block_start[c->to[j]]]];
      size_t num = block_length(c, c->to[i]), other = block_length(c, c->to[j]);
      mp_limb_t sum = 0;
      if (a == b && j < i) {
        nmod_mat_entry(out, (slong)i, (slong)j) = nmod_mat_entry(out, (slong)j, (slong)i);
        continue;
      }
      for (size_t r = 0; r < num; r++)
        sum = nmod_add(sum, dot(y[i] + r * size + col, z[j] + (row + r) * other, other, mod),
                       mod);
      nmod_mat_entry(out, (slong)i, (slong)j) = sum;
    }
  for (size_t i = 0; i < m; i++) {
    flint_free(y[i]);
    flint_free(z[i]);
  }
  flint_free(y);
  flint_free(z);
  flint_free(place);
}

void sector_sparse_traces(nmod_mat_t out, const sector_operand_struct *a,
                          const sector_operand_struct *b,
                          const sector_rows_struct *index, nmod_t mod) {
  size_t size = index->size;
  nmod_mat_zero(out);
  for (size_t r = 0; r < size; r++)
    for (size_t k = index->start[r]; k < index->start[r + 1]; k++) {
      size_t c = index->col[k], num = a->ket ? size : sector_operand_row_length(a, c);
      slong i = (slong)index->which[k];
      for (size_t x = 0; x < num; x++) { /* <r|c_a|c> <c|A|t> <t|c_b|u> <u|B|r> */
        size_t t = x;
        mp_limb_t v = a->ket ? element(a, c, t, size, mod)
                             : sector_operand_in_row(&t, a, c, x, size);
        if (!v || index->start[t] == index->start[t + 1]) continue;
        v = nmod_mul(v, index->val[k], mod);
        for (size_t l = index->start[t]; l < index->start[t + 1]; l++) {
          mp_limb_t w = element(b, index->col[l], r, size, mod);
          if (!w) continue;
          slong j = (slong)index->which[l];
          nmod_mat_entry(out, i, j) =
              nmod_addmul(nmod_mat_entry(out, i, j), v,
                          nmod_mul(w, index->val[l], mod), mod);
        }
      }
    }
}

void sector_double_traces(nmod_mat_t out, const sector_operand_struct *a,
                          const sector_operand_struct *b,
                          const sector_rows_struct *index, nmod_t mod) {
  size_t m = index->c->dimension;
  if (a->ket && b->ket) { /* <b| c_a |a> <a| c_b |b> */
    sector_operand_struct ab = {.ket = a->ket, .bra = b->bra};
    sector_operand_struct ba = {.ket = b->ket, .bra = a->bra};
    mp_limb_t *x = flint_malloc((m + 1) * sizeof *x);
    mp_limb_t *y = flint_malloc((m + 1) * sizeof *y);
    sector_traces(x, &ab, index, mod);
    sector_traces(y, &ba, index, mod);
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < m; j++)
        nmod_mat_entry(out, (slong)i, (slong)j) = nmod_mul(x[i], y[j], mod);
    flint_free(x);
    flint_free(y);
    return;
  }
  costs_t costs = get_costs(index->c, a->start ? a->start[index->size] / (index->size + 1) + 1
                                               : a->num_masks);
  if (!a->ket && !b->ket && prefer_dense(&costs))
    sector_dense_traces(out, a, b, index->c, mod);
  else
    sector_sparse_traces(out, a, b, index, mod);
}

uint64_t sector_double_cost(const sector_source_struct *a,
                            const sector_source_struct *b,
                            const sector_commutant_struct *c) {
  uint64_t size = c->space->size, masks = size;
  if (!a->pure && a->sum->length < size) masks = a->sum->length;
  costs_t t = get_costs(c, masks);
  if (a->pure && b->pure) return t.entries;
  return !a->pure && !b->pure && prefer_dense(&t) ? t.dense : t.sparse;
}

/* Tr(c_a H^2). */
void sector_square_traces(mp_limb_t *t, const sector_operand_struct *h,
                          const sector_rows_struct *index, nmod_t mod) {
  size_t size = index->size;
  for (size_t i = 0; i < index->c->dimension; i++) t[i] = 0;
  for (size_t r = 0; r < size; r++)
    for (size_t k = index->start[r]; k < index->start[r + 1]; k++) {
      size_t c = index->col[k];
      mp_limb_t sum = 0;
      size_t num = sector_operand_row_length(h, c), u;
      for (size_t x = 0; x < num; x++) {
        mp_limb_t v = sector_operand_in_row(&u, h, c, x, size);
        if (v)
          sum = nmod_addmul(sum, v, element(h, u, r, size, mod), mod);
      }
      t[index->which[k]] =
          nmod_addmul(t[index->which[k]], index->val[k], sum, mod);
    }
}

/* --- in matrix units --------------------------------------------------------------------- */

void sector_to_units(mp_limb_t *out, const mp_limb_t *t,
                     const sector_units_struct *u, size_t m) {
  for (size_t i = 0; i < m; i++) {
    out[i] = 0;
    for (size_t a = 0; a < m; a++)
      out[i] = nmod_addmul(out[i], nmod_mat_entry(u->unit, (slong)i, (slong)a),
                           t[a], u->mod);
  }
}

/* f := unit f unit^T, unit having few entries that are not 0. */
void sector_to_units_twice(nmod_mat_t f, const sector_units_struct *u) {
  slong m = nmod_mat_nrows(f);
  nmod_mat_t t;
  nmod_mat_init(t, m, m, u->mod.n);
  for (slong i = 0; i < m; i++)
    for (slong a = 0; a < m; a++) {
      mp_limb_t c = nmod_mat_entry(u->unit, i, a);
      for (slong b = 0; b < m && c; b++)
        nmod_mat_entry(t, i, b) = nmod_addmul(nmod_mat_entry(t, i, b), c,
                                              nmod_mat_entry(f, a, b), u->mod);
    }
  nmod_mat_zero(f);
  for (slong j = 0; j < m; j++)
    for (slong b = 0; b < m; b++) {
      mp_limb_t c = nmod_mat_entry(u->unit, j, b);
      for (slong i = 0; i < m && c; i++)
        nmod_mat_entry(f, i, j) = nmod_addmul(nmod_mat_entry(f, i, j), c,
                                              nmod_mat_entry(t, i, b), u->mod);
    }
  nmod_mat_clear(t);
}

/* sum_ij a_ij b_ji over the units of sector k. */
static mp_limb_t pair_units(const sector_local_struct *l, size_t k, const mp_limb_t *a,
                            const mp_limb_t *b) {
  size_t m = l->u->multiplicity[k];
  mp_limb_t sum = 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      sum = nmod_addmul(sum, a[sector_unit_at(l->u, k, i, j)],
                        b[sector_unit_at(l->u, k, j, i)], l->mod);
  return sum;
}

mp_limb_t sector_single(const sector_local_struct *l, size_t k, int which) {
  return pair_units(l, k, l->o, l->r[which]);
}

mp_limb_t sector_square_single(const sector_local_struct *l, size_t k) {
  return pair_units(l, k, l->square, l->r[0]);
}

mp_limb_t sector_pair(const sector_local_struct *l, size_t k, size_t h) {
  size_t m = l->u->multiplicity[k], n = l->u->multiplicity[h];
  mp_limb_t sum = 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
          sum = nmod_addmul(
              sum,
              nmod_mat_entry(l->oo, sector_unit_at(l->u, k, i, j), sector_unit_at(l->u, h, a, b)),
              nmod_mat_entry(l->rr, sector_unit_at(l->u, h, b, a), sector_unit_at(l->u, k, j, i)),
              l->mod);
  return sum;
}

/* ||O_kh||^2 = sum Tr(e_ii O e_aa O). */
mp_limb_t sector_between(const sector_local_struct *l, size_t k, size_t h) {
  mp_limb_t sum = 0;
  for (size_t i = 0; i < l->u->multiplicity[k]; i++)
    for (size_t a = 0; a < l->u->multiplicity[h]; a++)
      sum = nmod_add(
          sum, nmod_mat_entry(l->oo, sector_unit_at(l->u, k, i, i), sector_unit_at(l->u, h, a, a)), l->mod);
  return sum;
}

/* A3_k + A4_k. */
static mp_limb_t mixed(const sector_local_struct *l, size_t k) {
  const sector_units_struct *u = l->u;
  size_t m = u->multiplicity[k];
  mp_limb_t sum = 0, t;
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b < m; b++)
      for (size_t c = 0; c < m; c++)
        for (size_t d = 0; d < m; d++) {
          t = nmod_mul(l->o[sector_unit_at(u, k, b, a)], l->o[sector_unit_at(u, k, d, c)], l->mod);
          sum = nmod_addmul(
              sum, t, nmod_mat_entry(l->rr, sector_unit_at(u, k, c, b), sector_unit_at(u, k, a, d)),
              l->mod);
          t = nmod_mul(l->r[0][sector_unit_at(u, k, a, b)], l->r[1][sector_unit_at(u, k, c, d)], l->mod);
          sum = nmod_addmul(
              sum, t, nmod_mat_entry(l->oo, sector_unit_at(u, k, d, a), sector_unit_at(u, k, b, c)),
              l->mod);
        }
  return sum;
}

/* d^2 A2 + A1 - d (A3 + A4). */
mp_limb_t sector_diagonal(const sector_local_struct *l, size_t k) {
  mp_limb_t d = l->u->dimension[k], sum;
  sum = nmod_mul(nmod_mul(d, d, l->mod), sector_pair(l, k, k), l->mod);
  sum = nmod_addmul(sum, sector_single(l, k, 0), sector_single(l, k, 1), l->mod);
  return nmod_sub(sum, nmod_mul(d, mixed(l, k), l->mod), l->mod);
}

void sector_local_init(sector_local_struct *l, const sector_units_struct *u,
                       const sector_source_struct *observable,
                       const sector_source_struct *square,
                       const sector_source_struct *states,
                       const sector_rows_struct *index) {
  size_t m = index->c->dimension;
  nmod_t mod = u->mod;
  sector_operand_struct o, r[2];
  mp_limb_t *t = flint_malloc((m + 1) * sizeof *t);
  mp_limb_t scale = nmod_inv(fmpz_fdiv_ui(observable->den, mod.n), mod);
  *l = (sector_local_struct){.u = u, .mod = mod};
  l->o = flint_malloc((m + 1) * sizeof *l->o);
  nmod_mat_init(l->oo, (slong)m, (slong)m, mod.n);
  nmod_mat_init(l->rr, (slong)m, (slong)m, mod.n);
  sector_commutant_operand(&o, observable, index->c, mod, u->root);
  sector_traces(t, &o, index, mod);
  sector_to_units(l->o, t, u, m);
  sector_double_traces(l->oo, &o, &o, index, mod);
  sector_to_units_twice(l->oo, u);
  nmod_mat_scalar_mul(l->oo, l->oo, nmod_mul(scale, scale, mod));
  for (size_t a = 0; a < m; a++) l->o[a] = nmod_mul(l->o[a], scale, mod);
  if (square) {
    sector_operand_struct o2;
    l->square = flint_malloc((m + 1) * sizeof *l->square);
    sector_commutant_operand(&o2, square, index->c, mod, u->root);
    sector_traces(t, &o2, index, mod);
    sector_to_units(l->square, t, u, m);
    scale = nmod_inv(fmpz_fdiv_ui(square->den, mod.n), mod);
    for (size_t a = 0; a < m; a++) l->square[a] = nmod_mul(l->square[a], scale, mod);
    sector_operand_clear(&o2);
  }
  mp_limb_t product = 1;
  for (int k = 0; k < 2; k++) {
    l->r[k] = flint_malloc((m + 1) * sizeof *l->r[k]);
    sector_commutant_operand(r + k, states + k, index->c, mod, u->root);
    sector_traces(t, r + k, index, mod);
    sector_to_units(l->r[k], t, u, m);
    if (states[k].pure) continue; /* normalised */
    scale = nmod_inv(fmpz_fdiv_ui(states[k].den, mod.n), mod);
    for (size_t a = 0; a < m; a++) l->r[k][a] = nmod_mul(l->r[k][a], scale, mod);
    product = nmod_mul(product, scale, mod);
  }
  sector_double_traces(l->rr, r, r + 1, index, mod);
  sector_to_units_twice(l->rr, u);
  nmod_mat_scalar_mul(l->rr, l->rr, product);
  sector_operand_clear(&o);
  sector_operand_clear(r);
  sector_operand_clear(r + 1);
  flint_free(t);
}

void sector_local_clear(sector_local_struct *l) {
  nmod_mat_clear(l->oo);
  nmod_mat_clear(l->rr);
  if (l->transposed) {
    nmod_mat_clear(l->os);
    nmod_mat_clear(l->rs);
    nmod_mat_clear(l->tau);
  }
  flint_free(l->o);
  flint_free(l->square);
  flint_free(l->r[0]);
  flint_free(l->r[1]);
}

