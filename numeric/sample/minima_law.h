/* minima_law.h - how many local minima a random landscape has, and how high.

   The landscape of p generic parameters, gates exp(-i theta P/2), in the
   Wishart class. With z = (l - least)/(mean - least), the expected number of
   local minima per period (2 pi)^p whose level lies in dz is, by Kac and Rice,
     kappa(z) dz = (2 pi)^p f(z) E[ det(H) 1{H > 0} | z, gradient 0 ] g(z) dz,
   f the density of z, g that of the gradient at 0 given z, H the Hessian.

   Wishart form, blocks b of weight w_b (adding up to 1) and m_b real degrees of
   freedom: x_b in R^(m_b) standard normal, z = sum w_b z_b, z_b = |x_b|^2/m_b;
   derivatives y_bi of x_b and its mixed second derivatives x_bij are independent
   normals (up to factors 1/2, 1/4), the diagonal ones -x_b/4. Hence
     H = 1/2 [ sum_b (w_b/m_b) Y_b Y_b^T - z 1 + sqrt(S) G ],
     g = (2 pi S)^(-p/2),   S = sum w_b^2 z_b / m_b,
   Y_b: p x m_b standard normal, its rows orthogonal to the vector
   (w_b x_b/m_b)_b of all blocks together (the gradient vanishes); G symmetric
   with diagonal 0 and standard normals above it.

   Finite form, one block, pure reduced state, O two-valued: psi uniform on the
   sphere of R^D, D = beta N, q = z m/D its weight in the upper level,
     H = 2 [ (1-q) A A^T - q B B^T ] + 1/2 sqrt(q(1-q)/D) G,
   the rows (a_i, b_i) uniform of length 1/2 in R^(m-1) x R^(D-m-1), and
     g = [ c_(D-1) / sqrt(q(1-q)) ]^p,  c_d = Gamma(d/2)/(sqrt(pi) Gamma((d-1)/2)).
   For m << D it is the Wishart form. The independence of the second derivatives
   holds as N grows: at r = N/2, p = 4 numbers were 3 to 4% too high at N = 16 (beta = 2),
   8% at N = 8 (beta = 4). Where N is small and beta known, their exact joint law is used
   instead (haar_hessian.h).

   Matrices, any number of blocks, levels and ranks: the true Hessians and the true density
   of the gradient, at any N (matrix_hessian.h).

   p < m = sum m_b (matrices: conditions that single out the least loss, in each group of
   gates): minima are isolated. From p = m on the least value is reached
   on whole manifolds; then there is no law, and traps are gone in the limit.

   How: sequential Monte Carlo (P. Del Moral, A. Doucet and A. Jasra 2006). The
   weight det(H)^a g^a is switched on by a = 0..1 at t = 0, where H has only its
   positive part, then t = 0..1 multiplies z in H, which takes H to what it
   is; a level ends when half of the weight is spent; moves that leave the
   normals and Gammas invariant (preconditioned Crank-Nicolson; thinned Gammas)
   mix between. The product of mean weights is the number of minima. Errors are
   those of independent runs, of which more are made (up to some 16e6 operations of one
   value, a second or so) until the logarithm of the number is known to 0.05 + 2% and the
   quantiles to 0.006. Of matrices it is t that is switched on first, then a; and where enough
   of what is drawn counts, plain averages take the place of all that. Deterministic for one
   seed, whatever the number of threads.

   At a random point (no condition on the gradient) the Hessian is
     H = 1/2 [ sum_b (w_b/m_b) Y_b Y_b^T - z 1 + sqrt(S) G ]  with free Y_b
   (finite form: likewise): curvature_law.

   Sources: M. Kac 1943; S. O. Rice 1945; the ensemble: E. R. Anschuetz,
   arXiv:2408.11901, and the mixed second derivatives as above.

   Layer: numeric; above random. */
#ifndef LIESCAPE_NUMERIC_MINIMA_LAW_H
#define LIESCAPE_NUMERIC_MINIMA_LAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/status.h"
#include "numeric/sample/minima_model.h"

enum { MINIMA_LAW_QUANTILES = 3, MINIMA_LAW_SHARES = 3 };
extern const double minima_law_quantiles[MINIMA_LAW_QUANTILES]; /* .1 .5 .9 */
extern const double minima_law_shares[MINIMA_LAW_SHARES]; /* .01 .05 .1 */

typedef struct {
  size_t num_particles; /* in a run; 0: the default */
  size_t num_runs;      /* independent; 0: the default */
  uint64_t seed;
  int num_threads;
  double max_operations; /* 0: the default */
  bool (*abort)(void *data);
  void *abort_data;
} minima_law_options_t;

/* A number with the standard error of its estimate. */
typedef struct {
  double value, error;
} estimate_t;

typedef struct {
  estimate_t log_number;                      /* natural logarithm */
  estimate_t number;                          /* infinite when too large */
  estimate_t quantiles[MINIMA_LAW_QUANTILES]; /* of z over the minima */
  estimate_t shares[MINIMA_LAW_SHARES];       /* of the minima with z below */
  size_t num_levels; /* bins of equal width over [0, least_empty) */
  double highest;    /* upper end of the last bin */
  double density[64]; /* of z over the minima, adds up to 1/width */
  size_t num_samples;
} minima_law_t;

/* Total real degrees of freedom. */
double minima_model_freedom(const minima_model_t *model);

/* STATUS_BAD_INPUT: p >= m, or no such model. STATUS_LIMIT: too much to do (max
   operations), or aborted; out is unchanged then. */
status_t minima_law(minima_law_t *out, const minima_model_t *model,
                    const minima_law_options_t *options);

/* Is the law that of minima_law.h's exact form, at finite N? */
bool minima_law_is_exact(const minima_model_t *model);
/* Is the space so small that the finite form is off, and too small for the exact one? So
   sp(2) on C^4: 1.23 minima per period of two parameters where the form says 1.41. */
bool minima_law_needs_matrices(const minima_model_t *model);

/* Is the model that of blocks of this beta: vectors of R^N, C^N, H^N (1, 2, 4)? A spin
   factor (beta = m - 1, N = 2) is turned in a plane of m dimensions: its derivatives are
   others, its few minima fewer and higher. At m = 3 and 5 it is a sphere of C^2 and of
   H^2. */
static inline bool minima_law_covers(double beta) {
  return beta == 1 || beta == 2 || beta == 4;
}

/* The level at which minima gather as m grows at fixed gamma = p/m: where the
   lower edge of (Marchenko-Pastur of ratio gamma) + (semicircle of variance
   gamma z), freely added, meets z:
     (1 - s)^2 (1 - gamma/s), s = (gamma + sqrt(gamma^2 + 8 gamma))/4; 0 for gamma >= 1. */
double minima_law_edge(double gamma);

#endif
