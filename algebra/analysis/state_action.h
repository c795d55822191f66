/* state_action.h - what strings do to a pure stabilizer state.

   P|psi> = i^e P_s|psi>, s the syndrome of P (which stabilizers it anticommutes with) and
   P_s the string that s was seen with first. Vectors P_s|psi> of different s are
   orthonormal, so that everything near |psi> has coordinates over Q(i). Number 0 is |psi>
   itself.

   Layer: above state. */
#ifndef LIESCAPE_STATE_ACTION_H
#define LIESCAPE_STATE_ACTION_H

#include "algebra/base/commutation_table.h"
#include "algebra/base/row_table.h"
#include "algebra/base/state.h"

typedef struct {
  const stabilizer_state_struct *state; /* borrowed, pure */
  stabilizer_echelon_t echelon;
  commutation_table_t generators; /* of the stabilizer group */
  size_t words;                   /* of a syndrome */
  row_table_t table;              /* syndromes */
  uint64_t *first;                /* P_s, by number */
  uint64_t *syndrome, *product;
} state_action_t;

void state_action_init(state_action_t *a, const stabilizer_state_struct *state);
void state_action_clear(state_action_t *a);
/* P|psi> = i^phase P_s|psi>, phase in 0..3; returns the number of s. */
size_t state_action_of(unsigned *phase, state_action_t *a, const uint64_t *string);
/* The same of P P_from|psi>. */
size_t state_action_from(unsigned *phase, state_action_t *a, size_t from,
                         const uint64_t *string);

#endif
