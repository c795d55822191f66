/* dimension.h - dimensions of an algebra and of orbits, by Fisher rank.

   The derivatives of a deep circuit V(theta)|psi> are the directions that the
   elements V^+ d_k V of i g move psi in, so that the Fisher rank is at most
   dim i g |psi> up to phase, and equal to it at almost every point once there
   are parameters and layers enough:

   the algebra   psi maximally entangled with as many qubits again: X|psi> = 0 up
                 to phase only for X a multiple of the identity, so the rank is
                 dim g, less one when g contains i times the identity. Phases
                 are dropped from the circuit; generators with an identity term
                 leave both values open.
   a state       psi the state itself: the dimension of its orbit, at most dim g
                 and 2 (2^n - 1).

   A rank above the claim refutes it (the rank found is a lower bound, fisher.h).
   A rank below it does when it stays the same with three times the layers,
   angles and parameters being new, and more parameters than claimed.

   Layer: numeric; above fisher and checks. */
#ifndef LIESCAPE_NUMERIC_DIMENSION_H
#define LIESCAPE_NUMERIC_DIMENSION_H

#include "numeric/judge/checks.h"

/* Appends a check for each claim that can be tested at reasonable cost, and
   notes about the others. */
/* Has a generator of a list an identity part? Then phases count. */
bool dimension_has_identity(const ansatz_struct *ansatz);

void dimension_checks(verify_report_t report, const checks_input_t *input,
                      uint64_t memory_bytes);

#endif
