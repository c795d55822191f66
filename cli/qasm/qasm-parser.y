/* Grammar of OpenQASM 2 and 3, as far as unitary circuits go. */
%code requires {
#include "cli/qasm/qasm_ast.h"
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
%define api.prefix {qasm_yy}
%define api.pure full
%define api.location.type {place_t}
%define parse.error custom
%locations
%param { yyscan_t scanner }
%parse-param { qasm_parse_t *parse }

%union {
  qasm_expr_t *expr;
  qasm_select_t *select;
  qasm_operand_t *operand;
  qasm_modifier_t *modifier;
  qasm_name_t *name;
  qasm_stmt_t *stmt;
  qasm_type_t type;
  int token;
}

%code {
#include <string.h>

int qasm_yylex(QASM_YYSTYPE *value, place_t *place, yyscan_t scanner);
static void qasm_yyerror(place_t *place, yyscan_t scanner, qasm_parse_t *parse,
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

static qasm_stmt_t *named(qasm_parse_t *parse, qasm_stmt_kind_t kind,
                          place_t place, place_t name, qasm_expr_t *expr) {
  qasm_stmt_t *stmt = qasm_stmt_new(parse, kind, place);
  stmt->symbol = qasm_symbol_at(parse, name);
  stmt->name_place = name;
  stmt->expr = expr;
  return stmt;
}

static qasm_stmt_t *measure(qasm_parse_t *parse, place_t place,
                            qasm_operand_t *operand) {
  qasm_stmt_t *stmt = qasm_stmt_new(parse, QASM_STMT_MEASURE, place);
  stmt->operands = operand;
  return stmt;
}
}

%token END 0        "end of the text"
%token T_ERROR T_UNSUPPORTED "unsupported statement"
%token T_VERSION "OPENQASM" T_INCLUDE "include" T_GATE "gate" T_QREG "qreg"
%token T_CREG "creg" T_MEASURE "measure" T_RESET "reset" T_BARRIER "barrier"
%token T_IF "if" T_ELSE "else" T_INPUT "input" T_OUTPUT "output"
%token T_CONST "const" T_QUBIT "qubit" T_BIT "bit" T_INT "int" T_UINT "uint"
%token T_FLOAT "float" T_ANGLE "angle" T_BOOL "bool" T_ARRAY "array"
%token T_LET "let" T_FOR "for" T_IN "in" T_CTRL "ctrl" T_NEGCTRL "negctrl"
%token T_INV "inv" T_POW "pow" T_DELAY "delay" T_BOX "box" T_END "end"
%token T_TRUE "true" T_FALSE "false" T_OPAQUE "opaque"
%token T_PRAGMA "pragma" T_STRING "string" T_DURATION "duration"
%token T_NUMBER "number" T_NAME "name" T_PHYSICAL "physical qubit"
%token T_ARROW "->" T_CONCAT "++" T_POWER "**" T_EQ "==" T_NE "!=" T_LE "<="
%token T_GE ">=" T_AND "&&" T_OR "||" T_SHL "<<" T_SHR ">>"
%token T_ADD_ASSIGN "+=" T_SUB_ASSIGN "-=" T_MUL_ASSIGN "*=" T_DIV_ASSIGN "/="

%left T_OR
%left T_AND
%left '|'
%left '^'
%left '&'
%left T_EQ T_NE
%left '<' '>' T_LE T_GE
%left T_SHL T_SHR
%left '+' '-'
%left '*' '/' '%'
%precedence UNARY
%right T_POWER
%precedence NO_ELSE
%precedence T_ELSE

%type <expr> expr primary exprs arguments width bound
%type <select> select selects range
%type <operand> operand operands concat
%type <modifier> modifier modifiers
%type <name> names parameters
%type <stmt> statement statements block body call
%type <type> scalar
%type <token> assign

%%
program
  : statements { parse->program = $1; }
  ;
statements
  : %empty { $$ = qasm_stmt_new(parse, QASM_STMT_BLOCK, @$); }
  | statements statement { $$ = qasm_block_append(parse, $1, $2); }
  ;
block
  : '{' statements '}' { $$ = $2; $$->place = @$; }
  ;
body
  : statement {
      $$ = qasm_stmt_new(parse, QASM_STMT_BLOCK, @$);
      qasm_block_append(parse, $$, $1);
      CHECKED(qasm_nest(parse, $$, $1));
    }
  ;
scalar
  : T_INT width    { $$ = QASM_TYPE_INT; }
  | T_UINT width   { $$ = QASM_TYPE_UINT; }
  | T_FLOAT width  { $$ = QASM_TYPE_FLOAT; }
  | T_ANGLE width  { $$ = QASM_TYPE_ANGLE; }
  | T_BOOL         { $$ = QASM_TYPE_BOOL; }
  ;
width
  : %empty { $$ = NULL; }
  | '[' expr ']' { $$ = $2; }
  ;
names
  : T_NAME { $$ = qasm_name_new(parse, @1); }
  | names ',' T_NAME { $$ = $1; QASM_APPEND($1, qasm_name_new(parse, @3)); }
  ;
parameters
  : %empty { $$ = NULL; }
  | '(' ')' { $$ = NULL; }
  | '(' names ')' { $$ = $2; }
  ;
assign
  : '=' { $$ = '='; }
  | T_ADD_ASSIGN { $$ = '+'; }
  | T_SUB_ASSIGN { $$ = '-'; }
  | T_MUL_ASSIGN { $$ = '*'; }
  | T_DIV_ASSIGN { $$ = '/'; }
  ;
statement
  : T_VERSION ';' { $$ = qasm_stmt_new(parse, QASM_STMT_NOTHING, @$); }
  | ';' { $$ = qasm_stmt_new(parse, QASM_STMT_NOTHING, @$); }
  | T_INCLUDE T_STRING ';' {
      $$ = qasm_stmt_new(parse, QASM_STMT_INCLUDE, @2);
    }
  | T_INPUT scalar T_NAME ';' {
      $$ = named(parse, QASM_STMT_INPUT, @$, @3, NULL);
      $$->type = $2;
    }
  | T_INPUT T_ARRAY '[' scalar ',' exprs ']' T_NAME ';' {
      $$ = named(parse, QASM_STMT_INPUT, @$, @8, $6);
      $$->type = $4;
    }
  | T_INPUT T_BIT width T_NAME ';' {
      $$ = qasm_stmt_new(parse, QASM_STMT_UNSUPPORTED, @$);
      $$->what = "an input of type bit";
    }
  | T_OUTPUT T_BIT width T_NAME ';' {
      $$ = named(parse, QASM_STMT_BITS, @$, @4, $3);
    }
  | T_OUTPUT scalar T_NAME ';' {
      $$ = named(parse, QASM_STMT_DECLARE, @$, @3, NULL);
      $$->type = $2;
    }
  | T_CONST scalar T_NAME '=' expr ';' {
      $$ = named(parse, QASM_STMT_DECLARE, @$, @3, $5);
      $$->type = $2;
      $$->is_const = true;
    }
  | scalar T_NAME '=' expr ';' {
      $$ = named(parse, QASM_STMT_DECLARE, @$, @2, $4);
      $$->type = $1;
    }
  | scalar T_NAME ';' {
      $$ = named(parse, QASM_STMT_DECLARE, @$, @2, NULL);
      $$->type = $1;
    }
  | T_BIT width T_NAME ';' { $$ = named(parse, QASM_STMT_BITS, @$, @3, $2); }
  | T_BIT width T_NAME '=' expr ';' {
      $$ = named(parse, QASM_STMT_BITS, @$, @3, $2);
    }
  | T_BIT width T_NAME '=' T_STRING ';' {
      $$ = named(parse, QASM_STMT_BITS, @$, @3, $2);
    }
  | T_BIT width T_NAME '=' T_MEASURE operand ';' {
      qasm_stmt_t *bits = named(parse, QASM_STMT_BITS, @$, @3, $2);
      $$ = qasm_stmt_new(parse, QASM_STMT_BLOCK, @$);
      qasm_block_append(parse, $$, bits);
      qasm_block_append(parse, $$, measure(parse, @$, $6));
      $$->op = 1; /* declares in the scope around it */
    }
  | T_QUBIT width T_NAME ';' { $$ = named(parse, QASM_STMT_QUBITS, @$, @3, $2); }
  | T_QREG T_NAME width ';' { $$ = named(parse, QASM_STMT_QUBITS, @$, @2, $3); }
  | T_CREG T_NAME width ';' { $$ = named(parse, QASM_STMT_BITS, @$, @2, $3); }
  | T_LET T_NAME '=' concat ';' {
      $$ = named(parse, QASM_STMT_LET, @$, @2, NULL);
      $$->operands = $4;
    }
  | T_GATE T_NAME parameters names block {
      $$ = named(parse, QASM_STMT_GATE, @$, @2, NULL);
      $$->params = $3;
      $$->qubits = $4;
      $$->body = $5;
      $$->symbol->defines_gate = true;
      CHECKED(qasm_nest(parse, $$, $5));
    }
  | T_OPAQUE T_NAME parameters names ';' {
      $$ = named(parse, QASM_STMT_OPAQUE, @$, @2, NULL);
    }
  | call { $$ = $1; }
  | modifiers call {
      $$ = $2;
      $$->modifiers = $1;
      $$->place = @$;
    }
  | T_NAME assign expr ';' {
      $$ = named(parse, QASM_STMT_ASSIGN, @$, @1, $3);
      $$->op = $2;
    }
  | T_NAME '=' T_MEASURE operand ';' { $$ = measure(parse, @$, $4); }
  | T_NAME selects '=' T_MEASURE operand ';' { $$ = measure(parse, @$, $5); }
  | T_MEASURE operand ';' { $$ = measure(parse, @$, $2); }
  | T_MEASURE operand T_ARROW operand ';' { $$ = measure(parse, @$, $2); }
  | T_RESET operand ';' {
      $$ = qasm_stmt_new(parse, QASM_STMT_RESET, @$);
      $$->operands = $2;
    }
  | T_BARRIER ';' { $$ = qasm_stmt_new(parse, QASM_STMT_NOTHING, @$); }
  | T_BARRIER operands ';' {
      $$ = qasm_stmt_new(parse, QASM_STMT_BARRIER, @$);
      $$->operands = $2;
    }
  | T_DELAY '[' expr ']' ';' { $$ = qasm_stmt_new(parse, QASM_STMT_DELAY, @$); }
  | T_DELAY '[' expr ']' operands ';' {
      $$ = qasm_stmt_new(parse, QASM_STMT_DELAY, @$);
      $$->operands = $5;
    }
  | T_BOX block { CHECKED($$ = qasm_nest(parse, $2, $2)); }
  | T_BOX '[' expr ']' block { CHECKED($$ = qasm_nest(parse, $5, $5)); }
  | block { CHECKED($$ = qasm_nest(parse, $1, $1)); }
  | T_FOR scalar T_NAME T_IN range body {
      $$ = named(parse, QASM_STMT_FOR, @$, @3, NULL);
      $$->type = $2;
      $$->select = $5;
      $$->body = $6;
      CHECKED(qasm_nest(parse, $$, $6));
    }
  | T_FOR T_NAME T_IN range body {
      $$ = named(parse, QASM_STMT_FOR, @$, @2, NULL);
      $$->type = QASM_TYPE_INT;
      $$->select = $4;
      $$->body = $5;
      CHECKED(qasm_nest(parse, $$, $5));
    }
  | T_IF '(' expr ')' body %prec NO_ELSE {
      $$ = qasm_stmt_new(parse, QASM_STMT_IF, @$);
      $$->expr = $3;
      $$->body = $5;
      CHECKED(qasm_nest(parse, $$, $5));
    }
  | T_IF '(' expr ')' body T_ELSE body {
      $$ = qasm_stmt_new(parse, QASM_STMT_IF, @$);
      $$->expr = $3;
      $$->body = $5;
      $$->other = $7;
      CHECKED(qasm_nest(parse, $$, $5));
      CHECKED(qasm_nest(parse, $$, $7));
    }
  | T_PRAGMA { $$ = qasm_stmt_new(parse, QASM_STMT_PRAGMA, @1); }
  | T_END ';' { $$ = qasm_stmt_new(parse, QASM_STMT_END, @$); }
  | T_UNSUPPORTED {
      input_fail(parse->input, @1.begin, "`%.*s` is not supported",
                 (int)(@1.end - @1.begin), parse->input->text + @1.begin);
      YYABORT;
    }
  ;
call
  : T_NAME arguments operands ';' {
      $$ = named(parse, QASM_STMT_CALL, @$, @1, $2);
      $$->operands = $3;
    }
  | T_NAME operands ';' {
      $$ = named(parse, QASM_STMT_CALL, @$, @1, NULL);
      $$->operands = $2;
    }
  | T_NAME arguments ';' { $$ = named(parse, QASM_STMT_CALL, @$, @1, $2); }
  ;
arguments
  : '(' ')' { $$ = NULL; }
  | '(' exprs ')' { $$ = $2; }
  ;
modifiers
  : modifier
  | modifiers modifier { $$ = $1; QASM_APPEND($1, $2); }
  ;
modifier
  : T_INV '@' { $$ = qasm_modifier_new(parse, QASM_INV, @$, NULL); }
  | T_POW '(' expr ')' '@' { $$ = qasm_modifier_new(parse, QASM_POW, @$, $3); }
  | T_CTRL '@' { $$ = qasm_modifier_new(parse, QASM_CTRL, @$, NULL); }
  | T_CTRL '(' expr ')' '@' { $$ = qasm_modifier_new(parse, QASM_CTRL, @$, $3); }
  | T_NEGCTRL '@' { $$ = qasm_modifier_new(parse, QASM_NEGCTRL, @$, NULL); }
  | T_NEGCTRL '(' expr ')' '@' {
      $$ = qasm_modifier_new(parse, QASM_NEGCTRL, @$, $3);
    }
  ;
operands
  : operand
  | operands ',' operand { $$ = $1; QASM_APPEND($1, $3); }
  ;
concat
  : operand
  | concat T_CONCAT operand { $$ = $1; QASM_APPEND($1, $3); }
  ;
operand
  : T_NAME { $$ = qasm_operand_new(parse, @1); }
  | T_PHYSICAL { $$ = qasm_operand_new(parse, @1); }
  | T_NAME selects {
      $$ = qasm_operand_new(parse, @1);
      $$->place = @$;
      $$->select = $2;
    }
  ;
selects
  : select
  | selects select {
      qasm_select_t *last = $1;
      while (last->next) last = last->next;
      last->next = $2;
      $$ = $1;
    }
  ;
select
  : '[' expr ']' { $$ = qasm_select_new(parse, $2); }
  | '[' '{' exprs '}' ']' {
      $$ = qasm_select_new(parse, NULL);
      $$->set = $3;
    }
  | '[' bound ':' bound ']' {
      $$ = qasm_select_new(parse, $2);
      $$->is_range = true;
      $$->high = $4;
    }
  | '[' bound ':' expr ':' bound ']' {
      $$ = qasm_select_new(parse, $2);
      $$->is_range = true;
      $$->step = $4;
      $$->high = $6;
    }
  ;
bound /* NULL: from the beginning, to the end */
  : %empty { $$ = NULL; }
  | expr
  ;
range
  : select { $$ = $1; }
  | '{' exprs '}' {
      $$ = qasm_select_new(parse, NULL);
      $$->set = $2;
    }
  ;
exprs
  : expr { $$ = qasm_expr_append(parse, NULL, $1); }
  | exprs ',' expr { $$ = qasm_expr_append(parse, $1, $3); }
  ;
expr
  : primary
  | '-' expr %prec UNARY {
      CHECKED($$ = qasm_expr_unary(parse, QASM_NEGATE, @$, $2));
    }
  | '+' expr %prec UNARY { $$ = $2; }
  | '!' expr %prec UNARY {
      CHECKED($$ = qasm_expr_unary(parse, QASM_NOT, @$, $2));
    }
  | expr '+' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '+', $3)); }
  | expr '-' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '-', $3)); }
  | expr '*' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '*', $3)); }
  | expr '/' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '/', $3)); }
  | expr '%' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '%', $3)); }
  | expr '&' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '&', $3)); }
  | expr '|' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '|', $3)); }
  | expr '^' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '^', $3)); }
  | expr '<' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '<', $3)); }
  | expr '>' expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, '>', $3)); }
  | expr T_LE expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_LE, $3)); }
  | expr T_GE expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_GE, $3)); }
  | expr T_EQ expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_EQ, $3)); }
  | expr T_NE expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_NE, $3)); }
  | expr T_AND expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_AND, $3)); }
  | expr T_OR expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_OR, $3)); }
  | expr T_SHL expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_SHL, $3)); }
  | expr T_SHR expr { CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_SHR, $3)); }
  | expr T_POWER expr {
      CHECKED($$ = qasm_expr_binary(parse, @$, $1, T_POWER, $3));
    }
  ;
