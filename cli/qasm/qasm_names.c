#include <stdlib.h>

#include "cli/read/limits.h"
#include "algebra/base/text.h"
#include "cli/qasm/qasm_run.h"

bool qasm_step(qasm_run_t *run, place_t place) {
  if (run->num_params > (size_t)LIMIT_PARAMETERS) {
    input_limit(run->input, place.begin,
                "more than %ld parameters are too many", LIMIT_PARAMETERS);
    return false;
  }
  if (++run->steps <= LIMIT_STEPS) return true;
  input_limit(run->input, place.begin,
              "the program takes more than %ld steps", LIMIT_STEPS);
  return false;
}

void qasm_value_init(qasm_value_t *value) {
  angle_init(value->num);
  value->integer = value->declared = false;
}

void qasm_value_clear(qasm_value_t *value) { angle_clear(value->num); }

void qasm_value_set(qasm_value_t *out, const qasm_value_t *in) {
  if (out == in) return;
  angle_set(out->num, in->num);
  out->integer = in->integer;
  out->declared = in->declared;
}

void qasm_value_set_si(qasm_value_t *value, long integer) {
  angle_clear(value->num);
  angle_init(value->num);
  fmpq_set_si(value->num->rad_part, integer, 1);
  value->integer = true;
  value->declared = false;
}

bool qasm_value_is_rational(const qasm_value_t *value) {
  return angle_is_constant(value->num) && fmpq_is_zero(value->num->pi_part);
}

void qasm_value_param(qasm_value_t *out, size_t parameter) {
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  angle_clear(out->num);
  angle_init(out->num);
  angle_add_term(out->num, parameter, false, one);
  out->integer = out->declared = false;
  fmpq_clear(one);
}

qasm_binding_t *qasm_lookup(const qasm_run_t *run,
                            const qasm_symbol_t *symbol) {
  qasm_binding_t *b = symbol->binding;
  while (b && !(b->frame == run->frame || (b->frame == 0 && b->scope == 0)))
    b = b->outer;
  return b;
}

qasm_binding_t *qasm_bind(qasm_run_t *run, qasm_symbol_t *symbol,
                          qasm_binding_kind_t kind, place_t place) {
  qasm_binding_t *outer = symbol->binding;
  if (outer && outer->frame == run->frame && outer->scope == run->scope) {
    input_fail(run->input, place.begin, "'%.60s' is declared twice",
               symbol->name);
    return NULL;
  }
  if (run->num_bindings == run->alloc_bindings) {
    run->alloc_bindings = 2 * run->alloc_bindings + 64;
    run->bindings = flint_realloc(run->bindings,
                                  run->alloc_bindings * sizeof *run->bindings);
  }
  qasm_binding_t *b = flint_calloc(1, sizeof *b);
  b->kind = kind;
  b->symbol = symbol;
  b->outer = outer;
  b->frame = run->frame;
  b->scope = run->scope;
  qasm_value_init(&b->value);
  symbol->binding = b;
  run->bindings[run->num_bindings++] = b;
  return b;
}

void qasm_unbind(qasm_run_t *run, size_t mark) {
  while (run->num_bindings > mark) {
    qasm_binding_t *b = run->bindings[--run->num_bindings];
    b->symbol->binding = b->outer;
    qasm_value_clear(&b->value);
    flint_free(b->qubits);
    flint_free(b);
  }
}

uint8_t *qasm_fate(qasm_run_t *run, size_t qubit) {
  if (qubit >= run->num_fates) {
    size_t count = 2 * qubit + 64;
    run->fates = flint_realloc(run->fates, count);
    memset(run->fates + run->num_fates, QASM_UNTOUCHED, count - run->num_fates);
    run->num_fates = count;
  }
  return run->fates + qubit;
}

static uint64_t hash_key(const char *key) {
  return hash_bytes(HASH_START, key, strlen(key));
}

bool qasm_count_number(qasm_run_t *run, const char *key) {
  uint64_t hash = hash_key(key);
  for (size_t probe = 0, k;
       (k = hash_table_next(run->numbers_by_key, hash, &probe)) != SIZE_MAX;)
    if (!strcmp(run->numbers[k], key)) return false;
  if (run->num_numbers == run->alloc_numbers) {
    run->alloc_numbers = 2 * run->alloc_numbers + 64;
    run->numbers = flint_realloc(run->numbers,
                                 run->alloc_numbers * sizeof *run->numbers);
  }
  run->numbers[run->num_numbers] = text_copy(key);
  hash_table_put(run->numbers_by_key, hash, run->num_numbers++);
  return true;
}

size_t qasm_param_add(qasm_run_t *run, const char *name, const char *key,
                      qasm_param_kind_t kind, place_t place) {
  if (key) {
    uint64_t hash = hash_key(key);
    for (size_t probe = 0, k;
         (k = hash_table_next(run->params_by_key, hash, &probe)) != SIZE_MAX;)
      if (!strcmp(run->params[k].key, key)) return k;
    hash_table_put(run->params_by_key, hash, run->num_params);
  }
  if (run->num_params == run->alloc_params) {
    run->alloc_params = 2 * run->alloc_params + 64;
    run->params = flint_realloc(run->params,
                                run->alloc_params * sizeof *run->params);
  }
  qasm_param_t *p = run->params + run->num_params;
  *p = (qasm_param_t){.name = text_copy(name), .kind = kind, .place = place};
  if (key) p->key = text_copy(key);
  return run->num_params++;
}

void qasm_run_init(qasm_run_t *run, input_t *input, qasm_parse_t *parse) {
  *run = (qasm_run_t){.input = input, .parse = parse};
  hash_table_init(run->params_by_key);
  hash_table_init(run->numbers_by_key);
  qasm_circuit_init(&run->circuit);
}

void qasm_run_clear(qasm_run_t *run) {
  qasm_unbind(run, 0);
  for (size_t i = 0; i < run->parse->num_symbols; i++)
    if (run->parse->symbols[i]->gate) flint_free(run->parse->symbols[i]->gate);
  for (size_t i = 0; i < run->num_params; i++) {
    free(run->params[i].name);
    free(run->params[i].key);
    if (run->params[i].times_pi) angle_clear(run->params[i].times_pi);
    flint_free(run->params[i].times_pi);
  }
  for (size_t i = 0; i < run->num_overrides; i++) {
    fmpq_clear(run->overrides[i].rad_part);
    fmpq_clear(run->overrides[i].pi_part);
  }
  flint_free(run->overrides);
  flint_free(run->params);
  hash_table_clear(run->params_by_key);
  flint_free(run->bindings);
  hash_table_clear(run->numbers_by_key);
  for (size_t i = 0; i < run->num_numbers; i++) free(run->numbers[i]);
  flint_free(run->numbers);
  flint_free(run->fates);
  flint_free(run->pragmas);
  qasm_circuit_clear(&run->circuit);
}
