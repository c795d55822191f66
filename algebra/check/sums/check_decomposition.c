#include "algebra/check/sums/check_decomposition.h"

#include <string.h>

#include "algebra/check/sums/check_on_pairs.h"
#include "algebra/check/sums/check_small_ideals.h"

enum { MAX_ROOTS = 80, MAX_FOUND = 400, MAX_COPIES = 64, MAX_CENTRE = 40 };

static const uint64_t most_for_copies = UINT64_C(4000000000); /* operations */

/* --- random vectors of one block ------------------------------------------------------------ */

/* Random vectors without parts in modules whose copies were counted: gone(X_0) kills these,
   gone the product of their f. (And lines with an eigenvalue of one of them.) */
typedef struct {
  check_part_t *part;
  size_t length;
  mp_limb_t *list[MAX_COPIES];
  nmod_poly_t gone;
} pool_t;

static void pool_init(pool_t *pool, check_part_t *part) {
  *pool = (pool_t){.part = part};
  nmod_poly_init_mod(pool->gone, part->s->p->mod);
  nmod_poly_one(pool->gone);
}

static void pool_clear(pool_t *pool) {
  for (size_t k = 0; k < pool->length; k++) flint_free(pool->list[k]);
  nmod_poly_clear(pool->gone);
}

/* list[k] := f(X_0) list[k] */
static void pool_apply(pool_t *pool, size_t k, const nmod_poly_t f) {
  check_acting_t x = check_part_x(pool->part, 0);
  mp_limb_t *v = check_vector(pool->part->dim);
  check_evaluate(v, &x, f, pool->list[k]);
  flint_free(pool->list[k]);
  pool->list[k] = v;
}

static const mp_limb_t *pool_get(pool_t *pool, size_t k) {
  for (; pool->length <= k; pool->length++) {
    pool->list[pool->length] = check_vector(pool->part->dim);
    check_vector_random(pool->list[pool->length], pool->part->dim, pool->part->s->p);
    if (nmod_poly_degree(pool->gone) > 0) pool_apply(pool, pool->length, pool->gone);
  }
  return pool->list[k];
}

static void pool_remove(pool_t *pool, const nmod_poly_t f) {
  nmod_poly_mul(pool->gone, pool->gone, f);
  for (size_t k = 0; k < pool->length; k++) pool_apply(pool, k, f);
}

/* --- eigenvectors of one block ------------------------------------------------------------- */

/* X of one attempt on one block, with roots of its least polynomial f; images[i] =
   (f / product of (x - root))(X) applied to a random vector, of the pool if there is one;
   images[0] by the powers that f was found with. */
typedef struct {
  check_part_t *part;
  pool_t *pool;
  check_acting_t x;
  size_t num_roots, num_images;
  mp_limb_t roots[MAX_ROOTS], *images[MAX_COPIES];
  nmod_poly_t f, rest;
} eigen_t;

static void eigen_start(mp_limb_t *out, eigen_t *e, size_t k) {
  size_t dim = e->part->dim;
  if (e->pool) memcpy(out, pool_get(e->pool, k), dim * sizeof *out);
  else check_vector_random(out, dim, e->part->s->p);
}

/* Its roots, images[0] and what is left without them. */
static void use_polynomial(eigen_t *e, check_powers_t *powers) {
  nmod_poly_t line, zero;
  nmod_poly_init_mod(line, e->f->mod);
  nmod_poly_init_mod(zero, e->f->mod);
  nmod_poly_set_coeff_ui(line, 1, 1);
  nmod_poly_set(e->rest, e->f);
  e->num_roots = check_find_roots(e->roots, e->f, MAX_ROOTS);
  for (size_t k = 0; k < e->num_roots; k++) {
    nmod_poly_set_coeff_ui(line, 0, nmod_neg(e->roots[k], e->f->mod));
    nmod_poly_divrem(e->rest, zero, e->rest, line);
  }
  nmod_poly_clear(line);
  nmod_poly_clear(zero);
  if (!e->num_roots) return;
  e->images[e->num_images++] = check_vector(e->part->dim);
  check_powers_evaluate(e->images[0], powers, e->rest);
}

