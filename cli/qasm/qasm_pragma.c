/* Pragmas: observables and states, `liescape` and `braket result`.

   Braket observables are words x, y, z, i, h on q[k], joined by @, with
   coefficients in sums. h = (X+Z)/sqrt 2 is not rational: an even number of
   them in every term is, and an odd number in every term is read as sqrt(2)
   times the observable, with a note and a text that say so. */
#include <ctype.h>
#include <stdlib.h>

#include "cli/read/limits.h"
#include "algebra/base/text.h"
#include "cli/read/angle_law.h"
#include "cli/read/noise_spec.h"
#include "cli/read/number.h"
#include "cli/read/ops_eval.h"
#include "cli/qasm/qasm_run.h"

typedef struct {
  qasm_run_t *run;
  ansatz_struct *ansatz;
  size_t at, end; /* what is left of the pragma */
  place_t place;
} cursor_t;

static void skip_blanks(cursor_t *c) {
  while (c->at < c->end && isspace((unsigned char)c->run->input->text[c->at]))
    c->at++;
}

/* Takes the word (letters, digits, _) if it comes next. */
static bool take_word(cursor_t *c, const char *word) {
  size_t n = strlen(word);
  const char *text = c->run->input->text;
  skip_blanks(c);
  if (c->end - c->at < n || memcmp(text + c->at, word, n)) return false;
  if (c->at + n < c->end && (isalnum((unsigned char)text[c->at + n]) ||
                             text[c->at + n] == '_'))
    return false;
  c->at += n;
  return true;
}

static char peek(cursor_t *c) {
  skip_blanks(c);
  return c->at < c->end ? c->run->input->text[c->at] : 0;
}

static bool take(cursor_t *c, char wanted) {
  if (peek(c) != wanted) return false;
  c->at++;
  return true;
}

static bool expect(cursor_t *c, char wanted) {
  if (take(c, wanted)) return true;
  input_fail(c->run->input, c->at, "'%c' is expected here", wanted);
  return false;
}

/* Names of the program that an expression may use: its rational constants. */
static void push_constants(ops_env_t *env, const qasm_run_t *run) {
  fmpq_t value;
  fmpq_init(value);
  ops_env_push_si(env, "qubits", 6, (long)run->num_qubits);
  for (size_t i = 0; i < run->num_bindings; i++) {
    const qasm_binding_t *b = run->bindings[i];
    if (b->kind != QASM_BIND_VALUE || !b->is_set ||
        !qasm_value_is_rational(&b->value))
      continue;
    fmpq_set(value, b->value.num->rad_part);
    ops_env_push(env, b->symbol->name, b->symbol->length, value);
  }
  fmpq_clear(value);
}

static char *text_of(const cursor_t *c, size_t begin, size_t end) {
  const char *text = c->run->input->text;
  while (begin < end && isspace((unsigned char)text[begin])) begin++;
  while (end > begin && isspace((unsigned char)text[end - 1])) end--;
  return text_copy_part(text + begin, end - begin);
}

static bool liescape_observable(cursor_t *c) {
  ops_env_t env;
  pauli_sum_t sum;
  ops_env_init(&env, c->run->input, c->run->num_qubits);
  push_constants(&env, c->run);
  pauli_sum_init(sum, c->run->num_qubits);
  bool ok = ops_eval_text(sum, &env, c->at, c->end) == STATUS_OK;
  if (ok) {
    char *text = text_of(c, c->at, c->end);
    ansatz_add_observable(c->ansatz, sum, text);
    free(text);
  }
  pauli_sum_clear(sum);
  ops_env_clear(&env);
  return ok;
}

static bool liescape_state(cursor_t *c) {
  quantum_state_t state;
  quantum_state_init(state, c->run->num_qubits);
  bool ok = ops_eval_state(state, c->run->input, c->at, c->end) == STATUS_OK;
  if (ok) {
    char *text = text_of(c, c->at, c->end);
    ansatz_add_state(c->ansatz, state, text);
    free(text);
  }
  quantum_state_clear(state);
  return ok;
}

/* --- braket ---------------------------------------------------------------- */

/* Reads an unsigned integer. */
static bool take_integer(cursor_t *c, long *out) {
  const char *text = c->run->input->text;
  long value = 0;
  if (!isdigit((unsigned char)peek(c))) {
    input_fail(c->run->input, c->at, "a number is expected here");
    return false;
  }
  for (; c->at < c->end && isdigit((unsigned char)text[c->at]); c->at++)
    if (value < 1000000000) value = 10 * value + (text[c->at] - '0');
  *out = value;
  return true;
}

