/* qasm_run.h - a QASM program being executed: names, parameters, qubits.

   Values are affine forms over Q + Q pi in the parameters (angle_t). What is
   not such a form becomes a parameter of its own, marked derived; equal
   expressions of equal values share one. Scopes are a stack of bindings; a
   gate body sees its own frame and the global scope.
   Private to the QASM reader. Layer: cli. */
#ifndef LIESCAPE_CLI_QASM_RUN_H
#define LIESCAPE_CLI_QASM_RUN_H

#include "cli/qasm/qasm_ast.h"
#include "cli/qasm/qasm_circuit.h"
#include "cli/qasm/qasm_gates.h"
#include "cli/read/input.h"
#include "cli/read/override.h"

typedef struct {
  angle_t num;
  bool integer;  /* of integer type */
  bool declared; /* ... by a declaration, not as a literal: 1/2 is exact, but
                    n/2 is integer division */
} qasm_value_t;

typedef enum { QASM_BIND_VALUE, QASM_BIND_ARRAY, QASM_BIND_QUBITS,
               QASM_BIND_BITS } qasm_binding_kind_t;

typedef struct qasm_binding qasm_binding_t;
struct qasm_binding {
  qasm_binding_kind_t kind;
  qasm_symbol_t *symbol;
  qasm_binding_t *outer;
  unsigned long frame; /* 0: outside of gates */
  size_t scope;        /* depth of the scope; 0: global */
  qasm_type_t type;
  bool is_const, is_set;
  qasm_value_t value;
  size_t base;    /* ARRAY: first parameter */
  size_t count;   /* ARRAY, QUBITS */
  size_t *qubits; /* owned */
  bool is_single; /* QUBITS: not a register */
};

typedef struct qasm_gate {
  const qasm_stmt_t *stmt;
  size_t num_params, num_qubits;
  bool is_active;
} qasm_gate_t;

typedef enum {
  QASM_PARAM_DECLARED,
  QASM_PARAM_FREED,     /* OpenQASM 2: a number */
  QASM_PARAM_NONAFFINE, /* stands for a function of parameters */
  QASM_PARAM_CONSTANT   /* stands for a number outside Q + Q pi */
} qasm_param_kind_t;

typedef struct {
  char *name;
  char *key; /* of a derived one, else NULL */
  qasm_param_kind_t kind;
  place_t place;
  qasm_symbol_t *symbol; /* of a declared one */
  bool in_function;      /* declared, and within a function that stands for itself */
  angle_struct *times_pi; /* pi times a derived one, when that is affine; or NULL */
} qasm_param_t;

typedef struct {
  const char *name;
  bool is_used;
  fmpq_t rad_part, pi_part;
} qasm_override_t;

typedef enum { QASM_UNTOUCHED, QASM_TOUCHED, QASM_MEASURED } qasm_fate_t;

/* Something worth one note however often it happens. */
typedef struct {
  long count;
  long line;
} qasm_count_t;

typedef struct {
  input_t *input;
  qasm_parse_t *parse;
  qasm_circuit_t circuit;
  long steps;
  bool ended;
  /* scopes */
  qasm_binding_t **bindings;
  size_t num_bindings, alloc_bindings;
  size_t scope;
  unsigned long frame, last_frame;
  size_t gate_depth, control_depth;
  long line; /* of the call outside of gates that is being executed */
  /* parameters */
  qasm_param_t *params;
  size_t num_params, alloc_params;
  hash_table_t params_by_key;
  bool free_numbers; /* OpenQASM 2 without symbols */
  bool share_numbers; /* ... and equal ones are one parameter */
  long free_line, free_count;
  size_t num_freed, num_repeated; /* numbers; those that repeat an earlier one */
  char **numbers; /* keys of distinct ones */
  hash_table_t numbers_by_key;
  size_t num_numbers, alloc_numbers;
  qasm_count_t quarters, rounded; /* multiples of pi/2; those with few digits */
  /* qubits */
  size_t num_qubits;
  size_t num_declared_qubits;
  bool has_physical;
  uint8_t *fates; /* of each qubit: qasm_fate_t */
  size_t num_fates;
  /* pragmas, to be read when the number of qubits is known */
  const qasm_stmt_t **pragmas;
  size_t num_pragmas, alloc_pragmas;
  qasm_override_t *overrides;
  size_t num_overrides;
  qasm_count_t measure, delay, division, branch, controlled_u, reset;
  qasm_count_t exact_quotient; /* 1/2, which OpenQASM 3 reads as 0 */
  qasm_count_t exchanged;      /* calls with the formal names in another order */
  const char *exchanged_gate;
  qasm_name_t *unused_params; /* of gates: for notes */
  const qasm_stmt_t *unused_params_of;
  long num_unused_params;
} qasm_run_t;

