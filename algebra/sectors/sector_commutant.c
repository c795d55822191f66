#include "algebra/sectors/sector_commutant.h"

#include <stdlib.h>

enum { MAX_WORDS = 4000, MAX_ENTRIES = 60000000 };

/* --- sparse matrices ------------------------------------------------------------- */

void sector_sparse_init(sector_sparse_struct *a) {
  *a = (sector_sparse_struct){0};
}

void sector_sparse_clear(sector_sparse_struct *a) {
  flint_free(a->row);
  flint_free(a->col);
  flint_free(a->val);
}

void sector_sparse_push(sector_sparse_struct *a, uint32_t row, uint32_t col,
                        slong val) {
  if (a->length == a->alloc) {
    a->alloc = 2 * a->alloc + 16;
    a->row = flint_realloc(a->row, a->alloc * sizeof *a->row);
    a->col = flint_realloc(a->col, a->alloc * sizeof *a->col);
    a->val = flint_realloc(a->val, a->alloc * sizeof *a->val);
  }
  a->row[a->length] = row;
  a->col[a->length] = col;
  a->val[a->length++] = val;
}

typedef struct {
  uint64_t key;
  slong val;
} entry_t;

static int compare_entries(const void *a, const void *b) {
  uint64_t x = ((const entry_t *)a)->key, y = ((const entry_t *)b)->key;
  return x < y ? -1 : x > y;
}

void sector_sparse_canonicalise(sector_sparse_struct *a) {
  entry_t *list = flint_malloc((a->length + 1) * sizeof *list);
  size_t length = 0;
  for (size_t k = 0; k < a->length; k++)
    list[k] = (entry_t){(uint64_t)a->row[k] << 32 | a->col[k], a->val[k]};
  qsort(list, a->length, sizeof *list, compare_entries);
  for (size_t k = 0, end; k < a->length; k = end) {
    slong sum = 0;
    for (end = k; end < a->length && list[end].key == list[k].key; end++)
      sum += list[end].val;
    if (!sum) continue;
    a->row[length] = (uint32_t)(list[k].key >> 32);
    a->col[length] = (uint32_t)list[k].key;
    a->val[length++] = sum;
  }
  a->length = length;
  flint_free(list);
}

/* Tr(a^T b). */
static void inner(fmpz_t out, const sector_sparse_struct *a,
                  const sector_sparse_struct *b) {
  fmpz_zero(out);
  for (size_t i = 0, j = 0; i < a->length && j < b->length;) {
    uint64_t x = (uint64_t)a->row[i] << 32 | a->col[i];
    uint64_t y = (uint64_t)b->row[j] << 32 | b->col[j];
    if (x == y) {
      fmpz_t t;
      fmpz_init_set_si(t, a->val[i]);
      fmpz_mul_si(t, t, b->val[j]);
      fmpz_add(out, out, t);
      fmpz_clear(t);
    }
    if (x <= y) i++;
    if (y <= x) j++;
  }
}

/* --- words ------------------------------------------------------------------------- */

