#include "algebra/check/sums/check_cyclic.h"

#include <string.h>

#include <flint/nmod_vec.h>
#include <flint/ulong_extras.h>
#include <sys/random.h>

#include "algebra/base/stream.h"

enum { MAX_DIMENSION = 640, WORDS = 2, LEAST_TRIES = 2, MOST_TRIES = 40,
       MOST_ROWS = 96, MAX_FIXED = 120 };

/* --- operators -------------------------------------------------------------------------- */

void check_operator_add(mp_limb_t *out, const check_operator_t *k, const mp_limb_t *x,
                        size_t columns, nmod_t mod) {
  for (size_t i = 0; i < k->length; i++) {
    const check_entry_t *e = k->entries + i;
    mp_limb_t *to = out + e->to * columns;
    const mp_limb_t *from = x + e->from * columns;
    for (size_t j = 0; j < columns; j++) {
      if (!from[j]) continue;
      mp_limb_t term = n_mulmod_shoup(e->value, from[j], e->shoup, mod.n);
      to[j] = _nmod_add(to[j], term, mod);
    }
  }
}

/* The module while it is made: words[i] = letter[i] of words[parent[i]]. */
typedef struct {
  check_cyclic_struct *c;
  const check_operator_t *k;
  size_t count, num_letters;
  check_operator_t letters[WORDS];
  const check_operator_t **letter_of; /* per letter: one of the above, or of k */
  uint64_t random;
  size_t *parent, *letter;
  int64_t *work;
} making_t;

static mp_limb_t draw(making_t *m) {
  return n_mod2_preinv(stream_next(&m->random), m->c->mod.n, m->c->mod.ninv);
}

static bool spend(int64_t *work, size_t amount) {
  bool enough = *work >= 0 && amount <= (uint64_t)*work;
  if (enough) *work -= (int64_t)amount;
  return enough;
}

/* out = K x, or its transpose, which is -K. */
static void act(mp_limb_t *out, const check_operator_t *k, const mp_limb_t *x, bool transposed,
                const check_cyclic_struct *c) {
  memset(out, 0, c->size * sizeof *out);
  check_operator_add(out, k, x, 1, c->mod);
  if (transposed) _nmod_vec_neg(out, out, (slong)c->size, c->mod);
}

/* sum of random multiples of all K_j */
static void combine(check_operator_t *out, making_t *m) {
  size_t length = 0;
  for (size_t j = 0; j < m->count; j++) length += m->k[j].length;
  *out = (check_operator_t){0, flint_malloc((length + 1) * sizeof *out->entries)};
  for (size_t j = 0; j < m->count; j++) {
    mp_limb_t r = draw(m);
    for (size_t i = 0; i < m->k[j].length; i++) {
      check_entry_t *e = out->entries + out->length++;
      *e = m->k[j].entries[i];
      e->value = nmod_mul(e->value, r, m->c->mod);
      e->shoup = n_mulmod_precomp_shoup(e->value, m->c->mod.n);
    }
  }
}

static mp_limb_t *row_of(const nmod_mat_t x, size_t i) {
  return &nmod_mat_entry(x, (slong)i, 0);
}

/* --- W -------------------------------------------------------------------------------------- */

typedef struct {
  size_t rank;
  mp_limb_t *rows;
  size_t *lead;
} echelon_t;

/* Takes a copy of the vector; false when it depends on the others. */
static bool echelon_add(echelon_t *e, const mp_limb_t *v, size_t n, nmod_t mod) {
  mp_limb_t *row = e->rows + e->rank * n;
  size_t lead = 0;
  memcpy(row, v, n * sizeof *row);
  for (size_t k = 0; k < e->rank; k++)
    if (row[e->lead[k]])
      _nmod_vec_scalar_addmul_nmod(row, e->rows + k * n, (slong)n,
                                   nmod_neg(row[e->lead[k]], mod), mod);
  while (lead < n && !row[lead]) lead++;
  if (lead == n) return false;
  _nmod_vec_scalar_mul_nmod(row, row, (slong)n, nmod_inv(row[lead], mod), mod);
  e->lead[e->rank++] = lead;
  return true;
}

