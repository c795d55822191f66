/* witness.h - what lets others prove a large component without the search that
   found it: for free fermions the two modes of each generator; otherwise a
   few connected generators that are not of free-fermion type, which
   already generate a full algebra (so does then the whole component; see
   check_witness.c for the argument).

   Layer: algebra, above string_algebra. Private. */
#ifndef LIESCAPE_ALGEBRA_WITNESS_H
#define LIESCAPE_ALGEBRA_WITNESS_H

#include "algebra/strings/string_algebra.h"

/* Components whose span is of higher dimension come with a witness. */
enum { WITNESS_MIN_SPAN = 16 };

typedef struct {
  size_t num_members;
  size_t *members;  /* generators of the component, in the order of pauli_cmp */
  uint32_t *labels; /* two modes for each member, ascending, or NULL */
  size_t num_seed;
  size_t *seed; /* positions in members, ascending, or NULL */
} component_witness_struct;
typedef component_witness_struct component_witness_t[1];

void component_witness_init(component_witness_t out, const string_algebra_t g,
                            size_t component);
void component_witness_clear(component_witness_t witness);

/* Of every component that is large: entry i of component i; of others large[i] is false and
   the entry is not set. All zero: of none. */
typedef struct {
  size_t length;
  bool any;
  bool *large;
  component_witness_struct *list;
} component_witnesses_struct;
typedef component_witnesses_struct component_witnesses_t[1];

void component_witnesses_init(component_witnesses_t out, const string_algebra_t g);
void component_witnesses_clear(component_witnesses_t witnesses);

#endif
