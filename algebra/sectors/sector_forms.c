/* Invariant forms of small sectors, and links between them, exhibited (declared in
   sectors.h).

   With h_j = H_j - Tr(H_j on V) / d, V is self-dual iff words map an eigenvector of X for
   e to one for the opposite eigenvalue, w(h) v -> w(-h) v' (sector_hidden.h): an
   isomorphism T of V, exact when it is lifted, with T h = -h T, and <T x, y> is an
   invariant form. Likewise from one sector to another: they carry one ideal. */

#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

/* The block that the vector lies in, or SIZE_MAX. */
static size_t find_block(const sector_space_struct *space, const uint32_t *v) {
  size_t block = SIZE_MAX;
  for (size_t b = 0; b < space->size; b++) {
    if (!v[b]) continue;
    if (block != SIZE_MAX && space->block_of[b] != block) return SIZE_MAX;
    block = space->block_of[b];
  }
  return block;
}

/* The mean of the roots. */
static mp_limb_t mean_root(const nmod_poly_t f, nmod_t mod) {
  slong d = nmod_poly_degree(f);
  mp_limb_t sum = nmod_neg(nmod_poly_get_coeff_ui(f, d - 1), mod);
  return nmod_div(sum, (mp_limb_t)d, mod);
}

/* What X of number `attempt` does to the part of e on a block. */
typedef struct {
  sector_probe_struct probe;
  nmod_poly_t own; /* its minimal polynomial on e */
  uint32_t *v, *u; /* e and the other end of the probe, on the block */
  size_t first, dim;
} view_t;

/* False when the polynomial has not this degree; to be cleared all the same. */
static bool view_init(view_t *view, const sectors_struct *s, size_t attempt,
                      size_t dimension, const uint32_t *e, size_t block) {
  const sector_space_struct *space = &s->space;
  view->first = space->block_start[block];
  view->dim = space->block_start[block + 1] - view->first;
  view->v = flint_malloc((view->dim + 1) * sizeof *view->v);
  view->u = flint_malloc((view->dim + 1) * sizeof *view->u);
  sector_probe_init(&view->probe, space, block, attempt, &s->prime, s->limits);
  nmod_poly_init_mod(view->own, s->prime.mod);
  for (size_t k = 0; k < view->dim; k++)
    view->v[k] = e[space->states[view->first + k]];
  sector_probe_generic(view->u, &view->probe, false, view->v);
  sector_probe_polynomial(view->own, &view->probe, view->u, 0);
  return nmod_poly_degree(view->own) == (slong)dimension;
}

static void view_clear(view_t *view) {
  nmod_poly_clear(view->own);
  sector_probe_clear(&view->probe);
  flint_free(view->v);
  flint_free(view->u);
}

bool sectors_eigenvector(uint32_t *other, const sectors_struct *s, size_t attempt,
                         size_t dimension, mp_limb_t difference, const uint32_t *e,
                         size_t block) {
  const sector_space_struct *space = &s->space;
  nmod_t mod = s->prime.mod;
  view_t view;
  bool ok = view_init(&view, s, attempt, dimension, e, block);
  if (ok) {
    mp_limb_t root = nmod_add(mean_root(view.own, mod), difference, mod);
    ok = nmod_poly_evaluate_nmod(view.own, root) == 0;
    if (ok) {
      uint32_t *list[1] = {view.v};
      sector_probe_eigenvectors(list, &view.probe, false, view.own, &root, 1, view.u);
      ok = sector_probe_is_eigenvector(&view.probe, false, view.v, root);
    }
    memset(other, 0, space->size * sizeof *other);
    for (size_t k = 0; k < view.dim; k++)
      other[space->states[view.first + k]] = view.v[k];
  }
  view_clear(&view);
  return ok;
}

bool sectors_root_difference(mp_limb_t *difference, const sectors_struct *s,
                             const sector_found_struct *f, const uint32_t *e, size_t block) {
  view_t view;
  bool ok = view_init(&view, s, f->attempt, f->dimension, e, block);
  if (ok)
    *difference = nmod_sub(f->root, mean_root(view.own, s->prime.mod), s->prime.mod);
  view_clear(&view);
  return ok;
}

static mp_limb_t *get_shifts(const sectors_struct *s, const sector_found_struct *f) {
  size_t num = s->space.num_generators;
  mp_limb_t *shift = flint_malloc((num + 1) * sizeof *shift);
  for (size_t j = 0; j < num; j++)
    shift[j] = nmod_div(f->traces[j], f->dimension, s->prime.mod);
  return shift;
}

/* A map from V_a to V_b with T h = sign h T, from lines number i and k of E_a and E_b. */
static bool try_lines(int *form, const sectors_struct *s,
                      const sector_found_struct *a, const sector_found_struct *b,
                      size_t i, size_t k, int sign) {
  size_t size = s->space.size, rank = 0;
  nmod_t mod = s->prime.mod;
  uint32_t *e = flint_malloc(size * sizeof *e), *line = flint_malloc(size * sizeof *e);
  uint32_t *other = flint_malloc(size * sizeof *other);
  mp_limb_t *shift[2] = {get_shifts(s, a), get_shifts(s, b)}, difference = 0;
  slong *left, *right;
  sectors_get_line(e, s, a, i);
  sectors_get_line(line, s, b, k);
  size_t from = find_block(&s->space, e), to = find_block(&s->space, line);
  bool ok = from != SIZE_MAX && to != SIZE_MAX &&
            sectors_root_difference(&difference, s, a, e, from) && difference != 0;
  if (sign < 0) difference = nmod_neg(difference, mod);
  ok = ok && sectors_eigenvector(other, s, a->attempt, b->dimension, difference, line, to) &&
       sector_hidden_map(&left, &right, &rank, form, &s->space, e, other, sign,
                         (const mp_limb_t *const *)shift, &s->prime);
  if (ok) {
    flint_free(left);
    flint_free(right);
  }
  flint_free(e);
  flint_free(line);
  flint_free(other);
  flint_free(shift[0]);
  flint_free(shift[1]);
  return ok && rank == a->dimension;
}

