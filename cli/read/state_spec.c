/* State specifications: see pauli_expr.h. */

#include "cli/read/limits.h"
#include "cli/read/number.h"
#include "cli/read/ops_eval.h"
#include "cli/read/pauli_expr.h"
#include "algebra/spectrum/positive.h"

/* Reads one dense word with optional sign into row. */
static status_t read_word(uint64_t *row, bool *negative, input_t *input,
                          size_t begin, size_t end, size_t num_qubits) {
  const char *text = input->text;
  size_t w = pauli_words(num_qubits), at = begin;
  memset(row, 0, 2 * w * sizeof *row);
  *negative = text[at] == '-';
  if (text[at] == '-' || text[at] == '+') at++;
  if (end - at != num_qubits)
    return input_fail(input, begin,
                      "this stabilizer has %zu letters; %zu are needed, one "
                      "for each qubit", end - at, num_qubits);
  for (size_t j = 0; j < num_qubits; j++, at++) {
    const char *letters = "IXZY", *found = strchr(letters, text[at]);
    if (!found || !text[at])
      return input_fail(input, at, "a stabilizer consists of the letters I, "
                        "X, Y and Z");
    pauli_set(row, w, j, (unsigned)(found - letters));
  }
  if (pauli_is_identity(row, w))
    return input_fail(input, begin, "the identity is no stabilizer");
  return STATUS_OK;
}

/* The echelon tells why a stabilizer cannot be added. */
static status_t add_word(stabilizer_state_t out, stabilizer_echelon_t echelon,
                         input_t *input, size_t begin, const uint64_t *row,
                         bool negative) {
  size_t w = echelon->num_words;
  for (size_t j = 0; j < out->rank; j++)
    if (pauli_anticommute(row, stabilizer_state_string(out, j), w))
      return input_fail(input, begin, "this stabilizer anticommutes with "
                        "stabilizer %zu", j + 1);
  bool sign = negative;
  uint64_t *rest = flint_malloc(2 * w * sizeof *rest);
  memcpy(rest, row, 2 * w * sizeof *rest);
  bool repeats = stabilizer_echelon_reduce(rest, &sign, echelon);
  flint_free(rest);
  if (repeats)
    return input_fail(input, begin, sign
                      ? "this stabilizer contradicts the ones before it"
                      : "this stabilizer is a product of the ones before it");
  stabilizer_echelon_add(echelon, row, negative, NULL);
  /* room for num_qubits rows was made by the caller */
  memcpy(out->strings + out->rank * 2 * w, row, 2 * w * sizeof *row);
  out->signs[out->rank++] = negative;
  return STATUS_OK;
}

static size_t skip_blanks(const input_t *input, size_t at, size_t end) {
  while (at < end && strchr(" \t\r\n\v\f", input->text[at])) at++;
  return at;
}

static size_t skip_word(const input_t *input, size_t at, size_t end) {
  while (at < end && !strchr(" \t\r\n\v\f", input->text[at])) at++;
  return at;
}

static status_t read_stabilizers(stabilizer_state_t out, input_t *input,
                                 size_t at, size_t end) {
  size_t n = out->num_qubits, w = out->num_words;
  size_t bytes = n * 2 * w * sizeof(uint64_t);
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  stabilizer_echelon_t echelon;
  bool negative;
  status_t status = STATUS_OK;
  stabilizer_echelon_init_empty(echelon, w, n);
  out->strings = flint_malloc(bytes + 1);
  out->signs = flint_malloc(n);
  out->alloc = n;
  at = skip_blanks(input, at, end);
  if (at == end)
    status = input_fail(input, at, "stabilizer: no words follow (use `mixed` "
                        "for the maximally mixed state)");
  while (at < end && !status) {
    size_t next = skip_word(input, at, end);
    status = read_word(row, &negative, input, at, next, n);
    if (!status) status = add_word(out, echelon, input, at, row, negative);
    at = skip_blanks(input, next, end);
  }
  flint_free(row);
  stabilizer_echelon_clear(echelon);
  return status;
}

