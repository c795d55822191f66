/* certificate_states.h - which states are reached, beside uniformly random ones: the list
   "expressibility" of a certificate. Layer: cli, above states_analysis. */
#ifndef LIESCAPE_CLI_CERTIFICATE_STATES_H
#define LIESCAPE_CLI_CERTIFICATE_STATES_H

#include <jansson.h>

#include "cli/certify/states_analysis.h"

json_t *certificate_states(const states_analysis_t states, const ansatz_t ansatz);

#endif
