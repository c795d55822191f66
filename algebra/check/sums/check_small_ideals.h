/* check_small_ideals.h - may one ideal act on two modules by different representations, each
   of them full for its kind?

   Of the classical algebras on their own C^d these share an ideal: su(2) on C^2, so(3) on C^3
   and half of so(4) on C^4; sp(2) on C^4 and so(5) on C^5; su(4) on C^4 and so(6) on C^6; and
   so(8) with itself, by triality, but check_module does not tell so(8) from so(7) on C^8. One
   element whose eigenvalues do not fit refutes it: those on doublets; sums of two of four.

   Layer: private to algebra/check, above check_module. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SMALL_IDEALS_H
#define LIESCAPE_ALGEBRA_CHECK_SMALL_IDEALS_H

#include "algebra/check/sums/check_module.h"

/* By kinds and dimensions, a before b in the list above. */
bool check_kinds_may_share(const check_module_t *a, const check_module_t *b);
/* f, g: characteristic polynomials of the traceless part of one element there. */
bool check_spectra_may_share(const check_module_t *a, const check_module_t *b,
                             const nmod_poly_t f, const nmod_poly_t g);

#endif
