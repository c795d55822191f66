/* turns.h - angles at which the layer of a program is a Clifford circuit.

   A turn is an angle pi/2 of exp(-i angle P/2). Each drive is given the value at
   which the gate that it drives most slowly makes one turn; when every gate of
   the layer then makes a whole number of turns, and some gate an odd one, the
   layer maps strings to strings; so it does with any of the drives set to zero. Layer: numeric; above program. */
#ifndef LIESCAPE_NUMERIC_TURNS_H
#define LIESCAPE_NUMERIC_TURNS_H

#include "numeric/circuit/program.h"

/* The value of each drive, free() it; NULL when there are none as described. */
double *turns_choose(const program_t *program);
/* Turns of a gate modulo 4. Its angle must be a whole number of them. */
unsigned turns_of(const program_gate_t *gate, const double *drives);

/* At random multiples of those values, for random strings P: the share for which
   the layer and U(theta) followed by U(0)^-1 do not map P to the same signed
   string. Exact, at any number of qubits; 0 when there is nothing to compare (the
   layer was not reduced, or turns_choose finds nothing). */
double turns_check(const program_t *program, uint64_t seed);

#endif
