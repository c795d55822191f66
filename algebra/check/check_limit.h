/* check_limit.h - for `liescape check`: to what the variance of a repeated layer tends.

   The strings of K layers generate an algebra g_K, whose dimension is counted; when
   K + 1 layers give the same dimension it is invariant under the Clifford gates of
   the layer, and all later ones are equal (see finite_depth.h). The observable of N
   layers, pulled back through their Clifford gates, comes round after some layers,
   and its variance over the group must be the same for each.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_LIMIT_H
#define LIESCAPE_ALGEBRA_CHECK_LIMIT_H

#include "algebra/base/ansatz_layers.h"
#include "algebra/check/check_strings.h"

/* ansatz repeats its first `length` rotations `count` times (ansatz_layers.h). written:
   the variance of the deep circuit as it stands. YES: *limit is the limit; NO: there is
   none; UNDECIDED. */
answer_t check_layer_limit(fmpq_t limit, const ansatz_t ansatz, size_t length,
                           size_t count, const pauli_sum_t observable,
                           const quantum_state_t state, const fmpq_t written,
                           size_t max_elements);

/* How many times the first `length` rotations, one after another, generate an algebra
   that more of them do not enlarge, and its dimension; 0: not counted. */
size_t check_repeated(fmpz_t dimension, const ansatz_t ansatz, size_t length,
                      const pauli_sum_t observable, size_t max_elements);

#endif
