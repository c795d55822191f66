/* certificate_family.h - growth of a family as JSON. Layer: cli, above
   analysis. */
#ifndef LIESCAPE_CLI_CERTIFICATE_FAMILY_H
#define LIESCAPE_CLI_CERTIFICATE_FAMILY_H

#include <jansson.h>

#include "algebra/analysis/family.h"

/* The object "growth" of a certificate: variable, classification, dimension,
   the growth of the first landscape, and landscapes[], one for each observable
   and state. Null with "reason" when the members are not a family in a size. */
json_t *certificate_growth(const family_t *family);

#endif
