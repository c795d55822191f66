#include <stdlib.h>

#include "cli/read/limits.h"
#include "algebra/base/text.h"
#include "cli/qasm/qasm-parser.h"
#include "cli/qasm/qasm_run.h"

/* pi and its relatives; true and false. */
static bool builtin_constant(qasm_value_t *out, qasm_run_t *run,
                             const qasm_expr_t *expr) {
  const char *name = expr->symbol->name;
  if (!strcmp(name, "pi") || !strcmp(name, "\xcf\x80")) {
    qasm_value_set_si(out, 0);
    fmpq_one(out->num->pi_part);
  } else if (!strcmp(name, "tau") || !strcmp(name, "\xcf\x84")) {
    qasm_value_set_si(out, 0);
    fmpq_set_si(out->num->pi_part, 2, 1);
  } else if (!strcmp(name, "euler") || !strcmp(name, "\xe2\x84\x87")) {
    qasm_value_t one;
    qasm_value_init(&one);
    qasm_value_set_si(&one, 1);
    qasm_derive(out, run, expr->place, "exp", &one, 1);
    qasm_value_clear(&one);
  } else if (run->parse->version != 2 &&
             (!strcmp(name, "true") || !strcmp(name, "false"))) {
    qasm_value_set_si(out, name[0] == 't');
    return true;
  } else {
    return false;
  }
  out->integer = false;
  return true;
}

bool qasm_names_symbols(const qasm_expr_t *expr) {
  for (; expr; expr = expr->a) {
    if (expr->kind == QASM_SYMBOL && strcmp(expr->symbol->name, "pi"))
      return true;
    for (const qasm_expr_t *e = expr->first; e; e = e->next)
      if (qasm_names_symbols(e)) return true;
    if (expr->b && qasm_names_symbols(expr->b)) return true;
  }
  return false;
}

static bool eval_symbol(qasm_value_t *out, qasm_run_t *run,
                        const qasm_expr_t *expr) {
  qasm_symbol_t *symbol = expr->symbol;
  qasm_binding_t *b = qasm_lookup(run, symbol);
  if (b && b->kind == QASM_BIND_VALUE) {
    if (!b->is_set) {
      input_fail(run->input, expr->place.begin, "'%.60s' has no value",
                 symbol->name);
      return false;
    }
    qasm_value_set(out, &b->value);
    return true;
  }
  if (b) {
    input_fail(run->input, expr->place.begin, b->kind == QASM_BIND_BITS
               ? "'%.60s' holds bits, whose values are not known beforehand"
               : "'%.60s' is not a number", symbol->name);
    return false;
  }
  if (builtin_constant(out, run, expr)) return true;
  if (run->parse->version == 2 && run->frame == 0) {
    /* as tket writes them */
    char *key = text_print("symbol %s", symbol->name);
    size_t p = qasm_param_add(run, symbol->name, key, QASM_PARAM_DECLARED,
                              expr->place);
    free(key);
    qasm_value_param(out, p);
    return true;
  }
  input_fail(run->input, expr->place.begin, "'%.60s' is not declared",
             symbol->name);
  return false;
}

static bool eval_index(qasm_value_t *out, qasm_run_t *run,
                       const qasm_expr_t *expr) {
  long index;
  qasm_binding_t *b = qasm_lookup(run, expr->symbol);
  if (!b || b->kind != QASM_BIND_ARRAY) {
    input_fail(run->input, expr->place.begin, !b ? "'%.60s' is not declared"
               : "'%.60s' is not an array of parameters", expr->symbol->name);
    return false;
  }
  if (!qasm_eval_integer(&index, run, expr->a, "the index")) return false;
  if (index < 0) index += (long)b->count;
  if (index < 0 || (size_t)index >= b->count) {
    input_fail(run->input, expr->place.begin,
               "index %ld is outside of '%.60s', which has %zu elements", index,
               expr->symbol->name, b->count);
    return false;
  }
  qasm_value_param(out, b->base + (size_t)index);
  return true;
}

