/* sector_sparse.h - matrices of small integers, by entries.

   Layer: private to algebra, above flint_compat. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_SPARSE_H
#define LIESCAPE_ALGEBRA_SECTOR_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/flint_compat.h"

/* Sorted by row, then column. */
typedef struct {
  size_t length, alloc;
  uint32_t *row, *col;
  slong *val;
} sector_sparse_struct;

void sector_sparse_init(sector_sparse_struct *a);
void sector_sparse_clear(sector_sparse_struct *a);
void sector_sparse_push(sector_sparse_struct *a, uint32_t row, uint32_t col,
                        slong val);
/* Sorts, adds equal entries up and drops zeros. */
void sector_sparse_canonicalise(sector_sparse_struct *a);
/* out (empty) = a b, of at most `size` rows and columns; false when an entry exceeds 2^40. */
bool sector_sparse_multiply(sector_sparse_struct *out, const sector_sparse_struct *a,
                            const sector_sparse_struct *b, size_t size);
/* Divides by the greatest common divisor of the entries, which is returned (0 for a = 0). */
ulong sector_sparse_remove_content(sector_sparse_struct *a);
/* Tr(a* b); a* = a^T, or W^-1 a^T W for the diagonal matrix W of weights, an integer matrix:
   entries of a are multiples of weight[col] / gcd(weight[row], weight[col]). */
void sector_sparse_inner(fmpz_t out, const sector_sparse_struct *a,
                         const sector_sparse_struct *b, const slong *weight);
/* At least 1, and |eigenvalues| and |singular values|: the largest sum of a row or column. */
slong sector_sparse_norm(const sector_sparse_struct *a, size_t size);

#endif
