/* json_reason.h - reasons in a certificate: the code and the text, side by side.

   Member `key` has the text, `key`_code the word of the code (reason.h has both).
   Programs read the code; the text is for people.

   Layer: cli. */
#ifndef LIESCAPE_CLI_JSON_REASON_H
#define LIESCAPE_CLI_JSON_REASON_H

#include <jansson.h>

#include "algebra/base/reason.h"

/* Adds both members; nothing when no reason is given. */
void cert_set_reason(json_t *object, const char *key, reason_t reason);
/* The same for a code without a number. */
void cert_set_code(json_t *object, const char *key, reason_code_t code);
/* Adds both members, null when no reason is given. */
void cert_set_reason_or_null(json_t *object, const char *key, reason_t reason);
/* The code beside `key`; REASON_NONE when there is none, or none of the table. */
reason_code_t cert_get_code(const json_t *object, const char *key);

#endif