/* right^T G^-1 left, times the denominator. */
static bool set_map(sector_sparse_struct *out, const sector_operator_struct *op,
                    size_t size) {
  slong r = (slong)op->rank;
  fmpz_mat_t gram, rows;
  fmpz_t t, content;
  bool ok = true;
  fmpz_mat_init(gram, r, r);
  fmpz_mat_init(rows, r, (slong)size); /* G^-1 left */
  fmpz_init(t);
  fmpz_init(content);
  for (slong i = 0; i < r; i++)
    for (slong k = 0; k < r; k++)
      for (size_t b = 0; b < size; b++) {
        fmpz_set_si(t, op->left[(size_t)i * size + b]);
        fmpz_mul_si(t, t, op->left[(size_t)k * size + b]);
        fmpz_add(fmpz_mat_entry(gram, i, k), fmpz_mat_entry(gram, i, k), t);
      }
  ok = fmpz_mat_inv(gram, t, gram);
  fmpz_mat_content(content, gram);
  for (slong k = 0; k < r && ok; k++)
    for (size_t b = 0; b < size && ok; b++) {
      fmpz *x = fmpz_mat_entry(rows, k, (slong)b);
      for (slong i = 0; i < r; i++) {
        slong v = op->left[(size_t)i * size + b];
        if (v < 0) fmpz_submul_ui(x, fmpz_mat_entry(gram, k, i), (ulong)-v);
        else fmpz_addmul_ui(x, fmpz_mat_entry(gram, k, i), (ulong)v);
      }
      fmpz_divexact(x, x, content);
    }
  for (size_t a = 0; a < size && ok; a++)
    for (size_t b = 0; b < size && ok; b++) {
      fmpz_zero(t);
      for (slong k = 0; k < r; k++) {
        slong v = op->right[(size_t)k * size + a];
        if (v < 0) fmpz_submul_ui(t, fmpz_mat_entry(rows, k, (slong)b), (ulong)-v);
        else if (v) fmpz_addmul_ui(t, fmpz_mat_entry(rows, k, (slong)b), (ulong)v);
      }
      if (fmpz_is_zero(t)) continue;
      ok = fmpz_bits(t) < 40;
      if (ok)
        sector_sparse_push(out, (uint32_t)a, (uint32_t)b, fmpz_get_si(t));
    }
  sector_sparse_canonicalise(out);
  fmpz_mat_clear(gram);
  fmpz_mat_clear(rows);
  fmpz_clear(t);
  fmpz_clear(content);
  return ok;
}

/* An operator as a real integer matrix (a phase i taken away), or false. */
static bool set_operator(sector_sparse_struct *out, const sector_operator_struct *op,
                         const sector_space_struct *space) {
  size_t size = space->size;
  if (op->kind == SECTOR_MONOMIAL) {
    for (size_t s = 0; s < size; s++) {
      unsigned phase = (op->phase[s] - op->phase[0]) & 3u;
      if (phase & 1) return false;
      sector_sparse_push(out, op->image[s], (uint32_t)s, phase ? -1 : 1);
    }
    return true;
  }
  if (op->kind == SECTOR_MAP) return set_map(out, op, size);
  unsigned parity = 2;
  for (size_t t = 0; t < op->charge->length; t++) {
    const uint64_t *p = pauli_sum_string(op->charge, t);
    unsigned e = (unsigned)__builtin_popcountll(p[0] & p[1]);
    const fmpq *c = op->charge->coeffs + t;
    if (parity != 2 && parity != (e & 1)) return false;
    parity = e & 1;
    if (!fmpz_is_one(fmpq_denref(c)) ||
        fmpz_cmpabs(fmpq_numref(c), (fmpz[]){1000}) > 0)
      return false;
    slong value = fmpz_get_si(fmpq_numref(c));
    if (e & 2) value = -value;
    for (size_t s = 0; s < size; s++)
      sector_sparse_push(out, (uint32_t)(s ^ p[0]), (uint32_t)s,
                         __builtin_parityll(p[1] & s) ? -value : value);
  }
  sector_sparse_canonicalise(out);
  return true;
}

/* A letter: the part of an operator from block b to block a. */
typedef struct {
  size_t from, to;
  sector_sparse_struct matrix;
  nmod_mat_t *action; /* on every E_k, of row vectors */
} letter_t;

static void set_letter_action(letter_t *l, const sectors_struct *s, size_t op) {
  nmod_t mod = s->prime.mod;
  l->action = flint_malloc((s->length + 1) * sizeof *l->action);
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *f = s->list + k;
    slong m = (slong)f->multiplicity;
    nmod_mat_t window, b;
    nmod_mat_init(l->action[k], m, m, mod.n);
    nmod_mat_init(b, m, m, mod.n);
    nmod_mat_window_init(window, f->action[op], 0, 0, m, m);
    if (f->per_block[l->from] && f->per_block[l->to]) {
      sectors_block_action(b, l->from, s, f);
      nmod_mat_mul(l->action[k], b, window);
      sectors_block_action(b, l->to, s, f);
      nmod_mat_mul(l->action[k], l->action[k], b);
    }
    nmod_mat_window_clear(window);
    nmod_mat_clear(b);
  }
}

