/* check_initialisation.h - the claims about widths of the first angles. Private to
   check. */
#ifndef LIESCAPE_CLI_CHECK_INITIALISATION_H
#define LIESCAPE_CLI_CHECK_INITIALISATION_H

#include "cli/check/check_subject.h"

/* l is on landscape `index` of the certificate; takes initialisation, if it is there. */
void check_initialisation(ledger_t *l, const check_subject_t *subject,
                          const json_t *certificate, size_t index);

#endif
