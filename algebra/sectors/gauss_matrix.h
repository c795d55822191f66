/* gauss_matrix.h - small dense matrices over Q(i), by a common denominator:
   (re + i im) / den.

   Layer: private to algebra. */
#ifndef LIESCAPE_ALGEBRA_GAUSS_MATRIX_H
#define LIESCAPE_ALGEBRA_GAUSS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include <flint/fmpq.h>
#include <flint/fmpz_mat.h>

#include "algebra/base/flint_compat.h"

typedef struct {
  fmpz_mat_t re, im;
  fmpz_t den; /* positive */
} gauss_matrix_struct;
typedef gauss_matrix_struct gauss_matrix_t[1];

void gauss_matrix_init(gauss_matrix_t a, size_t rows, size_t cols); /* 0 */
void gauss_matrix_clear(gauss_matrix_t a);
/* out (initialised, of the right shape) = a b; distinct from both. */
void gauss_matrix_mul(gauss_matrix_t out, const gauss_matrix_t a,
                      const gauss_matrix_t b);
/* Divides re, im and den by their content. */
void gauss_matrix_reduce(gauss_matrix_t a);
/* The real part of Tr a, a square. */
void gauss_matrix_trace(fmpq_t out, const gauss_matrix_t a);
/* The real part of Tr(a b), without the product. */
void gauss_matrix_trace_product(fmpq_t out, const gauss_matrix_t a,
                                const gauss_matrix_t b);
bool gauss_matrix_is_zero(const gauss_matrix_t a);
/* Modulo a prime that does not divide den, root^2 = -1. */
void gauss_matrix_get_nmod(nmod_mat_t out, const gauss_matrix_t a, mp_limb_t root);

#endif