static bool eval_call(qasm_value_t *out, qasm_run_t *run,
                      const qasm_expr_t *expr) {
  enum { MAX_ARGS = 4 };
  qasm_value_t args[MAX_ARGS] = {0};
  size_t count = 0;
  bool ok = true;
  for (const qasm_expr_t *a = expr->a->first; a && ok; a = a->next) {
    if (count == MAX_ARGS) {
      input_fail(run->input, a->place.begin, "too many arguments");
      ok = false;
      break;
    }
    qasm_value_init(args + count);
    ok = qasm_eval(args + count++, run, a);
  }
  if (ok)
    ok = qasm_function(out, run, expr->place, expr->symbol->name, args, count);
  for (size_t i = 0; i < count; i++) qasm_value_clear(args + i);
  return ok;
}

static bool eval_one(qasm_value_t *out, qasm_run_t *run,
                     const qasm_expr_t *expr) {
  fmpq_t minus;
  bool ok;
  switch (expr->kind) {
  case QASM_NUMBER:
    qasm_value_set_si(out, 0);
    fmpq_set(expr->is_turns ? out->num->pi_part : out->num->rad_part,
             expr->value);
    out->integer = expr->is_integer;
    return true;
  case QASM_SYMBOL: return eval_symbol(out, run, expr);
  case QASM_INDEX: return eval_index(out, run, expr);
  case QASM_CALL: return eval_call(out, run, expr);
  case QASM_NEGATE:
    if (!qasm_eval(out, run, expr->a)) return false;
    fmpq_init(minus);
    fmpq_set_si(minus, -2, 1);
    angle_addmul(out->num, out->num, minus, out->num);
    fmpq_clear(minus);
    return true;
  case QASM_NOT:
    if (!qasm_eval(out, run, expr->a)) return false;
    ok = qasm_convert(out, run, expr->place, QASM_TYPE_BOOL);
    if (ok) qasm_value_set_si(out, angle_is_zero(out->num));
    return ok;
  case QASM_CAST:
    if (expr->type == QASM_TYPE_OTHER) {
      input_fail(run->input, expr->place.begin, "a duration is not a number");
      return false;
    }
    return qasm_eval(out, run, expr->a) &&
           qasm_convert(out, run, expr->place, expr->type);
  default: return false;
  }
}

/* Walks the left spine of a chain without recursion. */
bool qasm_eval(qasm_value_t *out, qasm_run_t *run, const qasm_expr_t *expr) {
  if (expr->kind != QASM_BINARY) return eval_one(out, run, expr);
  size_t count = 0, alloc = 0;
  const qasm_expr_t **spine = NULL;
  for (; expr->kind == QASM_BINARY; expr = expr->a) {
    if (count == alloc) {
      alloc = 2 * alloc + 8;
      spine = flint_realloc(spine, alloc * sizeof *spine);
    }
    spine[count++] = expr;
  }
  qasm_value_t right;
  qasm_value_init(&right);
  bool ok = eval_one(out, run, expr);
  while (ok && count-- > 0)
    ok = qasm_step(run, spine[count]->place) &&
         qasm_eval(&right, run, spine[count]->b) &&
         qasm_binary(out, run, spine[count]->place, spine[count]->op, out,
                     &right);
  qasm_value_clear(&right);
  flint_free(spine);
  return ok;
}

bool qasm_eval_integer(long *out, qasm_run_t *run, const qasm_expr_t *expr,
                       const char *what) {
  qasm_value_t value;
  qasm_value_init(&value);
  bool ok = qasm_eval(&value, run, expr);
  if (ok && !angle_is_constant(value.num)) {
    input_fail(run->input, expr->place.begin,
               "%s must be known beforehand (set its inputs with -D NAME=VALUE)",
               what);
    ok = false;
  } else if (ok && (!qasm_value_is_rational(&value) ||
                    !fmpz_is_one(fmpq_denref(value.num->rad_part)))) {
    input_fail(run->input, expr->place.begin, "%s must be an integer", what);
    ok = false;
  } else if (ok && fmpz_bits(fmpq_numref(value.num->rad_part)) > 40) {
    input_fail(run->input, expr->place.begin, "%s is too large", what);
    ok = false;
  }
  if (ok) *out = fmpz_get_si(fmpq_numref(value.num->rad_part));
  qasm_value_clear(&value);
  return ok;
}
