/* gradient_law.h - random derivatives of a loss whose law is claimed, exactly.

   A rotation exp(-i a P/2) in the middle of a deep circuit, Haar on the
   automorphisms of every block on either side; on a block X = -iP is in the
   algebra, X^2 = -1, and the input is pure (rank 1). Then
       dl/da = weight Re(psi^+ O X psi) = weight sqrt(1 - |q|^2) Re(psi^+ O chi)
   with q = psi^+ X psi imaginary (nothing for beta = 1, a complex number for
   2, a quaternion for 4) and (psi, chi) a Haar-random orthonormal pair over the
   field, independent of q:
       beta 2   (1 + |q|)/2 or (1 - |q|)/2 ~ Beta(N/2, N/2)
       beta 4   1 - |q|^2 = 4 det W / (Tr W)^2, W a complex 2 x 2 Wishart matrix
                of N degrees of freedom.
   On a spin factor (N = 2, m = beta + 1 gammas, P a product of two of them)
       dl/da = weight |o| R R' sin(phi),  R^2, R'^2 ~ Beta(1, (m - 2)/2).
   Second moment:  weight^2 c E(1-|q|^2) (N/2) / ((1 + beta N/2)(N - 1)),  c the
   variance of the eigenvalues; that of a loss is the sum over its blocks.

   The asymptotic form (variance-gamma, see density.h) has weight obar/k
   times sum_(i<=k) x_i y_i, k = beta r, r = ceil(Tr(O)^2/Tr(O^2)), O shifted to
   least eigenvalue 0 and obar its mean.

   Derivation ours, checked against dense simulation. Layer: numeric; beside
   law. */
#ifndef LIESCAPE_NUMERIC_GRADIENT_LAW_H
#define LIESCAPE_NUMERIC_GRADIENT_LAW_H

#include <stdbool.h>

#include "numeric/judge/verify_types.h"

/* Is there such a law (rank 1 in every block that varies)? Then *variance is
   its second moment. */
bool gradient_law_exists(double *variance,
                         const verify_landscape_struct *landscape);
/* Operations for one sample. */
double gradient_law_cost(const verify_landscape_struct *landscape);
/* out[0..count-1] independent; asymptotic: of the variance-gamma form. */
void gradient_law_sample(double *out, size_t count,
                         const verify_landscape_struct *landscape,
                         bool asymptotic, uint64_t seed, uint64_t purpose,
                         int num_threads);

#endif
