/* ops_ast.h - syntax of operator files and Pauli expressions, as parsed.

   An expression is a list of terms, a term a list of factors; a node's `op`
   is what joins it to the one before it. Lists keep recursion to the nesting
   that the text shows. Everything lives in an arena, except the numbers.
   Private to the readers. Layer: cli. */
#ifndef LIESCAPE_CLI_OPS_AST_H
#define LIESCAPE_CLI_OPS_AST_H

#include <flint/fmpq.h>

#include "cli/read/input.h"

typedef enum {
  OPS_SUM,    /* list of terms, op '+' or '-' */
  OPS_TERM,   /* list of factors, op '*' (also unwritten), '/' or '%' */
  OPS_NUMBER,
  OPS_NAME,
  OPS_LETTER, /* a letter on qubit `index`, or on qubit `low` */
  OPS_IDENTITY,
  OPS_SQRT,   /* sqrt(low) */
  OPS_RANGE,  /* sum(name in low..high: body) */
  OPS_PRODUCT, /* prod(name in low..high: body) */
  OPS_DENSE,  /* XXI: a letter for each qubit, qubit 0 first */
  OPS_LABEL   /* "XXI": the same with qubit 0 last, as Qiskit has it */
} ops_kind_t;

typedef struct ops_node ops_node_t;
struct ops_node {
  ops_kind_t kind;
  char op;
  bool negative;    /* a sign before a factor */
  bool has_letters; /* an operator rather than a number */
  unsigned depth;
  unsigned letter;  /* code of pauli.h */
  place_t place;
  const char *name; /* also the text of an index */
  size_t name_length;
  fmpq_t *value;
  ops_node_t *first, *last, *next;
  ops_node_t *low, *high, *body;
};

typedef enum {
  OPS_STMT_QUBITS,
  OPS_STMT_GENERATOR,
  OPS_STMT_OBSERVABLE,
  OPS_STMT_STATE,
  OPS_STMT_EDGES,
  OPS_STMT_PARAMETERS,
  OPS_STMT_SYMBOL,
  OPS_STMT_FOR
} ops_stmt_kind_t;

typedef struct ops_stmt ops_stmt_t;
struct ops_stmt {
  ops_stmt_kind_t kind;
  unsigned depth;
  place_t place;      /* of the keyword */
  place_t expression; /* what follows it; the text of a state or of edges */
  const char *name;
  size_t name_length;
  ops_node_t *expr, *low, *high;
  ops_stmt_t *body, *next;
};

/* Everything the scanner and the parser share. */
typedef struct {
  input_t *input;
  arena_t arena;
  size_t at;        /* scanner: offset of the next byte */
  long line;
  size_t letters_end; /* scanner: of X0Z1... that is being taken apart */
  int start_token;  /* returned first, to choose what is parsed */
  bool has_sqrt;
  bool has_words, has_labels; /* XXI and "XXI" */
  bool line_mode;   /* a file: line ends are tokens, statements have words */
  bool at_start;    /* scanner: a statement may begin here */
  unsigned parens;
  ops_stmt_t *first, *last;
  ops_node_t *expr;
  fmpq_t **numbers; /* to be cleared */
  size_t num_numbers, alloc_numbers;
} ops_parse_t;

/* Parses the input's bytes [begin, end): a whole file, or one expression
   into parse->expr. ops_parse_clear is due in every case. */
status_t ops_parse_file(ops_parse_t *parse, input_t *input);
status_t ops_parse_expression(ops_parse_t *parse, input_t *input, size_t begin,
                              size_t end);
void ops_parse_clear(ops_parse_t *parse);

/* For the parser's actions. */
ops_node_t *ops_node_new(ops_parse_t *parse, ops_kind_t kind, place_t place);
ops_node_t *ops_node_number(ops_parse_t *parse, place_t place);
ops_node_t *ops_node_append(ops_parse_t *parse, ops_node_t *list, char op,
                            ops_node_t *item);
ops_stmt_t *ops_stmt_new(ops_parse_t *parse, ops_stmt_kind_t kind,
                         place_t place);

#endif
