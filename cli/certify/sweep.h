/* sweep.h - a family of ansaetze, one certificate for each value of a name.

   Layer: cli, above certificate. */
#ifndef LIESCAPE_CLI_SWEEP_H
#define LIESCAPE_CLI_SWEEP_H

#include <jansson.h>

#include "cli/certify/certify_limits.h"
#include "cli/request/request.h"

/* { format, program, sweep: { name, values }... }: sweep[] holds one complete
   certificate for each value of the name, with "name" and "value"
   added; growth says how its numbers grow. NULL, with the status of the reader
   and a message in diag, when a value cannot be read. *limit_reached as in
   certify. */
json_t *sweep_make(status_t *status, bool *limit_reached, diagnostic_t diag,
                   const request_t request, const char *name,
                   const char *const *values, size_t num_values,
                   const certify_limits_t *limits);

#endif
