/* check_operators.h - the members "operators" and "expressibility". Private to check. */
#ifndef LIESCAPE_CLI_CHECK_OPERATORS_H
#define LIESCAPE_CLI_CHECK_OPERATORS_H

#include "cli/check/check_subject.h"

/* structure: what was counted of an algebra of strings; NULL: it was not. */
void check_operators(ledger_t *parent, const check_subject_t *subject,
                     const structure_struct *structure);
/* split, freed: rotations, as the certificate lists them. */
void check_states(ledger_t *parent, const check_subject_t *subject,
                  const uint8_t *split, const uint8_t *freed);

#endif
