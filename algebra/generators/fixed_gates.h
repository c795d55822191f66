/* fixed_gates.h - fixed rotations that are no Clifford gates, and where they go.

   A circuit seen through its Cliffords is a list of gates exp(-i a P / 2) in time
   order, some with parameters, some fixed. What changes neither the circuit nor
   more than the input and the observable:
     - fixed gates about one string that come together merge, and cancel or become
       a Clifford gate, which goes through all that is later;
     - one that meets a gate about its string whose angle has a parameter of its
       own only shifts that angle;
     - one that commutes with all that is later and with the observables does nothing;
     - one that can be moved to the beginning (leading) or end (trailing) belongs
       into the state or the observable.
   What is left is between: the gates after it are seen through it, as sums.
   Private to algebra/. Layer: above pauli_sum. */
#ifndef LIESCAPE_ALGEBRA_FIXED_GATES_H
#define LIESCAPE_ALGEBRA_FIXED_GATES_H

#include "algebra/base/pauli_sum.h"

typedef enum {
  FIXED_BETWEEN,
  FIXED_LEADING,
  FIXED_TRAILING,
  FIXED_GONE /* merged, cancelled, a shift, or without effect */
} fixed_place_t;

typedef struct {
  size_t rotation; /* whose string this is about */
  bool is_fixed;
  bool absorbs; /* not fixed: has a parameter that occurs nowhere else */
  /* When is_fixed: exp(-i (pi_part pi + rad_part) [string] / 2). */
  fixed_place_t place;
  fmpq_t pi_part, rad_part;
  size_t next; /* another that was merged into this one, SIZE_MAX: none */
} fixed_entry_struct;

typedef struct {
  size_t num_words;
  uint64_t *strings; /* row of each rotation, and its sign: */
  bool *negative;
  size_t num_entries, alloc;
  fixed_entry_struct *entries; /* in time order */
  size_t num_fixed;
} fixed_gates_struct;
typedef fixed_gates_struct fixed_gates_t[1];

static inline const uint64_t *
fixed_gates_string(const fixed_gates_struct *gates, size_t entry) {
  return gates->strings +
         gates->entries[entry].rotation * 2 * gates->num_words;
}

/* strings and negative are borrowed; they change as Cliffords go through. */
void fixed_gates_init(fixed_gates_t gates, size_t num_words, uint64_t *strings,
                      bool *negative);
void fixed_gates_clear(fixed_gates_t gates);
void fixed_gates_add(fixed_gates_t gates, size_t rotation, bool absorbs);
/* The angle is that about the string without its sign. */
void fixed_gates_add_fixed(fixed_gates_t gates, size_t rotation,
                           const fmpq_t pi_part, const fmpq_t rad_part);
/* Sets the places; observables are moved through the Cliffords that arise. Stops
   early, with fewer gates moved, when it takes long. */
void fixed_gates_place(fixed_gates_t gates, pauli_sum_struct *observables,
                       size_t num_observables);
/* The angle in units of pi/12, when it is a multiple of that. */
bool fixed_gates_twelfths(long *twelfths, const fixed_entry_struct *entry);

/* Does the string lie in the Lie algebra that the strings generate? A "no" may
   only mean that it takes long. */
bool fixed_gates_reaches(const uint64_t *string, const uint64_t *const *strings,
                         size_t num_strings, size_t num_words);

#endif
