/* check_covariances.h - the part of `check` that is about covariance[]: every
   entry is counted again. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_COVARIANCES_H
#define LIESCAPE_CLI_CHECK_COVARIANCES_H

#include "algebra/check_strings.h"
#include "cli/check.h"

/* Orbits of at most max_elements strings are listed. */
void check_covariances(check_result_t *result, const ansatz_t ansatz,
                       const check_generators_t g, const json_t *certificate,
                       size_t max_elements);

#endif
