/* sum_entry.h - what landscapes of sums of strings are made from, kept so that inputs
   share it. Layer: private to algebra, above sum_moments. */
#ifndef LIESCAPE_SUM_ENTRY_H
#define LIESCAPE_SUM_ENTRY_H

#include "algebra/sums/sum_moments.h"
#include "algebra/sums/sum_structure.h"

/* Moments by observable (moved through the Cliffords, averaged). */
typedef struct {
  pauli_sum_struct observable;
  sum_moments_struct moments;
} sum_entry_struct;

/* What is known of the algebra, for the Wishart blocks. NULL: the generators are
   strings, whose blocks landscape_init_strings makes, for stabilizer states. */
typedef struct {
  const closure_struct *closure;
  const structure_struct *structure;
  const sum_projectors_struct *projectors;
} sum_algebra_struct;

typedef struct {
  const sum_algebra_struct *algebra; /* or NULL */
  const generator_set_struct *set;
  const ansatz_struct *ansatz;
  closure_limits_t limits;
  size_t num_entries;
  sum_entry_struct **entries;
} sum_landscapes_struct;
typedef sum_landscapes_struct sum_landscapes_t[1];

#endif
