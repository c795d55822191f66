/* Statements of a QASM program, and the reader's entry. */
#include <stdlib.h>

#include "cli/read/limits.h"
#include "algebra/base/text.h"
#include "cli/read/number.h"
#include "cli/qasm/qasm-parser.h"
#include "cli/qasm/qasm_run.h"

static qasm_override_t *find_override(qasm_run_t *run,
                                      const qasm_symbol_t *symbol) {
  for (size_t i = 0; i < run->num_overrides; i++)
    if (!strcmp(run->overrides[i].name, symbol->name)) {
      run->overrides[i].is_used = true;
      return run->overrides + i;
    }
  return NULL;
}

static void set_override(qasm_value_t *value, const qasm_override_t *override) {
  qasm_value_set_si(value, 0);
  fmpq_set(value->num->rad_part, override->rad_part);
  fmpq_set(value->num->pi_part, override->pi_part);
  value->integer = fmpq_is_zero(override->pi_part) &&
                   fmpz_is_one(fmpq_denref(override->rad_part));
}

/* A value for -D must suit the declared type exactly. */
static bool check_override(qasm_run_t *run, const qasm_value_t *value,
                           const qasm_stmt_t *stmt) {
  if (stmt->type == QASM_TYPE_FLOAT || stmt->type == QASM_TYPE_ANGLE ||
      value->integer)
    return true;
  input_fail(run->input, stmt->name_place.begin,
             "the value set for '%.60s' must be an integer",
             stmt->symbol->name);
  return false;
}

static bool run_declare(qasm_run_t *run, const qasm_stmt_t *stmt) {
  qasm_value_t value;
  qasm_value_init(&value);
  bool set = stmt->expr != NULL, ok = true;
  qasm_override_t *override =
      run->scope == 0 && run->frame == 0 && stmt->is_const
          ? find_override(run, stmt->symbol) : NULL;
  if (override) {
    set_override(&value, override);
    ok = check_override(run, &value, stmt);
  } else if (stmt->expr) {
    ok = qasm_eval(&value, run, stmt->expr);
  }
  if (ok && set)
    ok = qasm_convert(&value, run, stmt->expr->place, stmt->type);
  qasm_binding_t *b = NULL;
  if (ok) b = qasm_bind(run, stmt->symbol, QASM_BIND_VALUE, stmt->name_place);
  if (b) {
    qasm_value_set(&b->value, &value);
    b->is_set = set;
    b->is_const = stmt->is_const;
    b->type = stmt->type;
  }
  qasm_value_clear(&value);
  return b != NULL;
}

static bool run_assign(qasm_run_t *run, const qasm_stmt_t *stmt) {
  qasm_binding_t *b = qasm_lookup(run, stmt->symbol);
  if (!b || b->kind != QASM_BIND_VALUE || b->is_const) {
    if (b && b->kind == QASM_BIND_BITS) return true; /* classical, not ours */
    input_fail(run->input, stmt->place.begin, b ? "'%.60s' cannot be assigned to"
               : "'%.60s' is not declared", stmt->symbol->name);
    return false;
  }
  qasm_value_t value;
  qasm_value_init(&value);
  bool ok = qasm_eval(&value, run, stmt->expr);
  if (ok && stmt->op != '=') {
    if (!b->is_set) {
      input_fail(run->input, stmt->place.begin, "'%.60s' has no value",
                 stmt->symbol->name);
      ok = false;
    }
    ok = ok && qasm_binary(&value, run, stmt->place, stmt->op, &b->value,
                           &value);
  }
  ok = ok && qasm_convert(&value, run, stmt->expr->place, b->type);
  if (ok) {
    qasm_value_set(&b->value, &value);
    b->is_set = true;
  }
  qasm_value_clear(&value);
  return ok;
}

static bool run_input(qasm_run_t *run, const qasm_stmt_t *stmt) {
  const qasm_symbol_t *symbol = stmt->symbol;
  qasm_override_t *override = find_override(run, symbol);
  long count = 1;
  if (stmt->expr) {
    if (stmt->expr->first->next) {
      input_fail(run->input, stmt->expr->place.begin,
                 "only arrays of one dimension are supported");
      return false;
    }
    if (!qasm_eval_integer(&count, run, stmt->expr->first, "the size of an array"))
      return false;
    if (count < 1 || override) {
      input_fail(run->input, stmt->expr->place.begin,
                 count < 1 ? "the size of an array must be at least 1"
                           : "an array cannot be set");
      return false;
    }
  }
  if ((long)run->num_params + count > LIMIT_PARAMETERS) {
    input_limit(run->input, stmt->place.begin,
                "more than %ld parameters are too many", LIMIT_PARAMETERS);
    return false;
  }
  qasm_binding_t *b = qasm_bind(run, stmt->symbol,
      stmt->expr ? QASM_BIND_ARRAY : QASM_BIND_VALUE, stmt->name_place);
  if (!b) return false;
  b->is_set = b->is_const = true;
  b->type = stmt->type;
  b->base = run->num_params;
  b->count = (size_t)count;
  if (override) {
    set_override(&b->value, override);
    return check_override(run, &b->value, stmt);
  }
  for (long i = 0; i < count; i++) {
    char *name = stmt->expr ? text_print("%s[%ld]", symbol->name, i)
                            : text_copy(symbol->name);
    size_t p = qasm_param_add(run, name, NULL, QASM_PARAM_DECLARED,
                              stmt->name_place);
    free(name);
    if (!stmt->expr) qasm_value_param(&b->value, p);
  }
  return true;
}

