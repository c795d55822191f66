/* certificate_couplings.h - special values of a symbol as JSON.

   The object "couplings" of a certificate:
     symbol, proved (the generic dimension), complete (no special value is
     missing), reason, sample (a value that is not special), sectors_at_sample,
     special[] { value, algebra, sectors }, ascending,
     undecided[] { polynomial, real_roots }: candidates that are not rational.
   "algebra" of the certificate is the one at every value that is not special.

   Layer: cli, above analysis. */
#ifndef LIESCAPE_CLI_CERTIFICATE_COUPLINGS_H
#define LIESCAPE_CLI_CERTIFICATE_COUPLINGS_H

#include <jansson.h>

#include "algebra/analysis/analysis.h"

/* NULL when there is no symbol without a value. */
json_t *certificate_couplings(const analysis_t c);

#endif
