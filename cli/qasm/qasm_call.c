/* Qubit operands, gate definitions, gate calls with modifiers. */

#include "cli/read/limits.h"
#include "cli/read/near_word.h"
#include "cli/qasm/qasm_run.h"

static bool push_position(size_t **list, size_t *count, size_t *alloc,
                          qasm_run_t *run, long position, long n,
                          place_t place) {
  if (n >= 0 && position < 0) position += n;
  if (n >= 0 && (position < 0 || position >= n)) {
    input_fail(run->input, place.begin,
               "index %ld is outside of a register of %ld", position, n);
    return false;
  }
  if (*count == *alloc) {
    *alloc = 2 * *alloc + 8;
    *list = flint_realloc(*list, *alloc * sizeof **list);
  }
  (*list)[(*count)++] = (size_t)position;
  return true;
}

/* low, low + step, ..., at most (least) high; the ends of a register where
   they are left out. */
static bool read_range(long *low, long *step, long *high, qasm_run_t *run,
                       const qasm_select_t *select, long n, place_t place) {
  if (n < 0 && (!select->low || !select->high)) {
    input_fail(run->input, place.begin,
               "a loop needs both ends of its range, [a:b]");
    return false;
  }
  if (select->step && !qasm_eval_integer(step, run, select->step,
                                         "the step of a range"))
    return false;
  if (*step == 0) {
    input_fail(run->input, place.begin, "the step of a range is zero");
    return false;
  }
  *low = *step > 0 ? 0 : n - 1;
  *high = *step > 0 ? n - 1 : 0;
  if ((select->low && !qasm_eval_integer(low, run, select->low,
                                         "the beginning of a range")) ||
      (select->high && !qasm_eval_integer(high, run, select->high,
                                          "the end of a range")))
    return false;
  if (n >= 0 && select->low && *low < 0) *low += n;
  if (n >= 0 && select->high && *high < 0) *high += n;
  return true;
}

/* n = -1: positions of a `for`, any integers (as two's complement). */
bool qasm_select_positions(size_t **out, size_t *count, qasm_run_t *run,
                           const qasm_select_t *select, long n,
                           place_t place) {
  size_t *list = NULL, used = 0, alloc = 0;
  long low = 0, step = 1, high = 0;
  bool ok = true;
  if (select->set) {
    for (const qasm_expr_t *e = select->set->first; e && ok; e = e->next)
      ok = qasm_eval_integer(&low, run, e, "an index") &&
           push_position(&list, &used, &alloc, run, low, n, e->place);
  } else if (!select->is_range) {
    ok = qasm_eval_integer(&low, run, select->low, "the index") &&
         push_position(&list, &used, &alloc, run, low, n, place);
  } else {
    ok = read_range(&low, &step, &high, run, select, n, place);
    for (long i = low; ok && (step > 0 ? i <= high : i >= high); i += step)
      ok = qasm_step(run, place) &&
           push_position(&list, &used, &alloc, run, i, n, place);
  }
  if (!ok) {
    flint_free(list);
    return false;
  }
  *out = list ? list : flint_malloc(sizeof *list);
  *count = used;
  return true;
}

static bool physical_qubit(qasm_qubits_t *out, qasm_run_t *run,
                           const qasm_operand_t *operand) {
  if (run->num_declared_qubits) {
    input_fail(run->input, operand->place.begin,
               "physical qubits and declared ones cannot be mixed");
    return false;
  }
  if (operand->physical >= LIMIT_QUBITS) {
    input_limit(run->input, operand->place.begin,
                "more than %ld qubits are too many", LIMIT_QUBITS);
    return false;
  }
  run->has_physical = true;
  if ((size_t)operand->physical >= run->num_qubits)
    run->num_qubits = (size_t)operand->physical + 1;
  out->qubits = flint_malloc(sizeof *out->qubits);
  out->qubits[0] = (size_t)operand->physical;
  out->count = 1;
  out->is_single = true;
  return true;
}

