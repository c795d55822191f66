/* orbit_minima.h - how high local minima lie when the observable is in the Lie algebra.

   One ideal so(m): l = <B, S> = sum_{a<b} B_ab S_ab, S = Q S_0 Q^T, Q Haar; p generic
   parameters, gates that turn a plane (u_k, v_k) of R^m each (exp(-i theta i gamma_a
   gamma_b / 2)), between Haar elements: then S is Haar distributed and the planes, seen
   from there, are independent uniform ones, whatever the parameters. With A_k = u_k v_k^T -
   v_k u_k^T and C = [S, B]
     d_k l = u_k^T C v_k,   d_k d_j l = <[B, A_k], [A_j, S]> for k after j,
   exactly. Given S and u_k, v_k is uniform among the unit vectors orthogonal to u_k, C u_k is
   orthogonal to u_k, and d_k l = 0 has the density c / |C u_k|; so by Kac and Rice levels of
   the minima are distributed as those of (S, u, v) uniform, v_k orthogonal to C u_k too,
   weighted by
     det(H) 1{H > 0} prod_k 1 / |C u_k|.
   Levels are z = (l - least)/(mean - least).

   How: Markov chains (minima_chains.h) from near the global minimum: turns of S, with the
   planes or without, preconditioned Crank-Nicolson for Gaussian vectors that make u_k and
   v_k, one at a time, by steps of sizes that are drawn as well. From as many parameters on
   as a global minimum has conditions minima are not isolated, and there is no law.

   Layer: numeric; above minima_law (its estimates). */
#ifndef LIESCAPE_NUMERIC_ORBIT_MINIMA_H
#define LIESCAPE_NUMERIC_ORBIT_MINIMA_H

#include "numeric/sample/minima_law.h"

typedef struct {
  size_t modes;                     /* m >= 5 */
  const double *observable, *state; /* floor(m/2) numbers >= 0 each, descending */
  int orientation;                  /* sign of Pf(B) Pf(S); 0: of no matter */
  size_t num_parameters;            /* p, below the codimension of the global minima */
} orbit_minima_model_t;

/* Fills quantiles, shares and num_samples; the number of minima is not known (NaN).
   STATUS_LIMIT: too large, or aborted. */
status_t orbit_minima_law(minima_law_t *out, const orbit_minima_model_t *model,
                          const minima_law_options_t *options);

#endif
