/* flint_compat.h - FLINT 2.9 with Arb apart, or FLINT 3 with Arb inside.

   Include this, not the headers of Arb, in sources. Layer: base, private. */
#ifndef LIESCAPE_ALGEBRA_FLINT_COMPAT_H
#define LIESCAPE_ALGEBRA_FLINT_COMPAT_H

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpq_vec.h>
#include <flint/fmpz.h>

#if __FLINT_RELEASE >= 30000
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_mat.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_mat.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_mat.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_mat.h>
#endif

#endif