/* q[k], q (a single qubit) or $k. */
static bool take_qubit(cursor_t *c, size_t *out) {
  qasm_run_t *run = c->run;
  const char *text = run->input->text;
  long index = 0;
  if (take(c, '$')) {
    size_t at = c->at;
    if (!take_integer(c, &index)) return false;
    if ((size_t)index >= run->num_qubits || !run->has_physical) {
      input_fail(run->input, at, "qubit $%ld does not occur", index);
      return false;
    }
    *out = (size_t)index;
    return true;
  }
  skip_blanks(c);
  size_t begin = c->at;
  while (c->at < c->end && (isalnum((unsigned char)text[c->at]) ||
                            text[c->at] == '_' || (text[c->at] & 0x80)))
    c->at++;
  qasm_symbol_t *symbol = qasm_intern(run->parse, text + begin, c->at - begin);
  const qasm_binding_t *b = qasm_lookup(run, symbol);
  if (!b || b->kind != QASM_BIND_QUBITS) {
    input_fail(run->input, begin, "a qubit of the program is expected here");
    return false;
  }
  if (take(c, '[') && !(take_integer(c, &index) && expect(c, ']')))
    return false;
  if ((size_t)index >= b->count) {
    input_fail(run->input, begin, "index %ld is outside of a register of %zu",
               index, b->count);
    return false;
  }
  *out = b->qubits[index];
  return true;
}

enum { MAX_H = 12 };

/* One term of an observable: the row without its h, and where they are. */
typedef struct {
  uint64_t *row;
  fmpq_t coeff;
  size_t h[MAX_H], num_h;
  bool has_letters;
} term_t;

static bool take_factor(cursor_t *c, term_t *term, char letter) {
  size_t qubit, w = pauli_words(c->run->num_qubits), at = c->at;
  c->at++;
  if (!expect(c, '(') || !take_qubit(c, &qubit) || !expect(c, ')'))
    return false;
  bool taken = pauli_get(term->row, w, qubit) != 0;
  for (size_t i = 0; i < term->num_h; i++) taken |= term->h[i] == qubit;
  if (taken) {
    input_fail(c->run->input, at, "qubit %zu occurs twice in one term", qubit);
    return false;
  }
  term->has_letters = true;
  if (letter == 'h' && term->num_h == MAX_H) {
    input_limit(c->run->input, at, "more than %d Hadamards in one term", MAX_H);
    return false;
  }
  if (letter == 'h') term->h[term->num_h++] = qubit;
  if (letter == 'x') pauli_set(term->row, w, qubit, 1);
  if (letter == 'z') pauli_set(term->row, w, qubit, 2);
  if (letter == 'y') pauli_set(term->row, w, qubit, 3);
  return true;
}

static bool take_term(cursor_t *c, term_t *term) {
  const char *text = c->run->input->text;
  fmpq_t value;
  bool ok = true;
  fmpq_init(value);
  do {
    char next = peek(c);
    if (take(c, '-')) {
      fmpq_neg(term->coeff, term->coeff);
      next = peek(c);
    }
    size_t begin = c->at, n = 0;
    if (isdigit((unsigned char)next) || next == '.') {
      while (begin + n < c->end &&
             (isdigit((unsigned char)text[begin + n]) || text[begin + n] == '.' ||
              ((text[begin + n] | 32) == 'e') ||
              (n && strchr("+-", text[begin + n]) &&
               (text[begin + n - 1] | 32) == 'e')))
        n++;
      c->at += n;
      ok = number_parse(value, c->run->input, begin, text + begin, n) ==
           STATUS_OK;
      fmpq_mul(term->coeff, term->coeff, value);
    } else if (next && strchr("xyzhi", next | 32) &&
               !(begin + 1 < c->end && isalnum((unsigned char)text[begin + 1]))) {
      ok = take_factor(c, term, (char)(next | 32));
    } else {
      input_fail(c->run->input, begin, "only the observables x, y, z, i and h, "
                 "their products and sums are supported here");
      ok = false;
    }
  } while (ok && (take(c, '*') || take(c, '@')));
  if (ok && !term->has_letters) {
    input_fail(c->run->input, c->at, "an observable is expected here");
    ok = false;
  }
  fmpq_clear(value);
  return ok;
}

/* Pushes the term with every h expanded, times 2^(-floor(num_h/2)). */
static void push_term(pauli_sum_t sum, term_t *term) {
  fmpq_div_2exp(term->coeff, term->coeff, term->num_h / 2);
  for (size_t choice = 0; choice < (size_t)1 << term->num_h; choice++) {
    for (size_t i = 0; i < term->num_h; i++)
      pauli_set(term->row, sum->num_words, term->h[i],
                choice >> i & 1 ? 2 : 1);
    pauli_sum_push(sum, term->coeff, term->row);
  }
}

/* x(q[0]) @ y(q[1]) + 2 * z(q[2]); *odd: the sum is sqrt(2) times that. */
static bool take_observable(cursor_t *c, pauli_sum_t sum, bool *odd) {
  size_t w = sum->num_words, count = 0;
  bool negative = take(c, '-'), ok = true;
  do {
    size_t begin = c->at;
    term_t term = {.row = flint_calloc(2 * w + 1, sizeof(uint64_t))};
    fmpq_init(term.coeff);
    fmpq_set_si(term.coeff, negative ? -1 : 1, 1);
    ok = take_term(c, &term);
    if (ok && count++ && (term.num_h & 1) != *odd) {
      input_fail(c->run->input, begin, "h = (X + Z)/sqrt(2): terms with an even "
                 "and with an odd number of h cannot be added exactly");
      ok = false;
    }
    *odd = term.num_h & 1;
    if (ok) push_term(sum, &term);
    flint_free(term.row);
    fmpq_clear(term.coeff);
    if (!ok) return false;
    negative = peek(c) == '-';
  } while (take(c, '+') || take(c, '-'));
  pauli_sum_canonicalise(sum);
  return true;
}

