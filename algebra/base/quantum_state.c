#include "algebra/base/quantum_state.h"


void quantum_state_init(quantum_state_t state, size_t num_qubits) {
  state->kind = STATE_STABILIZER;
  state->num_qubits = num_qubits;
  stabilizer_state_init(state->as.stabilizer, num_qubits);
}

void quantum_state_clear(quantum_state_t state) {
  switch (state->kind) {
    case STATE_STABILIZER: stabilizer_state_clear(state->as.stabilizer); break;
    case STATE_PRODUCT: product_state_clear(state->as.product); break;
    case STATE_PAULI: pauli_sum_clear(state->as.pauli); break;
  }
}

void quantum_state_swap(quantum_state_t a, quantum_state_t b) {
  quantum_state_struct t = *a;
  *a = *b;
  *b = t;
}

void quantum_state_set_stabilizer(quantum_state_t out,
                                  const stabilizer_state_t in) {
  quantum_state_t copy;
  quantum_state_init(copy, in->num_qubits);
  stabilizer_state_struct *s = copy->as.stabilizer;
  size_t bytes = 2 * in->num_words * sizeof *in->strings;
  if (in->rank) {
    s->strings = flint_malloc(in->rank * bytes);
    s->signs = flint_malloc(in->rank);
    memcpy(s->strings, in->strings, in->rank * bytes);
    memcpy(s->signs, in->signs, in->rank);
    s->rank = s->alloc = in->rank;
  }
  quantum_state_swap(out, copy);
  quantum_state_clear(copy);
}

/* Letter and sign of a Bloch vector along an axis; 0 for the zero vector;
   false for any other. */
static bool is_axis(unsigned *letter, bool *negative, const fmpq *bloch) {
  static const unsigned letters[3] = {1, 3, 2}; /* X, Y, Z of pauli.h */
  *letter = 0;
  for (size_t c = 0; c < 3; c++) {
    if (fmpq_is_zero(bloch + c)) continue;
    if (*letter || !fmpz_is_one(fmpq_denref(bloch + c)) ||
        !fmpz_is_pm1(fmpq_numref(bloch + c)))
      return false;
    *letter = letters[c];
    *negative = fmpq_sgn(bloch + c) < 0;
  }
  return true;
}

/* Rows are made directly: they commute and are independent. */
static bool set_axes(quantum_state_t out, const product_state_t in) {
  size_t n = in->num_qubits, w = pauli_words(n);
  quantum_state_t state;
  unsigned letter;
  bool negative = false, all = true;
  quantum_state_init(state, n);
  stabilizer_state_struct *s = state->as.stabilizer;
  for (size_t j = 0; j < n && all; j++)
    all = is_axis(&letter, &negative, in->bloch + 3 * j);
  if (all) {
    s->strings = flint_calloc(n * 2 * w + 1, sizeof *s->strings);
    s->signs = flint_malloc(n + 1);
    s->alloc = n;
    for (size_t j = 0; j < n; j++) {
      is_axis(&letter, &negative, in->bloch + 3 * j);
      if (!letter) continue;
      pauli_set(s->strings + s->rank * 2 * w, w, j, letter);
      s->signs[s->rank++] = negative;
    }
    quantum_state_swap(out, state);
  }
  quantum_state_clear(state);
  return all;
}

void quantum_state_set_product(quantum_state_t out, const product_state_t in) {
  if (set_axes(out, in)) return;
  quantum_state_t copy = {{.kind = STATE_PRODUCT, .num_qubits = in->num_qubits}};
  product_state_init(copy->as.product, in->num_qubits);
  for (size_t j = 0; j < 3 * in->num_qubits; j++)
    fmpq_set(copy->as.product->bloch + j, in->bloch + j);
  quantum_state_swap(out, copy);
  quantum_state_clear(copy);
}

/* --- few strings ------------------------------------------------------------- */

