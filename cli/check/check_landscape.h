/* check_landscape.h - re-proves the claims about losses. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_LANDSCAPE_H
#define LIESCAPE_CLI_CHECK_LANDSCAPE_H

#include "cli/check/check_subject.h"

/* l is on the certificate; takes its "landscapes". sectors: what it says of them. */
void check_landscapes(ledger_t *l, const check_subject_t *subject,
                      const json_t *sectors);

#endif