/* Every function returns false when it has recorded an error. */
bool qasm_step(qasm_run_t *run, place_t place);

void qasm_value_init(qasm_value_t *value);
void qasm_value_clear(qasm_value_t *value);
void qasm_value_set(qasm_value_t *out, const qasm_value_t *in);
void qasm_value_set_si(qasm_value_t *value, long integer);
bool qasm_value_is_rational(const qasm_value_t *value);

/* qasm_value.c: exact arithmetic; out may alias an operand. */
bool qasm_binary(qasm_value_t *out, qasm_run_t *run, place_t place, int op,
                 const qasm_value_t *a, const qasm_value_t *b);
bool qasm_function(qasm_value_t *out, qasm_run_t *run, place_t place,
                   const char *name, const qasm_value_t *args, size_t num_args);
/* Truncates towards zero; needs a rational number. */
bool qasm_convert(qasm_value_t *value, qasm_run_t *run, place_t place,
                  qasm_type_t type);
/* out = a derived parameter for name(args); is it new? */
void qasm_derive(qasm_value_t *out, qasm_run_t *run, place_t place,
                 const char *name, const qasm_value_t *args, size_t num_args);

/* qasm_expr.c */
bool qasm_eval(qasm_value_t *out, qasm_run_t *run, const qasm_expr_t *expr);
bool qasm_eval_integer(long *out, qasm_run_t *run, const qasm_expr_t *expr,
                       const char *what);

/* qasm_names.c: scopes and parameters */
qasm_binding_t *qasm_lookup(const qasm_run_t *run, const qasm_symbol_t *symbol);
/* NULL, with an error, when the name is taken in this scope. */
qasm_binding_t *qasm_bind(qasm_run_t *run, qasm_symbol_t *symbol,
                          qasm_binding_kind_t kind, place_t place);
void qasm_unbind(qasm_run_t *run, size_t mark);
size_t qasm_param_add(qasm_run_t *run, const char *name, const char *key,
                      qasm_param_kind_t kind, place_t place);
void qasm_value_param(qasm_value_t *out, size_t parameter);
void qasm_run_init(qasm_run_t *run, input_t *input, qasm_parse_t *parse);
void qasm_run_clear(qasm_run_t *run);

/* qasm_call.c: qubits and gates */
typedef struct {
  size_t *qubits;
  size_t count;
  bool is_single;
} qasm_qubits_t;
bool qasm_operand_qubits(qasm_qubits_t *out, qasm_run_t *run,
                         const qasm_operand_t *operand);
bool qasm_call(qasm_run_t *run, const qasm_stmt_t *stmt);
/* What has happened to a qubit so far. */
uint8_t *qasm_fate(qasm_run_t *run, size_t qubit);
bool qasm_define_gate(qasm_run_t *run, const qasm_stmt_t *stmt);
const qasm_builtin_t *qasm_symbol_builtin(qasm_symbol_t *symbol);
/* The selected positions of a register of n, or (n = -1) of a `for`. */
bool qasm_select_positions(size_t **out, size_t *count, qasm_run_t *run,
                           const qasm_select_t *select, long n,
                           place_t place);

/* qasm_numbers.c: a constant that was written as a number in OpenQASM 2, as
   argument number index of num_args, becomes a parameter. */
void qasm_free_number(qasm_run_t *run, const qasm_stmt_t *stmt,
                      const qasm_expr_t *expr, size_t index, size_t num_args,
                      qasm_value_t *value);
void qasm_note_numbers(ansatz_t ansatz, const qasm_run_t *run);
/* Notes the key in run->numbers; whether it is new. (qasm_names.c) */
bool qasm_count_number(qasm_run_t *run, const char *key);
/* Does an expression name anything but pi? (qasm_expr.c) */
bool qasm_names_symbols(const qasm_expr_t *expr);

/* qasm_exec.c */
bool qasm_execute(qasm_run_t *run, const qasm_stmt_t *block);

/* qasm_finish.c: the ansatz, with its notes. */
status_t qasm_finish(ansatz_t ansatz, qasm_run_t *run);
/* qasm_pragma.c: observables and states of all pragmas. */
bool qasm_read_pragmas(ansatz_t ansatz, qasm_run_t *run);

#endif
