/* certificate_states.h - which states a circuit reaches: the member "expressibility".

   For each input state frame potentials of order 1 and 2 and the mean entanglement, of
   the deep circuit and of this one, beside those of uniformly random states
   (algebra/base/state_probes.h says how).

   Layer: cli, above certify. */
#ifndef LIESCAPE_CLI_CERTIFICATE_STATES_H
#define LIESCAPE_CLI_CERTIFICATE_STATES_H

#include <jansson.h>

#include "cli/certify/certify.h"

void certificate_add_states(json_t *certificate, const certification_t certification,
                            const certify_limits_t *limits);

#endif
