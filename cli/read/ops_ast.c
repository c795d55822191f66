#include "cli/read/ops_ast.h"

#include "cli/read/limits.h"
#include "cli/read/number.h"
#include "cli/read/ops-parser.h"

/* From the generated scanner. */
int ops_yylex_init_extra(ops_parse_t *parse, yyscan_t *scanner);
int ops_yylex_destroy(yyscan_t scanner);
struct yy_buffer_state;
struct yy_buffer_state *ops_yy_scan_bytes(const char *bytes, int length,
                                          yyscan_t scanner);

ops_node_t *ops_node_new(ops_parse_t *parse, ops_kind_t kind, place_t place) {
  ops_node_t *node = arena_alloc(&parse->arena, sizeof *node);
  node->kind = kind;
  node->place = place;
  return node;
}

ops_node_t *ops_node_number(ops_parse_t *parse, place_t place) {
  ops_node_t *node = ops_node_new(parse, OPS_NUMBER, place);
  node->value = arena_alloc(&parse->arena, sizeof *node->value);
  fmpq_init(*node->value);
  if (parse->num_numbers == parse->alloc_numbers) {
    parse->alloc_numbers = 2 * parse->alloc_numbers + 64;
    parse->numbers = flint_realloc(
        parse->numbers, parse->alloc_numbers * sizeof *parse->numbers);
  }
  parse->numbers[parse->num_numbers++] = node->value;
  if (number_parse(*node->value, parse->input, place.begin,
                   parse->input->text + place.begin,
                   place.end - place.begin) != STATUS_OK)
    return NULL;
  return node;
}

/* Appends item to a list node; NULL, with an error, when it lies too deep. */
ops_node_t *ops_node_append(ops_parse_t *parse, ops_node_t *list, char op,
                            ops_node_t *item) {
  item->op = op;
  if (list->last)
    list->last->next = item;
  else
    list->first = item;
  list->last = item;
  list->has_letters |= item->has_letters;
  unsigned depth = item->depth + (list->kind == OPS_TERM);
  if (item->low && item->low->depth + 1 > depth) depth = item->low->depth + 1;
  if (depth > list->depth) list->depth = depth;
  if (list->depth > LIMIT_DEPTH) {
    input_fail(parse->input, item->place.begin, "nested too deeply");
    return NULL;
  }
  return list;
}

ops_stmt_t *ops_stmt_new(ops_parse_t *parse, ops_stmt_kind_t kind,
                         place_t place) {
  ops_stmt_t *stmt = arena_alloc(&parse->arena, sizeof *stmt);
  stmt->kind = kind;
  stmt->place = place;
  return stmt;
}

static status_t run(ops_parse_t *parse, input_t *input, size_t begin,
                    size_t end, int start_token) {
  yyscan_t scanner;
  *parse = (ops_parse_t){.input = input, .at = begin, .line = 1,
                         .start_token = start_token,
                         .line_mode = start_token == T_START_FILE,
                         .at_start = true};
  arena_init(&parse->arena);
  if (ops_yylex_init_extra(parse, &scanner)) flint_abort();
  ops_yy_scan_bytes(input->text + begin, (int)(end - begin), scanner);
  if (ops_yyparse(scanner, parse) && input->status == STATUS_OK)
    input_fail(input, parse->at, "nested too deeply");
  ops_yylex_destroy(scanner);
  return input->status;
}

status_t ops_parse_file(ops_parse_t *parse, input_t *input) {
  return run(parse, input, 0, input->length, T_START_FILE);
}

status_t ops_parse_expression(ops_parse_t *parse, input_t *input, size_t begin,
                              size_t end) {
  return run(parse, input, begin, end, T_START_EXPRESSION);
}

void ops_parse_clear(ops_parse_t *parse) {
  for (size_t i = 0; i < parse->num_numbers; i++)
    fmpq_clear(*parse->numbers[i]);
  flint_free(parse->numbers);
  arena_clear(&parse->arena);
}
