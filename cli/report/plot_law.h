/* plot_law.h - the predictions of one landscape as numbers for drawing.

   Read from the certificate. Private to the pictures. Layer: cli, above
   claims. */
#ifndef LIESCAPE_CLI_PLOT_LAW_H
#define LIESCAPE_CLI_PLOT_LAW_H

#include <jansson.h>

#include "numeric/judge/density.h"

typedef struct {
  double mean, variance; /* NaN: unknown */
  verify_landscape_struct claim; /* its law, if has_law */
  double low, high; /* the law's support; NaN without a law */
  /* Wishart form: a constant and sum of scale * Gamma(shape). 0 terms: unknown. */
  size_t num_terms;
  density_gamma_t *terms;
  /* The same for a derivative (density_gradient): as above, but on a spin factor
     (N = 2) a rotation moves two of the m components of the vectors, so that
     dl = o_i v_j - o_j v_i, which for large m has 2 degrees of freedom. */
  density_gamma_t *gradient_terms;
  double gradient_freedom; /* sum of their degrees of freedom */
} plot_law_t;

void plot_law_init(plot_law_t *law, const json_t *landscape);
void plot_law_clear(plot_law_t *law);

/* The greatest gradient variance of the landscape and its parameter; false
   when none is known. */
bool plot_law_gradient(size_t *parameter, double *variance,
                       const json_t *landscape);

#endif
