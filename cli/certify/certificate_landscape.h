/* certificate_landscape.h - one entry of landscapes[] as JSON. Layer: cli, above certify.
   New references are returned. */
#ifndef LIESCAPE_CLI_CERTIFICATE_LANDSCAPE_H
#define LIESCAPE_CLI_CERTIFICATE_LANDSCAPE_H

#include <jansson.h>

#include "cli/certify/certify.h"

/* The entry, and its "wishart". */
json_t *certificate_landscape(const certification_t c, size_t landscape);
json_t *certificate_wishart(const landscape_t l, const outlook_t o);

/* Its "adjoint" and "traps_on_group" (certificate_adjoint.c). */
json_t *certificate_adjoint(const adjoint_t adjoint);
/* orbit_dimension: of the state; SIZE_MAX: not known. */
json_t *certificate_traps_on_group(const adjoint_t adjoint,
                                   size_t orbit_dimension);

#endif
