/* certificate_operators.h - the member "operators": the centre of the algebra and what
   commutes with the generators, written out (algebra/analysis/named_operators.h).

   Layer: cli, above algebra. */
#ifndef LIESCAPE_CLI_CERTIFICATE_OPERATORS_H
#define LIESCAPE_CLI_CERTIFICATE_OPERATORS_H

#include <jansson.h>

#include "algebra/analysis/analysis.h"

void certificate_add_operators(json_t *certificate, const analysis_t analysis);

#endif