static size_t make_letters(letter_t **out, const sectors_struct *s, bool *ok) {
  const sector_space_struct *space = &s->space;
  size_t count = 0, blocks = space->num_blocks;
  letter_t *letters = NULL;
  for (size_t j = 0; j < s->symmetry.length && *ok; j++) {
    const sector_operator_struct *op = s->symmetry.list + j;
    sector_sparse_struct all;
    if (op->kind == SECTOR_BLOCK) continue;
    sector_sparse_init(&all);
    *ok = set_operator(&all, op, space);
    size_t *at = flint_malloc((blocks * blocks + 1) * sizeof *at);
    for (size_t i = 0; i < blocks * blocks; i++) at[i] = SIZE_MAX;
    size_t first = count;
    for (size_t i = 0; i < all.length && *ok; i++) {
      size_t to = space->block_of[all.row[i]], from = space->block_of[all.col[i]];
      size_t *slot = at + to * blocks + from;
      if (*slot == SIZE_MAX) {
        letters = flint_realloc(letters, (count + 1) * sizeof *letters);
        letters[count] = (letter_t){.from = from, .to = to};
        *slot = count++;
      }
      sector_sparse_push(&letters[*slot].matrix, all.row[i], all.col[i],
                         all.val[i]);
    }
    for (size_t i = first; i < count; i++) {
      sector_sparse_canonicalise(&letters[i].matrix);
      set_letter_action(letters + i, s, j);
    }
    flint_free(at);
    sector_sparse_clear(&all);
  }
  *out = letters;
  return count;
}

/* First entry of every row of b, sorted. */
static size_t *row_starts(const sector_sparse_struct *b, size_t size) {
  size_t *start = flint_calloc(size + 1, sizeof *start);
  for (size_t i = 0; i < b->length; i++) start[b->row[i] + 1]++;
  for (size_t r = 0; r < size; r++) start[r + 1] += start[r];
  return start;
}

/* A row that is being added up, and where it has entries. */
typedef struct {
  slong *sum;
  bool *seen;
  uint32_t *list;
  size_t length;
} row_sum_t;

