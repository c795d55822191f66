/* sum_ideals.h, private: see sum_structure.h. */
#ifndef LIESCAPE_ALGEBRA_SUM_IDEALS_H
#define LIESCAPE_ALGEBRA_SUM_IDEALS_H

#include "algebra/span.h"
#include "liescape/structure.h"

/* derived: the proved span of g' under the generators (SPAN_LIE maps in the
   order of `generators`). Adds the simple ideals to out and returns NULL, or
   adds nothing and returns the reason (a string constant). */
const char *sum_ideals(structure_t out, const span_struct *derived,
                       const closure_limits_t *limits);
/* Adds the sectors; likewise. generators: not zero. */
const char *sum_sectors(structure_t out, size_t num_qubits,
                        const pauli_sum_struct *const *generators,
                        size_t count, const closure_limits_t *limits);
/* sum_structure without the short cut through strings. */
void sum_structure_general(structure_t out, const closure_t closure,
                           const pauli_sum_struct *generators,
                           size_t num_generators,
                           const closure_limits_t *limits);

#endif