/* Does every K_j map a random vector of W into W? */
static bool is_invariant(echelon_t *e, making_t *m, mp_limb_t *v, mp_limb_t *image) {
  size_t n = m->c->size, rank = e->rank;
  bool inside = true;
  memset(v, 0, n * sizeof *v);
  for (size_t i = 0; i < rank; i++)
    _nmod_vec_scalar_addmul_nmod(v, e->rows + i * n, (slong)n, draw(m), m->c->mod);
  for (size_t j = 0; j < m->count && inside; j++) {
    act(image, m->k + j, v, false, m->c);
    inside = spend(m->work, m->k[j].length + rank * n) &&
             !echelon_add(e, image, n, m->c->mod);
  }
  return inside;
}

/* Words of o until nothing is new; false when that is not W, or too much. */
static bool find_words(making_t *m, const mp_limb_t *o) {
  check_cyclic_struct *c = m->c;
  size_t n = c->size, most = n < MAX_DIMENSION ? n : MAX_DIMENSION;
  echelon_t e = {0, flint_malloc((most + 2) * n * sizeof *e.rows),
                 flint_malloc((most + 2) * sizeof *e.lead)};
  mp_limb_t *list = flint_malloc((most + 2) * n * sizeof *list), *v = list + most * n;
  bool ok = true;
  memcpy(list, o, n * sizeof *list);
  c->dim = echelon_add(&e, o, n, c->mod);
  for (size_t i = 0; i < c->dim && ok; i++)
    for (size_t l = 0; l < m->num_letters && ok; l++) {
      act(v, m->letter_of[l], list + i * n, false, c);
      ok = spend(m->work, m->letter_of[l]->length + e.rank * n);
      if (!ok || !echelon_add(&e, v, n, c->mod)) continue;
      ok = c->dim < most;
      if (!ok) break;
      memcpy(list + c->dim * n, v, n * sizeof *v);
      m->parent[c->dim] = i;
      m->letter[c->dim++] = l;
    }
  ok = ok && c->dim && is_invariant(&e, m, v, v + n);
  if (ok) {
    nmod_mat_init(c->basis, (slong)c->dim, (slong)n, c->mod.n);
    for (size_t i = 0; i < c->dim; i++)
      memcpy(row_of(c->basis, i), list + i * n, n * sizeof *list);
  }
  flint_free(e.rows);
  flint_free(e.lead);
  flint_free(list);
  return ok;
}

/* False: the Gram matrix is singular modulo the prime. */
static bool find_dual(check_cyclic_struct *c) {
  slong d = (slong)c->dim, n = (slong)c->size;
  nmod_mat_t gram, turned;
  nmod_mat_init(gram, d, d, c->mod.n);
  nmod_mat_init(turned, n, d, c->mod.n);
  nmod_mat_transpose(turned, c->basis);
  nmod_mat_mul(gram, c->basis, turned);
  bool ok = nmod_mat_inv(gram, gram);
  nmod_mat_init(c->dual, d, n, c->mod.n);
  if (ok) nmod_mat_mul(c->dual, gram, c->basis);
  nmod_mat_clear(gram);
  nmod_mat_clear(turned);
  return ok;
}

/* --- operators on W that commute with all K_j ------------------------------------------------ */

/* Row i of out: word i of y. */
static void apply_words(nmod_mat_t out, const making_t *m, const mp_limb_t *y) {
  memcpy(row_of(out, 0), y, m->c->size * sizeof *y);
  for (size_t i = 1; i < m->c->dim; i++)
    act(row_of(out, i), m->letter_of[m->letter[i]], row_of(out, m->parent[i]), false, m->c);
}

/* Row i of out: the transpose of word i applied to u. */
static void apply_transposed(nmod_mat_t out, const making_t *m, const mp_limb_t *u) {
  size_t n = m->c->size;
  mp_limb_t *room = flint_malloc((n + 1) * sizeof *room);
  for (size_t i = 0; i < m->c->dim; i++) {
    mp_limb_t *row = row_of(out, i);
    memcpy(row, u, n * sizeof *row);
    for (size_t at = i; at; at = m->parent[at]) {
      act(room, m->letter_of[m->letter[at]], row, true, m->c);
      memcpy(row, room, n * sizeof *row);
    }
  }
  flint_free(room);
}

static size_t total_depth(const making_t *m) {
  size_t *depth = flint_calloc(m->c->dim + 1, sizeof *depth), sum = 0;
  for (size_t i = 1; i < m->c->dim; i++) sum += depth[i] = depth[m->parent[i]] + 1;
  flint_free(depth);
  return sum;
}

/* `count` more rows from `at`: u^T (M C - C M) v for as many random v as functions of the
   numbers of y by the basis: B (sum v_i z_i(M^T u) - sum v'_i z_i(u)), z_i the transposed word i,
   v' = M v. */
