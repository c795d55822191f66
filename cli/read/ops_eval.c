#include "cli/read/ops_eval.h"

#include <flint/ulong_extras.h>

#include "cli/read/limits.h"
#include "cli/read/operator_hint.h"

void ops_env_init(ops_env_t *env, input_t *input, size_t num_qubits) {
  *env = (ops_env_t){.input = input, .num_qubits = num_qubits};
}

void ops_env_clear(ops_env_t *env) {
  while (env->num_bindings) ops_env_pop(env);
  flint_free(env->bindings);
  env->bindings = NULL;
  env->alloc_bindings = 0;
}

void ops_env_push(ops_env_t *env, const char *name, size_t name_length,
                  const fmpq_t value) {
  if (env->num_bindings == env->alloc_bindings) {
    env->alloc_bindings = 2 * env->alloc_bindings + 8;
    env->bindings = flint_realloc(env->bindings,
                                  env->alloc_bindings * sizeof *env->bindings);
  }
  ops_binding_t *b = env->bindings + env->num_bindings++;
  b->name = name;
  b->name_length = name_length;
  fmpq_init(b->value);
  fmpq_set(b->value, value);
}

void ops_env_push_si(ops_env_t *env, const char *name, size_t name_length,
                     long value) {
  fmpq_t v;
  fmpq_init(v);
  fmpq_set_si(v, value, 1);
  ops_env_push(env, name, name_length, v);
  fmpq_clear(v);
}

void ops_env_pop(ops_env_t *env) {
  fmpq_clear(env->bindings[--env->num_bindings].value);
}

static const ops_binding_t *lookup(const ops_env_t *env,
                                   const ops_node_t *node) {
  for (size_t j = env->num_bindings; j-- > 0;) {
    const ops_binding_t *b = env->bindings + j;
    if (b->name_length == node->name_length &&
        !memcmp(b->name, node->name, b->name_length))
      return b;
  }
  return NULL;
}

static status_t step(ops_env_t *env, const ops_node_t *node) {
  if (++env->steps <= LIMIT_STEPS) return STATUS_OK;
  return input_limit(env->input, node->place.begin,
                     "more than %ld terms are too many", LIMIT_STEPS);
}

/* A term is made: it takes time by its length. */
static status_t term_step(ops_env_t *env, const ops_node_t *node, size_t words) {
  env->steps += (long)(words / 4);
  return step(env, node);
}

static status_t unknown_name(ops_env_t *env, const ops_node_t *node) {
  size_t n = node->name_length;
  if (n == 1 && (node->name[0] == 'i' || node->name[0] == 'j'))
    return input_fail(env->input, node->place.begin,
                      "imaginary coefficient '%.1s': the operator must be "
                      "Hermitian, with real coefficients", node->name);
  return input_fail(env->input, node->place.begin, "unknown name '%.*s'%s",
                    n > 40 ? 40 : (int)n, node->name,
                    operator_hint(env->input->text, env->input->length,
                                  node->place.begin));
}

/* out = the number under the root; sqrt of it = factor sqrt(radicand) with a
   radicand without square factors. */
static status_t split_root(fmpq_t out, fmpq_t factor, ulong *radicand,
                           ops_env_t *env, const ops_node_t *node) {
  fmpz_t product;
  fmpz_init(product);
  status_t status = ops_eval_scalar(out, env, node->low);
  fmpz_mul(product, fmpq_numref(out), fmpq_denref(out));
  if (status) {
  } else if (fmpq_sgn(out) < 0) {
    status = input_fail(env->input, node->place.begin,
                        "the square root of a negative number: coefficients "
                        "must be real");
  } else if (fmpz_bits(product) > 40) {
    status = input_limit(env->input, node->place.begin,
                         "the number under a root is too large");
  } else {
    n_factor_t primes;
    ulong square = 1, n = fmpz_get_ui(product);
    *radicand = 1;
    n_factor_init(&primes);
    if (n) n_factor(&primes, n, 1);
    else square = 0;
    for (int i = 0; i < primes.num; i++) {
      for (int e = 0; e < primes.exp[i] / 2; e++) square *= primes.p[i];
      if (primes.exp[i] % 2) *radicand *= primes.p[i];
    }
    fmpz_set_ui(fmpq_numref(factor), square); /* sqrt(p/q) = sqrt(pq)/q */
    fmpz_set(fmpq_denref(factor), fmpq_denref(out));
    fmpq_canonicalise(factor);
  }
  fmpz_clear(product);
  return status;
}

