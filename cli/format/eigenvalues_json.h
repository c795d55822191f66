/* eigenvalues_json.h - eigenvalues of a symmetric matrix in a certificate.

   Layer: cli/format. */
#ifndef LIESCAPE_CLI_EIGENVALUES_JSON_H
#define LIESCAPE_CLI_EIGENVALUES_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/base/flint_compat.h"

/* values: n balls, the greatest first, each of which holds an eigenvalue (with
   multiplicity, groups of equal ones in one ball each); false: rows are no n x n real
   numbers, or the balls do not get narrow. */
bool eigenvalues_find(arb_ptr values, const json_t *rows, size_t n);
/* The same as a list of balls; null. */
json_t *eigenvalues_json(const json_t *rows);

#endif