static status_t read_bits(stabilizer_state_t out, input_t *input, size_t at,
                          size_t end) {
  at = skip_blanks(input, at, end);
  size_t next = skip_word(input, at, end), n = out->num_qubits;
  if (next - at != n)
    return input_fail(input, at, "bits: %zu digits are given, %zu needed, one "
                      "for each qubit", next - at, n);
  for (size_t i = at; i < next; i++)
    if (input->text[i] != '0' && input->text[i] != '1')
      return input_fail(input, i, "bits: only 0 and 1 may stand here");
  if (skip_blanks(input, next, end) != end)
    return input_fail(input, skip_blanks(input, next, end),
                      "unexpected text after the state");
  stabilizer_state_set_bits(out, input->text + at);
  return STATUS_OK;
}

/* --- product states ----------------------------------------------------------- */

/* One component at *at: sign, decimal, and a denominator. */
static status_t read_component(fmpq_t out, input_t *input, size_t *at,
                               size_t end) {
  const char *text = input->text;
  size_t begin = *at, i = begin;
  bool negative = i < end && text[i] == '-';
  fmpq_t below;
  fmpq_init(below);
  fmpq_one(below);
  if (i < end && (text[i] == '-' || text[i] == '+')) i++;
  size_t number = i;
  while (i < end && (strchr("0123456789.eE_", text[i]) ||
                     ((text[i] == '-' || text[i] == '+') && i > number &&
                      (text[i - 1] == 'e' || text[i - 1] == 'E'))))
    i++;
  status_t status =
      i == number ? input_fail(input, begin, "a number is expected here")
                  : number_parse(out, input, number, text + number, i - number);
  if (!status && i < end && text[i] == '/') {
    size_t from = ++i;
    while (i < end && strchr("0123456789._", text[i])) i++;
    status = i == from
                 ? input_fail(input, from, "a denominator is expected here")
                 : number_parse(below, input, from, text + from, i - from);
    if (!status && fmpq_is_zero(below))
      status = input_fail(input, from, "division by zero");
  }
  if (!status) {
    fmpq_div(out, out, below);
    if (negative) fmpq_neg(out, out);
    *at = i;
  }
  fmpq_clear(below);
  return status;
}

/* "x,y,z" in [begin, end), no blanks. */
static status_t read_bloch(fmpq *bloch, input_t *input, size_t begin,
                           size_t end) {
  size_t at = begin;
  status_t status = STATUS_OK;
  for (int c = 0; c < 3 && !status; c++) {
    if (c && (at == end || input->text[at] != ','))
      return input_fail(input, at, "a Bloch vector is written x,y,z without "
                        "blanks, such as 3/5,0,4/5");
    at += c > 0;
    status = read_component(bloch + c, input, &at, end);
  }
  if (!status && at != end)
    status = input_fail(input, at, "unexpected text after the Bloch vector");
  return status;
}

/* One vector for each qubit, or one for all of them. */
static status_t read_product(quantum_state_t out, input_t *input, size_t at,
                             size_t end) {
  size_t n = out->num_qubits, count = 0, last = at;
  fmpq bloch[3];
  status_t status = STATUS_OK;
  product_state_t state;
  product_state_init(state, n);
  for (int c = 0; c < 3; c++) fmpq_init(bloch + c);
  for (at = skip_blanks(input, at, end); at < end && !status;) {
    size_t next = skip_word(input, at, end);
    last = at;
    if (count == n)
      status = input_fail(input, at, "product: there are more Bloch vectors "
                          "than the %zu qubits", n);
    if (!status) status = read_bloch(bloch, input, at, next);
    if (!status && product_state_set_bloch(state, count++, bloch, bloch + 1,
                                           bloch + 2) != STATUS_OK)
      status = input_fail(input, at, "this Bloch vector is longer than 1");
    at = skip_blanks(input, next, end);
  }
  if (!status && count == 1)
    for (; count < n; count++)
      product_state_set_bloch(state, count, bloch, bloch + 1, bloch + 2);
  if (!status && count == 0)
    status = input_fail(input, at, "product: Bloch vectors x,y,z follow, one "
                        "for each qubit or one for all");
  if (!status && count < n)
    status = input_fail(input, last, "product: %zu Bloch vectors are given; "
                        "give one for each of the %zu qubits, or a single one "
                        "for all", count, n);
  if (!status) quantum_state_set_product(out, state);
  for (int c = 0; c < 3; c++) fmpq_clear(bloch + c);
  product_state_clear(state);
  return status;
}

