/* slice.h - the landscape of an ansatz as written in a plane of parameter space, for a
   picture: around the end of a descent, along two random directions (H. Li, Z. Xu, G.
   Taylor, C. Studer and T. Goldstein, arXiv:1712.09913).

   theta(s, t) = centre + s u + t v, u and v normal random numbers made orthogonal, with
   mean square 1 in units of the period over 2 pi: s = pi turns a typical parameter by half
   a period.

   Layer: numeric; above minima_search. */
#ifndef LIESCAPE_SLICE_H
#define LIESCAPE_SLICE_H

#include "algebra/base/ansatz.h"

enum { SLICE_MOST_POINTS = 41 };

typedef struct {
  size_t points;     /* a side of the grid, odd; s and t from -reach to reach */
  double reach;
  double *loss;      /* [i * points + j] at s_i, t_j */
  double start, end; /* losses of the descent, from random parameters to the centre */
  size_t steps;
} slice_t;

/* False, with nothing to clear, when there is no parameter or it takes more than some
   10^9 operations. */
bool slice_init(slice_t *slice, const ansatz_t ansatz, size_t observable, size_t state,
                uint64_t seed);
void slice_clear(slice_t *slice);

#endif