/* out->qubits is malloc'ed on success. */
bool qasm_operand_qubits(qasm_qubits_t *out, qasm_run_t *run,
                         const qasm_operand_t *operand) {
  if (!operand->symbol) return physical_qubit(out, run, operand);
  const qasm_binding_t *b = qasm_lookup(run, operand->symbol);
  if (!b || b->kind != QASM_BIND_QUBITS) {
    input_fail(run->input, operand->place.begin, !b ? "'%.60s' is not declared"
               : "'%.60s' is not a qubit or a register of qubits",
               operand->symbol->name);
    return false;
  }
  size_t count = b->count;
  size_t *qubits = flint_malloc((count + 1) * sizeof *qubits);
  bool single = b->is_single;
  memcpy(qubits, b->qubits, count * sizeof *qubits);
  for (const qasm_select_t *s = operand->select; s; s = s->next) {
    size_t *positions, selected;
    bool ok = !single;
    if (!ok)
      input_fail(run->input, operand->place.begin,
                 "'%.60s' is a single qubit and takes no index",
                 operand->symbol->name);
    ok = ok && qasm_select_positions(&positions, &selected, run, s,
                                     (long)count, operand->place);
    if (!ok) {
      flint_free(qubits);
      return false;
    }
    for (size_t i = 0; i < selected; i++) positions[i] = qubits[positions[i]];
    flint_free(qubits);
    qubits = positions;
    count = selected;
    single = !s->is_range && !s->set;
  }
  *out = (qasm_qubits_t){.qubits = qubits, .count = count, .is_single = single};
  return true;
}

const qasm_builtin_t *qasm_symbol_builtin(qasm_symbol_t *symbol) {
  if (!symbol->is_builtin_known) {
    symbol->builtin = qasm_builtin_find(symbol->name);
    symbol->is_builtin_known = true;
  }
  return symbol->builtin;
}

/* --- definitions --------------------------------------------------------- */

static void mark_symbols(const qasm_expr_t *expr, unsigned guard) {
  for (; expr && guard; guard--) {
    if (expr->symbol) expr->symbol->is_used = true;
    for (const qasm_expr_t *e = expr->first; e; e = e->next)
      mark_symbols(e, guard - 1);
    if (expr->b) mark_symbols(expr->b, guard - 1);
    expr = expr->a;
    guard++;
  }
}

/* Resolves the gates that a body calls to those defined so far (so that
   nothing can call itself), and marks the names its expressions use. */
static bool check_body(qasm_run_t *run, const qasm_stmt_t *gate,
                       qasm_stmt_t *stmt) {
  for (; stmt; stmt = stmt->next) {
    mark_symbols(stmt->expr, 2 * LIMIT_DEPTH);
    for (const qasm_modifier_t *m = stmt->modifiers; m; m = m->next)
      mark_symbols(m->expr, 2 * LIMIT_DEPTH);
    for (const qasm_select_t *s = stmt->select; s; s = s->next) {
      mark_symbols(s->set, 2 * LIMIT_DEPTH);
      mark_symbols(s->low, 2 * LIMIT_DEPTH);
      mark_symbols(s->step, 2 * LIMIT_DEPTH);
      mark_symbols(s->high, 2 * LIMIT_DEPTH);
    }
    switch (stmt->kind) {
    case QASM_STMT_CALL:
      if (stmt->symbol == gate->symbol) {
        input_fail(run->input, stmt->name_place.begin,
                   "gate '%.60s' calls itself: recursion is not possible",
                   stmt->symbol->name);
        return false;
      }
      stmt->gate = stmt->symbol->gate;
      stmt->is_resolved = true;
      if (!stmt->gate && !qasm_symbol_builtin(stmt->symbol) &&
          !stmt->symbol->is_opaque) {
        input_fail(run->input, stmt->name_place.begin,
                   stmt->symbol->defines_gate
                   ? "gate '%.60s' is used before it is defined (recursion is "
                     "not possible)" : "unknown gate '%.60s'",
                   stmt->symbol->name);
        return false;
      }
      break;
    case QASM_STMT_FOR: case QASM_STMT_IF: case QASM_STMT_BLOCK:
      if (!check_body(run, gate, stmt->body) ||
          !check_body(run, gate, stmt->other))
        return false;
      break;
    case QASM_STMT_BARRIER: case QASM_STMT_NOTHING: case QASM_STMT_DELAY:
    case QASM_STMT_DECLARE: case QASM_STMT_ASSIGN:
      break;
    default:
      input_fail(run->input, stmt->place.begin,
                 "this has no place in the body of a gate");
      return false;
    }
  }
  return true;
}

static size_t count_names(const qasm_name_t *names) {
  size_t count = 0;
  for (; names; names = names->next) count++;
  return count;
}

