/* basis_file.h - the file of --basis: a basis of the algebra and its structure
   constants, as JSON Lines.

     {"format": "liescape-basis/1", "qubits": n, "dimension": "d", ...}
     {"element": k, "operator": "1/2 X0 X1 - Z3"}           k = 0..d-1
     {"bracket": [j, k], "value": [[l, "c"], ...]}          j < k, if not zero
   with Hermitian A_k, i A_k in the algebra, i [A_j, A_k] = sum_l c A_l, and an
   end mark {"end": number of brackets}.

   Layer: cli, above request. */
#ifndef LIESCAPE_CLI_BASIS_FILE_H
#define LIESCAPE_CLI_BASIS_FILE_H

#include <jansson.h>

#include "cli/request/options.h"

/* Of the source in the certificate. Writes options->basis_path, or nothing. STATUS_BAD_INPUT (it cannot be opened
   or written) or STATUS_LIMIT (too large) after a message on standard error. */
status_t basis_file_write(const json_t *certificate,
                          const options_t options);

#endif