static int compare_columns(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static bool row_add(row_sum_t *t, uint32_t col, slong a, slong b) {
  slong v;
  if (!t->seen[col]) {
    t->seen[col] = true;
    t->list[t->length++] = col;
  }
  return !__builtin_mul_overflow(a, b, &v) &&
         !__builtin_add_overflow(t->sum[col], v, t->sum + col);
}

/* Appends it, and begins anew. */
static bool row_flush(sector_sparse_struct *out, row_sum_t *t, uint32_t row) {
  bool ok = true;
  qsort(t->list, t->length, sizeof *t->list, compare_columns);
  for (size_t i = 0; i < t->length; i++) {
    uint32_t col = t->list[i];
    slong v = t->sum[col];
    ok = ok && v <= WORD(1) << 40 && v >= -(WORD(1) << 40);
    if (v) sector_sparse_push(out, row, col, v);
    t->sum[col] = 0;
    t->seen[col] = false;
  }
  t->length = 0;
  return ok;
}

/* out = a b; false when an entry is too large. */
static bool multiply(sector_sparse_struct *out, const sector_sparse_struct *a,
                     const sector_sparse_struct *b, size_t size) {
  size_t *start = row_starts(b, size);
  row_sum_t t = {flint_calloc(size, sizeof(slong)), flint_calloc(size, sizeof(bool)),
                 flint_malloc(size * sizeof(uint32_t)), 0};
  bool ok = true;
  for (size_t j = 0; j < a->length && ok; j++) {
    for (size_t i = start[a->col[j]]; i < start[a->col[j] + 1] && ok; i++)
      ok = row_add(&t, b->col[i], a->val[j], b->val[i]);
    if (j + 1 == a->length || a->row[j + 1] != a->row[j])
      ok = row_flush(out, &t, a->row[j]) && ok;
  }
  flint_free(start);
  flint_free(t.sum);
  flint_free(t.seen);
  flint_free(t.list);
  return ok;
}

/* Divides by the greatest common divisor of the entries, which is returned. */
static ulong remove_content(sector_sparse_struct *a) {
  ulong g = 0;
  for (size_t i = 0; i < a->length && g != 1; i++)
    g = n_gcd(g, (ulong)(a->val[i] < 0 ? -a->val[i] : a->val[i]));
  if (g > 1)
    for (size_t i = 0; i < a->length; i++) a->val[i] /= (slong)g;
  return g;
}

/* --- a basis --------------------------------------------------------------------------- */

typedef struct {
  const sectors_struct *s;
  size_t max, rank;
  uint32_t **rows;
  size_t *lead;
} independence_t;

/* Adds the element with these matrices on the E_k unless it depends on the others. */
static bool add_element(independence_t *t, const nmod_mat_t *action) {
  nmod_t mod = t->s->prime.mod;
  uint32_t *x = flint_malloc((t->max + 1) * sizeof *x);
  size_t at = 0;
  for (size_t k = 0; k < t->s->length; k++)
    for (slong i = 0; i < nmod_mat_nrows(action[k]); i++)
      for (slong j = 0; j < nmod_mat_ncols(action[k]); j++)
        x[at++] = (uint32_t)nmod_mat_entry(action[k], i, j);
  for (size_t k = 0; k < t->rank; k++)
    if (x[t->lead[k]])
      residues_addmul(x, t->rows[k], nmod_neg(x[t->lead[k]], mod), t->max, mod);
  for (at = 0; at < t->max && !x[at];) at++;
  if (at == t->max) {
    flint_free(x);
    return false;
  }
  mp_limb_t inverse = nmod_inv(x[at], mod);
  for (size_t k = 0; k < t->max; k++) x[k] = residue_mul(inverse, x[k], mod);
  t->rows[t->rank] = x;
  t->lead[t->rank++] = at;
  return true;
}

typedef struct {
  size_t count, entries, max;
  nmod_mat_t **action; /* on every E_k */
  sector_sparse_struct *matrix;
  size_t *from, *to;
} word_list_t;

static void word_list_init(word_list_t *w, size_t max) {
  *w = (word_list_t){.max = max};
  w->action = flint_malloc((max + 2) * sizeof *w->action);
  w->matrix = flint_malloc((max + 2) * sizeof *w->matrix);
  w->from = flint_malloc((max + 2) * sizeof *w->from);
  w->to = flint_malloc((max + 2) * sizeof *w->to);
}

static void free_action(nmod_mat_t *action, size_t length) {
  for (size_t k = 0; k < length; k++) nmod_mat_clear(action[k]);
  flint_free(action);
}

/* The matrices stay where they were kept. */
static void word_list_clear(word_list_t *w, size_t length, const bool *kept) {
  for (size_t i = 0; i < w->count; i++) {
    free_action(w->action[i], length);
    if (!kept || !kept[i]) sector_sparse_clear(w->matrix + i);
  }
  flint_free(w->action);
  flint_free(w->matrix);
  flint_free(w->from);
  flint_free(w->to);
}

/* The projector on a block. */
static void add_projector(word_list_t *w, independence_t *t, size_t b) {
  const sectors_struct *s = t->s;
  const sector_space_struct *space = &s->space;
  nmod_mat_t *action = flint_malloc((s->length + 1) * sizeof *action);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(action[k], m, m, s->prime.mod.n);
    if (s->list[k].per_block[b]) sectors_block_action(action[k], b, s, s->list + k);
  }
  add_element(t, (const nmod_mat_t *)action);
  sector_sparse_struct *a = w->matrix + w->count;
  sector_sparse_init(a);
  for (size_t i = space->block_start[b]; i < space->block_start[b + 1]; i++)
    sector_sparse_push(a, space->states[i], space->states[i], 1);
  sector_sparse_canonicalise(a);
  w->entries += a->length;
  w->from[w->count] = w->to[w->count] = b;
  w->action[w->count++] = action;
}

/* The letter in front of word i, if that is independent of what is there. */
static reason_code_t extend_word(word_list_t *w, independence_t *t,
                                 const letter_t *letter, size_t i) {
  const sectors_struct *s = t->s;
  nmod_mat_t *product = flint_malloc((s->length + 1) * sizeof *product);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(product[k], m, m, s->prime.mod.n);
    nmod_mat_mul(product[k], w->action[i][k], letter->action[k]);
  }
  if (!add_element(t, (const nmod_mat_t *)product)) {
    free_action(product, s->length);
    return REASON_NONE;
  }
  sector_sparse_struct *a = w->matrix + w->count;
  sector_sparse_init(a);
  bool ok = multiply(a, &letter->matrix, w->matrix + i, s->space.size);
  mp_limb_t scale = nmod_inv(remove_content(a) % s->prime.mod.n, s->prime.mod);
  for (size_t k = 0; k < s->length; k++)
    nmod_mat_scalar_mul(product[k], product[k], scale);
  w->entries += a->length;
  w->from[w->count] = w->from[i];
  w->to[w->count] = letter->to;
  w->action[w->count++] = product;
  if (!ok) return REASON_COMMUTANT_LARGE_ENTRIES;
  return w->entries > MAX_ENTRIES ? REASON_COMMUTANT_TOO_LARGE : REASON_NONE;
}

