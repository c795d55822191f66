/* noise_spec.h - what --noise and `#pragma liescape noise` say.

   One channel, a flip of the measured bits, or both, with a comma between:
     depolarizing=Q       X, Y and Z with probability Q/3 each
     pauli=PX:PY:PZ       X, Y, Z with these probabilities
     bit_flip=P, phase_flip=P, bit_phase_flip=P    X, Z, Y alone
     readout=R            each measured bit is flipped with probability R
   Numbers are fractions or decimals, read exactly, between 0 and 1.

   Layer: cli/read. */
#ifndef LIESCAPE_CLI_NOISE_SPEC_H
#define LIESCAPE_CLI_NOISE_SPEC_H

#include "algebra/base/ansatz.h"
#include "cli/read/input.h"

/* Reads text[begin, end) of the input into ansatz->noise, in the place of what was
   there. An error, with ansatz unchanged, for lists of generators. */
status_t noise_spec_read(ansatz_t ansatz, input_t *input, size_t begin, size_t end);

/* In the shortest of the forms above, "depolarizing=1/1000,readout=1/50"; free(). */
char *noise_spec_text(const pauli_noise_struct *noise);

#endif
