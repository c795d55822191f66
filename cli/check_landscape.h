/* check_landscape.h - the part of `check` that is about losses. Private. */
#ifndef LIESCAPE_CLI_CHECK_LANDSCAPE_H
#define LIESCAPE_CLI_CHECK_LANDSCAPE_H

#include "algebra/check_strings.h"
#include "cli/check.h"

/* All of landscapes[]; orbits of at most max_elements strings are listed. */
void check_landscapes(check_result_t *result, const ansatz_t ansatz,
                      const check_generators_t g, const json_t *certificate,
                      size_t max_elements);

#endif