bool qasm_define_gate(qasm_run_t *run, const qasm_stmt_t *stmt) {
  qasm_symbol_t *symbol = stmt->symbol;
  if (run->frame || run->scope) {
    input_fail(run->input, stmt->place.begin,
               "gates are defined outside of blocks");
    return false;
  }
  if (symbol->gate) {
    input_fail(run->input, stmt->name_place.begin,
               "gate '%.60s' is defined twice", symbol->name);
    return false;
  }
  for (const qasm_name_t *p = stmt->params; p; p = p->next)
    p->symbol->is_used = false;
  if (!check_body(run, stmt, stmt->body->body)) return false;
  for (const qasm_name_t *p = stmt->params; p; p = p->next)
    if (!p->symbol->is_used && !run->num_unused_params++) {
      run->unused_params_of = stmt;
      run->unused_params = (qasm_name_t *)p;
    }
  qasm_gate_t *gate = flint_calloc(1, sizeof *gate);
  gate->stmt = stmt;
  gate->num_params = count_names(stmt->params);
  gate->num_qubits = count_names(stmt->qubits);
  symbol->gate = gate;
  return true;
}

/* --- calls --------------------------------------------------------------- */

/* A call being carried out: the gate, its arguments, its modifiers. */
typedef struct {
  qasm_run_t *run;
  const qasm_stmt_t *stmt;
  qasm_gate_t *gate;             /* one of these two */
  const qasm_builtin_t *builtin;
  angle_struct *args;
  size_t num_args;
  long *controls; /* for each modifier, the number of controls it adds */
  const qasm_modifier_t **modifiers;
  size_t num_modifiers, num_controls;
} call_t;

static bool too_many(qasm_run_t *run, place_t place) {
  if (run->circuit.num_rotations + 64 < (size_t)LIMIT_ROTATIONS)
    input_limit(run->input, place.begin,
                "with its controls this gate takes more than %ld rotations",
                LIMIT_GATE_ROTATIONS);
  input_limit(run->input, place.begin,
              "the circuit has more than %ld rotations", LIMIT_ROTATIONS);
  return false;
}

static bool run_body(call_t *call, const size_t *qubits) {
  qasm_run_t *run = call->run;
  qasm_gate_t *gate = call->gate;
  size_t mark = run->num_bindings, scope = run->scope;
  unsigned long frame = run->frame;
  bool ok = true;
  if (gate->is_active || run->gate_depth >= LIMIT_DEPTH) {
    input_fail(run->input, call->stmt->place.begin,
               "gate definitions are nested too deeply");
    return false;
  }
  gate->is_active = true;
  run->gate_depth++;
  run->frame = ++run->last_frame;
  run->scope = 0;
  size_t j = 0;
  for (const qasm_name_t *p = gate->stmt->params; p && ok; p = p->next, j++) {
    qasm_binding_t *b = qasm_bind(run, p->symbol, QASM_BIND_VALUE, p->place);
    ok = b != NULL;
    if (!ok) break;
    angle_set(b->value.num, call->args + j);
    b->is_const = b->is_set = true;
  }
  j = 0;
  for (const qasm_name_t *q = gate->stmt->qubits; q && ok; q = q->next, j++) {
    qasm_binding_t *b = qasm_bind(run, q->symbol, QASM_BIND_QUBITS, q->place);
    ok = b != NULL;
    if (!ok) break;
    b->qubits = flint_malloc(sizeof *b->qubits);
    b->qubits[0] = qubits[j];
    b->count = 1;
    b->is_single = true;
  }
  ok = ok && qasm_execute(run, gate->stmt->body);
  qasm_unbind(run, mark);
  run->frame = frame;
  run->scope = scope;
  run->gate_depth--;
  gate->is_active = false;
  return ok;
}

/* The gate without its modifiers. */
static bool run_gate(call_t *call, const size_t *qubits) {
  qasm_run_t *run = call->run;
  if (call->gate) return run_body(call, qubits);
  if (run->circuit.num_rotations + 64 > (size_t)LIMIT_ROTATIONS)
    return too_many(run, call->stmt->place);
  if (run->control_depth && !run->controlled_u.count &&
      (!strcmp(call->builtin->name, "U"))) {
    run->controlled_u.count = 1;
    run->controlled_u.line = call->stmt->place.line;
  }
  return qasm_builtin_apply(&run->circuit, call->builtin, call->args, qubits,
                            run->control_depth > 0, run->line) ||
         too_many(run, call->stmt->place);
}

/* Is |phase| + sum |angle|/2 <= pi, or some angle not constant? Only then is
   a fractional power by scaling the principal one for sure. */
