/* operator_matrix.h - operators of a span, on few qubits, as 2^n x 2^n matrices
   modulo a prime p = 1 mod 4:  A = sum_x X^x diag(D_x),
       D_x(s) = sum_z c_[x,z] i^(x.z) (-1)^(z.s),   s a basis state,
   so that a coefficient of a product costs 4^n. Layer: private, above module. */
#ifndef LIESCAPE_ALGEBRA_OPERATOR_MATRIX_H
#define LIESCAPE_ALGEBRA_OPERATOR_MATRIX_H

#include "algebra/closure/module.h"

enum { OPERATOR_MATRIX_MAX_QUBITS = 10 };

/* The strings of every column: those of column c are start[c]..start[c + 1] - 1. */
typedef struct {
  const span_struct *span;
  size_t *start;
  uint32_t *x, *z;
} operator_table_struct;

/* At most OPERATOR_MATRIX_MAX_QUBITS qubits. */
void operator_table_init(operator_table_struct *table, const span_struct *span);
void operator_table_clear(operator_table_struct *table);

/* out: 4^n entries, D_x(s) at x 2^n + s; coordinates: dim of them; root^2 = -1.
   False when the prime divides a denominator. */
bool operator_matrix_set(mp_limb_t *out, const operator_table_struct *table,
                         const mp_limb_t *coordinates, mp_limb_t root,
                         nmod_t mod);
/* The coordinate at a column of the product a b. */
mp_limb_t operator_matrix_product_at(const operator_table_struct *table,
                                     const mp_limb_t *a, const mp_limb_t *b,
                                     size_t column, mp_limb_t root, nmod_t mod);

#endif
