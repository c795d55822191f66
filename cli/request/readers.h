/* readers.h - the two readers behind reader.h. Private. Layer: cli. */
#ifndef LIESCAPE_CLI_READERS_H
#define LIESCAPE_CLI_READERS_H

#include "cli/read/input.h"
#include "cli/request/reader.h"

/* input->text is checked UTF-8. *ansatz is initialised on STATUS_OK only. */
status_t ops_reader_read(ansatz_t ansatz, input_t *input,
                         const reader_override_t *overrides,
                         size_t num_overrides);
status_t qasm_reader_read(ansatz_t ansatz, input_t *input,
                          const reader_override_t *overrides,
                          size_t num_overrides);

#endif
