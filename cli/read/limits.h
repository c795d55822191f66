/* limits.h - budgets of the readers. Beyond one of them the answer is
   STATUS_LIMIT, before the memory is asked for. Layer: cli. */
#ifndef LIESCAPE_CLI_LIMITS_H
#define LIESCAPE_CLI_LIMITS_H

#define LIMIT_QUBITS 100000L
#define LIMIT_PARAMETERS 1000000L
#define LIMIT_ROTATIONS 3000000L
/* Generators and observables of an operator file. */
#define LIMIT_OPERATORS 500000L
/* Statements executed, gate bodies and loops unrolled; terms of operators. */
#define LIMIT_STEPS 20000000L
/* Bytes held by the strings of the ansatz, or of one state. */
#define LIMIT_BYTES ((size_t)1 << 30)
/* Nesting of expressions, blocks and gate definitions. */
#define LIMIT_DEPTH 400
/* Digits of one number, and bits of an exact intermediate result. */
#define LIMIT_DIGITS 4000
#define LIMIT_BITS 100000L

#endif
