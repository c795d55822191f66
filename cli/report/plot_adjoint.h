/* plot_adjoint.h - the density of the loss of an observable in the algebra, for drawing:
   differences of its exact distribution function. Private to the pictures.

   Layer: cli, above adjoint_cdf. */
#ifndef LIESCAPE_CLI_PLOT_ADJOINT_H
#define LIESCAPE_CLI_PLOT_ADJOINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The mean density around each of n equidistant points; false when the landscape has no
   such law, or one that is not computed (orbits of large rank). */
bool plot_adjoint_density(double *density, const double *x, size_t n,
                          const json_t *landscape);

#endif