static void add_equations(nmod_mat_t rows, slong at, slong count, making_t *m) {
  check_cyclic_struct *c = m->c;
  slong d = (slong)c->dim, n = (slong)c->size;
  check_operator_t some;
  nmod_mat_t v, vectors, z, sum, part, turned, place;
  combine(&some, m);
  nmod_mat_init(v, count, d, c->mod.n);
  nmod_mat_init(vectors, count, n, c->mod.n);
  nmod_mat_init(z, d, n, c->mod.n);
  nmod_mat_init(sum, count, n, c->mod.n);
  nmod_mat_init(part, count, n, c->mod.n);
  nmod_mat_init(turned, n, d, c->mod.n);
  nmod_mat_init(place, count, d, c->mod.n);
  mp_limb_t *u = flint_malloc(2 * ((size_t)n + 1) * sizeof *u), *mu = u + n;
  for (slong i = 0; i < n; i++) u[i] = draw(m);
  act(mu, &some, u, true, c);
  for (slong i = 0; i < count; i++)
    for (slong k = 0; k < d; k++) nmod_mat_entry(v, i, k) = draw(m);
  apply_transposed(z, m, mu);
  nmod_mat_mul(sum, v, z);
  nmod_mat_mul(vectors, v, c->basis);
  for (size_t i = 0; i < (size_t)count; i++)
    act(row_of(part, i), &some, row_of(vectors, i), false, c);
  nmod_mat_transpose(turned, c->dual);
  nmod_mat_mul(v, part, turned);
  apply_transposed(z, m, u);
  nmod_mat_mul(part, v, z);
  nmod_mat_sub(sum, sum, part);
  nmod_mat_transpose(turned, c->basis);
  nmod_mat_mul(place, sum, turned);
  for (slong i = 0; i < count; i++)
    memcpy(row_of(rows, (size_t)(at + i)), row_of(place, (size_t)i), c->dim * sizeof *u);
  nmod_mat_clear(v);
  nmod_mat_clear(vectors);
  nmod_mat_clear(z);
  nmod_mat_clear(sum);
  nmod_mat_clear(part);
  nmod_mat_clear(turned);
  nmod_mat_clear(place);
  flint_free(u);
  flint_free(some.entries);
}

/* The matrix of C by the basis, from the numbers of y. */
static void set_fixed(nmod_mat_t out, const making_t *m, const mp_limb_t *numbers) {
  check_cyclic_struct *c = m->c;
  nmod_mat_t words, turned;
  mp_limb_t *y = flint_calloc(c->size + 1, sizeof *y);
  nmod_mat_init(words, (slong)c->dim, (slong)c->size, c->mod.n);
  nmod_mat_init(turned, (slong)c->size, (slong)c->dim, c->mod.n);
  for (size_t i = 0; i < c->dim; i++)
    _nmod_vec_scalar_addmul_nmod(y, row_of(c->basis, i), (slong)c->size, numbers[i], c->mod);
  apply_words(words, m, y);
  nmod_mat_transpose(turned, c->dual);
  nmod_mat_mul(out, words, turned);
  nmod_mat_clear(words);
  nmod_mat_clear(turned);
  flint_free(y);
}

/* Does a random combination of the C commute with a random M on W? */
static bool is_fixed(making_t *m) {
  check_cyclic_struct *c = m->c;
  slong d = (slong)c->dim;
  check_operator_t some;
  nmod_mat_t x, image, place, turned, left, right;
  combine(&some, m);
  nmod_mat_init(x, d, d, c->mod.n);
  nmod_mat_init(image, d, (slong)c->size, c->mod.n);
  nmod_mat_init(turned, (slong)c->size, d, c->mod.n);
  nmod_mat_init(place, d, d, c->mod.n);
  nmod_mat_init(left, d, d, c->mod.n);
  nmod_mat_init(right, d, d, c->mod.n);
  for (size_t a = 0; a < c->num_fixed; a++)
    nmod_mat_scalar_addmul_ui(x, x, c->fixed + a, draw(m));
  for (size_t i = 0; i < c->dim; i++)
    act(row_of(image, i), &some, row_of(c->basis, i), false, c);
  nmod_mat_transpose(turned, c->dual);
  nmod_mat_mul(place, image, turned);
  nmod_mat_mul(left, x, place);
  nmod_mat_mul(right, place, x);
  bool same = nmod_mat_equal(left, right);
  nmod_mat_clear(x);
  nmod_mat_clear(image);
  nmod_mat_clear(turned);
  nmod_mat_clear(place);
  nmod_mat_clear(left);
  nmod_mat_clear(right);
  flint_free(some.entries);
  return same;
}

