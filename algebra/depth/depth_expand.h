/* depth_expand.h - one string carried through a block of gates. Private.

   R^dag Q R = Q for a rotation about G that commutes with Q, and else, with
   a the angle, (e^(ia) (Q - i iGQ) + e^(-ia) (Q + i iGQ))/2. So Q becomes
       sum over strings S and frequencies f of  c(S, f) e^(i f.theta) S,
   theta_v the variables of the block in units that make f integral.

   Layer: algebra, above depth_scalar and row_table. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_EXPAND_H
#define LIESCAPE_ALGEBRA_DEPTH_EXPAND_H

#include "algebra/depth/depth_scalar.h"
#include "algebra/depth/depth_limits.h"
#include "algebra/base/depth_number.h"
#include "algebra/base/pauli.h"
#include "algebra/base/status.h"
#include "algebra/base/row_table.h"

/* e^(i angle) = unit * exp(i shift.theta). */
typedef struct {
  const uint64_t *string;
  int64_t *shift;    /* one entry per variable of the block */
  unsigned eighth;   /* exact: unit = zeta^eighth */
  acb_t unit;        /* ball */
  /* NULL, or noise: a place, string and image_z its images of X and Z, where a string
     takes the factor of its letter. */
  const uint64_t *image_z;
  const real_struct *factors;
} expand_gate_struct;

typedef struct {
  uint32_t string, frequency; /* numbers in the two tables */
  complex_t coeff;
} expand_term_struct;

typedef struct {
  size_t num_terms;
  expand_term_struct *terms; /* sorted by string, then frequency; no zeros */
} expansion_t;

typedef struct {
  const ring_t *ring;
  size_t num_words, num_variables;
  row_table_struct *strings; /* rows of 2w words, shared by all blocks */
  row_table_t frequencies;   /* rows of num_variables integers */
  size_t num_gates;
  expand_gate_struct *gates; /* Heisenberg order */
} expand_block_t;

/* STATUS_LIMIT, nothing to clear: more terms or strings than the limits allow, or
   they said stop. */
status_t expansion_init(expansion_t *out, expand_block_t *block,
                        uint32_t string, const depth_limits_t *limits);
void expansion_clear(expansion_t *out, const expand_block_t *block);

#endif
