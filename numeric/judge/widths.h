/* widths.h - claims about the circuit when its angles are normal around zero, tested for
   a few widths on density matrices.

   On few qubits, with the noise of the ansatz if it has any. Layer: numeric; beside
   noisy. */
#ifndef LIESCAPE_NUMERIC_WIDTHS_H
#define LIESCAPE_NUMERIC_WIDTHS_H

#include "numeric/judge/checks.h"

/* Samples, and appends the checks of attempt number `attempt`; a note when something
   is claimed and cannot be sampled. */
void widths_checks(verify_report_t report, const ansatz_t ansatz,
                   const verify_claims_struct *claims, const verify_options_t *options,
                   size_t attempt);

#endif
