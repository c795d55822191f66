/* sum_landscape.h - landscapes and covariances when generators are sums of
   strings: moments of sum_moments.h, kept so that inputs share them.

   Layer: above sum_moments; landscape is its result type. */
#ifndef LIESCAPE_SUM_LANDSCAPE_H
#define LIESCAPE_SUM_LANDSCAPE_H

#include "algebra/base/reason.h"
#include "algebra/laws/landscape.h"
#include "algebra/sums/sum_entry.h"

/* Keeps the pointers (algebra may be NULL). limits->abort_data must live as long. */
void sum_landscapes_init(sum_landscapes_t sums, const generator_set_t set,
                         const ansatz_t ansatz,
                         const sum_algebra_struct *algebra,
                         const closure_limits_t *limits);
void sum_landscapes_clear(sum_landscapes_t sums);

/* Mean, variance, gradient variances, Wishart blocks; what is not known has a
   reason. */
void landscape_init_sums(landscape_t landscape, sum_landscapes_t sums,
                         size_t observable, size_t state);

/* Covariance of the losses of two states of the ansatz under the same U. REASON_NONE,
   or why it is not known, with covariance unchanged. */
reason_code_t sum_landscapes_covariance(fmpq_t covariance, sum_landscapes_t sums,
                                        size_t observable, size_t a, size_t b);

/* E[Tr(rho U^dag X U)] for an operator X that is no observable of the ansatz. False:
   not known within max_dimension for the module of X. */
bool sum_landscapes_mean(fmpq_t mean, sum_landscapes_t sums, const pauli_sum_t x,
                         size_t state, size_t max_dimension);

#endif
