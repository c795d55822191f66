/* report_parts.h - parts of the report, from the certificate alone. Private to
   the report. Each prints nothing when its member is not there. */
#ifndef LIESCAPE_CLI_REPORT_PARTS_H
#define LIESCAPE_CLI_REPORT_PARTS_H

#include <jansson.h>

#include "cli/terminal/page.h"

/* Special values of a symbol: the object "couplings". */
void report_couplings(const page_t *page, const json_t *couplings);
/* Of a landscape: "verdict", "finite_depth", and what concerns the deep circuit;
   names: "ansatz.parameter_names", angles: "ansatz.angles". */
void report_verdict(const page_t *page, const json_t *landscape,
                    const json_t *names);
void report_depth(const page_t *page, const json_t *depth, const json_t *angles,
                  const json_t *names);
/* "initialisation". */
void report_initialisation(const page_t *page, const json_t *initialisation);
/* "noise", after "finite_depth". */
void report_noise(const page_t *page, const json_t *noise, const json_t *names);
void report_deep(const page_t *page, const json_t *landscape, const json_t *names);
/* "algebra" and "sectors". */
void report_algebra(const page_t *page, const json_t *certificate);
/* The object "operators", the list "expressibility". */
void report_operators(const page_t *page, const json_t *operators);
void report_states(const page_t *page, const json_t *list);
/* The object "kernel". */
void report_kernel(const page_t *page, const json_t *kernel);
/* The list "covariance". */
void report_covariance(const page_t *page, const json_t *covariance);
/* "suggest" and "suggestions". */
void report_suggestions(const page_t *page, const json_t *certificate);
/* "verification". */
void report_print_checks(const page_t *page, const json_t *certificate);
/* "minima_found". */
void report_print_minima(const page_t *page, const json_t *certificate);

#endif