/* --- sums of strings ---------------------------------------------------------- */

/* The expression for 2^n rho, identity included. */
static status_t read_pauli(quantum_state_t out, input_t *input, size_t at,
                           size_t end) {
  pauli_sum_t sum;
  ops_env_t env;
  ops_env_init(&env, input, out->num_qubits);
  ops_env_push_si(&env, "qubits", 6, (long)out->num_qubits);
  pauli_sum_init(sum, out->num_qubits);
  at = skip_blanks(input, at, end);
  status_t status = ops_eval_text(sum, &env, at, end);
  ops_env_clear(&env);
  if (!status) {
    fmpq_t trace;
    fmpq_init(trace);
    uint64_t *identity = flint_calloc(2 * sum->num_words + 1, sizeof *identity);
    pauli_sum_coefficient(trace, sum, identity);
    status_t valid = quantum_state_set_pauli(out, sum);
    if (!fmpq_is_one(trace))
      status = input_fail(input, at, "the identity must have the coefficient 1 "
                          "in 2^n rho, so that the state has trace 1");
    else if (valid == STATUS_BAD_INPUT)
      status = input_fail(input, at,
                          "this is no state: it has a negative eigenvalue");
    else if (valid != STATUS_OK)
      status = input_fail(input, at, "it could not be shown that this has no "
                          "negative eigenvalue");
    fmpq_clear(trace);
    flint_free(identity);
  }
  pauli_sum_clear(sum);
  return status;
}

/* --- all kinds ---------------------------------------------------------------- */

static bool word_is(const input_t *input, size_t at, size_t next,
                    const char *word) {
  return next - at == strlen(word) &&
         !memcmp(word, input->text + at, next - at);
}

static status_t read_stabilizer_kind(stabilizer_state_t out, input_t *input,
                                     size_t at, size_t next, size_t end) {
  static const char *const names[] = {"zero", "plus", "ghz", "mixed", "bits",
                                      "stabilizer", NULL};
  size_t which = 0;
  while (names[which] && !word_is(input, at, next, names[which])) which++;
  if (out->num_words * 2 * sizeof(uint64_t) * out->num_qubits > LIMIT_BYTES &&
      which != 3)
    return input_limit(input, at, "a state of %zu qubits is too large",
                       out->num_qubits);
  if (which == 4) return read_bits(out, input, next, end);
  if (which == 5) return read_stabilizers(out, input, next, end);
  if (!names[which])
    return input_fail(input, at, "unknown state '%.*s': use zero, plus, ghz, "
                      "mixed, bits 01.., stabilizer +XX.., product x,y,z .. or "
                      "pauli 1 + X0 ..",
                      next - at > 40 ? 40 : (int)(next - at),
                      input->text + at);
  if (skip_blanks(input, next, end) != end)
    return input_fail(input, skip_blanks(input, next, end),
                      "unexpected text after the state");
  if (which == 0) stabilizer_state_set_zero(out);
  if (which == 1) stabilizer_state_set_plus(out);
  if (which == 2) stabilizer_state_set_ghz(out);
  return STATUS_OK;
}

status_t ops_eval_state(quantum_state_t out, input_t *input, size_t begin,
                        size_t end) {
  size_t at = skip_blanks(input, begin, end), next = skip_word(input, at, end);
  quantum_state_t state;
  quantum_state_init(state, out->num_qubits);
  status_t status =
      word_is(input, at, next, "product")
          ? read_product(state, input, next, end)
      : word_is(input, at, next, "pauli")
          ? read_pauli(state, input, next, end)
          : read_stabilizer_kind(state->as.stabilizer, input, at, next, end);
  if (!status) quantum_state_swap(out, state);
  quantum_state_clear(state);
  return status;
}

status_t state_spec_parse(quantum_state_t out, diagnostic_t diag,
                          const char *label, const char *text,
                          size_t num_qubits) {
  input_t input = {.diag = diag, .file = label, .text = text,
                   .length = strlen(text)};
  status_t status = source_check(diag, label, text, input.length);
  if (status) return status;
  (void)num_qubits;
  return ops_eval_state(out, &input, 0, input.length);
}