static bool run_qubits(qasm_run_t *run, const qasm_stmt_t *stmt) {
  long count = 1;
  if (run->frame || run->scope) {
    input_fail(run->input, stmt->place.begin,
               "qubits are declared outside of blocks");
    return false;
  }
  if (run->has_physical) {
    input_fail(run->input, stmt->place.begin,
               "physical qubits and declared ones cannot be mixed");
    return false;
  }
  if (stmt->expr &&
      !qasm_eval_integer(&count, run, stmt->expr, "the size of a register"))
    return false;
  if (count < 1) {
    input_fail(run->input, stmt->expr->place.begin,
               "a register has at least one qubit");
    return false;
  }
  if (count > LIMIT_QUBITS - (long)run->num_qubits) {
    input_limit(run->input, stmt->place.begin,
                "more than %ld qubits are too many", LIMIT_QUBITS);
    return false;
  }
  qasm_binding_t *b = qasm_bind(run, stmt->symbol, QASM_BIND_QUBITS,
                                stmt->name_place);
  if (!b) return false;
  b->count = (size_t)count;
  b->is_single = !stmt->expr;
  b->qubits = flint_malloc(b->count * sizeof *b->qubits);
  for (size_t i = 0; i < b->count; i++) b->qubits[i] = run->num_qubits++;
  run->num_declared_qubits = run->num_qubits;
  return true;
}

static bool run_let(qasm_run_t *run, const qasm_stmt_t *stmt) {
  size_t *all = NULL, count = 0;
  bool single = true, ok = true;
  for (const qasm_operand_t *o = stmt->operands; o && ok; o = o->next) {
    qasm_qubits_t part;
    ok = qasm_step(run, o->place) && qasm_operand_qubits(&part, run, o);
    if (!ok) break;
    if (count + part.count > (size_t)LIMIT_QUBITS) {
      input_limit(run->input, o->place.begin, "the alias is too long");
      ok = false;
    } else {
      all = flint_realloc(all, (count + part.count + 1) * sizeof *all);
      if (part.count)
        memcpy(all + count, part.qubits, part.count * sizeof *all);
      count += part.count;
      single = part.is_single && o == stmt->operands && !o->next;
    }
    flint_free(part.qubits);
  }
  qasm_binding_t *b = NULL;
  if (ok) b = qasm_bind(run, stmt->symbol, QASM_BIND_QUBITS, stmt->name_place);
  if (!b) {
    flint_free(all);
    return false;
  }
  b->qubits = all;
  b->count = count;
  b->is_single = single;
  return true;
}

static bool run_measure(qasm_run_t *run, const qasm_stmt_t *stmt) {
  qasm_qubits_t qubits;
  if (!qasm_operand_qubits(&qubits, run, stmt->operands)) return false;
  for (size_t i = 0; i < qubits.count; i++)
    *qasm_fate(run, qubits.qubits[i]) = QASM_MEASURED;
  if (!run->measure.count++) run->measure.line = stmt->place.line;
  flint_free(qubits.qubits);
  return true;
}

/* At the beginning a reset is the preparation that every circuit starts from. */
static bool run_reset(qasm_run_t *run, const qasm_stmt_t *stmt) {
  qasm_qubits_t qubits;
  if (!qasm_operand_qubits(&qubits, run, stmt->operands)) return false;
  size_t used = 0;
  while (used < qubits.count &&
         *qasm_fate(run, qubits.qubits[used]) == QASM_UNTOUCHED)
    used++;
  bool ok = used == qubits.count;
  if (!ok)
    input_fail(run->input, stmt->place.begin,
               "reset of qubit %zu after a gate is not unitary: it cannot be "
               "part of the circuit", qubits.qubits[used]);
  else if (!run->reset.count++)
    run->reset.line = stmt->place.line;
  flint_free(qubits.qubits);
  return ok;
}

