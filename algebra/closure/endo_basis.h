/* endo_basis.h - all endomorphisms of a cyclic module as exact sparse matrices.

   endo_init gives w_a = phi_a(v), and bounds their number from above; here the
   matrices phi_a are found modulo primes (words applied to w_a over words
   applied to v, one inverse for all; or row by row, when images under the maps
   bring in one new basis vector at a time), lifted to Q, and proved:
     phi_a G_j - G_j phi_a, times common denominators, is an integer matrix with
   entries below a bound; it vanishes modulo primes whose product exceeds that
   bound, hence vanishes. Together: a basis of End(M) over Q.

   Layer: private to algebra, above module. */
#ifndef LIESCAPE_ALGEBRA_ENDO_BASIS_H
#define LIESCAPE_ALGEBRA_ENDO_BASIS_H

#include "algebra/closure/module.h"

typedef struct {
  size_t num, dim;
  sparse_vector_struct *rows; /* row k of phi_a: rows[a * dim + k] */
} endo_basis_struct;

/* STATUS_LIMIT: time, or more than max_bytes. */
status_t endo_basis_init(endo_basis_struct *basis, const module_struct *module,
                         const fmpq_mat_t v, const endo_struct *endo,
                         size_t max_bytes, const closure_limits_t *limits);
void endo_basis_clear(endo_basis_struct *basis);
static inline const sparse_vector_struct *
endo_basis_row(const endo_basis_struct *basis, size_t a, size_t k) {
  return basis->rows + a * basis->dim + k;
}
/* y = x phi_a, both 1 x dim, distinct. */
void endo_basis_apply(fmpq_mat_t y, const fmpq_mat_t x,
                      const endo_basis_struct *basis, size_t a);

#endif
