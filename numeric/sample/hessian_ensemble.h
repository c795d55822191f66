/* hessian_ensemble.h - random Hessians of the landscapes of minima_law.h.

   A state holds the independent variables that a Hessian is made of: Gamma
   variates (levels; the squared diagonals of Bartlett's triangular factors, M. S.
   Bartlett 1933) and standard normals. A Gram matrix of p vectors in d
   dimensions takes p (p + 1)/2 of them if d >= p, p d otherwise.

   Conditioned: the gradient vanishes, see minima_law.h. Free: a random point;
   then the derivatives also have a part along the gradient's direction.

   A finite form with beta given, whose D and p are at most ENSEMBLE_EXACT and
   ENSEMBLE_EXACT_PARAMETERS, is the exact law of haar_hessian.h: ten times dearer, and
   of no consequence for few parameters in a large D. Matrices (minima_model.h) are those
   of matrix_hessian.h.

   Layer: numeric; above random, haar_hessian and matrix_hessian. */
#ifndef LIESCAPE_NUMERIC_HESSIAN_ENSEMBLE_H
#define LIESCAPE_NUMERIC_HESSIAN_ENSEMBLE_H

#include <stdbool.h>

#include "numeric/machine/random.h"
#include "numeric/sample/haar_hessian.h"
#include "numeric/sample/matrix_hessian.h"
#include "numeric/sample/minima_model.h"

enum { ENSEMBLE_EXACT = 64, ENSEMBLE_EXACT_PARAMETERS = 8 };

typedef struct {
  size_t num_parameters, num_blocks; /* p; B */
  double *weights, *freedoms;        /* B each */
  double dimension;                  /* D, or 0 */
  bool is_free;
  /* Gram matrices: degrees of freedom (num_grams = B, or 2 if finite). */
  size_t num_grams;
  double *gram_freedoms;
  /* A state: gammas (num_levels of them of the radius), then normals. */
  size_t num_levels, num_gammas, num_normals, size;
  double *shapes;                       /* of the gammas */
  double log_density;                   /* log c_(D-1), finite form */
  double log_scale;     /* log of what the tilted radius stands for */
  bool is_rest_tilted;  /* 1 - q too */
  bool is_exact;        /* as haar_hessian.h says, in place of Gram matrices */
  haar_hessian_t haar;
  bool has_matrices;    /* as matrix_hessian.h says */
  matrix_hessian_t matrices;
  double operations;                    /* of one value, roughly */
} ensemble_t;

typedef struct {
  double level;        /* z */
  double log_gradient; /* density of the gradient at 0, up to the radius; -infinity: it
                          cannot vanish */
  double log_det;      /* of H; -infinity unless H > 0 */
} ensemble_value_t;

typedef struct {
  double *hessian, *radial; /* p x p; p x B, or haar_hessian_room, or
                                matrix_hessian_room */
  double log_gradient;
} ensemble_work_t;

/* False: no such model (freedoms below 1; a finite form of several blocks or
   with m >= D; weights not positive; or what matrix_hessian.h does not cover). */
bool ensemble_init(ensemble_t *e, const minima_model_t *model);
bool ensemble_init_free(ensemble_t *e, const minima_model_t *model);
void ensemble_clear(ensemble_t *e);
void ensemble_work_init(ensemble_work_t *work, const ensemble_t *e);
void ensemble_work_clear(ensemble_work_t *work);

/* A random state. */
void ensemble_draw(double *state, const ensemble_t *e, random_stream_t *random);
/* A move that leaves the law of states invariant and is reversible under it;
   step2 in (0, 1]: 1 draws anew. out and state differ. */
void ensemble_move(double *out, const double *state, const ensemble_t *e,
                   double step2, random_stream_t *random);
/* The Hessian, lower triangle, with z replaced by t z in it (matrices: its second term
   times t), in work->hessian; returns the level (of t = 1). In units of the mean offset.
   Matrices: work->log_gradient is set, too; where it is -infinity there is no Hessian. */
double ensemble_hessian(ensemble_work_t *work, const double *state,
                        const ensemble_t *e, double t);
ensemble_value_t ensemble_value(const ensemble_t *e, const double *state,
                                double t, ensemble_work_t *work);

#endif
