#include "cli/read/ops_symbol.h"

#include <string.h>

enum { MAX_DEGREE = 8 };

bool ops_symbol_is(const ops_stmt_t *stmt, const char *name, size_t length) {
  return stmt->name_length == length && !memcmp(stmt->name, name, length);
}

status_t ops_symbol_find(const ops_stmt_t **symbol, const ops_parse_t *parse,
                         const reader_override_t *overrides,
                         size_t num_overrides) {
  *symbol = NULL;
  for (const ops_stmt_t *s = parse->first; s; s = s->next) {
    bool given = false;
    if (s->kind != OPS_STMT_SYMBOL) continue;
    for (size_t j = 0; j < num_overrides; j++)
      given = given ||
              ops_symbol_is(s, overrides[j].name, strlen(overrides[j].name));
    if (given) continue;
    if (*symbol)
      return input_fail(parse->input, s->expression.begin,
                        "a second symbol without a value; one can be kept, set "
                        "the other with -D %.*s=VALUE",
                        s->name_length > 40 ? 40 : (int)s->name_length, s->name);
    *symbol = s;
  }
  return STATUS_OK;
}

typedef struct {
  const ops_parse_t *parse;
  const ops_stmt_t *symbol;
} search_t;

static status_t node_degree(size_t *degree, const search_t *search,
                            const ops_node_t *node);

/* Where only numbers may stand. */
static status_t forbid(const search_t *search, const ops_node_t *node,
                       const char *where) {
  size_t degree = 0;
  if (!node) return STATUS_OK;
  status_t status = node_degree(&degree, search, node);
  if (!status && degree)
    status = input_fail(search->parse->input, node->place.begin,
                        "a symbol without a value or a square root cannot be "
                        "used in %s", where);
  return status;
}

static status_t list_degree(size_t *degree, const search_t *search,
                            const ops_node_t *list) {
  status_t status = STATUS_OK;
  *degree = 0;
  for (const ops_node_t *f = list->first; f && !status; f = f->next) {
    size_t d = 0;
    status = node_degree(&d, search, f);
    if (list->kind == OPS_SUM) {
      if (d > *degree) *degree = d;
    } else if (!status && d && f->op != '*' &&
               !(f->op == '/' && f->kind == OPS_SQRT)) {
      status = input_fail(search->parse->input, f->place.begin,
                          "coefficients are polynomials in a symbol: it cannot "
                          "be divided by");
    } else if (!status && *degree && f->op == '%') {
      status = input_fail(search->parse->input, f->place.begin,
                          "%% needs integers on both sides");
    } else {
      *degree += d;
    }
    if (!status && *degree > MAX_DEGREE)
      status = input_limit(search->parse->input, list->place.begin,
                           "a degree above %d in a symbol is too large",
                           (int)MAX_DEGREE);
  }
  return status;
}

static status_t node_degree(size_t *degree, const search_t *search,
                            const ops_node_t *node) {
  status_t status;
  *degree = 0;
  switch (node->kind) {
  case OPS_SUM:
  case OPS_TERM: return list_degree(degree, search, node);
  case OPS_NAME:
    *degree = search->symbol && ops_symbol_is(search->symbol, node->name, node->name_length);
    return STATUS_OK;
  case OPS_SQRT:
    *degree = 1;
    return forbid(search, node->low, "a square root");
  case OPS_LETTER: return forbid(search, node->low, "the number of a qubit");
  case OPS_RANGE:
    status = forbid(search, node->low, "a range");
    if (!status) status = forbid(search, node->high, "a range");
    return status ? status : node_degree(degree, search, node->body);
  case OPS_PRODUCT:
    status = forbid(search, node->low, "a range");
    if (!status) status = forbid(search, node->high, "a range");
    return status ? status : forbid(search, node->body, "a product over a range");
  default: return STATUS_OK;
  }
}

static status_t statement_degree(size_t *degree, const search_t *search,
                                 const ops_stmt_t *s) {
  size_t d = 0;
  status_t status;
  switch (s->kind) {
  case OPS_STMT_GENERATOR:
    status = node_degree(&d, search, s->expr);
    if (d > *degree) *degree = d;
    return status;
  case OPS_STMT_OBSERVABLE: return forbid(search, s->expr, "an observable");
  case OPS_STMT_QUBITS:
    return forbid(search, s->expr, "the number of qubits");
  case OPS_STMT_PARAMETERS:
    return forbid(search, s->expr, "the number of parameters");
  case OPS_STMT_FOR:
    status = forbid(search, s->low, "a range");
    if (!status) status = forbid(search, s->high, "a range");
    return status ? status : statement_degree(degree, search, s->body);
  default: return STATUS_OK;
  }
}

status_t ops_symbol_degree(size_t *degree, const ops_parse_t *parse,
                           const ops_stmt_t *symbol) {
  search_t search = {parse, symbol};
  status_t status = STATUS_OK;
  *degree = 0;
  for (const ops_stmt_t *s = parse->first; s && !status; s = s->next)
    status = statement_degree(degree, &search, s);
  return status;
}
