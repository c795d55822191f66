/* sphere_minima.h - how high local minima lie on several ideals su(2).

   l = sum_b w_b <u_b, R_b v_b>, R_b in SO(3) Haar, as far as the observable is in the Lie
   algebra; p generic parameters between Haar elements, each of which turns every sphere,
   about axes a_kb that are independent and uniform, by angles proportional to speeds s_kb.
   With v_b seen from there, uniform, and theta_b between u_b and v_b,
     d_k l = sum_b w_b s_kb sin(theta_b) x_kb,
     d_k d_j l = sum_b w_b s_kb s_jb [c_j t_k sin(theta_b) - (x_k x_j + t_k t_j) cos(theta_b)]
   (k after j or k = j), (x, c, t) the parts of an axis along v x u, u and the third
   direction; x is uniform on [-1, 1] (Archimedes). Given all but one x_kB that one is
   settled by d_k l = 0, with the density 1{|x_kB| <= 1}/(w_B s_kB sin(theta_B)), so by Kac
   and Rice levels of the minima are distributed as those of independent uniform
   directions weighted by
     det(H) 1{H > 0} prod_k 1{|x_kB| <= 1}/(w_B s_kB sin(theta_B)).
   Levels are z = (l - least)/(mean - least) = 1 + l/sum_b w_b.

   How: Markov chains (minima_chains.h) from near the global minimum, preconditioned
   Crank-Nicolson for Gaussian vectors that make the directions. From as many parameters on
   as the spheres have dimensions, 2 each, minima are not isolated, and there is no law.

   Layer: numeric; above minima_chains. */
#ifndef LIESCAPE_NUMERIC_SPHERE_MINIMA_H
#define LIESCAPE_NUMERIC_SPHERE_MINIMA_H

#include "numeric/sample/minima_law.h"

typedef struct {
  size_t num_spheres;
  const double *weights;    /* w_b > 0 */
  size_t num_parameters;    /* p < 2 num_spheres */
  const double *speeds;     /* p x num_spheres, > 0, each row up to a factor */
} sphere_minima_model_t;

/* Fills quantiles, shares and num_samples; the number of minima is not known (NaN).
   STATUS_LIMIT: too large, or aborted. */
status_t sphere_minima_law(minima_law_t *out, const sphere_minima_model_t *model,
                           const minima_law_options_t *options);

#endif