static bool eigen_init(eigen_t *e, check_part_t *part, pool_t *pool, size_t attempt) {
  check_prime_t *p = part->s->p;
  *e = (eigen_t){.part = part, .pool = pool, .x = check_part_x(part, attempt)};
  nmod_poly_init_mod(e->f, p->mod);
  nmod_poly_init_mod(e->rest, p->mod);
  check_powers_t powers;
  mp_limb_t *v = check_vector(part->dim);
  eigen_start(v, e, 0);
  check_powers_init(&powers, &e->x, v, true);
  bool ok = check_powers_polynomial(e->f, NULL, &powers, NULL);
  if (ok) use_polynomial(e, &powers);
  check_powers_clear(&powers);
  flint_free(v);
  return ok;
}

static void eigen_clear(eigen_t *e) {
  for (size_t k = 0; k < e->num_images; k++) flint_free(e->images[k]);
  nmod_poly_clear(e->f);
  nmod_poly_clear(e->rest);
}

/* Eigenvector number i for root number k, of a random choice; false when it is none. */
static bool eigen_vector(mp_limb_t *v, eigen_t *e, size_t k, size_t i) {
  check_prime_t *p = e->part->s->p;
  size_t dim = e->part->dim;
  mp_limb_t *t = check_vector(dim);
  if (i >= e->num_images) {
    eigen_start(t, e, i);
    e->images[i] = check_vector(dim);
    check_evaluate(e->images[i], &e->x, e->rest, t);
    e->num_images = i + 1;
  }
  memcpy(v, e->images[i], dim * sizeof *v);
  for (size_t j = 0; j < e->num_roots; j++) {
    e->x.shift = e->roots[j];
    if (j == k) continue;
    check_act(t, &e->x, v);
    memcpy(v, t, dim * sizeof *v);
  }
  e->x.shift = e->roots[k];
  check_act(t, &e->x, v);
  bool ok = check_vector_is_zero(t, dim) && !check_vector_is_zero(v, dim);
  e->x.shift = 0;
  flint_free(t);
  return ok && p->work_left > 0;
}

/* --- independent copies ---------------------------------------------------------------------- */

typedef struct {
  size_t dim, rank, lead[MAX_COPIES];
  mp_limb_t *rows[MAX_COPIES];
} echelon_t;

/* Takes the vector; false when it depends on the others. */
static bool echelon_add(echelon_t *e, mp_limb_t *v, nmod_t mod) {
  size_t lead = 0;
  for (size_t k = 0; k < e->rank; k++)
    check_vector_addmul(v, e->rows[k], nmod_neg(v[e->lead[k]], mod), e->dim, mod);
  while (lead < e->dim && !v[lead]) lead++;
  if (lead == e->dim || e->rank == MAX_COPIES) {
    flint_free(v);
    return false;
  }
  _nmod_vec_scalar_mul_nmod(v, v, (slong)e->dim, nmod_inv(v[lead], mod), mod);
  e->lead[e->rank] = lead;
  e->rows[e->rank++] = v;
  return true;
}

static void echelon_clear(echelon_t *e) {
  for (size_t k = 0; k < e->rank; k++) flint_free(e->rows[k]);
}

/* --- a block ------------------------------------------------------------------------------------ */

typedef struct {
  check_decomposition_struct *d;
  check_part_t part;
  size_t left;   /* of the dimension of the block */
  bool hopeless; /* more than MAX_COPIES copies of something */
  uint8_t *seen; /* modules whose copies here were counted: 2 when there were some, 3
                    when they have gone from the pool */
} visit_t;

/* The part of the module's own block; the one that is visited, when it is that. */
static check_part_t *own_part(check_part_t *spare, visit_t *v, size_t block) {
  if (block == v->part.block) return &v->part;
  check_part_init(spare, v->d->space, &v->d->choices, block);
  return spare;
}

