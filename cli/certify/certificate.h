/* certificate.h - the result of an analysis as JSON.

   The keys are those of the published format "liescape-certificate/1"; numbers
   as json_number.h says. The certificate stands alone: ansatz.source
   holds the text it is about.

   Layer: cli, above certify. New references are returned. */
#ifndef LIESCAPE_CLI_CERTIFICATE_H
#define LIESCAPE_CLI_CERTIFICATE_H

#include <jansson.h>

#include "cli/certify/certify.h"

#define CERTIFICATE_FORMAT "liescape-certificate/1"

json_t *certificate_make(const certification_t certification,
                         const request_t request);

/* The object "conventions": what the numbers mean, the same in all. */
json_t *certificate_conventions(void);

/* "fnv1a-64:..." of program, thresholds and source: what a certificate takes
   as given. No proof of anything; it tells when they were altered. */
json_t *certificate_inputs_digest(const json_t *certificate);

/* The object "algebra" and the list "sectors", or null, of a structure. */
json_t *certificate_algebra(const structure_struct *s, bool dimension_known);
json_t *certificate_sectors(const structure_struct *s);

/* Per component null or what proves it; NULL when none is large. */
json_t *certificate_witness(const string_algebra_t g);

/* One entry of landscapes[] (certificate_landscape.c), and its "wishart". */
json_t *certificate_landscape(const certification_t c, size_t landscape);
json_t *certificate_wishart(const landscape_t l, const outlook_t o);

/* Reads a certificate: JSON, an object, of this format. STATUS_BAD_INPUT with
   a message in diag otherwise. */
status_t certificate_parse(json_t **out, diagnostic_t diag,
                           const char *file_name, const char *text,
                           size_t length);

/* Where in the text of a certificate the string `value` first stands after the
   key, or (NULL) the key; SIZE_MAX when it is not there so. For messages. */
size_t certificate_find(const char *text, size_t length, const char *key,
                        const char *value);

/* False after a message on standard error. path NULL: standard output. */
bool certificate_write(const json_t *certificate, FILE *stream);

#endif
