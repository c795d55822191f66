/* string_counts.h - the orbits that the terms of an observable lie in, and how
   much of each a stabilizer group covers. Private to algebra/.

   Layer: above string_orbit. */
#ifndef LIESCAPE_ALGEBRA_STRING_COUNTS_H
#define LIESCAPE_ALGEBRA_STRING_COUNTS_H

#include "algebra/base/pauli_sum.h"
#include "algebra/strings/string_orbit.h"

/* What is computed once per distinct set of active components. */
typedef struct {
  size_t num_active;
  size_t *active;
  string_section_t *section; /* NULL: too large */
} section_entry_t;

/* What is computed once per orbit that O meets. */
typedef struct {
  string_action_t action;
  size_t section;
  status_t status; /* of ratio */
  fmpq_t ratio;    /* N / |C|, N strings of the orbit C in the group, signs
                      dropped */
} orbit_entry_t;

typedef struct {
  const string_algebra_struct *g;
  const pauli_sum_struct *observable;
  const stabilizer_state_struct *state;
  size_t num_sections;
  section_entry_t *sections;
  size_t num_orbits;
  orbit_entry_t *orbits;
  size_t *orbit_of; /* per term; SIZE_MAX: fixed */
} string_counts_struct;
typedef string_counts_struct string_counts_t[1];

/* Borrows what it is given. The numbers of the orbits are in the order of the
   terms, whatever the state. */
void string_counts_init(string_counts_t counts, const string_algebra_t g,
                        const pauli_sum_t observable,
                        const stabilizer_state_t state);
void string_counts_clear(string_counts_t counts);

/* The terms sorted by their commutation with V: two terms differ by a string
   that commutes with all generators if and only if they have the same key. */
typedef struct {
  const pauli_sum_struct *observable;
  size_t key_words;
  uint64_t *keys;
  size_t *order;
} string_keys_struct;
typedef string_keys_struct string_keys_t[1];

void string_keys_init(string_keys_t keys, const string_algebra_t g,
                      const pauli_sum_t observable);
void string_keys_clear(string_keys_t keys);
/* One past the last of the terms order[first], order[first + 1], ... with the
   same key. */
size_t string_keys_end(const string_keys_t keys, size_t first);

#endif
