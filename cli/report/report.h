/* report.h - a certificate as text for people: the answer first, then this circuit,
   the deep one, and the algebra, in 80 columns.

   Everything printed comes from the certificate (whoever wrote it), so that
   report and JSON cannot disagree. What is missing or not of the expected type
   is printed as "unknown".

   Layer: cli, above certificate. */
#ifndef LIESCAPE_CLI_REPORT_H
#define LIESCAPE_CLI_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The report; with checks[] when verify has added them. details: --details. */
void report_print(FILE *stream, const json_t *certificate, bool details);
/* Of a sweep: the table and the growth verdict. */
void report_sweep(FILE *stream, const json_t *certificate, bool details);

#endif