static bool is_principal(const qasm_circuit_t *circuit, size_t mark) {
  fmpq_t sum, t, two;
  bool pure = angle_is_constant(circuit->phase);
  fmpq_init(sum);
  fmpq_init(t);
  fmpq_init(two);
  fmpq_set_si(two, 2, 1);
  fmpq_abs(sum, circuit->phase->pi_part);
  for (size_t i = mark; i < circuit->num_rotations; i++) {
    const angle_struct *a = circuit->rotations[i].angle;
    pure = pure && angle_is_constant(a) && fmpq_is_zero(a->rad_part);
    fmpq_abs(t, a->pi_part);
    fmpq_div(t, t, two);
    fmpq_add(sum, sum, t);
  }
  fmpq_one(t);
  bool principal = !pure || fmpq_cmp(sum, t) <= 0;
  fmpq_clear(sum);
  fmpq_clear(t);
  fmpq_clear(two);
  return principal;
}

static bool apply_power(qasm_run_t *run, const qasm_modifier_t *modifier,
                        size_t mark) {
  qasm_value_t value;
  bool ok = false;
  qasm_value_init(&value);
  if (!qasm_eval(&value, run, modifier->expr)) goto cleanup;
  fmpq *k = value.num->rad_part;
  if (!qasm_value_is_rational(&value)) {
    input_fail(run->input, modifier->place.begin,
               "the power must be a rational constant");
    goto cleanup;
  }
  bool integer = fmpz_is_one(fmpq_denref(k));
  if (qasm_circuit_commutes(&run->circuit, mark)) {
    if (!integer && !is_principal(&run->circuit, mark) && !run->branch.count++)
      run->branch.line = modifier->place.line;
    qasm_circuit_scale(&run->circuit, mark, k);
    ok = true;
  } else if (!integer) {
    input_fail(run->input, modifier->place.begin,
               "a power that is no integer needs a gate whose rotations "
               "commute");
  } else {
    if (fmpq_sgn(k) < 0) qasm_circuit_invert(&run->circuit, mark);
    fmpz_abs(fmpq_numref(k), fmpq_numref(k));
    ok = fmpz_cmp_si(fmpq_numref(k), LIMIT_ROTATIONS) <= 0 &&
         qasm_circuit_repeat(&run->circuit, mark, fmpz_get_ui(fmpq_numref(k)));
    if (!ok) too_many(run, modifier->place);
  }
cleanup:
  qasm_value_clear(&value);
  return ok;
}

/* The gate with its modifiers on one choice of qubits, controls first. */
static bool run_modified(call_t *call, const size_t *qubits) {
  qasm_run_t *run = call->run;
  qasm_circuit_t *circuit = &run->circuit;
  if (!call->num_modifiers) return run_gate(call, qubits);
  size_t mark = circuit->num_rotations, control = call->num_controls;
  bool tracked = circuit->track_phase;
  angle_t outer;
  angle_init(outer);
  angle_swap(outer, circuit->phase);
  circuit->track_phase = true;
  run->control_depth += call->num_controls > 0;
  bool ok = run_gate(call, qubits + call->num_controls);
  run->control_depth -= call->num_controls > 0;
  for (size_t m = call->num_modifiers; m-- > 0 && ok;) {
    const qasm_modifier_t *modifier = call->modifiers[m];
    if (modifier->kind == QASM_INV) {
      qasm_circuit_invert(circuit, mark);
    } else if (modifier->kind == QASM_POW) {
      ok = apply_power(run, modifier, mark);
    } else {
      for (long c = call->controls[m]; c-- > 0 && ok;)
        ok = qasm_circuit_control(circuit, mark, qubits[--control],
                                  modifier->kind == QASM_NEGCTRL, run->line) ||
             too_many(run, modifier->place);
    }
  }
  circuit->track_phase = tracked;
  qasm_circuit_join_phase(circuit, outer);
  angle_clear(outer);
  return ok;
}

/* What noise sees: a gate defined in the program is those of its body, a call with
   modifiers is one gate. */
static bool run_counted(call_t *call, const size_t *qubits, size_t count) {
  qasm_circuit_t *circuit = &call->run->circuit;
  size_t mark = circuit->num_places;
  if (!run_modified(call, qubits)) return false;
  if (call->builtin || call->num_modifiers)
    qasm_circuit_gate(circuit, mark, qubits, count);
  return true;
}

