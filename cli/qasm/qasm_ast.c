#include "cli/qasm/qasm_ast.h"

#include <string.h>

#include "cli/read/limits.h"
#include "cli/read/number.h"
#include "cli/qasm/qasm-parser.h"

/* From the generated scanner. */
int qasm_yylex_init_extra(qasm_parse_t *parse, yyscan_t *scanner);
int qasm_yylex_destroy(yyscan_t scanner);
struct yy_buffer_state;
struct yy_buffer_state *qasm_yy_scan_bytes(const char *bytes, int length,
                                           yyscan_t scanner);

qasm_symbol_t *qasm_intern(qasm_parse_t *parse, const char *name,
                           size_t length) {
  uint64_t hash = hash_bytes(HASH_START, name, length);
  for (size_t probe = 0, k;
       (k = hash_table_next(parse->names, hash, &probe)) != SIZE_MAX;) {
    qasm_symbol_t *known = parse->symbols[k];
    if (known->length == length && !memcmp(known->name, name, length))
      return known;
  }
  if (parse->num_symbols == parse->alloc_symbols) {
    parse->alloc_symbols = 2 * parse->alloc_symbols + 64;
    parse->symbols = flint_realloc(
        parse->symbols, parse->alloc_symbols * sizeof *parse->symbols);
  }
  qasm_symbol_t *s = arena_alloc(&parse->arena, sizeof *s);
  s->name = arena_copy(&parse->arena, name, length);
  s->length = length;
  parse->symbols[parse->num_symbols] = s;
  hash_table_put(parse->names, hash, parse->num_symbols++);
  return s;
}

qasm_symbol_t *qasm_symbol_at(qasm_parse_t *parse, place_t place) {
  return qasm_intern(parse, parse->input->text + place.begin,
                     place.end - place.begin);
}

qasm_expr_t *qasm_expr_new(qasm_parse_t *parse, qasm_expr_kind_t kind,
                           place_t place) {
  qasm_expr_t *expr = arena_alloc(&parse->arena, sizeof *expr);
  expr->kind = kind;
  expr->place = place;
  return expr;
}

qasm_expr_t *qasm_expr_number(qasm_parse_t *parse, place_t place) {
  qasm_expr_t *expr = qasm_expr_new(parse, QASM_NUMBER, place);
  const char *text = parse->input->text + place.begin;
  size_t length = place.end - place.begin;
  fmpq_init(expr->value);
  if (parse->num_numbers == parse->alloc_numbers) {
    parse->alloc_numbers = 2 * parse->alloc_numbers + 64;
    parse->numbers = flint_realloc(
        parse->numbers, parse->alloc_numbers * sizeof *parse->numbers);
  }
  parse->numbers[parse->num_numbers++] = expr;
  if (number_parse(expr->value, parse->input, place.begin, text, length))
    return NULL;
  expr->is_integer = !memchr(text, '.', length) &&
                     !memchr(text, 'e', length) && !memchr(text, 'E', length);
  if (length > 1 && text[0] == '0' && strchr("xXbBoO", text[1]))
    expr->is_integer = true;
  fmpq_t turns;
  fmpq_init(turns);
  if (!expr->is_integer &&
      number_is_pi_multiple(turns, expr->value, text, length)) {
    fmpq_set(expr->value, turns);
    expr->is_turns = true;
    if (!parse->num_snapped++) parse->first_snapped = place;
  }
  fmpq_clear(turns);
  return expr;
}

static bool too_deep(qasm_parse_t *parse, place_t place, unsigned depth) {
  if (depth <= LIMIT_DEPTH) return false;
  input_fail(parse->input, place.begin, "nested too deeply");
  return true;
}

qasm_expr_t *qasm_expr_unary(qasm_parse_t *parse, qasm_expr_kind_t kind,
                             place_t place, qasm_expr_t *a) {
  qasm_expr_t *expr = qasm_expr_new(parse, kind, place);
  expr->a = a;
  expr->depth = a->depth + 1;
  return too_deep(parse, place, expr->depth) ? NULL : expr;
}

/* A chain a + b + c ... is a list that leans to the left; evaluation walks it
   without recursion, so only the right operand counts as depth. */
