#include "algebra/sectors/sector_commutant.h"

#include <stdlib.h>

enum { MAX_WORDS = 4000, MAX_ENTRIES = 60000000 };

/* --- words ------------------------------------------------------------------------- */

/* Columns where some row of left (half 0) or right is not 0, ascending; their number. */
static size_t list_support(uint32_t *out, const sector_operator_struct *op, int half,
                           size_t size) {
  size_t count = 0;
  bool *is_there = flint_calloc(size + 1, sizeof *is_there);
  for (size_t i = 0; i < op->start[half][op->rank]; i++) is_there[op->column[half][i]] = true;
  for (size_t b = 0; b < size; b++)
    if (is_there[b]) out[count++] = (uint32_t)b;
  flint_free(is_there);
  return count;
}

/* left (half 0) or right on its support: a row for every column there, or (transposed) as
   it is. */
static void fill_support(fmpz_mat_t out, const sector_operator_struct *op, int half,
                         const uint32_t *support, size_t size, bool transposed) {
  const slong *rows = half ? op->right : op->left;
  slong count = transposed ? fmpz_mat_nrows(out) : fmpz_mat_ncols(out);
  for (size_t i = 0; i < op->rank; i++)
    for (slong b = 0; b < count; b++)
      fmpz_set_si(transposed ? fmpz_mat_entry(out, b, (slong)i)
                             : fmpz_mat_entry(out, (slong)i, b),
                  rows[i * size + support[b]]);
}

/* right^T G^-1 left, times the denominator: *factor modulo the prime. */
static bool set_map(sector_sparse_struct *out, mp_limb_t *factor,
                    const sector_operator_struct *op, size_t size, nmod_t mod) {
  slong r = (slong)op->rank;
  uint32_t *from = flint_malloc(size * sizeof *from), *to = flint_malloc(size * sizeof *to);
  slong m = (slong)list_support(from, op, 0, size), n = (slong)list_support(to, op, 1, size);
  fmpz_mat_t gram, left, turned, right, product;
  fmpz_t t, content;
  fmpz_mat_init(gram, r, r);
  fmpz_mat_init(left, r, m);
  fmpz_mat_init(turned, m, r);
  fmpz_mat_init(right, n, r);
  fmpz_mat_init(product, n, m);
  fmpz_init(t);
  fmpz_init(content);
  fill_support(left, op, 0, from, size, false);
  fill_support(turned, op, 0, from, size, true);
  fill_support(right, op, 1, to, size, true);
  fmpz_mat_mul(gram, left, turned);
  bool ok = fmpz_mat_inv(gram, t, gram);
  fmpz_mat_content(content, gram);
  ok = ok && fmpz_fdiv_ui(content, mod.n);
  if (ok) {
    *factor = nmod_div(fmpz_fdiv_ui(t, mod.n), fmpz_fdiv_ui(content, mod.n), mod);
    fmpz_mat_scalar_divexact_fmpz(gram, gram, content);
    fmpz_mat_mul(left, gram, left);
    fmpz_mat_mul(product, right, left);
  }
  for (slong a = 0; a < n && ok; a++)
    for (slong b = 0; b < m && ok; b++) {
      const fmpz *x = fmpz_mat_entry(product, a, b);
      ok = fmpz_bits(x) < 40;
      if (ok && !fmpz_is_zero(x)) sector_sparse_push(out, to[a], from[b], fmpz_get_si(x));
    }
  sector_sparse_canonicalise(out);
  fmpz_mat_clear(gram);
  fmpz_mat_clear(left);
  fmpz_mat_clear(turned);
  fmpz_mat_clear(right);
  fmpz_mat_clear(product);
  fmpz_clear(t);
  fmpz_clear(content);
  flint_free(from);
  flint_free(to);
  return ok;
}

/* i^-power. */
static mp_limb_t phase_away(unsigned power, const sector_prime_struct *p) {
  mp_limb_t c = power & 1u ? nmod_neg(p->root, p->mod) : 1;
  return power & 2u ? nmod_neg(c, p->mod) : c;
}

