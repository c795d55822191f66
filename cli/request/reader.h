/* reader.h - text of a program or operator file -> ansatz.

   The only entry points main needs. All three readers are reentrant, stop at
   the first error, and leave their output untouched unless they return
   STATUS_OK. Everything is exact: see liescape/ansatz.h for what a circuit
   becomes.

   Layer: cli. */
#ifndef LIESCAPE_CLI_READER_H
#define LIESCAPE_CLI_READER_H

#include "cli/read/override.h"
#include "cli/read/source.h"
#include "algebra/base/ansatz.h"

/* text is the whole source. FORMAT_AUTO goes by the name (.qasm, .ops) and
   otherwise by the first word. On STATUS_OK, and only then, *ansatz is
   initialised and the caller clears it. Observables and states are those in
   the text; there may be none. STATUS_LIMIT: too many qubits, rotations or
   steps (see cli/read/limits.h). */
status_t reader_read_text(ansatz_t ansatz, diagnostic_t diag,
                          const char *file_name, const char *text,
                          size_t length, reader_format_t format,
                          const reader_override_t *overrides,
                          size_t num_overrides);

/* source_read followed by reader_read_text; path "-" is standard input. */
status_t reader_read_file(ansatz_t ansatz, diagnostic_t diag, const char *path,
                          reader_format_t format,
                          const reader_override_t *overrides,
                          size_t num_overrides);

#endif
