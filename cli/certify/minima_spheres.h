/* minima_spheres.h - the law of the local minima where the observable is in the Lie algebra
   and all ideals that it moves on are su(2): numeric/sample/sphere_minima.h.

   Each parameter must turn every such sphere, by a gate of its own.

   Layer: cli, above algebra and numeric. */
#ifndef LIESCAPE_CLI_MINIMA_SPHERES_H
#define LIESCAPE_CLI_MINIMA_SPHERES_H

#include "algebra/analysis/adjoint.h"
#include "numeric/sample/minima_law.h"

/* The middle of a ball: a number of a model. */
double minima_middle(const arb_t ball);

/* live: parameters that can move the loss, ascending. False: another kind, or too large. */
bool minima_spheres_find(minima_law_t *out, const adjoint_struct *adjoint,
                         const generator_set_struct *set, const size_t *live, size_t num_live,
                         const minima_law_options_t *options);

#endif
