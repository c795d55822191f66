/* loss_spectrum.h - spectra of rational symmetric matrices, as laws of losses take them.

   Private to algebra/. Eigenvalues are the roots of the irreducible factors of the
   characteristic polynomial: those of one factor have one multiplicity, equal ones are the
   same ball, and 0 is exact.

   Layer: above fermion_numbers. */
#ifndef LIESCAPE_LOSS_SPECTRUM_H
#define LIESCAPE_LOSS_SPECTRUM_H

#include "algebra/base/flint_compat.h"

/* Descending, with their multiplicities. */
typedef struct {
  slong length, alloc;
  arb_struct *values;
  slong *counts;
} loss_spectrum_t;

/* `unseen` of the zeros are left out. */
void loss_spectrum_init(loss_spectrum_t *s, const fmpq_mat_t x, slong unseen);
void loss_spectrum_clear(loss_spectrum_t *s);
/* One number for every `times` eigenvalues, in order; zeros to fill up. */
void loss_spectrum_fill(arb_struct *out, size_t rank, const loss_spectrum_t *s, slong times);
/* Subtracts the number that occurs most often, if one occurs more than `times` times. */
void loss_spectrum_shift(loss_spectrum_t *s, slong times);

/* sums[k] *= factor^(2 (k + 1)), k = 0, 1: power sums of numbers that are multiplied. */
void loss_scale_sums(fmpq *sums, const fmpq_t factor);
void loss_scale_numbers(arb_struct *list, size_t rank, const fmpq_t factor);

#endif
