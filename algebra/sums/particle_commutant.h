/* particle_commutant.h - real matrices that commute with antisymmetric ones, over Q.

   See particle_algebra.h. Private to algebra/. Layer: above status only. */
#ifndef LIESCAPE_PARTICLE_COMMUTANT_H
#define LIESCAPE_PARTICLE_COMMUTANT_H

#include <stdbool.h>
#include <stddef.h>

#include "algebra/base/flint_compat.h"

typedef struct {
  size_t num_symmetric, length; /* symmetric ones first */
  fmpq_mat_struct *list;
} commutant_struct;

/* A basis of what commutes with all; count >= 1. False, and nothing to clear: it was not
   found in a few primes. */
bool commutant_init(commutant_struct *out, const fmpq_mat_struct *matrices, size_t count);
void commutant_clear(commutant_struct *commutant);

/* Combinations of list[0..length-1] that commute with all of others, as new matrices; the
   caller frees the list and its matrices. */
fmpq_mat_struct *commutant_centre(size_t *count, const fmpq_mat_struct *list, size_t length,
                                  const fmpq_mat_struct *others, size_t num_others);

#endif
