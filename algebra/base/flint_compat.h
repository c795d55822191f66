/* flint_compat.h - FLINT 2.9 with Arb apart, or FLINT 3 with Arb inside.

   Include this, not the headers of Arb, in sources; and whenever vectors,
   polynomials or residues are used, because the headers of FLINT 3 no longer include each
   other. Layer: base, private. */
#ifndef LIESCAPE_ALGEBRA_FLINT_COMPAT_H
#define LIESCAPE_ALGEBRA_FLINT_COMPAT_H

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpq_poly.h>
#include <flint/fmpq_vec.h>
#include <flint/fmpz.h>
#include <flint/fmpz_mat.h>
#include <flint/fmpz_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/fmpz_vec.h>
#include <flint/nmod_mat.h>
#include <flint/nmod_poly.h>
#include <flint/nmod_vec.h>
#include <flint/ulong_extras.h>

#if __FLINT_RELEASE >= 30000
#include <flint/nmod.h>
#include <flint/nmod_poly_factor.h>
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_mat.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_mat.h>
#include <flint/arb_poly.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_mat.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_mat.h>
#include <arb_poly.h>
#endif

#endif