static void count_copies(visit_t *v, eigen_t *e, size_t root, size_t k) {
  check_found_t *found = v->d->list + k;
  size_t dim = v->part.dim, d = found->module.dimension;
  echelon_t copies = {.dim = dim};
  check_part_t spare, *own = own_part(&spare, v, found->module.block);
  mp_limb_t *vector = check_vector(dim);
  bool more = !v->seen[k], of_itself = own == &v->part; /* then it is the first copy */
  if (more) v->seen[k] = 1;
  while (more && v->left >= (copies.rank + 1) * d && copies.rank < MAX_COPIES - 1) {
    mp_limb_t *s = check_vector(dim);
    if (of_itself && !copies.rank) memcpy(s, found->module.s, dim * sizeof *s);
    else
      more = eigen_vector(vector, e, root, copies.rank) &&
             check_module_is_copy(s, &found->module, own, &v->part, vector);
    if (more) more = echelon_add(&copies, s, v->d->p->mod);
    else flint_free(s);
  }
  if (copies.rank) v->seen[k] = 2;
  v->hopeless = v->hopeless || copies.rank == MAX_COPIES - 1;
  uint64_t *each = v->d->space->copies;
  found->multiplicity += copies.rank * (each ? each[v->part.block] : 1);
  found->per_block[v->part.block] += copies.rank;
  v->left -= copies.rank * d;
  v->d->covered += copies.rank * d;
  echelon_clear(&copies);
  flint_free(vector);
  if (own == &spare) check_part_clear(own);
}

/* The characteristic polynomial of X number `attempt` on a module that is known. */
static bool found_spectrum(nmod_poly_t f, check_decomposition_struct *d, size_t k,
                           size_t attempt) {
  check_part_t own;
  check_part_init(&own, d->space, &d->choices, d->list[k].module.block);
  bool ok = check_module_spectrum(f, &d->list[k].module, &own, attempt);
  check_part_clear(&own);
  return ok;
}

/* The first X with brackets. */
enum { BRACKETS = CHECK_PLAIN_ATTEMPTS + 1 };

/* The module among those known, found by another X, or SIZE_MAX. (Or one that has the same
   eigenvalues: then it is not counted, and the sum falls short; of lines it is the same.) */