/* The i-th element of every operand: distinct, and not measured. */
static bool pick_qubits(call_t *call, size_t *out,
                        const qasm_qubits_t *operands, size_t count, size_t i) {
  qasm_run_t *run = call->run;
  const qasm_operand_t *operand = call->stmt->operands;
  for (size_t j = 0; j < count; j++, operand = operand->next) {
    out[j] = operands[j].qubits[operands[j].is_single ? 0 : i];
    if (*qasm_fate(run, out[j]) == QASM_MEASURED) {
      input_fail(run->input, operand->place.begin,
                 "qubit %zu has been measured: only gates before all "
                 "measurements make a circuit", out[j]);
      return false;
    }
    *qasm_fate(run, out[j]) = QASM_TOUCHED;
    for (size_t k = 0; k < j; k++)
      if (out[k] == out[j]) {
        input_fail(run->input, operand->place.begin,
                   "qubit %zu is used twice by one gate", out[j]);
        return false;
      }
  }
  return true;
}

/* Size of the registers that the call is broadcast over; 1 when there are
   none, and false when they differ. */
static bool broadcast_size(size_t *size, call_t *call,
                           const qasm_qubits_t *operands, size_t count) {
  bool any = false;
  const qasm_operand_t *operand = call->stmt->operands;
  *size = 1;
  for (size_t j = 0; j < count; j++, operand = operand->next) {
    if (operands[j].is_single) continue;
    if (any && operands[j].count != *size) {
      input_fail(call->run->input, operand->place.begin,
                 "registers of %zu and %zu qubits do not match", *size,
                 operands[j].count);
      return false;
    }
    any = true;
    *size = operands[j].count;
  }
  return true;
}

static bool run_operands(call_t *call) {
  qasm_run_t *run = call->run;
  size_t count = 0, done = 0, size = 0;
  for (const qasm_operand_t *o = call->stmt->operands; o; o = o->next) count++;
  size_t wanted = call->num_controls + (call->gate ? call->gate->num_qubits
      : (size_t)(call->builtin->controls + call->builtin->targets));
  /* PennyLane names a qubit after a global phase; it makes no difference */
  bool phase = !wanted;
  if (count != wanted && !phase) {
    input_fail(run->input, call->stmt->name_place.begin,
               "'%.60s' acts on %zu qubit%s, not on %zu",
               call->stmt->symbol->name, wanted, wanted == 1 ? "" : "s", count);
    return false;
  }
  qasm_qubits_t *operands = flint_calloc(count + 1, sizeof *operands);
  size_t *qubits = flint_malloc((count + 1) * sizeof *qubits);
  bool ok = true;
  for (const qasm_operand_t *o = call->stmt->operands; o && ok; o = o->next)
    ok = qasm_operand_qubits(operands + done++, run, o);
  ok = ok && broadcast_size(&size, call, operands, count);
  if (phase) size = 1;
  for (size_t i = 0; i < size && ok; i++)
    ok = qasm_step(run, call->stmt->place) &&
         pick_qubits(call, qubits, operands, count, i) &&
         run_counted(call, qubits, wanted);
  for (size_t j = 0; j < count; j++) flint_free(operands[j].qubits);
  flint_free(operands);
  flint_free(qubits);
  return ok;
}

/* Evaluates the number of controls of each modifier. */
static bool read_modifiers(call_t *call) {
  qasm_run_t *run = call->run;
  size_t m = 0;
  for (const qasm_modifier_t *x = call->stmt->modifiers; x; x = x->next, m++) {
    long controls = 0;
    if (x->kind == QASM_CTRL || x->kind == QASM_NEGCTRL) {
      controls = 1;
      if (x->expr &&
          !qasm_eval_integer(&controls, run, x->expr, "the number of controls"))
        return false;
      if (controls < 1) {
        input_fail(run->input, x->place.begin,
                   "the number of controls must be at least 1");
        return false;
      }
      if (controls > 64) {
        input_limit(run->input, x->place.begin,
                    "more than 64 controls are too many");
        return false;
      }
    }
    call->modifiers[m] = x;
    call->controls[m] = controls;
    call->num_controls += (size_t)controls;
  }
  return true;
}

