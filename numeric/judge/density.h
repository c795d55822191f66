/* density.h - predicted densities of losses and gradients, for pictures.

   Everything here is double precision for drawing, good to a few digits; the
   exact statements are those of the certificate, the tests those of verify.h.

   Layer: numeric; above verify.h. */
#ifndef LIESCAPE_DENSITY_H
#define LIESCAPE_DENSITY_H

#include "numeric/judge/verify_types.h"

/* scale * Gamma(shape): mean scale * shape, variance scale^2 shape. */
typedef struct {
  double scale, shape;
} density_gamma_t;

double density_normal(double x, double mean, double variance);

/* out[i] = density at x[i] of  mean + sum of independent scaled Gammas, each less its own
   mean (which may be 10^15 standard deviations). Equal scales are added up (Gamma again,
   closed form); different ones are averaged over draws of all but the broadest term. */
void density_gamma_sum(double *out, const double *x, size_t count, double mean,
                       const density_gamma_t *terms, size_t num_terms, uint64_t seed);

/* out[i] = density at x[i] of a derivative  sum_b c_b sum_(i <= k_b) x_i y_i,
   x_i and y_i independent standard normal, k_b = 2 shape of term b and c_b its
   scale / 2, all c_b multiplied by one factor that makes the variance the one
   given. With one scale this is the variance-gamma law. Mixture of normal laws
   of variance sum c_b^2 chi^2(k_b). */
void density_gradient(double *out, const double *x, size_t count,
                      const density_gamma_t *terms, size_t num_terms,
                      double variance, uint64_t seed);

/* Density of the claimed law of a landscape: at the points x (equally spaced)
   in closed form when it is a Beta law, else the histogram of reference samples
   with bins centred there; *is_exact says which. False: there is no law, it is
   a constant, or sampling it would take too long. */
bool density_claim(double *out, bool *is_exact, const double *x, size_t count,
                   const verify_landscape_struct *landscape, uint64_t seed);

#endif
