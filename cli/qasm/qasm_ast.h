/* qasm_ast.h - syntax of OpenQASM 2 and 3 programs, as parsed.

   Nodes live in an arena; names are interned as symbols. Private to the
   QASM reader. Layer: cli. */
#ifndef LIESCAPE_CLI_QASM_AST_H
#define LIESCAPE_CLI_QASM_AST_H

#include <flint/fmpq.h>

#include "algebra/base/hash.h"
#include "cli/read/input.h"

struct qasm_binding;
struct qasm_gate;

/* An identifier. What it means during the run hangs from it: the innermost
   binding, and (a namespace of its own, because programs call parameters x or
   t) the gate of that name. */
typedef struct qasm_symbol qasm_symbol_t;
struct qasm_symbol {
  const char *name;
  size_t length;
  struct qasm_binding *binding;
  struct qasm_gate *gate;
  const struct qasm_builtin *builtin;
  bool is_builtin_known; /* builtin has been looked up */
  bool defines_gate;     /* somewhere in the program */
  bool is_used;          /* scratch: in the gate body being checked */
  bool is_opaque;        /* declared as a gate without a body */
};

typedef enum {
  QASM_NUMBER,
  QASM_SYMBOL,
  QASM_INDEX,  /* symbol[a] */
  QASM_NEGATE,
  QASM_NOT,
  QASM_BINARY, /* a op b */
  QASM_CALL,   /* symbol(first, ...) */
  QASM_CAST    /* type(a) */
} qasm_expr_kind_t;

typedef enum {
  QASM_TYPE_NONE,
  QASM_TYPE_BIT,
  QASM_TYPE_BOOL,
  QASM_TYPE_INT,
  QASM_TYPE_UINT,
  QASM_TYPE_FLOAT,
  QASM_TYPE_ANGLE,
  QASM_TYPE_OTHER /* duration, stretch, complex */
} qasm_type_t;

typedef struct qasm_expr qasm_expr_t;
struct qasm_expr {
  qasm_expr_kind_t kind;
  int op; /* a token: '+', T_POWER, ... */
  qasm_type_t type;
  unsigned depth;
  place_t place;
  qasm_symbol_t *symbol;
  fmpq_t value;     /* NUMBER; in units of pi when is_turns */
  bool is_integer, is_turns;
  qasm_expr_t *a, *b;
  qasm_expr_t *first, *last, *next;
};

/* One pair of brackets: an index (low), low:step:high, or a set (list). */
typedef struct qasm_select qasm_select_t;
struct qasm_select {
  bool is_range;
  qasm_expr_t *low, *step, *high; /* of a range: NULL for an open end */
  qasm_expr_t *set; /* a list node; NULL when it is no set */
  qasm_select_t *next;
};

/* A qubit operand: register or alias with selections, or $k. */
typedef struct qasm_operand qasm_operand_t;
struct qasm_operand {
  place_t place;
  qasm_symbol_t *symbol; /* NULL: physical qubit */
  long physical;
  qasm_select_t *select;
  qasm_operand_t *next, *last;
};

typedef enum { QASM_INV, QASM_POW, QASM_CTRL, QASM_NEGCTRL } qasm_modifier_kind_t;
typedef struct qasm_modifier qasm_modifier_t;
struct qasm_modifier {
  qasm_modifier_kind_t kind;
  place_t place;
  qasm_expr_t *expr; /* may be NULL for ctrl */
  qasm_modifier_t *next, *last;
};

typedef struct qasm_name qasm_name_t;
struct qasm_name {
  qasm_symbol_t *symbol;
  place_t place;
  qasm_name_t *next, *last;
};

typedef enum {
  QASM_STMT_INCLUDE,
  QASM_STMT_INPUT,   /* type symbol; expr: size of an array */
  QASM_STMT_DECLARE, /* type symbol [= expr] */
  QASM_STMT_ASSIGN,  /* symbol op= expr */
  QASM_STMT_QUBITS,  /* expr: size or NULL */
  QASM_STMT_BITS,
  QASM_STMT_LET,
  QASM_STMT_GATE,    /* symbol(params) qubits { body } */
  QASM_STMT_OPAQUE,  /* the same without a body */
  QASM_STMT_CALL,
  QASM_STMT_MEASURE,
  QASM_STMT_RESET,
  QASM_STMT_BARRIER,
  QASM_STMT_DELAY,
  QASM_STMT_FOR,
  QASM_STMT_IF,
  QASM_STMT_BLOCK,
  QASM_STMT_PRAGMA,
  QASM_STMT_END,
  QASM_STMT_NOTHING,
  QASM_STMT_UNSUPPORTED
} qasm_stmt_kind_t;

