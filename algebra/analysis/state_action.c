#include "algebra/analysis/state_action.h"

#include <string.h>

#include "algebra/base/flint_compat.h"

void state_action_init(state_action_t *a, const stabilizer_state_struct *state) {
  size_t width = 2 * state->num_words;
  unsigned phase;
  *a = (state_action_t){.state = state, .words = state->rank / 64 + 1};
  stabilizer_echelon_init(a->echelon, state);
  commutation_table_init_strings(a->generators, state->num_qubits, state->strings,
                                 state->rank);
  row_table_init(a->table, a->words);
  a->syndrome = flint_malloc(a->words * sizeof *a->syndrome);
  a->product = flint_malloc((width + 1) * sizeof *a->product);
  uint64_t *identity = flint_calloc(width + 1, sizeof *identity);
  state_action_of(&phase, a, identity);
  flint_free(identity);
}

void state_action_clear(state_action_t *a) {
  stabilizer_echelon_clear(a->echelon);
  commutation_table_clear(a->generators);
  row_table_clear(a->table);
  flint_free(a->first);
  flint_free(a->syndrome);
  flint_free(a->product);
}

size_t state_action_of(unsigned *phase, state_action_t *a, const uint64_t *string) {
  size_t w = a->state->num_words, width = 2 * w;
  bool is_new;
  *phase = 0;
  memset(a->syndrome, 0, a->words * sizeof *a->syndrome);
  commutation_table_query(a->syndrome, a->generators, string);
  size_t at = row_table_add(a->table, a->syndrome, &is_new);
  if (is_new) {
    a->first = flint_realloc(a->first, (at + 1) * width * sizeof *a->first);
    memcpy(a->first + at * width, string, width * sizeof *string);
    return at;
  }
  *phase = pauli_mul(a->product, a->first + at * width, string, w);
  if (stabilizer_echelon_expectation(a->echelon, a->product) < 0) *phase += 2;
  *phase %= 4;
  return at;
}

size_t state_action_from(unsigned *phase, state_action_t *a, size_t from,
                         const uint64_t *string) {
  size_t w = a->state->num_words;
  uint64_t *whole = flint_malloc((2 * w + 1) * sizeof *whole);
  unsigned turn = pauli_mul(whole, string, a->first + from * 2 * w, w);
  size_t at = state_action_of(phase, a, whole);
  *phase = (*phase + turn) % 4;
  flint_free(whole);
  return at;
}
