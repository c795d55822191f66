/* check_covariances.h - the part of `check` that is about covariance[]: every
   entry is counted again. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_COVARIANCES_H
#define LIESCAPE_CLI_CHECK_COVARIANCES_H

#include "cli/check/check_subject.h"

/* l is on the certificate; takes its "covariance", which is there when there are
   several states. */
void check_covariances(ledger_t *l, const check_subject_t *subject);

#endif
