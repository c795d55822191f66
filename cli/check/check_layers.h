/* check_layers.h - the claims about other numbers of layers than the circuit's
   own. Private to check.

   That the circuit repeats a layer is read off its rotations; the exact entries
   are found again by the plain recursion of check_depth.h on circuits of
   1, 2, ... layers, as far as a budget goes. Estimates are not re-proved. */
#ifndef LIESCAPE_CLI_CHECK_LAYERS_H
#define LIESCAPE_CLI_CHECK_LAYERS_H

#include "cli/check/check_subject.h"

/* l is on finite_depth; it must have "layers" just if the circuit repeats one and
   the deep variance is known. The state is a stabilizer state, angles
   are uniform. deep_variance: what the landscape says of the deep circuit. */
void check_layers(ledger_t *l, const check_subject_t *subject,
                  const pauli_sum_t observable, const quantum_state_struct *state,
                  const json_t *deep_variance);

/* The same of the member noise, which has "layers" just if finite_depth has them and
   the noise repeats too. */
void check_noise_layers(ledger_t *l, const check_subject_t *subject,
                        const pauli_sum_t observable,
                        const quantum_state_struct *state, bool plain_has_layers);

#endif
