/* circuit_gates.h - a circuit as a sequence of atoms while its generators are found.
   Private to generators.c, merge_gates.c and seen_gates.c. Layer: above fixed_gates. */
#ifndef LIESCAPE_ALGEBRA_CIRCUIT_GATES_H
#define LIESCAPE_ALGEBRA_CIRCUIT_GATES_H

#include "algebra/base/ansatz.h"
#include "algebra/generators/fixed_gates.h"

/* The parameter of a fixed gate: GENERATOR_FIXED of generators.h. */
#define ATOM_FIXED SIZE_MAX

/* exp(-i theta_parameter coeff [string]), coeff already halved and signed. */
typedef struct {
  size_t parameter; /* or ATOM_FIXED */
  size_t rotation;
  bool times_pi;
  fmpq_t coeff;
  const uint64_t *string;
  size_t entry; /* of a fixed gate */
} atom_t;

typedef struct {
  const ansatz_struct *ansatz;
  size_t num_words;
  uint64_t *strings; /* one per rotation */
  size_t num_atoms, alloc;
  atom_t *atoms;
  bool *negative;   /* and its sign */
  fmpq *pi_parts, *rad_parts; /* constants of the angles, see angle_shifts.h */
  size_t *num_of_parameter; /* atoms per parameter */
  bool *split;              /* per parameter */
  fixed_gates_t fixed;
  bool free_all; /* fixed gates are treated as free wherever they are, or: */
  bool free_between; /* those that stay between */
} gates_t;

/* The circuit as a sequence of items; an item is one atom or, once a
   parameter has been merged, all its atoms. */
typedef struct {
  size_t num_atoms;
  size_t *atoms;
  size_t parameter;
} item_t;

typedef struct {
  size_t num_items;
  item_t *items;
} sequence_t;

/* The atoms of every parameter that is not split brought together, where the gates
   between them allow it; gates->split says of which parameters they do not.
   O(atoms + the lengths between first and last gates of the parameters), times what
   stands there and commutes with nothing. */
void sequence_init_merged(sequence_t *seq, gates_t *gates);
void sequence_clear(sequence_t *seq);

/* The generators of all items as sums; what is fixed and not left out is in
   before, in time order. */
typedef struct {
  pauli_sum_struct *sums;
  unsigned *roots;
  size_t *before, num_before;
} seen_t;

/* sum = that of the item, without what is fixed. */
void item_sum(pauli_sum_t sum, const gates_t *gates, const item_t *item);
/* False when that is not possible: the sums are then those of the items as they
   are, as if the fixed gates were free. */
bool seen_init(seen_t *seen, const sequence_t *seq, const gates_t *gates);
void seen_clear(seen_t *seen, size_t num_items);
#endif