/* An operator, times *factor modulo the prime (a phase i taken away, a denominator), as a real
   integer matrix, or false. */
static bool set_operator(sector_sparse_struct *out, mp_limb_t *factor,
                         const sector_operator_struct *op, const sector_space_struct *space,
                         const sector_prime_struct *prime) {
  size_t size = space->size;
  if (op->kind == SECTOR_MONOMIAL) {
    for (size_t s = 0; s < size; s++) {
      unsigned phase = (op->phase[s] - op->phase[0]) & 3u;
      if (phase & 1) return false;
      sector_sparse_push(out, op->image[s], (uint32_t)s, phase ? -1 : 1);
    }
    *factor = phase_away(op->phase[0] & 3u, prime);
    return true;
  }
  if (op->kind == SECTOR_MAP) return set_map(out, factor, op, size, prime->mod);
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
  *factor = phase_away(parity & 1u, prime);
  sector_sparse_canonicalise(out);
  return true;
}

/* A letter: the part of an operator from block b to block a. */
typedef struct {
  size_t from, to;
  sector_sparse_struct matrix;
  nmod_mat_t *action; /* on every E_k, of row vectors */
} letter_t;

static void set_letter_action(letter_t *l, const sectors_struct *s, size_t op,
                              mp_limb_t factor) {
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
      nmod_mat_scalar_mul(l->action[k], l->action[k], factor);
    }
    nmod_mat_window_clear(window);
    nmod_mat_clear(b);
  }
}

static size_t make_letters(letter_t **out, const sectors_struct *s, bool maps, bool *ok) {
  const sector_space_struct *space = &s->space;
  size_t count = 0, blocks = space->num_blocks;
  letter_t *letters = NULL;
  for (size_t j = 0; j < s->symmetry.length && *ok; j++) {
    const sector_operator_struct *op = s->symmetry.list + j;
    sector_sparse_struct all;
    if (op->kind == SECTOR_BLOCK || (op->kind == SECTOR_MAP && !maps)) continue;
    sector_sparse_init(&all);
    mp_limb_t factor = 1;
    *ok = set_operator(&all, &factor, op, space, &s->prime);
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
      set_letter_action(letters + i, s, j, factor);
    }
    flint_free(at);
    sector_sparse_clear(&all);
  }
  *out = letters;
  return count;
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
    if (!kept[i]) sector_sparse_clear(w->matrix + i);
  }
  flint_free(w->action);
  flint_free(w->matrix);
  flint_free(w->from);
  flint_free(w->to);
}

/* Words by length, of B P 1_S, and those elements of P 1_S B P 1_S that they make. */
typedef struct {
  sector_commutant_struct *c;
  const sectors_struct *s;
  const nmod_mat_struct *project; /* of P 1_S on every E_k; NULL: P = 1 */
  size_t target;
  independence_t all, inner;
  word_list_t w;
  bool *kept;
} search_t;

static void independence_init(independence_t *t, const sectors_struct *s, size_t rank) {
  *t = (independence_t){.s = s};
  for (size_t k = 0; k < s->length; k++)
    t->max += s->list[k].multiplicity * s->list[k].multiplicity;
  t->rows = flint_malloc((rank + 1) * sizeof *t->rows);
  t->lead = flint_malloc((rank + 1) * sizeof *t->lead);
}

static void independence_clear(independence_t *t) {
  for (size_t k = 0; k < t->rank; k++) flint_free(t->rows[k]);
  flint_free(t->rows);
  flint_free(t->lead);
}

static void basis_init(sector_commutant_t c, size_t target) {
  c->basis = flint_malloc((target + 1) * sizeof *c->basis);
  c->from = flint_malloc((target + 1) * sizeof *c->from);
  c->to = flint_malloc((target + 1) * sizeof *c->to);
  c->norm = flint_malloc((target + 1) * sizeof *c->norm);
  c->residue = flint_malloc((target * c->sectors->length + 1) * sizeof *c->residue);
}

