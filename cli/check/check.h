/* check.h - re-proves the exact claims of a certificate.

   Reads the ansatz that the certificate embeds and counts (algebra/
   check_strings): no decision of certify is repeated or trusted. Every member
   of the certificate ends up in one of three lists: holds, fails, not re-proved
   (with the reason); a member that nobody asked for is of the third kind.

   Layer: cli. */
#ifndef LIESCAPE_CLI_CHECK_H
#define LIESCAPE_CLI_CHECK_H

#include "cli/check/check_result.h"
#include "cli/read/source.h"

/* Prints what was found on standard output unless quiet; failures on standard
   error too. STATUS_BAD_INPUT, with a message, when it is no certificate. */
status_t check_certificate(check_result_t *result, diagnostic_t diag,
                           const char *file_name, const json_t *certificate);

#endif
