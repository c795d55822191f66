/* certificate_operators.h - the member "operators": the centre of the algebra and what
   commutes with the generators, written out. Layer: cli, above algebra. */
#ifndef LIESCAPE_CLI_CERTIFICATE_OPERATORS_H
#define LIESCAPE_CLI_CERTIFICATE_OPERATORS_H

#include <jansson.h>

#include "algebra/analysis/named_operators.h"

json_t *certificate_operators(const named_operators_t centre,
                              const named_operators_t commutant);

#endif
