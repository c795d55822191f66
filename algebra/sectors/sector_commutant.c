#include "algebra/sectors/sector_commutant.h"

#include <stdlib.h>

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

/* out = a b; false when an entry is too large. */
static bool multiply(sector_sparse_struct *out, const sector_sparse_struct *a,
                     const sector_sparse_struct *b, size_t size) {
  /* Columns of a, by a counting sort. */
  size_t *start = flint_calloc(size + 2, sizeof *start);
  size_t *order = flint_malloc((a->length + 1) * sizeof *order);
  bool ok = true;
  for (size_t i = 0; i < a->length; i++) start[a->col[i] + 2]++;
  for (size_t c = 0; c < size; c++) start[c + 2] += start[c + 1];
  for (size_t i = 0; i < a->length; i++) order[start[a->col[i] + 1]++] = i;
  for (size_t j = 0; j < b->length && ok; j++)
    for (size_t i = start[b->row[j]]; i < start[b->row[j] + 1]; i++) {
      slong v;
      if (__builtin_mul_overflow(a->val[order[i]], b->val[j], &v) ||
          v > (WORD(1) << 40) || v < -(WORD(1) << 40)) {
        ok = false;
        break;
      }
      sector_sparse_push(out, a->row[order[i]], b->col[j], v);
    }
  if (ok) sector_sparse_canonicalise(out);
  flint_free(start);
  flint_free(order);
  return ok;
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

/* Words by length: projectors on blocks, then letters in front. */
static reason_code_t find_basis(sector_commutant_t c, const letter_t *letters,
                              size_t num_letters) {
  const sectors_struct *s = c->sectors;
  const sector_space_struct *space = &s->space;
  size_t max = 0, K = s->length, count = 0;
  reason_code_t reason = REASON_NONE;
  for (size_t k = 0; k < K; k++)
    max += s->list[k].multiplicity * s->list[k].multiplicity;
  if (max > COMMUTANT_MAX_DIMENSION)
    return REASON_COMMUTANT_TOO_LARGE;
  independence_t t = {.s = s, .max = max};
  t.rows = flint_malloc((max + 1) * sizeof *t.rows);
  t.lead = flint_malloc((max + 1) * sizeof *t.lead);
  c->basis = flint_malloc((max + 1) * sizeof *c->basis);
  nmod_mat_t **action = flint_malloc((max + 2) * sizeof *action);
  size_t *to = flint_malloc((max + 1) * sizeof *to); /* block it maps to */
  for (size_t b = 0; b < space->num_blocks && count < max; b++) {
    action[count] = flint_malloc((K + 1) * sizeof **action);
    for (size_t k = 0; k < K; k++) {
      slong m = (slong)s->list[k].multiplicity;
      nmod_mat_init(action[count][k], m, m, s->prime.mod.n);
      if (s->list[k].per_block[b])
        sectors_block_action(action[count][k], b, s, s->list + k);
    }
    add_element(&t, (const nmod_mat_t *)action[count]);
    sector_sparse_init(c->basis + count);
    for (size_t i = space->block_start[b]; i < space->block_start[b + 1]; i++)
      sector_sparse_push(c->basis + count, space->states[i], space->states[i], 1);
    sector_sparse_canonicalise(c->basis + count);
    to[count++] = b;
  }
  for (size_t i = 0; i < count && count < max && !reason; i++)
    for (size_t l = 0; l < num_letters && count < max && !reason; l++) {
      if (letters[l].from != to[i]) continue;
      nmod_mat_t *product = flint_malloc((K + 1) * sizeof *product);
      for (size_t k = 0; k < K; k++) {
        slong m = (slong)s->list[k].multiplicity;
        nmod_mat_init(product[k], m, m, s->prime.mod.n);
        nmod_mat_mul(product[k], action[i][k], letters[l].action[k]);
      }
      if (add_element(&t, (const nmod_mat_t *)product)) {
        sector_sparse_init(c->basis + count);
        if (!multiply(c->basis + count, &letters[l].matrix, c->basis + i,
                      space->size))
          reason = REASON_COMMUTANT_LARGE_ENTRIES;
        to[count] = letters[l].to;
        action[count++] = product;
      } else {
        for (size_t k = 0; k < K; k++) nmod_mat_clear(product[k]);
        flint_free(product);
      }
    }
  if (!reason && count < max)
    reason = REASON_COMMUTANT_NOT_SPANNED;
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < K; k++) nmod_mat_clear(action[i][k]);
    flint_free(action[i]);
  }
  for (size_t k = 0; k < t.rank; k++) flint_free(t.rows[k]);
  flint_free(t.rows);
  flint_free(t.lead);
  flint_free(action);
  flint_free(to);
  c->dimension = count;
  return reason;
}

static void set_index(sector_commutant_t c) {
  slong m = (slong)c->dimension;
  fmpz_mat_t gram, inverse;
  fmpz_t den, content;
  fmpz_mat_init(gram, m, m);
  fmpz_mat_init(inverse, m, m);
  fmpz_init(den);
  fmpz_init(content);
  for (slong a = 0; a < m; a++)
    for (slong b = a; b < m; b++) {
      inner(fmpz_mat_entry(gram, a, b), c->basis + a, c->basis + b);
      fmpz_set(fmpz_mat_entry(gram, b, a), fmpz_mat_entry(gram, a, b));
    }
  if (!fmpz_mat_inv(inverse, den, gram)) flint_abort(); /* independent */
  fmpz_mat_content(content, inverse);
  fmpz_gcd(content, content, den);
  fmpz_divexact(c->index, den, content);
  fmpz_abs(c->index, c->index);
  fmpz_mat_clear(gram);
  fmpz_mat_clear(inverse);
  fmpz_clear(den);
  fmpz_clear(content);
}

void sector_commutant_init(sector_commutant_t c, const sectors_struct *s,
                           const closure_limits_t *limits) {
  *c = (sector_commutant_struct){.sectors = s, .limits = limits};
  letter_t *letters = NULL;
  bool ok = true;
  fmpz_init(c->index);
  size_t count = make_letters(&letters, s, &ok);
  c->reason = ok ? find_basis(c, letters, count)
                 : REASON_COMMUTANT_NOT_REAL;
  if (!c->reason) set_index(c);
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
  fmpz_clear(c->index);
}
