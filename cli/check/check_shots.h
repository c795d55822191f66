/* check_shots.h - re-proves mean_square, E[Tr(rho U^dag O^2 U)]. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_SHOTS_H
#define LIESCAPE_CLI_CHECK_SHOTS_H

#include "cli/check/check_subject.h"

/* l is on a landscape: that of the deep circuit. */
void check_mean_square(ledger_t *l, const check_subject_t *subject,
                       size_t index);
/* l is on its finite_depth. */
void check_depth_mean_square(ledger_t *l, const check_subject_t *subject,
                             size_t index);

/* The same with noise: l is on the member noise of a landscape. */
void check_noise_mean_square(ledger_t *l, const check_subject_t *subject,
                             size_t index);

#endif
