/* kernel.h - the mean neural tangent kernel of several inputs, deep circuit.

   K_ij = sum_k E[d_k l_i d_k l_j] is bilinear in the two inputs, and the sum of the
   gradient variances, G(rho), is its diagonal. So with the state half way between,
     K_ij = 2 G((rho_i + rho_j)/2) - (G(rho_i) + G(rho_j))/2.

   Layer: above analysis. */
#ifndef LIESCAPE_KERNEL_H
#define LIESCAPE_KERNEL_H

#include "algebra/analysis/analysis.h"

/* Strings of the states half way. */
enum { KERNEL_STRINGS = 1024 };

/* entries[i * n + j] (initialised), n = a->ansatz->num_states, for one observable.
   REASON_NONE, or why they are not known. Costs an analysis of n (n - 1)/2 more
   states. */
reason_code_t analysis_kernel(fmpq *entries, const analysis_t a, size_t observable);

#endif