static void basis_clear(sector_commutant_t c) {
  for (size_t a = 0; a < c->dimension; a++) sector_sparse_clear(c->basis + a);
  flint_free(c->basis);
  flint_free(c->from);
  flint_free(c->to);
  flint_free(c->norm);
  flint_free(c->residue);
  c->dimension = 0;
}

/* The element of these matrices on the E_k is number c->dimension. */
static void count_element(search_t *h, const nmod_mat_t *action, size_t from, size_t to) {
  sector_commutant_struct *c = h->c;
  c->from[c->dimension] = from;
  c->to[c->dimension] = to;
  for (size_t k = 0; k < h->s->length; k++)
    c->residue[k * h->target + c->dimension] = nmod_mat_trace(action[k]);
  c->dimension++;
}

/* P times the last word, if that is independent of what is there. */
static reason_code_t fold_word(search_t *h, size_t i) {
  const sectors_struct *s = h->s;
  sector_commutant_struct *c = h->c;
  reason_code_t reason = REASON_NONE;
  mp_limb_t factor;
  nmod_mat_t *action = flint_malloc((s->length + 1) * sizeof *action);
  for (size_t k = 0; k < s->length; k++) {
    nmod_mat_init_set(action[k], h->w.action[i][k]);
    nmod_mat_mul(action[k], action[k], h->project + k);
  }
  if (add_element(&h->inner, (const nmod_mat_t *)action)) {
    sector_sparse_init(c->basis + c->dimension);
    if (!sector_orbits_fold(c->basis + c->dimension, &factor, c->orbits, h->w.matrix + i,
                            s->prime.mod))
      reason = REASON_COMMUTANT_LARGE_ENTRIES;
    for (size_t k = 0; k < s->length && !reason; k++)
      nmod_mat_scalar_mul(action[k], action[k], factor);
    count_element(h, (const nmod_mat_t *)action, h->w.from[i],
                  sector_orbits_block(c->orbits, s, h->w.to[i]));
  }
  free_action(action, s->length);
  return reason;
}

/* The last word, where it ends in S. */
static reason_code_t take_word(search_t *h) {
  sector_commutant_struct *c = h->c;
  size_t i = h->w.count - 1;
  if (h->project) {
    if (sector_orbits_block(c->orbits, h->s, h->w.to[i]) == SIZE_MAX) return REASON_NONE;
    return fold_word(h, i);
  }
  h->kept[i] = c->blocks[h->w.to[i]];
  if (!h->kept[i]) return REASON_NONE;
  c->basis[c->dimension] = h->w.matrix[i];
  count_element(h, (const nmod_mat_t *)h->w.action[i], h->w.from[i], h->w.to[i]);
  return REASON_NONE;
}

/* The projector on a block, or that part of P. */
static reason_code_t add_projector(search_t *h, size_t b) {
  const sectors_struct *s = h->s;
  const sector_space_struct *space = &s->space;
  word_list_t *w = &h->w;
  nmod_mat_t *action = flint_malloc((s->length + 1) * sizeof *action);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(action[k], m, m, s->prime.mod.n);
    if (!s->list[k].per_block[b]) continue;
    sectors_block_action(action[k], b, s, s->list + k);
    if (h->project) nmod_mat_mul(action[k], h->project + k, action[k]);
  }
  add_element(&h->all, (const nmod_mat_t *)action);
  sector_sparse_struct *a = w->matrix + w->count;
  sector_sparse_init(a);
  for (size_t i = space->block_start[b]; i < space->block_start[b + 1] && !h->project; i++)
    sector_sparse_push(a, space->states[i], space->states[i], 1);
  if (h->project) sector_orbits_start(a, h->c->orbits, s, b);
  sector_sparse_canonicalise(a);
  w->entries += a->length;
  w->from[w->count] = h->project ? sector_orbits_block(h->c->orbits, s, b) : b;
  w->to[w->count] = b;
  w->action[w->count++] = action;
  return take_word(h);
}

