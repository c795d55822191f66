/* Operator files: statements -> ansatz. */
#include "cli/read/ops_reader.h"

#include <stdlib.h>

#include <flint/fmpq_mat.h>

#include "algebra/base/text.h"
#include "cli/read/edge_list.h"
#include "cli/read/limits.h"
#include "cli/read/number.h"
#include "cli/read/ops_eval.h"
#include "cli/read/ops_roots.h"
#include "cli/read/ops_symbol.h"
#include "cli/read/pauli_expr.h"
#include "algebra/couplings/couplings.h"

typedef struct {
  ansatz_struct *ansatz;
  bool has_qubits; /* and *ansatz is initialised */
  bool has_parameters;
  long parameters;
  const ops_stmt_t *edges; /* the graph, if there is one */
  ops_env_t env;
  size_t bytes;
  long override; /* -D qubits=..., 0 when there is none */
  const reader_override_t *overrides;
  size_t num_overrides;
  const ops_stmt_t *symbol; /* the one without a value, bound to symbol_value */
  fmpq_t symbol_value;
  ops_roots_t roots;
  bool keep_zero; /* generators that vanish at this value are kept */
} ops_run_t;

static status_t set_qubits(ops_run_t *run, size_t place, long n) {
  if (n > LIMIT_QUBITS)
    return input_limit(run->env.input, place, "more than %ld qubits are too many",
                       LIMIT_QUBITS);
  ansatz_init(run->ansatz, ANSATZ_OPERATORS, (size_t)n);
  run->has_qubits = true;
  run->env.num_qubits = (size_t)n;
  ops_env_push_si(&run->env, "qubits", 6, n);
  return STATUS_OK;
}

static status_t run_qubits(ops_run_t *run, const ops_stmt_t *stmt) {
  long n;
  input_t *input = run->env.input;
  if (run->has_qubits)
    return input_fail(input, stmt->place.begin, "`qubits` is given twice");
  if (ops_eval_integer(&n, &run->env, stmt->expr, "the number of qubits"))
    return input->status;
  if (run->override) n = run->override;
  if (n < 1)
    return input_fail(input, stmt->expression.begin,
                      "the number of qubits must be at least 1");
  return set_qubits(run, stmt->expression.begin, n);
}

static status_t run_operator(ops_run_t *run, const ops_stmt_t *stmt,
                             bool in_loop) {
  input_t *input = run->env.input;
  pauli_sum_t sum;
  char *text;
  if (run->ansatz->num_generators + run->ansatz->num_observables >=
      (size_t)LIMIT_OPERATORS)
    return input_limit(input, stmt->place.begin,
                       "more than %ld operators are too many", LIMIT_OPERATORS);
  if (stmt->kind == OPS_STMT_OBSERVABLE &&
      run->ansatz->num_observables >= (size_t)LIMIT_OBSERVABLES)
    return input_limit(input, stmt->place.begin,
                       "more than %ld observables are too many",
                       LIMIT_OBSERVABLES);
  pauli_sum_init(sum, run->env.num_qubits);
  status_t status = ops_eval_operator(sum, &run->env, stmt->expr);
  run->bytes += sum->length * (2 * sum->num_words + 1) * sizeof(uint64_t);
  if (!status && run->bytes > LIMIT_BYTES)
    status = input_limit(input, stmt->place.begin,
                         "the operators do not fit in the memory budget");
  if (status) {
  } else if (stmt->kind == OPS_STMT_OBSERVABLE) {
    size_t length = stmt->expression.end - stmt->expression.begin;
    text = in_loop ? pauli_sum_get_str(sum)
                   : text_copy_part(input->text + stmt->expression.begin, length);
    ansatz_add_observable(run->ansatz, sum, text);
    free(text);
  } else {
    ansatz_add_generator(run->ansatz, sum);
    if (pauli_sum_is_zero(sum) && !run->keep_zero)
      ansatz_add_note(run->ansatz, "generator %zu is zero: its angle does "
                      "nothing", run->ansatz->num_generators);
  }
  pauli_sum_clear(sum);
  return status;
}