static slong sparse_norm(const sector_sparse_struct *a, size_t size) {
  slong *sum = flint_calloc(2 * size, sizeof *sum), most = 1;
  for (size_t i = 0; i < a->length; i++) {
    slong v = a->val[i] < 0 ? -a->val[i] : a->val[i];
    sum[a->row[i]] += v;
    sum[size + a->col[i]] += v;
  }
  for (size_t i = 0; i < 2 * size; i++)
    if (sum[i] > most) most = sum[i];
  flint_free(sum);
  return most;
}

/* Of the words those that end in S. */
static void keep_words(sector_commutant_t c, word_list_t *w, bool *kept) {
  const sectors_struct *s = c->sectors;
  size_t count = 0, K = s->length;
  for (size_t i = 0; i < w->count; i++) count += kept[i] = c->blocks[w->to[i]];
  c->basis = flint_malloc((count + 1) * sizeof *c->basis);
  c->from = flint_malloc((count + 1) * sizeof *c->from);
  c->to = flint_malloc((count + 1) * sizeof *c->to);
  c->norm = flint_malloc((count + 1) * sizeof *c->norm);
  c->residue = flint_malloc((count * K + 1) * sizeof *c->residue);
  for (size_t i = 0; i < w->count; i++) {
    size_t at = c->dimension;
    if (!kept[i]) continue;
    c->basis[at] = w->matrix[i];
    c->from[at] = w->from[i];
    c->to[at] = w->to[i];
    for (size_t k = 0; k < K; k++)
      c->residue[k * count + at] = nmod_mat_trace(w->action[i][k]);
    c->dimension++;
  }
}

/* Words by length: projectors on blocks of S, then letters in front. */
static reason_code_t find_basis(sector_commutant_t c, const letter_t *letters,
                                size_t num_letters) {
  const sectors_struct *s = c->sectors;
  size_t max = 0, all = 0, target = 0, inside = 0;
  reason_code_t reason = REASON_NONE;
  for (size_t k = 0; k < s->length; k++) {
    size_t m = s->list[k].multiplicity;
    all += m * m;
    max += m * c->part[k];
    target += c->part[k] * c->part[k];
  }
  if (target > COMMUTANT_MAX_DIMENSION || max > MAX_WORDS)
    return REASON_COMMUTANT_TOO_LARGE;
  independence_t t = {.s = s, .max = all};
  word_list_t w;
  t.rows = flint_malloc((max + 1) * sizeof *t.rows);
  t.lead = flint_malloc((max + 1) * sizeof *t.lead);
  word_list_init(&w, max);
  for (size_t b = 0; b < s->space.num_blocks; b++) {
    if (!c->blocks[b]) continue;
    add_projector(&w, &t, b);
    inside++;
  }
  for (size_t i = 0; i < w.count && inside < target && !reason; i++)
    for (size_t l = 0; l < num_letters && inside < target && !reason; l++) {
      size_t before = w.count;
      if (letters[l].from != w.to[i]) continue;
      if (c->limits && c->limits->abort && c->limits->abort(c->limits->abort_data))
        reason = REASON_SECTOR_MOMENTS_TIME_LIMIT;
      else
        reason = extend_word(&w, &t, letters + l, i);
      if (w.count > before && c->blocks[w.to[before]]) inside++;
    }
  if (!reason && inside < target) reason = REASON_COMMUTANT_NOT_SPANNED;
  bool *kept = flint_calloc(w.count + 1, sizeof *kept);
  if (!reason) keep_words(c, &w, kept);
  word_list_clear(&w, s->length, kept);
  for (size_t k = 0; k < t.rank; k++) flint_free(t.rows[k]);
  flint_free(t.rows);
  flint_free(t.lead);
  flint_free(kept);
  return reason;
}

