/* report.h - a certificate as text for people: one screen.

   Everything printed comes from the certificate (whoever wrote it), so that
   report and JSON cannot disagree. What is missing or not of the expected type
   is printed as "unknown".

   Layer: cli, above certificate. */
#ifndef LIESCAPE_CLI_REPORT_H
#define LIESCAPE_CLI_REPORT_H

#include <jansson.h>
#include <stdio.h>

/* The report; with checks[] when verify has added them. */
void report_print(FILE *stream, const json_t *certificate);
/* Of a sweep: the table and the growth verdict. */
void report_sweep(FILE *stream, const json_t *certificate);
/* "11/276 = 0.0399", "1.07e+602", "unknown"; the caller frees it. */
char *report_number(const json_t *value);

#endif
