/* minima_model.h - the landscapes that minima_law.h is about: their parameters and
   blocks. Layer: numeric. */
#ifndef LIESCAPE_NUMERIC_MINIMA_MODEL_H
#define LIESCAPE_NUMERIC_MINIMA_MODEL_H

#include <stddef.h>

typedef struct {
  double weight;  /* > 0; share of the mean offset */
  double freedom; /* m_b >= 1, real degrees of freedom, identical copies merged */
} minima_block_t;

/* One copy of a block as it is: weight Tr(P U* O U)/s, P a projector of rank s, U Haar on
   the N x N unitary matrices over F (beta = 1, 2, 4), see matrix_hessian.h. */
typedef struct {
  size_t beta, size, rank;         /* N; s, 1..N */
  double weight;                   /* not 0 */
  size_t num_levels;               /* distinct eigenvalues of O, 2 at least */
  const double *levels;            /* ascending */
  const size_t *multiplicities;    /* they add up to N */
  size_t group;                    /* of the gates that act on it */
} minima_matrix_t;

typedef struct {
  size_t num_parameters; /* p >= 1 */
  size_t num_blocks;
  const minima_block_t *blocks; /* weights add up to 1 */
  double dimension; /* D: finite form of the one block; 0: Wishart form */
  int beta; /* of the finite form: D = beta N, for the exact one; 0: unknown */
  /* Instead of all that, if there are any: the exact form of any blocks. */
  size_t num_matrices;
  const minima_matrix_t *matrices;
  const size_t *groups; /* of each parameter; NULL: 0 */
} minima_model_t;

#endif
