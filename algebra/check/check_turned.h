/* check_turned.h - for `liescape check`: observables and states behind fixed rotations.

   exp(-i a P / 2) turns a string Q that anticommutes with P into
       F^dag Q F = cos a Q + sin a (i P Q),
   and the Bloch vector r of one qubit about the axis k into
       r cos a + (k x r) sin a + k (k.r) (1 - cos a)       (O. Rodrigues 1840).
   A gate about a product of letters turns one qubit only when the others are in
   eigenstates of theirs; states that are no products are written out as sums.
   Coefficients are exact where all angles that matter are rational multiples of pi, see
   check_circle.h. Those that are irrational in the end are approximated by rational
   numbers; error bounds what that changes. Nothing of generators/ is used.
   Layer: algebra, below check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_TURNED_H
#define LIESCAPE_ALGEBRA_CHECK_TURNED_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

/* exp(-i (turns pi + radians) [string] / 2), one after the other in time. */
typedef struct {
  size_t length, room;
  const uint64_t **strings;
  fmpq *turns, *radians;
} check_turns_t;

void check_turns_init(check_turns_t *turns, size_t room);
void check_turns_clear(check_turns_t *turns);
void check_turns_add(check_turns_t *list, const uint64_t *string, const fmpq_t turns,
                     const fmpq_t radians);

/* May the gates change it? No: they are about stabilizers of the state, or commute with
   the sum. */
bool check_turns_state(const quantum_state_t state, const check_turns_t *gates);
bool check_turns_sum(const pauli_sum_t sum, const check_turns_t *gates);
/* sum = F^dag sum F; error in operator norm. False, and no change, when it gets too
   many terms. */
bool check_turned_sum(pauli_sum_t sum, fmpq_t error, const check_turns_t *gates);
/* sqrt(*root) sum = F^dag sum F, exactly, *root one of 1, 2, 3, 6. False, and sum undefined,
   when that is no such number times a rational sum, or too long. */
bool check_turned_surd(pauli_sum_t sum, unsigned *root, const check_turns_t *gates);
/* out (initialised) = F in F^dag; error in trace norm. False, out then undefined, when
   it has too many terms. */
bool check_turned_state(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                        const check_turns_t *gates);

#endif
