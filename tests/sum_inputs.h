/* sum_inputs.h - random ansaetze of sums of strings, small, of many kinds: for the
   tests of what is proved of them. */
#ifndef LIESCAPE_TESTS_SUM_INPUTS_H
#define LIESCAPE_TESTS_SUM_INPUTS_H

#include "algebra/base/pauli_sum.h"

/* sum := U sum U^dag, U = exp(-i a G/2), cos a = 3/5, sin a = 4/5. */
void sum_inputs_rotate(pauli_sum_struct *sum, const uint64_t *g);

enum { SUM_INPUTS_ROOM = 16384 };

/* An operator file on 2 to 4 qubits with one or two observables and states; returns
   which kind it is of. */
const char *sum_inputs_random(char text[SUM_INPUTS_ROOM]);

#endif