/* Are the qubits there? (of a barrier or delay) */
static bool check_operands(qasm_run_t *run, const qasm_stmt_t *stmt) {
  for (const qasm_operand_t *o = stmt->operands; o; o = o->next) {
    qasm_qubits_t qubits;
    if (!qasm_operand_qubits(&qubits, run, o)) return false;
    flint_free(qubits.qubits);
  }
  return true;
}

static bool run_for(qasm_run_t *run, const qasm_stmt_t *stmt) {
  size_t *positions, count;
  if (!stmt->select->is_range && !stmt->select->set) {
    input_fail(run->input, stmt->select->low->place.begin,
               "a range [a:b] or a set {a, b} is needed here");
    return false;
  }
  if (!qasm_select_positions(&positions, &count, run, stmt->select, -1,
                             stmt->place))
    return false;
  bool ok = true;
  run->scope++;
  for (size_t i = 0; i < count && ok && !run->ended; i++) {
    size_t mark = run->num_bindings;
    ok = qasm_step(run, stmt->place);
    qasm_binding_t *b = NULL;
    if (ok) b = qasm_bind(run, stmt->symbol, QASM_BIND_VALUE, stmt->name_place);
    ok = b != NULL;
    if (ok) {
      qasm_value_set_si(&b->value, (long)positions[i]);
      b->value.declared = true;
      b->is_set = b->is_const = true;
      b->type = stmt->type;
      ok = qasm_convert(&b->value, run, stmt->place, stmt->type) &&
           qasm_execute(run, stmt->body);
    }
    qasm_unbind(run, mark);
  }
  run->scope--;
  flint_free(positions);
  return ok;
}

/* The first bits named in an expression, NULL when there are none. */
static const qasm_expr_t *find_bits(const qasm_run_t *run,
                                    const qasm_expr_t *expr) {
  for (; expr; expr = expr->a) {
    const qasm_binding_t *b = expr->kind == QASM_SYMBOL ||
                                      expr->kind == QASM_INDEX
                                  ? qasm_lookup(run, expr->symbol) : NULL;
    if (b && b->kind == QASM_BIND_BITS) return expr;
    const qasm_expr_t *found = expr->b ? find_bits(run, expr->b) : NULL;
    if (found) return found;
  }
  return NULL;
}

static bool run_if(qasm_run_t *run, const qasm_stmt_t *stmt) {
  const qasm_expr_t *bits = find_bits(run, stmt->expr);
  if (bits) {
    input_fail(run->input, bits->place.begin,
               "the circuit goes on by measured bits, '%.60s': a circuit with "
               "feedback is not unitary", bits->symbol->name);
    return false;
  }
  qasm_value_t value;
  qasm_value_init(&value);
  bool ok = qasm_eval(&value, run, stmt->expr);
  if (ok && !angle_is_constant(value.num)) {
    input_fail(run->input, stmt->expr->place.begin,
               "the condition must be a constant");
    ok = false;
  }
  bool yes = ok && !angle_is_zero(value.num);
  qasm_value_clear(&value);
  if (!ok) return false;
  const qasm_stmt_t *body = yes ? stmt->body : stmt->other;
  return !body || qasm_execute(run, body);
}