static status_t run_state(ops_run_t *run, const ops_stmt_t *stmt) {
  input_t *input = run->env.input;
  size_t begin = stmt->expression.begin, end = stmt->expression.end;
  quantum_state_t state;
  while (begin < end && strchr(" \t\r", input->text[begin])) begin++;
  while (end > begin && strchr(" \t\r", input->text[end - 1])) end--;
  quantum_state_init(state, run->env.num_qubits);
  status_t status = ops_eval_state(state, input, begin, end);
  if (!status) {
    char *text = text_copy_part(input->text + begin, end - begin);
    ansatz_add_state(run->ansatz, state, text);
    free(text);
  }
  quantum_state_clear(state);
  return status;
}

/* One operator as text, added by one of the functions below. */
static status_t add_text(ops_run_t *run, const char *text, bool observable) {
  input_t *input = run->env.input;
  pauli_sum_t sum;
  pauli_sum_init(sum, run->env.num_qubits);
  status_t status =
      pauli_expr_parse(sum, input->diag, input->file, text, run->env.num_qubits);
  if (!status && observable) {
    char *name = pauli_sum_get_str(sum);
    ansatz_add_observable(run->ansatz, sum, name);
    free(name);
  } else if (!status) {
    ansatz_add_generator(run->ansatz, sum);
  }
  pauli_sum_clear(sum);
  return input->status = status;
}

static status_t read_edges(edge_list_t *graph, ops_run_t *run, const ops_stmt_t *stmt) {
  input_t *input = run->env.input;
  return input->status =
             edge_list_read_line(graph, input->diag, input->file, input->text, input->length,
                                 stmt->expression.begin, stmt->expression.end);
}

/* QAOA for MaxCut: the couplings and the mixer, sum X_a over all qubits. */
static status_t run_edges(ops_run_t *run, const ops_stmt_t *stmt) {
  input_t *input = run->env.input;
  edge_list_t graph = {0};
  if (run->edges) return input_fail(input, stmt->place.begin, "a graph is given twice");
  run->edges = stmt;
  status_t status = read_edges(&graph, run, stmt);
  if (!status && !run->has_qubits)
    status = set_qubits(run, stmt->place.begin, (long)graph.vertices);
  if (!status && graph.vertices > run->env.num_qubits)
    status = input_fail(input, stmt->expression.begin + 1,
                        "vertex %lu is no qubit: there are %zu", graph.vertices - 1,
                        run->env.num_qubits);
  if (!status) {
    char *couplings = edge_list_couplings(&graph);
    status = add_text(run, couplings, false);
    free(couplings);
  }
  if (!status) {
    char *mixer = text_print("sum(a in 0..%zu: X{a})", run->env.num_qubits - 1);
    status = add_text(run, mixer, false);
    free(mixer);
  }
  edge_list_clear(&graph);
  return status;
}

/* What a file with a graph does not say: minus the cut, on the state plus. */
static status_t complete_graph(ops_run_t *run) {
  edge_list_t graph;
  if (!run->edges) return STATUS_OK;
  status_t status = read_edges(&graph, run, run->edges);
  if (!status && !run->ansatz->num_observables) {
    char *cut = edge_list_minus_cut(&graph);
    status = add_text(run, cut, true);
    free(cut);
  }
  if (!status && !run->ansatz->num_states) {
    quantum_state_t plus;
    quantum_state_init(plus, run->env.num_qubits);
    status = state_spec_parse(plus, run->env.input->diag, run->env.input->file, "plus",
                              run->env.num_qubits);
    if (!status) ansatz_add_state(run->ansatz, plus, "plus");
    quantum_state_clear(plus);
  }
  edge_list_clear(&graph);
  return run->env.input->status = status;
}

static status_t run_parameters(ops_run_t *run, const ops_stmt_t *stmt) {
  input_t *input = run->env.input;
  if (run->has_parameters)
    return input_fail(input, stmt->place.begin, "`parameters` is given twice");
  if (ops_eval_integer(&run->parameters, &run->env, stmt->expr,
                       "the number of parameters"))
    return input->status;
  if (run->parameters < 1)
    return input_fail(input, stmt->expression.begin,
                      "the number of parameters must be at least 1");
  if (run->parameters > LIMIT_OPERATORS)
    return input_limit(input, stmt->expression.begin,
                       "more than %ld parameters are too many", LIMIT_OPERATORS);
  run->has_parameters = true;
  return STATUS_OK;
}

