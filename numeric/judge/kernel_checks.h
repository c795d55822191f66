/* kernel_checks.h - the claimed mean neural tangent kernel, tested on samples.

   K_ij = sum_k E[d_k l_i d_k l_j] over the parameters of the ansatz: the mean of the
   products of derivatives by the adjoint method (sampler.h), both inputs at the same
   angles, of the deep circuit or of the circuit as written.
   Layer: numeric; above checks, below the runs that sample. */
#ifndef LIESCAPE_NUMERIC_KERNEL_CHECKS_H
#define LIESCAPE_NUMERIC_KERNEL_CHECKS_H

#include "numeric/judge/checks.h"

/* Is there a number in the matrix? NULL: no. */
bool kernel_claimed(const verify_claims_struct *claims, const double *matrix);

/* A couple for every entry i <= j of the matrix (of verify_claims_struct) that is
   claimed; the pairs of the sampler are the landscapes of the claims. */
void kernel_products_init(slope_products_t *products, const ansatz_t ansatz,
                          const verify_claims_struct *claims, const double *matrix);

/* Appends a check for each of the products of the input, names beginning with prefix. */
void kernel_checks(verify_report_t report, const checks_input_t *input,
                   const double *matrix, const char *prefix);

#endif