static bool run_include(qasm_run_t *run, const qasm_stmt_t *stmt) {
  const char *text = run->input->text + stmt->place.begin + 1;
  size_t length = stmt->place.end - stmt->place.begin - 2;
  static const char *const known[] = {"stdgates.inc", "qelib1.inc",
                                      "hqslib1.inc"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (length == strlen(known[i]) && !memcmp(text, known[i], length))
      return true;
  input_fail(run->input, stmt->place.begin,
             "only \"stdgates.inc\", \"qelib1.inc\" and \"hqslib1.inc\" can be "
             "included (they are built in)");
  return false;
}

static bool run_pragma(qasm_run_t *run, const qasm_stmt_t *stmt) {
  if (run->num_pragmas == run->alloc_pragmas) {
    run->alloc_pragmas = 2 * run->alloc_pragmas + 8;
    run->pragmas = flint_realloc(run->pragmas,
                                 run->alloc_pragmas * sizeof *run->pragmas);
  }
  run->pragmas[run->num_pragmas++] = stmt;
  return true;
}

static bool run_bits(qasm_run_t *run, const qasm_stmt_t *stmt) {
  return qasm_bind(run, stmt->symbol, QASM_BIND_BITS, stmt->name_place) != NULL;
}

static bool run_statement(qasm_run_t *run, const qasm_stmt_t *stmt) {
  if (!qasm_step(run, stmt->place)) return false;
  switch (stmt->kind) {
  case QASM_STMT_INCLUDE: return run_include(run, stmt);
  case QASM_STMT_INPUT: return run_input(run, stmt);
  case QASM_STMT_DECLARE: return run_declare(run, stmt);
  case QASM_STMT_ASSIGN: return run_assign(run, stmt);
  case QASM_STMT_QUBITS: return run_qubits(run, stmt);
  case QASM_STMT_BITS: return run_bits(run, stmt);
  case QASM_STMT_LET: return run_let(run, stmt);
  case QASM_STMT_GATE: return qasm_define_gate(run, stmt);
  case QASM_STMT_CALL: return qasm_call(run, stmt);
  case QASM_STMT_MEASURE: return run_measure(run, stmt);
  case QASM_STMT_OPAQUE: stmt->symbol->is_opaque = true; return true;
  case QASM_STMT_RESET: return run_reset(run, stmt);
  case QASM_STMT_DELAY:
    if (!run->delay.count++) run->delay.line = stmt->place.line;
    return check_operands(run, stmt);
  case QASM_STMT_BARRIER: return check_operands(run, stmt);
  case QASM_STMT_FOR: return run_for(run, stmt);
  case QASM_STMT_IF: return run_if(run, stmt);
  case QASM_STMT_BLOCK: return qasm_execute(run, stmt);
  case QASM_STMT_PRAGMA: return run_pragma(run, stmt);
  case QASM_STMT_END: run->ended = true; return true;
  case QASM_STMT_NOTHING: return true;
  default:
    input_fail(run->input, stmt->place.begin, "%s is not supported",
               stmt->what ? stmt->what : "this");
    return false;
  }
}

bool qasm_execute(qasm_run_t *run, const qasm_stmt_t *block) {
  size_t mark = run->num_bindings;
  bool ok = true, own_scope = block->op == 0;
  run->scope += own_scope;
  for (const qasm_stmt_t *s = block->body; s && ok && !run->ended; s = s->next)
    ok = run_statement(run, s);
  run->scope -= own_scope;
  if (own_scope) qasm_unbind(run, mark);
  return ok;
}

static bool read_overrides(qasm_run_t *run, const reader_override_t *overrides,
                           size_t count) {
  input_t option = {.diag = run->input->diag, .file = "--set"};
  run->overrides = flint_calloc(count + 1, sizeof *run->overrides);
  for (size_t i = 0; i < count; i++) {
    if (!strcmp(overrides[i].name, READER_SHARE_EQUAL_ANGLES)) {
      run->share_numbers = true;
      continue;
    }
    qasm_override_t *o = run->overrides + run->num_overrides;
    fmpq_init(o->rad_part);
    fmpq_init(o->pi_part);
    run->num_overrides++;
    o->name = overrides[i].name;
    if (!number_parse_override(o->rad_part, o->pi_part, overrides[i].value)) {
      run->input->status = input_fail(&option, 0, "%.60s=%.60s: a number is "
                                      "needed, such as 3, 1/2 or pi/4",
                                      o->name, overrides[i].value);
      return false;
    }
  }
  return true;
}

static bool check_overrides(qasm_run_t *run) {
  input_t option = {.diag = run->input->diag, .file = "--set"};
  for (size_t i = 0; i < run->num_overrides; i++)
    if (!run->overrides[i].is_used) {
      run->input->status = input_fail(&option, 0, "%.60s: the program has no "
                                      "const or input of this name",
                                      run->overrides[i].name);
      return false;
    }
  return true;
}

/* OpenQASM 2 has no symbols, but tket writes them. */
static bool set_free_numbers(qasm_run_t *run) {
  run->free_numbers = run->parse->version == 2;
  for (const qasm_stmt_t *s = run->parse->program->body; s; s = s->next)
    if (s->kind == QASM_STMT_CALL && s->expr && qasm_names_symbols(s->expr))
      run->free_numbers = false;
  if (run->free_numbers || !run->share_numbers) return true;
  input_t option = {.diag = run->input->diag, .file = "--share-equal-angles"};
  run->input->status = input_fail(&option, 0, "the program has parameters of "
                                  "its own: it is for circuits of OpenQASM 2 "
                                  "with numbers");
  return false;
}

status_t qasm_reader_read(ansatz_t ansatz, input_t *input,
                          const reader_override_t *overrides,
                          size_t num_overrides) {
  qasm_parse_t *parse = flint_malloc(sizeof *parse);
  qasm_run_t run;
  bool ok = qasm_parse(parse, input) == STATUS_OK;
  qasm_run_init(&run, input, parse);
  ok = ok && read_overrides(&run, overrides, num_overrides);
  if (ok) {
    parse->program->op = 1; /* the global scope is open already */
    ok = set_free_numbers(&run) && qasm_execute(&run, parse->program) &&
         check_overrides(&run);
  }
  if (ok) qasm_finish(ansatz, &run);
  qasm_run_clear(&run);
  qasm_parse_clear(parse);
  flint_free(parse);
  return input->status;
}
