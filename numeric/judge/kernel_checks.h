/* kernel_checks.h - the claimed kernel of the circuit as written, tested on samples.

   On few qubits: gradients of all inputs at the same random angles, by density matrices
   (noisy_circuit.h, without noise); the mean of sum_k d_k l_i d_k l_j against the claim.
   Layer: numeric; beside noisy. */
#ifndef LIESCAPE_NUMERIC_KERNEL_CHECKS_H
#define LIESCAPE_NUMERIC_KERNEL_CHECKS_H

#include "numeric/judge/checks.h"

void kernel_checks(verify_report_t report, const ansatz_t ansatz,
                   const verify_claims_struct *claims, const verify_options_t *options,
                   size_t attempt);

#endif