static status_t run_statement(ops_run_t *run, const ops_stmt_t *stmt,
                              bool in_loop);

static status_t run_for(ops_run_t *run, const ops_stmt_t *stmt) {
  long low, high;
  input_t *input = run->env.input;
  const ops_stmt_t *body = stmt->body;
  if (body->kind != OPS_STMT_GENERATOR && body->kind != OPS_STMT_OBSERVABLE &&
      body->kind != OPS_STMT_FOR)
    return input_fail(input, body->place.begin,
                      "only generators, observables and loops can be repeated");
  if (ops_eval_integer(&low, &run->env, stmt->low, "the beginning of a range") ||
      ops_eval_integer(&high, &run->env, stmt->high, "the end of a range"))
    return input->status;
  status_t status = STATUS_OK;
  for (long i = low; i <= high && !status; i++) {
    if (++run->env.steps > LIMIT_STEPS)
      return input_limit(input, stmt->place.begin,
                         "more than %ld repetitions are too many", LIMIT_STEPS);
    ops_env_push_si(&run->env, stmt->name, stmt->name_length, i);
    status = run_statement(run, body, true);
    ops_env_pop(&run->env);
  }
  return status;
}

/* Binds the name to its value; the text of -D is checked here. */
static status_t run_symbol(ops_run_t *run, const ops_stmt_t *stmt) {
  input_t *input = run->env.input;
  const char *text = NULL;
  fmpq_t value, pi_part;
  status_t status = STATUS_OK;
  if (stmt == run->symbol) {
    ops_env_push(&run->env, stmt->name, stmt->name_length, run->symbol_value);
    return STATUS_OK;
  }
  for (size_t j = 0; j < run->num_overrides; j++)
    if (ops_symbol_is(stmt, run->overrides[j].name,
                      strlen(run->overrides[j].name)))
      text = run->overrides[j].value;
  fmpq_init(value);
  fmpq_init(pi_part);
  if (!text || !number_parse_override(value, pi_part, text) ||
      !fmpq_is_zero(pi_part)) {
    input_t option = {.diag = input->diag, .file = "--set"};
    status = input->status =
        input_fail(&option, 0, "%.*s=%.60s: a rational number is needed",
                   stmt->name_length > 40 ? 40 : (int)stmt->name_length,
                   stmt->name, text ? text : "");
  } else {
    ops_env_push(&run->env, stmt->name, stmt->name_length, value);
  }
  fmpq_clear(value);
  fmpq_clear(pi_part);
  return status;
}

static status_t run_statement(ops_run_t *run, const ops_stmt_t *stmt,
                              bool in_loop) {
  if (stmt->kind == OPS_STMT_QUBITS) return run_qubits(run, stmt);
  if (stmt->kind == OPS_STMT_SYMBOL) return run_symbol(run, stmt);
  if (stmt->kind == OPS_STMT_EDGES) return run_edges(run, stmt);
  if (!run->has_qubits)
    return input_fail(run->env.input, stmt->place.begin,
                      "the file must begin with `qubits N`");
  switch (stmt->kind) {
  case OPS_STMT_GENERATOR:
  case OPS_STMT_OBSERVABLE: return run_operator(run, stmt, in_loop);
  case OPS_STMT_STATE: return run_state(run, stmt);
  case OPS_STMT_PARAMETERS: return run_parameters(run, stmt);
  default: return run_for(run, stmt);
  }
}

static bool is_symbol(const ops_parse_t *parse, const char *name) {
  for (const ops_stmt_t *s = parse->first; s; s = s->next)
    if (s->kind == OPS_STMT_SYMBOL && ops_symbol_is(s, name, strlen(name)))
      return true;
  return false;
}

/* `qubits` can be overridden by a positive integer, symbols by numbers. */
static status_t read_overrides(ops_run_t *run, input_t *input,
                               const ops_parse_t *parse) {
  for (size_t j = 0; j < run->num_overrides; j++) {
    char *end;
    const char *name = run->overrides[j].name, *value = run->overrides[j].value;
    input_t option = {.diag = input->diag, .file = "--set"};
    if (is_symbol(parse, name)) continue;
    if (strcmp(name, "qubits")) {
      input->status = input_fail(&option, 0, "%s: an operator file has only "
                                 "`qubits` and its symbols to set", name);
      return input->status;
    }
    run->override = strtol(value, &end, 10);
    if (end == value || *end || run->override < 1) {
      input->status = input_fail(&option, 0, "qubits=%.60s: a positive integer "
                                 "is needed", value);
      return input->status;
    }
  }
  return STATUS_OK;
}

