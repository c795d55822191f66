/* reach.h - the strings that the gates of a program make out of some strings.

   In the Heisenberg picture a rotation exp(-i a G/2) maps a string P that
   commutes with G to itself and otherwise
       P -> cos(a) P + sin(a) iGP,     iGP -> cos(a) iGP - sin(a) P:
   a plane rotation of the pair. The strings reached from those of the observables span a
   module: the loss is linear in its vectors, whatever the number of qubits.
   They are listed here by search, one connected class after another, and every
   gate becomes a list of pairs (a, b), the rotation being
       a -> cos a + sin b,   b -> cos b - sin a.
   Basis elements are signed strings: element i is (-1)^negative[i] [string i].
   No algebra is involved but the products of strings.

   Quarter turns. A layer in which every angle is a multiple of pi/2 (turns.h) maps
   each element to another one up to sign. Drives that do not make its cycles
   longer are left at zero: on the modes of free fermions what remains are the edges of
   a tree, and a product of transpositions along a tree is one cycle. Within a class
   elements are numbered along the cycles of that map, with signs such that
   element j of a cycle goes to element j + 1, the last one to the first with
   the sign `twist` of the cycle: many such layers are one shift.

   Layer: numeric; above program. */
#ifndef LIESCAPE_NUMERIC_REACH_H
#define LIESCAPE_NUMERIC_REACH_H

#include "algebra/base/hash.h"
#include "numeric/circuit/program.h"

typedef struct {
  uint32_t a, b;
} reach_pair_t;

typedef struct {
  uint32_t start, length;
  bool twist; /* the sign -1 once around */
} reach_cycle_t;

typedef struct {
  const program_t *program;
  size_t num_words, num_strings;
  uint64_t *strings; /* rows of 2w words */
  uint8_t *negative;
  size_t num_classes, *class_start; /* num_classes + 1 */
  /* The strings started from are U(0)^-1 P U(0): there are no fixed gates. */
  bool moved;
  /* Gates of the layer; then, unless moved, those of the closing list. Pairs of gate g in class c: places[c * (num_gates + 1) + g] to the
     next place. */
  size_t num_gates, *places;
  size_t num_pairs;
  reach_pair_t *pairs;
  hash_table_t numbers; /* by the hash of the string */
  /* Values of the drives at which the gates of the layer make quarter turns, or
     zero; NULL when there are none that fit (then there are no cycles). */
  double *turn_drives;
  size_t num_cycles;
  reach_cycle_t *cycles;
  size_t *class_cycles; /* num_classes + 1: first cycle of each class */
} reach_t;

typedef struct {
  size_t max_strings; /* below 2^31 */
  double max_pairs;
  double max_tests; /* anticommutation tests, one a string and gate */
} reach_limits_t;

/* Starts from the strings of sums[0..num_sums-1], each moved through U(0)
   when that is a Clifford circuit. STATUS_LIMIT beyond the limits, STATUS_UNDECIDED for
   programs with exponentials of sums that do not commute; then nothing is kept. */
status_t reach_init(reach_t *reach, const program_t *program,
                    const pauli_sum_struct *const *sums, size_t num_sums,
                    reach_limits_t limits);
void reach_clear(reach_t *reach);

/* The number of the string, or SIZE_MAX. */
size_t reach_find(const reach_t *reach, const uint64_t *string);
/* The element that a term [string] of the observables starts as, and its sign. */
size_t reach_start(bool *negative, const reach_t *reach,
                   const uint64_t *string);
/* The class of an element. */
size_t reach_class(const reach_t *reach, size_t element);

#endif