/* The letter in front of word i, if that is independent of what is there. */
static reason_code_t extend_word(search_t *h, const letter_t *letter, size_t i) {
  const sectors_struct *s = h->s;
  word_list_t *w = &h->w;
  nmod_mat_t *product = flint_malloc((s->length + 1) * sizeof *product);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(product[k], m, m, s->prime.mod.n);
    nmod_mat_mul(product[k], w->action[i][k], letter->action[k]);
  }
  if (!add_element(&h->all, (const nmod_mat_t *)product)) {
    free_action(product, s->length);
    return REASON_NONE;
  }
  sector_sparse_struct *a = w->matrix + w->count;
  sector_sparse_init(a);
  bool ok = sector_sparse_multiply(a, &letter->matrix, w->matrix + i, s->space.size);
  mp_limb_t content = sector_sparse_remove_content(a) % s->prime.mod.n;
  ok = ok && content;
  mp_limb_t scale = ok ? nmod_inv(content, s->prime.mod) : 0;
  for (size_t k = 0; k < s->length; k++)
    nmod_mat_scalar_mul(product[k], product[k], scale);
  w->entries += a->length;
  w->from[w->count] = w->from[i];
  w->to[w->count] = letter->to;
  w->action[w->count++] = product;
  if (!ok) return REASON_COMMUTANT_LARGE_ENTRIES;
  return w->entries > MAX_ENTRIES ? REASON_COMMUTANT_TOO_LARGE : take_word(h);
}

/* Words by length: projectors on blocks of S, then letters in front. */
static reason_code_t search_words(search_t *h, const letter_t *letters, size_t num_letters) {
  const sector_commutant_struct *c = h->c;
  const closure_limits_t *limits = c->limits;
  reason_code_t reason = REASON_NONE;
  for (size_t b = 0; b < h->s->space.num_blocks && !reason; b++)
    if (h->project ? sector_orbits_block(c->orbits, h->s, b) != SIZE_MAX : c->blocks[b])
      reason = add_projector(h, b);
  for (size_t i = 0; i < h->w.count && c->dimension < h->target && !reason; i++)
    for (size_t l = 0; l < num_letters && c->dimension < h->target && !reason; l++) {
      if (letters[l].from != h->w.to[i]) continue;
      if (limits && limits->abort && limits->abort(limits->abort_data))
        reason = REASON_SECTOR_MOMENTS_TIME_LIMIT;
      else
        reason = extend_word(h, letters + l, i);
    }
  if (!reason && c->dimension < h->target) reason = REASON_COMMUTANT_NOT_SPANNED;
  return reason;
}

static reason_code_t find_basis(sector_commutant_t c, const nmod_mat_struct *project,
                                const letter_t *letters, size_t num_letters) {
  const sectors_struct *s = c->sectors;
  size_t max = 0;
  search_t h = {.c = c, .s = s, .project = project};
  for (size_t k = 0; k < s->length; k++) {
    max += s->list[k].multiplicity * c->part[k];
    h.target += c->part[k] * c->part[k];
  }
  if (h.target > COMMUTANT_MAX_DIMENSION || max > MAX_WORDS)
    return REASON_COMMUTANT_TOO_LARGE;
  independence_init(&h.all, s, max);
  independence_init(&h.inner, s, h.target);
  word_list_init(&h.w, max);
  h.kept = flint_calloc(max + 3, sizeof *h.kept);
  basis_init(c, h.target);
  reason_code_t reason = search_words(&h, letters, num_letters);
  word_list_clear(&h.w, s->length, h.kept);
  independence_clear(&h.all);
  independence_clear(&h.inner);
  flint_free(h.kept);
  if (reason) basis_clear(c);
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
      sector_sparse_inner(fmpz_mat_entry(gram, a, b), c->basis + list[a],
                          c->basis + list[b], c->orbits ? c->orbits->weight : NULL);
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
  size_t count = c->space->num_blocks;
  c->blocks = flint_malloc((count + 1) * sizeof *c->blocks);
  for (size_t b = 0; b < count; b++) c->blocks[b] = c->orbits || !blocks || blocks[b];
  c->part = flint_calloc(s->length + 1, sizeof *c->part);
  for (size_t k = 0; k < s->length && !c->orbits; k++)
    for (size_t b = 0; b < count; b++)
      if (c->blocks[b]) c->part[k] += s->list[k].per_block[b];
}