/* Runs the statements; *run->ansatz is initialised on STATUS_OK only. */
static status_t run_file(ops_run_t *run, input_t *input,
                         const ops_parse_t *parse) {
  ansatz_struct *ansatz = run->ansatz;
  ops_env_init(&run->env, input, 0);
  if (!run->symbol) run->env.roots = &run->roots;
  if (!input->status) read_overrides(run, input, parse);
  for (const ops_stmt_t *s = parse->first; s && !input->status; s = s->next)
    run_statement(run, s, false);
  if (!input->status && !run->has_qubits)
    input_fail(input, input->length, "the file is empty: `qubits N` and at "
               "least one `generator` are needed");
  if (!input->status) complete_graph(run);
  if (!input->status && !ansatz->num_generators)
    input_fail(input, input->length, "there is no generator");
  if (!input->status)
    ansatz->num_parameters = run->has_parameters ? (size_t)run->parameters
                                                 : ansatz->num_generators;
  if (input->status && run->has_qubits) ansatz_clear(ansatz);
  ops_env_clear(&run->env);
  return input->status;
}

/* The generators as polynomials in the symbol, from their values at 0, 1, ...,
   degree; then the whole file at a generic value. */
static status_t read_symbolic(ops_run_t *run, input_t *input,
                              const ops_parse_t *parse, size_t degree) {
  size_t width = degree + 1, num = 0, n = 0;
  pauli_sum_struct *parts = NULL;
  fmpq_mat_t inverse;
  fmpq_mat_init(inverse, (slong)width, (slong)width);
  for (slong x = 0; x < (slong)width; x++)
    for (slong k = 0; k < (slong)width; k++) {
      fmpz_set_si(fmpq_mat_entry_num(inverse, x, k), x);
      fmpz_pow_ui(fmpq_mat_entry_num(inverse, x, k),
                  fmpq_mat_entry_num(inverse, x, k), (ulong)k);
    }
  fmpq_mat_inv(inverse, inverse);
  for (size_t x = 0; x < width && !input->status; x++) {
    ops_run_t sample = *run;
    ansatz_t ansatz;
    sample.ansatz = ansatz;
    sample.keep_zero = true;
    fmpq_set_si(sample.symbol_value, (slong)x, 1);
    if (run_file(&sample, input, parse)) break;
    if (!parts) {
      num = ansatz->num_generators;
      n = ansatz->num_qubits;
      parts = flint_malloc((num * width + 1) * sizeof *parts);
      for (size_t i = 0; i < num * width; i++) pauli_sum_init(parts + i, n);
    }
    for (size_t j = 0; j < num; j++)
      for (size_t k = 0; k < width; k++)
        pauli_sum_addmul(parts + j * width + k, parts + j * width + k,
                         fmpq_mat_entry(inverse, (slong)k, (slong)x),
                         ansatz->generators + j);
    ansatz_clear(ansatz);
  }
  if (!input->status) {
    couplings_input_t polynomial = {n, num, degree, parts};
    couplings_generic_value(run->symbol_value, &polynomial);
    run_file(run, input, parse);
  }
  if (!input->status) {
    run->ansatz->symbol = text_copy_part(run->symbol->name, run->symbol->name_length);
    run->ansatz->symbol_degree = degree;
    run->ansatz->symbol_parts = parts;
  } else {
    for (size_t i = 0; i < num * width; i++) pauli_sum_clear(parts + i);
    flint_free(parts);
  }
  fmpq_mat_clear(inverse);
  return input->status;
}

/* The file at values[i] for the root of primes[i]. */
static status_t run_at(ansatz_t ansatz, ops_run_t *run, input_t *input,
                       const ops_parse_t *parse, const fmpq *values) {
  ops_run_t sample = *run;
  sample.ansatz = ansatz;
  sample.keep_zero = true;
  for (size_t i = 0; i < OPS_MAX_ROOTS; i++)
    fmpq_set(sample.roots.values + i, values + i);
  run_file(&sample, input, parse);
  run->roots.num = sample.roots.num;
  memcpy(run->roots.primes, sample.roots.primes, sizeof run->roots.primes);
  return input->status;
}

