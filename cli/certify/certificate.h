/* certificate.h - the result of an analysis as JSON.

   See cli/format/certificate_format.h.

   Layer: cli, above certify. New references are returned. */
#ifndef LIESCAPE_CLI_CERTIFICATE_H
#define LIESCAPE_CLI_CERTIFICATE_H

#include <jansson.h>

#include "cli/certify/certify.h"

json_t *certificate_make(const certification_t certification,
                         const request_t request);

#endif