qasm_expr_t *qasm_expr_binary(qasm_parse_t *parse, place_t place,
                              qasm_expr_t *a, int op, qasm_expr_t *b) {
  qasm_expr_t *expr = qasm_expr_new(parse, QASM_BINARY, place);
  expr->a = a;
  expr->b = b;
  expr->op = op;
  expr->depth = a->kind == QASM_BINARY ? a->depth : a->depth + 1;
  if (b->depth + 1 > expr->depth) expr->depth = b->depth + 1;
  return too_deep(parse, place, expr->depth) ? NULL : expr;
}

qasm_expr_t *qasm_expr_append(qasm_parse_t *parse, qasm_expr_t *list,
                              qasm_expr_t *item) {
  if (!list) list = qasm_expr_new(parse, QASM_CALL, item->place);
  item->next = NULL;
  if (list->last)
    list->last->next = item;
  else
    list->first = item;
  list->last = item;
  list->place.end = item->place.end;
  if (item->depth + 1 > list->depth) list->depth = item->depth + 1;
  return list;
}

qasm_select_t *qasm_select_new(qasm_parse_t *parse, qasm_expr_t *low) {
  qasm_select_t *select = arena_alloc(&parse->arena, sizeof *select);
  select->low = low;
  return select;
}

qasm_operand_t *qasm_operand_new(qasm_parse_t *parse, place_t place) {
  qasm_operand_t *operand = arena_alloc(&parse->arena, sizeof *operand);
  const char *text = parse->input->text + place.begin;
  operand->place = place;
  operand->last = operand;
  if (text[0] != '$') {
    operand->symbol = qasm_symbol_at(parse, place);
    return operand;
  }
  for (size_t i = 1; i < place.end - place.begin && operand->physical < 100000000;
       i++)
    operand->physical = 10 * operand->physical + (text[i] - '0');
  return operand;
}

qasm_modifier_t *qasm_modifier_new(qasm_parse_t *parse,
                                   qasm_modifier_kind_t kind, place_t place,
                                   qasm_expr_t *expr) {
  qasm_modifier_t *modifier = arena_alloc(&parse->arena, sizeof *modifier);
  modifier->kind = kind;
  modifier->place = place;
  modifier->expr = expr;
  modifier->last = modifier;
  return modifier;
}

qasm_name_t *qasm_name_new(qasm_parse_t *parse, place_t place) {
  qasm_name_t *name = arena_alloc(&parse->arena, sizeof *name);
  name->symbol = qasm_symbol_at(parse, place);
  name->place = place;
  name->last = name;
  return name;
}

qasm_stmt_t *qasm_stmt_new(qasm_parse_t *parse, qasm_stmt_kind_t kind,
                           place_t place) {
  qasm_stmt_t *stmt = arena_alloc(&parse->arena, sizeof *stmt);
  stmt->kind = kind;
  stmt->place = place;
  stmt->last = stmt;
  return stmt;
}

qasm_stmt_t *qasm_nest(qasm_parse_t *parse, qasm_stmt_t *outer,
                       const qasm_stmt_t *inner) {
  if (inner->depth + 1 > outer->depth) outer->depth = inner->depth + 1;
  return too_deep(parse, outer->place, outer->depth) ? NULL : outer;
}

qasm_stmt_t *qasm_block_append(qasm_parse_t *parse, qasm_stmt_t *block,
                               qasm_stmt_t *stmt) {
  if (stmt->depth > block->depth) block->depth = stmt->depth;
  (void)parse;
  if (!block->body)
    block->body = stmt;
  else
    QASM_APPEND(block->body, stmt);
  return block;
}

status_t qasm_parse(qasm_parse_t *parse, input_t *input) {
  yyscan_t scanner;
  memset(parse, 0, sizeof *parse);
  parse->input = input;
  parse->line = 1;
  parse->version = 3;
  parse->last_token = ';';
  arena_init(&parse->arena);
  hash_table_init(parse->names);
  if (qasm_yylex_init_extra(parse, &scanner)) flint_abort();
  qasm_yy_scan_bytes(input->text, (int)input->length, scanner);
  if (qasm_yyparse(scanner, parse) && input->status == STATUS_OK)
    input_fail(input, parse->at, "nested too deeply");
  qasm_yylex_destroy(scanner);
  return input->status;
}

void qasm_parse_clear(qasm_parse_t *parse) {
  for (size_t i = 0; i < parse->num_numbers; i++)
    fmpq_clear(parse->numbers[i]->value);
  flint_free(parse->numbers);
  flint_free(parse->symbols);
  hash_table_clear(parse->names);
  arena_clear(&parse->arena);
}
