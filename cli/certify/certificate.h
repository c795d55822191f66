/* certificate.h - the result of an analysis as JSON.

   See cli/format/certificate_format.h.

   Layer: cli, above certify. New references are returned. */
#ifndef LIESCAPE_CLI_CERTIFICATE_H
#define LIESCAPE_CLI_CERTIFICATE_H

#include <jansson.h>

#include "cli/certify/certify.h"

json_t *certificate_make(const certification_t certification,
                         const request_t request);

/* Per component null or what proves it; NULL when none is large. */
json_t *certificate_witness(const string_algebra_t g);

/* One entry of landscapes[] (certificate_landscape.c), and its "wishart". */
json_t *certificate_landscape(const certification_t c, size_t landscape);
json_t *certificate_wishart(const landscape_t l, const outlook_t o);

/* Its "adjoint" and "traps_on_group" (certificate_adjoint.c). */
json_t *certificate_adjoint(const adjoint_t adjoint);
/* orbit_dimension: of the state; SIZE_MAX: not known. */
json_t *certificate_traps_on_group(const adjoint_t adjoint,
                                   size_t orbit_dimension);

#endif
