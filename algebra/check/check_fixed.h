/* check_fixed.h - for `liescape check`: fixed gates that a certificate does not free.

   Gates that anticommute keep their order, all others may be exchanged (a trace, in
   the sense of Cartier and Foata 1969). So a fixed gate without an earlier gate that
   anticommutes with it acts on the input only, one without a later such gate on the
   observable; two about one string merge when no gate between them anticommutes
   with them, and likewise one with a gate whose parameter occurs nowhere else, the
   angle of which it shifts. What none of this removes stays between (check_seen.h).
   Nothing of generators/ is used. Layer: algebra, below check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_FIXED_H
#define LIESCAPE_ALGEBRA_CHECK_FIXED_H

#include "algebra/base/ansatz.h"

typedef enum { CHECK_GATE_FREE, CHECK_GATE_OWN, CHECK_GATE_FIXED } check_gate_kind_t;

typedef struct {
  check_gate_kind_t kind; /* OWN: driven by a parameter that occurs once */
  const uint64_t *string;
  bool negative;
  const angle_struct *angle; /* FIXED: its constant part, about +-string */
  size_t rotation;
} check_gate_t;

typedef struct {
  size_t num_left;             /* fixed gates that stay between, */
  bool *left;                  /* and which gates they are */
  size_t num_first, *first;    /* those that act on the input, in order of time */
  size_t num_last, *last;      /* on the observable, the last one first */
  fmpq *turns, *radians;       /* angles about the string without its sign */
  size_t *into;                /* with which gate one has merged, or SIZE_MAX */
  size_t clifford;             /* one that has become a Clifford gate, or SIZE_MAX */
  size_t num_gates;
} check_fixed_t;

/* gates in time order. Gives up on long lists, with all gates left. */
void check_fixed_init(check_fixed_t *out, const check_gate_t *gates,
                      size_t num_gates, size_t num_words);
void check_fixed_clear(check_fixed_t *fixed);

#endif