/* out *= what stands for the root of a number without square factors. */
static status_t times_root(fmpq_t out, ops_env_t *env, const ops_node_t *node,
                           ulong radicand) {
  ops_roots_t *roots = env->roots;
  n_factor_t primes;
  n_factor_init(&primes);
  n_factor(&primes, radicand, 1);
  for (int k = 0; k < primes.num; k++) {
    size_t i = 0;
    if (primes.p[k] > UINT16_MAX)
      return input_limit(env->input, node->place.begin,
                         "the prime number %lu under a root is too large",
                         primes.p[k]);
    while (i < roots->num && roots->primes[i] != primes.p[k]) i++;
    if (i == OPS_MAX_ROOTS)
      return input_limit(env->input, node->place.begin,
                         "square roots of numbers with more than %d different "
                         "prime factors are too many", (int)OPS_MAX_ROOTS);
    if (i == roots->num) {
      roots->primes[i] = primes.p[k];
      roots->num++;
    }
    fmpq_mul(out, out, roots->values + i);
  }
  return STATUS_OK;
}

/* Of sqrt(r), or of 1/sqrt(r) = sqrt(r)/r behind a '/'. */
static status_t eval_root(fmpq_t out, ops_env_t *env, const ops_node_t *node) {
  fmpq_t r;
  ulong radicand = 1;
  if (!env->roots)
    return input_fail(env->input, node->place.begin,
                      "square roots may stand in generators only");
  fmpq_init(r);
  status_t status = split_root(r, out, &radicand, env, node);
  if (!status && node->op == '/') {
    if (fmpq_is_zero(r))
      status = input_fail(env->input, node->place.begin, "division by zero");
    else
      fmpq_div(out, out, r);
  }
  if (!status && radicand != 1) status = times_root(out, env, node, radicand);
  fmpq_clear(r);
  return status;
}

/* acc = acc op value, for op '*', '/' or '%'. */
static status_t combine(fmpq_t acc, ops_env_t *env, const ops_node_t *node,
                        const fmpq_t value) {
  if (node->op == '*' || (node->op == '/' && node->kind == OPS_SQRT)) {
    fmpq_mul(acc, acc, value);
  } else if (fmpq_is_zero(value)) {
    return input_fail(env->input, node->place.begin, "division by zero");
  } else if (node->op == '/') {
    fmpq_div(acc, acc, value);
  } else {
    if (!fmpz_is_one(fmpq_denref(acc)) || !fmpz_is_one(fmpq_denref(value)))
      return input_fail(env->input, node->place.begin,
                        "%% needs integers on both sides");
    fmpz_fdiv_r(fmpq_numref(acc), fmpq_numref(acc), fmpq_numref(value));
  }
  if (fmpz_bits(fmpq_numref(acc)) + fmpz_bits(fmpq_denref(acc)) > LIMIT_BITS)
    return input_limit(env->input, node->place.begin,
                       "the number becomes too large");
  return STATUS_OK;
}

/* Evaluates both ends of a range of a `for` or a `sum`. */
static status_t eval_range(long *low, long *high, ops_env_t *env,
                           const ops_node_t *low_node,
                           const ops_node_t *high_node) {
  if (ops_eval_integer(low, env, low_node, "the beginning of a range") ||
      ops_eval_integer(high, env, high_node, "the end of a range"))
    return env->input->status;
  return STATUS_OK;
}

static status_t eval_factor(fmpq_t out, ops_env_t *env,
                            const ops_node_t *node);

static status_t eval_term(fmpq_t out, ops_env_t *env, const ops_node_t *term) {
  fmpq_t value;
  fmpq_init(value);
  fmpq_one(out);
  status_t status = STATUS_OK;
  for (const ops_node_t *f = term->first; f && !status; f = f->next) {
    status = eval_factor(value, env, f);
    if (!status) status = combine(out, env, f, value);
  }
  fmpq_clear(value);
  return status;
}

