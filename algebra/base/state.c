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

/* --- echelon form --------------------------------------------------------------- */

/* row = +-row other. */
static void multiply(uint64_t *row, bool *negative, const uint64_t *other,
                     bool other_negative, size_t w) {
  unsigned e = pauli_mul(row, row, other, w);
  *negative ^= other_negative ^ (bool)(e >> 1 & 1);
}

bool stabilizer_echelon_reduce(uint64_t *row, bool *negative,
                               const stabilizer_echelon_t echelon) {
  for (size_t i = 0; i < 2 * echelon->num_words; i++)
    for (uint64_t hit = row[i] & echelon->pivots[i]; hit; hit &= hit - 1) {
      size_t r = echelon->row_of[64 * i + (size_t)__builtin_ctzll(hit)];
      multiply(row, negative, stabilizer_echelon_row(echelon, r),
               echelon->signs[r], echelon->num_words);
    }
  return pauli_is_identity(row, echelon->num_words);
}

/* The lowest bit that is set, of those in first when there are any. */
static size_t pivot_of(const uint64_t *row, const uint64_t *first,
                       size_t width) {
  for (size_t i = 0; i < width && first; i++)
    if (row[i] & first[i])
      return 64 * i + (size_t)__builtin_ctzll(row[i] & first[i]);
  size_t i = 0;
  while (!row[i]) i++;
  return 64 * i + (size_t)__builtin_ctzll(row[i]);
}

void stabilizer_echelon_init_empty(stabilizer_echelon_t echelon,
                                   size_t num_words, size_t max_rank) {
  size_t width = 2 * num_words;
  *echelon = (stabilizer_echelon_struct){.num_words = num_words};
  echelon->rows = flint_malloc((max_rank * width + 1) * sizeof(uint64_t));
  echelon->signs = flint_malloc(max_rank + 1);
  echelon->pivots = flint_calloc(width + 1, sizeof *echelon->pivots);
  echelon->used = flint_calloc(width + 1, sizeof *echelon->used);
  echelon->row_of = flint_calloc(64 * width + 1, sizeof *echelon->row_of);
}

void stabilizer_echelon_add(stabilizer_echelon_t echelon,
                            const uint64_t *string, bool negative,
                            const uint64_t *first) {
  size_t w = echelon->num_words, width = 2 * w;
  uint64_t *row = echelon->rows + echelon->rank * width;
  memcpy(row, string, width * sizeof *row);
  bool dependent = stabilizer_echelon_reduce(row, &negative, echelon);
  assert(!dependent);
  (void)dependent;
  size_t bit = pivot_of(row, first, width);
  bool used = echelon->used[bit / 64] >> (bit % 64) & 1;
  for (size_t i = 0; i < width; i++) echelon->used[i] |= row[i];
  for (size_t r = 0; used && r < echelon->rank; r++) {
    uint64_t *other = echelon->rows + r * width;
    bool sign = echelon->signs[r];
    if (!(other[bit / 64] >> (bit % 64) & 1)) continue;
    multiply(other, &sign, row, negative, w);
    echelon->signs[r] = sign;
  }
  echelon->signs[echelon->rank] = negative;
  echelon->pivots[bit / 64] |= UINT64_C(1) << (bit % 64);
  echelon->row_of[bit] = (uint32_t)echelon->rank++;
}

void stabilizer_echelon_init(stabilizer_echelon_t echelon,
                             const stabilizer_state_t state) {
  stabilizer_echelon_init_empty(echelon, state->num_words, state->rank);
  for (size_t j = 0; j < state->rank; j++)
    stabilizer_echelon_add(echelon, stabilizer_state_string(state, j),
                           state->signs[j], NULL);
}

void stabilizer_echelon_clear(stabilizer_echelon_t echelon) {
  flint_free(echelon->rows);
  flint_free(echelon->signs);
  flint_free(echelon->pivots);
  flint_free(echelon->used);
  flint_free(echelon->row_of);
}

int stabilizer_echelon_expectation(const stabilizer_echelon_t echelon,
                                   const uint64_t *string) {
  size_t bytes = 2 * echelon->num_words * sizeof *string;
  uint64_t *row = flint_malloc(bytes + 1);
  bool negative = false;
  memcpy(row, string, bytes);
  /* What reduces to the identity is a product of generators, up to sign; any
     other string anticommutes with one, or is independent of them: 0. */
  bool member = stabilizer_echelon_reduce(row, &negative, echelon);
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
