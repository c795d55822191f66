/* qasm_reader.h - OpenQASM 2 and 3. Behind reader.h. Layer: cli. */
#ifndef LIESCAPE_CLI_QASM_READER_H
#define LIESCAPE_CLI_QASM_READER_H

#include "cli/read/input.h"
#include "cli/read/override.h"
#include "algebra/base/ansatz.h"

/* input->text is checked UTF-8. *ansatz is initialised on STATUS_OK only. */
status_t qasm_reader_read(ansatz_t ansatz, input_t *input,
                          const reader_override_t *overrides,
                          size_t num_overrides);

#endif
