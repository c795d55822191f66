/* torus_minima.h - every local minimum of a function of few angles.

   f(a) = sum over j in {0, 1, 2}^p of c_j prod_k e_(j_k)(a_k), e = (1, cos, sin): the
   loss of p rotations about Pauli strings, one gate each. 3^p numbers, found from as
   many values of f at multiples of 2 pi/3.

   Minima by descents (Newton's with a shift that makes it go down) from random
   angles, the last of which is put at its best by hand, until so many have led to
   what was known that, of w minima after n descents, w (n - 1)/(n - w - 2) are
   expected in all to within a share of 1/200 (C. G. E. Boender and A. H. G. Rinnooy
   Kan, "Bayesian stopping rules for multistart global optimization methods", 1987).

   Layer: numeric; above random. */
#ifndef LIESCAPE_NUMERIC_TORUS_MINIMA_H
#define LIESCAPE_NUMERIC_TORUS_MINIMA_H

#include <stdbool.h>
#include <stddef.h>

#include "numeric/machine/random.h"

enum { TORUS_MAX = 4, TORUS_TERMS = 81, TORUS_MINIMA = 64 };

typedef struct {
  size_t p;                   /* 1..TORUS_MAX */
  double coeffs[TORUS_TERMS]; /* j_0 slowest */
} torus_function_t;

/* values[i], i_0 slowest, at the angles 2 pi i_k / 3. */
void torus_interpolate(torus_function_t *f, size_t p, const double *values);
double torus_value(const torus_function_t *f, const double *angles);

typedef struct {
  size_t count;                 /* different ones */
  double values[TORUS_MINIMA];  /* in the order in which they were found */
  double angles[TORUS_MINIMA][TORUS_MAX]; /* in [0, 2 pi) */
  size_t num_descents;
  bool complete; /* the rule was met, and no minimum was flat or one too many */
} torus_minima_t;
void torus_find_minima(torus_minima_t *out, const torus_function_t *f,
                       random_stream_t *random);

#endif
