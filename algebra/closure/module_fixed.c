/* What the maps of a module that kill v kill, modulo a prime (declared in module.h).
   Basis elements whose images share a coordinate under one map belong together; the
   kernel is the sum of those of such groups, which gradings make small. */

#include "algebra/closure/module.h"

void module_mod_left_kernel(nmod_mat_t out, const nmod_mat_t a) {
  nmod_mat_t t, x;
  nmod_mat_init(t, nmod_mat_ncols(a), nmod_mat_nrows(a), a->mod.n);
  nmod_mat_transpose(t, a);
  nmod_mat_init(x, nmod_mat_nrows(a), nmod_mat_nrows(a), a->mod.n);
  slong nullity = nmod_mat_nullspace(x, t);
  nmod_mat_init(out, nullity, nmod_mat_nrows(a), a->mod.n);
  for (slong i = 0; i < nullity; i++)
    for (slong j = 0; j < nmod_mat_nrows(a); j++)
      nmod_mat_entry(out, i, j) = nmod_mat_entry(x, j, i);
  nmod_mat_rref(out);
  nmod_mat_clear(t);
  nmod_mat_clear(x);
}


static uint32_t find_root(uint32_t *parent, uint32_t k) {
  while (parent[k] != k) k = parent[k] = parent[parent[k]];
  return k;
}

/* parent: of basis elements, then of (map, coordinate). */
static void group(uint32_t *parent, const module_mod_struct *m,
                  const bool *kills) {
  size_t dim = m->dim;
  for (size_t k = 0; k < dim * (m->num_maps + 1); k++) parent[k] = (uint32_t)k;
  for (size_t j = 0; j < m->num_maps; j++)
    for (size_t k = 0; k < dim && kills[j]; k++)
      for (uint32_t e = 0; e < m->length[j * dim + k]; e++) {
        uint32_t a = find_root(parent, (uint32_t)k);
        uint32_t b = find_root(
            parent, (uint32_t)((j + 1) * dim + m->idx[j * dim + k][e]));
        parent[b] = a;
      }
}

/* The kernel on the basis elements list[0..size-1] of one group. number: scratch, as
   long as parent, all UINT32_MAX. */
static void group_kernel(nmod_mat_t out, const module_mod_struct *m,
                         const bool *kills, const uint32_t *list, size_t size,
                         uint32_t *number) {
  size_t dim = m->dim, columns = 0;
  nmod_mat_t image;
  for (int pass = 0; pass < 2; pass++) { /* count, then fill */
    if (pass == 1)
      nmod_mat_init(image, (slong)size, (slong)(columns ? columns : 1), m->mod.n);
    for (size_t r = 0; r < size; r++)
      for (size_t j = 0; j < m->num_maps; j++)
        for (uint32_t e = 0; kills[j] && e < m->length[j * dim + list[r]]; e++) {
          uint32_t *at = number + (j + 1) * dim + m->idx[j * dim + list[r]][e];
          if (pass == 0 && *at == UINT32_MAX) *at = (uint32_t)columns++;
          if (pass == 1)
            nmod_mat_entry(image, (slong)r, (slong)*at) =
                m->val[j * dim + list[r]][e];
        }
  }
  module_mod_left_kernel(out, image);
  nmod_mat_clear(image);
}

void module_mod_fixed(nmod_mat_t out, const module_mod_struct *m,
                      const mp_limb_t *v) {
  size_t dim = m->dim, nodes = dim * (m->num_maps + 1), rows = 0;
  bool *kills = flint_malloc((m->num_maps + 1) * sizeof *kills);
  mp_limb_t *y = flint_malloc((dim + 1) * sizeof *y);
  uint32_t *parent = flint_malloc((nodes + 1) * sizeof *parent);
  uint32_t *number = flint_malloc((nodes + 1) * sizeof *number);
  uint32_t *list = flint_malloc((dim + 1) * sizeof *list);
  mp_limb_t *all = NULL; /* rows of dim */
  nmod_mat_t kernel;
  for (size_t j = 0; j < m->num_maps; j++) {
    module_mod_apply(y, v, m, j);
    kills[j] = _nmod_vec_is_zero(y, (slong)dim);
  }
  group(parent, m, kills);
  memset(number, 0xff, nodes * sizeof *number);
  for (size_t first = 0; first < dim; first++) {
    size_t size = 0;
    uint32_t root = find_root(parent, (uint32_t)first);
    if (number[first] != UINT32_MAX) continue; /* of a group that is done */
    for (size_t k = first; k < dim; k++)
      if (find_root(parent, (uint32_t)k) == root) {
        list[size++] = (uint32_t)k;
        number[k] = 0;
      }
    group_kernel(kernel, m, kills, list, size, number);
    for (slong i = 0; i < nmod_mat_nrows(kernel); i++, rows++) {
      all = flint_realloc(all, (rows + 1) * dim * sizeof *all);
      memset(all + rows * dim, 0, dim * sizeof *all);
      for (size_t k = 0; k < size; k++)
        all[rows * dim + list[k]] = nmod_mat_entry(kernel, i, (slong)k);
    }
    nmod_mat_clear(kernel);
  }
  nmod_mat_init(out, (slong)rows, (slong)dim, m->mod.n);
  for (size_t i = 0; i < rows; i++)
    for (size_t k = 0; k < dim; k++)
      nmod_mat_entry(out, (slong)i, (slong)k) = all[i * dim + k];
  nmod_mat_rref(out);
  flint_free(all);
  flint_free(kills);
  flint_free(y);
  flint_free(parent);
  flint_free(number);
  flint_free(list);
}