/* Likewise for square roots: polynomials in those of primes, by interpolation on a
   grid; then to a field as small as possible; then the whole file at rational
   approximations at which no coefficient vanishes. */
static status_t read_roots(ops_run_t *run, input_t *input,
                           const ops_parse_t *parse, size_t degree) {
  size_t width = degree + 1, points = 1;
  ansatz_t ansatz;
  fmpq values[OPS_MAX_ROOTS];
  ops_grid_t grid = {0};
  ops_field_t field = {0};
  for (size_t i = 0; i < OPS_MAX_ROOTS; i++) {
    fmpq_init(values + i);
    fmpq_one(values + i);
  }
  if (run_at(ansatz, run, input, parse, values) == STATUS_OK) {
    for (size_t i = 0; i < run->roots.num; i++) points *= width;
    ops_grid_init(&grid, ansatz->num_generators, ansatz->num_qubits, width,
                  &run->roots);
    ansatz_clear(ansatz);
  }
  for (size_t x = 0; x < points && !input->status; x++) {
    ops_grid_point(values, &grid, x);
    if (run_at(ansatz, run, input, parse, values) != STATUS_OK) break;
    ops_grid_add(&grid, x, ansatz->generators);
    ansatz_clear(ansatz);
  }
  if (!input->status) ops_field_init(&field, &grid);
  for (ulong bits = 64; !input->status; bits *= 2) {
    ops_grid_approximate(run->roots.values, &grid, bits);
    if (run_file(run, input, parse) != STATUS_OK ||
        ops_field_fits(&field, run->ansatz->generators))
      break;
    ansatz_clear(run->ansatz);
    run->has_qubits = run->has_parameters = false;
  }
  if (!input->status) ops_field_move(run->ansatz, &field);
  ops_field_clear(&field);
  ops_grid_clear(&grid);
  for (size_t i = 0; i < OPS_MAX_ROOTS; i++) fmpq_clear(values + i);
  return input->status;
}

status_t ops_reader_read(ansatz_t ansatz, input_t *input,
                         const reader_override_t *overrides,
                         size_t num_overrides) {
  ops_parse_t parse;
  ops_run_t run = {.ansatz = ansatz, .overrides = overrides,
                   .num_overrides = num_overrides};
  size_t degree = 0;
  fmpq_init(run.symbol_value);
  for (size_t i = 0; i < OPS_MAX_ROOTS; i++) {
    fmpq_init(run.roots.values + i);
    fmpq_one(run.roots.values + i);
  }
  ops_parse_file(&parse, input);
  if (!input->status)
    ops_symbol_find(&run.symbol, &parse, overrides, num_overrides);
  if (!input->status && run.symbol && parse.has_sqrt)
    input_fail(input, run.symbol->place.begin,
               "a symbol without a value and square roots do not go together: "
               "set it with -D %.*s=VALUE",
               run.symbol->name_length > 40 ? 40 : (int)run.symbol->name_length,
               run.symbol->name);
  if (!input->status && (run.symbol || parse.has_sqrt))
    ops_symbol_degree(&degree, &parse, run.symbol);
  if (!input->status && degree > 0 && !run.symbol)
    read_roots(&run, input, &parse, degree);
  else if (!input->status && degree > 0)
    read_symbolic(&run, input, &parse, degree);
  else if (!input->status)
    run_file(&run, input, &parse);
  if (!input->status && parse.has_words)
    ansatz_add_note(run.ansatz, "words such as XXI are read from qubit 0 on: XXI "
                    "is X0 X1");
  if (!input->status && parse.has_labels)
    ansatz_add_note(run.ansatz, "words in quotation marks are read as Qiskit has "
                    "them, qubit 0 last: \"XXI\" is X1 X2");
  fmpq_clear(run.symbol_value);
  for (size_t i = 0; i < OPS_MAX_ROOTS; i++) fmpq_clear(run.roots.values + i);
  ops_parse_clear(&parse);
  return input->status;
}
