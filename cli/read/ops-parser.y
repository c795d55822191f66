/* Grammar of operator files and Pauli expressions. */
%code requires {
#include "cli/read/ops_ast.h"
#ifndef YY_TYPEDEF_YY_SCANNER_T
#define YY_TYPEDEF_YY_SCANNER_T
typedef void *yyscan_t;
#endif
}
%code top {
#include "config.h"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
}
%define api.prefix {ops_yy}
%define api.pure full
%define api.location.type {place_t}
%define parse.error custom
%locations
%param { yyscan_t scanner }
%parse-param { ops_parse_t *parse }

%union {
  ops_node_t *node;
  ops_stmt_t *stmt;
  ops_kind_t kind;
}

%code {
#include <string.h>

#include "cli/read/near_word.h"
#include "cli/read/operator_hint.h"

int ops_yylex(OPS_YYSTYPE *value, place_t *place, yyscan_t scanner);
static void ops_yyerror(place_t *place, yyscan_t scanner, ops_parse_t *parse,
                        const char *message);

#define YYLLOC_DEFAULT(out, rhs, n)                        \
  do {                                                     \
    if (n) {                                               \
      (out) = YYRHSLOC(rhs, 1);                            \
      (out).end = YYRHSLOC(rhs, n).end;                    \
    } else {                                               \
      (out) = YYRHSLOC(rhs, 0);                            \
      (out).begin = (out).end;                             \
    }                                                      \
  } while (0)

#define CHECKED(node)               \
  do {                              \
    if (!(node)) YYABORT;           \
  } while (0)

/* The letter of a letter token as a code of pauli.h. */
static unsigned letter_code(const ops_parse_t *parse, place_t place) {
  switch (parse->input->text[place.begin]) {
  case 'X': return 1;
  case 'Z': return 2;
  case 'Y': return 3;
  default: return 0;
  }
}

static ops_node_t *letter_node(ops_parse_t *parse, place_t place,
                               place_t letter, ops_node_t *index) {
  ops_node_t *node = ops_node_new(parse, OPS_LETTER, place);
  node->letter = letter_code(parse, letter);
  node->has_letters = true;
  node->low = index;
  node->name = parse->input->text + letter.begin + 1;
  node->name_length = letter.end - letter.begin - 1;
  return node;
}

static ops_node_t *dense_node(ops_parse_t *parse, place_t place,
                              ops_kind_t kind) {
  ops_node_t *node = ops_node_new(parse, kind, place);
  size_t quotes = kind == OPS_LABEL;
  node->has_letters = true;
  if (quotes) parse->has_labels = true;
  else parse->has_words = true;
  node->name = parse->input->text + place.begin + quotes;
  node->name_length = place.end - place.begin - 2 * quotes;
  return node;
}

static const char *name_of(ops_parse_t *parse, place_t place, size_t *length) {
  *length = place.end - place.begin;
  return parse->input->text + place.begin;
}
}

%token T_START_FILE T_START_EXPRESSION T_ERROR
%token END 0           "end of the text"
%token T_NEWLINE       "end of line"
%token T_QUBITS        "qubits"
%token T_GENERATOR     "generator"
%token T_OBSERVABLE    "observable"
%token T_STATE         "state"
%token T_EDGES         "edges"
%token T_PARAMETERS    "parameters"
%token T_FOR           "for"
%token T_SYMBOL        "symbol"
%token T_IN            "in"
%token T_SUM           "sum"
%token T_PROD          "prod"
%token T_SQRT          "sqrt"
%token T_DENSE         "a word of Pauli letters"
%token T_LABEL         "a word in quotation marks"
%token T_DOTS          ".."
%token T_REST          "more text"
%token T_LETTER_INDEX  "a Pauli letter with its qubit"
%token T_LETTER        "a Pauli letter"
%token T_IDENTITY      "I"
%token T_NUMBER        "number"
%token T_NAME          "name"
%precedence LABEL
%precedence ':'
%type <node> expression list term factor signed primary labelled
%type <stmt> statement
%type <kind> range

%%
start
  : T_START_FILE lines
  | T_START_EXPRESSION expression { parse->expr = $2; }
  ;
lines
  : line
  | lines T_NEWLINE line
  ;
line
  : %empty
  | statement {
      if (parse->last) parse->last->next = $1; else parse->first = $1;
      parse->last = $1;
    }
  ;
