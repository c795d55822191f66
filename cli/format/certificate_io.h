/* certificate_io.h - certificates read and written. Layer: cli. */
#ifndef LIESCAPE_CLI_CERTIFICATE_IO_H
#define LIESCAPE_CLI_CERTIFICATE_IO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/read/source.h"

/* Reads a certificate: JSON, an object, of this format. STATUS_BAD_INPUT with
   a message in diag otherwise. */
status_t certificate_parse(json_t **out, diagnostic_t diag,
                           const char *file_name, const char *text,
                           size_t length);

/* Where in the text of a certificate the string `value` first stands after the
   key, or (NULL) the key; SIZE_MAX when it is not there so. For messages. */
size_t certificate_find(const char *text, size_t length, const char *key,
                        const char *value);

/* A list of gradients that would take more than PACKED_BYTES, numbers as long as the
   dimension of the algebra and mostly the same, is written as {"values": [...],
   "entries": [...]}, the different numbers and which of them each entry is. Reading
   makes the list again; what is no such object stays as it is. */
enum { CERTIFICATE_PACKED_BYTES = 1 << 24 };
void certificate_unpack(json_t *certificate);

/* False when the stream fails. */
bool certificate_write(const json_t *certificate, FILE *stream);
/* The same as text, which the caller frees with free(). */
char *certificate_text(const json_t *certificate);

#endif
