/* report_checks.h - what verify found, as text. Private to the report. */
#ifndef LIESCAPE_CLI_REPORT_CHECKS_H
#define LIESCAPE_CLI_REPORT_CHECKS_H

#include "cli/terminal/page.h"

/* Nothing when the certificate has no "verification". */
void report_print_checks(const page_t *page, const json_t *certificate);

#endif
