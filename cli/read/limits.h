/* limits.h - budgets of the readers. Beyond one of them the answer is
   STATUS_LIMIT, with the place, before the memory is asked for and within some two
   seconds; what passes can be analysed. Layer: cli. */
#ifndef LIESCAPE_CLI_LIMITS_H
#define LIESCAPE_CLI_LIMITS_H

#define LIMIT_QUBITS 100000L
#define LIMIT_PARAMETERS 90000L
#define LIMIT_ROTATIONS 1000000L
/* Rotations of one gate with controls, twice as many for each. */
#define LIMIT_GATE_ROTATIONS 16384L
/* Generators, and so parameters, and observables of an operator file. */
#define LIMIT_OPERATORS 500000L
#define LIMIT_OBSERVABLES 10000L
/* Statements executed, gate bodies and loops unrolled; terms of operators, one more
   for each 256 qubits that their strings are long. Fewer where it is fuzzed, so that no
   input takes long. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define LIMIT_STEPS 20000L
#else
#define LIMIT_STEPS 8000000L
#endif
/* Bytes held by the strings of the ansatz, or of one state. */
#define LIMIT_BYTES ((size_t)1 << 30)
/* The same of one operator. */
#define LIMIT_OPERATOR_BYTES ((size_t)1 << 28)
/* Nesting of expressions, blocks and gate definitions. */
#define LIMIT_DEPTH 400
/* Digits of one number, and bits of an exact intermediate result. */
#define LIMIT_DIGITS 1000
#define LIMIT_BITS 20000L

#endif
