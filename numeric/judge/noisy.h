/* noisy.h - claims about the circuit with noise, tested on density matrices.

   On few qubits: angles drawn as the ansatz says, rho followed through every gate and
   channel (noisy_circuit.h). Layer: numeric; beside own_depth. */
#ifndef LIESCAPE_NUMERIC_NOISY_H
#define LIESCAPE_NUMERIC_NOISY_H

#include "numeric/judge/checks.h"

/* Samples, and appends the checks of attempt number `attempt`; a note when something
   is claimed and cannot be sampled. */
void noisy_checks(verify_report_t report, const ansatz_t ansatz,
                  const verify_claims_struct *claims, const verify_options_t *options,
                  size_t attempt);

#endif
