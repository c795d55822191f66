#include "algebra/closure/echelon.h"

#include <assert.h>

#include "algebra/base/flint_compat.h"
#include "algebra/closure/span.h"

/* Products of residues below 2^28 that fit on top of a residue in 64 bits. */
enum { LAZY = 200 };

void echelon_init(echelon_struct *echelon, size_t dim, nmod_t mod) {
  assert(mod.n < UINT64_C(1) << 28);
  *echelon = (echelon_struct){.mod = mod, .dim = dim};
  echelon->rows = flint_malloc((dim + 1) * sizeof *echelon->rows);
  echelon->lead = flint_malloc((dim + 1) * sizeof *echelon->lead);
  echelon->acc = flint_malloc((dim + 1) * sizeof *echelon->acc);
}

void echelon_clear(echelon_struct *echelon) {
  for (size_t k = 0; k < echelon->rank; k++) flint_free(echelon->rows[k]);
  flint_free(echelon->rows);
  flint_free(echelon->lead);
  flint_free(echelon->acc);
}

/* NMOD_RED would shift an int by up to 63. */
static void settle(echelon_struct *echelon) {
  for (size_t i = 0; i < echelon->dim; i++)
    NMOD_RED2(echelon->acc[i], UWORD(0), echelon->acc[i], echelon->mod);
}

bool echelon_add(echelon_struct *echelon, const mp_limb_t *x) {
  size_t dim = echelon->dim, lead = 0;
  uint64_t *acc = echelon->acc;
  unsigned products = 0;
  for (size_t i = 0; i < dim; i++) acc[i] = x[i];
  for (size_t k = 0; k < echelon->rank; k++) {
    size_t at = echelon->lead[k];
    uint64_t c;
    NMOD_RED2(c, UWORD(0), acc[at], echelon->mod);
    if (c == 0) {
      acc[at] = 0;
      continue;
    }
    span_axpy(acc + at, echelon->rows[k] + at,
              (uint32_t)(echelon->mod.n - c), dim - at);
    if (++products == LAZY) {
      settle(echelon);
      products = 0;
    }
  }
  settle(echelon);
  while (lead < dim && acc[lead] == 0) lead++;
  if (lead == dim) return false;
  uint32_t *row = flint_malloc((dim + 1) * sizeof *row);
  mp_limb_t inverse = nmod_inv(acc[lead], echelon->mod);
  for (size_t i = 0; i < dim; i++)
    row[i] = (uint32_t)nmod_mul(acc[i], inverse, echelon->mod);
  echelon->rows[echelon->rank] = row;
  echelon->lead[echelon->rank++] = lead;
  return true;
}

void echelon_row(mp_limb_t *x, const echelon_struct *echelon, size_t k) {
  for (size_t i = 0; i < echelon->dim; i++) x[i] = echelon->rows[k][i];
}
