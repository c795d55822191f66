/* report_parts.h - parts of the report, from the certificate alone. Private to
   the report. Each prints nothing when its member is not there. */
#ifndef LIESCAPE_CLI_REPORT_PARTS_H
#define LIESCAPE_CLI_REPORT_PARTS_H

#include <jansson.h>
#include <stdio.h>

#include "cli/terminal/page.h"

/* Special values of a symbol: the object "couplings". */
void report_couplings(FILE *stream, const json_t *couplings);
/* finite_depth of a landscape; angles: "ansatz.angles". */
void report_depth(const page_t *page, const json_t *depth,
                  const json_t *angles);
/* The list "covariance". */
void report_covariance(FILE *stream, const json_t *covariance);
/* "suggest" and "suggestions". */
void report_suggestions(FILE *stream, const json_t *certificate);
/* "verification". */
void report_print_checks(const page_t *page, const json_t *certificate);
/* "minima_found". */
void report_print_minima(const page_t *page, const json_t *certificate);

#endif
