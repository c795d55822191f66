/* coupling_table.h - special values of a symbol, in certificate and report.

   The object "couplings" of a certificate:
     symbol, proved (the generic dimension), complete (no special value is
     missing), reason, sample (a value that is not special), sectors_at_sample,
     special[] { value, algebra, sectors }, ascending,
     undecided[] { polynomial, real_roots }: candidates that are not rational.
   "algebra" of the certificate is the one at every value that is not special.

   Layer: cli, above certify. */
#ifndef LIESCAPE_CLI_COUPLING_TABLE_H
#define LIESCAPE_CLI_COUPLING_TABLE_H

#include <jansson.h>

#include "cli/certify/certify.h"

/* NULL when there is no symbol without a value. */
json_t *coupling_table_json(const certification_t c);
/* What the report says of it: nothing when it is NULL. */
void coupling_table_report(FILE *stream, const json_t *couplings);

#endif