static void forget_fixed(check_cyclic_struct *c) {
  for (size_t a = 0; a < c->num_fixed; a++) nmod_mat_clear(c->fixed + a);
  flint_free(c->fixed);
  c->fixed = NULL;
  c->num_fixed = 0;
}

static void take_solutions(making_t *m, const nmod_mat_t null, slong count) {
  check_cyclic_struct *c = m->c;
  mp_limb_t *numbers = flint_malloc((c->dim + 1) * sizeof *numbers);
  c->fixed = flint_malloc(((size_t)count + 1) * sizeof *c->fixed);
  for (slong a = 0; a < count; a++) {
    for (size_t i = 0; i < c->dim; i++) numbers[i] = nmod_mat_entry(null, (slong)i, a);
    nmod_mat_init(c->fixed + a, (slong)c->dim, (slong)c->dim, c->mod.n);
    set_fixed(c->fixed + a, m, numbers);
    c->num_fixed++;
  }
  flint_free(numbers);
}

/* Equations until the solutions are operators that commute with all. */
static bool find_fixed(making_t *m) {
  check_cyclic_struct *c = m->c;
  size_t d = c->dim, each = d < MOST_ROWS ? d : MOST_ROWS, last = d;
  size_t work = 2 * total_depth(m) * (c->size + m->letter_of[0]->length) + each * d * c->size;
  nmod_mat_t rows, null, copy;
  nmod_mat_init(rows, (slong)(MOST_TRIES * each), (slong)d, c->mod.n);
  nmod_mat_init(copy, (slong)(MOST_TRIES * each), (slong)d, c->mod.n);
  nmod_mat_init(null, (slong)d, (slong)d, c->mod.n);
  bool ok = true, found = false;
  for (size_t k = 0; k < MOST_TRIES && ok && !found; k++) {
    ok = spend(m->work, work + k * each * d * d / 4);
    if (ok) add_equations(rows, (slong)(k * each), (slong)each, m);
    if (!ok || k + 1 < LEAST_TRIES) continue;
    nmod_mat_set(copy, rows);
    size_t count = (size_t)nmod_mat_nullspace(null, copy);
    bool fewer = count < last; /* else they may be all */
    last = count;
    if (!count || count > MAX_FIXED || fewer) continue;
    ok = spend(m->work, count * d * (m->letter_of[0]->length + d * c->size / 4));
    if (ok) take_solutions(m, null, (slong)count);
    found = ok && is_fixed(m);
    if (!found) forget_fixed(c);
  }
  nmod_mat_clear(rows);
  nmod_mat_clear(copy);
  nmod_mat_clear(null);
  return found;
}

/* False: their trace form is singular modulo the prime. */
static bool find_form(check_cyclic_struct *c) {
  slong count = (slong)c->num_fixed, d = (slong)c->dim;
  nmod_mat_init(c->form, count, count, c->mod.n);
  for (slong a = 0; a < count; a++)
    for (slong b = 0; b <= a; b++) {
      mp_limb_t sum = 0;
      for (slong i = 0; i < d; i++)
        for (slong k = 0; k < d; k++)
          NMOD_ADDMUL(sum, nmod_mat_entry(c->fixed + a, i, k),
                      nmod_mat_entry(c->fixed + b, k, i), c->mod);
      nmod_mat_entry(c->form, a, b) = nmod_mat_entry(c->form, b, a) = sum;
    }
  if (nmod_mat_inv(c->form, c->form)) return true;
  nmod_mat_clear(c->form);
  return false;
}

/* --- all of it ---------------------------------------------------------------------------------- */

static bool find_module(making_t *m, const mp_limb_t *o) {
  const check_operator_t **all = flint_malloc((m->count + WORDS) * sizeof *all);
  m->letter_of = all;
  m->num_letters = WORDS;
  for (size_t l = 0; l < WORDS; l++) all[l] = m->letters + l;
  bool ok = find_words(m, o);
  if (ok) return true;
  m->num_letters = m->count;
  for (size_t j = 0; j < m->count; j++) all[j] = m->k + j;
  return m->count > WORDS && find_words(m, o);
}

