/* adjoint_cdf.h - distribution functions of losses of observables in the Lie algebra.

   Up to a few su(2) ideals that vary, and no other: with the half-widths w_i the
   piecewise polynomial
     sum over signs e of prod(e) (x + sum e_i w_i)_+^n / (2^n n! prod w_i).
   One ideal su(m), one of its spectra a single number but for a shift: unitary_orbit.h.
   Else the Fourier series over a period P that holds the support,
     1/2 + x/P + sum_k (Re phi_k sin(k t) - Im phi_k (cos(k t) - (-1)^k)) / (pi k),
   t = 2 pi x / P, phi_k = E exp(2 pi i k l / P) the product over the ideals: sinc of su(2),
   Harish-Chandra's of so(m) and su(m) (adjoint_orbit.h, unitary_orbit.h). What is left out
   is bounded by |sinc| <= min(1, 1/|.|), adjoint_orbit_tail and unitary_orbit_tail.

   Layer: above adjoint_law, adjoint_orbit and unitary_orbit. */
#ifndef LIESCAPE_ADJOINT_CDF_H
#define LIESCAPE_ADJOINT_CDF_H

#include "algebra/laws/adjoint_law.h"

typedef struct {
  arb_t constant, reach; /* the law lives on constant +- reach */
  slong num_widths, alloc; /* of su(2) */
  arb_struct *widths;
  slong num_factors;   /* of the sum over a simplex; 0: another law */
  arb_struct *factors;
  slong num_terms; /* of the series, 0: the polynomial, or that sum */
  acb_struct *terms; /* phi_k / (pi k), k = 1, 2, ... */
  arb_t unit;        /* 2 pi / P */
  mag_t rest;
} adjoint_cdf_struct;
typedef adjoint_cdf_struct adjoint_cdf_t[1];

/* STATUS_UNDECIDED, and nothing to clear: the loss is constant, or an orbit is too large
   (so, sp: rank above ADJOINT_TAIL_RANK; su(m): m above UNITARY_TAIL_SIZE) or so degenerate
   on both sides that what is left out has no bound. */
status_t adjoint_cdf_init(adjoint_cdf_t cdf, const adjoint_law_t law, slong prec_bits);
/* The same, undecided also where the series, at its longest, leaves out more than most_rest;
   which is known before any term of it is. */
status_t adjoint_cdf_init_sharp(adjoint_cdf_t cdf, const adjoint_law_t law,
                                const mag_t most_rest, slong prec_bits);
void adjoint_cdf_clear(adjoint_cdf_t cdf);
/* P(l <= x). */
void adjoint_cdf_value(arb_t value, const adjoint_cdf_t cdf, const arb_t x,
                       slong prec_bits);

#endif
