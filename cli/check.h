/* check.h - re-proves the exact claims of a certificate.

   Reads the ansatz that the certificate embeds and counts (algebra/
   check_strings): no decision of certify is repeated or trusted. Every claim ends
   up in one of three lists: holds, fails, not re-proved (with the reason).

   Layer: cli. */
#ifndef LIESCAPE_CLI_CHECK_H
#define LIESCAPE_CLI_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/source.h"

typedef struct {
  bool quiet;
  size_t num_held, num_failed, num_open;
} check_result_t;

/* Prints what was found on standard output unless quiet; failures on standard
   error too. STATUS_BAD_INPUT, with a message, when it is no certificate. */
status_t check_certificate(check_result_t *result, diagnostic_t diag,
                           const char *file_name, const json_t *certificate);

#endif
