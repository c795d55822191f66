/* Invariant forms of small sectors, exhibited (declared in sectors.h).

   With h_j = H_j - Tr(H_j on V) / d, V is self-dual iff words map an eigenvector of X for
   e to one for the opposite eigenvalue, w(h) v -> w(-h) v' (sector_hidden.h): an
   isomorphism T of V, exact when it is lifted, with T h = -h T, and <T x, y> is an
   invariant form. */
#include <stdlib.h>

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

/* other: an eigenvector in the module of e for the eigenvalue that is opposite about the
   mean of them. */
static bool opposite(uint32_t *other, const sectors_struct *s,
                     const sector_found_struct *f, const uint32_t *e,
                     size_t block) {
  const sector_space_struct *space = &s->space;
  nmod_t mod = s->prime.mod;
  size_t first = space->block_start[block];
  size_t dim = space->block_start[block + 1] - first;
  sector_probe_struct probe;
  nmod_poly_t own;
  uint32_t *v = flint_malloc((dim + 1) * sizeof *v);
  uint32_t *u = flint_malloc((dim + 1) * sizeof *u);
  sector_probe_init(&probe, space, block, f->attempt, &s->prime, s->limits);
  nmod_poly_init_mod(own, mod);
  for (size_t k = 0; k < dim; k++) v[k] = e[space->states[first + k]];
  sector_probe_generic(u, &probe, false, v);
  sector_probe_polynomial(own, &probe, u, 0);
  bool ok = nmod_poly_degree(own) == (slong)f->dimension;
  if (ok) {
    slong d = nmod_poly_degree(own);
    mp_limb_t twice = nmod_neg(nmod_poly_get_coeff_ui(own, d - 1), mod);
    twice = nmod_div(nmod_mul(2, twice, mod), (mp_limb_t)d, mod);
    mp_limb_t root = nmod_sub(twice, f->root, mod);
    ok = root != f->root && nmod_poly_evaluate_nmod(own, root) == 0;
    if (ok) {
      uint32_t *list[1] = {v};
      sector_probe_eigenvectors(list, &probe, false, own, &root, 1, u);
      ok = sector_probe_is_eigenvector(&probe, false, v, root);
    }
    memset(other, 0, space->size * sizeof *other);
    for (size_t k = 0; k < dim; k++) other[space->states[first + k]] = v[k];
  }
  nmod_poly_clear(own);
  sector_probe_clear(&probe);
  flint_free(v);
  flint_free(u);
  return ok;
}

void sectors_exhibit_form(sectors_struct *s, sector_found_struct *f) {
  size_t size = s->space.size, num = s->space.num_generators, rank;
  nmod_t mod = s->prime.mod;
  if (!s->space.symmetric || f->dimension > HIDDEN_MAX_DIMENSION) return;
  uint32_t *e = flint_malloc(size * sizeof *e);
  uint32_t *other = flint_malloc(size * sizeof *other);
  mp_limb_t *shift = flint_malloc((num + 1) * sizeof *shift);
  for (size_t j = 0; j < num; j++)
    shift[j] = nmod_div(f->traces[j], f->dimension, mod);
  size_t count = sectors_num_lines(s, f);
  for (size_t i = 0; i < count && !f->form; i++) {
    slong *left, *right;
    sectors_get_line(e, s, f, i);
    size_t block = find_block(&s->space, e);
    if (block == SIZE_MAX || !opposite(other, s, f, e, block)) continue;
    if (!sector_hidden_map(&left, &right, &rank, &f->form, &s->space, e, other, -1,
                           shift, &s->prime))
      continue;
    flint_free(left);
    flint_free(right);
    if (rank != f->dimension) f->form = 0;
  }
  flint_free(e);
  flint_free(other);
  flint_free(shift);
}
