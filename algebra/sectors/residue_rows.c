#include "algebra/sectors/residue_rows.h"

void residue_rows_init(residue_rows_struct *r, size_t length, size_t max, nmod_t mod) {
  *r = (residue_rows_struct){.length = length, .mod = mod};
  r->rows = flint_malloc((max + 1) * sizeof *r->rows);
  r->lead = flint_malloc((max + 1) * sizeof *r->lead);
  nmod_mat_init(r->change, (slong)max, (slong)max, mod.n);
}

void residue_rows_clear(residue_rows_struct *r) {
  for (size_t k = 0; k < r->rank; k++) flint_free(r->rows[k]);
  flint_free(r->rows);
  flint_free(r->lead);
  nmod_mat_clear(r->change);
}

/* x is reduced; coordinates (max entries) get its part in the vectors that were
   added. True when x becomes 0. */
bool residue_rows_reduce(uint32_t *x, mp_limb_t *coordinates,
                        const residue_rows_struct *r) {
  for (size_t i = 0; i < r->rank; i++) coordinates[i] = 0;
  for (size_t k = 0; k < r->rank; k++) {
    mp_limb_t c = x[r->lead[k]];
    if (!c) continue;
    residues_addmul(x, r->rows[k], nmod_neg(c, r->mod), r->length, r->mod);
    for (size_t i = 0; i <= k; i++)
      coordinates[i] = nmod_addmul(
          coordinates[i], c, nmod_mat_entry(r->change, (slong)k, (slong)i), r->mod);
  }
  return residues_are_zero(x, r->length);
}

/* Adds x, whose reduced form is given with the coordinates of what was taken away. */
void residue_rows_add(residue_rows_struct *r, uint32_t *reduced,
                     const mp_limb_t *coordinates) {
  size_t k = r->rank, at = 0;
  while (!reduced[at]) at++;
  mp_limb_t inverse = nmod_inv(reduced[at], r->mod);
  for (size_t i = 0; i < r->length; i++)
    reduced[i] = residue_mul(inverse, reduced[i], r->mod);
  for (size_t i = 0; i < k; i++)
    nmod_mat_entry(r->change, (slong)k, (slong)i) =
        nmod_neg(nmod_mul(inverse, coordinates[i], r->mod), r->mod);
  nmod_mat_entry(r->change, (slong)k, (slong)k) = inverse;
  r->rows[k] = reduced;
  r->lead[k] = at;
  r->rank++;
}
