/* state.h - stabilizer states, pure or mixed.

   rho = 2^-n  prod_j (1 + s_j g_j)  over `rank` independent commuting strings
   g_j with signs s_j = +-1: pure when rank = n, the maximally mixed state
   when rank = 0. The stabilizer group S is what the signed g_j generate, and
   Tr(rho P) = +-1 when +-P lies in S, else 0.

   Layer: above pauli. Exact. */
#ifndef LIESCAPE_STATE_H
#define LIESCAPE_STATE_H

#include "algebra/base/pauli.h"
#include "algebra/base/status.h"

typedef struct {
  size_t num_qubits;
  size_t num_words; /* w of pauli.h */
  size_t rank;      /* number of generators, at most num_qubits */
  size_t alloc;
  uint64_t *strings; /* rank rows of 2w words */
  uint8_t *signs;    /* rank entries, 1 means the sign is -1 */
} stabilizer_state_struct;

typedef stabilizer_state_struct stabilizer_state_t[1];

/* The maximally mixed state. */
void stabilizer_state_init(stabilizer_state_t state, size_t num_qubits);
void stabilizer_state_clear(stabilizer_state_t state);

static inline const uint64_t *
stabilizer_state_string(const stabilizer_state_struct *state, size_t j) {
  return state->strings + j * 2 * state->num_words;
}

/* Adds the signed string as one more stabilizer. STATUS_BAD_INPUT, and no
   change, when it anticommutes with one that is there or contradicts or
   repeats their products (so that the generators stay independent).
   Cost O(rank^2 w) at worst. */
status_t stabilizer_state_add(stabilizer_state_t state, const uint64_t *string,
                              bool negative);

/* Standard states; state must be freshly initialised. bits[j] is '0' or '1'
   for qubit j. ghz is (|0...0> + |1...1>)/sqrt 2. */
void stabilizer_state_set_zero(stabilizer_state_t state);
void stabilizer_state_set_plus(stabilizer_state_t state);
void stabilizer_state_set_bits(stabilizer_state_t state, const char *bits);
void stabilizer_state_set_ghz(stabilizer_state_t state);

/* A group of commuting signed strings in reduced echelon form, for many questions: a
   string costs as many row operations as it has pivots. The one signed elimination. */
typedef struct {
  size_t num_words;
  size_t rank;
  uint64_t *rows; /* rank rows of 2w words */
  uint8_t *signs;
  uint64_t *pivots; /* bits that stand in one row only: 2w words */
  uint64_t *used;   /* bits that stand in any row, and perhaps others */
  uint32_t *row_of; /* of each such bit */
} stabilizer_echelon_struct;
typedef stabilizer_echelon_struct stabilizer_echelon_t[1];

/* O(rank^2 w). */
void stabilizer_echelon_init(stabilizer_echelon_t echelon,
                             const stabilizer_state_t state);
/* Of no strings yet, with room for max_rank. */
void stabilizer_echelon_init_empty(stabilizer_echelon_t echelon,
                                   size_t num_words, size_t max_rank);
void stabilizer_echelon_clear(stabilizer_echelon_t echelon);
/* One more string, independent of those there and commuting with them. Its pivot is
   one of the bits of first, when it has any there and first is not NULL; thus rows
   whose pivot is not span what is zero on first. */
void stabilizer_echelon_add(stabilizer_echelon_t echelon,
                            const uint64_t *string, bool negative,
                            const uint64_t *first);
static inline const uint64_t *
stabilizer_echelon_row(const stabilizer_echelon_struct *echelon, size_t j) {
  return echelon->rows + j * 2 * echelon->num_words;
}
/* row becomes what is left of it, *negative flips with the sign of the factor taken
   out. Whether nothing is left: row was a product, up to sign. */
bool stabilizer_echelon_reduce(uint64_t *row, bool *negative,
                               const stabilizer_echelon_t echelon);
/* Tr(rho P): +1, -1 or 0. */
int stabilizer_echelon_expectation(const stabilizer_echelon_t echelon,
                                   const uint64_t *string);

/* The same without preparation, O(rank^2 w). */
int stabilizer_state_expectation(const stabilizer_state_t state,
                                 const uint64_t *string);

#endif
