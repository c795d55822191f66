/* minima_model.h - the landscapes that minima_law.h is about: their parameters and
   blocks. Layer: numeric. */
#ifndef LIESCAPE_NUMERIC_MINIMA_MODEL_H
#define LIESCAPE_NUMERIC_MINIMA_MODEL_H

#include <stddef.h>

typedef struct {
  double weight;  /* > 0; share of the mean offset */
  double freedom; /* m_b >= 1, real degrees of freedom, identical copies merged */
} minima_block_t;

typedef struct {
  size_t num_parameters; /* p >= 1 */
  size_t num_blocks;
  const minima_block_t *blocks; /* weights add up to 1 */
  double dimension; /* D: finite form of the one block; 0: Wishart form */
  int beta; /* of the finite form: D = beta N, for the exact one; 0: unknown */
} minima_model_t;

#endif
