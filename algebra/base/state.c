#include "algebra/base/state.h"

#include <assert.h>
#include <flint/flint.h>

void stabilizer_state_init(stabilizer_state_t state, size_t num_qubits) {
  *state = (stabilizer_state_struct){.num_qubits = num_qubits,
                                     .num_words = pauli_words(num_qubits)};
}

void stabilizer_state_clear(stabilizer_state_t state) {
  flint_free(state->strings);
  flint_free(state->signs);
  stabilizer_state_init(state, state->num_qubits);
}

static void push(stabilizer_state_t state, const uint64_t *string,
                 bool negative) {
  size_t width = 2 * state->num_words;
  if (state->rank == state->alloc) {
    state->alloc = state->alloc ? 2 * state->alloc : 16;
    state->strings = flint_realloc(state->strings,
                                   state->alloc * width * sizeof *string);
    state->signs = flint_realloc(state->signs, state->alloc);
  }
  memcpy(state->strings + state->rank * width, string, width * sizeof *string);
  state->signs[state->rank++] = negative;
}

/* Position of the lowest set bit of a row of `width` words, or -1. */
static long lowest_bit(const uint64_t *row, size_t width) {
  for (size_t i = 0; i < width; i++)
    if (row[i]) return (long)(64 * i + (size_t)__builtin_ctzll(row[i]));
  return -1;
}

/* Reduces row by the first `rank` echelon rows; *negative flips with the sign
   of the factor that is taken out. Returns whether row is then the identity. */
static bool reduce(uint64_t *row, bool *negative,
                   const stabilizer_echelon_t echelon) {
  size_t w = echelon->num_words, width = 2 * w;
  for (size_t i = 0; i < echelon->rank; i++) {
    uint32_t pivot = echelon->pivots[i];
    if (!(row[pivot / 64] >> (pivot % 64) & 1)) continue;
    unsigned e = pauli_mul(row, row, echelon->rows + i * width, w);
    *negative ^= echelon->signs[i] ^ (bool)(e >> 1);
  }
  return pauli_is_identity(row, w);
}

void stabilizer_echelon_init(stabilizer_echelon_t echelon,
                             const stabilizer_state_t state) {
  size_t width = 2 * state->num_words;
  echelon->num_words = state->num_words;
  echelon->rank = 0;
  echelon->rows =
      flint_malloc((state->rank + 1) * width * sizeof *echelon->rows);
  echelon->signs = flint_malloc(state->rank + 1);
  echelon->pivots =
      flint_malloc((state->rank + 1) * sizeof *echelon->pivots);
  for (size_t j = 0; j < state->rank; j++) {
    uint64_t *row = echelon->rows + j * width;
    bool negative = state->signs[j];
    memcpy(row, stabilizer_state_string(state, j), width * sizeof *row);
    bool dependent = reduce(row, &negative, echelon);
    assert(!dependent);
    (void)dependent;
    echelon->signs[j] = negative;
    echelon->pivots[j] = (uint32_t)lowest_bit(row, width);
    echelon->rank++;
  }
}

void stabilizer_echelon_clear(stabilizer_echelon_t echelon) {
  flint_free(echelon->rows);
  flint_free(echelon->signs);
  flint_free(echelon->pivots);
}

int stabilizer_echelon_expectation(const stabilizer_echelon_t echelon,
                                   const uint64_t *string) {
  size_t bytes = 2 * echelon->num_words * sizeof *string;
  uint64_t *row = flint_malloc(bytes + 1);
  bool negative = false;
  memcpy(row, string, bytes);
  /* What reduces to the identity is a product of generators, up to sign; any
     other string anticommutes with one, or is independent of them: 0. */
  bool member = reduce(row, &negative, echelon);
  flint_free(row);
  return member ? (negative ? -1 : 1) : 0;
}

status_t stabilizer_state_add(stabilizer_state_t state, const uint64_t *string,
                              bool negative) {
  for (size_t j = 0; j < state->rank; j++)
    if (pauli_anticommute(string, stabilizer_state_string(state, j),
                          state->num_words))
      return STATUS_BAD_INPUT;
  if (stabilizer_state_expectation(state, string) ||
      pauli_is_identity(string, state->num_words))
    return STATUS_BAD_INPUT;
  push(state, string, negative);
  return STATUS_OK;
}

/* Pushes the string with `letter` on qubit j and, when other != j, on
   qubit `other` too. Independence is the caller's business. */
static void push_letters(stabilizer_state_t state, size_t j, size_t other,
                         unsigned letter, bool negative) {
  size_t w = state->num_words;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  pauli_set(row, w, j, letter);
  pauli_set(row, w, other, letter);
  push(state, row, negative);
  flint_free(row);
}

void stabilizer_state_set_zero(stabilizer_state_t state) {
  for (size_t j = 0; j < state->num_qubits; j++)
    push_letters(state, j, j, 2, false);
}

void stabilizer_state_set_plus(stabilizer_state_t state) {
  for (size_t j = 0; j < state->num_qubits; j++)
    push_letters(state, j, j, 1, false);
}

void stabilizer_state_set_bits(stabilizer_state_t state, const char *bits) {
  for (size_t j = 0; j < state->num_qubits; j++)
    push_letters(state, j, j, 2, bits[j] == '1');
}

void stabilizer_state_set_ghz(stabilizer_state_t state) {
  size_t n = state->num_qubits, w = state->num_words;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  for (size_t j = 0; j < n; j++) pauli_set(row, w, j, 1);
  push(state, row, false);
  flint_free(row);
  for (size_t j = 0; j + 1 < n; j++) push_letters(state, j, j + 1, 2, false);
}

int stabilizer_state_expectation(const stabilizer_state_t state,
                                 const uint64_t *string) {
  stabilizer_echelon_t echelon;
  stabilizer_echelon_init(echelon, state);
  int value = stabilizer_echelon_expectation(echelon, string);
  stabilizer_echelon_clear(echelon);
  return value;
}
