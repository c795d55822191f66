/* commutant.h - what commutes with a set of generators, on few qubits, by dense linear
   algebra: the centre of the algebra, and what its sectors must add up to.

   Generators H_d in the Pauli basis, one for each drive of the layer. On the 4^n
   strings
       L_d(P) = i [H_d, P]             has the commutant for common kernel: its dimension
                                       is sum multiplicity^2 over the sectors. The algebra
                                       is reductive and [g, g] orthogonal to the
                                       commutant, so that the projections of the H_d to
                                       it span the centre of g;
       L'_d(B) = H_d^T B + B H_d       the invariant bilinear forms: a real sector of
                                       multiplicity m has m(m+1)/2 symmetric and
                                       m(m-1)/2 antisymmetric ones, a quaternionic one
                                       the reverse, complex ones as many of both. So
                                       symmetric - antisymmetric = sum of multiplicities,
                                       +1 times for real, -1 times for quaternionic.
   Kernels by the eigenvalues of sum L^+ L; nothing is said when one is neither clearly
   zero nor clearly not.

   Layer: numeric; above checks. LAPACK. */
#ifndef LIESCAPE_NUMERIC_COMMUTANT_H
#define LIESCAPE_NUMERIC_COMMUTANT_H

#include "numeric/judge/checks.h"

enum { COMMUTANT_QUBITS = 4 };

/* Appends a check for each of claims->center, commutant and forms. */
void commutant_checks(verify_report_t report, const checks_input_t *input);

#endif