status_t ops_eval_scalar(fmpq_t out, ops_env_t *env, const ops_node_t *node) {
  fmpq_t value;
  if (node->has_letters)
    return input_fail(env->input, node->place.begin,
                      "a number is needed here, not an operator");
  status_t status = STATUS_OK;
  fmpq_init(value);
  fmpq_zero(out);
  for (const ops_node_t *t = node->first; t && !status; t = t->next) {
    status = eval_term(value, env, t);
    if (t->op == '-')
      fmpq_sub(out, out, value);
    else
      fmpq_add(out, out, value);
  }
  fmpq_clear(value);
  return status;
}

static status_t eval_scalar_range(fmpq_t out, ops_env_t *env,
                                  const ops_node_t *node) {
  long low, high;
  fmpq_t value;
  status_t status = eval_range(&low, &high, env, node->low, node->high);
  if (status) return status;
  fmpq_init(value);
  bool product = node->kind == OPS_PRODUCT;
  fmpq_set_si(out, product, 1);
  for (long i = low; i <= high && !status; i++) {
    ops_env_push_si(env, node->name, node->name_length, i);
    status = step(env, node);
    if (!status) status = ops_eval_scalar(value, env, node->body);
    if (product) fmpq_mul(out, out, value);
    else fmpq_add(out, out, value);
    if (fmpz_bits(fmpq_numref(out)) + fmpz_bits(fmpq_denref(out)) > LIMIT_BITS)
      status = input_limit(env->input, node->place.begin,
                           "the number becomes too large");
    ops_env_pop(env);
  }
  fmpq_clear(value);
  return status;
}

static status_t eval_factor(fmpq_t out, ops_env_t *env,
                            const ops_node_t *node) {
  status_t status = step(env, node);
  if (status) return status;
  if (node->kind == OPS_NUMBER) {
    fmpq_set(out, *node->value);
  } else if (node->kind == OPS_NAME) {
    const ops_binding_t *b = lookup(env, node);
    if (!b) return unknown_name(env, node);
    fmpq_set(out, b->value);
  } else if (node->kind == OPS_SUM) {
    status = ops_eval_scalar(out, env, node);
  } else if (node->kind == OPS_SQRT) {
    status = eval_root(out, env, node);
  } else if (node->kind == OPS_RANGE || node->kind == OPS_PRODUCT) {
    status = eval_scalar_range(out, env, node);
  } else {
    return input_fail(env->input, node->place.begin,
                      "a number is needed here, not an operator");
  }
  if (node->negative) fmpq_neg(out, out);
  return status;
}

status_t ops_eval_integer(long *out, ops_env_t *env, const ops_node_t *node,
                          const char *what) {
  fmpq_t value;
  fmpq_init(value);
  status_t status = ops_eval_scalar(value, env, node);
  if (!status) {
    if (!fmpz_is_one(fmpq_denref(value)))
      status = input_fail(env->input, node->place.begin,
                          "%s must be an integer", what);
    else if (fmpz_bits(fmpq_numref(value)) > 40)
      status = input_fail(env->input, node->place.begin, "%s is too large",
                          what);
    else
      *out = fmpz_get_si(fmpq_numref(value));
  }
  fmpq_clear(value);
  return status;
}

/* Puts a letter into row, the product so far; needs a free qubit. */
static status_t place_letter(uint64_t *row, ops_env_t *env,
                             const ops_node_t *node) {
  long qubit = 0;
  size_t w = pauli_words(env->num_qubits);
  if (node->low) {
    if (ops_eval_integer(&qubit, env, node->low, "the number of a qubit"))
      return env->input->status;
  } else {
    for (size_t i = 0; i < node->name_length && qubit < 1000000000; i++)
      qubit = 10 * qubit + (node->name[i] - '0');
  }
  if (qubit < 0 || (size_t)qubit >= env->num_qubits)
    return input_fail(env->input, node->place.begin,
                      "qubit %ld does not exist: the qubits are 0..%zu", qubit,
                      env->num_qubits - 1);
  if (pauli_get(row, w, (size_t)qubit) && node->letter)
    return input_fail(env->input, node->place.begin,
                      "qubit %ld occurs twice in one term", qubit);
  if (node->letter) pauli_set(row, w, (size_t)qubit, node->letter);
  return STATUS_OK;
}

