/* claims.h - what a certificate claims, in the form that verify tests.

   Only the JSON is read, so that verify tests what the certificate says,
   whoever wrote it. Layer: cli, above json_number and numeric's verify. */
#ifndef LIESCAPE_CLI_CLAIMS_H
#define LIESCAPE_CLI_CLAIMS_H

#include <jansson.h>

#include "cli/read/source.h"
#include "numeric/judge/verify_types.h"

/* claims is initialised here, and must be cleared, only on STATUS_OK.
   STATUS_BAD_INPUT, with a message that names the key, when a number is not
   canonical or the certificate does not fit the ansatz. */
status_t claims_read(verify_claims_t claims, diagnostic_t diag,
                     const char *file_name, const ansatz_t ansatz,
                     const json_t *certificate);

/* Only the law of one landscape, from its JSON, into a landscape without one;
   has_law stays false when the law cannot be sampled against. */
void claims_read_law(verify_landscape_struct *landscape, const json_t *json);
void claims_drop_law(verify_landscape_struct *landscape);

/* Claims that can be tested without sampling: the sizes of the ansatz, and that
   the numbers of every Wishart block agree with its spectrum (N, center,
   power2, mean_eigenvalue, r_exact, r). Appends an entry to checks for each
   that fails; returns how many do. */
size_t claims_check_arithmetic(json_t *checks, const ansatz_t ansatz,
                               const json_t *certificate);
/* Claims that follow from other members of the certificate (claims_members.c,
   claims_verdict.c); the members so tested are appended to `tested`. */
size_t claims_check_members(json_t *checks, json_t *tested, const ansatz_t ansatz,
                            const verify_claims_t claims,
                            const json_t *certificate);
/* Appends a check that fails. */
void claims_report_failure(json_t *checks, const char *name, double predicted,
                           double measured);

#endif