static bool read_arguments(call_t *call) {
  qasm_run_t *run = call->run;
  size_t wanted = call->gate ? call->gate->num_params : call->builtin->params;
  size_t given = 0, done = 0;
  qasm_value_t value;
  const qasm_expr_t *list = call->stmt->expr;
  if (list)
    for (const qasm_expr_t *a = list->first; a; a = a->next) given++;
  call->num_args = wanted;
  if (call->builtin && !strcmp(call->builtin->name, "ms") && given == 2)
    given = wanted; /* its third argument is pi/2 when left out */
  if (given != wanted) {
    input_fail(run->input, call->stmt->name_place.begin,
               "'%.60s' takes %zu parameter%s, not %zu",
               call->stmt->symbol->name, wanted, wanted == 1 ? "" : "s", given);
    return false;
  }
  for (size_t i = 0; i < wanted; i++) angle_init(call->args + i);
  if (wanted == 3) fmpq_set_si(call->args[2].pi_part, 1, 2);
  bool ok = true;
  for (const qasm_expr_t *a = list ? list->first : NULL; a && ok; a = a->next) {
    qasm_value_init(&value);
    ok = qasm_eval(&value, run, a);
    if (ok) {
      if (!call->builtin || call->builtin->controls + call->builtin->targets)
        qasm_free_number(run, call->stmt, a, done, wanted, &value);
      angle_swap(call->args + done++, value.num);
    }
    qasm_value_clear(&value);
  }
  return ok;
}

/* A gate without a body and unknown here, but for delays, which are ignored. */
static bool call_opaque(qasm_run_t *run, const qasm_stmt_t *stmt) {
  if (!strcmp(stmt->symbol->name, "delay")) {
    if (!run->delay.count++) run->delay.line = stmt->place.line;
    return true;
  }
  input_fail(run->input, stmt->name_place.begin,
             "gate '%.60s' is opaque: the program does not say what it does",
             stmt->symbol->name);
  return false;
}

/* QAOA(g0,g1,b0,b1) for a gate QAOA(b0,b1,g0,g1): the formal names of the gate,
   all of them, in another order. An exporter may do so rightly; a person who
   does has mostly confused them. */
static void note_exchanged_names(qasm_run_t *run, const qasm_stmt_t *stmt,
                                 const qasm_gate_t *gate) {
  if (run->gate_depth || !stmt->expr || run->exchanged.count) return;
  bool moved = false;
  const qasm_name_t *formal = gate->stmt->params;
  for (const qasm_expr_t *a = stmt->expr->first; a; a = a->next) {
    if (a->kind != QASM_SYMBOL || !formal) return;
    const qasm_name_t *same = gate->stmt->params;
    while (same && same->symbol != a->symbol) same = same->next;
    if (!same) return;
    for (const qasm_expr_t *b = stmt->expr->first; b != a; b = b->next)
      if (b->symbol == a->symbol) return;
    moved |= same != formal;
    formal = formal->next;
  }
  if (!moved || formal) return;
  run->exchanged.count = 1;
  run->exchanged.line = stmt->place.line;
  run->exchanged_gate = stmt->symbol->name;
}

/* The gate of the table that the name is a slip of, or NULL. */
static const char *near_gate(const char *name) {
  enum { MOST = 256 };
  const char *names[MOST];
  size_t count = 0;
  for (size_t i = 0; i < qasm_builtin_count() && count < MOST; i++)
    if (*qasm_builtin_at(i)->name != ' ') names[count++] = qasm_builtin_at(i)->name;
  return near_word(name, strlen(name), names, count);
}

bool qasm_call(qasm_run_t *run, const qasm_stmt_t *stmt) {
  call_t call = {.run = run, .stmt = stmt};
  call.gate = stmt->is_resolved ? stmt->gate : stmt->symbol->gate;
  if (!call.gate) call.builtin = qasm_symbol_builtin(stmt->symbol);
  if (!call.gate && !call.builtin && stmt->symbol->is_opaque)
    return call_opaque(run, stmt);
  if (!call.gate && !call.builtin) {
    const char *near = near_gate(stmt->symbol->name);
    input_fail(run->input, stmt->name_place.begin, "unknown gate '%.60s'%s%s%s",
               stmt->symbol->name, near ? "; did you mean " : "", near ? near : "",
               near ? "?" : "");
    return false;
  }
  if (call.gate) note_exchanged_names(run, stmt, call.gate);
  if (!run->gate_depth) run->line = stmt->place.line;
  for (const qasm_modifier_t *m = stmt->modifiers; m; m = m->next)
    call.num_modifiers++;
  size_t params = call.gate ? call.gate->num_params : call.builtin->params;
  call.args = flint_calloc(params + 1, sizeof *call.args);
  call.controls = flint_calloc(call.num_modifiers + 1, sizeof(long));
  call.modifiers = flint_calloc(call.num_modifiers + 1, sizeof(void *));
  bool ok = read_modifiers(&call) && read_arguments(&call) &&
            run_operands(&call);
  for (size_t i = 0; i < params; i++) angle_clear(call.args + i);
  flint_free(call.args);
  flint_free(call.controls);
  flint_free(call.modifiers);
  return ok;
}