typedef struct qasm_stmt qasm_stmt_t;
struct qasm_stmt {
  qasm_stmt_kind_t kind;
  qasm_type_t type;
  bool is_const;
  int op;
  unsigned depth;
  place_t place;
  qasm_symbol_t *symbol;
  place_t name_place;
  qasm_expr_t *expr;          /* also the list of arguments of a call */
  qasm_select_t *select;      /* the set of a for */
  qasm_operand_t *operands;
  qasm_modifier_t *modifiers;
  qasm_name_t *params, *qubits;
  qasm_stmt_t *body, *other;  /* other: else */
  struct qasm_gate *gate;     /* CALL inside a gate body: resolved */
  bool is_resolved;
  const char *what;           /* UNSUPPORTED */
  qasm_stmt_t *next, *last;
};

typedef struct {
  input_t *input;
  arena_t arena;
  size_t at;
  long line;
  int version;        /* 2 or 3 */
  int last_token;     /* scanner: to tell annotations from modifiers */
  size_t open[64];    /* offsets of the open braces */
  size_t num_open;
  qasm_symbol_t **symbols;
  size_t num_symbols, alloc_symbols;
  hash_table_t names; /* numbers of symbols */
  qasm_stmt_t *program; /* a list */
  qasm_expr_t **numbers;
  size_t num_numbers, alloc_numbers;
  long num_snapped;   /* decimals read as multiples of pi */
  place_t first_snapped;
} qasm_parse_t;

status_t qasm_parse(qasm_parse_t *parse, input_t *input);
void qasm_parse_clear(qasm_parse_t *parse);

/* For the parser's actions. Those that return NULL have recorded an error. */
qasm_symbol_t *qasm_intern(qasm_parse_t *parse, const char *name,
                           size_t length);
qasm_symbol_t *qasm_symbol_at(qasm_parse_t *parse, place_t place);
qasm_expr_t *qasm_expr_new(qasm_parse_t *parse, qasm_expr_kind_t kind,
                           place_t place);
qasm_expr_t *qasm_expr_number(qasm_parse_t *parse, place_t place);
qasm_expr_t *qasm_expr_unary(qasm_parse_t *parse, qasm_expr_kind_t kind,
                             place_t place, qasm_expr_t *a);
qasm_expr_t *qasm_expr_binary(qasm_parse_t *parse, place_t place,
                              qasm_expr_t *a, int op, qasm_expr_t *b);
/* list may be NULL: a new list. */
qasm_expr_t *qasm_expr_append(qasm_parse_t *parse, qasm_expr_t *list,
                              qasm_expr_t *item);
qasm_select_t *qasm_select_new(qasm_parse_t *parse, qasm_expr_t *low);
qasm_operand_t *qasm_operand_new(qasm_parse_t *parse, place_t place);
qasm_modifier_t *qasm_modifier_new(qasm_parse_t *parse,
                                   qasm_modifier_kind_t kind, place_t place,
                                   qasm_expr_t *expr);
qasm_name_t *qasm_name_new(qasm_parse_t *parse, place_t place);
qasm_stmt_t *qasm_stmt_new(qasm_parse_t *parse, qasm_stmt_kind_t kind,
                           place_t place);
qasm_stmt_t *qasm_block_append(qasm_parse_t *parse, qasm_stmt_t *block,
                               qasm_stmt_t *stmt);
/* A block as statement: checks the depth. */
qasm_stmt_t *qasm_nest(qasm_parse_t *parse, qasm_stmt_t *outer,
                       const qasm_stmt_t *inner);

/* Appends to a singly linked list whose head keeps `last`. */
#define QASM_APPEND(list, item)           \
  do {                                    \
    (list)->last->next = (item);          \
    (list)->last = (list)->last->next;    \
  } while (0)

#endif
