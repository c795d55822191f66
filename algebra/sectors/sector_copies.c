/* Blocks that are copies of each other (declared in sectors.h).

   Irreducible blocks of one dimension on which X (in the associative algebra) has the same
   characteristic polynomial are copies when words map an eigenvector of X on one to one on
   the other, w v -> w v' (sector_hidden.h): the map is rational up to a factor, by Schur's
   lemma, and is lifted and checked. Excitations of electrons do the same to one spin
   whether the other's orbitals are all empty or all full. Blocks that a monomial operator
   joins already are left alone. */

#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

enum { ASSOCIATIVE = 3, MAX_CHOICES = 8 };

/* X of number `attempt` on one block: its polynomial, and an eigenvector for the first
   root in the prime field. */
typedef struct {
  nmod_poly_t polynomial;
  mp_limb_t root;
  bool has_vector;
  uint32_t *vector; /* on the whole space */
} block_view_t;

static void view_init(block_view_t *view, const sectors_struct *s, size_t block,
                      size_t attempt) {
  sector_probe_struct probe;
  uint64_t seed = 1618;
  sector_probe_init(&probe, &s->space, block, attempt, &s->prime, s->limits);
  uint32_t *u = flint_malloc((probe.dim + 1) * sizeof *u);
  uint32_t *v = flint_malloc((probe.dim + 1) * sizeof *v);
  *view = (block_view_t){.vector = flint_malloc(s->space.size * sizeof *view->vector)};
  nmod_poly_init_mod(view->polynomial, s->prime.mod);
  residues_random(u, probe.dim, s->prime.mod, &seed);
  sector_probe_polynomial(view->polynomial, &probe, u, 0);
  if ((size_t)nmod_poly_degree(view->polynomial) == probe.dim &&
      sector_roots(&view->root, view->polynomial, 1, &seed)) {
    sector_probe_eigenvectors(&v, &probe, false, view->polynomial, &view->root, 1, u);
    view->has_vector = sector_probe_is_eigenvector(&probe, false, v, view->root);
    sector_space_embed(view->vector, &s->space, block, v);
  }
  sector_probe_clear(&probe);
  flint_free(u);
  flint_free(v);
}

static void view_clear(block_view_t *view) {
  nmod_poly_clear(view->polynomial);
  flint_free(view->vector);
}

/* A map to the block and one back, if they are copies. */
static bool add_maps(sectors_struct *s, const block_view_t *a, const block_view_t *b) {
  slong *left, *right;
  size_t rank;
  if (!sector_hidden_map(&left, &right, &rank, NULL, &s->space, a->vector, b->vector, 1,
                         NULL, &s->prime))
    return false;
  size_t bytes = rank * s->space.size * sizeof *left;
  slong *from = flint_malloc(bytes), *to = flint_malloc(bytes);
  memcpy(from, right, bytes);
  memcpy(to, left, bytes);
  sector_symmetry_add_map(&s->symmetry, left, right, rank);
  sector_symmetry_add_map(&s->symmetry, from, to, rank);
  return true;
}

static size_t find(size_t *parent, size_t b) {
  while (parent[b] != b) b = parent[b] = parent[parent[b]];
  return b;
}

/* Blocks that monomial operators join. */
static void join_monomials(size_t *parent, const sectors_struct *s) {
  const sector_space_struct *space = &s->space;
  for (size_t j = 0; j < s->symmetry.length; j++) {
    const sector_operator_struct *op = s->symmetry.list + j;
    if (op->kind != SECTOR_MONOMIAL) continue;
    for (size_t b = 0; b < space->num_blocks; b++) {
      uint32_t image = op->image[space->states[space->block_start[b]]];
      parent[find(parent, b)] = find(parent, space->block_of[image]);
    }
  }
}

static size_t block_size(const sectors_struct *s, size_t b) {
  return s->space.block_start[b + 1] - s->space.block_start[b];
}

/* Joins what are copies; are there pairs that look like it and have no vector? */
static bool use_views(sectors_struct *s, size_t *parent, const block_view_t *views,
                      const bool *looked) {
  bool open = false;
  for (size_t a = 0; a < s->space.num_blocks; a++)
    for (size_t b = a + 1; b < s->space.num_blocks && looked[a]; b++) {
      if (!looked[b] || find(parent, a) == find(parent, b) ||
          !nmod_poly_equal(views[a].polynomial, views[b].polynomial) ||
          (size_t)nmod_poly_degree(views[a].polynomial) != block_size(s, a))
        continue;
      if (!views[a].has_vector || !views[b].has_vector) open = true;
      else if (add_maps(s, views + a, views + b)) parent[find(parent, b)] = find(parent, a);
    }
  return open;
}

/* Is there another block of this size, and no operator between the two? */
static bool may_have_copies(const sectors_struct *s, size_t *parent, size_t block) {
  size_t size = block_size(s, block);
  for (size_t b = 0; b < s->space.num_blocks && size <= HIDDEN_MAX_DIMENSION; b++)
    if (block_size(s, b) == size && find(parent, b) != find(parent, block)) return true;
  return false;
}

void sectors_exhibit_copies(sectors_struct *s) {
  size_t blocks = s->space.num_blocks;
  bool open = sector_space_is_real(&s->space);
  size_t *parent = flint_malloc((blocks + 1) * sizeof *parent);
  bool *looked = flint_malloc((blocks + 1) * sizeof *looked);
  block_view_t *views = flint_malloc((blocks + 1) * sizeof *views);
  for (size_t b = 0; b < blocks; b++) parent[b] = b;
  join_monomials(parent, s);
  for (size_t b = 0; b < blocks; b++) looked[b] = may_have_copies(s, parent, b);
  for (size_t k = 0; k < MAX_CHOICES && open; k++) {
    if (s->limits && s->limits->abort && s->limits->abort(s->limits->abort_data)) break;
    for (size_t b = 0; b < blocks; b++)
      if (looked[b]) view_init(views + b, s, b, ASSOCIATIVE + 4 * k);
    open = use_views(s, parent, views, looked);
    for (size_t b = 0; b < blocks; b++)
      if (looked[b]) view_clear(views + b);
  }
  flint_free(parent);
  flint_free(looked);
  flint_free(views);
}