/* A word with a letter for each qubit into row, which must be empty there. */
static status_t place_word(uint64_t *row, ops_env_t *env,
                           const ops_node_t *node) {
  size_t n = env->num_qubits, w = pauli_words(n);
  bool label = node->kind == OPS_LABEL;
  if (node->name_length != n)
    return input_fail(env->input, node->place.begin,
                      "'%.*s': a letter needs the number of its qubit, as in X0 "
                      "Z1; a word must have a letter for each of the %zu qubits, "
                      "%s", node->name_length > 40 ? 40 : (int)node->name_length,
                      node->name, n,
                      label ? "the last one for qubit 0 (in quotation marks, as "
                              "Qiskit has it)" : "the first one for qubit 0");
  for (size_t k = 0; k < n; k++) {
    size_t qubit = label ? n - 1 - k : k;
    unsigned letter = node->name[k] == 'X'   ? 1
                      : node->name[k] == 'Z' ? 2
                      : node->name[k] == 'Y' ? 3 : 0;
    if (letter && pauli_get(row, w, qubit))
      return input_fail(env->input, node->place.begin,
                        "qubit %zu occurs twice in one term", qubit);
    if (letter) pauli_set(row, w, qubit, letter);
  }
  return STATUS_OK;
}

static status_t check_room(const pauli_sum_t sum, ops_env_t *env,
                           const ops_node_t *node) {
  size_t row = 2 * sum->num_words * sizeof(uint64_t) + sizeof(fmpq);
  if (sum->length < LIMIT_OPERATOR_BYTES / row) return STATUS_OK;
  return input_limit(env->input, node->place.begin,
                     "an operator with more than %zu terms is too large",
                     LIMIT_OPERATOR_BYTES / row);
}

/* acc = acc * other, whose terms must act on different qubits. */
static status_t multiply(pauli_sum_t acc, ops_env_t *env,
                         const ops_node_t *node, const pauli_sum_t other) {
  pauli_sum_t out;
  size_t w = acc->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_t c;
  status_t status = STATUS_OK;
  pauli_sum_init(out, acc->num_qubits);
  fmpq_init(c);
  for (size_t i = 0; i < acc->length && !status; i++)
    for (size_t j = 0; j < other->length && !status; j++) {
      const uint64_t *p = pauli_sum_string(acc, i);
      const uint64_t *q = pauli_sum_string(other, j);
      for (size_t k = 0; k < w && !status; k++) {
        uint64_t both = (p[k] | p[w + k]) & (q[k] | q[w + k]);
        if (both)
          status = input_fail(env->input, node->place.begin,
                              "qubit %zu occurs twice in one term",
                              64 * k + (size_t)__builtin_ctzll(both));
      }
      if (!status) status = check_room(out, env, node);
      if (!status) status = term_step(env, node, w);
      if (status) break;
      pauli_xor(row, p, q, w);
      fmpq_mul(c, acc->coeffs + i, other->coeffs + j);
      pauli_sum_push(out, c, row);
    }
  pauli_sum_swap(acc, out);
  pauli_sum_clear(out);
  fmpq_clear(c);
  flint_free(row);
  return status;
}

static status_t add_list(pauli_sum_t out, ops_env_t *env,
                         const ops_node_t *node);

/* Pushes the product of the body's values over a range onto out. */
static status_t add_product(pauli_sum_t out, ops_env_t *env,
                            const ops_node_t *node) {
  long low, high;
  pauli_sum_t all, one;
  fmpq_t unit;
  uint64_t *row = flint_calloc(2 * out->num_words + 1, sizeof *row);
  status_t status = eval_range(&low, &high, env, node->low, node->high);
  fmpq_init(unit);
  fmpq_one(unit);
  pauli_sum_init(all, env->num_qubits);
  pauli_sum_init(one, env->num_qubits);
  pauli_sum_push(all, unit, row);
  for (long i = low; !status && i <= high; i++) {
    ops_env_push_si(env, node->name, node->name_length, i);
    status = step(env, node);
    pauli_sum_zero(one);
    if (!status) status = add_list(one, env, node->body);
    pauli_sum_canonicalise(one);
    if (!status) status = multiply(all, env, node, one);
    ops_env_pop(env);
  }
  for (size_t t = 0; t < all->length && !status; t++)
    pauli_sum_push(out, all->coeffs + t, pauli_sum_string(all, t));
  pauli_sum_clear(all);
  pauli_sum_clear(one);
  fmpq_clear(unit);
  flint_free(row);
  return status;
}

