/* check_sector_spectra.h - for `liescape check`: the law of an observable O in an algebra
   whose sectors check_decomposition.h found, and a pure state.

   Where full su(d) act, and each ideal on at most one sector that is populated
   (check_pure.h, apart), a loss is a number plus the sum over ideals of
   Tr(B U^+ S U), U Haar: B the traceless part of O on a sector of the ideal, the one that
   is populated if there is one, and S = w (|phi><phi| - 1/d) there, else 0. O lies in the
   algebra, so it maps the module of check_module.h to itself, where its characteristic
   polynomial modulo the prime gives the power sums of B.

   Fractions with numerators below 2^28 and denominators below 2^12 are made again from
   residues: a random one has such a form with a probability of 2^-19.

   Layer: algebra, above check_pure. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SECTOR_SPECTRA_H
#define LIESCAPE_ALGEBRA_CHECK_SECTOR_SPECTRA_H

#include "algebra/check/sums/check_pure.h"

typedef struct {
  size_t size; /* d */
  fmpq *observable, *state; /* [r]: Tr B^(r+1), Tr S^(r+1), r < d */
} check_sector_ideal_t;

typedef struct {
  size_t length;
  check_sector_ideal_t *list;
} check_sector_spectra_struct;
typedef check_sector_spectra_struct check_sector_spectra_t[1];

/* Every ideal once. False, with nothing to clear: something else acts, it is too large, or
   a number is no such fraction. */
bool check_sector_spectra_init(check_sector_spectra_t out, const check_pure_t pure,
                               const pauli_sum_struct *observable);
void check_sector_spectra_clear(check_sector_spectra_t spectra);

#endif