/* The least common denominator of the inverse of the Gram matrix of these elements,
   which are orthogonal to all others. */
static void group_index(fmpz_t index, const sector_commutant_struct *c,
                        const size_t *list, size_t count) {
  slong m = (slong)count;
  fmpz_mat_t gram, inverse;
  fmpz_t den, content;
  fmpz_mat_init(gram, m, m);
  fmpz_mat_init(inverse, m, m);
  fmpz_init(den);
  fmpz_init(content);
  for (slong a = 0; a < m; a++)
    for (slong b = a; b < m; b++) {
      inner(fmpz_mat_entry(gram, a, b), c->basis + list[a], c->basis + list[b]);
      fmpz_set(fmpz_mat_entry(gram, b, a), fmpz_mat_entry(gram, a, b));
    }
  if (!fmpz_mat_inv(inverse, den, gram)) flint_abort(); /* independent */
  fmpz_mat_content(content, inverse);
  fmpz_gcd(content, content, den);
  fmpz_divexact(index, den, content);
  fmpz_abs(index, index);
  fmpz_mat_clear(gram);
  fmpz_mat_clear(inverse);
  fmpz_clear(den);
  fmpz_clear(content);
}

size_t sector_commutant_alike(size_t *list, const sector_commutant_struct *c,
                              size_t a) {
  size_t count = 0;
  for (size_t b = 0; b < c->dimension; b++) {
    if (c->from[b] != c->from[a] || c->to[b] != c->to[a]) continue;
    if (!count && b != a) return 0;
    list[count++] = b;
  }
  return count;
}

static void set_index(sector_commutant_t c) {
  size_t *list = flint_malloc((c->dimension + 1) * sizeof *list);
  fmpz_t one;
  fmpz_init(one);
  fmpz_one(c->index);
  for (size_t a = 0; a < c->dimension; a++) {
    size_t count = sector_commutant_alike(list, c, a);
    if (!count) continue;
    group_index(one, c, list, count);
    fmpz_lcm(c->index, c->index, one);
  }
  fmpz_clear(one);
  flint_free(list);
}

static void set_blocks(sector_commutant_t c, const bool *blocks) {
  const sectors_struct *s = c->sectors;
  size_t count = s->space.num_blocks;
  c->blocks = flint_malloc((count + 1) * sizeof *c->blocks);
  for (size_t b = 0; b < count; b++) c->blocks[b] = !blocks || blocks[b];
  c->part = flint_calloc(s->length + 1, sizeof *c->part);
  for (size_t k = 0; k < s->length; k++)
    for (size_t b = 0; b < count; b++)
      if (c->blocks[b]) c->part[k] += s->list[k].per_block[b];
}

void sector_commutant_init(sector_commutant_t c, const sectors_struct *s,
                           const bool *blocks, const closure_limits_t *limits) {
  *c = (sector_commutant_struct){.sectors = s, .limits = limits,
                                 .cache = sector_units_cache_new()};
  letter_t *letters = NULL;
  bool ok = true;
  fmpz_init(c->index);
  set_blocks(c, blocks);
  size_t count = make_letters(&letters, s, &ok);
  c->reason = ok ? find_basis(c, letters, count) : REASON_COMMUTANT_NOT_REAL;
  if (!c->reason) {
    sector_commutant_reduce(c);
    for (size_t a = 0; a < c->dimension; a++)
      c->norm[a] = sparse_norm(c->basis + a, s->space.size);
    set_index(c);
  }
  for (size_t l = 0; l < count; l++) {
    sector_sparse_clear(&letters[l].matrix);
    if (!letters[l].action) continue;
    for (size_t k = 0; k < s->length; k++) nmod_mat_clear(letters[l].action[k]);
    flint_free(letters[l].action);
  }
  flint_free(letters);
}

void sector_commutant_clear(sector_commutant_t c) {
  for (size_t a = 0; a < c->dimension; a++) sector_sparse_clear(c->basis + a);
  flint_free(c->basis);
  flint_free(c->blocks);
  flint_free(c->part);
  flint_free(c->from);
  flint_free(c->to);
  flint_free(c->norm);
  flint_free(c->residue);
  sector_units_cache_free(c->cache);
  fmpz_clear(c->index);
}
