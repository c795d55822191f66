/* second_moments.h - how many layers until E[l^2] is that of the group, on few qubits.

   A layer B(theta) of random angles turns O (x) O into T(O (x) O) = E[B^+ O B (x)
   B^+ O B], a linear map of norm 1 on 16^n numbers, and T^t converges to the average
   over the group; how fast is decided by the greatest eigenvalues of T below 1, the
   spectral gap. Here T is applied exactly: in the eigenbasis of the generator of a
   drive the matrix element (i, k) (x) (j, l) takes the factor
       E exp(i theta (E_i - E_k + E_j - E_l)),
   a known function of the window of theta. What is left after t layers is at most the
   sum of all later steps |T^(s+1) - T^s|, which are followed until they are rounding
   or, when there is no room for that, continued by their ratio: slow modes show in
   it however small their share.

   chain.h does the same for strings of any number of qubits whose gates have drives of
   their own; this is for sums, exponentials and shared drives.

   Layer: numeric; used to choose a depth, never to judge a claim. LAPACK and BLAS. */
#ifndef LIESCAPE_NUMERIC_SECOND_MOMENTS_H
#define LIESCAPE_NUMERIC_SECOND_MOMENTS_H

#include "numeric/sample/sampler.h"

enum { SECOND_MOMENTS_QUBITS = 4 };

/* The number of layers after which what is left is below `relative` of the limit
   (norms of vectors of 16^n components), for every observable that is sampled; INFINITY
   when it does not converge as far as can be seen. False when it does not apply: too
   many qubits, or gates of one drive that cannot be brought together. */
bool second_moments_layers(double *layers, const sampler_t *sampler,
                           double relative);

#endif