/* Pushes the value of a sum in parentheses or over a range onto out. */
static status_t add_nested(pauli_sum_t out, ops_env_t *env,
                           const ops_node_t *node) {
  long low, high;
  if (node->kind == OPS_SUM) return add_list(out, env, node);
  if (node->kind == OPS_PRODUCT) return add_product(out, env, node);
  status_t status = eval_range(&low, &high, env, node->low, node->high);
  for (long i = low; !status && i <= high; i++) {
    ops_env_push_si(env, node->name, node->name_length, i);
    status = step(env, node);
    if (!status) status = add_list(out, env, node->body);
    ops_env_pop(env);
  }
  return status;
}

/* Pushes one term onto out. Letters and numbers are gathered in row and
   coeff; sums inside the term in acc, which stays unused when there is none. */
static status_t add_term(pauli_sum_t out, ops_env_t *env,
                         const ops_node_t *term, uint64_t *row) {
  size_t w = out->num_words;
  fmpq_t coeff, value;
  pauli_sum_t acc, other;
  bool nested = false;
  status_t status = term_step(env, term, w);
  fmpq_init(coeff);
  fmpq_init(value);
  pauli_sum_init(acc, env->num_qubits);
  pauli_sum_init(other, env->num_qubits);
  memset(row, 0, 2 * w * sizeof *row);
  fmpq_set_si(coeff, term->op == '-' ? -1 : 1, 1);
  for (const ops_node_t *f = term->first; f && !status; f = f->next) {
    if (!f->has_letters) {
      status = eval_factor(value, env, f);
      if (!status) status = combine(coeff, env, f, value);
      continue;
    }
    if (f->op != '*') {
      status = input_fail(env->input, f->place.begin,
                          "cannot divide by an operator");
      break;
    }
    if (f->negative) fmpq_neg(coeff, coeff);
    if (f->kind == OPS_LETTER) {
      status = place_letter(row, env, f);
    } else if (f->kind == OPS_DENSE || f->kind == OPS_LABEL) {
      status = place_word(row, env, f);
    } else if (f->kind != OPS_IDENTITY) {
      pauli_sum_zero(other);
      status = add_nested(other, env, f);
      pauli_sum_canonicalise(other);
      if (!status && nested) status = multiply(acc, env, f, other);
      else pauli_sum_swap(acc, other);
      nested = true;
    }
  }
  if (!status) status = check_room(out, env, term);
  if (!status) {
    pauli_sum_zero(other);
    pauli_sum_push(other, coeff, row);
    if (!nested) {
      pauli_sum_push(out, coeff, row);
    } else if (!(status = multiply(acc, env, term, other))) {
      for (size_t j = 0; j < acc->length; j++)
        pauli_sum_push(out, acc->coeffs + j, pauli_sum_string(acc, j));
    }
  }
  pauli_sum_clear(acc);
  pauli_sum_clear(other);
  fmpq_clear(coeff);
  fmpq_clear(value);
  return status;
}

static status_t add_list(pauli_sum_t out, ops_env_t *env,
                         const ops_node_t *node) {
  status_t status = STATUS_OK;
  uint64_t *row = flint_malloc((2 * out->num_words + 1) * sizeof *row);
  for (const ops_node_t *t = node->first; t && !status; t = t->next)
    status = add_term(out, env, t, row);
  flint_free(row);
  return status;
}

status_t ops_eval_operator(pauli_sum_t out, ops_env_t *env,
                           const ops_node_t *node) {
  pauli_sum_t sum;
  pauli_sum_init(sum, env->num_qubits);
  status_t status = add_list(sum, env, node);
  if (!status) {
    pauli_sum_canonicalise(sum);
    pauli_sum_swap(out, sum);
  }
  pauli_sum_clear(sum);
  return status;
}

status_t ops_eval_text(pauli_sum_t out, ops_env_t *env, size_t begin,
                       size_t end) {
  ops_parse_t parse;
  status_t status = ops_parse_expression(&parse, env->input, begin, end);
  if (!status) status = ops_eval_operator(out, env, parse.expr);
  ops_parse_clear(&parse);
  return status;
}