static void add_braket(cursor_t *c, const pauli_sum_t sum, bool odd,
                       size_t begin) {
  char *text = text_of(c, begin, c->at);
  if (odd) {
    char *scaled = text_print("sqrt(2) * (%s)", text);
    ansatz_add_note(c->ansatz, "line %ld: the observable has an odd number of "
                    "h = (X + Z)/sqrt(2); it is read as %s, so that means are "
                    "sqrt(2) times and variances twice its own", c->place.line,
                    scaled);
    free(text);
    text = scaled;
  }
  ansatz_add_observable(c->ansatz, sum, text);
  free(text);
}

/* `x all` or `x`: one observable for each qubit. */
static bool observables_everywhere(cursor_t *c, size_t begin, char letter) {
  size_t n = c->run->num_qubits, w = pauli_words(n);
  if (n > 4096) {
    input_limit(c->run->input, begin, "an observable for each of %zu qubits", n);
    return false;
  }
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  pauli_sum_t sum;
  fmpq_t one;
  pauli_sum_init(sum, n);
  fmpq_init(one);
  fmpq_one(one);
  for (size_t j = 0; j < n; j++) {
    unsigned code = letter == 'x' ? 1 : letter == 'z' ? 2 : 3;
    pauli_sum_zero(sum);
    pauli_set(row, w, j, code);
    pauli_sum_push(sum, one, row);
    pauli_set(row, w, j, 0);
    char *text = pauli_sum_get_str(sum);
    ansatz_add_observable(c->ansatz, sum, text);
    free(text);
  }
  pauli_sum_clear(sum);
  fmpq_clear(one);
  flint_free(row);
  return true;
}

static bool braket_expectation(cursor_t *c, bool in_gradient) {
  size_t begin = c->at;
  char letter = peek(c);
  if (in_gradient && !expect(c, '(')) return false;
  if (in_gradient) begin = c->at;
  cursor_t rest = *c;
  if (!in_gradient && letter && strchr("xyz", letter)) {
    rest.at++;
    if (peek(&rest) == 0 || take_word(&rest, "all")) {
      c->at = rest.end;
      return observables_everywhere(c, begin, letter);
    }
  }
  pauli_sum_t sum;
  bool odd = false;
  pauli_sum_init(sum, c->run->num_qubits);
  bool ok = take_observable(c, sum, &odd);
  if (ok) add_braket(c, sum, odd, begin);
  pauli_sum_clear(sum);
  if (!ok) return false;
  if (in_gradient) return expect(c, ')');
  if (!peek(c)) return true;
  input_fail(c->run->input, c->at, "unexpected text after the observable");
  return false;
}

static bool braket_result(cursor_t *c) {
  if (take_word(c, "expectation")) return braket_expectation(c, false);
  if (take_word(c, "adjoint_gradient")) {
    if (take_word(c, "expectation")) return braket_expectation(c, true);
    input_fail(c->run->input, c->at, "`expectation(...)` is expected here");
    return false;
  }
  ansatz_add_note(c->ansatz, "line %ld: a result that is no expectation value "
                  "is ignored", c->place.line);
  return true;
}

static bool read_pragma(cursor_t *c) {
  take(c, '#');
  take_word(c, "pragma");
  if (take_word(c, "liescape")) {
    if (take_word(c, "observable")) return liescape_observable(c);
    if (take_word(c, "state")) return liescape_state(c);
    if (take_word(c, "angles"))
      return angle_law_read(c->ansatz, c->run->input, c->at, c->end) ==
             STATUS_OK;
    if (take_word(c, "noise"))
      return noise_spec_read(c->ansatz, c->run->input, c->at, c->end) ==
             STATUS_OK;
    skip_blanks(c);
    input_fail(c->run->input, c->at,
               "`observable`, `state`, `angles` or `noise` must follow `#pragma liescape`");
    return false;
  }
  if (take_word(c, "braket")) {
    if (take_word(c, "result")) return braket_result(c);
    if (take_word(c, "verbatim")) return true;
    if (take_word(c, "noise") || take_word(c, "unitary")) {
      input_fail(c->run->input, c->place.begin,
                 "noise channels and numeric unitaries are not supported");
      return false;
    }
  }
  ansatz_add_note(c->ansatz, "line %ld: an unknown pragma is ignored",
                  c->place.line);
  return true;
}

bool qasm_read_pragmas(ansatz_t ansatz, qasm_run_t *run) {
  for (size_t i = 0; i < run->num_pragmas; i++) {
    place_t place = run->pragmas[i]->place;
    cursor_t c = {.run = run, .ansatz = ansatz, .at = place.begin,
                  .end = place.end, .place = place};
    while (c.end > c.at && isspace((unsigned char)run->input->text[c.end - 1]))
      c.end--;
    if (!read_pragma(&c)) return false;
  }
  return true;
}
