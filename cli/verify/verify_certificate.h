/* verify.h - tests a certificate on sampled landscapes and adds the outcome.

   Layer: cli, above claims and numeric's verify. */
#ifndef LIESCAPE_CLI_VERIFY_H
#define LIESCAPE_CLI_VERIFY_H

#include <jansson.h>

#include "cli/request/options.h"
#include "cli/read/source.h"
#include "numeric/judge/verify_types.h"

/* Reads the ansatz that the certificate embeds, tests its claims, and sets
   checks[], consistent and verification in it. *consistent is NO when a claim
   does not hold. samples gets what was sampled (nothing when nothing was); it
   must be cleared unless the status is STATUS_BAD_INPUT. STATUS_BAD_INPUT: the
   certificate is not one (diag says why). STATUS_LIMIT: no sampling was
   possible, or it was interrupted; what could be tested is set. keeper may be
   NULL. */
status_t certificate_verify(answer_t *consistent, verify_report_t samples,
                            json_t *certificate, const verify_keeper_t *keeper,
                            diagnostic_t diag, const options_t options);

/* For processes other than the first: helps with every certificate_verify there,
   until the first calls verify_dismiss. */
void verify_help(void);
void verify_dismiss(void);

#endif
