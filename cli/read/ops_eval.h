/* ops_eval.h - value of a parsed Pauli expression. Private to the readers.
   Layer: cli. */
#ifndef LIESCAPE_CLI_OPS_EVAL_H
#define LIESCAPE_CLI_OPS_EVAL_H

#include "cli/read/ops_ast.h"
#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

typedef struct {
  const char *name;
  size_t name_length;
  fmpq_t value;
} ops_binding_t;

/* What stands for the square roots of primes: values[i] for that of primes[i]. */
enum { OPS_MAX_ROOTS = 4 };
typedef struct {
  size_t num;
  ulong primes[OPS_MAX_ROOTS];
  fmpq values[OPS_MAX_ROOTS]; /* 1 for those not met before */
} ops_roots_t;

/* What expressions are evaluated in: the names they may use, innermost last,
   and the work done so far. */
typedef struct {
  input_t *input;
  size_t num_qubits;
  ops_binding_t *bindings;
  size_t num_bindings, alloc_bindings;
  long steps;
  ops_roots_t *roots; /* NULL where none may stand */
} ops_env_t;

void ops_env_init(ops_env_t *env, input_t *input, size_t num_qubits);
void ops_env_clear(ops_env_t *env);
/* Names are not copied. */
void ops_env_push(ops_env_t *env, const char *name, size_t name_length,
                  const fmpq_t value);
void ops_env_push_si(ops_env_t *env, const char *name, size_t name_length,
                     long value);
void ops_env_pop(ops_env_t *env);

/* A number. */
status_t ops_eval_scalar(fmpq_t out, ops_env_t *env, const ops_node_t *node);
/* A number that must be an integer of moderate size; `what` names it. */
status_t ops_eval_integer(long *out, ops_env_t *env, const ops_node_t *node,
                          const char *what);
/* out (initialised for env->num_qubits) = value, in canonical form. */
status_t ops_eval_operator(pauli_sum_t out, ops_env_t *env,
                           const ops_node_t *node);

/* Parses and evaluates bytes [begin, end) of the input. */
status_t ops_eval_text(pauli_sum_t out, ops_env_t *env, size_t begin,
                       size_t end);
/* The state specification in bytes [begin, end); see pauli_expr.h. */
status_t ops_eval_state(quantum_state_t out, input_t *input, size_t begin,
                        size_t end);

#endif