statement
  : T_QUBITS expression {
      $$ = ops_stmt_new(parse, OPS_STMT_QUBITS, @1);
      $$->expr = $2; $$->expression = @2;
    }
  | T_PARAMETERS expression {
      $$ = ops_stmt_new(parse, OPS_STMT_PARAMETERS, @1);
      $$->expr = $2; $$->expression = @2;
    }
  | T_SYMBOL T_NAME {
      $$ = ops_stmt_new(parse, OPS_STMT_SYMBOL, @1);
      $$->name = name_of(parse, @2, &$$->name_length);
      $$->expression = @2;
    }
  | T_GENERATOR expression {
      $$ = ops_stmt_new(parse, OPS_STMT_GENERATOR, @1);
      $$->expr = $2; $$->expression = @2;
    }
  | T_OBSERVABLE expression {
      $$ = ops_stmt_new(parse, OPS_STMT_OBSERVABLE, @1);
      $$->expr = $2; $$->expression = @2;
    }
  | T_STATE T_REST {
      $$ = ops_stmt_new(parse, OPS_STMT_STATE, @1);
      $$->expression = @2;
    }
  | T_EDGES T_REST {
      $$ = ops_stmt_new(parse, OPS_STMT_EDGES, @1);
      $$->expression = @2;
    }
  | T_FOR T_NAME T_IN expression T_DOTS expression ':' statement {
      $$ = ops_stmt_new(parse, OPS_STMT_FOR, @1);
      $$->name = name_of(parse, @2, &$$->name_length);
      $$->low = $4; $$->high = $6; $$->body = $8;
      $$->depth = $8->depth + 1;
      if ($$->depth > 16) {
        input_fail(parse->input, @1.begin, "loops nested too deeply");
        YYABORT;
      }
    }
  ;
expression
  : list { $$ = $1; $$->place = @$; }
  ;
list
  : term {
      CHECKED($$ = ops_node_append(parse, ops_node_new(parse, OPS_SUM, @$),
                                   '+', $1));
    }
  | '+' term {
      CHECKED($$ = ops_node_append(parse, ops_node_new(parse, OPS_SUM, @$),
                                   '+', $2));
    }
  | '-' term {
      CHECKED($$ = ops_node_append(parse, ops_node_new(parse, OPS_SUM, @$),
                                   '-', $2));
    }
  | list '+' term { CHECKED($$ = ops_node_append(parse, $1, '+', $3)); }
  | list '-' term { CHECKED($$ = ops_node_append(parse, $1, '-', $3)); }
  | list ',' labelled { CHECKED($$ = ops_node_append(parse, $1, '+', $3)); }
  ;
range
  : T_SUM  { $$ = OPS_RANGE; }
  | T_PROD { $$ = OPS_PRODUCT; }
  ;
term
  : factor {
      CHECKED($$ = ops_node_append(parse, ops_node_new(parse, OPS_TERM, @$),
                                   '*', $1));
    }
  | term factor {
      if ($1->last->kind == OPS_DENSE && $2->kind == OPS_NUMBER) {
        input_fail(parse->input, @2.begin,
                   "a number behind a word of letters; each letter has the number of "
                   "its qubit, X0 X1, or the word has a letter for each qubit, XXI");
        YYABORT;
      }
      CHECKED($$ = ops_node_append(parse, $1, '*', $2));
    }
  | term '*' signed { CHECKED($$ = ops_node_append(parse, $1, '*', $3)); }
  | term '@' signed { CHECKED($$ = ops_node_append(parse, $1, '*', $3)); }
  | labelled
  | term '/' signed { CHECKED($$ = ops_node_append(parse, $1, '/', $3)); }
  | term '%' signed { CHECKED($$ = ops_node_append(parse, $1, '%', $3)); }
  ;
labelled
  : T_LABEL ':' signed { /* Qiskit: "XXI": 0.5 */
      CHECKED($$ = ops_node_append(parse, ops_node_new(parse, OPS_TERM, @$), '*',
                                   dense_node(parse, @1, OPS_LABEL)));
      CHECKED($$ = ops_node_append(parse, $$, '*', $3));
    }
  ;
signed
  : factor
  | '-' factor { $$ = $2; $$->negative = true; }
  ;
factor
  : primary { $$ = $1; $$->place = @$; }
  ;