primary
  : T_NUMBER { CHECKED($$ = qasm_expr_number(parse, @$)); }
  | T_DURATION { $$ = qasm_expr_new(parse, QASM_CAST, @$); $$->type = QASM_TYPE_OTHER; }
  | T_TRUE {
      $$ = qasm_expr_new(parse, QASM_SYMBOL, @$);
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | T_FALSE {
      $$ = qasm_expr_new(parse, QASM_SYMBOL, @$);
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | T_NAME {
      $$ = qasm_expr_new(parse, QASM_SYMBOL, @$);
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | T_NAME '[' expr ']' {
      CHECKED($$ = qasm_expr_unary(parse, QASM_INDEX, @$, $3));
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | '(' expr ')' {
      /* the parentheses end a chain, and count for what they nest */
      $$ = $2;
      $$->depth++;
    }
  | T_NAME '(' exprs ')' {
      CHECKED($$ = qasm_expr_unary(parse, QASM_CALL, @$, $3));
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | T_POW '(' exprs ')' {
      CHECKED($$ = qasm_expr_unary(parse, QASM_CALL, @$, $3));
      $$->symbol = qasm_symbol_at(parse, @1);
    }
  | scalar '(' expr ')' {
      CHECKED($$ = qasm_expr_unary(parse, QASM_CAST, @$, $3));
      $$->type = $1;
    }
  ;
%%

static void qasm_yyerror(place_t *place, yyscan_t scanner, qasm_parse_t *parse,
                         const char *message) {
  (void)scanner;
  input_fail(parse->input, place->begin, "%s",
             strcmp(message, "memory exhausted") ? message
                                                 : "nested too deeply");
}

static int yyreport_syntax_error(const yypcontext_t *context, yyscan_t scanner,
                                 qasm_parse_t *parse) {
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
  if (token == YYSYMBOL_YYEOF && parse->num_open && parse->num_open <= 64) {
    long line = 1;
    for (size_t i = 0; i < parse->open[parse->num_open - 1]; i++)
      line += parse->input->text[i] == '\n';
    input_fail(parse->input, place->begin,
               "unexpected end of the text: the brace opened in line %ld is "
               "not closed", line);
  } else if (token == YYSYMBOL_YYEOF) {
    input_fail(parse->input, place->begin, "unexpected end of the text%s",
               wanted);
  } else {
    input_fail(parse->input, place->begin, "unexpected '%.*s'%s",
               length > 40 ? 40 : (int)length,
               parse->input->text + place->begin, wanted);
  }
  return 0;
}
