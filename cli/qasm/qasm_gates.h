/* qasm_gates.h - the gates known without a definition: stdgates.inc,
   qelib1.inc, Braket's. Private to the QASM reader. Layer: cli. */
#ifndef LIESCAPE_CLI_QASM_GATES_H
#define LIESCAPE_CLI_QASM_GATES_H

#include "cli/qasm/qasm_circuit.h"

enum { QASM_GATE_MAX_ROTATIONS = 9, QASM_GATE_MAX_PARAMS = 4 };

/* pi8 pi/8 + sum_j quarter[j]/4 * parameter j. */
typedef struct {
  signed char pi8, quarter[QASM_GATE_MAX_PARAMS];
} qasm_form_t;

typedef struct {
  const char *letters; /* one of IXYZ for each of at most two target qubits */
  qasm_form_t angle;
  bool conjugation;
} qasm_step_t;

/* `controls` control qubits in front of `targets` target qubits, on which the
   steps act in time order; phase counts because of the controls. */
typedef struct qasm_builtin {
  const char *name;
  unsigned char controls, targets, params;
  const char *like; /* name of the entry whose steps these are, or NULL */
  qasm_form_t phase;
  qasm_step_t steps[QASM_GATE_MAX_ROTATIONS];
} qasm_builtin_t;

/* NULL when there is none. */
const qasm_builtin_t *qasm_builtin_find(const char *name);

/* Appends the gate; `controlled` asks for the form that is best inside a
   control. qubits are distinct. False: too many rotations. */
bool qasm_builtin_apply(qasm_circuit_t *circuit, const qasm_builtin_t *gate,
                        const angle_struct *params, const size_t *qubits,
                        bool controlled, long line);

/* All names, by index below the count: for hints. */
size_t qasm_builtin_count(void);
const qasm_builtin_t *qasm_builtin_at(size_t index);

#endif
