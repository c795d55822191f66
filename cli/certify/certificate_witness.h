/* certificate_witness.h - what proves large components (algebra/strings/witness.h), as
   JSON. Layer: cli, above algebra. */
#ifndef LIESCAPE_CLI_CERTIFICATE_WITNESS_H
#define LIESCAPE_CLI_CERTIFICATE_WITNESS_H

#include <jansson.h>

#include "algebra/strings/witness.h"

/* Per component null or what proves it; NULL when none is large. */
json_t *certificate_witness(const component_witnesses_t witnesses);

#endif
