/* minima_grid.h - every local minimum of a function of one or two angles, and how far a
   law of their levels is from them. */
#ifndef LIESCAPE_TESTS_MINIMA_GRID_H
#define LIESCAPE_TESTS_MINIMA_GRID_H

#include "numeric/sample/minima_law.h"

enum { MINIMA_GRID = 48, MINIMA_GRID_MOST = 64 };

typedef double minima_grid_loss_t(const void *circuit, const double *theta);

/* Values of the minima over a period of 2 pi each, p = 1 or 2, as cells of a grid below
   their neighbours; MINIMA_GRID_MOST of them at most. */
size_t minima_grid_find(double *found, minima_grid_loss_t *loss, const void *circuit, size_t p);

/* Largest distance of the quantiles of the law from levels that were found, in standard
   errors; sorts them. Prints what is further than 4. */
double minima_grid_distance(double *levels, size_t count, const minima_law_t *law);

#endif