primary
  : T_NUMBER { CHECKED($$ = ops_node_number(parse, @$)); }
  | T_NAME {
      $$ = ops_node_new(parse, OPS_NAME, @$);
      $$->name = name_of(parse, @1, &$$->name_length);
    }
  | T_IDENTITY {
      $$ = ops_node_new(parse, OPS_IDENTITY, @$);
      $$->has_letters = true;
    }
  | T_LETTER_INDEX { $$ = letter_node(parse, @$, @1, NULL); }
  | T_LETTER '{' expression '}' { $$ = letter_node(parse, @$, @1, $3); }
  | T_LETTER '(' expression ')' { $$ = letter_node(parse, @$, @1, $3); }
  | T_LETTER '[' expression ']' { $$ = letter_node(parse, @$, @1, $3); }
  | '(' expression ')' {
      $$ = ops_node_new(parse, OPS_SUM, @$);
      *$$ = *$2;
      $$->next = NULL;
    }
  | '[' expression ']' { /* OpenFermion: [X0 Z1], [] for the identity */
      $$ = ops_node_new(parse, OPS_SUM, @$);
      *$$ = *$2;
      $$->next = NULL;
    }
  | '[' ']' {
      $$ = ops_node_new(parse, OPS_IDENTITY, @$);
      $$->has_letters = true;
    }
  | T_DENSE { $$ = dense_node(parse, @1, OPS_DENSE); }
  | T_LABEL %prec LABEL { $$ = dense_node(parse, @1, OPS_LABEL); }
  | T_SQRT '(' expression ')' {
      $$ = ops_node_new(parse, OPS_SQRT, @$);
      $$->low = $3;
      parse->has_sqrt = true;
    }
  | range '(' T_NAME T_IN expression T_DOTS expression ':' expression ')' {
      $$ = ops_node_new(parse, $1, @$);
      $$->name = name_of(parse, @3, &$$->name_length);
      $$->low = $5; $$->high = $7; $$->body = $9;
      $$->has_letters = $9->has_letters;
      $$->depth = $9->depth + 1;
      if ($5->depth >= $$->depth) $$->depth = $5->depth + 1;
      if ($7->depth >= $$->depth) $$->depth = $7->depth + 1;
    }
  ;
%%

static void ops_yyerror(place_t *place, yyscan_t scanner, ops_parse_t *parse,
                        const char *message) {
  (void)scanner;
  input_fail(parse->input, place->begin, "%s",
             strcmp(message, "memory exhausted") ? message
                                                 : "nested too deeply");
}

static const char *near_keyword(const char *word, size_t length) {
  static const char *const words[] = {"qubits", "generator", "observable", "state",
                                      "parameters", "for", "symbol", "edges", "in",
                                      "sum", "prod", "sqrt"};
  return near_word(word, length, words, sizeof words / sizeof *words);
}

static bool begins_line(const ops_parse_t *parse, size_t at) {
  const char *text = parse->input->text;
  while (at > 0 && strchr(" \t", text[at - 1])) at--;
  return at == 0 || text[at - 1] == '\n';
}

static int yyreport_syntax_error(const yypcontext_t *context, yyscan_t scanner,
                                 ops_parse_t *parse) {
  yysymbol_kind_t expected[4];
  const place_t *place = yypcontext_location(context);
  yysymbol_kind_t token = yypcontext_token(context);
  int n = yypcontext_expected_tokens(context, expected, 4);
  char wanted[200] = "";
  (void)scanner;
  for (int i = 0; i < n; i++) {
    size_t used = strlen(wanted);
    snprintf(wanted + used, sizeof wanted - used, "%s%s",
             i ? (i == n - 1 ? " or " : ", ") : "; expected ",
             yysymbol_name(expected[i]));
  }
  size_t length = place->end - place->begin;
  if (token == YYSYMBOL_YYEOF || token == YYSYMBOL_T_NEWLINE)
    input_fail(parse->input, place->begin, "unexpected %s%s",
               yysymbol_name(token), wanted);
  else {
    const char *word = parse->input->text + place->begin;
    const char *hint =
        operator_hint(parse->input->text, parse->input->length, place->begin);
    const char *near = token == YYSYMBOL_T_NAME ? near_keyword(word, length) : NULL;
    if (!near && !*hint && parse->line_mode && begins_line(parse, place->begin))
      hint = "; a line begins with a keyword, such as qubits 4, generator X0 X1 or "
             "observable Z0";
    input_fail(parse->input, place->begin, "unexpected '%.*s'%s%s%s",
               length > 40 ? 40 : (int)length, word,
               near ? "; did you mean " : *hint ? "" : wanted, near ? near : hint,
               near ? "?" : "");
  }
  return 0;
}