void quantum_state_set_positive(quantum_state_t out, const pauli_sum_t in) {
  quantum_state_t copy;
  quantum_state_init(copy, in->num_qubits);
  if (in->length > 1) {
    quantum_state_clear(copy);
    *copy = (quantum_state_struct){.kind = STATE_PAULI,
                                   .num_qubits = in->num_qubits};
    pauli_sum_init(copy->as.pauli, in->num_qubits);
    pauli_sum_set(copy->as.pauli, in);
  }
  quantum_state_swap(out, copy);
  quantum_state_clear(copy);
}

/* --- all kinds ---------------------------------------------------------------- */

void quantum_state_set(quantum_state_t out, const quantum_state_t in) {
  switch (in->kind) {
    case STATE_STABILIZER:
      quantum_state_set_stabilizer(out, in->as.stabilizer);
      break;
    case STATE_PRODUCT: quantum_state_set_product(out, in->as.product); break;
    case STATE_PAULI: quantum_state_set_positive(out, in->as.pauli); break;
  }
}

/* The strings whose letters at `qubit` and above are those of `string`. */
static void expand_from(pauli_sum_t out, const product_state_struct *p,
                        size_t qubit, uint64_t *string, const fmpq_t coeff) {
  static const unsigned letters[3] = {1, 3, 2}; /* X, Y, Z: see pauli_get */
  if (qubit == p->num_qubits) {
    pauli_sum_push(out, coeff, string);
    return;
  }
  expand_from(out, p, qubit + 1, string, coeff);
  fmpq_t next;
  fmpq_init(next);
  for (size_t c = 0; c < 3; c++) {
    if (fmpq_is_zero(p->bloch + 3 * qubit + c)) continue;
    fmpq_mul(next, coeff, p->bloch + 3 * qubit + c);
    pauli_set(string, out->num_words, qubit, letters[c]);
    expand_from(out, p, qubit + 1, string, next);
    pauli_set(string, out->num_words, qubit, 0);
  }
  fmpq_clear(next);
}

bool quantum_state_expand(pauli_sum_t out, const quantum_state_t state,
                          size_t max_terms) {
  size_t terms = 1;
  if (state->kind == STATE_PAULI && state->as.pauli->length <= max_terms) {
    pauli_sum_set(out, state->as.pauli);
    return true;
  }
  if (state->kind != STATE_PRODUCT) return false;
  const product_state_struct *p = state->as.product;
  for (size_t j = 0; j < p->num_qubits && terms <= max_terms; j++) {
    size_t here = 1;
    for (size_t c = 0; c < 3; c++)
      here += !fmpq_is_zero(p->bloch + 3 * j + c);
    terms *= here;
  }
  if (terms > max_terms) return false;
  uint64_t *string = flint_calloc(2 * out->num_words + 1, sizeof *string);
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  expand_from(out, p, 0, string, one);
  pauli_sum_canonicalise(out);
  fmpq_clear(one);
  flint_free(string);
  return true;
}

bool stabilizer_state_expand(pauli_sum_t out, const stabilizer_state_t state,
                             size_t max_terms) {
  size_t w = state->num_words;
  if (state->rank > 62 || (size_t)1 << state->rank > max_terms) return false;
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  fmpq_t c;
  fmpq_init(c);
  for (size_t k = 0; k < (size_t)1 << state->rank; k++) {
    bool minus = false;
    memset(string, 0, 2 * w * sizeof *string);
    for (size_t j = 0; j < state->rank; j++)
      if (k >> j & 1) {
        minus ^= state->signs[j];
        minus ^= pauli_mul(string, string, stabilizer_state_string(state, j), w) == 2;
      }
    fmpq_set_si(c, minus ? -1 : 1, 1);
    pauli_sum_push(out, c, string);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  flint_free(string);
  return true;
}

void quantum_state_expectation(fmpq_t value, const quantum_state_t state,
                               const uint64_t *string) {
  switch (state->kind) {
    case STATE_STABILIZER:
      fmpq_set_si(value,
                  stabilizer_state_expectation(state->as.stabilizer, string),
                  1);
      break;
    case STATE_PRODUCT:
      product_state_expectation(value, state->as.product, string);
      break;
    case STATE_PAULI:
      pauli_sum_coefficient(value, state->as.pauli, string);
      break;
  }
}
