/* verify.h - tests claims about a loss landscape: see verify_types.h. */
#ifndef LIESCAPE_VERIFY_H
#define LIESCAPE_VERIFY_H

#include "numeric/judge/verify_types.h"

/* Runs the checks. The same seed gives the same report whatever the number of
   threads. STATUS_LIMIT when 2^n amplitudes do not fit (nothing is allocated
   then) or the run was stopped, STATUS_BAD_INPUT when the claims make no sense
   (a spectrum that does not add up, a law of negative dimension); *message,
   to be freed by the caller, then says what. On STATUS_OK *message is NULL and
   report must be cleared. Laws of rank > 1 need beta 1, 2 or 4. */
status_t verify_run(verify_report_t report, const ansatz_t ansatz,
                    const verify_claims_t claims,
                    const verify_options_t *options, char **message);

#endif
