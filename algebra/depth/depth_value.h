/* depth_value.h - Tr(C rho C^dag Q) for many strings Q. Private.

   A stabilizer state is conjugated once and its generators brought to echelon form
   (state.h). A state of another kind is kept and the string conjugated back instead.

   Layer: algebra, above depth_frame. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_VALUE_H
#define LIESCAPE_ALGEBRA_DEPTH_VALUE_H

#include "algebra/depth/depth_cone.h"
#include "algebra/depth/depth_frame.h"
#include "algebra/depth/depth_limits.h"
#include "algebra/base/depth_number.h"

typedef struct depth_value {
  depth_state_t state;
  struct depth_value *other; /* NULL, or a second input; borrowed */
  size_t num_qubits, num_words;
  stabilizer_echelon_t echelon; /* of a stabilizer state */
  clifford_frame_t inverse; /* other kinds: P -> C^dag P C */
  uint64_t *scratch;      /* 2w words; hence one thread at a time */
} depth_value_struct;
typedef depth_value_struct depth_value_t[1];

void depth_value_init(depth_value_t value, const depth_frame_t frame,
                      depth_state_t state);
void depth_value_clear(depth_value_t value);
void depth_value_get(fmpq_t out, depth_value_t value, const uint64_t *string);

/* local (to be cleared) = the same for the strings of a cone, given on the
   qubits of the cone: the stabilizers that lie in the cone. False, and nothing
   to clear, for other kinds. O(rank^2 w). */
bool depth_value_init_local(depth_value_t local, const depth_value_t value,
                            const depth_cone_t cone);

#endif
