/* pauli_expr.h - Pauli-sum expressions and state specifications.

   Expressions:  1/2 X0 X1 - 0.25 Z3 + Y2,  2 * X(0) @ Z{1},
   sum(i in 0..qubits-2: Z{i} Z{i+1}). A value is a real combination of
   strings; a number alone is that multiple of the identity; factors of one
   term act on different qubits. Ranges include both ends; a range whose end
   lies before its beginning is empty.

   States: zero, plus, ghz, mixed, bits 0101, stabilizer +XXI -ZZI +IZZ
   (leftmost letter is qubit 0; fewer words than qubits: a mixed state),
   product 3/5,0,4/5 0,0,1 ... (a Bloch vector x,y,z, at most of length 1, for
   each qubit, or one for all), pauli 1 + 1/2 Z0 Z1 (2^n rho; it must
   be positive).

   Both are used for operator files, for `#pragma liescape` and for the
   command line. Layer: cli. */
#ifndef LIESCAPE_CLI_PAULI_EXPR_H
#define LIESCAPE_CLI_PAULI_EXPR_H

#include "cli/read/source.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

/* out must be initialised for num_qubits and is replaced on STATUS_OK. label
   stands for the file in diagnostics ("--observable"). The name `qubits` has
   the value num_qubits. */
status_t pauli_expr_parse(pauli_sum_t out, diagnostic_t diag,
                          const char *label, const char *text,
                          size_t num_qubits);

/* out must be freshly initialised for num_qubits. */
status_t state_spec_parse(quantum_state_t out, diagnostic_t diag,
                          const char *label, const char *text,
                          size_t num_qubits);

#endif
