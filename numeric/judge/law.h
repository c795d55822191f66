/* law.h - the claimed law of a loss: exact distribution function where there is
   one, reference samples otherwise. See verify_block_struct for the law.

   Reference samples of a block of rank s: with F an N x s matrix of
   independent Gaussians over the field and Q = F (F^+ F)^(-1/2), the value is
   weight/s sum_i o_i |row i of Q|^2. Only the Wishart matrices of the groups
   of equal eigenvalues matter, so a group of m >= s rows is replaced by an s x s
   triangle with chi variates of beta (m - i) degrees of freedom on the
   diagonal (M. S. Bartlett 1933). For s = 1 these are Gamma(beta m/2)
   variates over their sum (Dirichlet), for any beta > 0. */
#ifndef LIESCAPE_NUMERIC_LAW_H
#define LIESCAPE_NUMERIC_LAW_H

#include <stdbool.h>

#include "algebra/base/status.h"
#include "numeric/judge/verify_types.h"

/* Does the law make sense? If not, *message says why. */
status_t law_check(const verify_landscape_struct *landscape, char **message);
/* A constant: every block has one eigenvalue, no weight, or full rank. Then
   *value is it. */
bool law_is_constant(double *value, const verify_landscape_struct *landscape);
/* One random block, two distinct eigenvalues, rank 1:
   l = low + (high - low) b,  b ~ Beta(alpha, beta). */
typedef struct {
  double low, high, alpha, beta;
} law_beta_t;
bool law_is_beta(law_beta_t *law, const verify_landscape_struct *landscape);
/* Floating-point operations for one reference sample. */
double law_cost(const verify_landscape_struct *landscape);
/* out[0..count-1], unsorted, independent; the same for a seed whatever the
   number of threads. */
void law_sample(double *out, size_t count,
                const verify_landscape_struct *landscape, uint64_t seed,
                uint64_t purpose, int num_threads);

#endif