bool check_cyclic_init(check_cyclic_t c, const check_operator_t *k, size_t count, size_t size,
                       const mp_limb_t *o, nmod_t mod, int64_t *work) {
  *c = (check_cyclic_struct){.mod = mod, .size = size};
  making_t m = {.c = c, .k = k, .count = count, .work = work};
  if (!count || getrandom(&m.random, sizeof m.random, 0) != (ssize_t)sizeof m.random)
    return false;
  m.parent = flint_calloc(MAX_DIMENSION + 2, sizeof *m.parent);
  m.letter = flint_calloc(MAX_DIMENSION + 2, sizeof *m.letter);
  for (size_t l = 0; l < WORDS; l++) combine(m.letters + l, &m);
  bool found = find_module(&m, o), ok = found && find_dual(c) && find_fixed(&m) && find_form(c);
  if (found && !ok) {
    forget_fixed(c);
    nmod_mat_clear(c->basis);
    nmod_mat_clear(c->dual);
  }
  for (size_t l = 0; l < WORDS; l++) flint_free(m.letters[l].entries);
  flint_free(m.letter_of);
  flint_free(m.parent);
  flint_free(m.letter);
  return ok;
}

void check_cyclic_clear(check_cyclic_t c) {
  forget_fixed(c);
  nmod_mat_clear(c->basis);
  nmod_mat_clear(c->dual);
  nmod_mat_clear(c->form);
}

/* out = sum C_a form_ab <b, C_b a>, rows by the basis: row i is T w_i. */
static void set_average(nmod_mat_t out, const check_cyclic_struct *c, const mp_limb_t *a,
                        const mp_limb_t *b) {
  size_t d = c->dim, e = c->num_fixed, n = c->size;
  mp_limb_t *room = flint_malloc((2 * d + e + 1) * sizeof *room);
  mp_limb_t *left = room, *right = room + d, *value = right + d;
  for (size_t i = 0; i < d; i++) {
    left[i] = right[i] = 0;
    for (size_t s = 0; s < n; s++) {
      NMOD_ADDMUL(left[i], a[s], nmod_mat_entry(c->dual, (slong)i, (slong)s), c->mod);
      NMOD_ADDMUL(right[i], b[s], nmod_mat_entry(c->basis, (slong)i, (slong)s), c->mod);
    }
  }
  for (size_t k = 0; k < e; k++) {
    value[k] = 0;
    for (size_t i = 0; i < d; i++) {
      mp_limb_t sum = 0;
      for (size_t j = 0; j < d; j++)
        NMOD_ADDMUL(sum, nmod_mat_entry(c->fixed + k, (slong)i, (slong)j), right[j], c->mod);
      NMOD_ADDMUL(value[k], left[i], sum, c->mod);
    }
  }
  nmod_mat_zero(out);
  for (size_t k = 0; k < e; k++) {
    mp_limb_t sum = 0;
    for (size_t l = 0; l < e; l++)
      NMOD_ADDMUL(sum, nmod_mat_entry(c->form, (slong)k, (slong)l), value[l], c->mod);
    nmod_mat_scalar_addmul_ui(out, out, c->fixed + k, sum);
  }
  flint_free(room);
}

bool check_cyclic_average(mp_limb_t *out, const check_cyclic_t c, const mp_limb_t *a,
                          const mp_limb_t *b, int64_t *work) {
  slong d = (slong)c->dim, n = (slong)c->size;
  nmod_mat_t t, part, turned, all;
  if (!spend(work, (size_t)(d * n) * (size_t)n / 4 + c->num_fixed * c->dim * c->dim)) return false;
  nmod_mat_init(t, d, d, c->mod.n);
  nmod_mat_init(part, d, n, c->mod.n);
  nmod_mat_init(turned, n, d, c->mod.n);
  nmod_mat_init(all, n, n, c->mod.n);
  set_average(t, c, a, b);
  nmod_mat_mul(part, t, c->basis); /* rows: T w_i; sum over i of dual_i (x) T w_i */
  nmod_mat_transpose(turned, c->dual);
  nmod_mat_mul(all, turned, part);
  mp_limb_t half = n_invmod(2, c->mod.n);
  for (slong i = 0; i < n; i++)
    for (slong k = 0; k < n; k++)
      out[i * n + k] = nmod_mul(half, nmod_add(nmod_mat_entry(all, i, k),
                                               nmod_mat_entry(all, k, i), c->mod), c->mod);
  nmod_mat_clear(t);
  nmod_mat_clear(part);
  nmod_mat_clear(turned);
  nmod_mat_clear(all);
  return true;
}
