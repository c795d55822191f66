/* check_seen.h - for `liescape check`: the order of gates, and generators seen through
   fixed gates that stay between others.

   Atoms that anticommute keep their order, all others may be exchanged (a trace, in the
   sense of Cartier and Foata 1969). Nodes, the atoms of one parameter, come together iff
   the relation "an atom of u comes before one of v that it anticommutes with" has no
   cycle. A fixed gate F is an atom of its own, and a later sum H becomes F^dag H F.
   F is left out when it commutes with all fixed gates that can be before it and lies in
   the algebra of single strings that can be before it and commute with those: then it is
   in the group, the Haar measure of which it does not change, and the algebra is the same
   up to a conjugation. The same with "after".
   Nothing of generators/ is used. Layer: algebra, above check_turned. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SEEN_H
#define LIESCAPE_ALGEBRA_CHECK_SEEN_H

#include "algebra/check/check_strings.h"
#include "algebra/check/check_turned.h"

/* exp(-i coeff theta [string]) of one parameter, of a freed gate, or a fixed gate. */
typedef struct {
  size_t parameter, rotation; /* SIZE_MAX: freed or fixed */
  bool times_pi, fixed;
  fmpq_t coeff;
  fmpq_t turns, radians; /* of a fixed one, exp(-i (turns pi + radians) [string] / 2) */
  uint64_t *string;
} check_atom_t;

typedef struct {
  size_t num_words, length, alloc;
  check_atom_t *atoms; /* in order of time */
  size_t *occurrences; /* atoms of each parameter */
} check_atoms_t;

/* Nodes: an atom, or all atoms of a parameter that is not split. */
typedef struct {
  size_t num_nodes, num_fixed;
  size_t *node;     /* of each atom */
  size_t *order;    /* the nodes, once they have come together */
  uint64_t *before; /* words for each node: those that must come after it */
} check_order_t;

void check_order_init(check_order_t *o, const check_atoms_t *list, const bool *split,
                      size_t num_parameters);
void check_order_clear(check_order_t *o);
/* Can all nodes be brought together at once by exchanging atoms that commute, and do the
   atoms of each commute? Sets the order, and what comes before what. */
bool check_order_find(check_order_t *o, const check_atoms_t *list);

/* sums[u] = that of node u (not of fixed ones) over sqrt(roots[u]), through the fixed
   gates before it that are not left out: those go to turns, in order of time, which has
   room for them. False when sums are no rational ones up to a root of 1, 2, 3 or 6, or
   long. */
bool check_seen(pauli_sum_struct *sums, unsigned *roots, check_turns_t *turns,
                const check_order_t *o, const check_atoms_t *list);

#endif