/* P 1_S on the E_k, and its ranks. */
static nmod_mat_struct *make_projectors(sector_commutant_t c) {
  const sectors_struct *s = c->sectors;
  nmod_mat_struct *project = flint_malloc((s->length + 1) * sizeof *project);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(project + k, m, m, s->prime.mod.n);
    sector_orbits_action(project + k, c->orbits, s, s->list + k);
    c->part[k] = (size_t)nmod_mat_rank(project + k);
  }
  return project;
}

static void letters_clear(letter_t *letters, size_t count, const sectors_struct *s) {
  for (size_t l = 0; l < count; l++) {
    sector_sparse_clear(&letters[l].matrix);
    if (!letters[l].action) continue;
    for (size_t k = 0; k < s->length; k++) nmod_mat_clear(letters[l].action[k]);
    flint_free(letters[l].action);
  }
  flint_free(letters);
}

static reason_code_t try_letters(sector_commutant_t c, const nmod_mat_struct *project,
                                 bool maps) {
  letter_t *letters = NULL;
  bool ok = true;
  size_t count = make_letters(&letters, c->sectors, maps, &ok);
  reason_code_t reason = ok ? find_basis(c, project, letters, count) : REASON_COMMUTANT_NOT_REAL;
  letters_clear(letters, count, c->sectors);
  return reason;
}

/* Adjoints are to be integer matrices. */
static reason_code_t clear_adjoints(sector_commutant_t c) {
  nmod_t mod = c->sectors->prime.mod;
  for (size_t a = 0; a < c->dimension; a++) {
    ulong scale = sector_orbits_clear_adjoint(c->basis + a, c->orbits);
    if (!scale) return REASON_COMMUTANT_LARGE_ENTRIES;
    for (size_t k = 0; k < c->sectors->length; k++) {
      mp_limb_t *r = c->residue + k * c->dimension + a;
      *r = nmod_mul(*r, scale % mod.n, mod);
    }
  }
  return REASON_NONE;
}

void sector_commutant_init(sector_commutant_t c, const sectors_struct *s,
                           const bool *blocks, const sector_orbits_struct *orbits,
                           const closure_limits_t *limits) {
  *c = (sector_commutant_struct){.sectors = s, .limits = limits, .orbits = orbits,
                                 .space = orbits ? &orbits->space : &s->space,
                                 .cache = sector_units_cache_new()};
  fmpz_init(c->index);
  set_blocks(c, blocks);
  if (orbits) { /* maps are long, and often not needed */
    nmod_mat_struct *project = make_projectors(c);
    c->reason = try_letters(c, project, false);
    if (c->reason == REASON_COMMUTANT_NOT_SPANNED) c->reason = try_letters(c, project, true);
    for (size_t k = 0; k < s->length; k++) nmod_mat_clear(project + k);
    flint_free(project);
  } else {
    c->reason = try_letters(c, NULL, true);
  }
  if (c->reason) return;
  sector_commutant_reduce(c);
  if (orbits) c->reason = clear_adjoints(c);
  for (size_t a = 0; a < c->dimension; a++)
    c->norm[a] = sector_sparse_norm(c->basis + a, c->space->size);
  if (!c->reason) set_index(c);
}

void sector_commutant_clear(sector_commutant_t c) {
  if (c->dimension) basis_clear(c);
  flint_free(c->blocks);
  flint_free(c->part);
  sector_units_cache_free(c->cache);
  fmpz_clear(c->index);
}

void sector_commutant_operand(sector_operand_struct *out, const sector_source_struct *source,
                              const sector_commutant_struct *c, nmod_t mod, mp_limb_t root) {
  sector_operand_init(out, source, c->sectors->space.size, mod, root);
  if (c->orbits) sector_orbits_operand(out, c->orbits, mod);
}

void sector_commutant_source(sector_source_struct *out, const pauli_sum_struct *a,
                             const sector_commutant_struct *c) {
  sector_source_operator(out, a, c->sectors->space.frame);
  if (c->orbits) sector_orbits_scale_source(out, c->orbits);
}