static size_t find_known(visit_t *v, const check_module_t *m) {
  size_t known = SIZE_MAX;
  nmod_poly_t f, g;
  nmod_poly_init_mod(f, m->spectrum->mod);
  nmod_poly_init_mod(g, m->spectrum->mod);
  for (size_t k = 0; k < v->d->length && known == SIZE_MAX; k++) {
    const check_module_t *other = &v->d->list[k].module;
    if (other->dimension == m->dimension &&
        check_module_spectrum(f, m, &v->part, other->attempt) &&
        nmod_poly_equal(f, other->spectrum) &&
        (m->dimension == 1 || v->d->space->symmetric ||
         !check_module_spectrum(f, m, &v->part, BRACKETS) ||
         !found_spectrum(g, v->d, k, BRACKETS) || nmod_poly_equal(f, g)))
      known = k;
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return known;
}

/* Is m, of the same eigenvalues as module k, a copy of it? */
static bool is_same(visit_t *v, check_module_t *m, size_t k) {
  const check_module_t *other = &v->d->list[k].module;
  check_part_t spare, *own;
  if (m->dimension == 1) return true;
  if (check_attempt_is_for_lines(m->attempt)) return false;
  own = own_part(&spare, v, other->block);
  answer_t answer = check_module_is_linked(m, &v->part, other, own, 1);
  if (own == &spare) check_part_clear(own);
  return answer == ANSWER_YES;
}

/* A module that is known, and was not seen here since another one shares the eigenvalue by
   which it is known (all so(d) of odd d have 0): by another one from now on. */
static void count_anew(visit_t *v, eigen_t *e, size_t root, size_t k,
                       check_module_t *m) {
  check_found_t *found = v->d->list + k;
  m->acts = found->module.acts;
  check_module_clear(&found->module);
  found->module = *m;
  v->seen[k] = 0;
  count_copies(v, e, root, k);
}

/* What acts on m; base: with which other module it does, or SIZE_MAX. */
static void recognise(visit_t *v, check_module_t *m, size_t *base) {
  check_decomposition_struct *d = v->d;
  *base = SIZE_MAX;
  if (m->dimension == 1 || !check_attempt_is_for_lines(m->attempt)) {
    check_module_recognise(m, &v->part);
    return;
  }
  for (size_t k = 0; k < d->length && *base == SIZE_MAX; k++) {
    const check_module_t *other = &d->list[k].module;
    size_t n = other->dimension;
    if (other->acts != CHECK_ACTS_ORTHOGONAL || n * (n - 1) / 2 != m->dimension) continue;
    check_part_t part;
    check_part_init(&part, d->space, &d->choices, other->block);
    if (check_is_exterior_square(m, &v->part, other, &part)) *base = k;
    check_part_clear(&part);
  }
  if (*base != SIZE_MAX) m->acts = CHECK_ACTS_ON_PAIRS;
}

static void add_module(visit_t *v, eigen_t *e, size_t root, size_t attempt) {
  check_decomposition_struct *d = v->d;
  check_module_t m;
  mp_limb_t *vector = check_vector(v->part.dim);
  bool ok = eigen_vector(vector, e, root, 0) && d->length < MAX_FOUND &&
            check_module_init(&m, &v->part, attempt, e->roots[root], vector);
  flint_free(vector);
  if (!ok) return;
  size_t known = find_known(v, &m);
  if (known != SIZE_MAX && v->seen[known] < 2 && is_same(v, &m, known)) {
    count_anew(v, e, root, known, &m);
    return;
  }
  size_t with = SIZE_MAX;
  if (known == SIZE_MAX) recognise(v, &m, &with);
  nmod_poly_t base;
  nmod_poly_init_mod(base, d->p->mod);
  if (!m.acts || m.dimension > v->left ||
      !check_module_spectrum(base, &m, &v->part, 0)) {
    nmod_poly_clear(base);
    check_module_clear(&m);
    return;
  }
  d->list = flint_realloc(d->list, (d->length + 1) * sizeof *d->list);
  d->list[d->length] =
      (check_found_t){.module = m, .link = with == SIZE_MAX ? d->length : with};
  *d->list[d->length].base = *base;
  d->list[d->length].per_block =
      flint_calloc(d->space->num_blocks + 1, sizeof(size_t));
  count_copies(v, e, root, d->length++);
}

static void use_root(visit_t *v, eigen_t *e, size_t root, size_t attempt) {
  bool known = false;
  for (size_t k = 0; k < v->d->length; k++) {
    const check_module_t *m = &v->d->list[k].module;
    if (m->attempt != attempt) continue;
    if (m->root == e->roots[root]) count_copies(v, e, root, k);
    known = known || nmod_poly_evaluate_nmod(m->spectrum, e->roots[root]) == 0;
  }
  if (!known) add_module(v, e, root, attempt);
}

static void clear_pool(pool_t *pool, visit_t *v) {
  nmod_poly_t f;
  nmod_poly_init_mod(f, v->d->p->mod);
  nmod_poly_one(f);
  for (size_t k = 0; k < v->d->length; k++) {
    if (v->seen[k] != 2) continue;
    nmod_poly_mul(f, f, v->d->list[k].base);
    v->seen[k] = 3;
  }
  if (nmod_poly_degree(f) > 0 && v->left) pool_remove(pool, f);
  nmod_poly_clear(f);
}

/* The degree of f is the sum of all d_k, the dimension that of all d_k m_k. Every copy but
   the first takes an evaluation of f. */
static bool has_many_copies(eigen_t *e) {
  size_t dim = e->part->dim, d = (size_t)nmod_poly_degree(e->f), copies = d ? dim / d : dim;
  uint64_t entries = e->x.e->part[0].start[dim];
  return copies > MAX_COPIES || (copies > 1 && (copies - 1) * entries > most_for_copies / d);
}

/* The work that a block takes which is one module goes on top of what is left. */
static void grant(check_decomposition_struct *d, check_part_t *part) {
  int64_t each = d->space->symmetric ? 8 : 16;
  check_acting_t x = check_part_x(part, 0);
  each *= (int64_t)(part->dim * (x.e->part[0].start[part->dim] + 4 * part->dim));
  d->granted += each;
  d->p->work_left += each;
}

static bool visit_block(check_decomposition_struct *d, size_t block) {
  visit_t v = {.d = d};
  pool_t pool;
  check_part_init(&v.part, d->space, &d->choices, block);
  v.left = v.part.dim;
  grant(d, &v.part);
  v.seen = flint_calloc(MAX_FOUND + 1, 1);
  pool_init(&pool, &v.part);
  size_t most = d->space->symmetric ? CHECK_SYMMETRIC_ATTEMPTS : CHECK_ATTEMPTS;
  for (size_t a = 0; a < most && v.left && !v.hopeless && d->p->work_left > 0; a++) {
    eigen_t e;
    bool ok = eigen_init(&e, &v.part, check_attempt_is_for_lines(a) ? NULL : &pool, a);
    if (a == 0 && ok) v.hopeless = has_many_copies(&e);
    for (size_t k = 0; ok && k < e.num_roots && v.left && !v.hopeless &&
                       d->p->work_left > 0; k++)
      use_root(&v, &e, k, a);
    eigen_clear(&e);
    clear_pool(&pool, &v);
  }
  d->hopeless = d->hopeless || v.hopeless;
  pool_clear(&pool);
  check_part_clear(&v.part);
  flint_free(v.seen);
  return v.left == 0;
}

/* --- links ---------------------------------------------------------------------------------------- */

static bool join(check_decomposition_struct *d, size_t k, size_t l) {
  check_found_t *a = d->list + l, *b = d->list + k;
  check_part_t of_a, of_b;
  answer_t answer = ANSWER_NO;
  check_part_init(&of_a, d->space, &d->choices, a->module.block);
  check_part_init(&of_b, d->space, &d->choices, b->module.block);
  for (int sign = 1; sign >= -1 && answer == ANSWER_NO; sign -= 2) {
    if (sign < 0 && (a->module.acts != CHECK_ACTS_LINEAR || a->module.dimension == 2))
      continue; /* its own dual */
    answer = check_module_is_linked(&a->module, &of_a, &b->module, &of_b, sign);
    if (answer != ANSWER_YES) continue;
    b->link = l;
    b->conjugate = sign < 0;
  }
  check_part_clear(&of_a);
  check_part_clear(&of_b);
  return answer != ANSWER_UNDECIDED;
}

/* False: not all is decided. */
static bool find_links(check_decomposition_struct *d) {
  bool ok = true;
  for (size_t k = 0; k < d->length && ok; k++)
    for (size_t l = 0; l < k && ok && d->list[k].link == k; l++) {
      const check_module_t *a = &d->list[l].module, *b = &d->list[k].module;
      if (a->dimension > 1 && a->dimension == b->dimension && a->acts == b->acts &&
          d->list[l].link == l &&
          (check_spectra_agree(d->list[l].base, d->list[k].base, 1) ||
           check_spectra_agree(d->list[l].base, d->list[k].base, -1)))
        ok = join(d, k, l);
    }
  return ok;
}

/* --- small ideals by different representations ----------------------------------------------------- */

/* Might one ideal act on both, by different representations, as far as X number `attempt`
   tells? */
static bool may_share(check_decomposition_struct *d, size_t k, size_t l, size_t attempt) {
  const check_module_t *a = &d->list[k].module, *b = &d->list[l].module;
  if (!check_kinds_may_share(a, b)) return false;
  nmod_poly_t f, g;
  nmod_poly_init_mod(f, d->p->mod);
  nmod_poly_init_mod(g, d->p->mod);
  bool may = true;
  if (found_spectrum(f, d, k, attempt) && found_spectrum(g, d, l, attempt)) {
    check_centre_polynomial(f, f);
    check_centre_polynomial(g, g);
    may = check_spectra_may_share(a, b, f, g);
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return may;
}

static bool small_are_apart(check_decomposition_struct *d) {
  for (size_t k = 0; k < d->length; k++)
    for (size_t l = 0; l < d->length; l++)
      if (k != l && d->list[k].link == k && d->list[l].link == l &&
          may_share(d, k, l, 0) && may_share(d, k, l, BRACKETS))
        return false;
  return true;
}

/* --- the centre ------------------------------------------------------------------------------------- */

/* A random element without and, if it must be, with brackets, which have no trace. */
static bool trace_of(mp_limb_t *trace, check_decomposition_struct *d, size_t k,
                     const check_choice_of_element_t *choice) {
  const check_module_t *m = &d->list[k].module;
  bool ok = false;
  check_part_t own;
  check_part_init(&own, d->space, &d->choices, m->block);
  for (size_t parts = 1; parts <= CHECK_ELEMENT_PARTS && !ok; parts += 2) {
    check_choice_of_element_t some = {parts, false, choice->c};
    check_element_t e;
    check_element_init(&e, d->space, m->block, &some);
    ok = check_module_trace(trace, m, &own, &e);
    check_element_clear(&e);
  }
  check_part_clear(&own);
  return ok;
}

/* Those of X number 0, a combination of generators: minus the sum of the roots. */
static bool add_first(check_decomposition_struct *d, echelon_t *rows) {
  mp_limb_t *row = check_vector(d->length);
  for (size_t k = 0; k < d->length; k++) {
    const nmod_poly_struct *f = d->list[k].base;
    row[k] = nmod_poly_get_coeff_ui(f, nmod_poly_degree(f) - 1);
    d->list[k].traceless = row[k] == 0;
  }
  return echelon_add(rows, row, d->p->mod);
}

/* Random combinations of generators until their traces depend on each other. */
static bool find_centre(check_decomposition_struct *d) {
  echelon_t rows = {.dim = d->length};
  bool ok = true, more = add_first(d, &rows);
  while (ok && more) {
    check_choice_of_element_t choice;
    mp_limb_t *row = check_vector(d->length);
    check_element_choose(&choice, CHECK_ELEMENT_PARTS, false, d->p);
    for (size_t k = 0; k < d->length && ok; k++) {
      ok = trace_of(row + k, d, k, &choice);
      if (row[k]) d->list[k].traceless = false;
    }
    more = echelon_add(&rows, row, d->p->mod);
    check_element_forget(&choice);
    ok = ok && rows.rank < MAX_CENTRE;
  }
  d->centre = rows.rank;
  echelon_clear(&rows);
  return ok;
}

/* --- all of it --------------------------------------------------------------------------------------- */

void check_decomposition_init(check_decomposition_t d, check_prime_t *p) {
  *d = (check_decomposition_struct){.p = p};
  bool ok = true;
  check_sparse_init(d->space, p);
  check_choices_init(&d->choices, p);
  for (size_t b = 0; b < d->space->num_blocks && ok; b++) ok = visit_block(d, b);
  d->known = ok && d->covered == d->space->size && find_links(d) && small_are_apart(d) &&
             find_centre(d) && p->work_left > 0;
}

void check_decomposition_clear(check_decomposition_t d) {
  for (size_t k = 0; k < d->length; k++) {
    check_module_clear(&d->list[k].module);
    nmod_poly_clear(d->list[k].base);
    flint_free(d->list[k].per_block);
  }
  flint_free(d->list);
  check_choices_clear(&d->choices);
  check_sparse_clear(d->space);
}

/* --- the structure ------------------------------------------------------------------------------------ */

/* The module with the ideal as it is, of two that are linked so or not. */
static const check_module_t *module_of_ideal(const check_decomposition_struct *d, size_t k) {
  const check_found_t *f = d->list + k;
  return f->module.acts == CHECK_ACTS_ON_PAIRS ? &d->list[f->link].module : &f->module;
}

/* dimension and rank of the ideals on a module, `copies` of them */
static check_ideal_struct ideal_on(const check_module_t *m) {
  ulong d = m->dimension;
  check_ideal_struct out = {.copies = 1};
  if (m->acts == CHECK_ACTS_LINEAR) {
    out.letter = 'A';
    out.pair = (check_pair_t){d * d - 1, d - 1};
  } else if (m->acts == CHECK_ACTS_SYMPLECTIC) {
    out.letter = 'C';
    out.pair = (check_pair_t){d / 2 * (d + 1), d / 2};
  } else {
    static const check_ideal_struct low[] = {
        {{3, 1}, 1, 'A'}, {{3, 1}, 2, 'A'}, {{10, 2}, 1, 'C'}, {{15, 3}, 1, 'A'}};
    out.letter = d % 2 ? 'B' : 'D';
    out.pair = (check_pair_t){d * (d - 1) / 2, d / 2};
    if (d <= 6) out = low[d - 3];
  }
  return out;
}

/* so(3) by twice the first fundamental weight, so(5), so(6) by the second one, everything
   else by the first or (su(d)) the last one. */
static check_action_struct action_on(const check_found_t *f, size_t ideal, ulong rank) {
  const check_module_t *m = &f->module;
  check_action_struct out = {.ideal = ideal, .pairs = 1, .dimension = m->dimension,
                             .defining = true, .dual = f->conjugate};
  bool orthogonal = m->acts == CHECK_ACTS_ORTHOGONAL;
  if (orthogonal && m->dimension == 4) { /* two su(2) */
    out.pairs = 2;
    out.dimension = 2;
  }
  if (orthogonal && m->dimension < 7 && m->dimension != 4) out.defining = false;
  if (m->acts == CHECK_ACTS_ON_PAIRS) out.defining = false;
  if (rank > CHECK_MAX_RANK) return out;
  if (m->acts == CHECK_ACTS_ON_PAIRS) { /* of so(5) = sp(2) twice the first one */
    out.labels[rank == 2 ? 0 : 1] = rank == 2 ? 2 : 1;
    return out;
  }
  size_t at = f->conjugate ? rank - 1 : 0;
  if (orthogonal && (m->dimension == 5 || m->dimension == 6)) at = 1;
  out.labels[at] = orthogonal && m->dimension == 3 ? 2 : 1;
  return out;
}

static field_t field_of(const check_found_t *f) {
  size_t d = f->module.dimension;
  if (!f->traceless) return FIELD_COMPLEX;
  if (d == 1) return FIELD_REAL;
  if (d == 2 || f->module.acts == CHECK_ACTS_SYMPLECTIC) return FIELD_QUATERNIONIC;
  bool real = f->module.acts == CHECK_ACTS_ORTHOGONAL || f->module.acts == CHECK_ACTS_ON_PAIRS;
  return real ? FIELD_REAL : FIELD_COMPLEX;
}

/* Whether a representation or its dual acts is a choice when the ideal acts once. */
static bool acts_once(const check_decomposition_struct *d, size_t k) {
  size_t root = d->list[k].link, count = 0;
  for (size_t l = 0; l < d->length; l++) count += d->list[l].link == root;
  return count == 1;
}

static void add_sector(check_sum_structure_t out, const check_decomposition_struct *d,
                       size_t k, size_t *type_of) {
  const check_found_t *f = d->list + k;
  const check_module_t *m = &f->module;
  check_sector_struct *kind = out->kinds + out->num_kinds++;
  check_ideal_struct ideal = ideal_on(module_of_ideal(d, k));
  *kind = (check_sector_struct){{m->dimension, f->multiplicity}, 1, field_of(f), 0, NULL};
  check_pairs_append(&out->sectors, &out->num_sectors, m->dimension, f->multiplicity, 1);
  if (kind->field == FIELD_REAL) out->field_balance += (slong)f->multiplicity;
  if (kind->field == FIELD_QUATERNIONIC) out->field_balance -= (slong)f->multiplicity;
  if (kind->field == FIELD_COMPLEX)
    check_pairs_append(&out->complex, &out->num_complex, m->dimension, f->multiplicity, 1);
  if (m->dimension == 1) return;
  if (f->link == k) {
    type_of[k] = out->num_types;
    out->types[out->num_types++] = ideal;
    out->dimension += ideal.copies * ideal.pair.first;
    check_pairs_append(&out->ideals, &out->num_ideals, ideal.pair.first,
                       ideal.pair.second, ideal.copies);
  }
  kind->num_actions = 1;
  kind->actions = flint_malloc(sizeof *kind->actions);
  *kind->actions = action_on(f, type_of[f->link], ideal.pair.second);
  kind->actions->alone = acts_once(d, k);
}

void check_decomposition_structure(check_sum_structure_t out,
                                   const check_decomposition_t d) {
  size_t *type_of = flint_calloc(d->length + 1, sizeof *type_of);
  out->types = flint_calloc(d->length + 1, sizeof *out->types);
  out->kinds = flint_calloc(d->length + 1, sizeof *out->kinds);
  out->center = out->dimension = d->centre;
  for (size_t k = 0; k < d->length; k++) add_sector(out, d, k, type_of);
  out->algebra_known = out->ideals_known = out->sectors_known = out->fields_known =
      out->complex_known = out->complex_all = out->actions_known = true;
  flint_free(type_of);
}
