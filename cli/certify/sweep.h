/* sweep.h - a family of ansaetze, one certificate for each value of a name.

   Layer: cli, above certificate. */
#ifndef LIESCAPE_CLI_SWEEP_H
#define LIESCAPE_CLI_SWEEP_H

#include <jansson.h>

#include "cli/certify/certify_limits.h"
#include "cli/request/request.h"

/* { format, program, sweep: { name, values }... }: sweep[] holds one complete
   certificate for each value of the name, with "name" and "value" added; growth
   says how its numbers grow (growth_json.h). Where the name sets the number of
   qubits and the values do not decide a growth, further sizes are certified: their
   certificates are added[], and take no more time than those asked for did, or a
   second. NULL, with the status of the reader
   and a message in diag, when a value cannot be read. *limit_reached as in
   certify. */
json_t *sweep_make(status_t *status, bool *limit_reached, diagnostic_t diag,
                   const request_t request, const char *name,
                   const char *const *values, size_t num_values,
                   const certify_limits_t *limits);

#endif