void sectors_exhibit_form(sectors_struct *s, sector_found_struct *f) {
  if (!sector_space_is_real(&s->space) || f->dimension > HIDDEN_MAX_DIMENSION) return;
  size_t count = sectors_num_lines(s, f);
  for (size_t i = 0; i < count && !f->form; i++)
    if (!try_lines(&f->form, s, f, f, i, i, -1)) f->form = 0;
  if (!f->form) sectors_exhibit_kin_forms(s, f);
}

/* --- small sectors ------------------------------------------------------------------------ */

/* Keeps x unless it depends on the others, made echelon in place. */
static bool add_matrix(nmod_mat_t rows, slong *rank, const nmod_mat_t x) {
  nmod_t mod = x->mod;
  slong d = nmod_mat_nrows(x), lead = 0;
  mp_limb_t *to = &nmod_mat_entry(rows, *rank, 0);
  for (slong i = 0; i < d * d; i++) to[i] = nmod_mat_entry(x, i / d, i % d);
  for (slong k = 0; k < *rank; k++) {
    const mp_limb_t *row = &nmod_mat_entry(rows, k, 0);
    for (lead = 0; !row[lead];) lead++;
    mp_limb_t c = nmod_neg(to[lead], mod);
    for (slong i = 0; i < d * d && c; i++) to[i] = nmod_addmul(to[i], c, row[i], mod);
  }
  for (lead = 0; lead < d * d && !to[lead];) lead++;
  if (lead == d * d) return false;
  mp_limb_t inverse = nmod_inv(to[lead], mod);
  for (slong i = 0; i < d * d; i++) to[i] = nmod_mul(to[i], inverse, mod);
  ++*rank;
  return true;
}

/* Brackets of what is there with the generators, until nothing is new. */
static slong close_matrices(nmod_mat_t *list, size_t num, slong d, nmod_t mod) {
  slong rank = 0, count = 0;
  nmod_mat_t rows, t, *found = flint_malloc((size_t)(d * d + 1) * sizeof *found);
  nmod_mat_init(rows, d * d + 1, d * d, mod.n);
  nmod_mat_init(t, d, d, mod.n);
  for (size_t j = 0; j < num; j++)
    if (add_matrix(rows, &rank, list[j])) nmod_mat_init_set(found[count++], list[j]);
  for (slong i = 0; i < count; i++)
    for (size_t j = 0; j < num; j++) {
      nmod_mat_t bracket;
      nmod_mat_init(bracket, d, d, mod.n);
      nmod_mat_mul(bracket, found[i], list[j]);
      nmod_mat_mul(t, list[j], found[i]);
      nmod_mat_sub(bracket, bracket, t);
      if (add_matrix(rows, &rank, bracket)) nmod_mat_init_set(found[count++], bracket);
      nmod_mat_clear(bracket);
    }
  for (slong i = 0; i < count; i++) nmod_mat_clear(found[i]);
  flint_free(found);
  nmod_mat_clear(rows);
  nmod_mat_clear(t);
  return rank;
}

size_t sectors_closed_dimension(const sectors_struct *s, const sector_found_struct *f) {
  enum { MAX_CLOSED = 8 };
  size_t num = s->space.num_generators, d = f->dimension;
  nmod_t mod = s->prime.mod;
  sector_words_struct words;
  slong rank = 0;
  if (d > MAX_CLOSED) return 0;
  if (sector_words_init(&words, &s->space, f->vectors[0], d, &s->prime) &&
      words.length == d) {
    nmod_mat_t *h = flint_malloc((num + 1) * sizeof *h);
    for (size_t j = 0; j < num; j++) {
      nmod_mat_init(h[j], (slong)d, (slong)d, mod.n);
      mp_limb_t mean = nmod_div(f->traces[j], d, mod);
      for (slong i = 0; i < (slong)(d * d); i++)
        nmod_mat_entry(h[j], i / (slong)d, i % (slong)d) =
            nmod_mat_entry(words.matrix[j], i / (slong)d, i % (slong)d);
      for (slong i = 0; i < (slong)d; i++)
        nmod_mat_entry(h[j], i, i) = nmod_sub(nmod_mat_entry(h[j], i, i), mean, mod);
    }
    rank = close_matrices(h, num, (slong)d, mod);
    for (size_t j = 0; j < num; j++) nmod_mat_clear(h[j]);
    flint_free(h);
  }
  sector_words_clear(&words);
  return (size_t)rank;
}

bool sectors_exhibit_link(const sectors_struct *s, size_t k, size_t l, int sign) {
  const sector_found_struct *a = s->list + k, *b = s->list + l;
  if (!sector_space_is_real(&s->space) || a->dimension > HIDDEN_MAX_DIMENSION) return false;
  bool found = false;
  size_t lines = sectors_num_lines(s, a), others = sectors_num_lines(s, b);
  for (size_t i = 0; i < lines && !found; i++)
    for (size_t j = 0; j < others && !found; j++)
      found = try_lines(NULL, s, a, b, i, j, sign);
  return found || sectors_exhibit_joint_links(s, k, l, sign);
}
