/* symmetric_loss.h - permutations of qubits that fix the generators, and what
   they do to a loss.

   Let a permutation pi fix every generator. It commutes with the group, so
   that l_O(U) = Tr(rho U^dag O U) = Tr(pi rho U^dag (pi O) U). When pi fixes rho
   too, O and pi O have the same loss, function for function, and O may be
   replaced by its average over all such pi: often an operator with a far
   smaller module.

   Layer: private to algebra, beside symmetry. */
#ifndef LIESCAPE_ALGEBRA_SYMMETRIC_LOSS_H
#define LIESCAPE_ALGEBRA_SYMMETRIC_LOSS_H

#include "algebra/generators/symmetry.h"
#include "algebra/base/quantum_state.h"

/* Does the group fix the state? */
bool symmetry_fixes_state(const symmetry_struct *symmetry,
                          const quantum_state_t state);

/* out = the average of the sum over the group; a and out distinct. False, and
   no change, when it has more than max_terms terms. */
bool symmetry_average(pauli_sum_struct *out, const symmetry_struct *symmetry,
                      const pauli_sum_struct *a, size_t max_terms);

/* out = an average of the observable with the same loss for each of the states
   (the observable itself at worst). */
void symmetric_observable(pauli_sum_struct *out,
                          const pauli_sum_struct *const *generators,
                          size_t count, const pauli_sum_struct *observable,
                          const quantum_state_struct *const *states,
                          size_t num_states);

#endif
