/* jordan.h - the Wishart blocks of an observable and a state (string
   generators). Private to algebra/; called by landscape.c.

   For one component A with symplectic basis e_i, f_i and radical R_A, the
   space splits into sectors by the characters chi of a group R* of strings
   that commute with everything: R_A, or the sum of all radicals when terms of
   O need it. On a sector A acts on k qubits, e_i as X_i and f_i as Z_i, and a
   term of O is v z, v in V_A, z in R*, hence chi(z) times a k-qubit string.
   Two sectors see the same random unitary ("linked") when chi agrees on the
   labels L of the ideals: R_A for su, so, sp; the kernel of q on R_A for su
   acting by conjugate representations; T for free fermions. */
#ifndef LIESCAPE_JORDAN_H
#define LIESCAPE_JORDAN_H

#include "algebra/laws/landscape.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/state.h"
#include "algebra/strings/string_algebra.h"

/* Sets wishart_applies, wishart_reason, blocks and loss (whose constant the
   caller has set to the mean). observable: already moved through Cliffords. */
void jordan_analyse(landscape_t landscape, const string_algebra_t g,
                    const pauli_sum_t observable,
                    const stabilizer_state_t state);

#endif
